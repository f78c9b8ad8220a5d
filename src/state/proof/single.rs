//! The proof of one key.

use alloc::vec::Vec;

use super::ProofError;
use super::codec::Reader;
use crate::state::tree::{
    KeyHash, Leaf, MAX_DEPTH, NodeHash, PLACEHOLDER, StateRoot, common_bits, digest, step,
};

/// The first byte of an encoded proof.
const VERSION: u8 = 1;

/// The proof that a key has a value, or that it is absent.
///
/// It is the path from the root to where the key's leaf is or would be: the hashes beside the path,
/// and the leaf that the path ends at, if any. A leaf of another key shows absence too, since a
/// leaf stands as high in the tree as it is alone.
///
/// # Encoding
///
/// `0x01` ‖ `0x00` (no leaf) or `0x01` ‖ key hash ‖ value hash ‖ depth, 2 bytes, big-endian, at
/// most 256 ‖ bitmap of ⌈depth / 8⌉ bytes, the highest bit of the first byte for the sibling below
/// the root, set where the sibling is not empty, the bits beyond the depth zero ‖ those siblings,
/// from the root downwards. The lowest sibling is never empty, or the path would end higher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    leaf: Option<Leaf>,
    /// From the root downwards, so that the index is the depth; placeholders included.
    siblings: Vec<NodeHash>,
}

impl Proof {
    pub(crate) fn new(leaf: Option<Leaf>, siblings: Vec<NodeHash>) -> Self {
        Proof { leaf, siblings }
    }

    /// The leaf that the path ends at.
    #[must_use]
    pub fn leaf(&self) -> Option<&Leaf> {
        self.leaf.as_ref()
    }

    /// The hashes beside the path, from the root downwards.
    pub(crate) fn siblings(&self) -> &[NodeHash] {
        &self.siblings
    }

    /// Checks that the state with `root` has `value` at `key`.
    ///
    /// # Errors
    ///
    /// [`ProofError::Absent`], [`ProofError::Value`] or [`ProofError::Root`]: this proof does not
    /// show it.
    pub fn verify_inclusion(
        &self,
        root: &StateRoot,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), ProofError> {
        let claimed = Leaf::of(key, value);
        match self.leaf {
            Some(leaf) if leaf == claimed => self.verify_path(root, &claimed.key),
            Some(leaf) if leaf.key == claimed.key => Err(ProofError::Value),
            _ => Err(ProofError::Absent),
        }
    }

    /// Checks that the state with `root` has nothing at `key`.
    ///
    /// # Errors
    ///
    /// [`ProofError::Present`], [`ProofError::Path`] or [`ProofError::Root`]: this proof does not
    /// show it.
    pub fn verify_exclusion(&self, root: &StateRoot, key: &[u8]) -> Result<(), ProofError> {
        self.verify_exclusion_of(root, &digest(key))
    }

    /// [`Proof::verify_exclusion`] of the key with this hash.
    pub(super) fn verify_exclusion_of(
        &self,
        root: &StateRoot,
        key: &KeyHash,
    ) -> Result<(), ProofError> {
        match &self.leaf {
            Some(leaf) if leaf.key == *key => Err(ProofError::Present),
            Some(leaf) if common_bits(&leaf.key, key) < self.siblings.len() => {
                Err(ProofError::Path)
            }
            _ => self.verify_path(root, key),
        }
    }

    /// Checks that the leaf, or its lack, is where `key` leads to in the tree with `root`.
    pub(super) fn verify_path(&self, root: &StateRoot, key: &KeyHash) -> Result<(), ProofError> {
        let mut hash = self.leaf.map_or(PLACEHOLDER, |leaf| leaf.hash());
        for (depth, sibling) in self.siblings.iter().enumerate().rev() {
            hash = step(key, depth, &hash, sibling);
        }
        if hash == *root.as_bytes() { Ok(()) } else { Err(ProofError::Root) }
    }

    /// Its one encoding: see [`Proof`].
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let depth = self.siblings.len();
        let mut out = Vec::with_capacity(100 + depth * 32);
        out.extend([VERSION, u8::from(self.leaf.is_some())]);
        if let Some(leaf) = &self.leaf {
            out.extend(leaf.key);
            out.extend(leaf.value);
        }
        out.extend((depth as u16).to_be_bytes());
        for eight in self.siblings.chunks(8) {
            let set = eight.iter().enumerate().filter(|(_, sibling)| **sibling != PLACEHOLDER);
            out.push(set.fold(0, |bits, (at, _)| bits | 0x80 >> at));
        }
        for sibling in self.siblings.iter().filter(|sibling| **sibling != PLACEHOLDER) {
            out.extend(sibling);
        }
        out
    }

    /// The proof that `bytes` encode.
    ///
    /// # Errors
    ///
    /// [`ProofError::Version`] or [`ProofError::Encoding`]: they are not the encoding of any proof.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProofError> {
        let mut reader = Reader::new(bytes, VERSION)?;
        let leaf = match reader.byte()? {
            0 => None,
            1 => Some(reader.leaf()?),
            _ => return Err(ProofError::Encoding),
        };
        let depth = reader.count(MAX_DEPTH)?;
        let bitmap = reader.take(depth.div_ceil(8))?;
        let is_set = |at: usize| bitmap[at / 8] >> (7 - at % 8) & 1 == 1;
        if (depth..bitmap.len() * 8).any(is_set) || depth > 0 && !is_set(depth - 1) {
            return Err(ProofError::Encoding);
        }
        let sibling = |at| if is_set(at) { reader.node_hash() } else { Ok(PLACEHOLDER) };
        let siblings = (0..depth).map(sibling).collect::<Result<Vec<_>, _>>()?;
        reader.end()?;
        Ok(Proof { leaf, siblings })
    }
}
