//! Dropping the head: the last committed block is taken back, and everything is as it was before.
//!
//! A block is a function from one state to the next, and its undo the way back. What else it wrote
//! has its height in its key; what the chain above indexed comes from there.

use alloc::collections::BTreeSet;
use alloc::format;

use super::meta::Counters;
use super::prepare::{append, put_leaves, require_tables};
use super::prune::replaced_codes;
use super::undo::Undo;
use super::{Head, State};
use crate::primitives::{Hash, Height};
use crate::state::store::{Batch, Store, StoreError, StoreErrorKind, Table};
use crate::state::tree::Residence;

impl<S: Store> State<S> {
    /// Takes the last committed block back, in one durable write together with `rows`, and returns
    /// the head that there is now: the block before. Rows of the block go, in every table but
    /// [`Table::Index`], of which `rows` says what becomes. Every table is then as it was before
    /// that block, and another one can follow. Where this fails, this value is as it was before.
    ///
    /// # Errors
    ///
    /// Where the height below is not retained, of which the first block of a store is a case; where
    /// the head is pinned, a block is prepared, a row is one of another table, or the store fails.
    pub fn drop_head(&mut self, rows: &Batch) -> Result<Option<Head>, StoreError> {
        self.require_nothing_prepared()?;
        require_tables(rows, &[Table::Index])?;
        let below = self.height_below_head()?;
        let written = self.reach(below).and_then(|()| {
            let (mut batch, head) = self.way_back(below)?;
            append(&mut batch, Table::Index, rows);
            self.store.write(&batch).map(|()| head)
        });
        let head = match written {
            Ok(head) => head,
            Err(error) => {
                self.trim();
                return Err(error);
            }
        };
        self.tree.pop_newest();
        self.recent.pop_back();
        self.head = Some(head);
        #[cfg(feature = "metrics")]
        super::metrics::tell(&head, self.tree_bytes());
        Ok(Some(head))
    }

    /// The height that is the head's when the head is dropped.
    fn height_below_head(&self) -> Result<Height, StoreError> {
        let head = self.head.map_or(Height::default(), |head| head.height);
        let Some(below) = head.number().checked_sub(1).map(Height::new) else {
            let message = "there is no height below the head";
            return Err(StoreError::of(StoreErrorKind::NotRetained, message));
        };
        self.require_retained(below)?;
        if self.pins.contains(&head) {
            let message = format!("height {head} is pinned: a snapshot or a reader needs it");
            return Err(StoreError::refused(message));
        }
        Ok(below)
    }

    /// What makes the head the block of `below`, of which the tree has the version.
    fn way_back(&self, below: Height) -> Result<(Batch, Head), StoreError> {
        let dropped =
            below.next().ok_or_else(|| StoreError::corrupt("no height above a height"))?;
        let root = self.root_at(below)?;
        let found = self.tree.root_at(below.number());
        if found != Some(root) {
            let message = format!("state of {below} has another root than {root}");
            return Err(StoreError::corrupt(message));
        }
        let undo = self.undo(dropped)?;
        let mut batch = Batch::new();
        let mut totals = Counters::of(self.totals());
        for (key, previous) in undo.rows() {
            if let Some(current) = self.store.get(Table::State, key)? {
                totals.count(key, &current, -1)?;
            }
            match previous {
                Some(previous) => {
                    totals.count(key, previous, 1)?;
                    batch.put(Table::State, key, previous);
                }
                None => batch.remove(Table::State, key),
            }
        }
        for hash in self.code_added(&undo, below)? {
            batch.remove(Table::Code, *hash.as_bytes());
        }
        if self.residence == Residence::Bounded {
            put_leaves(&mut batch, &undo.leaves());
        }
        for table in [Table::Undo, Table::Roots, Table::Receipts, Table::Blocks] {
            self.remove_rows(&mut batch, table, dropped)?;
        }
        let oldest = self.head.map_or(below, |head| head.oldest);
        let totals = totals.totals().ok_or_else(|| StoreError::corrupt("totals below zero"))?;
        let head = Head { height: below, root, totals, oldest };
        head.put(&mut batch);
        Ok((batch, head))
    }

    /// Code that is there for the block of this undo alone: its record was not there at `below`,
    /// and no retained height up to there had it either.
    fn code_added(&self, undo: &Undo, below: Height) -> Result<BTreeSet<Hash>, StoreError> {
        let is_new = |(hash, had_record): (Hash, bool)| (!had_record).then_some(hash);
        let mut added: BTreeSet<Hash> = replaced_codes(undo).filter_map(is_new).collect();
        let oldest = self.head.map_or(below, |head| head.oldest);
        self.keep_unreleased(&mut added, oldest, below)?;
        Ok(added)
    }
}
