//! Crate `jmt` as the oracle: equal roots on every history, and proofs that it agrees with.

use core::cell::RefCell;

use ::ics23::Result as OracleResult;
use jmt::storage::{HasPreimage, LeafNode, Node, NodeBatch, NodeKey, TreeReader};
use jmt::{OwnedValue, RootHash, Sha256Jmt, Version};

use super::*;

/// A store for `jmt`, in memory.
#[derive(Default)]
pub(crate) struct OracleStore {
    nodes: RefCell<BTreeMap<NodeKey, Node>>,
    values: RefCell<BTreeMap<(jmt::KeyHash, Version), Option<OwnedValue>>>,
    pub(crate) preimages: RefCell<BTreeMap<jmt::KeyHash, Vec<u8>>>,
}

impl OracleStore {
    /// Applies `changes`, which must not be empty, as `version`.
    pub(crate) fn push(
        &self,
        version: Version,
        changes: Vec<(KeyHash, Option<OwnedValue>)>,
    ) -> StateRoot {
        let changes = changes.into_iter().map(|(key, value)| (jmt::KeyHash(key), value));
        let (root, batch) = Sha256Jmt::new(self).put_value_set(changes, version).unwrap();
        self.write(&batch.node_batch);
        StateRoot::from_bytes(root.0)
    }

    fn write(&self, batch: &NodeBatch) {
        let nodes = batch.nodes().iter().map(|(key, node)| (key.clone(), node.clone()));
        self.nodes.borrow_mut().extend(nodes);
        let values = batch.values().iter();
        let values = values.map(|((version, key), value)| ((*key, *version), value.clone()));
        self.values.borrow_mut().extend(values);
    }
}

impl TreeReader for OracleStore {
    fn get_node_option(&self, key: &NodeKey) -> OracleResult<Option<Node>> {
        Ok(self.nodes.borrow().get(key).cloned())
    }

    fn get_value_option(
        &self,
        version: Version,
        key: jmt::KeyHash,
    ) -> OracleResult<Option<OwnedValue>> {
        let values = self.values.borrow();
        let newest = values.range((key, 0)..=(key, version)).next_back();
        Ok(newest.and_then(|(_, value)| value.clone()))
    }

    fn get_rightmost_leaf(&self) -> OracleResult<Option<(NodeKey, LeafNode)>> {
        Ok(None)
    }
}

impl HasPreimage for OracleStore {
    fn preimage(&self, key: jmt::KeyHash) -> OracleResult<Option<Vec<u8>>> {
        Ok(self.preimages.borrow().get(&key).cloned())
    }
}

/// Runs one history through `jmt` and both of our trees.
fn compare(seed: u64, versions: u64, keys: u64) {
    let mut numbers = Numbers(seed);
    let store = OracleStore::default();
    let mut contents = Contents::new();
    let mut plain: BTreeMap<KeyHash, u64> = BTreeMap::new();
    let mut trees = RESIDENCES.map(|residence| build(residence, 0, &contents));
    // `jmt` makes each version from the number before and knows no version without changes, so it
    // has numbers of its own.
    let (mut expected, mut their_version) = (StateRoot::EMPTY, 0);
    for version in 1..=versions {
        let changes = batch(&mut numbers, &contents, keys);
        let mut theirs = Vec::new();
        for (key, change) in &changes {
            // The same values once more, this time in the clear: `value` hashes a small number.
            let number = change.and_then(|hash| (0..50).find(|number| value(*number) == hash));
            theirs.push((*key, number.map(|number| number.to_le_bytes().to_vec())));
            match number {
                Some(number) => plain.insert(*key, number),
                None => plain.remove(key),
            };
        }
        if !theirs.is_empty() {
            their_version += 1;
            expected = store.push(their_version, theirs);
        }
        for tree in &mut trees {
            assert_eq!(tree.push(version, &changes, &contents), Ok(expected), "at {version}");
            if version > 8 {
                tree.drop_oldest();
            }
        }
        apply(&mut contents, &changes);
        if version % 16 == 0 && their_version > 0 {
            for _ in 0..6 {
                let key = key(numbers.below(keys));
                let ours = trees.each_ref().map(|tree| tree.prove(version, &key, &contents));
                assert_eq!(ours[0], ours[1]);
                let ours = ours[0].clone().unwrap().unwrap();
                ours.check(&expected, &key, contents.get(&key));
                let jmt = Sha256Jmt::new(&store);
                let theirs = jmt.get_with_proof(jmt::KeyHash(key), their_version);
                let (found, proof) = theirs.unwrap();
                let number = plain.get(&key).map(|number| number.to_le_bytes().to_vec());
                assert_eq!(found, number);
                let root = RootHash(*expected.as_bytes());
                proof.verify(root, jmt::KeyHash(key), found).unwrap();
            }
        }
    }
}

#[test]
fn roots_equal_those_of_jmt_on_a_long_history() {
    compare(101, 1200, 200);
}

#[test]
fn roots_equal_those_of_jmt_on_a_history_of_many_keys() {
    compare(102, 150, 3000);
}

#[test]
fn roots_equal_those_of_jmt_where_buckets_split_and_merge() {
    let mut numbers = Numbers(103);
    let store = OracleStore::default();
    let mut contents = Contents::new();
    let mut tree = build(Residence::Bounded, 0, &contents);
    let mut kinds = BTreeMap::new();
    for version in 1..60 {
        let grows = version % 20 < 10;
        let mut changes = BTreeMap::new();
        for _ in 0..200 {
            let number = numbers.below(2000);
            changes.insert(value(number), grows.then_some(number));
        }
        let plain = |(key, number): (&KeyHash, &Option<u64>)| {
            (*key, number.map(|number| number.to_le_bytes().to_vec()))
        };
        let expected = store.push(version, changes.iter().map(plain).collect());
        let hashed = |(key, number): (&KeyHash, &Option<u64>)| (*key, number.map(value));
        let changes: Vec<Change> = changes.iter().map(hashed).collect();
        assert_eq!(tree.push(version, &changes, &contents), Ok(expected), "at {version}");
        tree.drop_oldest();
        apply(&mut contents, &changes);
        kinds.insert(tree.arena.used()[2], ());
    }
    assert!(kinds.len() > 10, "buckets came and went: {:?}", kinds.keys());
}
