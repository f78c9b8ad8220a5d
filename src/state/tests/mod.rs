//! Tests of the floor as a whole, and what tests of higher floors share.

mod committed;
mod dropping;
mod golden;
mod overlay;
mod prepare;
mod rows;

use crate::primitives::{Address, Domain, Hash, Height};
use crate::state::{
    Account, Base, Block, Bytes, ChangeSet, CodeInfo, ContractInfo, KeyRange, MemoryStore, Order,
    Overlay, PastVersion, State, StateOptions, StorageEntry, Store, StoreError, View,
};
use alloc::vec::Vec;

pub(crate) fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

/// State in memory with nothing in it.
pub(crate) fn empty_state() -> State<MemoryStore> {
    State::open(MemoryStore::new(), StateOptions::default()).expect("memory does not fail")
}

/// State in memory with a contract at each of these addresses.
pub(crate) fn state_with_contracts(contracts: &[Address]) -> State<MemoryStore> {
    let mut state = empty_state();
    let mut overlay = Overlay::new(&state);
    let code = Hash::of(Domain::Code, &[b"code"]);
    overlay.add_code(code, (*b"code").into(), address(0)).expect("memory");
    for contract in contracts {
        let info = ContractInfo::deployed(code, address(0), Height::new(1));
        overlay.create_contract(contract, info).expect("memory");
    }
    let changes = overlay.changes();
    state.commit(Block::new(Height::new(1), &changes)).expect("memory does not fail");
    state
}

/// State whose medium has failed.
pub(crate) struct Broken;

impl View for Broken {
    fn base(&self) -> Base {
        Base::Nothing
    }

    fn account(&self, _: &Address) -> Result<Option<Account>, StoreError> {
        Err(StoreError::new("account"))
    }

    fn storage(&self, _: &Address, _: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Err(StoreError::new("storage"))
    }

    fn storage_range(
        &self,
        _: &Address,
        _: KeyRange<'_>,
        _: Order,
        _: usize,
    ) -> Result<Vec<StorageEntry>, StoreError> {
        Err(StoreError::new("range"))
    }

    fn code(&self, _: &Hash) -> Result<Option<Bytes>, StoreError> {
        Err(StoreError::new("code"))
    }

    fn code_info(&self, _: &Hash) -> Result<Option<CodeInfo>, StoreError> {
        Err(StoreError::new("code info"))
    }

    fn history(&self, _: &Address) -> Result<Vec<PastVersion>, StoreError> {
        Err(StoreError::new("history"))
    }
}

/// Commits a block whose changes are a function of its height, with a receipt.
pub(crate) fn fill<S: Store>(state: &mut State<S>, height: u64) {
    let changes = changes_of(state, height);
    let receipts = [alloc::vec![height as u8; 3].into()];
    let block = Block::new(Height::new(height), &changes).receipts(&receipts);
    state.commit(block).expect("it follows");
}

/// Changes that are a function of a height: a contract, values that are set, changed and removed,
/// balances.
pub(crate) fn changes_of<S: Store>(state: &State<S>, height: u64) -> ChangeSet {
    let mut overlay = Overlay::new(state);
    let code = Hash::of(Domain::Code, &[b"code"]);
    let n = height as u8;
    overlay.add_code(code, (*b"code").into(), address(0)).expect("memory");
    let info = ContractInfo::deployed(code, address(0), Height::new(height));
    overlay.create_contract(&address(n), info).expect("a height is committed once");
    for key in 0..6_u8 {
        let value = [n, key].repeat(1 + usize::from(key) * 3);
        overlay.set_storage(&address(n), &[key], Some(&value)).expect("a contract");
    }
    if height > 1 {
        overlay.set_storage(&address(n - 1), &[1], None).expect("a contract");
        overlay.set_storage(&address(n - 1), &[2], Some(&[n])).expect("a contract");
        overlay.set_storage(&address(n - 1), &[9], Some(&[])).expect("a contract");
    }
    overlay.credit(&address(n), crate::primitives::Amount::new(height.into())).expect("small");
    overlay.changes()
}
