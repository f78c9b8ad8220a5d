//! Merkle trees over lists: the roots of transactions and receipts in a block.
//!
//! The shape is that of RFC 6962, section 2.1: a list is split at the greatest power of two below
//! its length. Leaves and nodes are hashed in domains of their own. The root of no leaves is the
//! hash of nothing as a node, which no list has: a node is two hashes, and an empty leaf is a leaf.

use alloc::vec::Vec;

use crate::primitives::{Domain, Hash};

/// The root over leaves, each given by its bytes.
#[must_use]
pub fn merkle_root<'a>(leaves: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let hashes: Vec<Hash> = leaves.into_iter().map(leaf_hash).collect();
    root_of_leaves(&hashes)
}

/// Proves that a leaf is at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MerkleProof {
    /// The place of the leaf.
    pub index: u32,
    /// How many leaves there are.
    pub count: u32,
    /// The hashes beside the path from the leaf up to the root.
    pub siblings: Vec<Hash>,
}

impl MerkleProof {
    /// The proof for the leaf at `index`; none where there is no such leaf.
    #[must_use]
    pub fn of<'a>(leaves: impl IntoIterator<Item = &'a [u8]>, index: u32) -> Option<MerkleProof> {
        let hashes: Vec<Hash> = leaves.into_iter().map(leaf_hash).collect();
        let count = u32::try_from(hashes.len()).ok().filter(|&count| index < count)?;
        let (mut part, mut at) = (&hashes[..], index as usize);
        let mut siblings = Vec::new();
        while part.len() > 1 {
            let (left, right) = part.split_at(split(part.len()));
            if at < left.len() {
                siblings.push(root_of_leaves(right));
                part = left;
            } else {
                siblings.push(root_of_leaves(left));
                (part, at) = (right, at - left.len());
            }
        }
        siblings.reverse();
        Some(MerkleProof { index, count, siblings })
    }

    /// Whether the bytes are the leaf at that place under `root`.
    #[must_use]
    pub fn verify(&self, root: &Hash, leaf: &[u8]) -> bool {
        if self.index >= self.count {
            return false;
        }
        // Whether the leaf is on the left at each turn, from the root down.
        let (mut at, mut length) = (self.index as usize, self.count as usize);
        let mut turns = Vec::new();
        while length > 1 {
            let left = split(length);
            turns.push(at < left);
            (at, length) = if at < left { (at, left) } else { (at - left, length - left) };
        }
        if turns.len() != self.siblings.len() {
            return false;
        }
        let mut hash = leaf_hash(leaf);
        for (is_left, sibling) in turns.iter().rev().zip(&self.siblings) {
            hash = if *is_left { node_hash(&hash, sibling) } else { node_hash(sibling, &hash) };
        }
        hash == *root
    }
}

/// The root over the hashes of leaves, level by level: odd ones out at the end of a level move up
/// as they are, which is the same as splitting at powers of two.
pub(crate) fn root_of_leaves(hashes: &[Hash]) -> Hash {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        let pair = |pair: &[Hash]| match pair {
            [left, right] => node_hash(left, right),
            [single] => *single,
            _ => unreachable!("chunks of two"),
        };
        level = level.chunks(2).map(pair).collect();
    }
    level.first().copied().unwrap_or_else(|| Hash::of(Domain::MerkleNode, &[]))
}

/// The greatest power of two below a length of at least two.
fn split(length: usize) -> usize {
    length.next_power_of_two() / 2
}

/// The hash of a leaf.
pub(crate) fn leaf_hash(leaf: &[u8]) -> Hash {
    Hash::of(Domain::MerkleLeaf, &[leaf])
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of(Domain::MerkleNode, &[left.as_bytes(), right.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// The definition of RFC 6962, word by word.
    fn by_definition(hashes: &[Hash]) -> Hash {
        match hashes {
            [] => Hash::of(Domain::MerkleNode, &[]),
            [single] => *single,
            _ => {
                let (left, right) = hashes.split_at(split(hashes.len()));
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    #[test]
    fn a_list_of_one_empty_leaf_is_not_the_empty_list() {
        assert_ne!(merkle_root([]), merkle_root([&b""[..]]));
    }

    #[test]
    fn roots_follow_the_definition_and_every_leaf_is_proved_at_its_place_alone() {
        for count in 0..40_u32 {
            let leaves: Vec<Vec<u8>> = (0..count).map(|n| n.to_string().into_bytes()).collect();
            let slices = || leaves.iter().map(Vec::as_slice);
            let hashes: Vec<Hash> = slices().map(leaf_hash).collect();
            let root = merkle_root(slices());
            assert_eq!(root, by_definition(&hashes), "{count} leaves");
            assert_eq!(MerkleProof::of(slices(), count), None);
            for index in 0..count {
                let proof = MerkleProof::of(slices(), index).expect("there is such a leaf");
                for (other, leaf) in (0..).zip(&leaves) {
                    assert_eq!(proof.verify(&root, leaf), other == index, "{index} of {count}");
                }
                let elsewhere = MerkleProof { index: (index + 1) % count.max(2), ..proof.clone() };
                assert!(!elsewhere.verify(&root, &leaves[index as usize]) || count == 1);
            }
        }
    }
}
