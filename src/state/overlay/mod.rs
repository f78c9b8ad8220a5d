//! [`Overlay`]: changes over committed state that can be undone.
//!
//! Reads go through to the store once and are kept; writes stay here. Each place remembers what the
//! store has, so that [`Overlay::changes`] names exactly the places whose contents differ: a value
//! that was changed and changed back is no change.
//!
//! Accounts and contracts sit in lists in the order in which they were first touched. The hash maps
//! only find positions in these lists and are never iterated, so no output can depend on their
//! order.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use hashbrown::HashMap;

use super::account::{Account, ContractInfo};
use super::journal::{Checkpoint, Entry, Event};
use super::store::{Bytes, ChangeSet, Store, StoreError};
use crate::primitives::{Address, Amount, Hash, Nonce};

/// A journaled overlay over committed state.
pub struct Overlay<'a> {
    store: &'a dyn Store,
    accounts: Vec<AccountSlot>,
    account_positions: HashMap<Address, usize>,
    contracts: Vec<ContractStorage>,
    contract_positions: HashMap<Address, usize>,
    /// Code that this overlay adds; code of the store is read through each time, by reference.
    code: BTreeMap<Hash, Bytes>,
    events: Vec<Event>,
    journal: Vec<Entry>,
    /// How many checkpoints are open. Without one, nothing needs to be journaled.
    depth: usize,
}

struct AccountSlot {
    address: Address,
    committed: Account,
    current: Account,
}

struct ContractStorage {
    address: Address,
    /// Ordered, because ranges over overlay and store have to be merged.
    values: BTreeMap<Bytes, ValueSlot>,
}

struct ValueSlot {
    committed: Option<Bytes>,
    current: Option<Bytes>,
}

/// Why a change of state was not made. Nothing has been changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The account has less than that.
    InsufficientBalance,
    /// The balance would be too great.
    BalanceOverflow,
    /// The account has sent as many transactions as can be counted.
    NonceOverflow,
    /// The store failed: a fault of the node.
    Store(StoreError),
}

impl<'a> Overlay<'a> {
    /// An overlay without changes over what `store` has committed.
    #[must_use]
    pub fn new(store: &'a dyn Store) -> Self {
        Overlay {
            store,
            accounts: Vec::new(),
            account_positions: HashMap::new(),
            contracts: Vec::new(),
            contract_positions: HashMap::new(),
            code: BTreeMap::new(),
            events: Vec::new(),
            journal: Vec::new(),
            depth: 0,
        }
    }

    /// Opens a checkpoint: what happens from here on can be undone.
    pub fn checkpoint(&mut self) -> Checkpoint {
        let checkpoint = Checkpoint { entries: self.journal.len(), depth: self.depth };
        self.depth += 1;
        checkpoint
    }

    /// Keeps what happened since `checkpoint`. It can still be undone by the checkpoint around it.
    ///
    /// # Panics
    ///
    /// Where `checkpoint` is not the innermost one that is open.
    pub fn commit(&mut self, checkpoint: Checkpoint) {
        self.close(&checkpoint);
        if self.depth == 0 {
            self.journal.clear();
        }
    }

    /// Undoes what happened since `checkpoint`, in time proportional to the number of changes.
    ///
    /// # Panics
    ///
    /// Where `checkpoint` is not the innermost one that is open.
    pub fn revert(&mut self, checkpoint: Checkpoint) {
        self.close(&checkpoint);
        while self.journal.len() > checkpoint.entries {
            let entry = self.journal.pop().expect("the journal is longer than the checkpoint");
            self.undo(entry);
        }
    }

