//! Each host function: works, bad pointer or length, out of gas, read-only frame.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use dytallix_abi::{AbiType, CallFlags, HostFn, HostTrap};

use crate::gas::HostPrices;
use crate::host::frame::{CallRequest, Env, Frame, Stop};
use crate::host::guest::Guest;
use crate::limits::{CallLimits, StorageLimits};
use crate::primitives::{Address, Amount};
use crate::state::tests::{Broken, state_with_contracts};
use crate::state::{ChangeSet, Event, MemoryStore, Overlay, State, StoreError};

const CONTRACT: Address = Address::from_bytes([0xcc; 32]);
const CALLER: Address = Address::from_bytes([0xaa; 32]);
const MEMORY: usize = 4096;
const END: u64 = MEMORY as u64;

/// A frame with everything that a host function can reach.
struct World<'s> {
    overlay: Overlay<'s>,
    frame: Frame,
    memory: Vec<u8>,
    gas: u64,
    prices: HostPrices,
    limits: CallLimits,
}

impl<'s> World<'s> {
    fn new(store: &'s State<MemoryStore>) -> Self {
        let input: Arc<[u8]> = b"arguments"[..].into();
        let mut frame = Frame::new(CONTRACT, CALLER, input, false);
        frame.returned = b"returned".to_vec();
        let mut memory = vec![0; MEMORY];
        // What the calls of `working_use` point to.
        memory[..3].copy_from_slice(b"key");
        memory[16..21].copy_from_slice(b"value");
        memory[32..52].copy_from_slice(b"\x02\0\0\0\x05\0\0\0first\x03\0\0\0two");
        memory[64..96].copy_from_slice(&[0xdd; 32]);
        memory[96..112].copy_from_slice(&5_u128.to_le_bytes());
        World {
            overlay: Overlay::new(store),
            frame,
            memory,
            gas: 1_000_000,
            prices: HostPrices::draft(),
            limits: CallLimits::default(),
        }
    }

    fn call(&mut self, function: HostFn, arguments: &[u64]) -> Result<Option<u64>, Stop> {
        let mut env = Env {
            frame: &mut self.frame,
            overlay: &mut self.overlay,
            guest: Guest::new(&mut self.memory),
            gas: &mut self.gas,
            prices: &self.prices,
            limits: &self.limits,
        };
        super::call(function, &mut env, arguments)
    }

    /// What could be seen from outside, gas apart.
    fn visible(&self) -> (ChangeSet, Vec<Event>, Vec<u8>, Vec<u8>) {
        let events = self.overlay.events().to_vec();
        (self.overlay.changes(), events, self.memory.clone(), self.frame.output.clone())
    }
}

/// Arguments with which `function` works in a fresh [`World`].
fn working_use(function: HostFn) -> &'static [u64] {
    match function {
        HostFn::StorageGet => &[0, 3, 1000, 100],
        HostFn::StorageSet => &[0, 3, 16, 5],
        HostFn::StorageRemove | HostFn::StorageHas => &[0, 3],
        HostFn::InputSize | HostFn::ReturnSize => &[],
        HostFn::InputCopy | HostFn::ReturnCopy => &[1000, 2, 4],
        HostFn::SetReturn | HostFn::Revert => &[16, 5],
        HostFn::ExternalCall => &[64, 0, 3, 16, 5, 96, 1234, 1],
        HostFn::CallerAddress | HostFn::SelfAddress => &[1000],
        HostFn::EmitEvent => &[32, 20, 16, 5],
        other => panic!("{} has no use here: add one", other.name()),
    }
}

