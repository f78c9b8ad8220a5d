//! Committing in two steps: a block is prepared, which gives its root, and then made durable.
//!
//! ```text
//!   ChangeSet ── prepare ──▶ a version of the tree above the head's, and the batch of the block
//!                               │ nothing is written; the head stays what it was
//!                               ├── commit_prepared(rows) ──▶ one durable write: the new head
//!                               └── abandon, or prepare again ──▶ the version is dropped
//! ```
//!
//! A bounded tree reads its leaves from the store, and those of the prepared version are not there.
//! It need not read any: the version is made from the leaves of the head, is never proved, and
//! becomes the head in the same write that brings its leaves.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::undo::{self, LeafChange, LeavesAt, Undo};
use super::{Block, Head, Recent, State, meta, opening};
use crate::primitives::{Hash, Height};
use crate::state::changes::{ChangeSet, RowChange};
use crate::state::store::{Batch, Bytes, Store, StoreError, Table};
use crate::state::tree::{Leaf, Residence, StateRoot, digest};
use crate::state::view::View;

/// A block whose version of the tree is there, and of which nothing is written yet.
#[derive(Debug)]
pub(super) struct Prepared {
    /// What the head will be.
    head: Head,
    /// Everything that the block writes but the rows that come with its commit.
    batch: Batch,
    undo: Arc<Undo>,
    /// How many rows of state it changes.
    #[cfg_attr(not(feature = "metrics"), expect(dead_code, reason = "only told as a metric"))]
    changed: usize,
}

impl<S: Store> State<S> {
    /// Commits a block and returns the root of state after it: [`State::prepare`] and
    /// [`State::commit_prepared`] in one. When this returns, the block is durable; where it fails,
    /// this value is as it was before, and without a prepared block. A store that failed in the
    /// middle may want to be opened anew, and then has the block or has it not, as a whole.
    ///
    /// # Errors
    ///
    /// Where the block does not follow the head, its changes are not changes of the head, or the
    /// store fails.
    pub fn commit(&mut self, block: Block<'_>) -> Result<StateRoot, StoreError> {
        self.prepare(block.height, block.changes)?;
        let mut rows = Batch::new();
        for (index, receipt) in (0_u32..).zip(block.receipts) {
            rows.put(Table::Receipts, undo::key(block.height, index), receipt.clone());
        }
        self.commit_prepared(&rows)
    }

    /// Makes the version of the tree of the next block and returns its root; nothing is written,
    /// and state stays that of the head for all who read it. What was prepared before is dropped,
    /// also where this fails.
    ///
    /// While a block is prepared, [`State::prune`] and [`State::drop_head`] refuse; everything else
    /// answers for the head.
    ///
    /// # Errors
    ///
    /// Where the block does not follow the head, its changes are not changes of the head, or the
    /// store fails.
    pub fn prepare(
        &mut self,
        height: Height,
        changes: &ChangeSet,
    ) -> Result<StateRoot, StoreError> {
        self.abandon()?;
        self.check_follows(height, changes)?;
        let totals = self.totals().after(changes)?;
        let rows = changes.rows();
        let undo = Arc::new(Undo::of(&rows));
        let leaves = leaf_changes(&rows);
        let root = self.push_version(height, &leaves)?;
        let oldest = self.head.map_or(height, |head| head.oldest);
        let head = Head { height, root, totals, oldest };
        let batch = self.batch(&head, rows, &changes.code, &leaves, &undo);
        self.prepared = Some(Prepared { head, batch, undo, changed: changes.len() });
        Ok(root)
    }

    /// The block that is prepared, if one is: its height and the root of state after it.
    #[must_use]
    pub fn prepared(&self) -> Option<(Height, StateRoot)> {
        self.prepared.as_ref().map(|prepared| (prepared.head.height, prepared.head.root))
    }

    /// Drops the block that is prepared, if one is.
    ///
    /// # Errors
    ///
    /// Where no tree can be made; then the block stays prepared.
    pub fn abandon(&mut self) -> Result<(), StoreError> {
        if self.prepared.is_some() {
            self.pop_version()?;
            self.prepared = None;
        }
        Ok(())
    }

    /// Makes the prepared block durable together with `rows`, and returns the root of state after
    /// it. Rows are put and removed in the tables [`Table::Receipts`], [`Table::Blocks`] and
    /// [`Table::Index`] alone; keys that are put in the first two begin with the height of the
    /// block. When this returns, the block is durable; where it fails, this value is as it was
    /// before [`State::prepare`]. A store that failed in the middle may want to be opened anew, and
    /// then has the block or has it not, as a whole.
    ///
    /// # Errors
    ///
    /// Where nothing is prepared, a row is one of another table or height, or the store fails.
    pub fn commit_prepared(&mut self, rows: &Batch) -> Result<StateRoot, StoreError> {
        let Some(mut prepared) = self.prepared.take() else {
            return Err(StoreError::refused("no block is prepared"));
        };
        let written = check_rows(prepared.head.height, rows).and_then(|()| {
            for table in [Table::Receipts, Table::Blocks, Table::Index] {
                append(&mut prepared.batch, table, rows);
            }
            self.store.write(&prepared.batch)
        });
        if let Err(error) = written {
            self.pop_version()?;
            return Err(error);
        }
        let head = prepared.head;
        self.head = Some(head);
        self.recent.push_back(Recent::of(prepared.undo, self.residence));
        self.trim();
        // Last, since a recorder is the embedder's, and may panic.
        #[cfg(feature = "metrics")]
        super::metrics::committed(&head, prepared.changed, self.tree_bytes());
        Ok(head.root)
    }

