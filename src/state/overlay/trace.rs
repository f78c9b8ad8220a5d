//! [`Trace`]: what a transaction read and wrote over a fork, to be done again elsewhere.
//!
//! A fork remembers what it found of every account, value and record that it touched, so the trace
//! is all that it depended on, the searches for keys apart, which are recorded. A trace fits an
//! overlay where all of that is found there too; then what it wrote is what the transaction would
//! have written.
//!
//! Two numbers of a contract are sums that most transactions only add to: how much storage it uses,
//! and its deposit. Where a transaction did just that, it does not matter what they were.

use alloc::vec::Vec;
use core::ops::Bound;

use super::{Overlay, StateError};
use crate::primitives::{Address, Amount};
use crate::state::account::{Account, ContractInfo, Usage};
use crate::state::store::{Bytes, KeyRange};

/// A search for the next key: contract, bounds, and the key that was found.
#[derive(Clone, Debug)]
pub(super) struct Search {
    contract: Address,
    from: Bound<Bytes>,
    to: Bound<Bytes>,
    found: Option<Bytes>,
    /// How many keys were examined: it is paid for.
    examined: u64,
}

impl Search {
    pub(super) fn new(
        contract: &Address,
        range: KeyRange<'_>,
        found: Option<Bytes>,
        examined: u64,
    ) -> Self {
        let bound = |bound: Bound<&[u8]>| bound.map(Bytes::from);
        let (from, to) = (bound(range.0), bound(range.1));
        Search { contract: *contract, from, to, found, examined }
    }
}

/// What a transaction read and wrote over a fork.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    accounts: Vec<(Address, Account, Account)>,
    values: Vec<(Address, Bytes, Option<Bytes>, Option<Bytes>)>,
    searches: Vec<Search>,
    /// Whether it changed something that others read without it being seen: code, histories, a
    /// contract's record.
    is_structural: bool,
}

/// What a contract's sums may come to where transactions that only add to them are merged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Entries.
    pub(crate) items: u64,
    /// Bytes.
    pub(crate) bytes: u64,
}

