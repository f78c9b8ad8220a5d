//! Gas under load: the gas of mixed transactions of a chain, frame by frame, is the stepper's.

#[path = "../../../tests/support/chain.rs"]
#[allow(dead_code, reason = "tests of the library use the rest")]
mod support;
mod workload;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use dytallix::chain::{BlockInfo, Body, CodeSource, Protocol, Receipt, Transaction};
use dytallix::gas::{GasClass, GasSchedule};
use dytallix::state::Overlay;
use dytallix::vm::TrapCode;
use dytallix::{Amount, Call, CallStatus, Deploy, MemoryStore, Runtime};
use dytallix_spec_tests::load::{FrameRecording, Mismatch, Recorder, Replayer};

use crate::support::{CHAIN, PROPOSER, RICH, commit, genesis, runtime};
use crate::workload::{Planned, Workload};

const ACCOUNTS: usize = 12;
const BLOCK: usize = 100;
/// Transactions in all, and how many of them are signed and in blocks.
const TRANSACTIONS: usize = 10_000;
const SIGNED: usize = 1_000;

/// Two runtimes of one chain: one is observed, the other is not.
struct Chains {
    workload: Workload,
    observed: Runtime<MemoryStore>,
    alone: Runtime<MemoryStore>,
    recorder: Recorder,
}

/// A transaction, what came of it, and its frames.
struct Executed {
    planned: Planned,
    receipt: Receipt,
    frames: Vec<FrameRecording>,
}

/// How often something was seen.
#[derive(Default)]
struct Counts {
    kinds: BTreeMap<&'static str, BTreeMap<String, usize>>,
    ways: BTreeMap<String, usize>,
    deepest: usize,
    transactions: usize,
    frames: usize,
    calls: usize,
}

impl Chains {
    /// With a genesis.
    fn new() -> Chains {
        let workload = Workload::new(ACCOUNTS, true);
        let rich = || genesis(&workload.accounts.iter().collect::<Vec<_>>());
        let runtimes = [runtime(rich()), runtime(rich())];
        Chains::over(workload, runtimes)
    }

    /// Without transactions: calls and deployments that nobody has signed, each a block of its own
    /// where it succeeds. Signing takes longer than all the rest.
    fn of_requests() -> Chains {
        let workload = Workload::new(ACCOUNTS, false);
        let runtimes = [0, 1].map(|_| {
            let builder = Runtime::builder().chain_id(CHAIN);
            let mut runtime = builder.build(MemoryStore::new()).expect("an engine");
            for account in &workload.accounts {
                let rich = Amount::new(RICH);
                let credit = |state: &mut Overlay<'_>| state.credit(&account.address, rich);
                runtime.edit(credit).expect("memory");
            }
            runtime
        });
        Chains::over(workload, runtimes)
    }

    fn over(workload: Workload, runtimes: [Runtime<MemoryStore>; 2]) -> Chains {
        let [mut observed, alone] = runtimes;
        let recorder = Recorder::new();
        let listener = recorder.clone();
        observed.observe_frames(move |event| listener.hear(event));
        Chains { workload, observed, alone, recorder }
    }

    /// The next block: on both runtimes, with the same receipts and the same hash.
    fn block(&mut self, transactions: usize) -> Vec<Executed> {
        let height = self.observed.height().expect("a chain").number() + 1;
        let info = BlockInfo::new(height * 1_000, PROPOSER);
        let (mut executed, mut signed) = (Vec::new(), Vec::new());
        let mut block = self.observed.block(info).expect("a block");
        for _ in 0..transactions {
            let planned = self.workload.next();
            let account = &self.workload.accounts[planned.signer];
            let transaction = account.authenticate(planned.transaction.clone());
            let receipt = block.execute(&transaction).expect("no fault");
            signed.push(transaction);
            self.workload.hear(&planned, &receipt);
            executed.push(Executed { planned, receipt, frames: self.recorder.take() });
        }
        let finished = block.finish().expect("no fault");
        let observed = self.observed.commit_block(finished).expect("memory");
        let alone = commit(&mut self.alone, &signed);
        assert_eq!(alone, observed, "an observer changes nothing");
        executed
    }

