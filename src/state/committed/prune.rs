//! Pruning: old heights, their receipts, and code that no retained height holds.
//!
//! There are no tree nodes to look for: what makes a height old are its undo, its root and its
//! receipts, and they go in bounded steps. State at the head and its root are never touched.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use super::meta::Head;
use super::undo::{self, Undo};
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
    /// Rows that were removed: undo, roots, receipts.
    pub rows: u64,
    /// Code that was removed.
    pub codes: u64,
    /// Heights that are still to be pruned.
    pub remaining: u64,
}

impl<S: Store> State<S> {
    /// Drops heights until the last `retention` blocks are left, at most `steps` heights in this
    /// call; [`Pruned::remaining`] says how many are left to drop. Retaining none retains the head.
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
            pruned.rows += self.remove_rows(&mut batch, Table::Receipts, height)?;
            batch.remove(Table::Roots, height.number().to_be_bytes());
            pruned.rows += 1;
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

    /// Keeps a height from being pruned until it is unpinned as often as it was pinned. Pins last
    /// as long as this value.
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
    fn remove_rows(
        &self,
        batch: &mut Batch,
        table: Table,
        height: Height,
    ) -> Result<u64, StoreError> {
        let (first, last) = (undo::key(height, 0), undo::key(height, u32::MAX));
        let range = (Bound::Included(&first[..]), Bound::Included(&last[..]));
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
        // What a later block replaced was there at the height before it.
        for block in self.blocks_above(oldest) {
            if not_held.is_empty() {
                break;
            }
            let undo = self.undo(block)?;
            for hash in released_codes(&undo) {
                not_held.remove(&hash);
            }
        }
        Ok(not_held)
    }
}

/// Code whose record a block replaced.
fn released_codes(undo: &Undo) -> Vec<Hash> {
    let codes = (Bound::Included(&[StateKey::CODE][..]), Bound::Excluded(&[StateKey::HISTORY][..]));
    let rows = undo.range(codes).filter(|(_, previous)| previous.is_some());
    let hash = |(key, _)| match place(key) {
        Ok(Place::Code(hash)) => Some(hash),
        _ => None,
    };
    rows.filter_map(hash).collect()
}