impl Overlay<'_> {
    /// The same, and searches for keys are recorded.
    pub(crate) fn traced(mut self) -> Self {
        self.searches = Some(Vec::new());
        self
    }

    /// What the transactions over this overlay, which has to be traced, have read and written.
    pub(crate) fn into_trace(self) -> Trace {
        let mut trace = Trace {
            searches: self.searches.unwrap_or_default(),
            is_structural: self.code.iter().any(|slot| slot.info.is_changed())
                || self.histories.values().any(super::Slot::is_changed),
            ..Trace::default()
        };
        for slot in self.accounts {
            let record = |account: &Account| {
                account.contract.clone().map(|info| ContractInfo {
                    usage: Usage::default(),
                    deposit: Amount::ZERO,
                    ..info
                })
            };
            trace.is_structural |= record(&slot.committed) != record(&slot.current);
            trace.accounts.push((slot.address, slot.committed, slot.current));
        }
        let mut values: Vec<_> = self.values.into_iter().map(Some).collect();
        for contract in self.contracts {
            for (key, place) in contract.positions {
                let value = values.get_mut(place).and_then(Option::take);
                let (committed, current) = value.map_or((None, None), |v| (v.committed, v.current));
                trace.values.push((contract.address, key, committed, current));
            }
        }
        trace
    }

    /// Whether everything that the trace read is found here.
    fn fits(&mut self, trace: &Trace, room: Room) -> Result<bool, StateError> {
        for (address, committed, current) in &trace.accounts {
            let at = self.account_slot(address)?;
            if !same_account(&self.accounts[at].current, committed, current, room) {
                return Ok(false);
            }
        }
        for (contract, key, committed, _) in &trace.values {
            let place = self.storage_slot(contract, key)?;
            if self.values[place].current != *committed {
                return Ok(false);
            }
        }
        for search in &trace.searches {
            let bound = |bound: &Bound<Bytes>| bound.clone();
            let (from, to) = (bound(&search.from), bound(&search.to));
            let range = (from.as_ref().map(|key| &key[..]), to.as_ref().map(|key| &key[..]));
            let mut examined = 0;
            let found = self.next_key::<StateError>(&search.contract, range, || {
                examined += 1;
                Ok(())
            })?;
            if found != search.found || examined != search.examined {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Does here what the trace did, where everything that it read is found here. Returns whether
    /// it did.
    pub(crate) fn apply(&mut self, trace: Trace, room: Room) -> Result<bool, StateError> {
        let fits = self.fits(&trace, room)?;
        // What was looked at for this is not what a transaction has touched and paid for.
        self.transaction += 1;
        if fits {
            self.write(trace)?;
        }
        Ok(fits)
    }

    fn write(&mut self, trace: Trace) -> Result<(), StateError> {
        for (address, committed, current) in trace.accounts {
            if committed == current {
                continue;
            }
            let at = self.account_slot(&address)?;
            let here = &mut self.accounts[at].current;
            here.nonce = current.nonce;
            here.balance = current.balance;
            here.auth = current.auth;
            here.contract = match (here.contract.take(), committed.contract, current.contract) {
                (Some(here), Some(before), Some(after)) => Some(added(&here, &before, after)),
                (_, _, after) => after,
            };
        }
        for (contract, key, committed, current) in trace.values {
            if committed != current {
                let place = self.storage_slot(&contract, &key)?;
                self.values[place].current = current;
            }
        }
        self.transaction += 1;
        Ok(())
    }
}

impl Trace {
    /// Whether it changed something that others read without it being seen.
    pub(crate) fn is_structural(&self) -> bool {
        self.is_structural
    }

    /// Whether it touched the storage of a contract.
    pub(crate) fn touches(&self, contract: &Address) -> bool {
        self.values.iter().any(|(address, ..)| address == contract)
    }
}

/// Whether a transaction that found `committed` and left `current` would have done the same where
/// it finds `here`.
fn same_account(here: &Account, committed: &Account, current: &Account, room: Room) -> bool {
    if here == committed {
        return true;
    }
    let (Some(this), Some(before), Some(after)) =
        (&here.contract, &committed.contract, &current.contract)
    else {
        return false;
    };
    let alike = ContractInfo { usage: before.usage, deposit: before.deposit, ..this.clone() };
    let others = here.nonce == committed.nonce
        && here.balance == committed.balance
        && here.auth == committed.auth
        && alike == *before;
    others && only_adds(this, before, after, room)
}

/// Whether the sums of a contract were not looked at: they were left, or only added to with room
/// to spare.
fn only_adds(this: &ContractInfo, before: &ContractInfo, after: &ContractInfo, room: Room) -> bool {
    if before.usage == after.usage && before.deposit == after.deposit {
        // Entries may have come and gone: there has to have been room for them.
        return fits_into(this.usage, room);
    }
    let adds = after.usage.items >= before.usage.items
        && after.usage.bytes >= before.usage.bytes
        && after.deposit >= before.deposit;
    // Without a deposit taken, what came back depends on what was held.
    let taken = after.deposit > before.deposit || this.deposit == before.deposit;
    adds && taken && fits_into(this.usage, room)
}

fn fits_into(usage: Usage, room: Room) -> bool {
    usage.items <= room.items && usage.bytes <= room.bytes
}

/// A contract's record with what was added to its sums.
fn added(here: &ContractInfo, before: &ContractInfo, after: ContractInfo) -> ContractInfo {
    // Where the sums are those that were found, this is what was left; else they were added to.
    let usage = Usage {
        items: sum(here.usage.items, before.usage.items, after.usage.items),
        bytes: sum(here.usage.bytes, before.usage.bytes, after.usage.bytes),
    };
    let (here, before, now) = (here.deposit.units(), before.deposit.units(), after.deposit.units());
    let deposit = Amount::new(here.wrapping_sub(before).wrapping_add(now));
    ContractInfo { usage, deposit, ..after }
}

fn sum(here: u64, before: u64, after: u64) -> u64 {
    here.wrapping_sub(before).wrapping_add(after)
}
