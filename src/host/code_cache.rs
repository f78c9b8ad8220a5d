//! Translated code that is at hand. What it holds saves time and changes nothing else.
//!
//! A cache belongs to one machine, and so to one engine, its limits and its prices: the hash of the
//! code is key enough. Where rules change, the machine is made anew.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use hashbrown::HashMap;

use super::machine::Contract;
use crate::primitives::Hash;

/// Contracts by the hash of their code; who was asked for longest ago goes first.
pub(super) struct CodeCache {
    /// With the time when it was last asked for.
    contracts: HashMap<Hash, (Arc<Contract>, u64)>,
    /// Whose times these are.
    by_time: BTreeMap<u64, Hash>,
    /// Counts what is asked for.
    time: u64,
    /// Bytes of the modules behind it, and how many there may be.
    bytes: usize,
    limit: usize,
}

impl CodeCache {
    /// An empty one, for modules of at most `limit` bytes together.
    pub(super) fn new(limit: usize) -> CodeCache {
        let (contracts, by_time) = (HashMap::new(), BTreeMap::new());
        CodeCache { contracts, by_time, time: 0, bytes: 0, limit }
    }

    /// The code of that hash, where it is at hand.
    pub(super) fn get(&mut self, hash: &Hash) -> Option<Arc<Contract>> {
        let (contract, last) = self.contracts.get_mut(hash)?;
        self.by_time.remove(last);
        self.time += 1;
        *last = self.time;
        self.by_time.insert(self.time, *hash);
        Some(contract.clone())
    }

    /// Keeps the code of that hash, in the place of what was not asked for longest.
    pub(super) fn insert(&mut self, hash: Hash, contract: Arc<Contract>) {
        self.remove(&hash);
        let bytes = contract.code_bytes();
        if bytes > self.limit {
            return;
        }
        while self.bytes + bytes > self.limit
            && let Some((_, &oldest)) = self.by_time.first_key_value()
        {
            self.remove(&oldest);
        }
        self.time += 1;
        self.by_time.insert(self.time, hash);
        self.contracts.insert(hash, (contract, self.time));
        self.bytes += bytes;
    }

    fn remove(&mut self, hash: &Hash) {
        if let Some((contract, time)) = self.contracts.remove(hash) {
            self.by_time.remove(&time);
            self.bytes -= contract.code_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::machine::{Machine, Rules};
    use crate::primitives::Domain;

    #[test]
    fn who_was_asked_for_longest_ago_goes_first() {
        let machine = Machine::new(Rules::default()).expect("a machine");
        let code = wat::parse_str("(module (memory (export \"memory\") 1))").expect("well formed");
        let contract = machine.compile(&code).expect("a contract");
        let hashes = [1_u8, 2, 3, 4].map(|number| Hash::of(Domain::Code, &[&[number]]));
        let mut cache = CodeCache::new(3 * code.len());
        for hash in &hashes[..3] {
            cache.insert(*hash, contract.clone());
        }
        assert!(cache.get(&hashes[0]).is_some());
        cache.insert(hashes[3], contract.clone());
        let there = hashes.map(|hash| cache.get(&hash).is_some());
        assert_eq!(there, [true, false, true, true]);
        // What is there again is there once.
        cache.insert(hashes[3], contract.clone());
        assert_eq!(
            (cache.bytes, cache.contracts.len(), cache.by_time.len()),
            (3 * code.len(), 3, 3)
        );
    }

    #[test]
    fn code_that_is_longer_than_the_cache_is_not_kept() {
        let machine = Machine::new(Rules::default()).expect("a machine");
        let code = wat::parse_str("(module (memory (export \"memory\") 1))").expect("well formed");
        let contract = machine.compile(&code).expect("a contract");
        let mut cache = CodeCache::new(code.len() - 1);
        let hash = Hash::of(Domain::Code, &[&code]);
        cache.insert(hash, contract);
        assert!(cache.get(&hash).is_none());
        assert_eq!(cache.bytes, 0);
    }
}
