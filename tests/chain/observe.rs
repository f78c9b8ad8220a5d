//! Observers of frames: told of everything in order, and nothing depends on them.

use std::sync::{Arc, Mutex};

use dytallix::chain::{
    AdminOperation, BlockInfo, Body, Change, CodeSource, Command, Deployment, Governor, Parameters,
    Protocol, SignedTransaction,
};
use dytallix::gas::GasClass;
use dytallix::host::FrameEvent;
use dytallix::{Address, CallStatus, Height, MemoryStore, Runtime};

use crate::support::{Account, PROPOSER, commit, encoded, genesis, policy, run, runtime, succeed};

const TOKEN: &[u8] = include_bytes!("../../examples/wasm/basic_token.wasm");

/// What is kept of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Begins(u64),
    /// Gas before.
    Calls(u64),
    /// Gas after.
    GoesOn(u64),
    Ends(CallStatus, u64),
}

fn observe(runtime: &mut Runtime<MemoryStore>) -> Arc<Mutex<Vec<Seen>>> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keeper = seen.clone();
    runtime.observe_frames(move |event| {
        let kept = match event {
            FrameEvent::Begins(begin) => Seen::Begins(begin.gas),
            FrameEvent::Calls { gas, .. } => Seen::Calls(*gas),
            FrameEvent::GoesOn { gas, .. } => Seen::GoesOn(*gas),
            FrameEvent::Ends { status, gas, .. } => Seen::Ends(*status, *gas),
            other => panic!("an event that is not known here: {other:?}"),
        };
        keeper.lock().expect("one thread").push(kept);
    });
    seen
}

fn deploy(code: &[u8], arguments: Vec<u8>) -> Body {
    Body::Deploy(Deployment::new(CodeSource::Module(code.into())).arguments(arguments))
}

fn transfer(token: Address, to: u8, amount: u128) -> Body {
    Body::call(token, "transfer", [&[to; 32][..], &amount.to_le_bytes()].concat())
}

/// A token, and a block of transfers, some of which fail.
fn workload() -> (SignedTransaction, Vec<SignedTransaction>, Account) {
    let mut alice = Account::new("alice");
    let start = alice.clone();
    let deployment = Deployment::new(CodeSource::Module(TOKEN.into()));
    let token = deployment.arguments(1_000_u128.to_le_bytes()).address(&alice.address);
    let deployed = alice.send(deploy(TOKEN, 1_000_u128.to_le_bytes().to_vec()));
    let amounts = [5, 2_000, 7, 9, 3_000, 1, 1, 1];
    let send = |(to, amount)| alice.send(transfer(token, to, amount));
    let transfers = (1..).zip(amounts).map(send).collect();
    (deployed, transfers, start)
}

#[test]
fn an_observer_changes_no_receipt_and_is_told_in_order_on_any_number_of_threads() {
    let (deployed, transfers, alice) = workload();
    let mut told = Vec::new();
    for (threads, is_observed) in [(1, false), (1, true), (4, false), (4, true)] {
        let builder = Runtime::builder().genesis(genesis(&[&alice])).threads(threads);
        let mut runtime = builder.build(MemoryStore::new()).expect("a chain");
        let seen = is_observed.then(|| observe(&mut runtime));
        _ = succeed(&mut runtime, &deployed);
        let mut block = runtime.block(BlockInfo::new(9_000, PROPOSER)).expect("a block");
        let receipts = block.execute_all(&encoded(&transfers)).expect("no fault").to_vec();
        let finished = block.finish().expect("no fault");
        let result = runtime.commit_block(finished).expect("memory");
        told.push((receipts, result, seen.map(|seen| seen.lock().expect("alone").clone())));
    }
    assert!(
        told.iter().all(|(receipts, result, _)| (receipts, result) == (&told[0].0, &told[0].1))
    );
    assert_eq!(told[1].2, told[3].2);
    let seen = told[1].2.as_ref().expect("observed");
    check_order(seen);
    let ends = |wanted| {
        seen.iter()
            .filter(|seen| matches!(seen, Seen::Ends(status, _) if *status == wanted))
            .count()
    };
    // `init`, and eight transfers of which two are of more than there is.
    assert_eq!((ends(CallStatus::Success), ends(CallStatus::Reverted)), (7, 2));
}

/// Gas only falls within a frame, every call is answered or ends the frame, every frame ends.
fn check_order(seen: &[Seen]) {
    let mut open: Vec<(u64, bool)> = Vec::new();
    for event in seen {
        if let Seen::Begins(gas) = event {
            open.push((*gas, false));
            continue;
        }
        let (left, waits) = open.last_mut().expect("a frame is open");
        let (Seen::Calls(gas) | Seen::GoesOn(gas) | Seen::Ends(_, gas)) = event else { continue };
        assert!(gas <= left, "{event:?} of {left}");
        assert!(!(*waits && matches!(event, Seen::Calls(_))), "{event:?}");
        assert!(*waits || !matches!(event, Seen::GoesOn(_)), "{event:?}");
        (*left, *waits) = (*gas, matches!(event, Seen::Calls(_)));
        if let Seen::Ends(..) = event {
            open.pop();
        }
    }
    assert!(open.is_empty());
}

#[test]
fn an_observer_hears_on_under_another_protocol() {
    let mut alice = Account::new("alice");
    let governor = Parameters::governed_by(Governor::Account(alice.address));
    let mut runtime = runtime(genesis(&[&alice]).parameters(governor));
    let seen = observe(&mut runtime);
    let count = || seen.lock().expect("alone").len();
    let deployed = succeed(&mut runtime, &alice.send(deploy(TOKEN, [9; 16].to_vec())));
    let token = deployed.contract.expect("a contract");
    let mut protocol = Protocol::v1().policy(policy());
    protocol.schedule.classes[GasClass::IntSimple as usize] += 3;
    let at = Height::new(runtime.height().expect("a chain").number() + 2);
    let command = Command::new(at, Change::Protocol(Box::new(protocol.clone())));
    _ = succeed(&mut runtime, &alice.send(Body::Admin(AdminOperation::Govern(command))));
    assert_eq!(commit(&mut runtime, &[]).header.protocol, protocol.id());

    let before = count();
    _ = run(&mut runtime, &alice.send(transfer(token, 1, 1)));
    assert!(count() > before + 10);
}
