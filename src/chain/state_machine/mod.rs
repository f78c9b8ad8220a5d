//! [`StateMachine`]: a chain as a consensus engine drives it.
//!
//! ```text
//!                     ABCI 2.0            Malachite
//!   info              Info                (start)
//!   init_genesis      InitChain           (start, height 0)
//!   check_tx          CheckTx             the embedder's mempool
//!   prepare_proposal  PrepareProposal     GetValue
//!   process_proposal  ProcessProposal     the last proposal part, ProcessSyncedValue
//!   finalize_block    FinalizeBlock       Decided
//!   commit            Commit              Decided, after finalize_block
//!   query             Query               the embedder's interface
//!   snapshots         ListSnapshots       the embedder's state sync
//!   snapshot_chunk    LoadSnapshotChunk
//!   SnapshotRestore   OfferSnapshot, ApplySnapshotChunk
//! ```
//!
//! Synchronous and deterministic: what it answers is a function of what has been committed and of
//! the arguments. The time is the block's. Only `init_genesis` and `commit` make anything durable.

pub mod conformance;
mod query;
mod restore;
mod runtime;
mod snapshots;

use alloc::vec::Vec;

use dytallix_abi::Status;

use super::block::Block;
use super::genesis::Genesis;
use super::governance::Command;
use super::receipt::Receipt;
use super::runtime::{BlockError, BlockInfo, BlockResult, Error, OpenError};
use crate::primitives::{Address, Amount, Hash, Height};
use crate::state::{Bytes, StateRoot};

pub use query::{Answer, AnswerError, Query};
pub use restore::{RestoreError, SnapshotRestore, Trusted};
pub(super) use snapshots::Snapshot;
pub use snapshots::SnapshotOffer;

/// A chain as a consensus engine drives it: one block after the other, each decided before the
/// next is proposed.
///
/// What every implementation owes is tested by [`conformance`], which an embedder can run on their
/// own. [`Runtime`](super::Runtime) is one:
///
/// ```
/// use dytallix::chain::{Genesis, ProposalRequest, StateMachine};
/// use dytallix::{Address, Height, MemoryStore, Runtime};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut machine = Runtime::new(MemoryStore::new())?;
/// machine.init_genesis(&Genesis::new(7))?;
///
/// let (height, proposer) = (Height::new(1), Address::from_bytes([1; 32]));
/// let request = ProposalRequest::new(height, 1_700_000_000_000, proposer);
/// let proposal = machine.prepare_proposal(&request, &[])?;
/// assert!(machine.process_proposal(&proposal.block)?.is_accept());
///
/// // Decided: executed, and then durable.
/// let finalized = machine.finalize_block(&proposal.block)?;
/// let committed = StateMachine::commit(&mut machine)?;
/// assert_eq!(committed.app_hash, finalized.app_hash);
/// # Ok(())
/// # }
/// ```
pub trait StateMachine {
    /// How far the chain has come; none where it has not begun, and wants
    /// [`StateMachine::init_genesis`].
    ///
    /// # Errors
    ///
    /// Every method fails with [`Error::Fault`] where the store does, and with
    /// [`BlockError::NoChain`] where there is no chain yet, [`StateMachine::info`] apart.
    fn info(&self) -> Result<Option<Info>, Error>;

    /// Begins the chain, durably. A chain that has begun with the same genesis stays as it is.
    ///
    /// # Errors
    ///
    /// Where the genesis makes no sense, is not one that this build can run, or is another than
    /// that of the chain.
    fn init_genesis(&mut self, genesis: &Genesis) -> Result<Info, OpenError>;

    /// Whether a transaction is one for a mempool: its form, its signature, a nonce that has not
    /// been used, an account that can pay; all by committed state and by the rules of the next
    /// block. A nonce ahead is no fault: the transactions between may be on their way.
    ///
    /// # Errors
    ///
    /// See [`StateMachine::info`]. What is wrong with the transaction is in the answer.
    fn check_tx(&mut self, transaction: &Bytes) -> Result<CheckTx, Error>;

    /// The next block, of those candidates that are admitted, in their order, as far as there is
    /// room. Leaves nothing behind.
    ///
    /// # Errors
    ///
    /// Where the height is not the next, or the time is before that of the last block.
    fn prepare_proposal(
        &mut self,
        request: &ProposalRequest,
        candidates: &[Bytes],
    ) -> Result<Proposal, Error>;

    /// The next block of exactly these transactions, whatever they are: for engines that hand over
    /// transactions without our header.
    ///
    /// # Errors
    ///
    /// Where the time is before that of the last block.
    fn seal(&mut self, info: BlockInfo, transactions: Vec<Bytes>) -> Result<Block, Error>;

    /// Whether a proposed block is one to vote for: header, roots and sizes, and each transaction
    /// as far as it does not depend on those before it. Nothing is executed, and nothing is left
    /// behind. What [`StateMachine::prepare_proposal`] gives is accepted by all.
    ///
    /// # Errors
    ///
    /// See [`StateMachine::info`]. What is wrong with the block is in the verdict.
    fn process_proposal(&mut self, block: &Block) -> Result<Verdict, Error>;

    /// Executes the decided block. Nothing is durable: until [`StateMachine::commit`], the same
    /// block again gives the same answer, and another one takes its place. Each transaction has a
    /// receipt, also one that does not decode or is not admitted.
    ///
    /// # Errors
    ///
    /// With [`BlockError`] where it is not the next block, after which what was finalized before
    /// still is.
    fn finalize_block(&mut self, block: &Block) -> Result<Finalized, Error>;

