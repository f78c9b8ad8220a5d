//! Proofs of single keys.

use alloc::vec;
use alloc::vec::Vec;

use crate::state::proof::{Proof, ProofError};
use crate::state::tree::tests::{Contents, Numbers, RESIDENCES, build, contents, key, value};
use crate::state::tree::{KeyHash, Leaf, PLACEHOLDER, StateRoot, ValueHash, digest, with_bit};

impl Proof {
    /// Checks that this proof, also after encoding and decoding, shows just this of `key`.
    pub(crate) fn check(&self, root: &StateRoot, key: &KeyHash, value: Option<&ValueHash>) {
        assert_eq!(Proof::decode(&self.encode()).as_ref(), Ok(self));
        match value {
            Some(value) => {
                assert_eq!(self.leaf(), Some(&Leaf { key: *key, value: *value }));
                assert_eq!(self.verify_path(root, key), Ok(()));
                assert_eq!(self.verify_exclusion_of(root, key), Err(ProofError::Present));
            }
            None => {
                assert_eq!(self.verify_exclusion_of(root, key), Ok(()));
                assert_ne!(self.leaf().map(|leaf| leaf.key), Some(*key));
            }
        }
    }
}

/// A state with entries in the clear.
fn state(entries: u64) -> Contents {
    let entry = |n: u64| (digest(&n.to_le_bytes()), digest(format_value(n).as_slice()));
    (0..entries).map(entry).collect()
}

fn format_value(number: u64) -> Vec<u8> {
    vec![number as u8; 1 + number as usize % 40]
}

#[test]
fn what_is_there_is_shown_and_nothing_else() {
    for entries in [1, 2, 3, 100] {
        let contents = state(entries);
        for residence in RESIDENCES {
            let tree = build(residence, 0, &contents);
            let root = tree.root();
            for number in 0..entries + 20 {
                let (name, content) = (number.to_le_bytes(), format_value(number));
                let proof = tree.prove(0, &digest(&name), &contents).unwrap().unwrap();
                if number < entries {
                    assert_eq!(proof.verify_inclusion(&root, &name, &content), Ok(()));
                    let wrong = proof.verify_inclusion(&root, &name, b"other");
                    assert_eq!(wrong, Err(ProofError::Value));
                    assert_eq!(proof.verify_exclusion(&root, &name), Err(ProofError::Present));
                    let wrong = proof.verify_inclusion(&StateRoot::EMPTY, &name, &content);
                    assert_eq!(wrong, Err(ProofError::Root));
                } else {
                    assert_eq!(proof.verify_exclusion(&root, &name), Ok(()));
                    let wrong = proof.verify_inclusion(&root, &name, &content);
                    assert_eq!(wrong, Err(ProofError::Absent));
                    let wrong = proof.verify_exclusion(&StateRoot::EMPTY, &name);
                    assert_eq!(wrong, Err(ProofError::Root));
                }
            }
        }
    }
}

#[test]
fn an_empty_state_has_nothing() {
    for residence in RESIDENCES {
        let tree = build(residence, 0, &Contents::new());
        let proof = tree.prove(0, &key(1), &Contents::new()).unwrap().unwrap();
        assert_eq!(proof.encode(), [1, 0, 0, 0]);
        assert_eq!(proof.verify_exclusion(&StateRoot::EMPTY, b"any"), Ok(()));
        assert_eq!(proof.verify_inclusion(&StateRoot::EMPTY, b"any", b""), Err(ProofError::Absent));
    }
}

#[test]
fn the_proof_of_one_absent_key_does_not_serve_for_a_key_elsewhere() {
    let contents = state(500);
    let tree = build(RESIDENCES[0], 0, &contents);
    let (mut off_path, mut other_root) = (0, 0);
    for number in 1000..1200u64 {
        let proof = tree.prove(0, &value(number), &contents).unwrap().unwrap();
        for other in contents.keys() {
            match proof.verify_exclusion_of(&tree.root(), other) {
                Err(ProofError::Path) => off_path += 1,
                Err(ProofError::Root) => other_root += 1,
                Err(ProofError::Present) => {}
                result => panic!("{result:?}"),
            }
        }
    }
    assert!(off_path > 1000 && other_root > 1000);
}