/// Uses of every pointer of `function` just beyond the end of memory, and far beyond it.
fn bad_uses(function: HostFn) -> Vec<Vec<u64>> {
    // For each pointer: its place, and the place of its length or its fixed length.
    let pointers: &[(usize, Result<usize, u64>)] = match function {
        HostFn::StorageGet => &[(0, Ok(1)), (2, Ok(3))],
        HostFn::StorageSet | HostFn::EmitEvent => &[(0, Ok(1)), (2, Ok(3))],
        HostFn::StorageRemove | HostFn::StorageHas => &[(0, Ok(1))],
        HostFn::InputSize | HostFn::ReturnSize => &[],
        HostFn::InputCopy | HostFn::ReturnCopy => &[(0, Ok(2))],
        HostFn::SetReturn | HostFn::Revert => &[(0, Ok(1))],
        HostFn::ExternalCall => &[(0, Err(32)), (1, Ok(2)), (3, Ok(4)), (5, Err(16))],
        HostFn::CallerAddress | HostFn::SelfAddress => &[(0, Err(32))],
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

fn trap(trap: HostTrap) -> Result<Option<u64>, Stop> {
    Err(Stop::Trap(trap))
}

#[test]
fn every_function_takes_and_returns_what_the_table_says() {
    let store = state_with_contracts(&[CONTRACT]);
    for &function in HostFn::ALL {
        assert_eq!(working_use(function).len(), function.params().len(), "{}", function.name());
        match World::new(&store).call(function, working_use(function)) {
            Ok(result) => assert_eq!(result.is_some(), !function.results().is_empty()),
            Err(Stop::Revert) => assert_eq!(function, HostFn::Revert),
            Err(Stop::Call(_)) => assert_eq!(function.results(), [AbiType::I32]),
            Err(stop) => panic!("{}: {stop:?}", function.name()),
        }
    }
}

#[test]
fn every_bad_pointer_traps_and_changes_nothing() {
    let store = state_with_contracts(&[CONTRACT]);
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
    assert!(seen >= 60, "only {seen} bad uses");
}

#[test]
fn out_of_gas_below_the_price_changes_nothing_and_the_price_itself_is_enough() {
    let store = state_with_contracts(&[CONTRACT]);
    for &function in HostFn::ALL {
        let (name, arguments) = (function.name(), working_use(function));
        let mut world = World::new(&store);
        let expected = world.call(function, arguments);
        let after = world.visible();
        let price = 1_000_000 - world.gas;
        assert!(price > 0, "{name} is free");
        for gas in 0..price {
            let mut world = World::new(&store);
            world.gas = gas;
            let before = world.visible();
            assert_eq!(world.call(function, arguments), Err(Stop::OutOfGas), "{name} with {gas}");
            assert_eq!(world.visible(), before, "{name} with {gas}");
        }
        let mut world = World::new(&store);
        world.gas = price;
        assert_eq!(world.call(function, arguments), expected, "{name}");
        assert_eq!((world.visible(), world.gas), (after, 0), "{name}");
    }
}

#[test]
fn a_read_only_frame_refuses_exactly_what_the_table_says() {
    let store = state_with_contracts(&[CONTRACT]);
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
fn storage_is_set_read_found_and_removed() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::StorageHas, &[0, 3]), Ok(Some(0)));
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 1000, 100]), Ok(Some(-1_i64 as u64)));
    assert_eq!(world.call(HostFn::StorageRemove, &[0, 3]), Ok(Some(0)));
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), Ok(None));
    assert_eq!(world.overlay.load_storage(&CONTRACT, b"key"), Ok(Some(b"value"[..].into())));
    assert_eq!(world.call(HostFn::StorageHas, &[0, 3]), Ok(Some(1)));
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 1000, 5]), Ok(Some(5)));
    assert_eq!(world.memory[1000..1006], *b"value\0");
    assert_eq!(world.call(HostFn::StorageRemove, &[0, 3]), Ok(Some(1)));
    assert_eq!(world.call(HostFn::StorageHas, &[0, 3]), Ok(Some(0)));
}

#[test]
fn a_value_longer_than_the_capacity_is_measured_and_not_written() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), Ok(None));
    let before = world.memory.clone();
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 1000, 4]), Ok(Some(5)));
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, END, 0]), Ok(Some(5)));
    assert_eq!(world.memory, before);
}

#[test]
fn reading_a_value_is_paid_before_it_is_copied() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 0, 1000]), Ok(None));
    let key_only = world.prices.storage_read.total(3);
    world.gas = key_only + world.prices.storage_read.bytes(1000) - 1;
    let before = world.memory.clone();
    assert_eq!(world.call(HostFn::StorageGet, &[0, 3, 2000, 2000]), Err(Stop::OutOfGas));
    assert_eq!(world.memory, before);
}

#[test]
fn a_write_beyond_a_limit_of_storage_traps_and_changes_nothing() {
    for (items, bytes, writes, expected) in [
        (0, 8, 1, HostTrap::StorageItems),
        (1, 7, 1, HostTrap::StorageBytes),
        (1, 8, 0, HostTrap::WriteCount),
    ] {
        let store = state_with_contracts(&[CONTRACT]);
        let mut limits = StorageLimits::default();
        (limits.contract_items, limits.contract_bytes) = (items, bytes);
        limits.transaction_writes = writes;
        let mut world = World::new(&store);
        world.overlay = Overlay::new(&store).with_limits(limits);
        let before = world.visible();
        assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), trap(expected));
        assert_eq!(world.visible(), before);
    }
    let store = state_with_contracts(&[CONTRACT]);
    let mut limits = StorageLimits::default();
    (limits.contract_items, limits.contract_bytes, limits.transaction_writes) = (1, 8, 1);
    let mut world = World::new(&store);
    world.overlay = Overlay::new(&store).with_limits(limits);
    assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, 5]), Ok(None), "just at each limit");
}

