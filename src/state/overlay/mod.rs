//! [`Overlay`]: changes over a state that can be undone.
//!
//! Reads go through to the state below once and are kept; writes stay here. Each place remembers
//! what lies below, so that [`Overlay::changes`] names exactly the places whose contents differ: a
//! value that was changed and changed back is no change.
//!
//! Accounts, contracts, values and code sit in lists in the order in which they were first touched.
//! The hash maps only find positions in these lists and are never iterated, so no output can depend
//! on their order.
//!
//! An overlay is a [`View`] itself, so a fork for simulation is an overlay over an overlay: it
//! costs nothing until it is used, and dropping it drops what it did.

mod code;
mod contracts;
mod error;
mod reading;
mod storage;
#[cfg(feature = "std")]
mod trace;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use hashbrown::HashMap;

use super::account::{Account, Auth, CodeInfo, PastVersion, Usage};
use super::changes::{Change, ChangeSet};
use super::journal::{Checkpoint, Entry, Event};
use super::store::Bytes;
use super::view::View;
use crate::limits::StorageLimits;
use crate::primitives::{Address, Amount, Hash, Nonce};

pub use error::StateError;
pub use storage::Place;
#[cfg(feature = "std")]
use trace::Search;
#[cfg(feature = "std")]
pub(crate) use trace::{Room, Trace};

/// A journaled overlay over a state.
pub struct Overlay<'a> {
    below: &'a dyn View,
    limits: StorageLimits,
    accounts: Vec<AccountSlot>,
    account_positions: HashMap<Address, usize>,
    contracts: Vec<ContractStorage>,
    contract_positions: HashMap<Address, usize>,
    /// The values of all contracts.
    values: Vec<Slot<Option<Bytes>>>,
    /// What the transaction has done with each of them.
    marks: Vec<Mark>,
    code: Vec<CodeSlot>,
    code_positions: HashMap<Hash, usize>,
    histories: BTreeMap<Address, Slot<Vec<PastVersion>>>,
    transient: BTreeMap<(Address, Bytes), Bytes>,
    transient_bytes: u64,
    events: Vec<Event>,
    /// Writes of the transaction so far that have not been undone.
    writes: u32,
    /// Contracts whose usage the transaction has changed, be it that this was undone.
    used: Vec<usize>,
    /// Counts transactions, from 1 on.
    transaction: u32,
    journal: Vec<Entry>,
    /// Searches for keys, where they are recorded.
    #[cfg(feature = "std")]
    searches: Option<Vec<Search>>,
    /// How many checkpoints are open. Without one, nothing needs to be journaled.
    depth: usize,
}

struct AccountSlot {
    address: Address,
    committed: Account,
    current: Account,
    /// The last transactions that touched it, and that announced to change it.
    touched: u32,
    written: u32,
    /// The last transaction that changed how much storage it uses, and how much it was before.
    used: (u32, Usage),
}

/// The last transactions that touched and that wrote a value. Undoing does not take them back: what
/// was loaded once stays at hand, so gas follows what has been done and not what was kept.
#[derive(Clone, Copy, Default)]
struct Mark {
    touched: u32,
    written: u32,
}

struct ContractStorage {
    address: Address,
    /// Where the values of its keys are. Ordered, because ranges over overlay and state below have
    /// to be merged.
    positions: BTreeMap<Bytes, usize>,
}

struct CodeSlot {
    hash: Hash,
    info: Slot<Option<CodeInfo>>,
    /// The code itself, where this overlay adds it.
    bytes: Option<Bytes>,
    /// The last transaction that paid for having it at hand.
    loaded: u32,
}

/// What lies below at a place, and what is there now.
struct Slot<V> {
    committed: V,
    current: V,
}

impl<V: Clone + PartialEq> Slot<V> {
    fn new(committed: V) -> Self {
        Slot { current: committed.clone(), committed }
    }

    fn is_changed(&self) -> bool {
        self.committed != self.current
    }
}

