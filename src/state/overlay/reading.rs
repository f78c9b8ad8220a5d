//! The overlay as a [`View`]: what it has changed over what lies below.

use alloc::vec::Vec;

use super::{Overlay, Slot};
use crate::primitives::{Address, Hash};
use crate::state::account::{Account, CodeInfo, PastVersion};
use crate::state::store::{Bytes, KeyRange, Order, StoreError, after, is_empty_range, upto};
use crate::state::view::{Base, StorageEntry, View};

impl View for Overlay<'_> {
    fn base(&self) -> Base {
        Base::Uncommitted
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

    /// Costs what is shown, and as much again for each entry that was removed in between.
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
        let own = &self.contracts[at].positions;
        let mut entries = Vec::new();
        let mut reached: Option<Bytes> = None;
        let mut page = limit;
        while entries.len() < limit {
            let rest = after(range, order, reached.as_deref());
            let below = self.below.storage_range(contract, rest, order, page)?;
            // A page that was filled ends at its last entry, another one where the range does.
            let end = below.last().filter(|_| below.len() == page).map(|(key, _)| key.clone());
            let window = own.range::<[u8], _>(upto(rest, order, end.as_deref()));
            let window = window.map(|(key, &place)| (key, &self.values[place]));
            let window: &mut dyn Iterator<Item = (&Bytes, &Slot<Option<Bytes>>)> = match order {
                Order::Ascending => &mut { window },
                Order::Descending => &mut window.rev(),
            };
            merge(below, window, order, limit, &mut entries);
            match end {
                Some(end) => reached = Some(end),
                None => break,
            }
            // Where much was removed, larger pages find what is left in fewer turns.
            page = page.max(8).saturating_mul(2).min(MOST_IN_PAGE.max(limit));
        }
        Ok(entries)
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

/// Entries that are asked for at once, where more are needed than are wanted.
const MOST_IN_PAGE: usize = 256;

/// Adds entries from below and of the overlay, in order, until there are `limit`. The overlay has
/// the last word on a key.
fn merge<'a>(
    below: Vec<StorageEntry>,
    own: &mut dyn Iterator<Item = (&'a Bytes, &'a Slot<Option<Bytes>>)>,
    order: Order,
    limit: usize,
    entries: &mut Vec<StorageEntry>,
) {
    // What was only read is what lies below.
    let mut own = own.filter(|(_, slot)| slot.is_changed()).peekable();
    let mut below = below.into_iter().peekable();
    while entries.len() < limit {
        let takes_own = match (own.peek(), below.peek()) {
            (None, None) => return,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some((ours, _)), Some((theirs, _))) => match order {
                Order::Ascending => *ours <= theirs,
                Order::Descending => *ours >= theirs,
            },
        };
        if !takes_own {
            entries.extend(below.next());
        } else if let Some((key, slot)) = own.next() {
            below.next_if(|(theirs, _)| theirs == key);
            entries.extend(slot.current.clone().map(|value| (key.clone(), value)));
        }
    }
}
