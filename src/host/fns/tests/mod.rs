//! Each host function: works, bad pointer or length, out of gas, read-only frame. What is said of
//! all of them is here; what each does, in the files beside.

mod calls;
mod context;
mod crypto;
mod events;
mod input;
mod own;
mod storage;

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use dytallix_abi::{AbiType, HostFn, HostTrap};

use crate::crypto::KeyCache;
use crate::gas::GasUsed;
use crate::host::context::{BlockContext, Context, Sender, TransactionHash};
use crate::host::frame::{Env, Frame, Stop};
use crate::host::guest::Guest;
use crate::host::interface::Permissions;
use crate::host::machine::{Rules, Watcher};
use crate::primitives::{Address, Amount, Height};
use crate::state::tests::{Broken, state_with_contracts};
use crate::state::{Admin, ChangeSet, Event, MemoryStore, Overlay, State, StoreError};

const CONTRACT: Address = Address::from_bytes([0xcc; 32]);
const CALLER: Address = Address::from_bytes([0xaa; 32]);
const SIGNER: Address = Address::from_bytes([0xbb; 32]);
const GAS: u64 = 10_000_000;
const MEMORY: usize = 16 << 10;
const END: u64 = MEMORY as u64;

/// A frame with everything that a host function can reach.
struct World<'s> {
    overlay: Overlay<'s>,
    frame: Frame,
    memory: Vec<u8>,
    gas: u64,
    rules: Rules,
    context: Context,
    used: GasUsed,
    keys: KeyCache,
    watcher: Option<Box<Watcher>>,
}

impl<'s> World<'s> {
    fn new(store: &'s State<MemoryStore>) -> Self {
        let input: Arc<[u8]> = b"arguments"[..].into();
        let sender = Sender { caller: CALLER, value: Amount::new(9) };
        let permissions = Permissions { upgrade: true, ..Permissions::default() };
        let mut frame = Frame::new(CONTRACT, sender, input, false, permissions);
        frame.returned = b"returned".to_vec();
        let mut memory = vec![0; MEMORY];
        // What the calls of `working_use` point to.
        memory[..3].copy_from_slice(b"key");
        memory[16..21].copy_from_slice(b"value");
        memory[32..52].copy_from_slice(b"\x02\0\0\0\x05\0\0\0first\x03\0\0\0two");
        memory[64..96].copy_from_slice(&[0xdd; 32]);
        memory[96..112].copy_from_slice(&5_u128.to_le_bytes());
        // A contract that is its own admin.
        memory[120] = 4;
        let block = BlockContext::new(7, Height::new(300), 1_700_000_000_123);
        let transaction = TransactionHash::of_request(b"request".to_vec());
        World {
            overlay: Overlay::new(store),
            frame,
            memory,
            gas: GAS,
            rules: Rules::default(),
            context: Context::new(block, SIGNER, transaction),
            used: GasUsed::default(),
            keys: KeyCache::default(),
            watcher: None,
        }
    }

    fn call(&mut self, function: HostFn, arguments: &[u64]) -> Result<Option<u64>, Stop> {
        self.with_env(|env| super::call(function, env, arguments))
    }

    fn with_env<R>(&mut self, call: impl FnOnce(&mut Env<'_, '_>) -> R) -> R {
        let mut env = Env {
            frame: &mut self.frame,
            overlay: &mut self.overlay,
            guest: Guest::new(&mut self.memory),
            gas: &mut self.gas,
            used: &mut self.used,
            rules: &self.rules,
            context: &self.context,
            keys: &mut self.keys,
            watcher: self.watcher.as_deref_mut(),
        };
        call(&mut env)
    }

    /// The function, with the gas that it used.
    fn priced(&mut self, function: HostFn, arguments: &[u64]) -> (Result<Option<u64>, Stop>, u64) {
        let before = self.gas;
        (self.call(function, arguments), before - self.gas)
    }

    /// What could be seen from outside, gas apart.
    fn visible(&self) -> (ChangeSet, Vec<Event>, Vec<u8>, Vec<u8>) {
        let events = self.overlay.events().to_vec();
        (self.overlay.changes(), events, self.memory.clone(), self.frame.output.clone())
    }
}