impl<'a> Overlay<'a> {
    /// An overlay without changes over `below`, without limits of storage.
    #[must_use]
    pub fn new(below: &'a dyn View) -> Self {
        Overlay {
            below,
            limits: StorageLimits::NONE,
            accounts: Vec::new(),
            account_positions: HashMap::new(),
            contracts: Vec::new(),
            contract_positions: HashMap::new(),
            values: Vec::new(),
            marks: Vec::new(),
            code: Vec::new(),
            code_positions: HashMap::new(),
            histories: BTreeMap::new(),
            transient: BTreeMap::new(),
            transient_bytes: 0,
            events: Vec::new(),
            writes: 0,
            used: Vec::new(),
            transaction: 1,
            journal: Vec::new(),
            #[cfg(feature = "std")]
            searches: None,
            depth: 0,
        }
    }

    /// The same with these limits of storage.
    #[must_use]
    pub fn with_limits(self, limits: StorageLimits) -> Self {
        Overlay { limits, ..self }
    }

    /// Changes the limits of storage; returns what they were.
    pub(crate) fn replace_limits(&mut self, limits: StorageLimits) -> StorageLimits {
        core::mem::replace(&mut self.limits, limits)
    }

    /// An overlay over this one, with the same limits, for a simulation: what happens in it is seen
    /// by nobody else. Events, transient values and the count of writes begin anew in it.
    #[must_use]
    pub fn fork(&self) -> Overlay<'_> {
        Overlay::new(self).with_limits(self.limits.clone())
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
    pub fn load_account(&mut self, address: &Address) -> Result<&Account, StateError> {
        let at = self.account_slot(address)?;
        Ok(&self.accounts[at].current)
    }

    /// Adds `amount` to a balance.
    ///
    /// # Errors
    ///
    /// [`StateError::BalanceOverflow`] and [`StateError::Store`].
    pub fn credit(&mut self, address: &Address, amount: Amount) -> Result<(), StateError> {
        let at = self.account_slot(address)?;
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
        let at = self.account_slot(address)?;
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
        let (source, target) = (self.account_slot(from)?, self.account_slot(to)?);
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
        let at = self.account_slot(address)?;
        let previous = self.accounts[at].current.nonce;
        let next = previous.next().ok_or(StateError::NonceOverflow)?;
        self.log(Entry::Nonce { account: at, previous });
        self.accounts[at].current.nonce = next;
        Ok(previous)
    }

