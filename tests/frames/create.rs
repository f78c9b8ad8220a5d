//! New contracts, made by contracts.

use dytallix::abi::{Admin, Capabilities, Encode, HostFn, HostTrap, MethodKind, Reentry};
use dytallix::state::View;
use dytallix::{Address, Amount, CallStatus, Hash, state};

use crate::script::{OUT, Op, Script, contract, with_abi};
use crate::{ALL, Declared, World, abi, address, code};

/// Its `init` keeps its input and what came along; with an input that begins with 1 it reverts.
fn child() -> Vec<u8> {
    let init = Script::new()
        .read_input()
        .code("(call $storage_set (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1))")
        .code("(if (i32.load8_u (i32.const 0)) (then (call $revert (i32.const 0) (i32.const 1))))")
        .emit(b"born");
    let declared = [
        Declared("init", MethodKind::Init, true, Reentry::Refuse),
        Declared("init2", MethodKind::Call, false, Reentry::Refuse),
    ];
    let module = contract(1, &[("init", init), ("init2", Script::new())]);
    with_abi(module, &abi(ALL, 3, &declared))
}

struct Maker {
    world: World,
    maker: Address,
    code: Hash,
}

/// A contract that makes one of `child`, with these arguments and this value.
fn maker(arguments: &[u8], value: u128, admin: &[u8], capabilities: &[Capabilities]) -> Maker {
    let mut world = World::new();
    let code = world.runtime.upload(child(), address(1)).expect("a contract");
    let made = |code: &[u8]| {
        Script::new()
            .call(
                HostFn::Instantiate,
                &[
                    Op::At(code),
                    Op::At(&[9; 32]),
                    Op::Bytes(admin),
                    Op::Bytes(arguments),
                    Op::At(&value.to_le_bytes()),
                    Op::N(-1),
                    Op::N(OUT.into()),
                ],
            )
            .clone()
    };
    let methods = [
        ("make", made(code.as_bytes()).results()),
        ("make_address", made(code.as_bytes()).output(32)),
        ("make_unknown", made(&[1; 32]).results()),
    ];
    let declared: Vec<Declared> = methods
        .iter()
        .map(|(name, _)| Declared(name, MethodKind::Call, true, Reentry::Refuse))
        .collect();
    let maker = with_abi(contract(1, &methods), &abi(capabilities, 0, &declared));
    let maker = world.deploy(&maker);
    world.runtime.edit(|overlay| overlay.credit(&maker, Amount::new(10))).expect("memory");
    Maker { world, maker, code }
}

impl Maker {
    fn make(&mut self, method: &str) -> Vec<i32> {
        self.world.results(self.maker, method, address(0))
    }

    fn child(&self) -> Address {
        Address::of_contract(&self.maker, &self.code, &[9; 32])
    }
}

#[test]
fn a_contract_makes_another_with_arguments_value_and_admin() {
    let admin = Admin::Key(address(5).into()).to_bytes();
    let mut maker = maker(&[0, 8], 4, &admin, ALL);
    let child = maker.child();
    let output = maker.world.call(maker.maker, "make_address", address(0)).output;
    assert_eq!(output, child.as_bytes());
    assert_eq!(maker.world.value(child, &[0]), Some(vec![0]));
    assert_eq!((maker.world.balance(child), maker.world.balance(maker.maker)), (4, 6));
    let account = maker.world.state().account(&child).expect("memory").expect("there");
    let info = account.contract.expect("a contract");
    assert_eq!((info.code_hash, info.deployer), (maker.code, maker.maker));
    assert_eq!((info.admin, info.schema), (state::Admin::Key(address(5)), 3));
    let references = maker.world.state().code_info(&maker.code).expect("memory");
    assert_eq!(references.expect("there").references, 1);
    // Its methods can be called; `init` cannot.
    assert!(maker.world.call(child, "init2", child).is_success());
    assert_eq!(maker.world.call(child, "init", child).status, CallStatus::NotFound);
}

#[test]
fn the_same_contract_cannot_be_made_twice() {
    let mut maker = maker(&[0], 0, b"", ALL);
    assert_eq!(maker.make("make"), [code(CallStatus::Success)]);
    assert_eq!(maker.make("make"), [code(CallStatus::NotPermitted)]);
}

#[test]
fn a_failing_init_leaves_no_contract_value_or_event() {
    let mut maker = maker(&[1], 4, b"", ALL);
    let receipt = maker.world.call(maker.maker, "make", address(0));
    assert_eq!(receipt.output, code(CallStatus::Reverted).to_le_bytes());
    assert!(receipt.events.is_empty());
    let child = maker.child();
    assert_eq!(maker.world.code_of(child), None);
    assert_eq!((maker.world.balance(child), maker.world.balance(maker.maker)), (0, 10));
    let output = maker.world.call(maker.maker, "make_address", address(0)).output;
    assert_eq!(output, [0; 32], "no address is written");
    let references = maker.world.state().code_info(&maker.code).expect("memory");
    assert_eq!(references.expect("there").references, 0);
}

#[test]
fn code_that_is_not_there_and_makers_that_do_not_declare_it_are_refused() {
    let mut unknown = maker(&[0], 0, b"", ALL);
    assert_eq!(unknown.make("make_unknown"), [code(CallStatus::NotFound)]);
    let mut undeclared = maker(&[0], 0, b"", &[Capabilities::CALL, Capabilities::RECEIVE_VALUE]);
    assert_eq!(undeclared.make("make"), [code(CallStatus::NotPermitted)]);
    let mut poor = maker(&[0], 11, b"", ALL);
    assert_eq!(poor.make("make"), [code(CallStatus::Balance)]);
}

#[test]
fn a_read_only_frame_makes_no_contract() {
    let mut maker = maker(&[0], 0, b"", ALL);
    let call = dytallix::Call::new(address(1), maker.maker, "make", crate::GAS);
    let receipt = maker.world.runtime.view(&call).expect("admitted");
    assert_eq!(receipt.trap.expect("a trap").code, HostTrap::ReadOnly.code());
}

/// CWA-2022-005: whoever sends to an address before it is deployed to must not block it.
#[test]
fn deploying_onto_an_address_with_a_balance_and_no_code_succeeds() {
    let mut maker = maker(&[0], 0, b"", ALL);
    let child = maker.child();
    maker.world.runtime.edit(|overlay| overlay.credit(&child, Amount::new(3))).expect("memory");
    assert_eq!(maker.make("make"), [code(CallStatus::Success)]);
    assert_eq!(maker.world.balance(child), 3);
    let module = contract(1, &[("nothing", Script::new())]);
    let hash = Hash::of(dytallix::primitives::Domain::Code, &[&module]);
    let address = Address::of_contract(&address(1), &hash, &[0; 32]);
    maker.world.runtime.edit(|overlay| overlay.credit(&address, Amount::new(3))).expect("memory");
    assert_eq!(maker.world.deploy(&module), address);
    assert_eq!(maker.world.balance(address), 3);
}
