//! Re-entry: refused by default, opened per call by a flag or per method by the ABI.

use dytallix::Address;
use dytallix::CallStatus;
use dytallix::abi::{HostFn, MethodKind, Reentry};

use crate::script::{INPUT, OUT, Op, Script, contract, results, with_abi};
use crate::{ALL, Declared, World, abi, code};

/// Calls back, in each way, the contract that called it.
fn back() -> Vec<u8> {
    let back = |function: HostFn, method: &str| {
        let value = 0_u128.to_le_bytes();
        let mut operands = vec![Op::N(OUT.into()), Op::Bytes(method.as_bytes()), Op::Bytes(b"")];
        if function == HostFn::ExternalCall {
            operands.push(Op::At(&value));
        }
        operands.extend([Op::N(-1), Op::N(0)]);
        let caller = Script::new().call(HostFn::CallerAddress, &[Op::N(OUT.into())]);
        caller.call(function, &operands).results()
    };
    let methods = [
        ("call_closed", back(HostFn::ExternalCall, "closed")),
        ("call_open", back(HostFn::ExternalCall, "open")),
        ("call_peek", back(HostFn::ExternalCall, "peek")),
        ("call_safe_peek", back(HostFn::ExternalCall, "safe_peek")),
        ("read_peek", back(HostFn::StaticCall, "peek")),
        ("read_safe_peek", back(HostFn::StaticCall, "safe_peek")),
        ("read_closed", back(HostFn::StaticCall, "closed")),
    ];
    contract(1, &methods)
}

/// Enters `back`, which comes back: `enter_X` without a flag, `open_X` with the flag.
fn front(ways: &[&'static str]) -> Vec<u8> {
    let refuse = |name, kind| Declared(name, kind, false, Reentry::Refuse);
    let allow = |name, kind| Declared(name, kind, false, Reentry::Allow);
    let mut declared = vec![
        refuse("closed", MethodKind::Call),
        allow("open", MethodKind::Call),
        refuse("peek", MethodKind::View),
        allow("safe_peek", MethodKind::View),
    ];
    let mut methods = vec![
        ("closed", Script::new().set(b"closed", b"1")),
        ("open", Script::new().set(b"open", b"1")),
        ("peek", Script::new()),
        ("safe_peek", Script::new()),
    ];
    for way in ways {
        for (prefix, flags) in [("enter_", 0), ("open_", 1)] {
            let name: &'static str = format!("{prefix}{way}").leak();
            let script = Script::new().read_input();
            let to = Op::N(INPUT.into());
            methods.push((name, script.external(to, way, b"", 0, flags).returned()));
            declared.push(refuse(name, MethodKind::Call));
        }
    }
    with_abi(contract(1, &methods), &abi(ALL, 0, &declared))
}

const WAYS: [&str; 7] = [
    "call_closed",
    "call_open",
    "call_peek",
    "call_safe_peek",
    "read_peek",
    "read_safe_peek",
    "read_closed",
];

/// What coming back in that way came to.
fn come_back(prefix: &str, way: &str) -> (i32, World, Address) {
    let mut world = World::new();
    let (front, back) = (world.deploy(&front(&WAYS)), world.deploy(&back()));
    let receipt = world.call(front, &format!("{prefix}{way}"), back);
    assert!(receipt.is_success(), "{way}: {receipt:?}");
    (results(&receipt.output)[0], world, front)
}

#[test]
fn reentry_is_refused_by_default() {
    let (status, world, front) = come_back("enter_", "call_closed");
    assert_eq!(status, code(CallStatus::ReentryRefused));
    assert_eq!(world.value(front, b"closed"), None);
}

#[test]
fn reentry_is_opened_for_one_call_by_a_flag() {
    let (status, world, front) = come_back("open_", "call_closed");
    assert_eq!(status, code(CallStatus::Success));
    assert_eq!(world.value(front, b"closed"), Some(b"1".to_vec()));
}

#[test]
fn reentry_is_opened_for_one_method_by_the_abi() {
    let (status, world, front) = come_back("enter_", "call_open");
    assert_eq!(status, code(CallStatus::Success));
    assert_eq!(world.value(front, b"open"), Some(b"1".to_vec()));
}

/// A contract that is mid-call may show what is half done, so reading it is re-entry too.
#[test]
fn reading_a_contract_that_is_mid_call_is_refused_unless_the_method_says_that_it_is_safe() {
    for (way, expected) in [
        ("call_peek", CallStatus::ReentryRefused),
        ("read_peek", CallStatus::ReentryRefused),
        ("read_closed", CallStatus::ReentryRefused),
        ("call_safe_peek", CallStatus::Success),
        ("read_safe_peek", CallStatus::Success),
    ] {
        assert_eq!(come_back("enter_", way).0, code(expected), "{way}");
    }
    assert_eq!(come_back("open_", "read_peek").0, code(CallStatus::Success));
}

#[test]
fn a_contract_that_has_ended_can_be_called_again() {
    let mut world = World::new();
    let (front, back) = (world.deploy(&front(&WAYS)), world.deploy(&back()));
    for _ in 0..2 {
        assert!(world.call(front, "enter_call_closed", back).is_success());
    }
    // Twice in one transaction as well.
    let script = Script::new()
        .read_input()
        .call_input("closed", b"", 0, 0)
        .call_input("closed", b"", 0, 0)
        .results();
    let twice = world.deploy(&contract(1, &[("twice", script)]));
    let success = code(CallStatus::Success);
    assert_eq!(world.results(twice, "twice", front), [success, success]);
}
