//! The hash rules of the state tree and the bits of its keys.
//!
//! ```text
//!   leaf   SHA-256("JMT::LeafNode" ‖ key hash ‖ value hash)
//!   inner  SHA-256("JMT::IntrnalNode" ‖ left ‖ right)
//!   empty  "SPARSE_MERKLE_PLACEHOLDER_HASH__"
//! ```
//!
//! A subtree with exactly one leaf has that leaf's hash, at whatever depth it starts. These are the
//! rules of the Jellyfish Merkle tree as crate `jmt` 0.12 has them, so its roots are ours.

use core::fmt;

use sha2::digest::generic_array::GenericArray;
use sha2::digest::typenum::U64;
use sha2::{Digest, Sha256, compress256};

/// SHA-256 of a key: where its leaf is, read from the highest bit of the first byte downwards.
pub type KeyHash = [u8; 32];

/// SHA-256 of a value.
pub type ValueHash = [u8; 32];

/// The hash of a subtree.
pub(crate) type NodeHash = [u8; 32];

/// The hash of a subtree without leaves.
pub(crate) const PLACEHOLDER: NodeHash = *b"SPARSE_MERKLE_PLACEHOLDER_HASH__";

/// What the hash of a leaf starts with.
pub(crate) const LEAF_TAG: &[u8; 13] = b"JMT::LeafNode";

/// What the hash of an inner node starts with; a vowel short, so that it fits in 16 bytes.
pub(crate) const INNER_TAG: &[u8; 16] = b"JMT::IntrnalNode";

/// No path is longer: a key has so many bits.
pub(crate) const MAX_DEPTH: usize = 256;

/// The root of the state tree at some version: a function of the contents alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateRoot([u8; 32]);

impl StateRoot {
    /// The root of the tree without leaves.
    pub const EMPTY: StateRoot = StateRoot(PLACEHOLDER);

    /// The root with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        StateRoot(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for StateRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for StateRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StateRoot({self})")
    }
}

/// One entry of the state as the tree knows it: the hash of its key and the hash of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf {
    /// SHA-256 of the key.
    pub key: KeyHash,
    /// SHA-256 of the value.
    pub value: ValueHash,
}

impl Leaf {
    /// The leaf of the entry `key`, `value`.
    #[must_use]
    pub fn of(key: &[u8], value: &[u8]) -> Self {
        Leaf { key: digest(key), value: digest(value) }
    }

    /// Its hash in the tree.
    pub(crate) fn hash(&self) -> NodeHash {
        let mut blocks = [GenericArray::<u8, U64>::default(); 2];
        let (low, high) = self.value.split_at(19);
        blocks[0][..13].copy_from_slice(LEAF_TAG);
        blocks[0][13..45].copy_from_slice(&self.key);
        blocks[0][45..].copy_from_slice(low);
        blocks[1][..13].copy_from_slice(high);
        finish(&mut blocks, 77)
    }
}

/// SHA-256 of `bytes`. What fills two blocks, as most keys and short values do, is hashed without
/// the buffering of the general interface.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    let length = bytes.len();
    if !(56..120).contains(&length) {
        return Sha256::digest(bytes).into();
    }
    let mut blocks = [GenericArray::<u8, U64>::default(); 2];
    let (first, second) = bytes.split_at(length.min(64));
    blocks[0][..first.len()].copy_from_slice(first);
    blocks[1][..second.len()].copy_from_slice(second);
    finish(&mut blocks, length as u16)
}

/// The hash of the subtree over `left` and `right`, where more than one leaf is below it.
pub(crate) fn inner_hash(left: &NodeHash, right: &NodeHash) -> NodeHash {
    let mut blocks = [GenericArray::<u8, U64>::default(); 2];
    let (low, high) = right.split_at(16);
    blocks[0][..16].copy_from_slice(INNER_TAG);
    blocks[0][16..48].copy_from_slice(left);
    blocks[0][48..].copy_from_slice(low);
    blocks[1][..16].copy_from_slice(high);
    finish(&mut blocks, 80)
}