    /// Says which key opens an account from now on; none means the key in its address.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn set_auth(&mut self, address: &Address, auth: Option<Auth>) -> Result<(), StateError> {
        let at = self.account_slot(address)?;
        let previous = core::mem::replace(&mut self.accounts[at].current.auth, auth);
        self.log(Entry::Auth { account: at, previous });
        Ok(())
    }

    /// Adds an event.
    pub fn emit(&mut self, event: Event) {
        self.events.push(event);
        self.log(Entry::Event);
    }

    /// The events of the transaction so far, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether the transaction has touched that account. The first touch is dearer: it may have to
    /// be read from the store.
    #[must_use]
    pub fn is_warm_account(&self, address: &Address) -> bool {
        let at = self.account_positions.get(address);
        at.is_some_and(|&at| self.accounts[at].touched == self.transaction)
    }

    /// Whether the transaction has announced to change that account.
    #[must_use]
    pub fn is_written_account(&self, address: &Address) -> bool {
        let at = self.account_positions.get(address);
        at.is_some_and(|&at| self.accounts[at].written == self.transaction)
    }

    /// Announces that the transaction changes that account, so that this is paid once.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn mark_written_account(&mut self, address: &Address) -> Result<(), StateError> {
        let at = self.account_slot(address)?;
        self.accounts[at].written = self.transaction;
        Ok(())
    }

    /// Ends a transaction: gives its events, drops transient values, begins the count of writes
    /// anew, and forgets what was touched.
    ///
    /// # Panics
    ///
    /// Where a checkpoint is open: it could no longer be reverted.
    pub fn end_transaction(&mut self) -> Vec<Event> {
        assert_eq!(self.depth, 0, "a transaction ends when no checkpoint is open");
        self.transient.clear();
        self.transient_bytes = 0;
        self.writes = 0;
        self.used.clear();
        self.transaction += 1;
        core::mem::take(&mut self.events)
    }

    /// What differs from the state below, sorted.
    #[must_use]
    pub fn changes(&self) -> ChangeSet {
        let mut changes = ChangeSet { base: self.below.base(), ..ChangeSet::default() };
        let there = |account: &Account| (!account.is_default()).then(|| account.clone());
        for slot in self.accounts.iter().filter(|slot| slot.committed != slot.current) {
            let (previous, current) = (there(&slot.committed), there(&slot.current));
            changes.accounts.push(Change::new(slot.address, previous, current));
        }
        changes.accounts.sort_unstable_by_key(|change| change.place);
        let mut contracts: Vec<&ContractStorage> = self.contracts.iter().collect();
        contracts.sort_unstable_by_key(|contract| contract.address);
        for contract in contracts {
            let slots = contract.positions.iter().map(|(key, &at)| (key, &self.values[at]));
            let changed = slots.filter(|(_, slot)| slot.is_changed());
            changes.storage.extend(changed.map(|(key, slot)| {
                let place = (contract.address, key.clone());
                Change::new(place, slot.committed.clone(), slot.current.clone())
            }));
        }
        for slot in self.code.iter().filter(|slot| slot.info.is_changed()) {
            let (previous, current) = (slot.info.committed, slot.info.current);
            changes.code_info.push(Change::new(slot.hash, previous, current));
            let added = slot.bytes.iter().filter(|_| previous.is_none());
            changes.code.extend(added.map(|bytes| (slot.hash, bytes.clone())));
        }
        changes.code_info.sort_unstable_by_key(|change| change.place);
        changes.code.sort_unstable_by_key(|(hash, _)| *hash);
        let there = |history: &Vec<PastVersion>| (!history.is_empty()).then(|| history.clone());
        for (contract, slot) in self.histories.iter().filter(|(_, slot)| slot.is_changed()) {
            let (previous, current) = (there(&slot.committed), there(&slot.current));
            changes.histories.push(Change::new(*contract, previous, current));
        }
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
            Entry::Auth { account, previous } => self.accounts[account].current.auth = previous,
            Entry::Contract { account, previous } => {
                self.accounts[account].current.contract = previous.map(|info| *info);
            }
            Entry::Deposit { account, previous } => self.put_deposit(account, previous),
            Entry::Storage { account, place, previous, usage } => {
                self.values[place].current = previous;
                self.put_usage(account, usage);
                self.writes -= 1;
            }
            Entry::Transient { place, previous } => _ = self.put_transient(place, previous),
            Entry::Code { code, previous } => {
                let slot = &mut self.code[code];
                slot.info.current = previous;
                slot.bytes.take_if(|_| previous.is_none());
            }
            Entry::History { contract, previous } => {
                let slot = self.histories.get_mut(&contract);
                slot.expect("a history is loaded before it is changed").current = previous;
            }
            Entry::Event => _ = self.events.pop(),
        }
    }

    fn set_balance(&mut self, account: usize, balance: Amount) {
        let previous = core::mem::replace(&mut self.accounts[account].current.balance, balance);
        if previous != balance {
            self.log(Entry::Balance { account, previous });
        }
    }

    /// Position of an account, which is loaded where it has not been.
    fn account_slot(&mut self, address: &Address) -> Result<usize, StateError> {
        if let Some(&at) = self.account_positions.get(address) {
            self.accounts[at].touched = self.transaction;
            return Ok(at);
        }
        let committed = self.below.account(address)?.unwrap_or_default();
        let at = self.accounts.len();
        let (current, touched) = (committed.clone(), self.transaction);
        let (written, used) = (0, (0, Usage::default()));
        let slot = AccountSlot { address: *address, committed, current, touched, written, used };
        self.accounts.push(slot);
        self.account_positions.insert(*address, at);
        Ok(at)
    }
}

impl fmt::Debug for Overlay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overlay")
            .field("below", &self.below.base())
            .field("accounts", &self.accounts.len())
            .field("contracts", &self.contracts.len())
            .field("events", &self.events.len())
            .field("journal", &self.journal.len())
            .field("depth", &self.depth)
            .finish()
    }
}