#[test]
fn storage_lengths_are_limited_on_both_sides_of_each_limit() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    world.limits.key_bytes = 8;
    world.limits.value_bytes = 10;
    for length in [1, 7, 8] {
        assert_eq!(world.call(HostFn::StorageSet, &[0, length, 16, 5]), Ok(None));
        assert_eq!(world.call(HostFn::StorageHas, &[0, length]), Ok(Some(1)));
    }
    for length in [0, 9, u64::from(u32::MAX)] {
        world.gas = u64::MAX;
        for (function, arguments) in [
            (HostFn::StorageGet, &[0, length, 1000, 100][..]),
            (HostFn::StorageSet, &[0, length, 16, 5]),
            (HostFn::StorageRemove, &[0, length]),
            (HostFn::StorageHas, &[0, length]),
        ] {
            assert_eq!(world.call(function, arguments), trap(HostTrap::KeyLength), "{length}");
        }
    }
    for (length, expected) in [(9, Ok(None)), (10, Ok(None)), (11, trap(HostTrap::ValueLength))] {
        assert_eq!(world.call(HostFn::StorageSet, &[0, 3, 16, length]), expected, "{length}");
    }
}

#[test]
fn input_and_returned_data_are_copied_in_range_only() {
    let store = state_with_contracts(&[CONTRACT]);
    for (size, copy, data) in [
        (HostFn::InputSize, HostFn::InputCopy, &b"arguments"[..]),
        (HostFn::ReturnSize, HostFn::ReturnCopy, b"returned"),
    ] {
        let mut world = World::new(&store);
        let length = data.len() as u64;
        assert_eq!(world.call(size, &[]), Ok(Some(length)));
        assert_eq!(world.call(copy, &[1000, 2, 4]), Ok(None));
        assert_eq!(world.memory[1000..1005], [&data[2..6], b"\0"].concat());
        assert_eq!(world.call(copy, &[1000, length, 0]), Ok(None));
        for (offset, length) in [(0, length + 1), (length, 1), (length + 1, 0), (1, 0xffff_ffff)] {
            let outcome = world.call(copy, &[1000, offset, length]);
            assert!(
                outcome == trap(HostTrap::RangeOutOfBounds) || outcome == Err(Stop::OutOfGas),
                "{offset} {length}: {outcome:?}"
            );
        }
    }
}

#[test]
fn return_data_is_replaced_and_limited() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    world.limits.return_bytes = 5;
    assert_eq!(world.call(HostFn::SetReturn, &[0, 3]), Ok(None));
    assert_eq!(world.call(HostFn::SetReturn, &[16, 5]), Ok(None));
    assert_eq!(world.frame.output, b"value");
    for function in [HostFn::SetReturn, HostFn::Revert] {
        assert_eq!(world.call(function, &[16, 6]), trap(HostTrap::ReturnLength));
    }
    assert_eq!(world.frame.output, b"value");
    assert_eq!(world.call(HostFn::Revert, &[0, 3]), Err(Stop::Revert));
    assert_eq!(world.frame.output, b"key");
}

#[test]
fn addresses_are_those_of_the_frame() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::CallerAddress, &[1000]), Ok(None));
    assert_eq!(world.call(HostFn::SelfAddress, &[1032]), Ok(None));
    assert_eq!(world.memory[1000..1032], *CALLER.as_bytes());
    assert_eq!(world.memory[1032..1064], *CONTRACT.as_bytes());
}

#[test]
fn an_event_carries_contract_topics_and_data() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    assert_eq!(world.call(HostFn::EmitEvent, &[32, 20, 16, 5]), Ok(None));
    let topics: Vec<Box<[u8]>> = vec![b"first"[..].into(), b"two"[..].into()];
    let event = Event::new(CONTRACT, topics, b"value"[..].into());
    assert_eq!(world.overlay.events(), [event]);
}

