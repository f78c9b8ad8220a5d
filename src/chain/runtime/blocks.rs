//! From an executed block to a durable one, and blocks as they come from others.
//!
//! ```text
//!   OpenBlock::finish ─▶ Finished ─▶ prepare: roots, nothing written ─▶ commit: one durable batch
//!                                       ▲ again with another block: the one before is dropped
//! ```

use alloc::vec::Vec;

use super::open_block::{BlockInfo, OpenBlock};
use super::{BlockError, Error, Runtime, Tip};
use crate::chain::block::{Block, Header, app_hash};
use crate::chain::events::index::index_rows;
use crate::chain::governance::Command;
use crate::chain::merkle::{merkle_root, root_of_leaves};
use crate::chain::receipt::Receipt;
use crate::chain::spans::span;
use crate::chain::transaction::SignedTransaction;
use crate::primitives::{Amount, Hash, Height};
use crate::state::{Batch, Bytes, ChangeSet, StateRoot, Store, Table};

/// A block that has been executed to its end: what it changes is known, its roots are not.
#[derive(Debug)]
#[must_use = "a block that is not prepared and committed has not happened"]
pub struct Finished {
    header: Header,
    transactions: Vec<Bytes>,
    receipts: Vec<Receipt>,
    changes: ChangeSet,
    governed: Vec<Command>,
    burnt: Amount,
    earned: Amount,
}

/// What a block came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockResult {
    /// Its header.
    pub header: Header,
    /// The hash of the header.
    pub hash: Hash,
    /// The root of state after it.
    pub state_root: StateRoot,
    /// The Merkle root over the encoded receipts.
    pub receipts_root: Hash,
    /// Both as one hash, which the next header carries.
    pub app_hash: Hash,
    /// A receipt for each transaction.
    pub receipts: Vec<Receipt>,
    /// Changes that the governor wanted and that took effect with it.
    pub governed: Vec<Command>,
    /// Fees that nobody has any more.
    pub burnt: Amount,
    /// What its proposer got.
    pub earned: Amount,
}

/// A block whose roots are known and that is not durable yet.
#[derive(Debug)]
pub(crate) struct Prepared {
    result: BlockResult,
    transactions: Vec<Bytes>,
    encoded_receipts: Vec<Bytes>,
}

impl Finished {
    pub(super) fn new<S: Store>(open: OpenBlock<'_, S>, burnt: Amount, earned: Amount) -> Finished {
        let header = open.header();
        let OpenBlock { overlay, transactions, receipts, governed, .. } = open;
        let changes = overlay.changes();
        Finished { header, transactions, receipts, changes, governed, burnt, earned }
    }

    /// Its header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The block as it goes to others.
    #[must_use]
    pub fn block(&self) -> Block {
        Block::new(self.header, self.transactions.clone())
    }

    /// A receipt for each transaction.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }
}

impl<S: Store> Runtime<S> {
    /// The height of the last block of the chain; none where the store has no chain.
    #[must_use]
    pub fn height(&self) -> Option<Height> {
        self.tip.as_ref().map(|tip| tip.height)
    }

    /// What the last block came to: the app hash that the next header carries. None where the store
    /// has no chain.
    #[must_use]
    pub fn app_hash(&self) -> Option<Hash> {
        self.tip.as_ref().map(|tip| tip.app_hash)
    }

