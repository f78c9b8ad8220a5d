//! The workload: which keys there are and what each block writes, the same in every process.
//!
//! Row `i` of the state and the updates of block `b` are functions of their numbers alone, so
//! nothing is stored, and contestants in different processes see the same bytes.

use super::contestants::{Key, UPDATES, Value};
use std::collections::BTreeSet;

/// How many keys a contract has.
const CONTRACT_KEYS: u64 = 1024;
/// The first byte of a storage key, as in the store of the runtime.
const STORAGE_TAG: u8 = 2;

/// What a stream of pseudo-random numbers is for: streams of different purposes are unrelated.
#[derive(Clone, Copy)]
enum Purpose {
    Contract = 1,
    Key,
    Value,
    Block,
}

/// SplitMix64 (Steele, Lea and Flood 2014): good enough to spread keys, and four lines.
struct Random(u64);

impl Random {
    fn new(purpose: Purpose, first: u64, second: u64) -> Self {
        let mut random = Self(purpose as u64);
        random.0 ^= random.next() ^ first;
        random.0 ^= random.next() ^ second;
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The key of row `index` of `keys`: tag, contract and storage key, spread like hashes.
fn key(index: u64, keys: u64) -> Key {
    let mut key = [0; size_of::<Key>()];
    key[0] = STORAGE_TAG;
    let contract = index % keys.div_ceil(CONTRACT_KEYS);
    Random::new(Purpose::Contract, contract, 0).fill(&mut key[1..33]);
    Random::new(Purpose::Key, index, 0).fill(&mut key[33..]);
    key
}

/// The value of row `index` after block `block`; block 0 is the state that was loaded.
fn value(index: u64, block: u64) -> Value {
    let mut value = [0; size_of::<Value>()];
    Random::new(Purpose::Value, index, block).fill(&mut value);
    value
}

/// The state that contestants load, in no order, neither of keys nor of contracts.
pub(crate) fn rows(keys: u64) -> impl Iterator<Item = (Key, Value)> {
    (0..keys).map(move |index| (key(index, keys), value(index, 0)))
}

/// The updates of block `block` (from 1): existing rows, no row twice, in no order.
pub(crate) fn updates(keys: u64, block: u64) -> Vec<(Key, Value)> {
    let mut random = Random::new(Purpose::Block, block, keys);
    let mut seen = BTreeSet::new();
    let mut updates = Vec::with_capacity(UPDATES);
    while updates.len() < UPDATES {
        let index = random.next() % keys;
        if seen.insert(index) {
            updates.push((key(index, keys), value(index, block)));
        }
    }
    updates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_repeat_and_differ() {
        assert_eq!(updates(5000, 3), updates(5000, 3));
        assert_ne!(updates(5000, 3), updates(5000, 4));
    }

    #[test]
    fn updates_are_of_existing_rows() {
        let keys: BTreeSet<Key> = rows(2000).map(|row| row.0).collect();
        assert_eq!(keys.len(), 2000);
        assert!(updates(2000, 1).iter().all(|update| keys.contains(&update.0)));
    }
}
