//! A contract that changes its own code.

use dytallix::abi::{Capabilities, HostFn, HostTrap, MethodKind, Reentry};
use dytallix::state::{Admin, View};
use dytallix::{Address, Call, CallStatus, Deploy, Hash};

use crate::script::{INPUT, Op, Script, contract, with_abi};
use crate::{ALL, Declared, GAS, World, abi, address, code};

/// The second version: `migrate` keeps its input (old schema, arguments) and ends as it is told.
fn second(migrate: Option<Script>) -> Vec<u8> {
    let mut methods = vec![("second", Script::new())];
    let mut declared = vec![Declared("second", MethodKind::Call, false, Reentry::Refuse)];
    if let Some(migrate) = migrate {
        methods.push(("migrate", migrate));
        declared.push(Declared("migrate", MethodKind::Migrate, false, Reentry::Refuse));
    }
    with_abi(contract(1, &methods), &abi(ALL, 2, &declared))
}

fn keeps_input() -> Script {
    Script::new()
        .read_input()
        .code("(call $storage_set (i32.const 0) (i32.const 1) (i32.const 0) (call $input_size))")
}

/// The first version: becomes the code at its input, with arguments 7 and 8; then reverts or not.
fn first(capabilities: &[Capabilities]) -> Vec<u8> {
    let become_code = || {
        let operands = [Op::N(INPUT.into()), Op::Bytes(&[7, 8])];
        Script::new().read_input().set(b"own", b"1").call(HostFn::UpgradeCode, &operands).results()
    };
    let methods = [
        ("upgrade", become_code()),
        ("upgrade_and_fail", become_code().call(HostFn::Revert, &[Op::Bytes(b"no")])),
    ];
    let declared: Vec<Declared> = methods
        .iter()
        .map(|(name, _)| Declared(name, MethodKind::Call, false, Reentry::Refuse))
        .collect();
    with_abi(contract(1, &methods), &abi(capabilities, 1, &declared))
}

/// A contract of the first version that is its own admin, and code to become.
fn world(admin: Admin, capabilities: &[Capabilities], next: Vec<u8>) -> (World, Address, Address) {
    let mut world = World::new();
    let deploy = Deploy::new(address(1), first(capabilities), GAS).admin(admin);
    let contract = world.deploy_with(deploy);
    let next = world.runtime.upload(next, address(1)).expect("a contract");
    (world, contract, Address::from_bytes(*next.as_bytes()))
}

#[test]
fn the_new_code_migrates_when_the_frame_that_asked_has_succeeded() {
    let (mut world, contract, next) = world(Admin::Itself, ALL, second(Some(keeps_input())));
    let before = world.code_of(contract).expect("a contract");
    assert_eq!(world.results(contract, "upgrade", next), [code(CallStatus::Success)]);
    let account = world.state().account(&contract).expect("memory").expect("there");
    let info = account.contract.expect("a contract");
    assert_eq!(info.code_hash, Hash::from_bytes(*next.as_bytes()));
    assert_eq!((info.version, info.schema), (2, 2));
    // The input of `migrate` is the schema of the old code and the arguments.
    assert_eq!(world.value(contract, &[1]), Some(vec![1, 0, 0, 0, 7, 8]));
    assert_eq!(world.value(contract, b"own"), Some(b"1".to_vec()));
    let history = world.state().history(&contract).expect("memory");
    assert_eq!((history.len(), history[0].code_hash), (1, before));
    assert!(world.call(contract, "second", next).is_success());
    assert_eq!(world.call(contract, "upgrade", next).status, CallStatus::NotFound);
}

#[test]
fn code_without_migrate_takes_its_place_at_once() {
    let (mut world, contract, next) = world(Admin::Itself, ALL, second(None));
    assert_eq!(world.results(contract, "upgrade", next), [code(CallStatus::Success)]);
    assert!(world.call(contract, "second", next).is_success());
}

#[test]
fn a_failing_migration_fails_the_frame_and_leaves_not_one_byte() {
    let fails = [
        (keeps_input().call(HostFn::Revert, &[Op::Bytes(b"bad")]), CallStatus::Reverted),
        (keeps_input().code("unreachable"), CallStatus::Trapped),
        (keeps_input().code("(loop (br 0))"), CallStatus::OutOfGas),
    ];
    for (migrate, status) in fails {
        let (mut world, contract, next) = world(Admin::Itself, ALL, second(Some(migrate)));
        let before = world.runtime.store().clone();
        let call = Call::new(address(1), contract, "upgrade", 10_000_000);
        let call = call.arguments(*next.as_bytes());
        let receipt = world.runtime.call(&call).expect("admitted");
        assert_eq!(receipt.status, status);
        assert_eq!(receipt.gas_used == 10_000_000, status == CallStatus::OutOfGas);
        let expected: &[u8] = if status == CallStatus::Reverted { b"bad" } else { b"" };
        assert_eq!(receipt.output, expected);
        assert_eq!(*world.runtime.store(), before);
    }
}

#[test]
fn a_frame_that_fails_after_asking_changes_no_code() {
    let (mut world, contract, next) = world(Admin::Itself, ALL, second(Some(keeps_input())));
    let before = world.runtime.store().clone();
    let receipt = world.call(contract, "upgrade_and_fail", next);
    assert_eq!(receipt.status, CallStatus::Reverted);
    assert_eq!(*world.runtime.store(), before);
}

#[test]
fn only_a_contract_that_is_its_own_admin_and_declares_it_changes_its_code() {
    let refused = [code(CallStatus::NotPermitted)];
    for admin in [Admin::None, Admin::Key(address(1))] {
        let (mut world, contract, next) = world(admin, ALL, second(None));
        assert_eq!(world.results(contract, "upgrade", next), refused);
    }
    let (mut other, contract, next) = world(Admin::Itself, &[Capabilities::CALL], second(None));
    assert_eq!(other.results(contract, "upgrade", next), refused);
    let (mut absent, contract, _) = world(Admin::Itself, ALL, second(None));
    let status = absent.results(contract, "upgrade", address(77));
    assert_eq!(status, [code(CallStatus::NotFound)]);
}

#[test]
fn a_read_only_frame_changes_no_code() {
    let (mut world, contract, next) = world(Admin::Itself, ALL, second(None));
    let call = Call::new(address(1), contract, "upgrade", GAS).arguments(*next.as_bytes());
    let receipt = world.runtime.view(&call).expect("admitted");
    assert_eq!(receipt.trap.expect("a trap").code, HostTrap::ReadOnly.code());
}