    /// The next calls and deployments: on both runtimes, with the same receipts and the same state.
    fn requests(&mut self, requests: usize) -> Vec<Executed> {
        let mut executed = Vec::new();
        for _ in 0..requests {
            let planned = self.workload.next();
            let receipt = request(&mut self.observed, &planned.transaction);
            let alone = request(&mut self.alone, &planned.transaction);
            assert_eq!(alone, receipt, "{}: an observer changes nothing", planned.kind);
            self.workload.hear(&planned, &receipt);
            executed.push(Executed { planned, receipt, frames: self.recorder.take() });
        }
        let roots = [&self.observed, &self.alone].map(|runtime| runtime.state().head());
        assert_eq!(roots[0], roots[1]);
        executed
    }
}

/// Does what a transaction says without one.
fn request(runtime: &mut Runtime<MemoryStore>, transaction: &Transaction) -> Receipt {
    let Transaction { signer, fee, body, .. } = transaction;
    let receipt = match body {
        Body::Call { to, method, arguments, value } => {
            let call = Call::new(*signer, *to, method, fee.gas_limit);
            runtime.call(&call.arguments(arguments.clone()).value(*value))
        }
        Body::Deploy(deployment) => {
            let CodeSource::Module(code) = &deployment.code else { unreachable!("by module") };
            let deploy = Deploy::new(*signer, code.clone(), fee.gas_limit).salt(deployment.salt);
            runtime.deploy(&deploy.arguments(deployment.arguments.clone()))
        }
        other => unreachable!("only in transactions: {other:?}"),
    };
    receipt.expect("admitted")
}

impl Counts {
    fn count(&mut self, executed: &Executed) {
        let Executed { planned, receipt, frames } = executed;
        let statuses = self.kinds.entry(planned.kind).or_default();
        *statuses.entry(format!("{:?}", receipt.status)).or_default() += 1;
        for frame in frames {
            *self.ways.entry(way(frame)).or_default() += 1;
            self.deepest = self.deepest.max(frame.depth);
        }
        self.frames += frames.len();
        // What was rejected has not happened.
        self.transactions += usize::from(!receipt.status.is_rejected());
    }
}

/// How a frame ended, and by whose doing.
fn way(frame: &FrameRecording) -> String {
    if frame.gas < frame.instance_price {
        return "out of gas: instance".into();
    }
    let by_host = frame.calls.last().is_some_and(|call| call.answer.is_none());
    let doing = if by_host { "host" } else { "operator" };
    let code = frame.end.trap.as_ref().map(|trap| trap.code);
    match frame.end.status {
        CallStatus::Success => "returned".into(),
        CallStatus::OutOfGas => format!("out of gas: {doing}"),
        CallStatus::Trapped => format!("trap {}: {doing}", code.expect("a code")),
        status => format!("{status:?}: {doing}"),
    }
}

/// The gas of a receipt is that of its outermost frame, whose end the stepper confirms. Batches
/// have several such frames, and each leaves its gas to the next.
fn check_receipt(executed: &Executed) {
    let Executed { planned, receipt, frames } = executed;
    let transaction = &planned.transaction;
    let outermost: Vec<_> = frames.iter().filter(|frame| frame.depth == 0).collect();
    if let (Body::Call { .. } | Body::Deploy(_), [frame]) = (&transaction.body, &outermost[..]) {
        let left = transaction.fee.gas_limit - receipt.gas_used;
        assert_eq!(frame.end.gas, left, "{}: {receipt:?}", planned.kind);
        assert_eq!(receipt.status, frame.end.status, "{}", planned.kind);
    }
}

fn replayer(schedule: GasSchedule) -> Replayer {
    let protocol = Protocol::v1();
    Replayer::new(protocol.features, protocol.limits, schedule)
}