/// Arguments with which `function` works in a fresh [`World`].
fn working_use(function: HostFn) -> &'static [u64] {
    use HostFn as F;
    match function {
        F::StorageGet | F::TransientGet => &[0, 3, 1000, 100],
        F::StorageSet | F::TransientSet => &[0, 3, 16, 5],
        F::StorageRemove | F::StorageHas => &[0, 3],
        F::StorageNext => &[0, 3, 16, 5, 1000, 100],
        F::InputSize | F::ReturnSize | F::BlockHeight | F::BlockTimeMs | F::ChainId => &[],
        F::GasLeft => &[],
        F::InputCopy | F::ReturnCopy => &[1000, 2, 4],
        F::SetReturn | F::Revert | F::DebugLog => &[16, 5],
        F::ExternalCall => &[64, 0, 3, 16, 5, 200, 1234, 1],
        F::StaticCall | F::DelegateCall => &[64, 0, 3, 16, 5, 1234, 1],
        F::Instantiate => &[64, 64, 120, 1, 16, 5, 96, 1234, 1000],
        F::Transfer | F::BalanceOf | F::CodeHashOf => &[64, 96],
        F::CallerAddress | F::SelfAddress | F::SignerAddress | F::TxHash => &[1000],
        F::CallValue | F::ContractBalance => &[1000],
        F::BlockHash => &[299, 1000],
        F::EmitEvent => &[32, 20, 16, 5],
        F::HashKeccak256 | F::HashSha3256 | F::HashSha256 | F::HashBlake3 => &[16, 5, 1000],
        F::PqcVerify => &[2, 4096, 1952, 16, 5, 0, 3, 8192, 3309],
        F::Ed25519Verify => &[4096, 16, 5, 8192],
        F::RecoverPubkey => &[4096, 8192, 1000],
        F::UpgradeCode => &[64, 16, 5],
        F::RiskScore => &[64],
        other => panic!("{} has no use here: add one", other.name()),
    }
}

/// Uses of every pointer of `function` just beyond the end of memory, and far beyond it.
fn bad_uses(function: HostFn) -> Vec<Vec<u64>> {
    use HostFn as F;
    // For each pointer: its place, and the place of its length or its fixed length.
    let pointers: &[(usize, Result<usize, u64>)] = match function {
        F::StorageGet | F::TransientGet => &[(0, Ok(1)), (2, Ok(3))],
        F::StorageSet | F::TransientSet | F::EmitEvent => &[(0, Ok(1)), (2, Ok(3))],
        F::StorageRemove | F::StorageHas => &[(0, Ok(1))],
        F::StorageNext => &[(0, Ok(1)), (2, Ok(3)), (4, Ok(5))],
        F::InputSize | F::ReturnSize | F::BlockHeight | F::BlockTimeMs | F::ChainId => &[],
        F::GasLeft => &[],
        F::InputCopy | F::ReturnCopy => &[(0, Ok(2))],
        F::SetReturn | F::Revert | F::DebugLog => &[(0, Ok(1))],
        F::ExternalCall => &[(0, Err(32)), (1, Ok(2)), (3, Ok(4)), (5, Err(16))],
        F::StaticCall | F::DelegateCall => &[(0, Err(32)), (1, Ok(2)), (3, Ok(4))],
        F::Instantiate => {
            &[(0, Err(32)), (1, Err(32)), (2, Ok(3)), (4, Ok(5)), (6, Err(16)), (8, Err(32))]
        }
        F::Transfer | F::BalanceOf => &[(0, Err(32)), (1, Err(16))],
        F::CodeHashOf => &[(0, Err(32)), (1, Err(32))],
        F::CallerAddress | F::SelfAddress | F::SignerAddress | F::TxHash => &[(0, Err(32))],
        F::CallValue | F::ContractBalance => &[(0, Err(16))],
        F::BlockHash => &[(1, Err(32))],
        F::HashKeccak256 | F::HashSha3256 | F::HashSha256 | F::HashBlake3 => {
            &[(0, Ok(1)), (2, Err(32))]
        }
        F::PqcVerify => &[(1, Ok(2)), (3, Ok(4)), (5, Ok(6)), (7, Ok(8))],
        F::Ed25519Verify => &[(0, Err(32)), (1, Ok(2)), (3, Err(64))],
        F::RecoverPubkey => &[(0, Err(32)), (1, Err(65)), (2, Err(64))],
        F::UpgradeCode => &[(0, Err(32)), (1, Ok(2))],
        F::RiskScore => &[(0, Err(32))],
        other => panic!("{} has no bad use here: add one", other.name()),
    };
    let mut uses = Vec::new();
    for &(pointer, length) in pointers {
        let good = working_use(function);
        let length = length.map_or_else(|fixed| fixed, |at| good[at]);
        for bad in
            [END - length + 1, END + 1, u64::from(u32::MAX), u64::from(u32::MAX) - length + 1]
        {
            let mut arguments = good.to_vec();
            arguments[pointer] = bad;
            uses.push(arguments);
        }
    }
    uses
}

