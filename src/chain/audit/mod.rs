//! The audit trail: what has been decided on a chain, as a chain of records.
//!
//! ```text
//!   blocks, receipts ─▶ Runtime::audit ─▶ record ─▶ record ─▶ record ─▶ …
//!                                          hash ◀── previous
//!                                                   hash ◀── previous
//! ```
//!
//! Records are a function of blocks and receipts, so every node exports the same. Each has one
//! encoding, and its hash covers that of the record before: who has the last hash from a source
//! that they trust can tell that none was changed, left out, added or moved. `docs/events.md` has
//! the encoding.

mod codec;
mod derive;
mod entry;
mod fields;
mod verify;

use alloc::vec::Vec;

use crate::primitives::{DecodeError, Domain, Hash, Height};

pub use entry::{AuditEntry, Decision, DecisionSource};
pub use fields::AuditValue;
pub use verify::{AuditFault, AuditVerifier};

/// One record of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditRecord {
    /// How many records there are before it.
    pub sequence: u64,
    /// The block.
    pub height: Height,
    /// The time of the block, in milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: u64,
    /// What it tells.
    pub entry: AuditEntry,
    /// The hash of the record before; zeros in the first.
    pub previous: Hash,
    /// The hash of this record: `previous` ‖ [`AuditRecord::content`] in [`Domain::Audit`].
    pub hash: Hash,
}

/// Where a trail ends, and so where it goes on. The default is where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditLink {
    /// How many records there have been.
    pub sequence: u64,
    /// The hash of the last one; zeros where there is none.
    pub hash: Hash,
}

impl AuditRecord {
    /// The record of an entry behind a link.
    #[must_use]
    pub fn new(link: AuditLink, height: Height, time_ms: u64, entry: AuditEntry) -> AuditRecord {
        let AuditLink { sequence, hash: previous } = link;
        let hash = Hash::from_bytes([0; 32]);
        let mut record = AuditRecord { sequence, height, time_ms, entry, previous, hash };
        record.hash = record.computed_hash();
        record
    }

    /// What its hash should be.
    #[must_use]
    pub fn computed_hash(&self) -> Hash {
        Hash::of(Domain::Audit, &[self.previous.as_bytes(), &self.content()])
    }

    /// The link behind it.
    #[must_use]
    pub const fn link(&self) -> AuditLink {
        AuditLink { sequence: self.sequence.saturating_add(1), hash: self.hash }
    }

    /// The encoding of all but its two hashes.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        codec::encode_content(self)
    }

    /// Its encoding: previous hash ‖ hash ‖ content.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        [self.previous.as_bytes(), &self.hash.as_bytes()[..], &self.content()].concat()
    }

    /// The record that these bytes encode. Whether its hash is right is for [`AuditVerifier`] to
    /// say.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a record.
    pub fn decode(bytes: &[u8]) -> Result<AuditRecord, DecodeError> {
        codec::decode_record(bytes)
    }
}

impl AuditLink {
    /// Behind that many records, the last of which has this hash.
    #[must_use]
    pub const fn new(sequence: u64, hash: Hash) -> AuditLink {
        AuditLink { sequence, hash }
    }
}

impl Default for AuditLink {
    fn default() -> Self {
        AuditLink { sequence: 0, hash: Hash::from_bytes([0; 32]) }
    }
}
