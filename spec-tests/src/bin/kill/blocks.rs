//! The blocks of the kill test: what the block of a height does is a function of the height and of
//! the state below, so that every process comes to the same roots.

use dytallix::primitives::{Address, Amount, Domain, Hash, Height};
use dytallix::state::{
    Block, Bytes, ContractInfo, MemoryStore, Overlay, State, StateError, StateOptions, StateRoot,
    Store,
};
use dytallix_spec_tests::generate::Bytes as Random;

/// Storage entries of the first block: enough for an opening to be cut off in the middle.
const FIRST_ITEMS: u32 = 4_000;
/// Contracts, each with code of its own.
const CONTRACTS: u8 = 8;

/// Commits the next block.
pub(crate) fn commit<S: Store>(state: &mut State<S>) -> Result<StateRoot, StateError> {
    let height = state.next_height()?;
    let mut random = Random::new(height.number());
    let mut overlay = Overlay::new(state);
    if height == Height::new(1) {
        first(&mut overlay)?;
    }
    for _ in 0..10 {
        let amount = Amount::new(u128::from(1 + random.number() % 1_000));
        overlay.credit(&address(200 + (random.number() % 50) as u8), amount)?;
    }
    for _ in 0..30 {
        let key = (random.number() % u64::from(FIRST_ITEMS)) as u32;
        let value = vec![random.number() as u8; (random.number() % 90) as usize];
        let value = (!random.number().is_multiple_of(3)).then_some(value);
        overlay.set_storage(&owner(key), &key.to_be_bytes(), value.as_deref())?;
    }
    let contract = address((random.number() % u64::from(CONTRACTS)) as u8);
    let (hash, code) = code((random.number() % 40) as u8);
    overlay.add_code(hash, code, address(200))?;
    overlay.upgrade_contract(&contract, hash, 1, height, address(200))?;
    let changes = overlay.changes();
    let receipts: Vec<Bytes> = (0..5).map(|_| random.take(60).into()).collect();
    Ok(state.commit(Block::new(height, &changes).receipts(&receipts))?)
}

fn first(overlay: &mut Overlay<'_>) -> Result<(), StateError> {
    for number in 0..CONTRACTS {
        let (hash, code) = code(number);
        overlay.add_code(hash, code, address(200))?;
        let info = ContractInfo::deployed(hash, address(200), Height::new(1));
        overlay.create_contract(&address(number), info)?;
    }
    for key in 0..FIRST_ITEMS {
        overlay.set_storage(&owner(key), &key.to_be_bytes(), Some(&[key as u8; 40]))?;
    }
    Ok(())
}

fn address(number: u8) -> Address {
    Address::from_bytes([number; 32])
}

fn owner(key: u32) -> Address {
    address((key % u32::from(CONTRACTS)) as u8)
}

fn code(number: u8) -> (Hash, Bytes) {
    let code = vec![number; 2_000 + 500 * usize::from(number)];
    (Hash::of(Domain::Code, &[&code]), code.into())
}

/// The blocks in memory, as far as they have been asked for.
pub(crate) struct Model {
    state: State<MemoryStore>,
    /// The root of each height, from 0.
    roots: Vec<StateRoot>,
}

impl Model {
    pub(crate) fn new() -> Result<Self, StateError> {
        let state = State::open(MemoryStore::new(), StateOptions::default())?;
        Ok(Model { state, roots: vec![StateRoot::EMPTY] })
    }

    /// The root of state after the block of that height.
    pub(crate) fn root(&mut self, height: Height) -> Result<StateRoot, StateError> {
        let index = height.number() as usize;
        while self.roots.len() <= index {
            self.roots.push(commit(&mut self.state)?);
            // History of heights that nobody asks for is not kept.
            self.state.prune(1, u64::MAX)?;
        }
        Ok(self.roots[index])
    }

    /// State at its latest height.
    pub(crate) fn state(&self) -> &State<MemoryStore> {
        &self.state
    }
}
