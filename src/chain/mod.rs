//! Floor 5: transactions, blocks and what comes of them.
//!
//! ```text
//!   encoded transaction ─▶ admission ─▶ execute: prepay, run, settle ─▶ Receipt
//!                             │             │ over one overlay for the whole block
//!                           Status          ▼
//!   OpenBlock ──────────────────────▶ Finished ─▶ prepare (roots) ─▶ commit (one durable batch)
//! ```
//!
//! Without a genesis, [`Runtime::deploy`] and [`Runtime::call`] do one thing at a time, each that
//! succeeds a block of its own.

mod admission;
mod audit;
mod block;
mod events;
mod execute;
mod genesis;
mod governance;
mod mempool;
mod merkle;
#[cfg(feature = "metrics")]
mod metrics;
mod parallel;
mod preflight;
mod protocol;
mod receipt;
mod replay;
mod requests;
mod rules;
mod runtime;
mod single_node;
mod spans;
mod state_machine;
#[cfg(test)]
mod tests;
mod transaction;

pub use audit::{
    AuditEntry, AuditFault, AuditLink, AuditRecord, AuditValue, AuditVerifier, Decision,
    DecisionSource,
};
pub use block::{Block, Header, app_hash, transactions_root};
pub use events::{
    ContractActivity, EventFilter, EventPage, EventPosition, IndexedEvent, IndexedTransaction,
    MOST_EVENTS, MOST_EXAMINED, SubscriptionId,
};
pub use execute::{COMMAND_TOPIC, METHOD_GOVERN, MIGRATE_MORE};
pub use genesis::{Genesis, GenesisError};
pub use governance::{
    Analysts, Change, Command, Governor, MOST_PAUSED, MOST_SCHEDULED, Parameters, Pauses,
};
pub use mempool::{
    MOST_EVICTED, Mempool, MempoolLimits, Pending, Reason, Refusal, Removed, Standing,
};
pub use merkle::{MerkleProof, merkle_root};
pub use preflight::{InterfaceDifference, Invariant, Preflight, VersionInfo};
pub use protocol::{Policy, Protocol, SEMANTICS};
pub use receipt::{BodyResult, CallTrap, Receipt, batch_results};
pub use replay::{ReplayReport, Replayed};
pub use requests::{Call, Deploy};
pub use runtime::{
    BlockError, BlockInfo, BlockResult, Error, Finished, OpenBlock, OpenError, Rejection, Runtime,
    RuntimeBuilder, Verified,
};
pub use single_node::{SingleNode, SubmitError};
pub use state_machine::{
    Answer, AnswerError, CheckTx, Committed, Finalized, Info, Proposal, ProposalRequest, Query,
    RestoreError, SnapshotOffer, SnapshotRestore, StateMachine, Trusted, Verdict, conformance,
};
pub use transaction::{
    ATTESTATION_BYTES, AdminOperation, Authentication, Body, CodeSource, Deployment, Fee,
    MOST_ATTESTATIONS, MOST_BODIES, Migration, ROTATION_TAG, SIGNING_TAG, SignedTransaction,
    Transaction, Upgrade, operation_hash,
};
