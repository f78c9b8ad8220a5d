//! A model of the state, and the facts of the tree that need no oracle.

extern crate std;

pub(crate) mod oracle;
mod window;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cell::Cell;

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::weave::{BUCKET_LEAVES, MERGED_LEAVES};
use super::*;

/// The contents of one version.
pub(crate) type Contents = BTreeMap<KeyHash, ValueHash>;

impl Leaves for Contents {
    fn leaves(
        &self,
        first: &KeyHash,
        last: &KeyHash,
        out: &mut Vec<Leaf>,
    ) -> Result<(), StoreError> {
        let range = self.range::<KeyHash, _>(first..=last);
        out.extend(range.map(|(key, value)| Leaf { key: *key, value: *value }));
        Ok(())
    }
}

/// A medium that fails at the call of this number.
struct Failing<'a>(&'a Contents, Cell<u32>);

impl Leaves for Failing<'_> {
    fn leaves(
        &self,
        first: &KeyHash,
        last: &KeyHash,
        out: &mut Vec<Leaf>,
    ) -> Result<(), StoreError> {
        let left = self.1.get().checked_sub(1).ok_or(StoreError::new("pulled plug"))?;
        self.1.set(left);
        self.0.leaves(first, last, out)
    }
}

pub(crate) const RESIDENCES: [Residence; 2] = [Residence::Memory, Residence::Bounded];

/// Numbers that look random and are the same in every run (splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// One of few keys, so that they meet again: hashed ones, and one in four in families that differ
/// in a single low bit.
pub(crate) fn key(number: u64) -> KeyHash {
    let mut key = digest(&(number / 4).to_le_bytes());
    match number % 4 {
        0 => key,
        low => {
            key = with_bit(key, 255, low & 1 == 1);
            with_bit(key, 200 + (number / 4 % 55) as usize, low & 2 == 2)
        }
    }
}

pub(crate) fn value(number: u64) -> ValueHash {
    digest(&number.to_le_bytes())
}

pub(crate) fn contents(keys: impl IntoIterator<Item = KeyHash>) -> Contents {
    keys.into_iter().map(|key| (key, digest(&key))).collect()
}

pub(crate) fn build(residence: Residence, version: u64, contents: &Contents) -> Tree {
    let mut builder = TreeBuilder::new(residence);
    for (key, value) in contents {
        builder.push(Leaf { key: *key, value: *value }).unwrap();
    }
    builder.finish(version).unwrap()
}

pub(crate) fn apply(contents: &mut Contents, changes: &[Change]) {
    for (key, value) in changes {
        match value {
            Some(value) => contents.insert(*key, *value),
            None => contents.remove(key),
        };
    }
}

/// The changes that lead from `from` to `to`.
fn difference(from: &Contents, to: &Contents) -> Vec<Change> {
    let gone = from.keys().filter(|key| !to.contains_key(*key)).map(|key| (*key, None));
    let new = to.iter().filter(|(key, value)| from.get(*key) != Some(value));
    let mut all: Vec<Change> = gone.chain(new.map(|(key, value)| (*key, Some(*value)))).collect();
    all.sort();
    all
}

/// A batch over few keys: mostly writes while there is little, mostly removals while there is much;
/// at times nothing, at times everything goes.
fn batch(numbers: &mut Numbers, contents: &Contents, keys: u64) -> Vec<Change> {
    match numbers.below(60) {
        0 => return Vec::new(),
        1 => return contents.keys().map(|key| (*key, None)).collect(),
        _ => {}
    }
    let mut changes = BTreeMap::new();
    for _ in 0..1 + numbers.below(12) {
        let removes = numbers.below(keys) < contents.len() as u64;
        let change = (!removes).then(|| value(numbers.below(50)));
        changes.insert(key(numbers.below(keys)), change);
    }
    changes.into_iter().collect()
}

