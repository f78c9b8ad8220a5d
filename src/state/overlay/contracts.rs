//! Records of contracts: creation, upgrade, deposits.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Entry, Overlay, Slot, StateError};
use crate::primitives::{Address, Amount, Hash, Height};
use crate::state::account::{Admin, Analysis, ContractInfo, PastVersion, Usage};

impl Overlay<'_> {
    /// Puts a contract at `address`, whose balance, if it has one, stays. Its code has to be there
    /// and is referred to once more.
    ///
    /// # Errors
    ///
    /// [`StateError::ContractExists`], [`StateError::NoCode`], [`StateError::UnsoundContract`] and
    /// [`StateError::Store`].
    pub fn create_contract(
        &mut self,
        address: &Address,
        info: ContractInfo,
    ) -> Result<(), StateError> {
        let at = self.account_slot(address)?;
        if self.accounts[at].current.contract.is_some() {
            return Err(StateError::ContractExists);
        }
        if !info.is_sound() {
            return Err(StateError::UnsoundContract);
        }
        self.refer_to_code(&info.code_hash)?;
        // A contract begins with nothing stored, whatever the caller says.
        let info = ContractInfo { usage: Usage::default(), deposit: Amount::ZERO, ..info };
        self.accounts[at].current.contract = Some(info);
        self.log(Entry::Contract { account: at, previous: None });
        Ok(())
    }

    /// Gives a contract other code: the version counts on, and the version that ends is kept in the
    /// history with the `height` that replaced it and who did. The new code is referred to, the old
    /// one no longer.
    ///
    /// # Errors
    ///
    /// [`StateError::NoContract`], [`StateError::NoCode`], [`StateError::VersionOverflow`] and
    /// [`StateError::Store`].
    pub fn upgrade_contract(
        &mut self,
        address: &Address,
        code_hash: Hash,
        schema: u32,
        height: Height,
        by: Address,
    ) -> Result<(), StateError> {
        let at = self.account_slot(address)?;
        let info = self.accounts[at].current.contract.clone().ok_or(StateError::NoContract)?;
        let version = info.version.checked_add(1).ok_or(StateError::VersionOverflow)?;
        let past = self.below.history(address)?;
        // The old code is there as long as a contract refers to it, so only the first can fail.
        self.refer_to_code(&code_hash)?;
        self.release_code(&info.code_hash)?;
        let slot = self.histories.entry(*address).or_insert_with(|| Slot::new(past));
        let previous = slot.current.clone();
        slot.current.push(PastVersion::of(&info, height, by));
        self.log(Entry::History { contract: *address, previous });
        let next = ContractInfo { code_hash, schema, version, analysis: None, ..info.clone() };
        self.accounts[at].current.contract = Some(next);
        self.log(Entry::Contract { account: at, previous: Some(Box::new(info)) });
        Ok(())
    }

    /// Says who may upgrade a contract from now on.
    ///
    /// # Errors
    ///
    /// [`StateError::NoContract`], [`StateError::UnsoundContract`] and [`StateError::Store`].
    pub fn set_admin(&mut self, address: &Address, admin: Admin) -> Result<(), StateError> {
        self.change_contract(address, |info| info.admin = admin)
    }

    /// Says what the analysis of a contract's code came to, or that there is none.
    ///
    /// # Errors
    ///
    /// [`StateError::NoContract`], [`StateError::UnsoundContract`] and [`StateError::Store`].
    pub fn set_analysis(
        &mut self,
        address: &Address,
        analysis: Option<Analysis>,
    ) -> Result<(), StateError> {
        self.change_contract(address, |info| info.analysis = analysis)
    }

    /// Says whether a contract is between two versions.
    ///
    /// # Errors
    ///
    /// [`StateError::NoContract`] and [`StateError::Store`].
    pub fn set_migrating(&mut self, address: &Address, migrating: bool) -> Result<(), StateError> {
        self.change_contract(address, |info| info.migrating = migrating)
    }

    /// The contracts of whose storage the transaction has changed how much there is, by address:
    /// what they used when it began, and what they use now.
    #[must_use]
    pub fn usage_changes(&self) -> Vec<(Address, Usage, Usage)> {
        let change = |&at: &usize| {
            let slot = &self.accounts[at];
            let now = slot.current.contract.as_ref().map(|info| info.usage).unwrap_or_default();
            (slot.address, slot.used.1, now)
        };
        let mut changes: Vec<_> = self.used.iter().map(change).collect();
        changes.retain(|(_, before, now)| before != now);
        changes.sort_unstable_by_key(|(address, ..)| *address);
        changes
    }

    fn change_contract(
        &mut self,
        address: &Address,
        change: impl FnOnce(&mut ContractInfo),
    ) -> Result<(), StateError> {
        let at = self.account_slot(address)?;
        let previous = self.accounts[at].current.contract.clone().ok_or(StateError::NoContract)?;
        let mut next = previous.clone();
        change(&mut next);
        if !next.is_sound() {
            return Err(StateError::UnsoundContract);
        }
        if next != previous {
            self.accounts[at].current.contract = Some(next);
            self.log(Entry::Contract { account: at, previous: Some(Box::new(previous)) });
        }
        Ok(())
    }

    /// Moves `amount` from the balance of `payer` into the deposit of `contract`, both or neither.
    ///
    /// # Errors
    ///
    /// [`StateError::NoContract`], [`StateError::InsufficientBalance`],
    /// [`StateError::BalanceOverflow`] and [`StateError::Store`].
    pub fn take_deposit(
        &mut self,
        contract: &Address,
        payer: &Address,
        amount: Amount,
    ) -> Result<(), StateError> {
        let (at, deposit) = self.deposit(contract)?;
        let next = deposit.checked_add(amount).ok_or(StateError::BalanceOverflow)?;
        self.debit(payer, amount)?;
        self.set_deposit(at, next);
        Ok(())
    }

    /// Moves `amount` from the deposit of `contract` into the balance of `receiver`, both or
    /// neither.
    ///
    /// # Errors
    ///
    /// [`StateError::NoContract`], [`StateError::InsufficientBalance`] where the deposit is less,
    /// [`StateError::BalanceOverflow`] and [`StateError::Store`].
    pub fn return_deposit(
        &mut self,
        contract: &Address,
        receiver: &Address,
        amount: Amount,
    ) -> Result<(), StateError> {
        let (at, deposit) = self.deposit(contract)?;
        let next = deposit.checked_sub(amount).ok_or(StateError::InsufficientBalance)?;
        self.credit(receiver, amount)?;
        self.set_deposit(at, next);
        Ok(())
    }

    fn deposit(&mut self, contract: &Address) -> Result<(usize, Amount), StateError> {
        let at = self.account_slot(contract)?;
        let info = self.accounts[at].current.contract.as_ref().ok_or(StateError::NoContract)?;
        Ok((at, info.deposit))
    }

    fn set_deposit(&mut self, account: usize, deposit: Amount) {
        let info = self.accounts[account].current.contract.as_ref();
        let previous = info.expect("a deposit is that of a contract").deposit;
        self.put_deposit(account, deposit);
        self.log(Entry::Deposit { account, previous });
    }

    pub(super) fn put_deposit(&mut self, account: usize, deposit: Amount) {
        let info = self.accounts[account].current.contract.as_mut();
        info.expect("a deposit is that of a contract").deposit = deposit;
    }
}