/// Replays all frames, on two threads. Returns how many calls of the host were made.
fn replay(replayers: &mut [Replayer; 2], executed: &[Executed]) -> Result<usize, Mismatch> {
    let halves = executed.split_at(executed.len() / 2);
    let all = |replayer: &mut Replayer, half: &[Executed]| {
        let mut calls = 0;
        for executed in half {
            for frame in &executed.frames {
                let named = |mismatch| {
                    println!("{}: {mismatch} in {:?}", executed.planned.kind, way(frame));
                    mismatch
                };
                calls += replayer.replay(frame).map_err(named)?;
            }
        }
        Ok(calls)
    };
    let [first, second] = replayers;
    std::thread::scope(|scope| {
        let second = scope.spawn(|| all(second, halves.1));
        Ok(all(first, halves.0)? + second.join().expect("no panic")?)
    })
}

/// The ways to end that the workload has to come to.
fn ways() -> Vec<String> {
    let fixed = [
        "returned",
        "Reverted: host",
        "out of gas: instance",
        "out of gas: host",
        "out of gas: operator",
        // A pointer beyond memory, and a range beyond the input.
        "trap 100: host",
        "trap 104: host",
    ];
    let traps = TrapCode::ALL.iter().filter(|code| {
        // These two are no traps of operators.
        !matches!(code, TrapCode::OutOfGas | TrapCode::Host)
    });
    let traps = traps.map(|code| format!("trap {}: operator", code.number()));
    fixed.iter().map(ToString::to_string).chain(traps).collect()
}

#[test]
fn ten_thousand_mixed_transactions_use_the_gas_of_the_stepper() {
    let began = Instant::now();
    let mut counts = Counts::default();
    let (mut chain, mut requests) = (Chains::new(), Chains::of_requests());
    let mut replayers = [0, 1].map(|_| replayer(GasSchedule::v1()));
    let (mut executing, mut replaying) = (Duration::ZERO, Duration::ZERO);
    while counts.transactions < TRANSACTIONS {
        let start = Instant::now();
        let executed = match counts.transactions < SIGNED {
            true => chain.block(BLOCK),
            false => requests.requests(BLOCK),
        };
        executing += start.elapsed();
        for one in &executed {
            check_receipt(one);
            counts.count(one);
        }
        let start = Instant::now();
        let calls = replay(&mut replayers, &executed);
        counts.calls += calls.unwrap_or_else(|mismatch| panic!("{mismatch}"));
        replaying += start.elapsed();
    }
    for (kind, statuses) in &counts.kinds {
        println!("{kind:20} {statuses:?}");
    }
    println!("{:#?}", counts.ways);
    let Counts { frames, calls, deepest, .. } = counts;
    println!(
        "{} transactions, {frames} frames, {calls} host calls, {} deep; executed twice in \
         {executing:?}, replayed in {replaying:?}, all in {:?}",
        counts.transactions,
        deepest + 1,
        began.elapsed()
    );
    let missing: Vec<_> = ways().into_iter().filter(|way| !counts.ways.contains_key(way)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(counts.kinds.len() > 20 && frames > 9_000 && calls > 100_000 && deepest > 0);
}

#[test]
fn a_price_that_differs_is_noticed() {
    let mut chains = Chains::of_requests();
    let executed = chains.requests(1_000);
    let mut faults = Vec::new();
    for &class in GasClass::ALL {
        let mut schedule = GasSchedule::v1();
        schedule.classes[class as usize] += 1;
        faults.push((class.name(), schedule));
    }
    let others: [(_, fn(&mut GasSchedule)); 5] = [
        ("local", |schedule| schedule.local += 1),
        ("page", |schedule| schedule.grow_page += 1),
        ("dear page", |schedule| schedule.grow_page_dear += 1),
        ("bulk", |schedule| schedule.bulk_per_64_bytes += 1),
        ("table", |schedule| schedule.table_per_8_elements += 1),
    ];
    for (name, change) in others {
        let mut schedule = GasSchedule::v1();
        change(&mut schedule);
        faults.push((name, schedule));
    }
    let mut unnoticed = Vec::new();
    for (name, schedule) in faults {
        let mut replayer = replayer(schedule);
        let mut frames = executed.iter().flat_map(|executed| &executed.frames);
        if frames.all(|frame| replayer.replay(frame).is_ok()) {
            unnoticed.push(name);
        }
    }
    assert!(unnoticed.is_empty(), "{unnoticed:?}");
}
