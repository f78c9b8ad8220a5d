//! The overlay as a [`View`]: what it has changed over what lies below.

use alloc::vec::Vec;

use super::Overlay;
use crate::primitives::{Address, Hash, Height};
use crate::state::account::{Account, CodeInfo, PastVersion};
use crate::state::store::{Bytes, KeyRange, Order, StoreError, is_empty_range};
use crate::state::view::{StorageEntry, View, merge};

impl View for Overlay<'_> {
    fn height(&self) -> Option<Height> {
        self.below.height()
    }

    fn account(&self, address: &Address) -> Result<Option<Account>, StoreError> {
        match self.account_positions.get(address) {
            Some(&at) => {
                let account = &self.accounts[at].current;
                Ok((!account.is_default()).then(|| account.clone()))
            }
            None => self.below.account(address),
        }
    }

    fn storage(&self, contract: &Address, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let at = self.contract_positions.get(contract);
        match at.and_then(|&at| self.contracts[at].positions.get(key)) {
            Some(&place) => Ok(self.values[place].current.clone()),
            None => self.below.storage(contract, key),
        }
    }

    /// Costs what lies below in the range, up to `limit`, and what the overlay has in the range.
    fn storage_range(
        &self,
        contract: &Address,
        range: KeyRange<'_>,
        order: Order,
        limit: usize,
    ) -> Result<Vec<StorageEntry>, StoreError> {
        let at = self.contract_positions.get(contract);
        let Some(&at) = at.filter(|_| !is_empty_range(&range)) else {
            return self.below.storage_range(contract, range, order, limit);
        };
        let own = self.contracts[at].positions.range::<[u8], _>(range);
        let own: Vec<(Bytes, Option<Bytes>)> =
            own.map(|(key, &place)| (key.clone(), self.values[place].current.clone())).collect();
        merge(own, order, limit, |limit| self.below.storage_range(contract, range, order, limit))
    }

    fn code(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError> {
        let slot = self.code_positions.get(hash).map(|&at| &self.code[at]);
        match slot {
            Some(slot) if slot.bytes.is_some() => Ok(slot.bytes.clone()),
            Some(slot) if slot.info.current.is_none() => Ok(None),
            _ => self.below.code(hash),
        }
    }

    fn code_info(&self, hash: &Hash) -> Result<Option<CodeInfo>, StoreError> {
        match self.code_positions.get(hash) {
            Some(&at) => Ok(self.code[at].info.current),
            None => self.below.code_info(hash),
        }
    }

    fn history(&self, contract: &Address) -> Result<Vec<PastVersion>, StoreError> {
        match self.histories.get(contract) {
            Some(slot) => Ok(slot.current.clone()),
            None => self.below.history(contract),
        }
    }
}
