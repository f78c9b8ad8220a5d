//! Blocks that are a function of their heights, and the stores that they go to.

use std::ops::{Bound, ControlFlow};

use dytallix::primitives::{Address, Amount, Domain, Hash};
use dytallix::state::{
    Batch, Bytes, Change, ContractInfo, DiskOptions, DiskStore, MemoryStore, Order, Overlay,
    Residence, State, StateError, StateOptions, StateRoot, Store, StoreError, Table, View,
};

use super::fault::{FaultDisk, Random};

pub(crate) fn empty() -> State<MemoryStore> {
    State::open(MemoryStore::new(), StateOptions::default()).expect("memory does not fail")
}

/// State in memory after that many blocks.
pub(crate) fn after_blocks(count: u64) -> State<MemoryStore> {
    let mut state = empty();
    for _ in 0..count {
        commit(&mut state).expect("memory does not fail");
    }
    state
}

/// The root of each height, from 0.
pub(crate) fn roots() -> Vec<StateRoot> {
    let mut state = empty();
    let next = |_| commit(&mut state).expect("memory does not fail");
    [StateRoot::EMPTY].into_iter().chain((0..16).map(next)).collect()
}

/// Commits the next block, which is a function of its height and of the state below.
pub(crate) fn commit<S: Store>(state: &mut State<S>) -> Result<StateRoot, StateError> {
    let height = state.next_height()?;
    let number = height.number();
    let mut random = Random(number);
    let mut overlay = Overlay::new(state);
    for _ in 0..5 {
        let amount = Amount::new(u128::from(1 + random.below(1_000)));
        overlay.credit(&address(1, random.below(30)), amount)?;
    }
    overlay.bump_nonce(&address(1, random.below(30)))?;
    // Each odd block brings a contract, each fourth one gives the latest other code.
    let (hash, code) = code(number);
    overlay.add_code(hash, code, address(1, 0))?;
    if number % 2 == 1 {
        let info = ContractInfo::deployed(hash, address(1, 0), height);
        overlay.create_contract(&address(2, number), info)?;
    }
    if number.is_multiple_of(4) {
        let latest = address(2, number - 1);
        overlay.upgrade_contract(&latest, hash, 1, height, address(1, 0))?;
    }
    for _ in 0..16 {
        let contract = address(2, random.below(number.div_ceil(2)) * 2 + 1);
        let value = vec![random.next() as u8; random.below(60) as usize];
        let value = (random.below(3) > 0).then_some(value);
        overlay.set_storage(&contract, &[random.below(24) as u8], value.as_deref())?;
    }
    let mut changes = overlay.changes();
    // Every other even block brought code that nobody uses; its record goes with the next block.
    if number % 4 == 3 {
        let spare = self::code(number - 1).0;
        let info = state.code_info(&spare)?;
        changes.code_info.push(Change::new(spare, info, None));
        changes.code_info.sort_by_key(|change| change.place);
    }
    let (key, mut rows) = (number.to_be_bytes(), Batch::new());
    for n in 0..random.below(4) as u32 {
        let receipt = vec![n as u8; 20 * number as usize];
        rows.put(Table::Receipts, [&key[..], &n.to_be_bytes()].concat(), receipt);
    }
    rows.put(Table::Blocks, key, vec![number as u8; 300]);
    rows.put(Table::Index, [&b"at "[..], &key].concat(), key);
    rows.put(Table::Index, *b"latest", key);
    state.prepare(height, &changes)?;
    Ok(state.commit_prepared(&rows)?)
}

/// Drops the last block, with what its commit put in the index.
pub(crate) fn drop_head<S: Store>(state: &mut State<S>) -> Result<(), StateError> {
    let height = state.head().map_or(0, |head| head.height.number());
    let mut rows = Batch::new();
    rows.remove(Table::Index, [&b"at "[..], &height.to_be_bytes()].concat());
    rows.put(Table::Index, *b"latest", (height - 1).to_be_bytes());
    state.drop_head(&rows)?;
    Ok(())
}

/// Takes what the lowest height put in the index out of it.
pub(crate) fn unindex<S: Store>(state: &mut State<S>) -> Result<(), StateError> {
    let oldest = state.head().map_or(0, |head| head.oldest.number());
    let mut rows = Batch::new();
    rows.remove(Table::Index, [&b"at "[..], &oldest.to_be_bytes()].concat());
    state.write_index(&rows)?;
    Ok(())
}

fn address(kind: u8, number: u64) -> Address {
    let mut bytes = [kind; 32];
    bytes[8..16].copy_from_slice(&number.to_be_bytes());
    Address::from_bytes(bytes)
}

fn code(number: u64) -> (Hash, Bytes) {
    let code = vec![number as u8; 700 * (1 + number as usize % 5)];
    (Hash::of(Domain::Code, &[&code]), code.into())
}

pub(crate) fn other(residence: Residence) -> Residence {
    if residence == Residence::Memory { Residence::Bounded } else { Residence::Memory }
}

pub(crate) fn open(disk: &FaultDisk) -> Result<DiskStore, StoreError> {
    DiskStore::with_backend(disk.backend(), &options())
}

pub(crate) fn options() -> DiskOptions {
    let mut options = DiskOptions::default();
    options.cache_bytes = 1 << 20;
    options
}

/// A disk with a store without rows.
pub(crate) fn new_disk() -> FaultDisk {
    let disk = FaultDisk::new();
    open(&disk).expect("a new store").close().expect("and closed");
    FaultDisk::holding(disk.contents())
}

/// Everything in a store but what depends on the residence, as a store in memory.
pub(crate) fn contents<S: Store>(store: &S) -> MemoryStore {
    let mut batch = Batch::new();
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Leaves) {
        let everything = (Bound::Unbounded, Bound::Unbounded);
        let mut visit = |key: &[u8], value: &[u8]| {
            if (table, key) != (Table::Meta, b"leaves") {
                batch.put(table, key, value);
            }
            ControlFlow::Continue(())
        };
        store.scan(table, everything, Order::Ascending, &mut visit).expect("it can be read");
    }
    let mut rows = MemoryStore::new();
    rows.write(&batch).expect("memory does not fail");
    rows
}
