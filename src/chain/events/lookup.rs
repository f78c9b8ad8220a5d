//! Transactions by id, and what contracts have been doing.

use alloc::format;

use super::ContractActivity;
use super::index::{activity_before, place_of_row, transaction_key};
use super::maintenance::UNFINISHED;
use super::query::read_receipt;
use crate::chain::receipt::Receipt;
use crate::chain::runtime::{Error, Runtime};
use crate::chain::transaction::SignedTransaction;
use crate::primitives::{Address, Hash, Height};
use crate::state::{Store, StoreError, StoreErrorKind, Table};

/// A transaction and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexedTransaction {
    /// The block.
    pub height: Height,
    /// Which of its transactions it is.
    pub index: u32,
    /// The time of the block, in milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: u64,
    /// The transaction.
    pub transaction: SignedTransaction,
    /// What came of it.
    pub receipt: Receipt,
}

impl<S: Store> Runtime<S> {
    /// The transaction with this id; none where no block that is retained has it. A transaction
    /// that was rejected is not found, since one of that id may still come.
    ///
    /// # Errors
    ///
    /// Where the store fails or is damaged, or the index is not whole: see [`Runtime::reindex`].
    pub fn transaction(&self, id: &Hash) -> Result<Option<IndexedTransaction>, Error> {
        let store = self.store();
        require_whole_index(store)?;
        let Some(row) = store.get(Table::Index, &transaction_key(id))? else { return Ok(None) };
        let place = place_of_row(&row);
        let damaged =
            || StoreError::corrupt(format!("the index says no place of transaction {id}"));
        let (height, index) = place.ok_or_else(damaged)?;
        // Whoever prunes state alone leaves rows behind, of which nothing else is left.
        if self.state().head().is_some_and(|head| height < head.oldest) {
            return Ok(None);
        }
        let missing = || StoreError::corrupt(format!("transaction {id} is not in block {height}"));
        let block = self.block_at(height)?.ok_or_else(missing)?;
        let transaction = block.transaction(index).filter(|signed| signed.id() == *id);
        let transaction = transaction.ok_or_else(missing)?;
        let receipt = read_receipt(store, height, index)?;
        let time_ms = block.header.time_ms;
        Ok(Some(IndexedTransaction { height, index, time_ms, transaction, receipt }))
    }

    /// What a contract has been doing; none where no transaction that the index knows has named it
    /// or made it emit an event.
    ///
    /// # Errors
    ///
    /// Where the store fails or is damaged, or the index is not whole: see [`Runtime::reindex`].
    pub fn activity(&self, contract: &Address) -> Result<Option<ContractActivity>, Error> {
        require_whole_index(self.store())?;
        // There is no block of the last height of all.
        Ok(activity_before(self.store(), contract, Height::new(u64::MAX))?)
    }
}

/// Refuses to answer from an index of which only a part is there.
pub(super) fn require_whole_index<S: Store>(store: &S) -> Result<(), StoreError> {
    match store.get(Table::Index, UNFINISHED)? {
        None => Ok(()),
        Some(_) => {
            let message = "the index was being made anew, and has to be from the start";
            Err(StoreError::of(StoreErrorKind::Unfinished, message))
        }
    }
}