    /// Makes the finalized block durable, in one transaction of the store.
    ///
    /// # Errors
    ///
    /// Where nothing has been finalized, or the store fails: then the block has not happened, and
    /// has to be finalized again, if need be after a restart.
    fn commit(&mut self) -> Result<Committed, Error>;

    /// What state holds at a place, at a height that is retained, or at the last one. With `prove`,
    /// so that it can be verified by the app hash alone.
    ///
    /// # Errors
    ///
    /// Where the height is not retained.
    fn query(
        &mut self,
        query: &Query,
        height: Option<Height>,
        prove: bool,
    ) -> Result<Answer, Error>;

    /// Takes a snapshot of the last block, in chunks of about that many bytes: reads all of state
    /// once. The height stays retained until the snapshot is dropped or this value is.
    ///
    /// # Errors
    ///
    /// Where there is no block, or its receipts are not here, as after a restore.
    fn take_snapshot(&mut self, chunk_bytes: usize) -> Result<SnapshotOffer, Error>;

    /// The snapshots that were taken, lowest height first.
    fn snapshots(&self) -> Vec<SnapshotOffer>;

    /// A chunk of a snapshot; none where there is no such snapshot or chunk.
    ///
    /// # Errors
    ///
    /// See [`StateMachine::info`].
    fn snapshot_chunk(&self, height: Height, number: u32) -> Result<Option<Vec<u8>>, Error>;

    /// Drops a snapshot, where there is one of that height.
    fn drop_snapshot(&mut self, height: Height);
}

/// How far a chain has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// The number of the chain.
    pub chain_id: u64,
    /// The height of the last block that is durable; 0 for the genesis.
    pub height: Height,
    /// The hash of its header; that of the genesis at height 0.
    pub hash: Hash,
    /// Its time, in milliseconds.
    pub time_ms: u64,
    /// What it came to, which the next header carries.
    pub app_hash: Hash,
    /// The id of the protocol that it was executed under.
    pub protocol: Hash,
}

/// What a mempool wants to know of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckTx {
    /// [`Status::Success`], or why it is rejected.
    pub status: Status,
    /// Its gas limit; 0 where it is rejected.
    pub gas_limit: u64,
    /// What it pays per gas to come sooner: its tip.
    pub priority: Amount,
}

/// What a proposer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProposalRequest {
    /// The height of the block.
    pub height: Height,
    /// Its time, in milliseconds.
    pub time_ms: u64,
    /// Who proposes it.
    pub proposer: Address,
    /// Bytes that its transactions may have together; the policy of the chain holds too.
    pub max_bytes: u64,
}

/// A proposed block.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proposal {
    /// The block.
    pub block: Block,
    /// The candidates that are not in it, by their index, ascending, and why: with
    /// [`Status::BlockFull`] where there is no room for them.
    pub dropped: Vec<(u32, Status)>,
}

/// What is to be voted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// For the block.
    Accept,
    /// Against it, and why.
    Reject(BlockError),
}

/// What a decided block comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finalized {
    /// Its height.
    pub height: Height,
    /// The hash of its header.
    pub hash: Hash,
    /// A receipt for each transaction.
    pub receipts: Vec<Receipt>,
    /// The root of state after it.
    pub state_root: StateRoot,
    /// The Merkle root over the encoded receipts.
    pub receipts_root: Hash,
    /// Both as one hash, which the next header carries.
    pub app_hash: Hash,
    /// Changes of those who decide blocks, as the consensus engine reads them. The ledger makes
    /// none: a chain whose validators change fills this in.
    pub validator_updates: Vec<u8>,
    /// Changes that the governor wanted and that took effect with it.
    pub governed: Vec<Command>,
}

/// What has become durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Committed {
    /// The height of the block.
    pub height: Height,
    /// The hash of its header.
    pub hash: Hash,
    /// What it came to.
    pub app_hash: Hash,
    /// The lowest height that is still retained here: an engine need not keep blocks below.
    pub retain_height: Height,
}

impl CheckTx {
    /// A transaction that is rejected.
    #[must_use]
    pub const fn rejected(status: Status) -> CheckTx {
        CheckTx { status, gas_limit: 0, priority: Amount::ZERO }
    }

    /// Whether it is one for a mempool.
    #[must_use]
    pub const fn is_admitted(&self) -> bool {
        self.status.is_success()
    }
}

impl ProposalRequest {
    /// A request for a block of that height and time by that proposer, as large as the policy of
    /// the chain lets it be.
    #[must_use]
    pub const fn new(height: Height, time_ms: u64, proposer: Address) -> ProposalRequest {
        ProposalRequest { height, time_ms, proposer, max_bytes: u64::MAX }
    }

    /// The same with at most that many bytes of transactions.
    #[must_use]
    pub const fn max_bytes(self, max_bytes: u64) -> ProposalRequest {
        ProposalRequest { max_bytes, ..self }
    }
}

impl Verdict {
    /// Whether it is for the block.
    #[must_use]
    pub const fn is_accept(&self) -> bool {
        matches!(self, Verdict::Accept)
    }
}

impl From<&BlockResult> for Finalized {
    fn from(result: &BlockResult) -> Finalized {
        Finalized {
            height: result.header.height,
            hash: result.hash,
            receipts: result.receipts.clone(),
            state_root: result.state_root,
            receipts_root: result.receipts_root,
            app_hash: result.app_hash,
            validator_updates: Vec::new(),
            governed: result.governed.clone(),
        }
    }
}
