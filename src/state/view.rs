//! [`View`]: state to be read, whoever holds it.

use alloc::vec::Vec;

use super::account::{Account, CodeInfo, PastVersion};
use super::store::{Bytes, KeyRange, Order, StoreError};
use crate::primitives::{Address, Hash, Height};

/// A key of contract storage and its value.
pub type StorageEntry = (Bytes, Bytes);

/// State at one point: committed at the head or at an older height, or an [`Overlay`] over such a
/// state. What is absent reads as `None`.
///
/// [`Overlay`]: super::Overlay
pub trait View {
    /// The height of the committed state that is read, or that lies below; none where nothing has
    /// been committed.
    fn height(&self) -> Option<Height>;

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

/// The first `limit` entries of what `own` makes of what lies below, where `own` (ascending) wins
/// and holds `None` for what is gone. `below` gives its first entries, as many as it is asked for.
pub(super) fn merge(
    mut own: Vec<(Bytes, Option<Bytes>)>,
    order: Order,
    limit: usize,
    below: impl FnOnce(usize) -> Result<Vec<StorageEntry>, StoreError>,
) -> Result<Vec<StorageEntry>, StoreError> {
    if order == Order::Descending {
        own.reverse();
    }
    // Each entry of `own` can take away at most one of those below, so with that many more there
    // are enough; what lies beyond them comes after the first `limit` of the result.
    let below = below(limit.saturating_add(own.len()))?;
    let is_before = |a: &[u8], b: &[u8]| match order {
        Order::Ascending => a < b,
        Order::Descending => a > b,
    };
    let (mut own, mut below) = (own.into_iter().peekable(), below.into_iter().peekable());
    let mut merged = Vec::new();
    while merged.len() < limit {
        let takes_own = match (own.peek(), below.peek()) {
            (None, None) => break,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some((ours, _)), Some((theirs, _))) => !is_before(theirs, ours),
        };
        if !takes_own {
            merged.extend(below.next());
            continue;
        }
        if let Some((key, value)) = own.next() {
            below.next_if(|(theirs, _)| *theirs == key);
            merged.extend(value.map(|value| (key, value)));
        }
    }
    Ok(merged)
}