/// The root by the book: no shortcut over common prefixes, no engine.
fn root_by_definition(leaves: &[Leaf], depth: usize) -> NodeHash {
    match leaves {
        [] => PLACEHOLDER,
        [leaf] => Sha256::new()
            .chain_update(b"JMT::LeafNode")
            .chain_update(leaf.key)
            .chain_update(leaf.value)
            .finalize()
            .into(),
        _ => {
            let is_left = |leaf: &&Leaf| leaf.key[depth / 8] & (128 >> (depth % 8)) == 0;
            let left: Vec<Leaf> = leaves.iter().filter(is_left).copied().collect();
            let right: Vec<Leaf> = leaves.iter().filter(|leaf| !is_left(leaf)).copied().collect();
            Sha256::new()
                .chain_update(b"JMT::IntrnalNode")
                .chain_update(root_by_definition(&left, depth + 1))
                .chain_update(root_by_definition(&right, depth + 1))
                .finalize()
                .into()
        }
    }
}

pub(crate) fn leaves_of(contents: &Contents) -> Vec<Leaf> {
    contents.iter().map(|(key, value)| Leaf { key: *key, value: *value }).collect()
}

#[test]
fn an_empty_tree_has_the_placeholder_as_root() {
    for residence in RESIDENCES {
        let tree = build(residence, 3, &Contents::new());
        assert_eq!(tree.root(), StateRoot::EMPTY);
        assert_eq!((tree.oldest(), tree.newest()), (3, 3));
        assert_eq!(tree.root_at(3), Some(StateRoot::EMPTY));
        assert_eq!(tree.root_at(2), None);
        assert_eq!(tree.arena.used(), [0, 0, 0]);
    }
}

#[test]
fn one_leaf_is_its_own_root() {
    let contents = contents([key(5)]);
    for residence in RESIDENCES {
        let tree = build(residence, 0, &contents);
        assert_eq!(*tree.root().as_bytes(), root_by_definition(&leaves_of(&contents), 0));
        assert_eq!(*tree.root().as_bytes(), leaves_of(&contents)[0].hash());
    }
}

#[test]
fn keys_that_differ_in_the_last_bit_fork_at_the_bottom() {
    let low = with_bit(key(0), 255, false);
    let both = contents([low, with_bit(low, 255, true)]);
    let expected = root_by_definition(&leaves_of(&both), 0);
    for residence in RESIDENCES {
        let mut tree = build(residence, 0, &both);
        assert_eq!(*tree.root().as_bytes(), expected);
        if residence == Residence::Memory {
            assert_eq!(tree.arena.used(), [256, 2, 0]);
        }
        // One goes, and the other rises to the root.
        let root = tree.push(1, &[(low, None)], &both).unwrap();
        let alone = contents([with_bit(low, 255, true)]);
        assert_eq!(*root.as_bytes(), leaves_of(&alone)[0].hash());
        assert_eq!(tree.push(2, &[(low, Some(both[&low]))], &alone), Ok(tree.root_at(0).unwrap()));
    }
}

#[test]
fn buckets_split_above_their_limit_and_merge_at_half_of_it() {
    let merged = MERGED_LEAVES as usize;
    // As many in the left half of all keys as in the right one, but for one.
    let halves = |n: u32| with_bit(digest(&n.to_be_bytes()), 0, n.is_multiple_of(2));
    let all = contents((0..=BUCKET_LEAVES).map(halves));
    let mut some = all.clone();
    let first = *some.keys().next().unwrap();
    some.remove(&first);
    let mut tree = build(Residence::Bounded, 0, &some);
    assert_eq!(tree.arena.used(), [0, 0, 1], "so many leaves are one bucket");
    tree.push(1, &[(first, Some(all[&first]))], &some).unwrap();
    tree.drop_oldest();
    assert_eq!(tree.arena.used(), [1, 0, 2], "one more are two below an inner node");
    let mut contents = all.clone();
    for version in 2.. {
        let mut keys = contents.keys();
        let gone = if version % 2 == 0 { keys.next() } else { keys.next_back() };
        let gone = *gone.unwrap();
        tree.push(version, &[(gone, None)], &contents).unwrap();
        tree.drop_oldest();
        contents.remove(&gone);
        if contents.len() == merged {
            break;
        }
        assert_eq!(tree.arena.used(), [1, 0, 2], "{} left", contents.len());
    }
    assert_eq!(tree.arena.used(), [0, 0, 1], "half of it are one bucket again");
}

