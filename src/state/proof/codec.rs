//! Reads encoded proofs, front to back, within their bounds.

use super::ProofError;
use crate::state::tree::{Leaf, NodeHash, PLACEHOLDER};

/// What is left of the bytes of a proof.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `bytes`, which must start with the version byte `version`.
    pub(super) fn new(bytes: &'a [u8], version: u8) -> Result<Self, ProofError> {
        match bytes.split_first() {
            Some((first, rest)) if *first == version => Ok(Reader { rest }),
            _ => Err(ProofError::Version),
        }
    }

    /// The next `length_bytes` bytes.
    pub(super) fn take(&mut self, length_bytes: usize) -> Result<&'a [u8], ProofError> {
        let (taken, rest) = self.rest.split_at_checked(length_bytes).ok_or(ProofError::Encoding)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, ProofError> {
        Ok(self.take(1)?[0])
    }

    /// A number of two bytes, big-endian, up to `limit`.
    pub(super) fn count(&mut self, limit: usize) -> Result<usize, ProofError> {
        let bytes = self.take(2)?;
        let count = usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
        if count <= limit { Ok(count) } else { Err(ProofError::Encoding) }
    }

    pub(super) fn hash(&mut self) -> Result<[u8; 32], ProofError> {
        self.take(32)?.try_into().map_err(|_| ProofError::Encoding)
    }

    /// The hash of a subtree that is not empty: the placeholder has a form of its own.
    pub(super) fn node_hash(&mut self) -> Result<NodeHash, ProofError> {
        let hash = self.hash()?;
        if hash == PLACEHOLDER { Err(ProofError::Encoding) } else { Ok(hash) }
    }

    pub(super) fn leaf(&mut self) -> Result<Leaf, ProofError> {
        Ok(Leaf { key: self.hash()?, value: self.hash()? })
    }

    /// Ends the reading: nothing may be left.
    pub(super) fn end(self) -> Result<(), ProofError> {
        if self.rest.is_empty() { Ok(()) } else { Err(ProofError::Encoding) }
    }
}
