//! A contract that uses every host function, through the runtime.

use dytallix::Status;
use dytallix::abi::{HostFn, MethodKind, Reentry};

use crate::script::{INPUT, OUT, Op, Script, contract, results, with_abi};
use crate::{ALL, Declared, World, abi, address};

/// Operands with which a function works, and the result that it then has, if it has one. The input
/// is the address of a contract with a method `run`.
fn working(function: HostFn) -> (Vec<Op<'static>>, Option<i32>) {
    use HostFn as F;
    let (key, value) = (Op::Bytes(b"key"), Op::Bytes(b"value"));
    let (to, out, all) = (Op::N(INPUT.into()), Op::N(OUT.into()), Op::N(-1));
    let room = Op::N(100);
    let (method, none, no_value) = (Op::Bytes(b"run"), Op::Bytes(b""), Op::At(&[0; 16]));
    let zero = Op::N(0);
    match function {
        F::StorageGet | F::TransientGet => (vec![key, out, room], Some(-1)),
        F::StorageSet | F::TransientSet => (vec![key, value], None),
        F::StorageRemove | F::StorageHas => (vec![key], Some(0)),
        F::StorageNext => (vec![key, none, out, room], Some(-1)),
        F::InputSize => (vec![], Some(32)),
        F::ReturnSize => (vec![], Some(0)),
        F::InputCopy => (vec![out, zero, Op::N(32)], None),
        F::ReturnCopy => (vec![out, zero, zero], None),
        F::SetReturn | F::Revert | F::DebugLog => (vec![value], None),
        F::ExternalCall => (vec![to, method, none, no_value, all, zero], Some(0)),
        F::StaticCall => (vec![to, method, none, all, zero], Some(0)),
        F::DelegateCall => (vec![to, method, none, all, zero], Some(4)),
        F::Instantiate => (vec![to, Op::At(&[1; 32]), none, none, no_value, all, out], Some(4)),
        F::Transfer => (vec![Op::At(&[9; 32]), no_value], Some(0)),
        F::CallerAddress | F::SelfAddress | F::SignerAddress | F::TxHash => (vec![out], None),
        F::CallValue | F::ContractBalance => (vec![out], None),
        F::BalanceOf => (vec![to, out], None),
        F::CodeHashOf => (vec![to, out], Some(0)),
        F::BlockHeight => (vec![], Some(4)),
        F::BlockTimeMs => (vec![], Some(5)),
        F::ChainId => (vec![], Some(7)),
        F::BlockHash => (vec![Op::N(1), out], Some(-1)),
        F::GasLeft => (vec![], None),
        F::EmitEvent => (vec![Op::Bytes(&[0; 4]), value], None),
        F::HashKeccak256 | F::HashSha3256 | F::HashSha256 | F::HashBlake3 => {
            (vec![value, out], None)
        }
        F::PqcVerify => (vec![Op::N(2), key, value, none, value], Some(0)),
        F::Ed25519Verify => (vec![Op::At(&[0; 32]), value, Op::At(&[0; 64])], Some(0)),
        F::RecoverPubkey => (vec![Op::At(&[0; 32]), Op::At(&[0; 65]), out], Some(0)),
        F::UpgradeCode => (vec![to, none], Some(7)),
        F::RiskScore => (vec![to], Some(-1)),
        other => panic!("{} is not used: add it", other.name()),
    }
}

#[test]
fn a_contract_uses_every_host_function() {
    let mut methods: Vec<(&str, Script)> = Vec::new();
    let mut declared = Vec::new();
    for &function in HostFn::ALL {
        let (operands, _) = working(function);
        let script = Script::new().read_input().call(function, &operands);
        // What ends the call, or sets its data, is seen by that.
        let ends = matches!(function, HostFn::Revert | HostFn::SetReturn);
        methods.push((function.name(), if ends { script } else { script.results() }));
        declared.push(Declared(function.name(), MethodKind::Call, false, Reentry::Refuse));
    }
    let mut world = World::new();
    let leaf = world.deploy(&contract(1, &[("run", Script::new())]));
    let module = with_abi(contract(1, &methods), &abi(ALL, 0, &declared));
    let every = world.deploy(&module);
    world.runtime.set_time_ms(5);
    for &function in HostFn::ALL {
        let call = dytallix::Call::new(address(1), every, function.name(), crate::GAS);
        let call = call.arguments(*leaf.as_bytes());
        let receipt = world.runtime.simulate(&call).expect("admitted");
        let name = function.name();
        match (function, working(function).1) {
            (HostFn::Revert, _) => {
                assert_eq!(
                    (receipt.status, &receipt.output[..]),
                    (Status::Reverted, &b"value"[..])
                );
            }
            (HostFn::SetReturn, _) => assert_eq!(receipt.output, b"value"),
            (HostFn::GasLeft, _) => {
                let left = results(&receipt.output)[0];
                assert!(left > 0 && (left as u64) < crate::GAS, "{left}");
            }
            (_, expected) => {
                assert!(receipt.is_success(), "{name}: {receipt:?}");
                let found = results(&receipt.output);
                assert_eq!(found, Vec::from_iter(expected), "{name}");
            }
        }
    }
}