/// State in which `CONTRACT` may change its own code.
fn store() -> State<MemoryStore> {
    let mut state = state_with_contracts(&[CONTRACT]);
    let mut overlay = Overlay::new(&state);
    overlay.set_admin(&CONTRACT, Admin::Itself).expect("memory");
    let changes = overlay.changes();
    let block = crate::state::Block::new(Height::new(2), &changes);
    state.commit(block).expect("memory");
    state
}

fn trap(trap: HostTrap) -> Result<Option<u64>, Stop> {
    Err(Stop::Trap(trap))
}

#[test]
fn every_function_takes_and_returns_what_the_table_says() {
    let store = store();
    for &function in HostFn::ALL {
        assert_eq!(working_use(function).len(), function.params().len(), "{}", function.name());
        match World::new(&store).call(function, working_use(function)) {
            Ok(result) => assert_eq!(result.is_some(), !function.results().is_empty()),
            Err(Stop::Revert) => assert_eq!(function, HostFn::Revert),
            Err(Stop::Call(_) | Stop::Transfer(..) | Stop::Upgrade(_)) => {
                assert_eq!(function.results(), [AbiType::I32]);
            }
            Err(stop) => panic!("{}: {stop:?}", function.name()),
        }
    }
}

#[test]
fn every_bad_pointer_traps_and_changes_nothing() {
    let store = store();
    let mut seen = 0;
    for &function in HostFn::ALL {
        for arguments in bad_uses(function) {
            let mut world = World::new(&store);
            let before = world.visible();
            let outcome = world.call(function, &arguments);
            let name = function.name();
            assert_eq!(outcome, trap(HostTrap::MemoryOutOfBounds), "{name} {arguments:?}");
            assert_eq!(world.visible(), before, "{name} {arguments:?}");
            seen += 1;
        }
    }
    assert!(seen >= 200, "only {seen} bad uses");
}

#[test]
fn out_of_gas_below_the_price_changes_nothing_and_the_price_itself_is_enough() {
    let store = store();
    for &function in HostFn::ALL {
        let (name, arguments) = (function.name(), working_use(function));
        let mut world = World::new(&store);
        let expected = world.call(function, arguments);
        let after = world.visible();
        let price = GAS - world.gas;
        assert!(price > 0, "{name} is free");
        // Every gas limit where there are few, and always those around the price.
        let step = (price / 2_000).max(1) as usize;
        for gas in (0..price).step_by(step).chain([price - 1]) {
            let mut world = World::new(&store);
            world.gas = gas;
            let before = world.visible();
            assert_eq!(world.call(function, arguments), Err(Stop::OutOfGas), "{name} with {gas}");
            assert_eq!(world.visible(), before, "{name} with {gas}");
        }
        let mut world = World::new(&store);
        world.gas = price;
        // What is left is another number where less was there.
        let expected = if function == HostFn::GasLeft { Ok(Some(0)) } else { expected };
        assert_eq!(world.call(function, arguments), expected, "{name}");
        assert_eq!((world.visible(), world.gas), (after, 0), "{name}");
    }
}

#[test]
fn a_read_only_frame_refuses_exactly_what_the_table_says() {
    let store = store();
    for &function in HostFn::ALL {
        let mut world = World::new(&store);
        world.frame.read_only = true;
        let before = (world.overlay.changes(), world.overlay.events().len());
        let outcome = world.call(function, working_use(function));
        let refused = outcome == trap(HostTrap::ReadOnly);
        assert_eq!(refused, !function.allowed_read_only(), "{}: {outcome:?}", function.name());
        assert_eq!((world.overlay.changes(), world.overlay.events().len()), before);
    }
}

#[test]
fn a_failing_store_is_a_fault_and_not_the_guests() {
    let store = state_with_contracts(&[CONTRACT]);
    for function in
        [HostFn::StorageGet, HostFn::StorageSet, HostFn::StorageRemove, HostFn::StorageHas]
    {
        let mut world = World::new(&store);
        world.overlay = Overlay::new(&Broken);
        let outcome = world.call(function, working_use(function));
        let error = StoreError::new("storage");
        assert_eq!(outcome, Err(Stop::Fault(error)), "{}", function.name());
    }
}
