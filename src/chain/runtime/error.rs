//! Why there is no runtime, no receipt and no block.

use core::fmt;

use dytallix_abi::Status;

use crate::chain::genesis::GenesisError;
use crate::chain::protocol::SEMANTICS;
use crate::host::{CodeError, Fault};
use crate::primitives::{Address, Hash, Height};
use crate::state::{StateError, StoreError};
use crate::vm::EngineError;

/// Why there is no runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration of the engine is not possible here.
    Engine(EngineError),
    /// The store can not be opened.
    Store(StoreError),
    /// The genesis that was given is not that of the store, or makes no sense.
    Genesis(GenesisError),
    /// The chain's protocol names other host functions of its own than those that were given.
    Functions {
        /// What the protocol names: [`HostTable::content_id`](crate::host::HostTable::content_id).
        protocol: Hash,
        /// What was given.
        given: Hash,
    },
    /// The chain admits a signature scheme that this build has no verifier for.
    Scheme(u8),
    /// The chain's protocol has semantics that this version does not have.
    Semantics(u32),
}

/// Why there is no receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The request was not admitted: nothing was charged and nothing has changed.
    Rejected(Rejection),
    /// The block does not fit where it was to go.
    Block(BlockError),
    /// Ours or the disk's doing: nothing has changed, and no guest is to blame.
    Fault(Fault),
}

/// Why a block can not be begun, executed or committed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockError {
    /// The store has no chain: no genesis was given when it was empty.
    NoChain,
    /// The store has a chain: only transactions change its state.
    HasChain,
    /// The header names another chain.
    Chain(u64),
    /// The height is not the next.
    Height {
        /// The next.
        next: Height,
        /// That of the block.
        block: Height,
    },
    /// The time is before that of the parent.
    Time {
        /// The time of the parent, in milliseconds.
        parent_ms: u64,
    },
    /// The header's parent is not the last block.
    Parent,
    /// The header's app hash is not what the last block came to.
    AppHash,
    /// The header's protocol is not the one at that height.
    Protocol,
    /// The header's root is not that of the transactions.
    TransactionsRoot,
    /// The block has more transactions, bytes or gas than a block may have.
    TooLarge,
    /// A transaction does not decode, or fails what does not depend on the transactions before it:
    /// nobody proposes such a block in good faith.
    Transaction {
        /// Its index in the block.
        index: u32,
        /// What is wrong with it.
        status: Status,
    },
    /// Nothing has been prepared that could be committed.
    NothingPrepared,
    /// There is no such block, or no longer.
    Unknown(Height),
}

/// Why a request was not admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// The code can not be a contract.
    Code(CodeError),
    /// There is a contract at that address: the same code, deployer and salt.
    AddressTaken(Address),
    /// There are arguments for `init`, and the module has none.
    NoInit,
    /// The arguments are longer than the limit.
    Arguments {
        /// The limit, in bytes.
        limit: u32,
    },
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        OpenError::Store(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Fault(fault)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::Fault(error.into())
    }
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        Error::Fault(error.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Rejected(rejection) => rejection.fmt(f),
            Error::Block(error) => error.fmt(f),
            Error::Fault(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Engine(error) => error.fmt(f),
            OpenError::Store(error) => error.fmt(f),
            OpenError::Genesis(error) => error.fmt(f),
            OpenError::Functions { protocol, given } => {
                write!(f, "the protocol has the host functions {protocol}, these are {given}")
            }
            OpenError::Scheme(number) => {
                write!(f, "the chain admits signature scheme {number}, which is not in this build")
            }
            OpenError::Semantics(number) => {
                write!(f, "the chain has semantics {number}, this version has {SEMANTICS}")
            }
        }
    }
}

impl core::error::Error for OpenError {}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::Code(error) => error.fmt(f),
            Rejection::AddressTaken(address) => write!(f, "there is a contract at {address}"),
            Rejection::NoInit => f.write_str("there are arguments, but the module has no `init`"),
            Rejection::Arguments { limit } => {
                write!(f, "the arguments are longer than the limit of {limit} bytes")
            }
        }
    }
}

impl From<BlockError> for Error {
    fn from(error: BlockError) -> Self {
        Error::Block(error)
    }
}

impl fmt::Display for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BlockError::NoChain => f.write_str("the store has no chain: it needs a genesis"),
            BlockError::HasChain => {
                f.write_str("the store has a chain: only transactions change its state")
            }
            BlockError::Chain(id) => write!(f, "the block is one of chain {id}"),
            BlockError::Height { next, block } => {
                write!(f, "the block has height {block}, and the next is {next}")
            }
            BlockError::Time { parent_ms } => {
                write!(f, "the block is older than its parent, of {parent_ms} ms")
            }
            BlockError::Parent => f.write_str("the block's parent is not the last block"),
            BlockError::AppHash => f.write_str("the block's app hash is not that of the last"),
            BlockError::Protocol => f.write_str("the block's protocol is not that of its height"),
            BlockError::TransactionsRoot => {
                f.write_str("the block's transactions are not those of its header")
            }
            BlockError::TooLarge => f.write_str("the block is larger than the protocol allows"),
            BlockError::Transaction { index, status } => {
                write!(f, "transaction {index} of the block is {status:?}")
            }
            BlockError::NothingPrepared => f.write_str("no block has been prepared"),
            BlockError::Unknown(height) => write!(f, "there is no block {height}"),
        }
    }
}

impl core::error::Error for BlockError {}
