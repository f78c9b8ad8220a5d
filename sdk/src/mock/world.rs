//! The state of the mock.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use dytallix_abi::{Abi, Address, Hash};
use sha3::{Digest, Sha3_256};

use super::{MockEvent, base_frame};
use crate::contract::Program;

std::thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new());
}

/// Looks at the world of this thread, or changes it. No contract runs in here.
pub(super) fn with<R>(look: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(look)
}

/// Answers a call of a method.
pub(super) type Stub = Rc<dyn Fn(&[u8]) -> Result<Vec<u8>, Vec<u8>>>;

/// Keys with their values, by contract.
type Entries = BTreeMap<(Address, Vec<u8>), Vec<u8>>;

/// Everything there is.
pub(super) struct World {
    pub(super) state: State,
    /// Running calls; the first is that of direct calls.
    pub(super) frames: Vec<Frame>,
    pub(super) block: Block,
    pub(super) codes: BTreeMap<Hash, Code>,
    pub(super) stubs: BTreeMap<(Address, String), Stub>,
    pub(super) risks: BTreeMap<Address, u16>,
    pub(super) signatures: BTreeSet<Hash>,
    pub(super) recoveries: BTreeMap<(Hash, Vec<u8>), [u8; 64]>,
    pub(super) logs: Vec<String>,
    pub(super) gas_left: u64,
    /// How many calls wait for a revert that unwinds to them.
    pub(super) catching: u32,
    deployed: u8,
}

/// What a failed call undoes.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) balances: BTreeMap<Address, u128>,
    /// Contracts with the hash of their code.
    pub(super) contracts: BTreeMap<Address, Hash>,
    pub(super) storage: Entries,
    pub(super) transient: Entries,
    pub(super) events: Vec<MockEvent>,
}

/// Facts about the block and the transaction.
pub(super) struct Block {
    pub(super) height: u64,
    pub(super) time_ms: u64,
    pub(super) chain_id: u64,
    pub(super) hashes: BTreeMap<u64, Hash>,
    pub(super) tx_hash: Hash,
}

/// A contract that can be run.
#[derive(Clone)]
pub(super) struct Code {
    pub(super) hash: Hash,
    pub(super) entries: &'static [(&'static str, fn())],
    pub(super) abi: Rc<Abi>,
}

/// A running call.
pub(super) struct Frame {
    pub(super) contract: Address,
    pub(super) caller: Address,
    pub(super) value: u128,
    pub(super) input: Vec<u8>,
    pub(super) output: Vec<u8>,
    /// What the last call from here gave back.
    pub(super) returned: Vec<u8>,
    pub(super) read_only: bool,
    /// Whether the call that it is making may enter it again.
    pub(super) is_open: bool,
    /// The code that the contract gets at the end, and the arguments of its `migrate`.
    pub(super) upgrade: Option<(Hash, Vec<u8>)>,
    /// What the running code declares, where it is a contract's: bits of capabilities.
    pub(super) code: Option<Code>,
}

impl World {
    pub(super) fn new() -> World {
        World {
            state: State::default(),
            frames: Vec::from([base_frame()]),
            block: Block {
                height: 1,
                time_ms: 0,
                chain_id: 1,
                hashes: BTreeMap::new(),
                tx_hash: Hash::ZERO,
            },
            codes: BTreeMap::new(),
            stubs: BTreeMap::new(),
            risks: BTreeMap::new(),
            signatures: BTreeSet::new(),
            recoveries: BTreeMap::new(),
            logs: Vec::new(),
            gas_left: 1_000_000_000,
            catching: 0,
            deployed: 0,
        }
    }

    /// The frame of direct calls.
    pub(super) fn base(&mut self) -> &mut Frame {
        &mut self.frames[0]
    }

    /// The frame that runs.
    pub(super) fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the frame of direct calls is always there")
    }

    /// The code of a contract.
    pub(super) fn code_of(&self, contract: Address) -> Option<Code> {
        self.codes.get(self.state.contracts.get(&contract)?).cloned()
    }

    /// A salt that was not used before.
    pub(super) fn next_salt(&mut self) -> Hash {
        self.deployed += 1;
        Hash::new([self.deployed; 32])
    }
}

impl State {
    pub(super) fn balance(&self, account: Address) -> u128 {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    /// Moves value; whether the sender has it.
    pub(super) fn transfer(&mut self, from: Address, to: Address, amount: u128) -> bool {
        let Some(left) = self.balance(from).checked_sub(amount) else { return false };
        self.balances.insert(from, left);
        let sum = self.balance(to).checked_add(amount).expect("all balances fit into a u128");
        self.balances.insert(to, sum);
        true
    }
}

impl Frame {
    pub(super) fn new(contract: Address, caller: Address, value: u128, input: Vec<u8>) -> Frame {
        Frame {
            contract,
            caller,
            value,
            input,
            output: Vec::new(),
            returned: Vec::new(),
            read_only: false,
            is_open: false,
            upgrade: None,
            code: None,
        }
    }
}

impl Code {
    pub(super) fn of<P: Program>() -> Code {
        let abi = Abi::decode(P::ABI).expect("the ABI section of a contract decodes");
        Code { hash: signed(0, &[P::ABI]), entries: P::ENTRIES, abi: Rc::new(abi) }
    }
}

/// A hash of a number and of parts, with their lengths.
pub(super) fn signed(number: u32, parts: &[&[u8]]) -> Hash {
    let mut hash = Sha3_256::new_with_prefix(number.to_le_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Hash::new(hash.finalize().into())
}
