//! [`View`]: state to be read, whoever holds it.

use alloc::vec::Vec;

use super::account::{Account, CodeInfo, PastVersion};
use super::store::{Bytes, KeyRange, Order, StoreError};
use super::tree::StateRoot;
use crate::primitives::{Address, Hash, Height};

/// A key of contract storage and its value.
pub type StorageEntry = (Bytes, Bytes);

/// What a [`View`] is a view of, and so what changes against it are changes of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Base {
    /// Nothing has been committed.
    #[default]
    Nothing,
    /// State after the block of that height, with that root.
    Block(Height, StateRoot),
    /// State that was never committed, such as that of an overlay.
    Uncommitted,
}

/// State at one point: committed at the head or at an older height, or an [`Overlay`] over such a
/// state. What is absent reads as `None`. Threads may read one together.
///
/// [`Overlay`]: super::Overlay
pub trait View: Sync {
    /// Which committed state it is, if it is one.
    fn base(&self) -> Base;

    /// The account at `address`.
    ///
    /// # Errors
    ///
    /// Every method fails only where the store does: that is a fault of the node, never of a guest.
    fn account(&self, address: &Address) -> Result<Option<Account>, StoreError>;

    /// The value at `key` of the storage of `contract`.
    ///
    /// # Errors
    ///
    /// See [`View::account`].
    fn storage(&self, contract: &Address, key: &[u8]) -> Result<Option<Bytes>, StoreError>;

    /// The first `limit` entries of the storage of `contract` with keys in `range`, in `order`.
    ///
    /// # Errors
    ///
    /// See [`View::account`].
    fn storage_range(
        &self,
        contract: &Address,
        range: KeyRange<'_>,
        order: Order,
        limit: usize,
    ) -> Result<Vec<StorageEntry>, StoreError>;

    /// The code of hash `hash`.
    ///
    /// # Errors
    ///
    /// See [`View::account`].
    fn code(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError>;

    /// The record of the code of hash `hash`.
    ///
    /// # Errors
    ///
    /// See [`View::account`].
    fn code_info(&self, hash: &Hash) -> Result<Option<CodeInfo>, StoreError>;

    /// The versions that `contract` had before upgrades, oldest first.
    ///
    /// # Errors
    ///
    /// See [`View::account`].
    fn history(&self, contract: &Address) -> Result<Vec<PastVersion>, StoreError>;
}
