//! What went wrong elsewhere, as far as calls are concerned: each rule is a test of that name.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dytallix::abi::HostFn;
use dytallix::limits::CallLimits;
use dytallix::{Call, CallStatus, Hash, MemoryStore, Runtime};

use crate::script::{INPUT, Op, Script, contract};
use crate::{GAS, World, address, code};

fn chatty() -> Vec<u8> {
    let script = Script::new()
        .call(HostFn::DebugLog, &[Op::Bytes(b"hello")])
        .set(b"k", b"v")
        .emit(b"event")
        .call(HostFn::DebugLog, &[Op::Bytes(b"world")])
        .call(HostFn::GasLeft, &[])
        .results();
    let reverts = Script::new()
        .call(HostFn::DebugLog, &[Op::Bytes(b"bye")])
        .call(HostFn::Revert, &[Op::Bytes(b"reason")]);
    contract(1, &[("run", script), ("fail", reverts)])
}

/// CWA-2021-003, CWA-2025-003: text and traces changed consensus.
#[test]
fn receipts_and_state_are_equal_with_and_without_somebody_who_listens() {
    let run = |listens: bool| {
        let mut world = World::new();
        let heard = Arc::new(AtomicUsize::new(0));
        if listens {
            let heard = heard.clone();
            world.runtime.watch_logs(move |_, text| {
                heard.fetch_add(text.len(), Ordering::Relaxed);
            });
        }
        let contract = world.deploy(&chatty());
        let receipts: Vec<Vec<u8>> = ["run", "fail"]
            .iter()
            .map(|method| world.call(contract, method, contract).encode())
            .collect();
        assert_eq!(heard.load(Ordering::Relaxed), if listens { 13 } else { 0 });
        (receipts, world.runtime.store().clone())
    };
    assert_eq!(run(true), run(false));
}

/// CWA-2022-001, -003, CWA-2024-006: queries read what only one node knew.
#[test]
fn a_view_sees_the_named_state_and_the_block_alone() {
    let script = Script::new()
        .call(HostFn::BlockHeight, &[])
        .call(HostFn::BlockTimeMs, &[])
        .call(HostFn::ChainId, &[])
        .results();
    let mut world = World::new();
    let contract = world.deploy(&contract(1, &[("now", script)]));
    world.runtime.set_time_ms(1_234);
    let call = Call::new(address(1), contract, "now", GAS);
    let first = world.runtime.view(&call).expect("admitted");
    let height = world.state().head().expect("blocks").height.number() as i32;
    assert_eq!(crate::script::results(&first.output), [height + 1, 1_234, 7]);
    assert_eq!(world.runtime.view(&call).expect("admitted"), first, "twice the same");
    // The head has not moved.
    assert_eq!(world.state().head().expect("blocks").height.number() as i32, height);
}

/// CWA-2022-004, 2024-005, 2025-007: recursion without a bound.
#[test]
fn one_depth_counter_holds_for_all_paths() {
    // `init` of a new contract, a call and a delegate each use up one of three frames.
    let mut limits = CallLimits::default();
    limits.depth = 3;
    let builder = Runtime::builder().call_limits(limits);
    let mut world = World::with(builder.build(MemoryStore::new()).expect("an engine"));
    let leaf = world.deploy(&contract(1, &[("run", Script::new())]));
    let step = Script::new().read_input().call_input("run", b"", 0, 0).results();
    let two = world.deploy(&contract(1, &[("run", step.clone().returned())]));
    assert!(world.call(two, "run", leaf).is_success());
    // A third level below the second: its caller traps, and the first sees that as a status.
    let forward =
        |input: &[u8]| Script::new().read_input().call_input("run", input, 0, 0).results();
    let three = world.deploy(&contract(1, &[("run", forward(leaf.as_bytes()))]));
    assert_eq!(world.results(three, "run", two), [code(CallStatus::Success)]);
    let four = world.deploy(&contract(1, &[("run", forward(two.as_bytes()))]));
    let receipt = world.call(four, "run", three);
    assert_eq!(crate::script::results(&receipt.output), [code(CallStatus::Success)]);
}