/// The SHA-256 of the first `length_bytes` of two blocks, 56 to 119 of them, behind which there are
/// zeros.
///
/// Every node hash is two blocks of which the layout is known, so the buffering of the general
/// interface is left out: that is a third of the time of a hash.
fn finish(blocks: &mut [GenericArray<u8, U64>; 2], length_bytes: u16) -> [u8; 32] {
    blocks[usize::from(length_bytes / 64)][usize::from(length_bytes % 64)] = 0x80;
    blocks[1][62..].copy_from_slice(&(length_bytes * 8).to_be_bytes());
    // The initial state of FIPS 180-4, section 5.3.3.
    let mut state = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];
    compress256(&mut state, blocks);
    let mut out = [0; 32];
    for (bytes, word) in out.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    out
}

/// The hash of the subtree at `depth` over `leaves`, which are in strictly increasing key order and
/// agree on the first `depth` bits.
///
/// It calls itself once per fork of the keys, so never deeper than the 256 bits of a key.
pub(crate) fn subtree_hash(leaves: &[Leaf], depth: usize) -> NodeHash {
    match leaves {
        [] => PLACEHOLDER,
        [leaf] => leaf.hash(),
        [first, .., last] => {
            let fork = common_bits(&first.key, &last.key);
            let (left, right) = split(leaves, fork);
            let hash = inner_hash(&subtree_hash(left, fork + 1), &subtree_hash(right, fork + 1));
            lift(hash, &first.key, fork, depth)
        }
    }
}

/// The hash at depth `to` of the subtree that has `hash` at depth `from`, is on the path of `key`
/// and has no neighbours in between; it must have more than one leaf.
fn lift(hash: NodeHash, key: &KeyHash, from: usize, to: usize) -> NodeHash {
    (to..from).rev().fold(hash, |hash, depth| step(key, depth, &hash, &PLACEHOLDER))
}

/// The hash of the inner node at `depth` on the path of `key`, from the child on that path and the
/// one beside it.
pub(crate) fn step(key: &KeyHash, depth: usize, child: &NodeHash, sibling: &NodeHash) -> NodeHash {
    if bit(key, depth) { inner_hash(sibling, child) } else { inner_hash(child, sibling) }
}

/// The bit of `key` that chooses the child of an inner node at `depth`: whether the right one.
pub(crate) fn bit(key: &KeyHash, depth: usize) -> bool {
    key[depth / 8] >> (7 - depth % 8) & 1 == 1
}

/// `key` with the bit at `depth` set or cleared.
pub(crate) fn with_bit(mut key: KeyHash, depth: usize, right: bool) -> KeyHash {
    let mask = 0x80 >> (depth % 8);
    if right {
        key[depth / 8] |= mask
    } else {
        key[depth / 8] &= !mask
    }
    key
}

/// How many leading bits `a` and `b` share.
pub(crate) fn common_bits(a: &KeyHash, b: &KeyHash) -> usize {
    let differing = a.iter().zip(b).position(|(a, b)| a != b);
    differing.map_or(MAX_DEPTH, |at| at * 8 + (a[at] ^ b[at]).leading_zeros() as usize)
}

/// The first and the last key of the subtree at `depth` on the path of `key`.
pub(crate) fn bounds(key: &KeyHash, depth: usize) -> (KeyHash, KeyHash) {
    let (mut first, mut last) = (*key, *key);
    let whole = depth.div_ceil(8);
    if !depth.is_multiple_of(8) {
        let below = 0xff >> (depth % 8);
        first[whole - 1] &= !below;
        last[whole - 1] |= below;
    }
    first[whole..].fill(0);
    last[whole..].fill(0xff);
    (first, last)
}

/// Parts `leaves` of a subtree at `depth` into those of its left and of its right child.
pub(crate) fn split(leaves: &[Leaf], depth: usize) -> (&[Leaf], &[Leaf]) {
    leaves.split_at(leaves.partition_point(|leaf| !bit(&leaf.key, depth)))
}

/// Whether `leaves` are in strictly increasing key order, all from `first` to `last`.
pub(crate) fn are_within(leaves: &[Leaf], first: &KeyHash, last: &KeyHash) -> bool {
    leaves.is_sorted_by(|a, b| a.key < b.key)
        && leaves.first().is_none_or(|leaf| leaf.key >= *first)
        && leaves.last().is_none_or(|leaf| leaf.key <= *last)
}
