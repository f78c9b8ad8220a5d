//! Committed state in memory: for tests, for simulation, and for chains that fit.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Bound;

use super::{Bytes, ChangeSet, StorageEntry, Store, StoreError};
use crate::primitives::{Address, Hash};
use crate::state::Account;

/// State in ordered maps. Two of them are equal if and only if they hold the same state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    accounts: BTreeMap<Address, Account>,
    /// Contracts without an entry are absent, so that equality is equality of contents.
    storage: BTreeMap<Address, BTreeMap<Bytes, Bytes>>,
    code: BTreeMap<Hash, Bytes>,
}

impl MemoryStore {
    /// State without anything in it.
    #[must_use]
    pub fn new() -> Self {
        MemoryStore::default()
    }
}

impl Store for MemoryStore {
    fn account(&self, address: &Address) -> Result<Option<Account>, StoreError> {
        Ok(self.accounts.get(address).cloned())
    }

    fn storage(&self, contract: &Address, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Ok(self.storage.get(contract).and_then(|entries| entries.get(key)).cloned())
    }

    fn storage_range(
        &self,
        contract: &Address,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        limit: usize,
    ) -> Result<Vec<StorageEntry>, StoreError> {
        // `BTreeMap::range` panics on a range that is inside out: such a range is empty.
        let empty = match (from, to) {
            (Bound::Included(a), Bound::Included(b)) => a > b,
            (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b) | Bound::Excluded(b)) => {
                a >= b
            }
            _ => false,
        };
        match self.storage.get(contract) {
            Some(entries) if !empty => {
                let range = entries.range::<[u8], _>((from, to)).take(limit);
                Ok(range.map(|(key, value)| (key.clone(), value.clone())).collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn code(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError> {
        Ok(self.code.get(hash).cloned())
    }

    fn commit(&mut self, changes: &ChangeSet) -> Result<(), StoreError> {
        debug_assert!(changes.is_sorted(), "a change set is sorted, one change per place");
        for (address, account) in &changes.accounts {
            match account {
                Some(account) => _ = self.accounts.insert(*address, account.clone()),
                None => _ = self.accounts.remove(address),
            }
        }
        for (contract, key, value) in &changes.storage {
            match value {
                Some(value) => {
                    let entries = self.storage.entry(*contract).or_default();
                    entries.insert(key.clone(), value.clone());
                }
                None => self.remove(contract, key),
            }
        }
        for (hash, code) in &changes.code {
            self.code.insert(*hash, code.clone());
        }
        Ok(())
    }
}

impl MemoryStore {
    fn remove(&mut self, contract: &Address, key: &[u8]) {
        if let Some(entries) = self.storage.get_mut(contract) {
            entries.remove(key);
            if entries.is_empty() {
                self.storage.remove(contract);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::sync::Arc;
    use alloc::vec;

    const CONTRACT: Address = Address::from_bytes([1; 32]);

    fn with_keys(keys: &[&str]) -> MemoryStore {
        let mut store = MemoryStore::new();
        let mut changes = ChangeSet::default();
        for key in keys {
            let key: Bytes = key.as_bytes().into();
            changes.storage.push((CONTRACT, key.clone(), Some(key)));
        }
        store.commit(&changes).expect("memory does not fail");
        store
    }

    fn keys(
        store: &MemoryStore,
        from: Bound<&[u8]>,
        to: Bound<&[u8]>,
        limit: usize,
    ) -> Vec<Vec<u8>> {
        let range = store.storage_range(&CONTRACT, from, to, limit).expect("memory does not fail");
        range.into_iter().map(|(key, _)| key.to_vec()).collect()
    }

    #[test]
    fn a_range_is_in_byte_order_and_bounded() {
        let store = with_keys(&["a", "aa", "b", "c"]);
        let all = keys(&store, Bound::Unbounded, Bound::Unbounded, usize::MAX);
        assert_eq!(all, [b"a".to_vec(), b"aa".to_vec(), b"b".to_vec(), b"c".to_vec()]);
        let inner = keys(&store, Bound::Excluded(b"a"), Bound::Excluded(b"c"), 9);
        assert_eq!(inner, [b"aa".to_vec(), b"b".to_vec()]);
        assert_eq!(keys(&store, Bound::Included(b"b"), Bound::Included(b"b"), 9), [b"b".to_vec()]);
        assert_eq!(keys(&store, Bound::Unbounded, Bound::Unbounded, 1), [b"a".to_vec()]);
    }

    #[test]
    fn an_inside_out_range_is_empty() {
        let store = with_keys(&["a", "b"]);
        let none: Vec<Vec<u8>> = vec![];
        assert_eq!(keys(&store, Bound::Included(b"b"), Bound::Included(b"a"), 9), none);
        assert_eq!(keys(&store, Bound::Excluded(b"a"), Bound::Excluded(b"a"), 9), none);
        assert_eq!(keys(&store, Bound::Included(b"a"), Bound::Excluded(b"a"), 9), none);
        assert_eq!(keys(&store, Bound::Excluded(b"a"), Bound::Included(b"a"), 9), none);
    }

    #[test]
    fn removing_everything_leaves_an_equal_empty_store() {
        let mut store = with_keys(&["a"]);
        let gone = vec![(CONTRACT, Arc::from(&b"a"[..]), None)];
        let changes = ChangeSet { storage: gone, ..ChangeSet::default() };
        store.commit(&changes).expect("memory does not fail");
        assert_eq!(store, MemoryStore::new());
    }
}