#[test]
fn hash_blocks_laid_out_by_hand_are_sha_256() {
    let mut numbers = Numbers(1);
    for _ in 0..200 {
        let leaf = Leaf { key: value(numbers.next()), value: value(numbers.next()) };
        assert_eq!(leaf.hash(), root_by_definition(&[leaf], 0));
        let all = Sha256::new().chain_update(INNER_TAG).chain_update(leaf.key);
        let expected: NodeHash = all.chain_update(leaf.value).finalize().into();
        assert_eq!(inner_hash(&leaf.key, &leaf.value), expected);
    }
}

#[test]
fn bounds_enclose_just_the_keys_with_the_prefix() {
    let mut numbers = Numbers(2);
    for depth in 0..=MAX_DEPTH {
        let key = value(numbers.next());
        let (first, last) = bounds(&key, depth);
        assert!(first <= key && key <= last);
        assert!(common_bits(&first, &last) == depth);
        assert!((depth..MAX_DEPTH).all(|at| !bit(&first, at) && bit(&last, at)));
        if depth < MAX_DEPTH {
            let other = with_bit(key, depth, !bit(&key, depth));
            assert_eq!(common_bits(&key, &other), depth);
        }
    }
}

#[test]
fn leaves_and_changes_out_of_order_are_refused() {
    let contents = contents([key(1), key(2)]);
    let leaves = leaves_of(&contents);
    for residence in RESIDENCES {
        for order in [[1, 0], [0, 0]] {
            let mut builder = TreeBuilder::new(residence);
            builder.push(leaves[order[0]]).unwrap();
            assert!(builder.push(leaves[order[1]]).is_err());
            let mut tree = build(residence, 5, &contents);
            let changes = order.map(|at| (leaves[at].key, None));
            assert!(tree.push(6, &changes, &contents).is_err());
            assert!(tree.push_oldest(4, &changes, &contents).is_err());
            assert!(tree.push(5, &[], &contents).is_err());
            assert!(tree.push_oldest(5, &[], &contents).is_err());
            assert_eq!((tree.oldest(), tree.newest()), (5, 5));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Also for the order and the grouping of the changes: only what is there at the end counts.
    #[test]
    fn the_root_is_a_function_of_the_contents(
        batches in prop::collection::vec(
            prop::collection::btree_map(0u64..400, prop::option::weighted(0.7, 0u64..9), 0..120),
            0..12,
        ),
    ) {
        for residence in RESIDENCES {
            let mut contents = Contents::new();
            let mut tree = build(residence, 0, &contents);
            for (version, batch) in (1..).zip(&batches) {
                let change = |(n, v): (&u64, &Option<u64>)| (key(*n), v.map(value));
                let mut changes: Vec<Change> = batch.iter().map(change).collect();
                changes.sort();
                changes.dedup_by_key(|change| change.0);
                tree.push(version, &changes, &contents).unwrap();
                apply(&mut contents, &changes);
            }
            let expected = root_by_definition(&leaves_of(&contents), 0);
            prop_assert_eq!(*tree.root().as_bytes(), expected);
            prop_assert_eq!(build(residence, 0, &contents).root(), tree.root());
            prop_assert_eq!(subtree_hash(&leaves_of(&contents), 0), expected);
        }
    }
}

#[test]
fn digests_of_every_length_are_those_of_the_general_interface() {
    let bytes: Vec<u8> = (0..300_u16).map(|n| (n * 7) as u8).collect();
    for length in 0..bytes.len() {
        let expected: [u8; 32] = Sha256::digest(&bytes[..length]).into();
        assert_eq!(digest(&bytes[..length]), expected, "{length}");
    }
}
