//! Proofs of ranges.

use alloc::vec;
use alloc::vec::Vec;

use crate::state::proof::{ProofError, RangeProof, Step};
use crate::state::tree::tests::{Contents, Numbers, RESIDENCES, build, contents, key, value};
use crate::state::tree::{KeyHash, Leaf, StateRoot, with_bit};

/// A proven range: its contents, root, bounds, leaves and proof.
struct Proven {
    root: StateRoot,
    first: KeyHash,
    last: KeyHash,
    leaves: Vec<Leaf>,
    proof: RangeProof,
}

impl Proven {
    fn verify(&self, leaves: &[Leaf]) -> Result<(), ProofError> {
        self.proof.verify(&self.root, &self.first, &self.last, leaves)
    }
}

/// Proves a range in both residences, and checks the answer.
fn prove(contents: &Contents, first: KeyHash, last: KeyHash) -> Proven {
    let both = RESIDENCES.map(|residence| {
        let tree = build(residence, 4, contents);
        let (proof, leaves) = tree.prove_range(4, &first, &last, contents).unwrap().unwrap();
        Proven { root: tree.root(), first, last, leaves, proof }
    });
    assert_eq!((&both[0].proof, &both[0].leaves), (&both[1].proof, &both[1].leaves));
    let [proven, _] = both;
    let expected = contents.range(first..=last).map(|(key, value)| (*key, *value));
    assert!(proven.leaves.iter().map(|leaf| (leaf.key, leaf.value)).eq(expected));
    assert_eq!(proven.verify(&proven.leaves), Ok(()));
    assert_eq!(RangeProof::decode(&proven.proof.encode()).as_ref(), Ok(&proven.proof));
    proven
}

fn specimens() -> Vec<Proven> {
    let deep = with_bit(key(8), 255, false);
    let pair = contents([deep, with_bit(deep, 255, true), key(0), key(12)]);
    let some = contents((0..70).map(value));
    let mut out = vec![
        prove(&Contents::new(), [0; 32], [255; 32]),
        prove(&Contents::new(), key(1), [255; 32]),
        prove(&contents([key(0)]), key(0), key(0)),
        prove(&some, [0; 32], [255; 32]),
        prove(&some, value(3), value(3)),
        prove(&some, value(1000), value(1000)),
        prove(&pair, deep, deep),
        prove(&pair, [0; 32], with_bit(deep, 254, true)),
    ];
    let mut numbers = Numbers(81);
    for _ in 0..10 {
        let mut ends = [value(numbers.below(100)), value(numbers.below(100))];
        ends.sort();
        out.push(prove(&some, ends[0], ends[1]));
    }
    // Deep paths cost their verifier 256 hashes each, so these are few.
    for _ in 0..4 {
        let mut ends = [key(numbers.below(12)), key(numbers.below(12))];
        ends.sort();
        out.push(prove(&contents((0..8).map(key)), ends[0], ends[1]));
    }
    out
}

#[test]
fn a_leaf_left_out_added_or_changed_is_noticed() {
    for proven in specimens() {
        for at in 0..proven.leaves.len() {
            let mut leaves = proven.leaves.clone();
            let leaf = leaves.remove(at);
            assert!(proven.verify(&leaves).is_err());
            leaves.insert(at, leaf);
            leaves[at].value[3] ^= 1;
            assert!(proven.verify(&leaves).is_err());
            leaves[at] = Leaf { key: with_bit(leaf.key, 255, leaf.key[31] & 1 == 0), ..leaf };
            assert!(proven.verify(&leaves).is_err());
            leaves[at] = leaf;
            assert_eq!(proven.verify(&leaves), Ok(()));
            leaves.insert(at, leaf);
            assert_eq!(proven.verify(&leaves), Err(ProofError::Leaves));
        }
        let mut leaves = proven.leaves.clone();
        leaves.reverse();
        if leaves.len() > 1 {
            assert_eq!(proven.verify(&leaves), Err(ProofError::Leaves));
        }
        for number in 2000..2020 {
            let mut leaves = proven.leaves.clone();
            leaves.push(Leaf { key: value(number), value: value(1) });
            leaves.sort();
            assert!(proven.verify(&leaves).is_err());
        }
    }
}