#[test]
fn topics_have_one_valid_form() {
    let cases: &[(&[u8], bool)] = &[
        (b"\0\0\0\0", true),
        (b"\x01\0\0\0\0\0\0\0", true),
        (b"\x01\0\0\0\x01\0\0\0a", true),
        (b"", false),
        (b"\0\0\0", false),
        (b"\0\0\0\0x", false),
        (b"\x01\0\0\0", false),
        (b"\x01\0\0\0\x02\0\0\0a", false),
        (b"\x01\0\0\0\x01\0\0\0ab", false),
        (b"\x01\0\0\0\xff\xff\xff\xff", false),
        (b"\xff\xff\xff\xff", false),
    ];
    let store = state_with_contracts(&[CONTRACT]);
    for (topics, valid) in cases {
        let mut world = World::new(&store);
        world.memory[2000..2000 + topics.len()].copy_from_slice(topics);
        let outcome = world.call(HostFn::EmitEvent, &[2000, topics.len() as u64, 16, 5]);
        let expected = if *valid { Ok(None) } else { trap(HostTrap::MalformedTopics) };
        assert_eq!(outcome, expected, "{topics:?}");
        assert_eq!(world.overlay.events().len(), usize::from(*valid), "{topics:?}");
    }
}

#[test]
fn events_are_limited_on_both_sides_of_each_limit() {
    let encode = |count: u32, length: u32| {
        let topic = [&length.to_le_bytes()[..], &vec![1; length as usize]].concat();
        [count.to_le_bytes().to_vec(), topic.repeat(count as usize)].concat()
    };
    let store = state_with_contracts(&[CONTRACT]);
    let emit = |count: u32, topic: u32, data: u64| {
        let mut world = World::new(&store);
        world.limits.event_bytes = 100;
        let topics = encode(count, topic);
        world.memory[2000..2000 + topics.len()].copy_from_slice(&topics);
        world.call(HostFn::EmitEvent, &[2000, topics.len() as u64, 16, data])
    };
    assert_eq!(emit(4, 64, 100), Ok(None));
    assert_eq!(emit(3, 63, 99), Ok(None));
    assert_eq!(emit(5, 1, 1), trap(HostTrap::MalformedTopics));
    assert_eq!(emit(1, 65, 1), trap(HostTrap::MalformedTopics));
    assert_eq!(emit(1, 1, 101), trap(HostTrap::EventLength));

    let mut world = World::new(&store);
    world.limits.events = 2;
    for expected in [Ok(None), Ok(None), trap(HostTrap::EventCount)] {
        assert_eq!(world.call(HostFn::EmitEvent, &[32, 20, 16, 5]), expected);
    }
}

#[test]
fn a_call_is_handed_over_as_the_guest_asked() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    let request = CallRequest {
        to: Address::from_bytes([0xdd; 32]),
        method: b"key".to_vec(),
        input: b"value"[..].into(),
        value: Amount::new(5),
        gas: 1234,
        flags: CallFlags::ALLOW_REENTRY,
    };
    let outcome = world.call(HostFn::ExternalCall, &[64, 0, 3, 16, 5, 96, 1234, 1]);
    assert_eq!(outcome, Err(Stop::Call(request)));
}

#[test]
fn a_call_is_checked() {
    let store = state_with_contracts(&[CONTRACT]);
    let mut world = World::new(&store);
    world.limits.argument_bytes = 5;
    for flags in [2, 3, 0xffff_ffff] {
        let outcome = world.call(HostFn::ExternalCall, &[64, 0, 3, 16, 5, 96, 0, flags]);
        assert_eq!(outcome, trap(HostTrap::UnknownFlags), "{flags}");
    }
    let outcome = world.call(HostFn::ExternalCall, &[64, 0, 3, 16, 6, 96, 0, 0]);
    assert_eq!(outcome, trap(HostTrap::ArgumentsLength));
    for (length, kept) in [(64, 64), (65, 0), (0, 0)] {
        match world.call(HostFn::ExternalCall, &[64, 0, length, 16, 5, 96, 0, 0]) {
            Err(Stop::Call(request)) => assert_eq!(request.method.len(), kept, "{length}"),
            outcome => panic!("{length}: {outcome:?}"),
        }
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
        // A write asks for the contract first, whose usage it changes.
        let writes = [HostFn::StorageSet, HostFn::StorageRemove].contains(&function);
        let error = StoreError::new(if writes { "account" } else { "storage" });
        assert_eq!(outcome, Err(Stop::Fault(error)), "{}", function.name());
    }
}