    /// The account at `address`; the default account where there is none.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn account(&mut self, address: &Address) -> Result<&Account, StateError> {
        let at = self.load_account(address)?;
        Ok(&self.accounts[at].current)
    }

    /// Adds `amount` to a balance.
    ///
    /// # Errors
    ///
    /// [`StateError::BalanceOverflow`] and [`StateError::Store`].
    pub fn credit(&mut self, address: &Address, amount: Amount) -> Result<(), StateError> {
        let at = self.load_account(address)?;
        let balance = self.accounts[at].current.balance.checked_add(amount);
        self.set_balance(at, balance.ok_or(StateError::BalanceOverflow)?);
        Ok(())
    }

    /// Takes `amount` from a balance.
    ///
    /// # Errors
    ///
    /// [`StateError::InsufficientBalance`] and [`StateError::Store`].
    pub fn debit(&mut self, address: &Address, amount: Amount) -> Result<(), StateError> {
        let at = self.load_account(address)?;
        let balance = self.accounts[at].current.balance.checked_sub(amount);
        self.set_balance(at, balance.ok_or(StateError::InsufficientBalance)?);
        Ok(())
    }

    /// Moves `amount` from one account to another, both ends or neither.
    ///
    /// # Errors
    ///
    /// What [`Overlay::debit`] and [`Overlay::credit`] say.
    pub fn transfer(
        &mut self,
        from: &Address,
        to: &Address,
        amount: Amount,
    ) -> Result<(), StateError> {
        let (source, target) = (self.load_account(from)?, self.load_account(to)?);
        let left = self.accounts[source].current.balance.checked_sub(amount);
        let left = left.ok_or(StateError::InsufficientBalance)?;
        if source == target {
            return Ok(());
        }
        let sum = self.accounts[target].current.balance.checked_add(amount);
        let sum = sum.ok_or(StateError::BalanceOverflow)?;
        self.set_balance(source, left);
        self.set_balance(target, sum);
        Ok(())
    }

    /// Raises a nonce by one and returns what it was.
    ///
    /// # Errors
    ///
    /// [`StateError::NonceOverflow`] and [`StateError::Store`].
    pub fn bump_nonce(&mut self, address: &Address) -> Result<Nonce, StateError> {
        let at = self.load_account(address)?;
        let previous = self.accounts[at].current.nonce;
        let next = previous.next().ok_or(StateError::NonceOverflow)?;
        self.log(Entry::Nonce { account: at, previous });
        self.accounts[at].current.nonce = next;
        Ok(previous)
    }

    /// Sets the contract record of an account.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn set_contract(
        &mut self,
        address: &Address,
        contract: Option<ContractInfo>,
    ) -> Result<(), StateError> {
        let at = self.load_account(address)?;
        let previous = core::mem::replace(&mut self.accounts[at].current.contract, contract);
        self.log(Entry::Contract { account: at, previous });
        Ok(())
    }

    /// The code of hash `hash`.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn code(&self, hash: &Hash) -> Result<Option<Bytes>, StateError> {
        match self.code.get(hash) {
            Some(code) => Ok(Some(code.clone())),
            None => Ok(self.store.code(hash)?),
        }
    }

    /// Adds code under its hash, unless it is there.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn add_code(&mut self, hash: Hash, code: Bytes) -> Result<(), StateError> {
        if self.code(&hash)?.is_none() {
            self.code.insert(hash, code);
            self.log(Entry::Code { hash });
        }
        Ok(())
    }

    /// The value at `key` of the storage of `contract`.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn storage(&mut self, contract: &Address, key: &[u8]) -> Result<Option<Bytes>, StateError> {
        let at = self.load_contract(contract);
        if let Some(slot) = self.contracts[at].values.get(key) {
            return Ok(slot.current.clone());
        }
        let committed = self.store.storage(contract, key)?;
        let slot = ValueSlot { committed: committed.clone(), current: committed.clone() };
        self.contracts[at].values.insert(key.into(), slot);
        Ok(committed)
    }

    /// Sets the value at `key` of the storage of `contract`, or removes it with `None`. Returns
    /// what was there.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn set_storage(
        &mut self,
        contract: &Address,
        key: &[u8],
        value: Option<&[u8]>,
    ) -> Result<Option<Bytes>, StateError> {
        let previous = self.storage(contract, key)?;
        if previous.as_deref() == value {
            return Ok(previous);
        }
        let at = self.load_contract(contract);
        let key: Bytes = key.into();
        self.put(at, &key, value.map(Bytes::from));
        self.log(Entry::Storage { contract: at, key, previous: previous.clone() });
        Ok(previous)
    }

    /// Adds an event.
    pub fn emit(&mut self, event: Event) {
        self.events.push(event);
        self.log(Entry::Event);
    }

    /// The events so far, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes the events out, which a transaction does when it has ended.
    ///
    /// # Panics
    ///
    /// Where a checkpoint is open: it could no longer be reverted.
    pub fn take_events(&mut self) -> Vec<Event> {
        assert_eq!(self.depth, 0, "events are taken when no checkpoint is open");
        core::mem::take(&mut self.events)
    }

    /// What differs from committed state, sorted.
    #[must_use]
    pub fn changes(&self) -> ChangeSet {
        let mut changes = ChangeSet::default();
        for slot in self.accounts.iter().filter(|slot| slot.committed != slot.current) {
            let account = (!slot.current.is_default()).then(|| slot.current.clone());
            changes.accounts.push((slot.address, account));
        }
        changes.accounts.sort_unstable_by_key(|(address, _)| *address);
        let mut contracts: Vec<&ContractStorage> = self.contracts.iter().collect();
        contracts.sort_unstable_by_key(|contract| contract.address);
        for contract in contracts {
            let changed = contract.values.iter().filter(|(_, slot)| slot.committed != slot.current);
            changes.storage.extend(
                changed.map(|(key, slot)| (contract.address, key.clone(), slot.current.clone())),
            );
        }
        changes.code.extend(self.code.iter().map(|(hash, code)| (*hash, code.clone())));
        changes
    }

    /// How many changes could still be undone.
    #[cfg(test)]
    pub(super) fn journal_len(&self) -> usize {
        self.journal.len()
    }

    fn close(&mut self, checkpoint: &Checkpoint) {
        let innermost = self.depth.checked_sub(1);
        assert_eq!(innermost, Some(checkpoint.depth), "checkpoints close innermost first");
        self.depth = checkpoint.depth;
    }

    fn log(&mut self, entry: Entry) {
        if self.depth > 0 {
            self.journal.push(entry);
        }
    }

    fn undo(&mut self, entry: Entry) {
        match entry {
            Entry::Balance { account, previous } => {
                self.accounts[account].current.balance = previous;
            }
            Entry::Nonce { account, previous } => self.accounts[account].current.nonce = previous,
            Entry::Contract { account, previous } => {
                self.accounts[account].current.contract = previous;
            }
            Entry::Storage { contract, key, previous } => self.put(contract, &key, previous),
            Entry::Code { hash } => _ = self.code.remove(&hash),
            Entry::Event => _ = self.events.pop(),
        }
    }

    fn set_balance(&mut self, account: usize, balance: Amount) {
        let previous = core::mem::replace(&mut self.accounts[account].current.balance, balance);
        if previous != balance {
            self.log(Entry::Balance { account, previous });
        }
    }

    /// Sets a value whose place has been loaded.
    fn put(&mut self, contract: usize, key: &[u8], value: Option<Bytes>) {
        let slot = self.contracts[contract].values.get_mut(key);
        slot.expect("a place is loaded before it is changed").current = value;
    }

    fn load_account(&mut self, address: &Address) -> Result<usize, StateError> {
        if let Some(&at) = self.account_positions.get(address) {
            return Ok(at);
        }
        let committed = self.store.account(address)?.unwrap_or_default();
        let at = self.accounts.len();
        let current = committed.clone();
        self.accounts.push(AccountSlot { address: *address, committed, current });
        self.account_positions.insert(*address, at);
        Ok(at)
    }

    fn load_contract(&mut self, address: &Address) -> usize {
        if let Some(&at) = self.contract_positions.get(address) {
            return at;
        }
        let at = self.contracts.len();
        self.contracts.push(ContractStorage { address: *address, values: BTreeMap::new() });
        self.contract_positions.insert(*address, at);
        at
    }
}

impl fmt::Debug for Overlay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overlay")
            .field("accounts", &self.accounts.len())
            .field("contracts", &self.contracts.len())
            .field("events", &self.events.len())
            .field("journal", &self.journal.len())
            .field("depth", &self.depth)
            .finish()
    }
}

impl From<StoreError> for StateError {
    fn from(error: StoreError) -> Self {
        StateError::Store(error)
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateError::InsufficientBalance => f.write_str("the balance is less than the amount"),
            StateError::BalanceOverflow => f.write_str("the balance would be too great"),
            StateError::NonceOverflow => f.write_str("the nonce has reached its end"),
            StateError::Store(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for StateError {}
