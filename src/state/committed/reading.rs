//! Rows as typed state: how committed state, at the head or at an older height, is a [`View`].

use alloc::format;
use alloc::vec::Vec;
use core::fmt::Display;
use core::ops::{Bound, ControlFlow};

use super::{State, undo};
use crate::primitives::{Address, DecodeError, Hash, Height};
use crate::state::account::{Account, CodeInfo, PastVersion};
use crate::state::rows::{
    StateKey, decode_account, decode_code_info, decode_history, decode_value,
};
use crate::state::store::{Bytes, KeyRange, Order, Store, StoreError, Table, Visit};
use crate::state::view::{Base, StorageEntry, View};

/// Rows of state at one height.
pub(crate) trait Rows: Sync {
    /// Which committed state they are of.
    fn committed(&self) -> Base;

    /// The value of a state key.
    fn row(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError>;

    /// Shows the rows in a range.
    fn scan(
        &self,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError>;

    /// Code whose record is there.
    fn code_bytes(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError>;
}

impl<S: Store> Rows for State<S> {
    fn committed(&self) -> Base {
        self.head.map_or(Base::Nothing, |head| Base::Block(head.height, head.root))
    }

    fn row(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        self.store.get(Table::State, key)
    }

    fn scan(
        &self,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        self.store.scan(Table::State, range, order, visit)
    }

    fn code_bytes(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError> {
        self.store.get(Table::Code, hash.as_bytes())
    }
}

impl<R: Rows> View for R {
    fn base(&self) -> Base {
        self.committed()
    }

    fn account(&self, address: &Address) -> Result<Option<Account>, StoreError> {
        let row = self.row(&StateKey::Account(address).to_bytes())?;
        row.map(|row| decode_account(&row)).transpose().map_err(|e| damaged("account", address, e))
    }

    fn storage(&self, contract: &Address, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let row = self.row(&StateKey::Storage(contract, key).to_bytes())?;
        row.map(|row| Ok(decode_value(&row)?.into())).transpose().map_err(|e| value_of(contract, e))
    }

    fn storage_range(
        &self,
        contract: &Address,
        range: KeyRange<'_>,
        order: Order,
        limit: usize,
    ) -> Result<Vec<StorageEntry>, StoreError> {
        let prefix = StateKey::Storage(contract, &[]).to_bytes();
        let (from, to) = storage_bounds(&prefix, range);
        let mut entries = Vec::new();
        if limit == 0 {
            return Ok(entries);
        }
        let range = (from.as_ref().map(Vec::as_slice), to.as_ref().map(Vec::as_slice));
        let mut outcome = Ok(());
        self.scan(range, order, &mut |key, row| {
            let value = decode_value(row).map_err(|error| value_of(contract, error));
            outcome = value.map(|value| {
                entries.push((key[prefix.len()..].into(), value.into()));
            });
            match outcome.is_ok() && entries.len() < limit {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })?;
        outcome.map(|()| entries)
    }

    fn code(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError> {
        if self.row(&StateKey::Code(hash).to_bytes())?.is_none() {
            return Ok(None);
        }
        let code = self.code_bytes(hash)?;
        let missing = || StoreError::corrupt(format!("the code {hash} is missing"));
        code.map(Some).ok_or_else(missing)
    }

    fn code_info(&self, hash: &Hash) -> Result<Option<CodeInfo>, StoreError> {
        let row = self.row(&StateKey::Code(hash).to_bytes())?;
        row.map(|row| decode_code_info(&row)).transpose().map_err(|e| damaged("code", hash, e))
    }

    fn history(&self, contract: &Address) -> Result<Vec<PastVersion>, StoreError> {
        let row = self.row(&StateKey::History(contract).to_bytes())?;
        let history = row.map(|row| decode_history(&row)).transpose();
        history.map(Option::unwrap_or_default).map_err(|e| damaged("history", contract, e))
    }
}

impl<S: Store> State<S> {
    /// The receipts of the block of `height`, encoded, in order.
    ///
    /// # Errors
    ///
    /// Where the height is not retained or the store fails.
    pub fn receipts(&self, height: Height) -> Result<Vec<Bytes>, StoreError> {
        self.require_retained(height)?;
        let (first, last) = (undo::key(height, 0), undo::key(height, u32::MAX));
        let range = (Bound::Included(&first[..]), Bound::Included(&last[..]));
        let mut receipts = Vec::new();
        self.store.scan(Table::Receipts, range, Order::Ascending, &mut |_, receipt| {
            receipts.push(receipt.into());
            ControlFlow::Continue(())
        })?;
        Ok(receipts)
    }
}

/// The bounds of state keys for bounds of storage keys.
fn storage_bounds(prefix: &[u8], range: KeyRange<'_>) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let whole = |key: &[u8]| [prefix, key].concat();
    let from = match range.0 {
        Bound::Unbounded => Bound::Included(prefix.to_vec()),
        bound => bound.map(whole),
    };
    let to = match range.1 {
        Bound::Unbounded => Bound::Excluded(successor(prefix)),
        bound => bound.map(whole),
    };
    (from, to)
}

/// The first key after all that begin with `prefix`, whose first byte is a kind and so not 255.
fn successor(prefix: &[u8]) -> Vec<u8> {
    let mut key = prefix.to_vec();
    while key.pop_if(|byte| *byte == u8::MAX).is_some() {}
    if let Some(last) = key.last_mut() {
        *last += 1;
    }
    key
}

/// A value that does not decode.
fn value_of(contract: &Address, error: DecodeError) -> StoreError {
    damaged("storage", contract, error)
}

/// A row that does not decode.
pub(super) fn damaged(what: &str, place: impl Display, error: impl Display) -> StoreError {
    StoreError::corrupt(format!("the row of {what} {place}: {error}"))
}
