//! Pruning: old heights, their receipts and blocks, and code that no retained height holds.
//!
//! There are no tree nodes to look for: what makes a height old are its undo, its root, its
//! receipts and its block, and they go in bounded steps. State at the head and its root are never
//! touched. The index is the chain's: it takes its rows of a height out before that is pruned.

use alloc::collections::BTreeSet;
use alloc::format;
use core::ops::{Bound, ControlFlow};

use super::meta::Head;
use super::prepare::require_tables;
use super::undo::Undo;
use super::{State, StateRoot};
use crate::primitives::{Hash, Height};
use crate::state::rows::{Place, StateKey, place};
use crate::state::store::{Batch, Order, Store, StoreError, Table};

/// What a step of pruning did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pruned {
    /// Heights that can no longer be read.
    pub heights: u64,
    /// Rows that were removed: undo, roots, receipts, blocks.
    pub rows: u64,
    /// Code that was removed.
    pub codes: u64,
    /// Heights that are still to be pruned.
    pub remaining: u64,
}

impl<S: Store> State<S> {
    /// Drops heights until the last `retention` blocks are left, at most `steps` heights in this
    /// call; [`Pruned::remaining`] says how many are left to drop. Retaining none retains the head.
    /// Rows of [`Table::Index`] stay: [`State::write_index`] removes them.
    ///
    /// # Errors
    ///
    /// Where a height that would go is pinned, of which nothing is dropped, a block is prepared, or
    /// the store fails.
    pub fn prune(&mut self, retention: u64, steps: u64) -> Result<Pruned, StoreError> {
        self.require_nothing_prepared()?;
        let Some(head) = self.head else { return Ok(Pruned::default()) };
        let keep_from = head.height.number().saturating_sub(retention.max(1) - 1);
        let keep_from = keep_from.max(head.oldest.number());
        if let Some(pinned) = self.pins.iter().min().filter(|pin| pin.number() < keep_from) {
            let message = format!("height {pinned} is pinned: a snapshot or a reader needs it");
            return Err(StoreError::refused(message));
        }
        let all = keep_from - head.oldest.number();
        let heights = all.min(steps);
        let mut pruned = Pruned { heights, remaining: all - heights, ..Pruned::default() };
        if heights == 0 {
            return Ok(pruned);
        }
        let oldest = Height::new(head.oldest.number() + heights);
        let mut batch = Batch::new();
        let mut codes = BTreeSet::new();
        for height in head.oldest.number()..oldest.number() {
            let height = Height::new(height);
            // The undo above a height is what makes that height readable.
            let above = Height::new(height.number() + 1);
            let undo = self.undo(above)?;
            codes.extend(released_codes(&undo));
            pruned.rows += self.remove_rows(&mut batch, Table::Undo, above)?;
            for table in [Table::Roots, Table::Receipts, Table::Blocks] {
                // The row of height 0 is no block but what the chain began with.
                if table == Table::Blocks && height == Height::default() {
                    continue;
                }
                pruned.rows += self.remove_rows(&mut batch, table, height)?;
            }
        }
        for hash in self.code_not_held(codes, oldest)? {
            batch.remove(Table::Code, *hash.as_bytes());
            pruned.codes += 1;
        }
        let head = Head { oldest, ..head };
        head.put(&mut batch);
        self.store.write(&batch)?;
        self.head = Some(head);
        while self.tree.oldest() < oldest.number() {
            self.tree.drop_oldest();
        }
        Ok(pruned)
    }

    /// Writes rows of [`Table::Index`], durably and without a block: what the chain above takes out
    /// before it prunes, or finds out later.
    ///
    /// # Errors
    ///
    /// Where a row is one of another table, nothing has been committed, or the store fails.
    pub fn write_index(&mut self, rows: &Batch) -> Result<(), StoreError> {
        require_tables(rows, &[Table::Index])?;
        if self.head.is_none() {
            return Err(StoreError::refused("there is no block that could be indexed"));
        }
        self.store.write(rows)
    }

    /// Keeps a height from being pruned or dropped until it is unpinned as often as it was pinned.
    /// Pins last as long as this value.
    ///
    /// # Errors
    ///
    /// Where the height is not retained.
    pub fn pin(&mut self, height: Height) -> Result<StateRoot, StoreError> {
        let root = self.root_at(height)?;
        self.pins.push(height);
        Ok(root)
    }

    /// Takes one pin away.
    pub fn unpin(&mut self, height: Height) {
        if let Some(at) = self.pins.iter().position(|pin| *pin == height) {
            self.pins.swap_remove(at);
        }
    }

    /// Removes the rows of a height whose keys begin with it. Returns how many.
    pub(super) fn remove_rows(
        &self,
        batch: &mut Batch,
        table: Table,
        height: Height,
    ) -> Result<u64, StoreError> {
        let (first, end) = (height.number(), height.number() + 1);
        let (first, end) = (first.to_be_bytes(), end.to_be_bytes());
        let range = (Bound::Included(&first[..]), Bound::Excluded(&end[..]));
        let before = batch.len();
        self.store.scan(table, range, Order::Ascending, &mut |key, _| {
            batch.remove(table, key);
            ControlFlow::Continue(())
        })?;
        Ok((batch.len() - before) as u64)
    }

    /// Those of some code that no height from `oldest` on holds.
    fn code_not_held(
        &self,
        codes: BTreeSet<Hash>,
        oldest: Height,
    ) -> Result<BTreeSet<Hash>, StoreError> {
        let mut not_held = BTreeSet::new();
        for hash in codes {
            if self.store.get(Table::State, &StateKey::Code(&hash).to_bytes())?.is_none() {
                not_held.insert(hash);
            }
        }
        let head = self.head.map_or(oldest, |head| head.height);
        self.keep_unreleased(&mut not_held, oldest, head)?;
        Ok(not_held)
    }

    /// Of some code whose record is not there at `newest`, keeps those whose record was not there
    /// at any height from `oldest` on either.
    pub(super) fn keep_unreleased(
        &self,
        codes: &mut BTreeSet<Hash>,
        oldest: Height,
        newest: Height,
    ) -> Result<(), StoreError> {
        // What a later block replaced was there at the height before it.
        for block in self.blocks_above(oldest).take_while(|block| *block <= newest) {
            if codes.is_empty() {
                break;
            }
            let undo = self.undo(block)?;
            for hash in released_codes(&undo) {
                codes.remove(&hash);
            }
        }
        Ok(())
    }
}

/// Code whose record a block replaced or removed.
fn released_codes(undo: &Undo) -> impl Iterator<Item = Hash> {
    replaced_codes(undo).filter_map(|(hash, had_record)| had_record.then_some(hash))
}

/// Code whose record a block changed, and whether there was one before.
pub(super) fn replaced_codes(undo: &Undo) -> impl Iterator<Item = (Hash, bool)> {
    let codes = (Bound::Included(&[StateKey::CODE][..]), Bound::Excluded(&[StateKey::HISTORY][..]));
    undo.range(codes).filter_map(|(key, previous)| match place(key) {
        Ok(Place::Code(hash)) => Some((hash, previous.is_some())),
        _ => None,
    })
}
