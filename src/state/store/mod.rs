//! What holds state: a few ordered tables of bytes, changed by atomic and durable batches.
//!
//! The trait is small so that an embedder can put any ordered store behind it, and the meaning of
//! the bytes is none of its business: roots, history, proofs, snapshots and pruning are made above
//! it, once, by [`State`](super::State). `docs/state-format.md` shows every row.

pub mod conformance;
#[cfg(feature = "disk")]
mod disk;
mod memory;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Bound, ControlFlow};

#[cfg(feature = "disk")]
pub use disk::{DiskOptions, DiskStore};
pub use memory::MemoryStore;

/// Bytes that are shared, never changed: keys, values and code.
pub type Bytes = Arc<[u8]>;

/// Keys from one bound to another, in byte order.
pub type KeyRange<'a> = (Bound<&'a [u8]>, Bound<&'a [u8]>);

/// Called for each row; says whether to go on.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// One of the tables of a store. The numbers and names are part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Table {
    /// Rows of state, by state key.
    State = 1,
    /// Code, by hash.
    Code = 2,
    /// Value hashes by key hash, 32 bytes each, where the tree is not wholly in memory.
    Leaves = 3,
    /// What each block replaced, by height and part.
    Undo = 4,
    /// State roots, by height.
    Roots = 5,
    /// Receipts, by height and index.
    Receipts = 6,
    /// What the store is and how far it has come.
    Meta = 7,
    /// Blocks, by height. What is in one is the business of the chain above.
    Blocks = 8,
    /// What the chain above finds transactions, events and contracts by: its keys, its values.
    Index = 9,
}

impl Table {
    /// Every table, in order of number.
    pub const ALL: [Table; 9] = [
        Table::State,
        Table::Code,
        Table::Leaves,
        Table::Undo,
        Table::Roots,
        Table::Receipts,
        Table::Meta,
        Table::Blocks,
        Table::Index,
    ];

    /// Its name in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Table::State => "state",
            Table::Code => "code",
            Table::Leaves => "leaves",
            Table::Undo => "undo",
            Table::Roots => "roots",
            Table::Receipts => "receipts",
            Table::Meta => "meta",
            Table::Blocks => "blocks",
            Table::Index => "index",
        }
    }
}

/// Which way a range is walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Lowest key first.
    #[default]
    Ascending,
    /// Highest key first.
    Descending,
}

/// Ordered tables of bytes.
///
/// What every implementation owes is tested by [`conformance`], which an embedder can run on their
/// own: readers see all of a batch or nothing of it, after a crash too; what [`Store::write`] has
/// returned from stays; keys are ordered as bytes.
///
/// Threads read it together, since a chain may run transactions side by side over one state.
pub trait Store: Send + Sync {
    /// The value of `key`.
    ///
    /// # Errors
    ///
    /// Every method fails only where the medium does: that is a fault of the node, never of a
    /// guest.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError>;

    /// Shows the rows with keys in `range` to `visit`, one after the other, until it breaks. A
    /// range that is inside out is empty.
    ///
    /// # Errors
    ///
    /// See [`Store::get`].
    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError>;

    /// Applies a batch, all of it or, on failure, nothing, and returns when it is durable.
    ///
    /// # Errors
    ///
    /// See [`Store::get`]. After a failure the store shows what it showed before; it may refuse
    /// everything until it is opened anew.
    fn write(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// Checks what the medium can check of itself: checksums, page structure.
    ///
    /// # Errors
    ///
    /// With [`StoreErrorKind::Corrupt`] where it finds damage.
    fn verify_medium(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Writes that are applied together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    tables: [Vec<Write>; Table::ALL.len()],
}

/// A new value for a key, or its removal.
pub type Write = (Bytes, Option<Bytes>);

impl Batch {
    /// A batch without writes.
    #[must_use]
    pub fn new() -> Self {
        Batch::default()
    }

    /// Sets the value of a key.
    pub fn put(&mut self, table: Table, key: impl Into<Bytes>, value: impl Into<Bytes>) {
        self.tables[table as usize - 1].push((key.into(), Some(value.into())));
    }

    /// Removes a key; one that is not there is no error.
    pub fn remove(&mut self, table: Table, key: impl Into<Bytes>) {
        self.tables[table as usize - 1].push((key.into(), None));
    }

    /// The writes of a table in the order in which they were added, which is the order in which
    /// they take effect. Writing in key order is fastest.
    #[must_use]
    pub fn writes(&self, table: Table) -> &[Write] {
        &self.tables[table as usize - 1]
    }

    /// Whether there is no write in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(Vec::is_empty)
    }

    /// How many writes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tables.iter().map(Vec::len).sum()
    }
}

/// Whether no key can be in `range`.
#[must_use]
pub fn is_empty_range(range: &KeyRange<'_>) -> bool {
    match range {
        (Bound::Included(a), Bound::Included(b)) => a > b,
        (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b) | Bound::Excluded(b)) => {
            a >= b
        }
        _ => false,
    }
}

/// What is left of a range after the key that was reached.
pub(crate) fn after<'a>(
    range: KeyRange<'a>,
    order: Order,
    reached: Option<&'a [u8]>,
) -> KeyRange<'a> {
    match (reached, order) {
        (None, _) => range,
        (Some(key), Order::Ascending) => (Bound::Excluded(key), range.1),
        (Some(key), Order::Descending) => (range.0, Bound::Excluded(key)),
    }
}

/// The part of a range as far as `end`.
pub(crate) fn upto<'a>(range: KeyRange<'a>, order: Order, end: Option<&'a [u8]>) -> KeyRange<'a> {
    match (end, order) {
        (None, _) => range,
        (Some(key), Order::Ascending) => (range.0, Bound::Included(key)),
        (Some(key), Order::Descending) => (Bound::Included(key), range.1),
    }
}

/// A failure of what holds the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
}

/// What a [`StoreError`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The medium failed: input, output, space.
    Medium,
    /// What is stored contradicts itself.
    Corrupt,
    /// It is no store of ours, or one of another version.
    Foreign,
    /// Somebody else has it open.
    InUse,
    /// A height was asked for that is not retained, or not there yet.
    NotRetained,
    /// It holds a restore of a snapshot that is not finished.
    Unfinished,
    /// It was asked for something that makes no sense: a block that does not follow, a range that
    /// ends before it starts, a height to prune that is pinned.
    Refused,
}

impl StoreError {
    /// A failure of the medium that `message` explains, for people.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        StoreError::of(StoreErrorKind::Medium, message)
    }

    /// A failure of that kind.
    #[must_use]
    pub fn of(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        StoreError { kind, message: message.into() }
    }

    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// What is stored contradicts itself, as `message` explains.
    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        StoreError::of(StoreErrorKind::Corrupt, message)
    }

    /// It cannot give what it was asked for, as `message` explains.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        StoreError::of(StoreErrorKind::Refused, message)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StoreErrorKind::Medium => "the store failed: ",
            StoreErrorKind::Corrupt => "the store is damaged: ",
            StoreErrorKind::Foreign => "not a store that this version can open: ",
            StoreErrorKind::InUse => "the store is in use: ",
            StoreErrorKind::NotRetained => "not retained: ",
            StoreErrorKind::Unfinished => "not finished: ",
            StoreErrorKind::Refused => "the store refused: ",
        })?;
        f.write_str(&self.message)
    }
}

impl core::error::Error for StoreError {}
