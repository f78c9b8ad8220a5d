//! The journal: a flat list of changes, each of which knows what it replaced.
//!
//! A checkpoint is a length of that list. Reverting to it pops the entries above and puts back what
//! each replaced, so it costs what was changed and nothing else; committing only forgets the
//! checkpoint, since the one around it must still be able to undo the entries.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::account::ContractInfo;
use super::store::Bytes;
use crate::primitives::{Address, Amount, Hash, Nonce};

/// One reversible change. Accounts and contracts are positions in the overlay's own lists.
#[derive(Debug)]
pub(super) enum Entry {
    /// A balance was `previous`.
    Balance { account: usize, previous: Amount },
    /// A nonce was `previous`.
    Nonce { account: usize, previous: Nonce },
    /// A contract record was `previous`.
    Contract { account: usize, previous: Option<ContractInfo> },
    /// The value at `key` was `previous`.
    Storage { contract: usize, key: Bytes, previous: Option<Bytes> },
    /// The code of this hash was not there.
    Code { hash: Hash },
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
