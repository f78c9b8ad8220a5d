//! ICS-23: crate `ics23` accepts what it should, and `jmt` would have written the same.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use ::ics23::{
    CommitmentProof, HostFunctionsManager, ProofSpec, verify_membership, verify_non_membership,
};
use jmt::Sha256Jmt;
use prost::Message;

use crate::state::proof::{
    Ics23Entry, ProofError, ics23_existence, ics23_non_existence, ics23_spec,
};
use crate::state::tree::tests::oracle::OracleStore;
use crate::state::tree::tests::{Contents, RESIDENCES, build};
use crate::state::tree::{KeyHash, StateRoot, Tree, digest};

fn commitment(bytes: &[u8]) -> CommitmentProof {
    CommitmentProof::decode(bytes).expect("protobuf")
}

fn spec(bytes: &[u8]) -> ProofSpec {
    ProofSpec::decode(bytes).expect("protobuf")
}

/// A state whose entries are known in the clear, in `jmt` and in our tree.
struct State {
    plain: BTreeMap<KeyHash, (Vec<u8>, Vec<u8>)>,
    contents: Contents,
    tree: Tree,
    oracle: OracleStore,
}

fn name(number: u64) -> Vec<u8> {
    alloc::format!("account {number}").into_bytes()
}

fn state(entries: u64) -> State {
    let oracle = OracleStore::default();
    let mut plain = BTreeMap::new();
    for number in 0..entries {
        let (key, value) = (name(number), alloc::format!("{number} coins").into_bytes());
        oracle.preimages.borrow_mut().insert(jmt::KeyHash(digest(&key)), key.clone());
        plain.insert(digest(&key), (key, value));
    }
    let changes = plain.iter().map(|(hash, (_, value))| (*hash, Some(value.clone()))).collect();
    let root = oracle.push(1, changes);
    let contents = plain.iter().map(|(hash, (_, value))| (*hash, digest(value))).collect();
    let tree = build(RESIDENCES[1], 1, &contents);
    assert_eq!(tree.root(), root);
    State { plain, contents, tree, oracle }
}

impl State {
    /// Our message that shows `key` present or absent.
    fn message(&self, key: &[u8]) -> Vec<u8> {
        let prove = |key: &KeyHash| self.tree.prove(1, key, &self.contents).unwrap().unwrap();
        let hash = digest(key);
        if let Some((key, value)) = self.plain.get(&hash) {
            return ics23_existence(&Ics23Entry { key, value, proof: &prove(&hash) }).unwrap();
        }
        let (left, right) = self.tree.neighbours(1, &hash, &self.contents).unwrap().unwrap();
        let around = [left, right]
            .map(|leaf| leaf.map(|leaf| (self.plain[&leaf.key].clone(), prove(&leaf.key))));
        let entries = around.each_ref().map(|entry| {
            entry.as_ref().map(|((key, value), proof)| Ics23Entry { key, value, proof })
        });
        ics23_non_existence(key, entries[0].as_ref(), entries[1].as_ref()).unwrap()
    }
}

#[test]
fn the_specification_is_that_of_jmt() {
    assert_eq!(spec(&ics23_spec()), jmt::ics23_spec());
}

#[test]
fn messages_are_those_of_jmt_and_ics23_accepts_them() {
    let spec = spec(&ics23_spec());
    for entries in [1, 2, 3, 20, 300] {
        let state = state(entries);
        let root = state.tree.root().as_bytes().to_vec();
        for number in 0..entries + 100 {
            let key = name(number);
            let ours = commitment(&state.message(&key));
            let jmt = Sha256Jmt::new(&state.oracle);
            assert_eq!(jmt.get_with_ics23_proof(key.clone(), 1).unwrap().1, ours);
            let present = |root, key: &[u8], value: &[u8]| {
                verify_membership::<HostFunctionsManager>(&ours, &spec, root, key, value)
            };
            let absent = |root, key: &[u8]| {
                verify_non_membership::<HostFunctionsManager>(&ours, &spec, root, key)
            };
            let other_root = StateRoot::EMPTY.as_bytes().to_vec();
            if let Some((key, value)) = state.plain.get(&digest(&key)) {
                assert!(present(&root, key, value));
                assert!(!present(&root, key, b"other"));
                assert!(!present(&root, b"other", value));
                assert!(!present(&other_root, key, value));
                assert!(!absent(&root, key));
            } else {
                assert!(absent(&root, &key));
                assert!(!absent(&other_root, &key));
                assert!(!present(&root, &key, b"any"));
                for other in (0..entries).take(5) {
                    assert!(!absent(&root, &name(other)), "present, so not shown absent");
                }
            }
        }
    }
}

#[test]
fn what_ics_23_cannot_say_is_refused() {
    let state = state(3);
    let (hash, (key, value)) = state.plain.iter().nth(1).unwrap();
    let proof = &state.tree.prove(1, hash, &state.contents).unwrap().unwrap();
    let entry = |key, value| Ics23Entry { key, value, proof };
    assert!(ics23_existence(&entry(key, value)).is_ok());
    assert_eq!(ics23_existence(&entry(b"", value)), Err(ProofError::Unsupported));
    assert_eq!(ics23_existence(&entry(key, b"")), Err(ProofError::Unsupported));
    assert_eq!(ics23_existence(&entry(b"other", value)), Err(ProofError::Absent));
    assert_eq!(ics23_existence(&entry(key, b"other")), Err(ProofError::Value));
    let entry = entry(key, value);
    let absence = |key: &[u8], left, right| ics23_non_existence(key, left, right);
    assert_eq!(absence(b"x", None, None), Err(ProofError::Unsupported));
    assert_eq!(absence(b"", Some(&entry), None), Err(ProofError::Unsupported));
    assert_eq!(absence(key, Some(&entry), None), Err(ProofError::Neighbours));
    assert_eq!(absence(key, None, Some(&entry)), Err(ProofError::Neighbours));
    let is_left = hash < &digest(b"x");
    assert_eq!(absence(b"x", Some(&entry), None).is_ok(), is_left);
    assert_eq!(absence(b"x", None, Some(&entry)).is_ok(), !is_left);
}
