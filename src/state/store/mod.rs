//! Committed state behind one trait.

mod memory;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Bound;

use super::account::Account;
use crate::primitives::{Address, Hash};

pub use memory::MemoryStore;

/// Bytes that are shared, never changed: keys, values and code.
pub type Bytes = Arc<[u8]>;

/// A key of contract storage and its value.
pub type StorageEntry = (Bytes, Bytes);

/// A new value in the storage of a contract; `None` where the entry is gone.
pub type StorageChange = (Address, Bytes, Option<Bytes>);

/// Committed state: what the last [`Store::commit`] left.
///
/// Accounts, storage and code that are absent read as `None`. An implementation never hands out
/// part of a change set: readers see all of a commit or nothing of it, after a crash too.
pub trait Store {
    /// The account at `address`.
    ///
    /// # Errors
    ///
    /// Every method fails only where the medium does: that is a fault of the node, never of a
    /// guest.
    fn account(&self, address: &Address) -> Result<Option<Account>, StoreError>;

    /// The value at `key` of the storage of `contract`.
    ///
    /// # Errors
    ///
    /// See [`Store::account`].
    fn storage(&self, contract: &Address, key: &[u8]) -> Result<Option<Bytes>, StoreError>;

    /// The first `limit` entries of the storage of `contract` with keys from `from` to `to`, in
    /// byte order.
    ///
    /// # Errors
    ///
    /// See [`Store::account`].
    fn storage_range(
        &self,
        contract: &Address,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        limit: usize,
    ) -> Result<Vec<StorageEntry>, StoreError>;

    /// The code of hash `hash`.
    ///
    /// # Errors
    ///
    /// See [`Store::account`].
    fn code(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError>;

    /// Applies `changes`, all of them or, on failure, none.
    ///
    /// # Errors
    ///
    /// See [`Store::account`].
    fn commit(&mut self, changes: &ChangeSet) -> Result<(), StoreError>;
}

/// Changes against committed state: sorted, one per place, and only where the contents differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeSet {
    /// New accounts by address; `None` where the account is gone.
    pub accounts: Vec<(Address, Option<Account>)>,
    /// New values by contract and key.
    pub storage: Vec<StorageChange>,
    /// New code by hash.
    pub code: Vec<(Hash, Bytes)>,
}

impl ChangeSet {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.storage.is_empty() && self.code.is_empty()
    }

    /// Whether it is sorted with one change per place, as [`Store::commit`] may rely on.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.accounts.is_sorted_by(|a, b| a.0 < b.0)
            && self.storage.is_sorted_by(|a, b| (&a.0, &a.1) < (&b.0, &b.1))
            && self.code.is_sorted_by(|a, b| a.0 < b.0)
    }
}

/// A failure of the medium that holds the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    message: String,
}

impl StoreError {
    /// A failure that `message` explains, for people.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        StoreError { message: message.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed: {}", self.message)
    }
}

impl core::error::Error for StoreError {}
