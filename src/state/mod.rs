//! Floor 3, the ledger wing: accounts, contract storage and code, journaled.
//!
//! ```text
//!   host, chain ──▶ Overlay ── reads through ──▶ Store (committed state)
//!                     │  journal: Vec<Entry>,        ▲
//!                     │  checkpoint/commit/revert    │ commit, atomic
//!                     └───────── ChangeSet ──────────┘ sorted, canonical
//! ```
//!
//! Nothing here names an instruction or a module. A [`ChangeSet`] is a function of what changed,
//! never of the order in which it happened.

mod account;
mod journal;
mod overlay;
mod store;

pub use account::{Account, ContractInfo};
pub use journal::{Checkpoint, Event};
pub use overlay::{Overlay, StateError};
pub use store::{Bytes, ChangeSet, MemoryStore, StorageChange, StorageEntry, Store, StoreError};

#[cfg(test)]
pub(crate) mod tests;