    /// The number of the chain; what the builder was told where the store has none.
    #[must_use]
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// Computes the roots of a block that was executed over the head. Nothing is durable, and
    /// preparing another block drops this one.
    ///
    /// # Errors
    ///
    /// Where it was not executed over the head, or the store fails.
    pub fn prepare(&mut self, finished: Finished) -> Result<&BlockResult, Error> {
        self.drop_prepared()?;
        let Finished { header, transactions, receipts, changes, governed, burnt, earned } =
            finished;
        if self.tip.as_ref().map(|tip| tip.hash) != Some(header.parent) {
            return Err(BlockError::Parent.into());
        }
        span!("prepare", height = header.height);
        let state_root = self.state.prepare(header.height, &changes)?;
        let encoded: Vec<Bytes> = receipts.iter().map(|receipt| receipt.encode().into()).collect();
        let receipts_root = merkle_root(encoded.iter().map(|receipt| &receipt[..]));
        let result = BlockResult {
            hash: header.hash(),
            app_hash: app_hash(&state_root, &receipts_root),
            header,
            state_root,
            receipts_root,
            receipts,
            governed,
            burnt,
            earned,
        };
        let prepared = Prepared { result, transactions, encoded_receipts: encoded };
        Ok(&self.prepared.insert(prepared).result)
    }

    /// Makes the prepared block durable, in one transaction of the store: state, transactions,
    /// receipts and index. When this returns, it stays.
    ///
    /// # Errors
    ///
    /// Where nothing has been prepared, or the store fails: then the block has not happened here. A
    /// store that failed in the middle may want to be opened anew, and then has the block or has it
    /// not, as a whole.
    pub fn commit(&mut self) -> Result<BlockResult, Error> {
        let Some(prepared) = self.prepared.take() else {
            return Err(BlockError::NothingPrepared.into());
        };
        let Prepared { result, transactions, encoded_receipts } = prepared;
        let height = result.header.height;
        span!("commit", height = height);
        let mut rows = Batch::new();
        for (index, receipt) in (0_u32..).zip(encoded_receipts) {
            rows.put(Table::Receipts, receipt_key(height, index), receipt);
        }
        index_rows(&mut rows, self.state.store(), &result.header, &transactions, &result.receipts)?;
        let block = Block::new(result.header, transactions);
        rows.put(Table::Blocks, height.number().to_be_bytes(), block.encode());
        let tip = Tip::of(&result.header, result.hash, result.app_hash);
        tip.put(&mut rows);
        self.state.commit_prepared(&rows)?;
        self.tip = Some(tip);
        #[cfg(feature = "metrics")]
        crate::chain::metrics::committed(&result);
        // Last, since listeners are the embedder's, and may panic.
        self.tell_subscribers(&result);
        Ok(result)
    }

    /// Prepares a block and makes it durable.
    ///
    /// # Errors
    ///
    /// What [`Runtime::prepare`] and [`Runtime::commit`] say.
    pub fn commit_block(&mut self, finished: Finished) -> Result<BlockResult, Error> {
        self.prepare(finished)?;
        self.commit()
    }

    /// What the prepared block comes to, where one is prepared.
    #[must_use]
    pub fn prepared(&self) -> Option<&BlockResult> {
        self.prepared.as_ref().map(|prepared| &prepared.result)
    }

    /// Drops the prepared block, where there is one.
    pub(crate) fn drop_prepared(&mut self) -> Result<(), Error> {
        self.prepared = None;
        if self.state.prepared().is_some() {
            self.state.abandon()?;
        }
        Ok(())
    }

    /// Executes a block that has been decided: its header has to be the next one, and its
    /// transactions those of the header. What has no room in it is rejected, transaction by
    /// transaction; a proposal that is too large is for [`OpenBlock::check_size`] to refuse.
    ///
    /// # Errors
    ///
    /// With [`BlockError`] what does not fit; faults.
    pub fn execute_block(&mut self, block: &Block) -> Result<Finished, Error> {
        let finished = self.execute_beside(block)?;
        self.drop_prepared()?;
        Ok(finished)
    }

    /// The same, and a prepared block stays prepared.
    pub(in crate::chain) fn execute_beside(&mut self, block: &Block) -> Result<Finished, Error> {
        let leaves = self.check_header(block)?;
        let hash = block.header.hash();
        let checked = self.looked_at.take().filter(|(of, _)| *of == hash);
        let mut open = self.begin_as(block)?;
        let checked = match checked {
            Some((_, checked)) => checked,
            None => open.workers.check_all(open.state, &open.rules, &block.transactions)?,
        };
        open.execute_checked(&block.transactions, leaves, &checked)?;
        open.finish()
    }

