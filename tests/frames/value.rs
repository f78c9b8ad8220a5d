//! Value: with calls, with deployments, and without a call.

use dytallix::abi::{Capabilities, HostFn, MethodKind, Reentry};
use dytallix::{Address, Amount, Call, CallStatus, Deploy};

use crate::script::{INPUT, Op, Script, contract, with_abi};
use crate::{ALL, Declared, GAS, World, abi, address, code};

/// Takes value by `pay`, refuses it by `free`, and keeps what came.
fn payee() -> Vec<u8> {
    let keep = |script: Script| {
        script
            .call(HostFn::CallValue, &[Op::N(1_024)])
            .code("(call $storage_set (i32.const 1040) (i32.const 1) (i32.const 1024) (i32.const 16))")
            .emit(b"paid")
    };
    let methods = [
        ("pay", keep(Script::new())),
        ("free", keep(Script::new())),
        ("pay_and_fail", keep(Script::new()).call(HostFn::Revert, &[Op::Bytes(b"no")])),
        ("pay_and_trap", keep(Script::new()).code("unreachable")),
    ];
    let module = contract(1, &methods);
    let declared = [
        Declared("pay", MethodKind::Call, true, Reentry::Refuse),
        Declared("free", MethodKind::Call, false, Reentry::Refuse),
        Declared("pay_and_fail", MethodKind::Call, true, Reentry::Refuse),
        Declared("pay_and_trap", MethodKind::Call, true, Reentry::Refuse),
    ];
    with_abi(module, &abi(&[Capabilities::RECEIVE_VALUE], 0, &declared))
}

/// Sends 7 with each method of the payee, whose address is its input.
fn payer() -> Vec<u8> {
    let sends = ["pay", "free", "pay_and_fail", "pay_and_trap"];
    let script = |method: &str| {
        Script::new().read_input().call_input(method, b"", 7, 0).emit(b"sent").results()
    };
    let amount = 7_u128.to_le_bytes();
    let transfer = [Op::N(INPUT.into()), Op::At(&amount)];
    let mut methods: Vec<(&str, Script)> = sends.iter().map(|&m| (m, script(m))).collect();
    methods
        .push(("transfer", Script::new().read_input().call(HostFn::Transfer, &transfer).results()));
    contract(1, &methods)
}

fn world(funds: u128) -> (World, Address, Address) {
    let mut world = World::new();
    let (payer, payee) = (world.deploy(&payer()), world.deploy(&payee()));
    world.runtime.edit(|overlay| overlay.credit(&payer, Amount::new(funds))).expect("memory");
    (world, payer, payee)
}

#[test]
fn value_moves_with_a_call_and_the_callee_sees_it() {
    let (mut world, payer, payee) = world(10);
    assert_eq!(world.results(payer, "pay", payee), [code(CallStatus::Success)]);
    assert_eq!((world.balance(payer), world.balance(payee)), (3, 7));
    assert_eq!(world.value(payee, &[0]), Some(7_u128.to_le_bytes().to_vec()));
    assert_eq!(world.results(payer, "pay", payee), [code(CallStatus::Balance)]);
    assert_eq!((world.balance(payer), world.balance(payee)), (3, 7));
}

#[test]
fn a_method_that_does_not_declare_it_takes_no_value() {
    let (mut world, payer, payee) = world(10);
    assert_eq!(world.results(payer, "free", payee), [code(CallStatus::NotPermitted)]);
    assert_eq!((world.balance(payer), world.balance(payee)), (10, 0));
    // From outside neither.
    let call = Call::new(address(1), payee, "free", GAS);
    assert!(world.runtime.call(&call).expect("admitted").is_success());
    let receipt = world.runtime.call(&call.value(Amount::new(1))).expect("admitted");
    assert_eq!(receipt.status, CallStatus::NotPermitted);
}

#[test]
fn a_failing_callee_gives_back_value_state_and_events_together() {
    for (method, status) in
        [("pay_and_fail", CallStatus::Reverted), ("pay_and_trap", CallStatus::Trapped)]
    {
        let (mut world, payer, payee) = world(10);
        let receipt = world.call(payer, method, payee);
        assert_eq!(receipt.output, code(status).to_le_bytes());
        assert_eq!((world.balance(payer), world.balance(payee)), (10, 0));
        assert_eq!(world.value(payee, &[0]), None);
        let events: Vec<&[u8]> = receipt.events.iter().map(|event| &*event.data).collect();
        assert_eq!(events, [b"sent"], "the caller goes on");
    }
}

#[test]
fn a_call_from_outside_brings_value_and_gives_it_back_on_failure() {
    let (mut world, _, payee) = world(0);
    let call = |method: &str| Call::new(address(1), payee, method, GAS).value(Amount::new(30));
    assert!(world.runtime.call(&call("pay")).expect("admitted").is_success());
    assert_eq!((world.balance(address(1)), world.balance(payee)), (999_970, 30));
    let receipt = world.runtime.call(&call("pay_and_fail")).expect("admitted");
    assert_eq!(receipt.status, CallStatus::Reverted);
    assert_eq!((world.balance(address(1)), world.balance(payee)), (999_970, 30));
    let poor = Call::new(address(2), payee, "pay", GAS).value(Amount::new(1));
    let receipt = world.runtime.call(&poor).expect("admitted");
    assert_eq!(receipt.status, CallStatus::Balance);
}

#[test]
fn a_transfer_reaches_accounts_and_contracts_that_declare_that_they_receive() {
    let (mut world, payer, payee) = world(20);
    let silent = world.deploy(&contract(1, &[("nothing", Script::new())]));
    let mut send = |to| (world.results(payer, "transfer", to)[0], world.balance(to));
    assert_eq!(send(address(9)), (code(CallStatus::Success), 7));
    assert_eq!(send(payee), (code(CallStatus::Success), 7));
    assert_eq!(send(silent), (code(CallStatus::NotPermitted), 0));
    assert_eq!(send(address(9)), (code(CallStatus::Balance), 7));
    assert_eq!(world.balance(payer), 6);
}

#[test]
fn what_an_account_would_overflow_with_traps_the_sender() {
    let (mut world, payer, _) = world(20);
    world
        .runtime
        .edit(|overlay| overlay.credit(&address(9), Amount::new(u128::MAX - 6)))
        .expect("fits");
    let receipt = world.call(payer, "transfer", address(9));
    assert_eq!(receipt.status, CallStatus::Trapped);
    assert_eq!(receipt.trap.expect("a trap").code, 120);
    assert_eq!(world.balance(payer), 20);
}

#[test]
fn a_deployment_brings_value_where_init_takes_it() {
    let module = contract(1, &[("init", Script::new())]);
    let payable = [Declared("init", MethodKind::Init, true, Reentry::Refuse)];
    let taking = with_abi(module.clone(), &abi(ALL, 0, &payable));
    let mut world = World::new();
    let deploy = |code: &[u8]| Deploy::new(address(1), code, GAS).value(Amount::new(5));
    let contract = world.deploy_with(deploy(&taking));
    assert_eq!((world.balance(contract), world.balance(address(1))), (5, 999_995));
    let receipt = world.runtime.deploy(&deploy(&module)).expect("admitted");
    assert_eq!(receipt.status, CallStatus::NotPermitted);
    assert_eq!(world.balance(address(1)), 999_995);
}
