//! Code: stored once by hash, with the number of contracts that refer to it.

use super::{CodeSlot, Entry, Overlay, Slot, StateError};
use crate::primitives::{Address, Amount, Domain, Hash};
use crate::state::account::CodeInfo;
use crate::state::store::Bytes;

impl Overlay<'_> {
    /// Adds code under its hash, unless it is there, with nothing that refers to it.
    ///
    /// # Errors
    ///
    /// [`StateError::OtherCode`] and [`StateError::Store`].
    ///
    /// # Panics
    ///
    /// Where the code has 4 GiB or more, which no limit admits.
    pub fn add_code(
        &mut self,
        hash: Hash,
        code: Bytes,
        uploader: Address,
    ) -> Result<(), StateError> {
        let at = self.code_slot(&hash)?;
        if Hash::of(Domain::Code, &[&code]) != hash {
            return Err(StateError::OtherCode);
        }
        if self.code[at].info.current.is_none() {
            let length = u32::try_from(code.len()).expect("code is far below 4 GiB");
            let info = CodeInfo::uploaded(length, uploader);
            self.set_code_info(at, Some(info));
            self.code[at].bytes = Some(code);
        }
        Ok(())
    }

    /// One contract more refers to the code.
    pub(super) fn refer_to_code(&mut self, hash: &Hash) -> Result<(), StateError> {
        let at = self.code_slot(hash)?;
        let info = self.code[at].info.current.ok_or(StateError::NoCode)?;
        // There are fewer contracts than a u64 counts: each is a row of its own.
        let references = info.references.saturating_add(1);
        self.set_code_info(at, Some(CodeInfo { references, ..info }));
        Ok(())
    }

    /// One contract less refers to the code. It stays: removing it is for its uploader to ask for.
    pub(super) fn release_code(&mut self, hash: &Hash) -> Result<(), StateError> {
        let at = self.code_slot(hash)?;
        let info = self.code[at].info.current.ok_or(StateError::NoCode)?;
        let references = info.references.saturating_sub(1);
        self.set_code_info(at, Some(CodeInfo { references, ..info }));
        Ok(())
    }

    /// Moves `amount` from the balance of `payer` into the deposit of code, both or neither.
    ///
    /// # Errors
    ///
    /// [`StateError::NoCode`], [`StateError::InsufficientBalance`],
    /// [`StateError::BalanceOverflow`] and [`StateError::Store`].
    pub fn take_code_deposit(
        &mut self,
        hash: &Hash,
        payer: &Address,
        amount: Amount,
    ) -> Result<(), StateError> {
        let at = self.code_slot(hash)?;
        let info = self.code[at].info.current.ok_or(StateError::NoCode)?;
        let deposit = info.deposit.checked_add(amount).ok_or(StateError::BalanceOverflow)?;
        self.debit(payer, amount)?;
        self.set_code_info(at, Some(CodeInfo { deposit, ..info }));
        Ok(())
    }

    /// Removes code that nothing refers to and gives its deposit back to who brought it; returns
    /// the deposit.
    ///
    /// # Errors
    ///
    /// [`StateError::NoCode`], [`StateError::CodeInUse`], [`StateError::BalanceOverflow`] and
    /// [`StateError::Store`].
    pub fn remove_code(&mut self, hash: &Hash) -> Result<Amount, StateError> {
        let at = self.code_slot(hash)?;
        let info = self.code[at].info.current.ok_or(StateError::NoCode)?;
        if info.references > 0 {
            return Err(StateError::CodeInUse);
        }
        self.credit(&info.uploader, info.deposit)?;
        self.set_code_info(at, None);
        Ok(info.deposit)
    }

    /// The record of that code, where there is one; it is kept, and read once.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn load_code_info(&mut self, hash: &Hash) -> Result<Option<CodeInfo>, StateError> {
        let at = self.code_slot(hash)?;
        Ok(self.code[at].info.current)
    }

    /// Whether the transaction has loaded that code. The first time is dearer: it may have to be
    /// read from the store and translated.
    #[must_use]
    pub fn is_warm_code(&self, hash: &Hash) -> bool {
        let at = self.code_positions.get(hash);
        at.is_some_and(|&at| self.code[at].loaded == self.transaction)
    }

    /// Announces that the transaction has paid for loading that code, so that this is paid once.
    ///
    /// # Errors
    ///
    /// [`StateError::Store`] alone.
    pub fn mark_loaded_code(&mut self, hash: &Hash) -> Result<(), StateError> {
        let at = self.code_slot(hash)?;
        self.code[at].loaded = self.transaction;
        Ok(())
    }

    fn set_code_info(&mut self, code: usize, info: Option<CodeInfo>) {
        let previous = core::mem::replace(&mut self.code[code].info.current, info);
        self.log(Entry::Code { code, previous });
    }

    /// Position of a record of code, which is loaded where it has not been.
    fn code_slot(&mut self, hash: &Hash) -> Result<usize, StateError> {
        if let Some(&at) = self.code_positions.get(hash) {
            return Ok(at);
        }
        let info = Slot::new(self.below.code_info(hash)?);
        let at = self.code.len();
        self.code.push(CodeSlot { hash: *hash, info, bytes: None, loaded: 0 });
        self.code_positions.insert(*hash, at);
        Ok(at)
    }
}
