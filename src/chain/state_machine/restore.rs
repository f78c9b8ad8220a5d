//! [`SnapshotRestore`]: a chain that begins in the middle, from a snapshot of others.
//!
//! ```text
//!   trusted: header of the height, and the app hash that the next header carries
//!        │ app hash = state root ‖ receipts root, so the offer's roots can be believed
//!        ▼
//!   offer ─▶ begin ─▶ add chunk 0, 1, … ─▶ finish: rows have the root ─▶ Runtime
//! ```
//!
//! A snapshot has state and no blocks. What the next block has to know of the last one is written
//! before the first chunk, so that at no instant there is state without it.

use core::fmt;
use core::ops::{Bound, ControlFlow};

use super::SnapshotOffer;
use crate::chain::block::{Header, app_hash};
use crate::chain::runtime::{OpenError, Runtime, RuntimeBuilder, Tip};
use crate::primitives::Hash;
use crate::state::{Batch, Checking, Order, Restore, SnapshotError, Store, StoreError, Table};

/// What somebody who restores a snapshot has to know from a source that they trust: a light client
/// that follows the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trusted {
    /// The header of the height of the snapshot.
    pub header: Header,
    /// What that block came to: the app hash in the header of the next height.
    pub app_hash: Hash,
}

impl Trusted {
    /// That header, of a block that came to that app hash.
    #[must_use]
    pub const fn new(header: Header, app_hash: Hash) -> Trusted {
        Trusted { header, app_hash }
    }
}

/// Why a snapshot was not restored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestoreError {
    /// The roots of the offer do not make the trusted app hash.
    AppHash {
        /// What they make.
        found: Hash,
    },
    /// The snapshot is none, or not that of the trusted height and root.
    Snapshot(SnapshotError),
    /// The state is there, and no runtime can be made over it.
    Open(OpenError),
}

/// A restore that has begun. Dropped, it can be gone on with by [`SnapshotRestore::begin`] with the
/// same offer.
#[derive(Debug)]
pub struct SnapshotRestore<S> {
    chunks: Restore<S>,
}

impl<S: Store> SnapshotRestore<S> {
    /// Begins a restore into an empty store, or goes on with one of the same snapshot.
    ///
    /// # Errors
    ///
    /// Where the offer is not one of the trusted block, the store is not empty or holds an
    /// unfinished restore of another snapshot, or the store fails.
    pub fn begin(store: S, offer: &SnapshotOffer, trusted: &Trusted) -> Result<Self, RestoreError> {
        let manifest = &offer.manifest;
        let found = app_hash(&manifest.root, &offer.receipts_root);
        if found != trusted.app_hash {
            return Err(RestoreError::AppHash { found });
        }
        let begin =
            |store| Restore::begin(store, manifest.clone(), trusted.header.height, &manifest.root);
        // The first time sees that the store is one to restore into; only then it is written to.
        let mut store = begin(store)?.into_store();
        let mut rows = Batch::new();
        Tip::of(&trusted.header, trusted.header.hash(), trusted.app_hash).put(&mut rows);
        store.write(&rows)?;
        Ok(SnapshotRestore { chunks: begin(store)? })
    }

    /// The number of the chunk that is wanted next; none when all are there.
    #[must_use]
    pub fn wanted(&self) -> Option<u32> {
        self.chunks.wanted()
    }

    /// Takes the chunk that is wanted. When this returns, it is durable.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Unexpected`] and [`SnapshotError::Chunk`], after which the right chunk can
    /// be given; where the store fails.
    pub fn add(&mut self, number: u32, chunk: &[u8]) -> Result<(), RestoreError> {
        Ok(self.chunks.add(number, chunk)?)
    }

    /// Gives the store back, with the restore unfinished: it can be gone on with later.
    #[must_use]
    pub fn into_store(self) -> S {
        self.chunks.into_store()
    }

    /// Compares what was loaded with the trusted root, and makes the runtime that goes on from
    /// there. Tells `progress` every 10,000 rows.
    ///
    /// # Errors
    ///
    /// Where chunks are missing, or are not the state of the root, what [`RuntimeBuilder::build`]
    /// says, and where the store fails.
    pub fn finish(
        self,
        builder: RuntimeBuilder,
        progress: &mut dyn FnMut(Checking),
    ) -> Result<Runtime<S>, RestoreError> {
        let state = self.chunks.finish(builder.state_options().clone(), progress)?;
        builder.over(state).map_err(RestoreError::Open)
    }

    /// Gives up an unfinished restore in a store, whichever it is of, and gives the empty store
    /// back.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub fn abandon(store: S) -> Result<S, StoreError> {
        let mut store = Restore::abandon(store)?;
        let (mut is_empty, all) = (true, (Bound::Unbounded, Bound::Unbounded));
        store.scan(Table::State, all, Order::Ascending, &mut |_, _| {
            is_empty = false;
            ControlFlow::Break(())
        })?;
        // A chain has state from its genesis on: without any, the row is that of the restore.
        if is_empty {
            let mut rows = Batch::new();
            Tip::remove(&mut rows);
            store.write(&rows)?;
        }
        Ok(store)
    }
}

impl From<SnapshotError> for RestoreError {
    fn from(error: SnapshotError) -> Self {
        RestoreError::Snapshot(error)
    }
}

impl From<StoreError> for RestoreError {
    fn from(error: StoreError) -> Self {
        RestoreError::Snapshot(SnapshotError::Store(error))
    }
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RestoreError::AppHash { found } => {
                write!(f, "the roots of the snapshot make the app hash {found}, another is trusted")
            }
            RestoreError::Snapshot(error) => error.fmt(f),
            RestoreError::Open(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for RestoreError {}
