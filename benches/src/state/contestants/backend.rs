//! redb's file backend with a count of the syncs that pass through it.

use super::Settings;
use crate::Error;
use redb::backends::FileBackend;
use redb::{BackendError, Database, Durability, StorageBackend, WriteTransaction};
use std::fs::OpenOptions;
use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Opens or creates the database of a contestant; the second value counts the calls of `fdatasync`.
///
/// # Errors
/// A file that cannot be opened or is not a database.
pub(super) fn open(settings: &Settings) -> Result<(Database, Arc<AtomicU64>), Error> {
    let (backend, syncs) = Counting::open(settings)?;
    let mut builder = Database::builder();
    Ok((builder.set_cache_size(settings.cache_bytes).create_with_backend(backend)?, syncs))
}

/// Begins the transaction of a block: one durable two-phase commit.
///
/// # Errors
/// Whatever redb reports.
pub(super) fn begin_block(database: &Database) -> Result<WriteTransaction, Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    transaction.set_two_phase_commit(true);
    Ok(transaction)
}

/// The file, and how often it was synced.
#[derive(Debug)]
pub(super) struct Counting {
    inner: FileBackend,
    syncs: Arc<AtomicU64>,
}

impl Counting {
    /// Opens or creates `state.redb` in the directory of a contestant.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub(super) fn open(settings: &Settings) -> Result<(Self, Arc<AtomicU64>), Error> {
        let path = settings.directory.join("state.redb");
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        let syncs = Arc::new(AtomicU64::new(0));
        Ok((Counting { inner: FileBackend::new(file)?, syncs: syncs.clone() }, syncs))
    }
}

impl StorageBackend for Counting {
    fn len(&self) -> io::Result<u64> {
        self.inner.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.inner.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.inner.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.inner.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.inner.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.inner.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.query_lock_range(start, end)
    }
}