/// CWA-2023-002: the host called the guest's allocator.
#[test]
fn the_host_never_calls_the_guest_back() {
    // Exports with the names that other runtimes call are never entered.
    let trap = || Script::new().code("unreachable");
    let names = ["allocate", "deallocate", "malloc", "free", "interface_version_8", "alloc"];
    let mut methods: Vec<(&str, Script)> = names.iter().map(|&name| (name, trap())).collect();
    methods.push(("run", Script::new().read_input().set(b"k", b"v").returned()));
    let mut world = World::new();
    let contract = world.deploy(&contract(1, &methods));
    assert!(world.call(contract, "run", contract).is_success());
}

/// CWA-2023-003, CWA-2024-003: inputs without a bound.
#[test]
fn each_host_function_that_takes_bytes_has_a_cap() {
    let mut world = World::new();
    let long = Op::N(1 << 20);
    let zero = Op::N(0);
    let uses: &[(HostFn, &[Op<'_>])] = &[
        (HostFn::StorageSet, &[zero, Op::N(257), zero, zero]),
        (HostFn::StorageSet, &[zero, Op::N(1), zero, long]),
        (HostFn::StorageNext, &[zero, Op::N(257), zero, zero, zero, zero]),
        (HostFn::TransientSet, &[zero, Op::N(1), zero, long]),
        (HostFn::SetReturn, &[zero, long]),
        (HostFn::EmitEvent, &[zero, Op::N(4), zero, long]),
        (HostFn::ExternalCall, &[zero, zero, zero, zero, long, zero, zero, zero]),
        (HostFn::HashSha256, &[zero, Op::N((1 << 20) + 1), zero]),
        (HostFn::DebugLog, &[zero, Op::N(1_025)]),
        (
            HostFn::PqcVerify,
            &[zero, zero, zero, zero, Op::N((1 << 20) + 1), zero, zero, zero, zero],
        ),
        (HostFn::UpgradeCode, &[zero, zero, long]),
    ];
    for (function, operands) in uses {
        let contract =
            world.deploy(&contract(32, &[("run", Script::new().call(*function, operands))]));
        let receipt = world.call(contract, "run", contract);
        let code = receipt.trap.unwrap_or_else(|| panic!("{function:?} has no cap")).code;
        assert!((102..=119).contains(&code), "{function:?}: {code}");
    }
}

/// CWA-2024-008, CWA-2025-004: gas was lost when the host panicked.
#[test]
fn gas_settles_on_every_exit_of_the_outermost_frame() {
    let methods = [
        ("good", Script::new()),
        ("reverts", Script::new().call(HostFn::Revert, &[Op::Bytes(b"")])),
        ("traps", Script::new().code("unreachable")),
        ("host_traps", Script::new().call(HostFn::SetReturn, &[Op::N(-1), Op::N(1)])),
        ("burns", Script::new().code("(loop (br 0))")),
    ];
    let mut world = World::new();
    let contract = world.deploy(&contract(1, &methods));
    for (method, _) in &methods {
        let call = Call::new(address(1), contract, method, 1_000_000);
        let receipt = world.runtime.call(&call).expect("admitted");
        assert!(receipt.gas_used > 0 && receipt.gas_used <= 1_000_000, "{method}: {receipt:?}");
        assert_eq!(receipt.gas_used == 1_000_000, *method == "burns", "{method}");
    }
    // What could not begin is settled as well.
    for (method, gas) in [("none", 1_000_000), ("good", 0), ("good", 1), ("good", 1_700)] {
        let call = Call::new(address(1), contract, method, gas);
        let receipt = world.runtime.call(&call).expect("admitted");
        assert!(!receipt.is_success() && receipt.gas_used <= gas, "{method} {gas}: {receipt:?}");
    }
}

/// CWA-2025-002, -005: copies and set-up that nobody paid for.
#[test]
fn every_kind_of_call_pays_for_its_bytes_and_its_instance() {
    let mut world = World::new();
    let leaf = world.deploy(&contract(4, &[("run", Script::new())]));
    let hash = world.code_of(leaf).expect("a contract");
    let gas = |world: &mut World, function: HostFn, bytes: usize| {
        let arguments = vec![0; bytes];
        let value = [0; 16];
        let mut operands = vec![
            if function == HostFn::DelegateCall {
                Op::At(hash.as_bytes())
            } else {
                Op::N(INPUT.into())
            },
            Op::Bytes(b"run"),
            Op::Bytes(&arguments),
        ];
        if function == HostFn::ExternalCall {
            operands.push(Op::At(&value));
        }
        operands.extend([Op::N(-1), Op::N(0)]);
        let script = Script::new().read_input().call(function, &operands).results();
        let module = contract(1, &[("run", script)]);
        let declared = [crate::Declared(
            "run",
            dytallix::abi::MethodKind::Call,
            false,
            dytallix::abi::Reentry::Refuse,
        )];
        let caller = crate::script::with_abi(module, &crate::abi(crate::ALL, 0, &declared));
        let caller = world.deploy(&caller);
        let receipt = world.call(caller, "run", leaf);
        assert_eq!(crate::script::results(&receipt.output), [code(CallStatus::Success)]);
        receipt.gas_used
    };
    let pages = 4 * u64::from(dytallix::gas::GasSchedule::v1().grow_page);
    for function in [HostFn::ExternalCall, HostFn::StaticCall, HostFn::DelegateCall] {
        let (none, many) = (gas(&mut world, function, 0), gas(&mut world, function, 6_400));
        assert!(none > pages, "{function:?}: the instance is paid");
        // By the arguments at least, and by the larger code of the caller.
        let price = dytallix::gas::HostPrices::v1().of(dytallix::abi::GasClass::Call);
        assert!(many - none >= price.bytes(6_400), "{function:?}");
    }
}

/// The value stack is used again by the next transaction.
#[test]
fn what_a_call_left_on_the_stack_is_not_seen_by_the_next() {
    let deep = "(local.set $a (i64.const -1)) (local.set $b (i64.const -1))";
    let local = "(local $a i64) (local $b i64)";
    let leaves = Script::new().locals(local).code(deep).results();
    let reads = Script::new()
        .locals(local)
        .keep_code("(i32.wrap_i64 (local.get $a))")
        .keep_code("(i32.wrap_i64 (local.get $b))")
        .results();
    let module = contract(1, &[("leaves", leaves), ("reads", reads)]);
    let mut world = World::new();
    let contract = world.deploy(&module);
    for method in ["leaves", "leaves", "reads"] {
        let found = world.results(contract, method, contract);
        assert!(found.iter().all(|&value| value == 0), "{method}: {found:?}");
    }
}

/// CosmWasm had two spellings of an address (CWA-2022-002); here it is 32 bytes everywhere.
#[test]
fn an_address_has_one_form_for_contracts() {
    let script = Script::new().call(HostFn::SelfAddress, &[Op::N(1_024)]).output(32);
    let mut world = World::new();
    let contract = world.deploy(&contract(1, &[("me", script)]));
    assert_eq!(world.call(contract, "me", contract).output, contract.as_bytes());
}

#[test]
fn the_hash_of_the_last_block_can_be_read_once_it_was_told() {
    let read = |height: i64| {
        Script::new().call(HostFn::BlockHash, &[Op::N(height), Op::N(1_024)]).output(32)
    };
    let mut world = World::new();
    let contract =
        world.deploy(&contract(1, &[("one", read(1)), ("two", read(2)), ("run", Script::new())]));
    // Block 1 paid account 1, block 2 deployed.
    let hash = Hash::from_bytes([0xab; 32]);
    world.runtime.set_parent_hash(hash);
    assert_eq!(world.call(contract, "two", contract).output, hash.as_bytes());
    assert_eq!(world.call(contract, "two", contract).output, hash.as_bytes(), "kept as state");
    assert_eq!(world.call(contract, "one", contract).output, [0; 32]);
}
