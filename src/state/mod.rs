//! Floor 3, the ledger wing: accounts, contract storage and code, journaled and committed.
//!
//! ```text
//!   host, chain ──▶ Overlay ── reads through a View ──▶ State (committed) ──▶ Store (tables)
//!                     │  journal: Vec<Entry>,             │ tree, proofs,
//!                     │  checkpoint/commit/revert         │ undo, snapshots
//!                     └────────── ChangeSet ─────────────▶┘ one durable batch a block
//! ```
//!
//! Nothing here names an instruction or a module. A [`ChangeSet`] is a function of what changed,
//! never of the order in which it happened; a [`StateRoot`] is a function of what state holds,
//! never of its history.

mod account;
mod changes;
mod committed;
mod journal;
mod overlay;
mod proof;
mod rows;
mod snapshot;
mod store;
mod tree;
mod view;

pub use account::{Account, Admin, Analysis, Auth, CodeInfo, ContractInfo, PastVersion, Usage};
pub use changes::{Change, ChangeSet};
pub use committed::{
    Block, CheckReport, Checking, Head, KeyProof, Pruned, State, StateAt, StateOptions, Totals,
};
pub use journal::{Checkpoint, Event};
pub use overlay::{Overlay, Place, StateError};
#[cfg(feature = "std")]
pub(crate) use overlay::{Room, Trace};
pub use proof::{
    Ics23Entry, Proof, ProofError, RangeProof, ics23_existence, ics23_non_existence, ics23_spec,
};
pub use rows::{StateKey, StateRow};
pub(crate) use rows::{read_admin, write_admin};
pub use snapshot::{Manifest, Restore, SnapshotError, SnapshotWriter};
pub use store::{
    Batch, Bytes, KeyRange, MemoryStore, Order, Store, StoreError, StoreErrorKind, Table, Visit,
    Write, conformance, is_empty_range,
};
#[cfg(feature = "disk")]
pub use store::{DiskOptions, DiskStore};
pub use tree::{KeyHash, Leaf, Residence, StateRoot, ValueHash};
pub use view::{Base, StorageEntry, View};

#[cfg(test)]
pub(crate) mod tests;
