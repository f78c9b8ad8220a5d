//! Storage of contracts: values with their exact usage, and transient values.

use super::{ContractStorage, Entry, Overlay, Slot, StateError};
use crate::primitives::Address;
use crate::state::account::Usage;
use crate::state::store::Bytes;
use alloc::collections::BTreeMap;

impl Overlay<'_> {
    /// The value at `key` of the storage of `contract`.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn load_storage(
        &mut self,
        contract: &Address,
        key: &[u8],
    ) -> Result<Option<Bytes>, StateError> {
        let place = self.storage_slot(contract, key)?;
        Ok(self.values[place].current.clone())
    }

    /// Sets the value at `key` of the storage of `contract`, or removes it with `None`, and counts
    /// the usage of the contract. Returns what was there. A value that was there already is no
    /// write.
    ///
    /// # Errors
    ///
    /// [`StateError::NoContract`], [`StateError::EmptyKey`], the three limits of storage, and
    /// [`StateError::Store`]. A contract that is above a limit, since the limit was lowered, may
    /// still shrink.
    pub fn set_storage(
        &mut self,
        contract: &Address,
        key: &[u8],
        value: Option<&[u8]>,
    ) -> Result<Option<Bytes>, StateError> {
        if key.is_empty() {
            return Err(StateError::EmptyKey);
        }
        let account = self.account_slot(contract)?;
        let usage = self.accounts[account].current.contract.as_ref().map(|info| info.usage);
        let usage = usage.ok_or(StateError::NoContract)?;
        let place = self.storage_slot(contract, key)?;
        let previous = self.values[place].current.clone();
        if previous.as_deref() == value {
            return Ok(previous);
        }
        let size = |value: &[u8]| key.len() as u64 + value.len() as u64;
        let next = usage.replaced(previous.as_deref().map(size), value.map(size));
        let next = next.ok_or(StateError::TooManyBytes)?;
        if next.items > usage.items && next.items > self.limits.contract_items {
            return Err(StateError::TooManyItems);
        }
        if next.bytes > usage.bytes && next.bytes > self.limits.contract_bytes {
            return Err(StateError::TooManyBytes);
        }
        if self.writes >= self.limits.transaction_writes {
            return Err(StateError::TooManyWrites);
        }
        self.writes += 1;
        self.values[place].current = value.map(Bytes::from);
        self.put_usage(account, next);
        self.log(Entry::Storage { account, place, previous: previous.clone(), usage });
        Ok(previous)
    }

    /// How many writes of the transaction have been made and not been undone.
    #[must_use]
    pub fn writes(&self) -> u32 {
        self.writes
    }

    /// The transient value at `key` of `contract`: it lives until the transaction ends.
    #[must_use]
    pub fn transient(&self, contract: &Address, key: &[u8]) -> Option<Bytes> {
        self.transient.get(&(*contract, key.into())).cloned()
    }

    /// Sets the transient value at `key` of `contract`, or removes it with `None`.
    pub fn set_transient(&mut self, contract: &Address, key: &[u8], value: Option<&[u8]>) {
        let place = (*contract, Bytes::from(key));
        let previous = self.put_transient(place.clone(), value.map(Bytes::from));
        self.log(Entry::Transient { place, previous });
    }

    pub(super) fn put_transient(
        &mut self,
        place: (Address, Bytes),
        value: Option<Bytes>,
    ) -> Option<Bytes> {
        match value {
            Some(value) => self.transient.insert(place, value),
            None => self.transient.remove(&place),
        }
    }

    pub(super) fn put_usage(&mut self, account: usize, usage: Usage) {
        let info = self.accounts[account].current.contract.as_mut();
        info.expect("usage is that of a contract").usage = usage;
    }

    /// Position of a value, which is loaded where it has not been.
    fn storage_slot(&mut self, contract: &Address, key: &[u8]) -> Result<usize, StateError> {
        let at = self.contract_slot(contract);
        if let Some(&place) = self.contracts[at].positions.get(key) {
            return Ok(place);
        }
        let committed = self.below.storage(contract, key)?;
        let place = self.values.len();
        self.values.push(Slot::new(committed));
        self.contracts[at].positions.insert(key.into(), place);
        Ok(place)
    }

    fn contract_slot(&mut self, address: &Address) -> usize {
        if let Some(&at) = self.contract_positions.get(address) {
            return at;
        }
        let at = self.contracts.len();
        self.contracts.push(ContractStorage { address: *address, positions: BTreeMap::new() });
        self.contract_positions.insert(*address, at);
        at
    }
}
