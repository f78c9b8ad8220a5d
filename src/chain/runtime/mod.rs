//! [`Runtime`]: contracts over a store, and a chain of blocks where it has a genesis.

mod blocks;
mod builder;
mod calls;
mod dropping;
mod error;
mod open_block;
mod tip;
mod workers;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::events::Subscriber;
use super::state_machine::Snapshot;
use crate::host::{HostTable, Machine};
use crate::primitives::Hash;
use crate::state::{State, Store};
use crate::vm::Dispatch;

pub(crate) use blocks::Prepared;
pub use blocks::{BlockResult, Finished};
pub use builder::RuntimeBuilder;
pub use error::{BlockError, Error, OpenError, Rejection};
pub use open_block::{BlockInfo, OpenBlock};
pub(crate) use open_block::{Used, run_next};
pub(crate) use tip::Tip;
pub use workers::Verified;
#[cfg(feature = "std")]
pub(crate) use workers::on_threads;
pub(crate) use workers::{Checkable, Workers};

/// Contracts over a store. Without a chain, each deployment or call that succeeds is a block of its
/// own, durable when its receipt is returned; with a genesis, [`Runtime::block`] executes
/// transactions.
///
/// ```
/// use dytallix::{Address, Call, Deploy, MemoryStore, Runtime};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let token = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/wasm/basic_token.wasm"));
/// let mut runtime = Runtime::new(MemoryStore::new())?;
/// let (owner, gas) = (Address::from_bytes([1; 32]), 1_000_000);
/// let supply = 1000_u128.to_le_bytes();
/// let deployed = runtime.deploy(&Deploy::new(owner, &token[..], gas).arguments(supply))?;
/// let token = deployed.contract.ok_or("`init` failed")?;
///
/// let call = Call::new(owner, token, "balance_of", gas).arguments(*owner.as_bytes());
/// assert_eq!(runtime.view(&call)?.output, 1000_u128.to_le_bytes());
/// # Ok(())
/// # }
/// ```
pub struct Runtime<S> {
    state: State<S>,
    machine: Machine,
    /// The chain's own host functions.
    functions: Arc<HostTable>,
    dispatch: Dispatch,
    /// The id of the protocol whose rules the machine has, where it has those of one.
    machine_id: Option<Hash>,
    /// Machines and caches of further threads.
    workers: Workers,
    chain_id: u64,
    time_ms: u64,
    /// The hash of the last block, where it has been told and not been kept yet.
    parent: Option<Hash>,
    /// The last block of the chain, where there is one.
    tip: Option<Tip>,
    /// A block that has been executed and is not durable yet.
    prepared: Option<Prepared>,
    /// Who wants to hear of events.
    pub(super) subscribers: Vec<Subscriber>,
    /// The hash of a block that was proposed, and what came of the checks of its transactions: so
    /// that a block which is decided after it was looked at is not checked twice.
    pub(super) looked_at: Option<(Hash, Vec<Checkable>)>,
    /// Snapshots that others can ask for.
    pub(super) snapshots: Vec<Snapshot>,
}

impl<S: Store> Runtime<S> {
    /// A runtime over `store` with the defaults of [`RuntimeBuilder`].
    ///
    /// # Errors
    ///
    /// What [`RuntimeBuilder::build`] says.
    pub fn new(store: S) -> Result<Self, OpenError> {
        Runtime::builder().build(store)
    }

    /// Committed state.
    #[must_use]
    pub fn state(&self) -> &State<S> {
        &self.state
    }

    /// What holds committed state.
    #[must_use]
    pub fn store(&self) -> &S {
        self.state.store()
    }

    /// Committed state, to prove, prune or snapshot it between blocks.
    pub fn state_mut(&mut self) -> &mut State<S> {
        &mut self.state
    }

    /// Gives the store back, with what is durable: a block that is only prepared is not.
    #[must_use]
    pub fn into_store(self) -> S {
        self.state.into_store()
    }

    /// The last block of the chain, where there is one.
    pub(super) fn tip(&self) -> Option<&Tip> {
        self.tip.as_ref()
    }
}

impl<S: fmt::Debug> fmt::Debug for Runtime<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("state", &self.state).finish()
    }
}
