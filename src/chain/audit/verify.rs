//! [`AuditVerifier`]: whether records follow each other; and whether they are those of a chain.

use core::fmt;
use core::ops::ControlFlow;

use super::{AuditLink, AuditRecord};
use crate::chain::runtime::{Error, Runtime};
use crate::primitives::Height;
use crate::state::Store;

/// The first thing that is wrong with a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditFault {
    /// A record has another number than the next: some are missing, added or moved.
    Sequence {
        /// The next.
        expected: u64,
        /// That of the record.
        found: u64,
    },
    /// The record of this number names another one before it than there is.
    Previous(u64),
    /// The record of this number does not have the hash of what it says.
    Hash(u64),
    /// The record of this number goes back to an earlier block.
    Height(u64),
    /// The record of this number is not what the chain has there.
    Differs(u64),
    /// The chain has a record of this number, and there is none.
    Missing(u64),
    /// There is a record of this number, and the chain has none.
    Extra(u64),
}

/// Checks records one after the other.
///
/// What it can not know is whether the last record is the last: who makes the hashes anew from some
/// record on has another trail that is sound, and one that is cut off is sound as well. So compare
/// [`AuditVerifier::link`] with one from a source that you trust, or the records with a chain by
/// [`Runtime::verify_audit`].
#[derive(Clone, Debug, Default)]
pub struct AuditVerifier {
    link: AuditLink,
    height: Height,
    fault: Option<AuditFault>,
}

impl AuditVerifier {
    /// A verifier of a trail that goes on behind `link`; from its beginning, that is
    /// [`AuditLink::default`].
    #[must_use]
    pub fn new(link: AuditLink) -> AuditVerifier {
        AuditVerifier { link, ..AuditVerifier::default() }
    }

    /// Checks the next record.
    ///
    /// # Errors
    ///
    /// With the first thing that is wrong, for good: what comes behind it is not looked at.
    pub fn feed(&mut self, record: &AuditRecord) -> Result<(), AuditFault> {
        let checked = match self.fault {
            Some(fault) => Err(fault),
            None => self.check(record),
        };
        match checked {
            Ok(()) => (self.link, self.height) = (record.link(), record.height),
            Err(fault) => self.fault = Some(fault),
        }
        checked
    }

    /// The end of what has been checked and found sound.
    #[must_use]
    pub const fn link(&self) -> AuditLink {
        self.link
    }

    fn check(&self, record: &AuditRecord) -> Result<(), AuditFault> {
        let AuditLink { sequence, hash } = self.link;
        if record.sequence != sequence {
            return Err(AuditFault::Sequence { expected: sequence, found: record.sequence });
        }
        if record.previous != hash {
            return Err(AuditFault::Previous(sequence));
        }
        if record.hash != record.computed_hash() {
            return Err(AuditFault::Hash(sequence));
        }
        if record.height < self.height {
            return Err(AuditFault::Height(sequence));
        }
        Ok(())
    }
}

impl<S: Store> Runtime<S> {
    /// Whether records are those of the chain from a height up to another, both included, behind
    /// `previous`. Returns the end of the trail, or the first thing that is wrong.
    ///
    /// # Errors
    ///
    /// What [`Runtime::audit`] says.
    pub fn verify_audit(
        &self,
        from: Height,
        to: Height,
        previous: AuditLink,
        records: impl IntoIterator<Item = AuditRecord>,
    ) -> Result<Result<AuditLink, AuditFault>, Error> {
        let mut records = records.into_iter();
        let mut fault = None;
        let link = self.audit(from, to, previous, &mut |expected| {
            fault = match records.next() {
                Some(record) if record == *expected => None,
                Some(_) => Some(AuditFault::Differs(expected.sequence)),
                None => Some(AuditFault::Missing(expected.sequence)),
            };
            match fault {
                None => ControlFlow::Continue(()),
                Some(_) => ControlFlow::Break(()),
            }
        })?;
        if fault.is_none() && records.next().is_some() {
            fault = Some(AuditFault::Extra(link.sequence));
        }
        Ok(fault.map_or(Ok(link), Err))
    }
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuditFault::Sequence { expected, found } => {
                write!(f, "record {expected} is to come, and {found} is there")
            }
            AuditFault::Previous(n) => {
                write!(f, "record {n} names another record before it than there is")
            }
            AuditFault::Hash(n) => write!(f, "record {n} has not the hash of what it says"),
            AuditFault::Height(n) => write!(f, "record {n} goes back to an earlier block"),
            AuditFault::Differs(n) => write!(f, "record {n} is not what the chain has"),
            AuditFault::Missing(n) => write!(f, "record {n} of the chain is missing"),
            AuditFault::Extra(n) => write!(f, "record {n} is behind all that the chain has"),
        }
    }
}

impl core::error::Error for AuditFault {}