/// The proofs to spoil: of a leaf, of another's leaf and of no leaf, and of the deepest path.
fn specimens() -> Vec<(Contents, KeyHash)> {
    let deep = with_bit(key(8), 255, false);
    let pair = contents([deep, with_bit(deep, 255, true), key(0), key(12)]);
    let some = contents((0..40).map(value));
    let mut out = vec![
        (pair.clone(), deep),
        (pair, with_bit(deep, 254, true)),
        (some.clone(), value(3)),
        (contents([key(0)]), key(0)),
        (contents([key(0)]), key(4)),
        (Contents::new(), key(0)),
    ];
    out.extend((100..104).map(|number| (some.clone(), value(number))));
    out
}

#[test]
fn every_flipped_bit_is_refused() {
    for (contents, key) in specimens() {
        let tree = build(RESIDENCES[1], 0, &contents);
        let proof = tree.prove(0, &key, &contents).unwrap().unwrap();
        proof.check(&tree.root(), &key, contents.get(&key));
        let bytes = proof.encode();
        for at in 0..bytes.len() * 8 {
            let mut spoilt = bytes.clone();
            spoilt[at / 8] ^= 1 << (at % 8);
            let Ok(decoded) = Proof::decode(&spoilt) else { continue };
            assert_eq!(decoded.encode(), spoilt, "one encoding each");
            assert_ne!(decoded, proof);
            let shows_absence = decoded.verify_exclusion_of(&tree.root(), &key).is_ok();
            let shows_leaf = decoded.verify_path(&tree.root(), &key).is_ok()
                && decoded.leaf().is_some_and(|leaf| leaf.key == key);
            assert!(!shows_absence && !shows_leaf, "bit {at}");
        }
    }
}

#[test]
fn truncated_and_prolonged_proofs_are_refused() {
    for (contents, key) in specimens() {
        let tree = build(RESIDENCES[0], 0, &contents);
        let mut bytes = tree.prove(0, &key, &contents).unwrap().unwrap().encode();
        for length in 0..bytes.len() {
            let refused = Proof::decode(&bytes[..length]).unwrap_err();
            let expected = if length == 0 { ProofError::Version } else { ProofError::Encoding };
            assert_eq!(refused, expected);
        }
        bytes.push(0);
        assert_eq!(Proof::decode(&bytes), Err(ProofError::Encoding));
    }
}

#[test]
fn second_forms_of_a_proof_are_refused() {
    let hash = [7; 32];
    let one = |bitmap: u8, hashes: &[[u8; 32]]| {
        [&[1, 0, 0, 2, bitmap][..], hashes.as_flattened()].concat()
    };
    assert!(Proof::decode(&one(0x40, &[hash])).is_ok());
    assert!(Proof::decode(&one(0xc0, &[hash, hash])).is_ok());
    // The placeholder in full, an empty lowest sibling, bits beyond the depth, hashes too many.
    for bytes in [
        one(0xc0, &[PLACEHOLDER, hash]),
        one(0x80, &[hash]),
        one(0x60, &[hash]),
        one(0x60, &[hash, hash]),
        one(0x40, &[hash, hash]),
    ] {
        assert_eq!(Proof::decode(&bytes), Err(ProofError::Encoding));
    }
    // Depth 256 is the limit.
    for (depth, fits) in [(255u16, true), (256, true), (257, false), (u16::MAX, false)] {
        let mut bytes = vec![1, 0];
        bytes.extend(depth.to_be_bytes());
        let mut bitmap = vec![0; usize::from(depth).div_ceil(8)];
        bitmap[usize::from(depth - 1) / 8] |= 0x80 >> ((depth - 1) % 8);
        bytes.extend(bitmap);
        bytes.extend(hash);
        assert_eq!(Proof::decode(&bytes).is_ok(), fits, "depth {depth}");
    }
}

#[test]
fn noise_is_refused_without_panic() {
    let mut numbers = Numbers(71);
    for round in 0..20_000 {
        let mut bytes: Vec<u8> = (0..numbers.below(300)).map(|_| numbers.next() as u8).collect();
        if let Some(first) = bytes.first_mut() {
            *first = 1;
        }
        if bytes.len() > 3 && round % 2 == 0 {
            (bytes[1], bytes[2], bytes[3]) = (bytes[1] & 1, 0, bytes[3] & 15);
        }
        if let Ok(proof) = Proof::decode(&bytes) {
            assert_eq!(proof.encode(), bytes);
            let root = StateRoot::from_bytes(value(round));
            assert!(proof.verify_exclusion(&root, b"key").is_err());
        }
    }
}
