//! [`SingleNode`]: a chain in one process, with a mempool and without anybody to agree with.
//!
//! ```text
//!   submit ─▶ check_tx ─▶ Mempool ─┐
//!                                  ▼
//!   produce:  prepare_proposal ─▶ process_proposal ─▶ finalize_block ─▶ commit ─▶ Mempool::update
//! ```
//!
//! It goes the way that a node with a consensus engine goes, step by step, so that what works here
//! works there. The mempool is in memory: what was not committed when the process ends has to be
//! submitted again.

use alloc::vec::Vec;
use core::fmt;

use dytallix_abi::Status;

use super::governance::load_protocol;
use super::mempool::{Mempool, Pending, Refusal, Removed, Standing};
use super::runtime::{BlockError, BlockResult, Error, Runtime};
use super::state_machine::{ProposalRequest, StateMachine, Verdict};
use crate::primitives::{Address, Hash};
use crate::state::{Bytes, State, Store, StoreError, View};

/// A chain in one process, with a mempool and without anybody to agree with.
///
/// ```
/// use dytallix::chain::{Genesis, Mempool, MempoolLimits, SingleNode};
/// use dytallix::{Address, MemoryStore, Runtime};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let runtime = Runtime::builder().genesis(Genesis::new(7)).build(MemoryStore::new())?;
/// let pool = Mempool::new(MempoolLimits::default());
/// let mut node = SingleNode::new(runtime, pool, Address::from_bytes([1; 32]));
/// let block = node.produce(1_000)?;
/// assert_eq!(node.runtime().app_hash(), Some(block.app_hash));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SingleNode<S> {
    runtime: Runtime<S>,
    mempool: Mempool,
    proposer: Address,
    /// What left the mempool without being committed, since it was asked for last.
    removed: Vec<Removed>,
    /// What a proposal left out as rejected, since it was asked for last.
    rejected: Vec<(Hash, Status)>,
    /// Whether the mempool has still to be told of the last block.
    is_behind: bool,
}

/// Why a transaction was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubmitError {
    /// The chain would reject it.
    Rejected(Status),
    /// The mempool does not take it.
    Refused(Refusal),
    /// The node failed.
    Failed(Error),
}

impl<S: Store> SingleNode<S> {
    /// A node over a runtime, whose blocks `proposer` proposes.
    #[must_use]
    pub fn new(runtime: Runtime<S>, mempool: Mempool, proposer: Address) -> SingleNode<S> {
        let (removed, rejected) = (Vec::new(), Vec::new());
        // A mempool of before may know an older block.
        SingleNode { runtime, mempool, proposer, removed, rejected, is_behind: true }
    }

    /// The chain.
    #[must_use]
    pub fn runtime(&self) -> &Runtime<S> {
        &self.runtime
    }

    /// The chain, to query it, to simulate, and to take snapshots.
    pub fn runtime_mut(&mut self) -> &mut Runtime<S> {
        &mut self.runtime
    }

    /// The transactions that wait.
    #[must_use]
    pub fn mempool(&self) -> &Mempool {
        &self.mempool
    }

    /// Chain and mempool apart.
    #[must_use]
    pub fn into_parts(self) -> (Runtime<S>, Mempool) {
        (self.runtime, self.mempool)
    }

    /// What has left the mempool since this was asked for last, and why: also what was committed.
    pub fn take_removed(&mut self) -> Vec<Removed> {
        core::mem::take(&mut self.removed)
    }

    /// Transactions that were taken and that a proposal has rejected since this was asked for last:
    /// the chain has changed meanwhile. They have left the mempool.
    pub fn take_rejected(&mut self) -> Vec<(Hash, Status)> {
        core::mem::take(&mut self.rejected)
    }

    /// Takes a transaction for one of the next blocks, and returns its id.
    ///
    /// # Errors
    ///
    /// With [`SubmitError`] why not.
    pub fn submit(&mut self, transaction: Bytes) -> Result<Hash, SubmitError> {
        let pending = Pending::decode(&transaction).map_err(SubmitError::Rejected)?;
        // Before a signature is looked at, which costs the most.
        if self.mempool.contains(&pending.id) {
            return Err(SubmitError::Refused(Refusal::Known));
        }
        self.catch_up().map_err(SubmitError::Failed)?;
        let checked = self.runtime.check_tx(&transaction).map_err(SubmitError::Failed)?;
        if !checked.is_admitted() {
            return Err(SubmitError::Rejected(checked.status));
        }
        let standing = standing(self.runtime.state(), &pending.signer);
        let standing = standing.map_err(|error| SubmitError::Failed(error.into()))?;
        let id = pending.id;
        let removed = self.mempool.insert(pending, standing).map_err(SubmitError::Refused)?;
        self.removed.extend(removed);
        Ok(id)
    }

    /// Makes the next block of what waits, of that time in milliseconds, and commits it. When this
    /// returns, it is durable.
    ///
    /// # Errors
    ///
    /// Where the time is before that of the last block, or the store fails: then the block has not
    /// happened, and the transactions wait for the next. A store that failed may have to be opened
    /// again.
    pub fn produce(&mut self, time_ms: u64) -> Result<BlockResult, Error> {
        self.catch_up()?;
        let height = self.runtime.state().next_height()?;
        let policy = load_protocol(self.runtime.state())?.ok_or(BlockError::NoChain)?.policy;
        let candidates = self.mempool.candidates(policy.block_bytes.into(), policy.block_gas);
        let request = ProposalRequest::new(height, time_ms, self.proposer);
        let proposal = self.runtime.prepare_proposal(&request, &candidates)?;
        if let Verdict::Reject(error) = self.runtime.process_proposal(&proposal.block)? {
            return Err(error.into());
        }
        self.runtime.finalize_block(&proposal.block)?;
        let result = Runtime::commit(&mut self.runtime)?;
        for (index, status) in proposal.dropped {
            self.drop_candidate(&candidates, index, status);
        }
        self.is_behind = true;
        // The block is durable, whatever comes now: a store that can not be read says so next time.
        _ = self.catch_up();
        Ok(result)
    }

    /// Tells the mempool of the last block.
    fn catch_up(&mut self) -> Result<(), Error> {
        if self.is_behind {
            let state = self.runtime.state();
            let next = state.next_height()?;
            let removed = self.mempool.update(next, &mut |account| standing(state, account))?;
            self.removed.extend(removed);
            self.is_behind = false;
        }
        Ok(())
    }

    /// Takes a candidate out that was rejected. One without room, or behind one that was rejected,
    /// can wait.
    fn drop_candidate(&mut self, candidates: &[Bytes], index: u32, status: Status) {
        if matches!(status, Status::BlockFull | Status::NonceAhead) {
            return;
        }
        let raw = candidates.get(index as usize);
        let Some(pending) = raw.and_then(|raw| Pending::decode(raw).ok()) else { return };
        if self.mempool.remove(&pending.id).is_some() {
            self.rejected.push((pending.id, status));
        }
    }
}

/// An account as committed state has it.
fn standing<S: Store>(state: &State<S>, account: &Address) -> Result<Standing, StoreError> {
    let account = View::account(state, account)?.unwrap_or_default();
    Ok(Standing::new(account.nonce, account.balance))
}

impl fmt::Display for SubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SubmitError::Rejected(status) => write!(f, "the chain would reject it: {status:?}"),
            SubmitError::Refused(refusal) => refusal.fmt(f),
            SubmitError::Failed(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SubmitError {}
