//! [`Model`]: what state is, in plain maps.

use std::collections::BTreeMap;

use dytallix::limits::StorageLimits;
use dytallix::primitives::{Address, Amount, Hash, Height};
use dytallix::state::{
    Account, CodeInfo, ContractInfo, Event, Order, PastVersion, StateError, StorageEntry,
};

/// What state is, in plain maps. A checkpoint is a clone of all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// Accounts that are not the default account, and some that are.
    pub accounts: BTreeMap<Address, Account>,
    /// Values by contract and key.
    pub storage: BTreeMap<(Address, Vec<u8>), Vec<u8>>,
    /// Records of code.
    pub code_info: BTreeMap<Hash, CodeInfo>,
    /// Code.
    pub code: BTreeMap<Hash, Vec<u8>>,
    /// Versions before upgrades.
    pub histories: BTreeMap<Address, Vec<PastVersion>>,
    /// Transient values by contract and key.
    pub transient: BTreeMap<(Address, Vec<u8>), Vec<u8>>,
    /// Events of the transaction.
    pub events: Vec<Event>,
    /// Writes of the transaction.
    pub writes: u32,
}

type Outcome<T> = Result<T, StateError>;

impl Model {
    /// The account at an address.
    pub fn account(&self, address: &Address) -> Account {
        self.accounts.get(address).cloned().unwrap_or_default()
    }

    fn account_mut(&mut self, address: &Address) -> &mut Account {
        self.accounts.entry(*address).or_default()
    }

    fn contract(&self, address: &Address) -> Outcome<ContractInfo> {
        self.account(address).contract.ok_or(StateError::NoContract)
    }

    /// Adds to a balance.
    pub fn credit(&mut self, to: &Address, amount: u128) -> Outcome<()> {
        let sum = self.account(to).balance.units().checked_add(amount);
        self.account_mut(to).balance = Amount::new(sum.ok_or(StateError::BalanceOverflow)?);
        Ok(())
    }

    /// Takes from a balance.
    pub fn debit(&mut self, from: &Address, amount: u128) -> Outcome<()> {
        let left = self.account(from).balance.units().checked_sub(amount);
        self.account_mut(from).balance = Amount::new(left.ok_or(StateError::InsufficientBalance)?);
        Ok(())
    }

    /// Does both of two things or neither.
    pub fn both(
        &mut self,
        first: impl FnOnce(&mut Model) -> Outcome<()>,
        second: impl FnOnce(&mut Model) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut next = self.clone();
        first(&mut next)?;
        second(&mut next)?;
        *self = next;
        Ok(())
    }

    /// Counts a transaction.
    pub fn bump_nonce(&mut self, address: &Address) {
        let nonce = self.account(address).nonce.next().expect("far from the end");
        self.account_mut(address).nonce = nonce;
    }

    /// Adds code.
    pub fn add_code(&mut self, hash: Hash, code: Vec<u8>, uploader: Address) {
        let info = CodeInfo::uploaded(code.len() as u32, uploader);
        self.code_info.entry(hash).or_insert(info);
        self.code.entry(hash).or_insert(code);
    }

    fn refer(&mut self, hash: &Hash, by: i64) -> Outcome<()> {
        let info = self.code_info.get_mut(hash).ok_or(StateError::NoCode)?;
        info.references = info.references.checked_add_signed(by).expect("references are counted");
        Ok(())
    }

    /// Puts a contract at an address.
    pub fn create_contract(&mut self, address: &Address, info: ContractInfo) -> Outcome<()> {
        if self.account(address).contract.is_some() {
            return Err(StateError::ContractExists);
        }
        self.refer(&info.code_hash, 1)?;
        self.account_mut(address).contract = Some(info);
        Ok(())
    }

    /// Gives a contract other code.
    pub fn upgrade(&mut self, address: &Address, code: Hash, height: Height) -> Outcome<()> {
        let mut info = self.contract(address)?;
        self.refer(&code, 1)?;
        self.refer(&info.code_hash, -1)?;
        let past = PastVersion::of(&info, height, *address);
        self.histories.entry(*address).or_default().push(past);
        (info.code_hash, info.version, info.schema) = (code, info.version + 1, 7);
        info.analysis = None;
        self.account_mut(address).contract = Some(info);
        Ok(())
    }

    /// Adds to the deposit of a contract, or takes from it.
    pub fn change_deposit(&mut self, address: &Address, amount: u128, adds: bool) -> Outcome<()> {
        let mut info = self.contract(address)?;
        let deposit = info.deposit.units();
        let next = match adds {
            true => deposit.checked_add(amount).ok_or(StateError::BalanceOverflow)?,
            false => deposit.checked_sub(amount).ok_or(StateError::InsufficientBalance)?,
        };
        info.deposit = Amount::new(next);
        self.account_mut(address).contract = Some(info);
        Ok(())
    }

    /// Sets or removes a value and counts usage from nothing.
    pub fn set_storage(
        &mut self,
        contract: &Address,
        key: &[u8],
        value: Option<&[u8]>,
        limits: &StorageLimits,
    ) -> Outcome<Option<Vec<u8>>> {
        self.contract(contract)?;
        let place = (*contract, key.to_vec());
        let before = self.usage(contract);
        let mut next = self.clone();
        let previous = match value {
            Some(value) => next.storage.insert(place, value.to_vec()),
            None => next.storage.remove(&place),
        };
        if previous.as_deref() == value {
            return Ok(previous);
        }
        let after = next.usage(contract);
        if after.0 > before.0 && after.0 > limits.contract_items {
            return Err(StateError::TooManyItems);
        }
        if after.1 > before.1 && after.1 > limits.contract_bytes {
            return Err(StateError::TooManyBytes);
        }
        if self.writes >= limits.transaction_writes {
            return Err(StateError::TooManyWrites);
        }
        next.writes += 1;
        let info = next.account_mut(contract).contract.as_mut().expect("a contract");
        (info.usage.items, info.usage.bytes) = after;
        *self = next;
        Ok(previous)
    }

    /// Entries and bytes of a contract, counted.
    pub fn usage(&self, contract: &Address) -> (u64, u64) {
        let entries = self.storage.iter().filter(|((of, _), _)| of == contract);
        let size = |((_, key), value): (&(Address, Vec<u8>), &Vec<u8>)| key.len() + value.len();
        let sizes: Vec<usize> = entries.map(size).collect();
        (sizes.len() as u64, sizes.iter().sum::<usize>() as u64)
    }

    /// The first `limit` entries of a contract with keys from `from` on and below `to`.
    pub fn range(
        &self,
        contract: &Address,
        from: &[u8],
        to: Option<&[u8]>,
        order: Order,
        limit: usize,
    ) -> Vec<StorageEntry> {
        let is_inside = |of: &Address, key: &[u8]| {
            of == contract && key >= from && to.is_none_or(|to| key < to)
        };
        let entries = self.storage.iter().filter(|((of, key), _)| is_inside(of, key));
        let mut entries: Vec<StorageEntry> =
            entries.map(|((_, key), value)| (key[..].into(), value[..].into())).collect();
        if order == Order::Descending {
            entries.reverse();
        }
        entries.truncate(limit);
        entries
    }

    /// Ends a transaction.
    pub fn end_transaction(&mut self) -> Vec<Event> {
        self.transient.clear();
        self.writes = 0;
        std::mem::take(&mut self.events)
    }
}