    /// Refuses what would change the head or its history below a prepared block.
    pub(super) fn require_nothing_prepared(&self) -> Result<(), StoreError> {
        match self.prepared() {
            Some((height, _)) => Err(StoreError::refused(format!(
                "block {height} is prepared: it has to be committed or abandoned first"
            ))),
            None => Ok(()),
        }
    }

    fn check_follows(&self, height: Height, changes: &ChangeSet) -> Result<(), StoreError> {
        let head = self.head.map(|head| head.height);
        if head.is_some() && head.and_then(Height::next) != Some(height) {
            let head = head.unwrap_or_default();
            return Err(StoreError::refused(format!("block {height} does not follow {head}")));
        }
        if height.next().is_none() {
            return Err(StoreError::refused("the last height of all has no next one"));
        }
        if changes.base != self.base() {
            return Err(StoreError::refused(
                "the changes are those of another state than the head",
            ));
        }
        if !changes.is_sorted() {
            return Err(StoreError::refused("the changes are not sorted with one for each place"));
        }
        Ok(())
    }

    /// Makes the next version of the tree.
    fn push_version(
        &mut self,
        height: Height,
        leaves: &[LeafChange],
    ) -> Result<StateRoot, StoreError> {
        if self.head.is_none() {
            // The first block may have any height, so there is no version below it.
            let leaf = |(key, value): &LeafChange| Some(Leaf { key: *key, value: (*value)? });
            let leaves: Vec<Leaf> = leaves.iter().filter_map(leaf).collect();
            self.tree = opening::build(self.residence, height.number(), &leaves)?;
            return Ok(self.tree.root());
        }
        let below = LeavesAt { store: &self.store, above: Vec::new() };
        self.tree.push(height.number(), leaves, &below)
    }

    /// Takes the version back that was made last.
    fn pop_version(&mut self) -> Result<(), StoreError> {
        match self.head {
            Some(_) => _ = self.tree.pop_newest(),
            None => self.tree = opening::build(self.residence, 0, &[])?,
        }
        Ok(())
    }

    fn batch(
        &self,
        head: &Head,
        rows: Vec<RowChange>,
        code: &[(Hash, Bytes)],
        leaves: &[LeafChange],
        undo: &Undo,
    ) -> Batch {
        let mut batch = Batch::new();
        for row in rows {
            match row.current {
                Some(value) => batch.put(Table::State, row.place, value),
                None => batch.remove(Table::State, row.place),
            }
        }
        for (hash, code) in code {
            batch.put(Table::Code, *hash.as_bytes(), code.clone());
        }
        if self.residence == Residence::Bounded {
            put_leaves(&mut batch, leaves);
            if self.head.is_none() {
                meta::put_leaves(&mut batch, true);
            }
        }
        // Below the first block there is no height that could be read.
        if self.head.is_some() {
            undo.put(&mut batch, head.height);
        }
        meta::put_roots(&mut batch, head);
        head.put(&mut batch);
        batch
    }
}

/// Adds changes of leaves to a batch.
pub(super) fn put_leaves(batch: &mut Batch, leaves: &[LeafChange]) {
    for (key, value) in leaves {
        match value {
            Some(value) => batch.put(Table::Leaves, *key, *value),
            None => batch.remove(Table::Leaves, *key),
        }
    }
}

/// Adds the writes of a table to a batch.
pub(super) fn append(batch: &mut Batch, table: Table, rows: &Batch) {
    for (key, value) in rows.writes(table) {
        match value {
            Some(value) => batch.put(table, key.clone(), value.clone()),
            None => batch.remove(table, key.clone()),
        }
    }
}

/// Rows that come with a block are of the tables that the chain above fills, and what is of one
/// height is of that of the block: rows of others would stay for ever, or go too early.
fn check_rows(height: Height, rows: &Batch) -> Result<(), StoreError> {
    require_tables(rows, &[Table::Receipts, Table::Blocks, Table::Index])?;
    let height_key = height.number().to_be_bytes();
    for (table, length) in [(Table::Receipts, 12), (Table::Blocks, 8)] {
        let is_of_height = |key: &Bytes| key.len() == length && key.starts_with(&height_key);
        let mut put = rows.writes(table).iter().filter(|(_, value)| value.is_some());
        if !put.all(|(key, _)| is_of_height(key)) {
            let name = table.name();
            return Err(StoreError::refused(format!("a row of {name} has no key of {height}")));
        }
    }
    Ok(())
}

/// There are writes in these tables alone.
pub(super) fn require_tables(rows: &Batch, tables: &[Table]) -> Result<(), StoreError> {
    let is_other = |table: &Table| !tables.contains(table) && !rows.writes(*table).is_empty();
    match Table::ALL.into_iter().find(is_other) {
        Some(table) => {
            let message = format!("rows of the table {} do not come this way", table.name());
            Err(StoreError::refused(message))
        }
        None => Ok(()),
    }
}

/// The leaves that rows change, in order of their keys.
fn leaf_changes(rows: &[RowChange]) -> Vec<LeafChange> {
    let change = |row: &RowChange| (digest(&row.place), row.current.as_deref().map(digest));
    let mut leaves: Vec<LeafChange> = rows.iter().map(change).collect();
    leaves.sort_unstable_by_key(|(key, _)| *key);
    leaves
}
