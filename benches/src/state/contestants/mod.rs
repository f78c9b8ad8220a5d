//! The stores that the benchmark compares, behind one trait.
//!
//! A contestant holds the whole state and commits one block at a time: when `block` returns, the
//! block is on disk. To add one, implement [`Contestant`] and list it in [`ALL`].

mod backend;
mod flat;
mod jmt_redb;
mod nomt;
pub(super) mod ours;

use super::extras::Extras;
use crate::Error;
use std::path::PathBuf;

/// A key of the state: one tag byte, a 32-byte contract, a 32-byte storage key.
pub(crate) type Key = [u8; 65];
/// A value of the state.
pub(crate) type Value = [u8; 64];
/// How many rows a block updates.
pub(crate) const UPDATES: usize = 1000;
/// How many blocks back a contestant can undo, where it keeps undo data at all.
const UNDO_BLOCKS: u64 = 32;
/// How many rows a contestant loads per transaction: the loading is not measured.
const LOAD_ROWS: usize = 50_000;

/// How a contestant is opened.
pub(crate) struct Settings {
    /// Where its files are.
    pub(crate) directory: PathBuf,
    /// Memory for pages of redb, the same for all contestants that are over redb.
    pub(crate) cache_bytes: usize,
    /// Whether it is opened to be filled.
    pub(crate) is_loading: bool,
}

/// A store under measurement.
pub(crate) trait Contestant {
    /// Fills the empty store; durable when it returns.
    ///
    /// # Errors
    /// Whatever the store reports.
    fn load(&mut self, rows: &mut dyn Iterator<Item = (Key, Value)>) -> Result<(), Error>;

    /// Applies a block of updates and returns the new root, zero for a store without one; durable
    /// when it returns.
    ///
    /// # Errors
    /// Whatever the store reports.
    fn block(&mut self, updates: &[(Key, Value)]) -> Result<[u8; 32], Error>;

    /// The value of a key as of the last block.
    ///
    /// # Errors
    /// Whatever the store reports.
    fn read(&mut self, key: &Key) -> Result<Option<Value>, Error>;

    /// How often the store has asked the system to make its writes durable, since it was opened.
    fn syncs(&self) -> u64;

    /// Measures what only our state does, after the block `last`; none from a peer.
    ///
    /// # Errors
    /// Whatever the store reports.
    fn extras(self: Box<Self>, keys: u64, last: u64) -> Result<Option<Extras>, Error> {
        let _ = (keys, last);
        Ok(None)
    }
}

/// A contestant by name.
pub(crate) struct Entry {
    /// How options and tables call it.
    pub(crate) name: &'static str,
    /// What is measured, in a sentence for the foot of the table.
    pub(crate) about: &'static str,
    /// Opens or creates the store in a directory.
    pub(crate) open: fn(&Settings) -> Result<Box<dyn Contestant>, Error>,
}

/// The contestant that ratios refer to.
pub(crate) const REFERENCE: &str = "jmt-redb";
/// The cheapest layout of the same, for the second ratio.
pub(crate) const STRONGEST: &str = "jmt-redb-latest";

/// Our own, for the curve.
pub(crate) const OURS: [&str; 2] = ["ours-memory", "ours-bounded"];

/// All contestants, the reference first.
pub(crate) const ALL: &[Entry] = &[
    Entry { name: REFERENCE, about: jmt_redb::ABOUT_VERSIONED, open: jmt_redb::open_versioned },
    Entry { name: STRONGEST, about: jmt_redb::ABOUT_LATEST, open: jmt_redb::open_latest },
    Entry { name: "nomt", about: nomt::ABOUT, open: nomt::open },
    Entry { name: "flat", about: flat::ABOUT, open: flat::open },
    Entry { name: OURS[0], about: ours::ABOUT_MEMORY, open: ours::open_memory },
    Entry { name: OURS[1], about: ours::ABOUT_BOUNDED, open: ours::open_bounded },
];

/// The next rows of a load, at most [`LOAD_ROWS`], sorted by key.
fn next_rows(rows: &mut dyn Iterator<Item = (Key, Value)>) -> Vec<(Key, Value)> {
    let mut chunk: Vec<_> = rows.take(LOAD_ROWS).collect();
    chunk.sort_unstable();
    chunk
}
