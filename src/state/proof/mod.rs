//! Proofs against a state root, and their verifiers, which need no store.
//!
//! ```text
//!   Proof        one key: present with a value, or absent       ─▶ ICS-23, for other chains
//!   RangeProof   a list of leaves is all of a range of key hashes
//! ```
//!
//! A verifier takes any bytes: it never panics, its work is bounded by the length of what it is
//! given, and each proof has exactly one encoding.

mod codec;
mod ics23;
mod range;
mod single;

use core::fmt;

pub use ics23::{Ics23Entry, ics23_existence, ics23_non_existence, ics23_spec};
pub use range::RangeProof;
pub(crate) use range::{Overlap, Step, overlap};
pub use single::Proof;

/// Why a proof does not show what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofError {
    /// The bytes are no proof of a known version.
    Version,
    /// The bytes are not the one encoding of a proof.
    Encoding,
    /// The proof leads to another root.
    Root,
    /// Presence was claimed: the proof ends at no leaf or at that of another key.
    Absent,
    /// Presence was claimed: the proof is of another value of the key.
    Value,
    /// Absence was claimed: the proof ends at the leaf of the key.
    Present,
    /// Absence was claimed: the proof ends at a leaf that is not on the path of the key.
    Path,
    /// The range ends before it starts.
    Bounds,
    /// The listed leaves are not in strictly increasing key order within the range.
    Leaves,
    /// The steps of a range proof do not walk a tree with the listed leaves.
    Shape,
    /// ICS-23 has no form for it: an empty key or value, or absence from an empty tree.
    Unsupported,
    /// The entries around an absent key are not on its two sides.
    Neighbours,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProofError::Version => "not a proof of a known version",
            ProofError::Encoding => "not the encoding of a proof",
            ProofError::Root => "the proof leads to another state root",
            ProofError::Absent => "the proof does not show that the key is present",
            ProofError::Value => "the proof is of another value of the key",
            ProofError::Present => "the proof shows that the key is present",
            ProofError::Path => "the proof ends at a leaf that is not on the path of the key",
            ProofError::Bounds => "the range ends before it starts",
            ProofError::Leaves => "the leaves are not in key order within the range",
            ProofError::Shape => "the proof does not fit the range and its leaves",
            ProofError::Unsupported => "ICS-23 has no form for empty keys, values and trees",
            ProofError::Neighbours => "the entries given are not on the two sides of the key",
        })
    }
}

impl core::error::Error for ProofError {}

#[cfg(test)]
mod tests;
