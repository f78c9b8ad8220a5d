//! Stored blocks executed again: under their own protocol, and under another.

use dytallix::chain::{Body, CodeSource, Deployment, Protocol};
use dytallix::gas::GasClass;
use dytallix::{Amount, Height, MemoryStore, Runtime, Status};

use crate::support::{Account, commit, genesis, policy, runtime};

const TOKEN: &[u8] = include_bytes!("../../examples/wasm/basic_token.wasm");

fn protocol() -> Protocol {
    Protocol::v1().policy(policy())
}

/// A chain of a few blocks with calls that succeed, fail and are rejected.
fn chain() -> Runtime<MemoryStore> {
    let mut alice = Account::new("alice");
    let mut runtime = runtime(genesis(&[&alice]));
    let deployment = Deployment::new(CodeSource::Module(TOKEN.into()));
    let token = deployment.address(&alice.address);
    let supply = deployment.arguments(1_000_u128.to_le_bytes());
    commit(&mut runtime, &[alice.send(Body::Deploy(supply))]);
    let to = |amount: u128| [&[7; 32][..], &amount.to_le_bytes()].concat();
    let mut most = 0;
    for amount in [1, 2, 5_000] {
        let mut wrong = alice.clone().send(Body::transfer(token, Amount::new(1)));
        wrong.authentication.signature = vec![0; 3_309].into();
        let call = alice.send(Body::call(token, "transfer", to(amount)));
        most = most.max(commit(&mut runtime, &[wrong, call]).receipts[1].gas_used);
        // With just as much gas as it takes.
        let mut short = alice.next(Body::call(token, "transfer", to(1)));
        short.fee.gas_limit = most;
        commit(&mut runtime, &[alice.authenticate(short)]);
    }
    runtime
}

#[test]
fn under_its_own_protocol_nothing_changes() {
    let runtime = chain();
    let mut shown = 0;
    let report = runtime.replay(Height::new(1), Height::new(7), &protocol(), |replayed| {
        assert_eq!(replayed.before, replayed.after, "{replayed:?}");
        shown += 1;
    });
    let report = report.expect("retained");
    assert_eq!((report.blocks, report.transactions, shown), (7, 10, 10));
    assert_eq!((report.other_status, report.other_result, report.other_gas), (0, 0, 0));
    assert_eq!(report.gas_before, report.gas_after);
}

#[test]
fn under_dearer_prices_it_is_told_what_would_change() {
    let runtime = chain();
    let before = (runtime.state().root(), runtime.app_hash());
    let mut schedule = protocol().schedule;
    schedule.classes[GasClass::LocalGet as usize] += 100;
    let mut ran_out = 0;
    let dearer = protocol().schedule(schedule);
    let report = runtime.replay(Height::new(2), Height::new(7), &dearer, |replayed| {
        ran_out += u32::from(replayed.after.status == Status::OutOfGas);
        if replayed.before.status.is_rejected() {
            assert_eq!(replayed.before, replayed.after);
        } else {
            assert!(replayed.after.gas.compute > replayed.before.gas.compute);
        }
    });
    let report = report.expect("retained");
    assert_eq!(report.other_gas, 6);
    assert!(report.gas_after > report.gas_before);
    assert!(report.other_status > 0 && ran_out > 0, "{report:?}");
    assert_eq!((runtime.state().root(), runtime.app_hash()), before);
    let beyond = runtime.replay(Height::new(8), Height::new(8), &dearer, |_| {});
    assert!(beyond.is_err());
}
