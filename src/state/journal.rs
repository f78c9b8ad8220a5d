//! The journal: a flat list of changes, each of which knows what it replaced.
//!
//! A checkpoint is a length of that list. Reverting to it pops the entries above and puts back what
//! each replaced, so it costs what was changed and nothing else; committing only forgets the
//! checkpoint, since the one around it must still be able to undo the entries.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::account::{Auth, CodeInfo, ContractInfo, PastVersion, Usage};
use super::store::Bytes;
use crate::primitives::{Address, Amount, Nonce};

/// One reversible change. Accounts, places of storage and code are positions in the overlay's own
/// lists, so that undoing looks nothing up.
#[derive(Debug)]
pub(super) enum Entry {
    /// A balance was `previous`.
    Balance { account: usize, previous: Amount },
    /// A nonce was `previous`.
    Nonce { account: usize, previous: Nonce },
    /// The key that opens an account was `previous`.
    Auth { account: usize, previous: Option<Auth> },
    /// A contract record was `previous`.
    Contract { account: usize, previous: Option<Box<ContractInfo>> },
    /// What was paid for a contract's storage was `previous`.
    Deposit { account: usize, previous: Amount },
    /// The value at `place` was `previous`, and the usage of the contract at `account` was `usage`.
    Storage { account: usize, place: usize, previous: Option<Bytes>, usage: Usage },
    /// The transient value at that place was `previous`.
    Transient { place: (Address, Bytes), previous: Option<Bytes> },
    /// The record of code was `previous`; where there was none, its bytes were not there.
    Code { code: usize, previous: Option<CodeInfo> },
    /// The history of a contract was one version shorter, or as it is in `previous`.
    History { contract: Address, previous: Vec<PastVersion> },
    /// The last event was not there.
    Event,
}

/// A point to go back to. It is given up by committing or reverting it, innermost first.
#[derive(Debug)]
#[must_use = "a checkpoint is either committed or reverted"]
pub struct Checkpoint {
    /// Length of the journal when it was taken.
    pub(super) entries: usize,
    /// How many checkpoints were open when it was taken.
    pub(super) depth: usize,
}

/// An event that a contract emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The contract that emitted it.
    pub contract: Address,
    /// What it can be found by, in order.
    pub topics: Vec<Box<[u8]>>,
    /// Its data.
    pub data: Box<[u8]>,
}

impl Event {
    /// An event of `contract`.
    #[must_use]
    pub fn new(contract: Address, topics: Vec<Box<[u8]>>, data: Box<[u8]>) -> Self {
        Event { contract, topics, data }
    }
}