    /// Begins the block whose header this is, if that is in order.
    pub(in crate::chain) fn begin_as(&mut self, block: &Block) -> Result<OpenBlock<'_, S>, Error> {
        let Header { time_ms, proposer, protocol, .. } = block.header;
        let open = self.begin(BlockInfo { time_ms, proposer })?;
        if open.rules.protocol_id != protocol {
            return Err(BlockError::Protocol.into());
        }
        Ok(open)
    }

    /// Whether the header is the next one, and that of the transactions; their hashes as leaves of
    /// the block's tree.
    pub(in crate::chain) fn check_header(&self, block: &Block) -> Result<Vec<Hash>, BlockError> {
        let tip = self.tip.as_ref().ok_or(BlockError::NoChain)?;
        let header = &block.header;
        if header.chain_id != tip.chain_id {
            return Err(BlockError::Chain(header.chain_id));
        }
        let next = tip.height.next().unwrap_or(tip.height);
        if header.height != next {
            return Err(BlockError::Height { next, block: header.height });
        }
        if header.time_ms < tip.time_ms {
            return Err(BlockError::Time { parent_ms: tip.time_ms });
        }
        if header.parent != tip.hash {
            return Err(BlockError::Parent);
        }
        if header.app_hash != tip.app_hash {
            return Err(BlockError::AppHash);
        }
        let leaves = self.workers.leaves(&block.transactions);
        match root_of_leaves(&leaves) == header.transactions_root {
            true => Ok(leaves),
            false => Err(BlockError::TransactionsRoot),
        }
    }

    /// The block at a height; none where there is none, or it has been pruned.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub fn block_at(&self, height: Height) -> Result<Option<Block>, Error> {
        if height == Height::default() {
            // The genesis stands in its place.
            return Ok(None);
        }
        let row = self.store().get(Table::Blocks, &height.number().to_be_bytes())?;
        let decode = |row: Bytes| Block::decode(&row);
        let block = row.map(decode).transpose();
        block.map_err(|error| {
            let text = alloc::format!("block {height}: {error}");
            crate::state::StoreError::of(crate::state::StoreErrorKind::Corrupt, text).into()
        })
    }

    /// The receipts of the block at a height, in order.
    ///
    /// # Errors
    ///
    /// Where the height is not retained, or the store fails.
    pub fn receipts_at(&self, height: Height) -> Result<Vec<Receipt>, Error> {
        let rows = self.state.receipts(height)?;
        let decode = |row: &Bytes| {
            Receipt::decode(row).map_err(|error| {
                let text = alloc::format!("a receipt of {height}: {error}");
                crate::state::StoreError::of(crate::state::StoreErrorKind::Corrupt, text).into()
            })
        };
        rows.iter().map(decode).collect()
    }
}

impl<S: Store> OpenBlock<'_, S> {
    /// Whether a block of these transactions is one that a proposer may make.
    ///
    /// # Errors
    ///
    /// With [`BlockError::TooLarge`] where it is not.
    pub fn check_size(&self, transactions: &[Bytes]) -> Result<(), BlockError> {
        let policy = &self.rules.protocol.policy;
        let bytes: u64 = transactions.iter().map(|transaction| transaction.len() as u64).sum();
        let decoded = transactions.iter().filter_map(|raw| SignedTransaction::decode(raw).ok());
        let gas =
            decoded.fold(0_u64, |sum, signed| sum.saturating_add(signed.transaction.fee.gas_limit));
        let fits = transactions.len() <= policy.block_transactions as usize
            && bytes <= policy.block_bytes.into()
            && gas <= policy.block_gas;
        if fits { Ok(()) } else { Err(BlockError::TooLarge) }
    }
}

/// The key of a receipt: height and index, big-endian.
pub(crate) fn receipt_key(height: Height, index: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&height.number().to_be_bytes());
    key[8..].copy_from_slice(&index.to_be_bytes());
    key
}
