//! External, static and delegate calls: what they see, what they may do, what comes back.

use dytallix::abi::{Capabilities, HostFn, HostTrap, MethodKind, Reentry};
use dytallix::{Address, Amount, Call, CallStatus, Hash, MemoryStore, Runtime};

use crate::script::{INPUT, OUT, Op, Script, contract, results, with_abi};
use crate::{ALL, Declared, GAS, World, abi, address, code};

/// Tells who it is, who calls and what came along; writes, emits, reverts.
fn library() -> Vec<u8> {
    let who = Script::new()
        .call(HostFn::SelfAddress, &[Op::N(OUT.into())])
        .call(HostFn::CallerAddress, &[Op::N((OUT + 32).into())])
        .call(HostFn::CallValue, &[Op::N((OUT + 64).into())])
        .call(HostFn::SignerAddress, &[Op::N((OUT + 80).into())]);
    contract(
        1,
        &[
            ("who", who.output(112)),
            ("write", Script::new().set(b"k", b"library").emit(b"written")),
            ("fail", Script::new().set(b"k", b"no").call(HostFn::Revert, &[Op::Bytes(b"why")])),
            ("boom", Script::new().set(b"k", b"no").code("unreachable")),
        ],
    )
}

/// Calls a method of the contract or code at its input, in each way.
fn caller(capabilities: &[Capabilities]) -> Vec<u8> {
    let ways = [HostFn::StaticCall, HostFn::DelegateCall];
    let names = ["who", "write", "fail", "boom"];
    let mut methods = Vec::new();
    let mut declared = Vec::new();
    for way in ways {
        for name in names {
            let operands = [
                Op::N(INPUT.into()),
                Op::Bytes(name.as_bytes()),
                Op::Bytes(b""),
                Op::N(-1),
                Op::N(0),
            ];
            let script = Script::new().read_input().call(way, &operands);
            let method: &'static str = format!("{}_{name}", way.name()).leak();
            let returned: &'static str = format!("{method}_data").leak();
            methods.push((method, script.clone().results()));
            methods.push((returned, script.returned()));
            for name in [method, returned] {
                declared.push(Declared(name, MethodKind::Call, true, Reentry::Refuse));
            }
        }
    }
    with_abi(contract(1, &methods), &abi(capabilities, 0, &declared))
}

fn world(capabilities: &[Capabilities]) -> (World, Address, Address, Address) {
    let mut world = World::new();
    let (caller, library) = (world.deploy(&caller(capabilities)), world.deploy(&library()));
    let hash = world.code_of(library).expect("a contract");
    (world, caller, library, Address::from_bytes(*hash.as_bytes()))
}

#[test]
fn a_static_call_reads_and_cannot_write_emit_or_send() {
    let (mut world, caller, library, _) = world(ALL);
    let success = code(CallStatus::Success);
    assert_eq!(world.results(caller, "staticcall_who", library), [success]);
    let data = world.call(caller, "staticcall_who_data", library).output;
    assert_eq!(data[..64], [*library.as_bytes(), *caller.as_bytes()].concat());
    let status = world.results(caller, "staticcall_write", library);
    assert_eq!(status, [code(CallStatus::Trapped)]);
    assert_eq!(world.value(library, b"k"), None);
}

#[test]
fn a_mode_does_not_stay_set_after_an_error() {
    // A static call that traps, then a write of the caller itself and a call that writes.
    let mut world = World::new();
    let library = world.deploy(&library());
    let operands = |name: &'static [u8]| {
        [Op::N(INPUT.into()), Op::Bytes(name), Op::Bytes(b""), Op::N(-1), Op::N(0)]
    };
    let script = Script::new()
        .read_input()
        .call(HostFn::StaticCall, &operands(b"write"))
        .set(b"own", b"1")
        .call_input("write", b"", 0, 0)
        .results();
    let caller = world.deploy(&contract(1, &[("run", script)]));
    let [trapped, success] = [code(CallStatus::Trapped), code(CallStatus::Success)];
    assert_eq!(world.results(caller, "run", library), [trapped, success]);
    assert_eq!(world.value(caller, b"own"), Some(b"1".to_vec()));
    assert_eq!(world.value(library, b"k"), Some(b"library".to_vec()));
}

#[test]
fn a_delegate_call_keeps_storage_caller_value_and_address() {
    let (mut world, caller, library, hash) = world(ALL);
    assert_eq!(world.results(caller, "delegatecall_write", hash), [code(CallStatus::Success)]);
    assert_eq!(world.value(caller, b"k"), Some(b"library".to_vec()));
    assert_eq!(world.value(library, b"k"), None);
    let call = Call::new(address(1), caller, "delegatecall_who_data", GAS);
    let call = call.arguments(*hash.as_bytes()).value(Amount::new(5));
    let receipt = world.runtime.call(&call).expect("admitted");
    let (signer, value) = (address(1), 5_u128.to_le_bytes());
    let expected = [&caller.as_bytes()[..], signer.as_bytes(), &value, signer.as_bytes()].concat();
    assert_eq!(receipt.output, expected);
    let event = world.call(caller, "delegatecall_write", hash).events.remove(0);
    assert_eq!(event.contract, caller);
}

#[test]
fn a_failing_delegate_is_undone_and_its_data_comes_back() {
    let (mut world, caller, _, hash) = world(ALL);
    assert_eq!(world.results(caller, "delegatecall_fail", hash), [code(CallStatus::Reverted)]);
    assert_eq!(world.call(caller, "delegatecall_fail_data", hash).output, b"why");
    assert_eq!(world.results(caller, "delegatecall_boom", hash), [code(CallStatus::Trapped)]);
    assert_eq!(world.call(caller, "delegatecall_boom_data", hash).output, b"");
    assert_eq!(world.value(caller, b"k"), None);
}

