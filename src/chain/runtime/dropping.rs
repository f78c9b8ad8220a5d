//! Taking the last block back.

use super::{BlockError, Error, Runtime, Tip};
use crate::chain::block::{Block, Header};
use crate::chain::events::index::index_rows;
use crate::primitives::Height;
use crate::state::{Batch, Store, Table};

impl<S: Store> Runtime<S> {
    /// Takes the last block back, as if it had never been: state, transactions, receipts and index.
    /// Returns it.
    ///
    /// # Errors
    ///
    /// Where the block before is not retained, or the store fails.
    pub fn drop_block(&mut self) -> Result<Block, Error> {
        self.drop_prepared()?;
        let height = self.height().ok_or(BlockError::NoChain)?;
        let block = self.block_at(height)?.ok_or(BlockError::Unknown(height))?;
        let receipts = self.receipts_at(height)?;
        let mut rows = Batch::new();
        let mut added = Batch::new();
        index_rows(&mut added, self.state.store(), &block.header, &block.transactions, &receipts)?;
        for (key, _) in added.writes(Table::Index) {
            rows.remove(Table::Index, key.clone());
        }
        let tip = self.tip_before(&block.header)?;
        tip.put(&mut rows);
        self.state.drop_head(&rows)?;
        self.tip = Some(tip);
        Ok(block)
    }

    /// The tip as it was before the last block.
    fn tip_before(&self, header: &Header) -> Result<Tip, Error> {
        let unknown = BlockError::Unknown(header.height);
        let height = header.height.number().checked_sub(1).map(Height::new).ok_or(unknown)?;
        let (hash, app_hash, chain_id) = (header.parent, header.app_hash, header.chain_id);
        let time_ms = match self.block_at(height)? {
            Some(parent) => parent.header.time_ms,
            None => self.genesis()?.map_or(0, |genesis| genesis.time_ms),
        };
        Ok(Tip { chain_id, height, hash, time_ms, app_hash })
    }
}
