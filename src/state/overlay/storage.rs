//! Storage of contracts: values with their exact usage, and transient values.

use alloc::collections::BTreeMap;
use core::ops::Bound;

#[cfg(feature = "std")]
use super::Search;
use super::{ContractStorage, Entry, Mark, Overlay, Slot, StateError};
use crate::primitives::Address;
use crate::state::account::Usage;
use crate::state::store::{Bytes, KeyRange, Order, is_empty_range};
use crate::state::view::StorageEntry;

/// Where a value of an overlay is: found once, used without looking it up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(usize);

impl Overlay<'_> {
    /// Where the value at `key` of the storage of `contract` is, if the transaction has touched it.
    /// The first touch is dearer: it may have to be read from the store.
    #[must_use]
    pub fn warm_place(&self, contract: &Address, key: &[u8]) -> Option<Place> {
        let at = *self.contract_positions.get(contract)?;
        let place = *self.contracts[at].positions.get(key)?;
        (self.marks[place].touched == self.transaction).then_some(Place(place))
    }

    /// Where the value at `key` of the storage of `contract` is, loaded where it has not been.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn place(&mut self, contract: &Address, key: &[u8]) -> Result<Place, StateError> {
        self.storage_slot(contract, key).map(Place)
    }

    /// The value at a place.
    #[must_use]
    pub fn value_at(&self, place: Place) -> Option<&Bytes> {
        self.values[place.0].current.as_ref()
    }

    /// Whether the transaction has written to a place, be it that the write was undone.
    #[must_use]
    pub fn is_written(&self, place: Place) -> bool {
        self.marks[place.0].written == self.transaction
    }

    /// The first key of the storage of `contract` in `range`. `examine` is called before each key
    /// that has to be looked at, those that have been removed included; what it refuses ends the
    /// search.
    ///
    /// # Errors
    ///
    /// What `examine` says, and [`StateError::Store`].
    pub fn next_key<E: From<StateError>>(
        &mut self,
        contract: &Address,
        range: KeyRange<'_>,
        examine: impl FnMut() -> Result<(), E>,
    ) -> Result<Option<Bytes>, E> {
        #[cfg(feature = "std")]
        if self.searches.is_some() {
            return self.next_key_noted(contract, range, examine);
        }
        self.find_next_key(contract, range, examine)
    }

    /// The same, noted for a trace.
    #[cfg(feature = "std")]
    fn next_key_noted<E: From<StateError>>(
        &mut self,
        contract: &Address,
        range: KeyRange<'_>,
        mut examine: impl FnMut() -> Result<(), E>,
    ) -> Result<Option<Bytes>, E> {
        let mut examined = 0;
        let found = self.find_next_key(contract, range, || {
            examined += 1;
            examine()
        });
        // What ended the search may be what it had found until then: such a trace fits nowhere.
        let noted = match &found {
            Ok(found) => found.clone(),
            Err(_) => Some(Bytes::from([])),
        };
        if let Some(searches) = &mut self.searches {
            searches.push(Search::new(contract, range, noted, examined));
        }
        found
    }

    fn find_next_key<E: From<StateError>>(
        &self,
        contract: &Address,
        range: KeyRange<'_>,
        mut examine: impl FnMut() -> Result<(), E>,
    ) -> Result<Option<Bytes>, E> {
        if is_empty_range(&range) {
            return Ok(None);
        }
        let positions = self.contract_positions.get(contract).map(|&at| &self.contracts[at]);
        let own = positions.map(|contract| contract.positions.range::<[u8], _>(range));
        let mut own = own.into_iter().flatten().peekable();
        let first = |from: KeyRange<'_>| -> Result<Option<StorageEntry>, E> {
            let entries = self.below.storage_range(contract, from, Order::Ascending, 1);
            Ok(entries.map_err(|error| E::from(error.into()))?.pop())
        };
        examine()?;
        let mut below = first(range)?;
        loop {
            let (key, place) = match (own.peek(), &below) {
                (None, None) => return Ok(None),
                (Some((ours, _)), Some((theirs, _))) if *ours > theirs => {
                    return Ok(Some(theirs.clone()));
                }
                (None, Some((theirs, _))) => return Ok(Some(theirs.clone())),
                (Some((ours, place)), _) => ((*ours).clone(), **place),
            };
            if self.values[place].current.is_some() {
                return Ok(Some(key));
            }
            examine()?;
            own.next();
            if below.as_ref().is_some_and(|(theirs, _)| *theirs == key) {
                below = first((Bound::Excluded(&key), range.1))?;
            }
        }
    }

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
        self.set_place(account, place, key.len(), usage, value)
    }

    /// Sets the value at a place of the storage of `contract`, whose key has `key_bytes` bytes: see
    /// [`Overlay::set_storage`].
    ///
    /// # Errors
    ///
    /// What [`Overlay::set_storage`] says.
    pub fn set_at(
        &mut self,
        contract: &Address,
        place: Place,
        key_bytes: usize,
        value: Option<&[u8]>,
    ) -> Result<Option<Bytes>, StateError> {
        let account = self.account_slot(contract)?;
        let usage = self.accounts[account].current.contract.as_ref().map(|info| info.usage);
        self.set_place(account, place.0, key_bytes, usage.ok_or(StateError::NoContract)?, value)
    }

    fn set_place(
        &mut self,
        account: usize,
        place: usize,
        key_bytes: usize,
        usage: Usage,
        value: Option<&[u8]>,
    ) -> Result<Option<Bytes>, StateError> {
        let previous = self.values[place].current.clone();
        if previous.as_deref() == value {
            return Ok(previous);
        }
        let size = |value: &[u8]| key_bytes as u64 + value.len() as u64;
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
        self.marks[place].written = self.transaction;
        self.values[place].current = value.map(Bytes::from);
        self.note_usage(account, usage);
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
        let key_bytes = place.1.len() as u64;
        let size = |value: &Option<Bytes>| value.as_ref().map_or(0, |v| key_bytes + v.len() as u64);
        self.transient_bytes += size(&value);
        let previous = match value {
            Some(value) => self.transient.insert(place, value),
            None => self.transient.remove(&place),
        };
        self.transient_bytes -= size(&previous);
        previous
    }

    /// Bytes of the keys and values that are transient now.
    #[must_use]
    pub fn transient_bytes(&self) -> u64 {
        self.transient_bytes
    }

    /// Remembers what a contract used before the transaction changed it.
    fn note_usage(&mut self, account: usize, usage: Usage) {
        let slot = &mut self.accounts[account];
        if slot.used.0 != self.transaction {
            slot.used = (self.transaction, usage);
            self.used.push(account);
        }
    }

    pub(super) fn put_usage(&mut self, account: usize, usage: Usage) {
        let info = self.accounts[account].current.contract.as_mut();
        info.expect("usage is that of a contract").usage = usage;
    }

    /// Position of a value, which is loaded where it has not been.
    pub(super) fn storage_slot(
        &mut self,
        contract: &Address,
        key: &[u8],
    ) -> Result<usize, StateError> {
        let at = self.contract_slot(contract);
        if let Some(&place) = self.contracts[at].positions.get(key) {
            self.marks[place].touched = self.transaction;
            return Ok(place);
        }
        let committed = self.below.storage(contract, key)?;
        let place = self.values.len();
        self.values.push(Slot::new(committed));
        self.marks.push(Mark { touched: self.transaction, written: 0 });
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
