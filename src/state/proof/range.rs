//! The proof that a list of leaves is all of a range of key hashes.
//!
//! It is a walk over the tree in pre-order, cut where the range says so. A subtree beside the range
//! is a hash; one within the range says nothing, it is built from the listed leaves; one at an edge
//! of the range is an inner node and the walk goes on, or ends there:
//!
//! ```text
//!            Inner                      first ──┐              ┌── last
//!          /       \                     ▓▓▓▓▓▓▓│ … the range … │▓▓▓▓▓▓▓
//!      Inner        Inner               Opaque    (no steps)     Opaque
//!     /     \      /     \
//!  Opaque   all  all     Foreign        a leaf that is beside the range, alone in its subtree
//! ```

use alloc::vec::Vec;

use super::ProofError;
use super::codec::Reader;
use crate::state::tree::{
    KeyHash, Leaf, NodeHash, PLACEHOLDER, StateRoot, are_within, bounds, inner_hash, split,
    subtree_hash, with_bit,
};

/// The first byte of an encoded range proof.
const VERSION: u8 = 2;

/// No walk is longer: each level has at most two subtrees at the edges of the range, and each of
/// them two children.
const MAX_STEPS: usize = 1023;

/// One subtree of the walk that is not wholly within the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// No leaves.
    Empty,
    /// More than one leaf, at an edge of the range: its two children follow.
    Inner,
    /// Beside the range, with this hash.
    Opaque(NodeHash),
    /// At an edge of the range, with one leaf, which is beside the range.
    Foreign(Leaf),
    /// At an edge of the range, with one leaf, which is the next of the list.
    Listed,
}

/// How a subtree lies to a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overlap {
    /// Beside it.
    None,
    /// Across one of its edges.
    Part,
    /// Within it.
    All,
}

/// How the subtree at `depth` on the path of `place` lies to the range from `first` to `last`.
pub(crate) fn overlap(place: &KeyHash, depth: usize, first: &KeyHash, last: &KeyHash) -> Overlap {
    let (lowest, highest) = bounds(place, depth);
    if highest < *first || lowest > *last {
        Overlap::None
    } else if lowest >= *first && highest <= *last {
        Overlap::All
    } else {
        Overlap::Part
    }
}

/// The proof that a list of leaves is exactly what the state has in a range of key hashes.
///
/// # Encoding
///
/// `0x02` ‖ number of steps, 2 bytes, big-endian, at most 1,023 ‖ the steps in pre-order: `0x00`
/// empty, `0x01` inner, `0x02` opaque ‖ hash, `0x03` foreign ‖ key hash ‖ value hash, `0x04`
/// listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeProof {
    steps: Vec<Step>,
}

impl RangeProof {
    pub(crate) fn new(steps: Vec<Step>) -> Self {
        RangeProof { steps }
    }

    /// Checks that `leaves` are all leaves with key hashes from `first` to `last`, both included,
    /// that the state with `root` has.
    ///
    /// # Errors
    ///
    /// [`ProofError::Bounds`], [`ProofError::Leaves`], [`ProofError::Shape`] or
    /// [`ProofError::Root`]: this proof does not show it.
    pub fn verify(
        &self,
        root: &StateRoot,
        first: &KeyHash,
        last: &KeyHash,
        leaves: &[Leaf],
    ) -> Result<(), ProofError> {
        if first > last {
            return Err(ProofError::Bounds);
        }
        if !are_within(leaves, first, last) {
            return Err(ProofError::Leaves);
        }
        let mut walk = Walk { steps: self.steps.iter(), first, last };
        let hash = walk.hash(&[0; 32], 0, leaves)?;
        if walk.steps.next().is_some() {
            return Err(ProofError::Shape);
        }
        if hash == *root.as_bytes() { Ok(()) } else { Err(ProofError::Root) }
    }

    /// Its one encoding: see [`RangeProof`].
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(3 + self.steps.len() * 20);
        out.push(VERSION);
        out.extend((self.steps.len() as u16).to_be_bytes());
        for step in &self.steps {
            match step {
                Step::Empty => out.push(0),
                Step::Inner => out.push(1),
                Step::Opaque(hash) => {
                    out.push(2);
                    out.extend(hash);
                }
                Step::Foreign(leaf) => {
                    out.push(3);
                    out.extend(leaf.key);
                    out.extend(leaf.value);
                }
                Step::Listed => out.push(4),
            }
        }
        out
    }

    /// The proof that `bytes` encode.
    ///
    /// # Errors
    ///
    /// [`ProofError::Version`] or [`ProofError::Encoding`]: they are not the encoding of any range
    /// proof.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProofError> {
        let mut reader = Reader::new(bytes, VERSION)?;
        let count = reader.count(MAX_STEPS)?;
        let mut steps = Vec::new();
        for _ in 0..count {
            steps.push(match reader.byte()? {
                0 => Step::Empty,
                1 => Step::Inner,
                2 => Step::Opaque(reader.node_hash()?),
                3 => Step::Foreign(reader.leaf()?),
                4 => Step::Listed,
                _ => return Err(ProofError::Encoding),
            });
        }
        reader.end()?;
        Ok(RangeProof { steps })
    }
}

/// A range proof being verified.
struct Walk<'a> {
    steps: core::slice::Iter<'a, Step>,
    first: &'a KeyHash,
    last: &'a KeyHash,
}

impl Walk<'_> {
    /// The hash of the subtree at `depth` on the path of `place`, of which `leaves` are the listed
    /// ones.
    ///
    /// A subtree of one key is within the range or beside it, never across an edge: so the walk
    /// ends at depth 256 at the latest, whatever the steps are.
    fn hash(
        &mut self,
        place: &KeyHash,
        depth: usize,
        leaves: &[Leaf],
    ) -> Result<NodeHash, ProofError> {
        let overlap = overlap(place, depth, self.first, self.last);
        if overlap == Overlap::All {
            return Ok(subtree_hash(leaves, depth));
        }
        match (overlap, self.steps.next(), leaves) {
            (_, Some(Step::Empty), []) => Ok(PLACEHOLDER),
            (Overlap::None, Some(Step::Opaque(hash)), []) => Ok(*hash),
            (Overlap::Part, Some(Step::Listed), [leaf]) => Ok(leaf.hash()),
            (Overlap::Part, Some(Step::Foreign(leaf)), []) => self.foreign(leaf, place, depth),
            (Overlap::Part, Some(Step::Inner), _) => {
                let (left, right) = split(leaves, depth);
                let left = self.hash(&with_bit(*place, depth, false), depth + 1, left)?;
                let right = self.hash(&with_bit(*place, depth, true), depth + 1, right)?;
                Ok(inner_hash(&left, &right))
            }
            _ => Err(ProofError::Shape),
        }
    }

    /// The hash of a leaf which must be in the subtree and beside the range.
    fn foreign(&self, leaf: &Leaf, place: &KeyHash, depth: usize) -> Result<NodeHash, ProofError> {
        let (lowest, highest) = bounds(place, depth);
        let is_in_place = are_within(&[*leaf], &lowest, &highest);
        if is_in_place && !are_within(&[*leaf], self.first, self.last) {
            Ok(leaf.hash())
        } else {
            Err(ProofError::Shape)
        }
    }
}