#[test]
fn delegation_is_for_who_declares_it_on_a_chain_that_allows_it() {
    let refused = [code(CallStatus::NotPermitted)];
    let (mut world, caller, _, hash) = world(&[Capabilities::CALL, Capabilities::RECEIVE_VALUE]);
    assert_eq!(world.results(caller, "delegatecall_write", hash), refused);

    let builder = Runtime::builder().delegate_calls(false);
    let mut world = World::with(builder.build(MemoryStore::new()).expect("an engine"));
    let (caller, library) = (world.deploy(&self::caller(ALL)), world.deploy(&library()));
    let hash = world.code_of(library).expect("a contract");
    let hash = Address::from_bytes(*hash.as_bytes());
    assert_eq!(world.results(caller, "delegatecall_write", hash), refused);
    assert_eq!(world.results(caller, "staticcall_who", library), [code(CallStatus::Success)]);
}

#[test]
fn what_is_not_declared_cannot_be_called() {
    let (mut world, caller, library, _) =
        world(&[Capabilities::DELEGATE, Capabilities::RECEIVE_VALUE]);
    let refused = [code(CallStatus::NotPermitted)];
    assert_eq!(world.results(caller, "staticcall_who", library), refused);
}

#[test]
fn code_that_state_does_not_hold_cannot_be_delegated_to() {
    let (mut world, caller, ..) = world(ALL);
    let status = world.results(caller, "delegatecall_write", address(77));
    assert_eq!(status, [code(CallStatus::NotFound)]);
}

#[test]
fn a_delegate_may_do_what_both_codes_declare() {
    // The library declares nothing but delegation: through it, the caller cannot call either.
    let mut world = World::new();
    let other = world.deploy(&library());
    let script = Script::new().read_input().call_input("write", b"", 0, 0).results();
    let declared = [Declared("run", MethodKind::Call, false, Reentry::Refuse)];
    let narrow = contract(1, &[("run", script)]);
    let narrow = with_abi(narrow, &abi(&[Capabilities::DELEGATE], 0, &declared));
    let narrow = world.runtime.upload(narrow, address(1)).expect("a contract");
    let operands = [
        Op::At(narrow.as_bytes()),
        Op::Bytes(b"run"),
        Op::Bytes(other.as_bytes()),
        Op::N(-1),
        Op::N(0),
    ];
    let script = Script::new().call(HostFn::DelegateCall, &operands).returned();
    let wide = contract(1, &[("run", script)]);
    let wide = world.deploy(&with_abi(wide, &abi(ALL, 0, &declared)));
    let receipt = world.call(wide, "run", other);
    assert_eq!(results(&receipt.output), [code(CallStatus::NotPermitted)]);
}

#[test]
fn a_view_is_read_only_whoever_calls() {
    let module = contract(1, &[("peek", Script::new().set(b"k", b"v"))]);
    let declared = [Declared("peek", MethodKind::View, false, Reentry::Refuse)];
    let mut world = World::new();
    let view = world.deploy(&with_abi(module, &abi(ALL, 0, &declared)));
    let receipt = world.call(view, "peek", view);
    assert_eq!(receipt.trap.expect("a trap").code, HostTrap::ReadOnly.code());
}

#[test]
fn a_module_that_declares_methods_has_no_others() {
    let module = contract(1, &[("shown", Script::new()), ("hidden", Script::new())]);
    let declared = [Declared("shown", MethodKind::Call, false, Reentry::Refuse)];
    let mut world = World::new();
    let contract = world.deploy(&with_abi(module, &abi(ALL, 0, &declared)));
    assert!(world.call(contract, "shown", contract).is_success());
    assert_eq!(world.call(contract, "hidden", contract).status, CallStatus::NotFound);
}

#[test]
fn every_kind_of_call_nests_to_the_limit_on_a_small_native_stack() {
    // Each frame delegates to its own code with one step less in the input: 64 frames.
    let run = || {
        let step = "
            (call $storage_set (i32.const 32) (i32.const 1) (i32.const 32) (i32.const 1))
            (if (i32.load8_u (i32.const 32)) (then
              (i32.store8 (i32.const 32)
                (i32.sub (i32.load8_u (i32.const 32)) (i32.const 1)))
              (if (i32.and (i32.load8_u (i32.const 32)) (i32.const 1))
                (then (drop (call $delegatecall (i32.const 0) (i32.const 8192) (i32.const 3)
                  (i32.const 0) (i32.const 65) (i64.const -1) (i32.const 1))))
                (else (drop (call $external_call (i32.const 33) (i32.const 8192) (i32.const 3)
                  (i32.const 0) (i32.const 65) (i32.const 500) (i64.const -1) (i32.const 1)))))))";
        // The name of the method is the first constant, at 8192.
        let script = Script::new().call(HostFn::DebugLog, &[Op::Bytes(b"run")]).read_input();
        let module = contract(1, &[("run", script.code(step))]);
        let declared = [Declared("run", MethodKind::Call, false, Reentry::Allow)];
        let mut world = World::new();
        let contract = world.deploy(&with_abi(module, &abi(ALL, 0, &declared)));
        let hash: Hash = world.code_of(contract).expect("a contract");
        let input = |depth: u8| [&hash.as_bytes()[..], &[depth], contract.as_bytes()].concat();
        let call = |depth| Call::new(address(1), contract, "run", GAS).arguments(input(depth));
        let receipt = world.runtime.call(&call(63)).expect("admitted");
        assert!(receipt.is_success(), "{receipt:?}");
        assert_eq!((0..64).filter(|&n| world.value(contract, &[n]).is_some()).count(), 64);
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run).expect("a thread");
    thread.join().expect("64 frames fit");
}
