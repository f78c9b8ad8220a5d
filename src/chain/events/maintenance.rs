//! The index as a whole: made anew from blocks and receipts, and pruned with them.
//!
//! Activity goes on from row to row, so what is pruned leaves, for each contract, the last row
//! below the heights that are retained. It can not be made anew and is never removed.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use super::ContractActivity;
use super::index::{activity_before, activity_key, block_rows, height_of_activity};
use crate::chain::block::Block;
use crate::chain::receipt::Receipt;
use crate::chain::runtime::{BlockError, Error, Runtime};
use crate::primitives::{Address, Height};
use crate::state::{Batch, Bytes, Order, Pruned, Store, StoreError, Table};

/// The key of the row that is there while the index is being made anew.
pub(super) const UNFINISHED: &[u8] = b"unfinished";

/// About how many rows a batch has where many are written.
const BATCH_ROWS: usize = 10_000;

impl<S: Store> Runtime<S> {
    /// Makes the index anew from the blocks and receipts that are retained, and returns how many
    /// blocks that were. It takes a while, and memory for one block and 10,000 rows.
    ///
    /// Where it does not come to its end, the index answers nothing until this is done again.
    ///
    /// # Errors
    ///
    /// Where the store has no chain, fails or is damaged.
    pub fn reindex(&mut self) -> Result<u64, Error> {
        let tip = self.height().ok_or(BlockError::NoChain)?;
        let oldest = self.state().head().map_or(tip, |head| head.oldest);
        let mut batch = Batch::new();
        batch.put(Table::Index, UNFINISHED, [1]);
        self.flush(&mut batch)?;
        self.clear_index(oldest)?;

        let (mut blocks, mut active) = (0, BTreeMap::new());
        for height in oldest.number()..=tip.number() {
            let Some((block, receipts)) = self.whole_block(Height::new(height))? else { continue };
            add_rows(&mut batch, self.store(), &block, &receipts, &mut active)?;
            blocks += 1;
            if batch.len() >= BATCH_ROWS {
                self.flush(&mut batch)?;
                active.clear();
            }
        }
        batch.remove(Table::Index, UNFINISHED);
        self.flush(&mut batch)?;
        Ok(blocks)
    }

    /// Drops heights until the last `retention` blocks are left, at most `steps` heights in this
    /// call: first what the index has of them, then everything else. What a contract had been doing
    /// stays known. [`Pruned::rows`] does not count rows of the index.
    ///
    /// # Errors
    ///
    /// What [`State::prune`](crate::state::State::prune) says; where blocks or receipts are
    /// damaged.
    pub fn prune(&mut self, retention: u64, steps: u64) -> Result<Pruned, Error> {
        // Without a step it drops nothing, refuses what it would refuse, and says what there is.
        let heights = self.state_mut().prune(retention, 0)?.remaining.min(steps);
        let oldest = self.state().head().map(|head| head.oldest.number()).unwrap_or_default();
        let kept = Height::new(oldest.saturating_add(heights));
        let mut batch = Batch::new();
        for height in oldest..kept.number() {
            if let Some((block, receipts)) = self.whole_block(Height::new(height))? {
                remove_rows(&mut batch, self.store(), &block, &receipts, kept)?;
            }
            if batch.len() >= BATCH_ROWS {
                self.flush(&mut batch)?;
            }
        }
        self.flush(&mut batch)?;
        Ok(self.state_mut().prune(retention, steps)?)
    }

    fn flush(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        self.state_mut().write_index(batch)?;
        *batch = Batch::new();
        Ok(())
    }

    /// Removes every row that can be made anew, and what is no row of any kind.
    fn clear_index(&mut self, oldest: Height) -> Result<(), StoreError> {
        let mut reached = Vec::new();
        loop {
            let mut batch = Batch::new();
            // Rows that have a name are not kinds of rows: their first byte is a letter.
            let range = (Bound::Excluded(&reached[..]), Bound::Excluded(&b"A"[..]));
            let (mut seen, mut last) = (0, Vec::new());
            self.store().scan(Table::Index, range, Order::Ascending, &mut |key, _| {
                if height_of_activity(key).is_none_or(|height| height >= oldest) {
                    batch.remove(Table::Index, key);
                }
                seen += 1;
                last = key.to_vec();
                match seen < BATCH_ROWS {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            })?;
            self.flush(&mut batch)?;
            if seen < BATCH_ROWS {
                return Ok(());
            }
            reached = last;
        }
    }

    /// A block and its receipts; none where a chain begins: there is no block of the genesis, and
    /// none of the height of a snapshot.
    fn whole_block(&self, height: Height) -> Result<Option<(Block, Vec<Receipt>)>, Error> {
        let Some(block) = self.block_at(height)? else {
            let is_first = self.state().head().is_none_or(|head| height == head.oldest);
            return match is_first {
                true => Ok(None),
                false => Err(StoreError::corrupt(format!("block {height} is missing")).into()),
            };
        };
        let receipts = self.receipts_at(height)?;
        if receipts.len() != block.transactions.len() {
            let message = format!("block {height} has not one receipt for each transaction");
            return Err(StoreError::corrupt(message).into());
        }
        Ok(Some((block, receipts)))
    }
}

/// Adds the rows of a block; `active` is what blocks before it did that are not written yet.
fn add_rows<S: Store>(
    batch: &mut Batch,
    store: &S,
    block: &Block,
    receipts: &[Receipt],
    active: &mut BTreeMap<Address, ContractActivity>,
) -> Result<(), StoreError> {
    let Block { header, transactions, .. } = block;
    let before = |contract: &Address| match active.get(contract) {
        Some(activity) => Ok(Some(*activity)),
        None => activity_before(store, contract, header.height),
    };
    for (contract, activity) in block_rows(batch, header, transactions, receipts, before)? {
        batch.put(Table::Index, activity_key(&contract, header.height), activity.encode());
        active.insert(contract, activity);
    }
    Ok(())
}

/// Removes the rows of a block; of activity, those that have a later one below `kept`.
fn remove_rows<S: Store>(
    batch: &mut Batch,
    store: &S,
    block: &Block,
    receipts: &[Receipt],
    kept: Height,
) -> Result<(), StoreError> {
    let Block { header, transactions, .. } = block;
    let mut rows = Batch::new();
    let active = block_rows(&mut rows, header, transactions, receipts, |_| Ok(None))?;
    for (key, _) in rows.writes(Table::Index) {
        batch.remove(Table::Index, Bytes::clone(key));
    }
    for (contract, _) in active {
        let (key, end) = (activity_key(&contract, header.height), activity_key(&contract, kept));
        let later = (Bound::Excluded(&key[..]), Bound::Excluded(&end[..]));
        let mut is_last = true;
        store.scan(Table::Index, later, Order::Ascending, &mut |_, _| {
            is_last = false;
            ControlFlow::Break(())
        })?;
        if !is_last {
            batch.remove(Table::Index, key);
        }
    }
    Ok(())
}
