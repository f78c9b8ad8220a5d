//! Facts about the call and the block, the input, return data, events, logs, `revert`.

use crate::calibrate::callees::Callee;
use crate::calibrate::case::{ADDRESS, AMOUNT, DATA, KEY, OUT, Plan, call};
use dytallix::abi::HostFn;
use std::fmt::Display;

/// Uses of what takes some nanoseconds.
const MANY: u64 = 20_000;
/// Uses of what moves 64 KiB.
const SOME: u64 = 400;
const KIB_64: u32 = 64 << 10;

pub(super) fn plans(callees: &[Callee]) -> Vec<Plan> {
    use HostFn::{
        BlockHeight, BlockTimeMs, CallValue, CallerAddress, ChainId, GasLeft, InputSize,
        ReturnSize, SelfAddress, SignerAddress, TxHash,
    };
    let fact = |function| Plan::new(function, "", MANY, &[]);
    let written = |function| Plan::new(function, "", MANY, &[&OUT]);
    let mut plans: Vec<Plan> =
        [InputSize, ReturnSize, BlockHeight, BlockTimeMs, ChainId, GasLeft].map(fact).into();
    plans.extend([CallerAddress, SelfAddress, SignerAddress, CallValue, TxHash].map(written));
    plans.extend(copies(callees));
    plans.extend(events());
    plans.extend(reverts(callees));
    plans
}

fn copies(callees: &[Callee]) -> Vec<Plan> {
    // The last call, whose data is copied.
    let called = call(HostFn::StaticCall, &[&ADDRESS, &KEY, &4, &0, &0, &-1, &0]);
    let returned = |what, uses, length: u32| {
        let plan = Plan::new(HostFn::ReturnCopy, what, uses, &[&DATA, &0, &length]);
        let target = callees.first().map_or([0; 32], |callee| *callee.address().as_bytes());
        plan.setup(&called).data(ADDRESS, target).data(KEY, *b"back").pages(3)
    };
    let input = |what, uses, length: u32, bytes| {
        Plan::new(HostFn::InputCopy, what, uses, &[&DATA, &0, &length]).input(bytes).pages(3)
    };
    let set = |what, uses, length: u32| {
        Plan::new(HostFn::SetReturn, what, uses, &[&DATA, &length]).pages(3)
    };
    let log = |what, length: u32| Plan::new(HostFn::DebugLog, what, MANY, &[&DATA, &length]);
    vec![
        input("32 B", MANY, 32, 32),
        input("64 KiB", SOME, KIB_64, KIB_64 as usize),
        set("32 B", MANY, 32),
        set("64 KiB", SOME, KIB_64),
        returned("32 B", MANY, 32),
        returned("64 KiB", SOME, KIB_64),
        log("32 B", 32),
        log("1 KiB, nobody listens", 1_024),
    ]
}

fn events() -> Vec<Plan> {
    let emit = |what, uses, topics: &[&[u8]], data: u32| {
        let count = u32::try_from(topics.len()).unwrap_or(u32::MAX);
        let mut encoded = count.to_le_bytes().to_vec();
        for topic in topics {
            encoded.extend(u32::try_from(topic.len()).unwrap_or(u32::MAX).to_le_bytes());
            encoded.extend_from_slice(topic);
        }
        let length = encoded.len();
        let operands: [&dyn Display; 4] = [&KEY, &length, &DATA, &data];
        Plan::new(HostFn::EmitEvent, what, uses, &operands).data(KEY, encoded)
    };
    vec![
        emit("no topics, no data", 1_000, &[], 0),
        emit("a token's: 8 + 32 + 32 B, 16 B", 1_000, &[b"Transfer", &[1; 32], &[2; 32]], 16),
        emit("4 topics of 64 B, 16 KiB", 200, &[&[1; 64][..]; 4], 16 << 10),
    ]
}

fn reverts(callees: &[Callee]) -> Vec<Plan> {
    let target = callees.first().map_or([0; 32], |callee| *callee.address().as_bytes());
    let run = |method: u32, length: u32| {
        call(HostFn::ExternalCall, &[&ADDRESS, &method, &length, &0, &0, &AMOUNT, &-1, &0])
    };
    let (reverting, returning) = (run(KEY, 4), run(KEY + 16, 3));
    let plan = Plan::new(HostFn::Revert, "32 B, beside returning", 500, &[&0, &0]);
    let plan = plan.data(ADDRESS, target).data(KEY, *b"fail").data(KEY + 16, *b"run");
    vec![plan.turn(reverting).instead(returning)]
}