#[test]
fn other_bounds_are_noticed_where_they_would_matter() {
    let some = contents((0..200).map(value));
    let keys: Vec<KeyHash> = some.keys().copied().collect();
    let proven = prove(&some, keys[50], keys[100]);
    let claim = |first: &KeyHash, last: &KeyHash, leaves: &[Leaf]| {
        proven.proof.verify(&proven.root, first, last, leaves)
    };
    for (first, last) in [(49, 100), (50, 101), (0, 199), (60, 120), (0, 49), (101, 199)] {
        let inside = |leaf: &&Leaf| leaf.key >= keys[first] && leaf.key <= keys[last];
        let leaves: Vec<Leaf> = proven.leaves.iter().filter(inside).copied().collect();
        assert!(claim(&keys[first], &keys[last], &leaves).is_err(), "{first} to {last}");
    }
    // A claim of fewer leaves than the list has.
    assert_eq!(claim(&keys[51], &keys[100], &proven.leaves), Err(ProofError::Leaves));
    assert_eq!(claim(&keys[100], &keys[50], &[]), Err(ProofError::Bounds));
    let other = StateRoot::EMPTY;
    let result = proven.proof.verify(&other, &keys[50], &keys[100], &proven.leaves);
    assert_eq!(result, Err(ProofError::Root));
    let tree = build(RESIDENCES[0], 4, &some);
    assert_eq!(tree.prove_range(4, &keys[100], &keys[50], &some), Ok(None));
}

#[test]
fn every_flipped_bit_is_refused() {
    for proven in specimens() {
        let bytes = proven.proof.encode();
        for at in 0..bytes.len() * 8 {
            let mut spoilt = bytes.clone();
            spoilt[at / 8] ^= 1 << (at % 8);
            let Ok(decoded) = RangeProof::decode(&spoilt) else { continue };
            assert_eq!(decoded.encode(), spoilt, "one encoding each");
            let Proven { root, first, last, leaves, .. } = &proven;
            assert!(decoded.verify(root, first, last, leaves).is_err(), "bit {at}");
        }
        for length in 0..bytes.len() {
            assert!(RangeProof::decode(&bytes[..length]).is_err());
        }
        assert!(RangeProof::decode(&[&bytes[..], &[0]].concat()).is_err());
    }
}

#[test]
fn walks_that_do_not_fit_are_refused() {
    let some = contents((0..200).map(value));
    let proven = prove(&some, value(3), value(3));
    let hostile = [
        vec![],
        vec![Step::Inner; 1023],
        vec![Step::Listed],
        vec![Step::Empty],
        vec![Step::Opaque(*proven.root.as_bytes())],
        vec![Step::Foreign(proven.leaves[0])],
    ];
    for steps in hostile {
        for leaves in [&proven.leaves[..], &[]] {
            let proof = RangeProof::new(steps.clone());
            let Proven { root, first, last, .. } = &proven;
            let result = proof.verify(root, first, last, leaves);
            assert!(matches!(result, Err(ProofError::Shape | ProofError::Root)), "{result:?}");
        }
    }
    for (count, fits) in [(1022usize, true), (1023, true), (1024, false)] {
        let bytes = [&[2, (count >> 8) as u8, count as u8][..], &vec![0; count]].concat();
        assert_eq!(RangeProof::decode(&bytes).is_ok(), fits, "{count} steps");
    }
}

#[test]
fn noise_is_refused_without_panic() {
    let mut numbers = Numbers(91);
    for _ in 0..20_000 {
        let count = numbers.below(40) as usize;
        let mut bytes = vec![2, 0, count as u8];
        for _ in 0..count {
            let tag = numbers.below(5) as u8;
            bytes.push(tag);
            let length = [0, 0, 32, 64, 0][usize::from(tag)];
            bytes.extend((0..length).map(|_| numbers.next() as u8));
        }
        let proof = RangeProof::decode(&bytes).unwrap();
        assert_eq!(proof.encode(), bytes);
        let (first, last) = (value(numbers.next()), [255; 32]);
        let result = proof.verify(&StateRoot::from_bytes([1; 32]), &first, &last, &[]);
        assert!(result.is_err());
    }
}
