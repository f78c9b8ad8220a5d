//! Contracts that call contracts: frames, roll-back, gas, re-entry, depth; and deployment.

#[path = "support/prices.rs"]
mod prices;

use dytallix::Limits;
use dytallix::chain::{Call, Deploy, Error, Receipt, Rejection, Runtime};
use dytallix::host::{CodeError, InterfaceErrorKind};
use dytallix::limits::CallLimits;
use dytallix::primitives::Address;
use dytallix::state::{
    Batch, Bytes, KeyRange, MemoryStore, Order, Store, StoreError, Table, View, Visit,
};
use dytallix::vm::{Config, Dispatch};
use dytallix_abi::{HostTrap, Status};

const GAS: u64 = 100_000_000;
const ALL: u64 = u64::MAX;
const NONE: u32 = 0;
const REENTRY: u32 = 1;

/// How a method of the test contract ends.
#[derive(Clone, Copy, Debug)]
enum How {
    Return = 0,
    Revert = 1,
    Trap = 2,
    Loop = 3,
    ReturnUnmarked = 4,
}

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

/// Two instances of the test contract.
struct World {
    runtime: Runtime<MemoryStore>,
    a: Address,
    b: Address,
}

impl World {
    fn new() -> Self {
        World::with(Runtime::new(MemoryStore::new()).expect("an engine"))
    }

    /// With small prices, so that every limit can be tried.
    fn cheap() -> Self {
        World::with(prices::cheap().build(MemoryStore::new()).expect("an engine"))
    }

    fn with(mut runtime: Runtime<MemoryStore>) -> Self {
        let code = wat::parse_str(include_str!("contracts/calls.wat")).expect("well formed");
        let mut deploy = |salt: u8| {
            let deploy = Deploy::new(address(1), code.clone(), GAS).salt([salt; 32]);
            let receipt = runtime.deploy(&deploy).expect("admitted");
            receipt.contract.expect("deployed")
        };
        let (a, b) = (deploy(1), deploy(2));
        World { runtime, a, b }
    }

    fn call(&mut self, contract: Address, method: &str, arguments: Vec<u8>) -> Receipt {
        self.call_with(contract, method, arguments, GAS)
    }

    fn call_with(&mut self, to: Address, method: &str, arguments: Vec<u8>, gas: u64) -> Receipt {
        let call = Call::new(address(1), to, method, gas).arguments(arguments);
        self.runtime.call(&call).expect("admitted")
    }

    /// How often `contract` was left marked.
    fn marks(&self, contract: Address) -> u32 {
        let value = self.runtime.state().storage(&contract, b"mark").expect("memory");
        value.map_or(0, |value| u32::from_le_bytes(value[..].try_into().expect("4 bytes")))
    }
}

fn act(how: How) -> Vec<u8> {
    vec![how as u8]
}

/// The arguments of `forward`.
fn forward(how: How, flags: u32, gas: u64, to: Address, method: &str, arguments: &[u8]) -> Vec<u8> {
    let length = [u8::try_from(method.len()).expect("short")];
    let parts: [&[u8]; 7] = [
        &[how as u8],
        &flags.to_le_bytes(),
        &gas.to_le_bytes(),
        &length,
        to.as_bytes(),
        method.as_bytes(),
        arguments,
    ];
    parts.concat()
}

/// The status of the inner call and its data, which `forward` gives back.
fn inner(receipt: &Receipt) -> (Status, &[u8]) {
    let (status, data) = receipt.output.split_first_chunk().expect("a status");
    (Status::from_code(u32::from_le_bytes(*status)).expect("a known status"), data)
}

#[test]
fn a_nested_call_commits_with_its_caller() {
    let mut world = World::new();
    let (a, b) = (world.a, world.b);
    let receipt =
        world.call(a, "forward", forward(How::Return, NONE, ALL, b, "act", &act(How::Return)));
    assert!(receipt.is_success(), "{receipt:?}");
    assert_eq!(inner(&receipt), (Status::Success, &b"done"[..]));
    assert_eq!((world.marks(a), world.marks(b)), (1, 1));
    let from: Vec<Address> = receipt.events.iter().map(|event| event.contract).collect();
    assert_eq!(from, [a, b]);
}

#[test]
fn the_caller_of_a_nested_call_is_the_contract() {
    let mut world = World::new();
    let (a, b) = (world.a, world.b);
    let receipt = world.call(a, "forward", forward(How::Return, NONE, ALL, b, "who", &[]));
    assert_eq!(inner(&receipt), (Status::Success, &a.as_bytes()[..]));
    assert_eq!(world.call(b, "who", vec![]).output, address(1).as_bytes());
}

#[test]
fn a_failing_nested_call_is_undone_alone_and_its_caller_goes_on() {
    for (how, gas, status, data) in [
        (How::Revert, ALL, Status::Reverted, &b"done"[..]),
        (How::Trap, ALL, Status::Trapped, b""),
        (How::Loop, 100_000, Status::OutOfGas, b""),
        (How::Loop, ALL, Status::OutOfGas, b""),
        (How::Return, 0, Status::OutOfGas, b""),
    ] {
        let mut world = World::new();
        let (a, b) = (world.a, world.b);
        let arguments = forward(How::Return, NONE, gas, b, "act", &act(how));
        let receipt = world.call_with(a, "forward", arguments, 10_000_000);
        assert!(receipt.is_success(), "{how:?}: {receipt:?}");
        assert_eq!(inner(&receipt), (status, data), "{how:?}");
        assert_eq!((world.marks(a), world.marks(b)), (1, 0), "{how:?}");
        assert_eq!(receipt.events.len(), 1, "{how:?}");
    }
}

#[test]
fn a_failing_caller_undoes_the_nested_call_that_succeeded() {
    for (how, status) in [
        (How::Revert, Status::Reverted),
        (How::Trap, Status::Trapped),
        (How::Loop, Status::OutOfGas),
    ] {
        let mut world = World::new();
        let before = world.runtime.store().clone();
        let (a, b) = (world.a, world.b);
        let arguments = forward(how, NONE, ALL, b, "act", &act(How::Return));
        let receipt = world.call_with(a, "forward", arguments, 1_000_000);
        assert_eq!(receipt.status, status);
        assert!(receipt.events.is_empty());
        assert_eq!(*world.runtime.store(), before, "{how:?}");
        assert_eq!(receipt.gas_used == 1_000_000, status == Status::OutOfGas);
    }
}

#[test]
fn a_trap_says_where_and_leaves_no_trace() {
    let mut world = World::new();
    let before = world.runtime.store().clone();
    let a = world.a;
    let receipt = world.call(a, "act", act(How::Trap));
    assert_eq!(receipt.status, Status::Trapped);
    let trap = receipt.trap.expect("a trap");
    assert_eq!((trap.contract, trap.code), (a, 1));
    assert!(trap.function.is_some() && trap.offset.is_some(), "{trap:?}");
    assert!(receipt.gas_used < GAS, "a trap costs what was done");
    assert_eq!(*world.runtime.store(), before);
}

#[test]
fn out_of_gas_at_every_limit_of_a_nested_call_leaves_no_trace() {
    let mut world = World::cheap();
    let before = world.runtime.store().clone();
    let (a, b) = (world.a, world.b);
    let arguments = forward(How::Return, NONE, ALL, b, "act", &act(How::Return));
    let needed = World::cheap().call(a, "forward", arguments.clone()).gas_used;
    for gas in 0..needed {
        let receipt = world.call_with(a, "forward", arguments.clone(), gas);
        if receipt.status == Status::Success {
            // Its caller may succeed where only the nested call ran out.
            assert_eq!(inner(&receipt).0, Status::OutOfGas, "{gas}");
            assert_eq!((world.marks(a), world.marks(b)), (1, 0), "{gas}");
            world = World::cheap();
        } else {
            assert_eq!(receipt.status, Status::OutOfGas, "{gas}");
            assert_eq!(receipt.gas_used, gas);
        }
        assert_eq!(*world.runtime.store(), before, "{gas}");
    }
}

#[test]
fn a_callee_that_burns_everything_leaves_its_caller_one_part_in_64() {
    let mut world = World::new();
    let (a, b) = (world.a, world.b);
    let arguments = forward(How::Return, NONE, ALL, b, "act", &act(How::Loop));
    let limit = 6_400_000;
    let receipt = world.call_with(a, "forward", arguments, limit);
    assert_eq!(inner(&receipt).0, Status::OutOfGas);
    let left = limit - receipt.gas_used;
    assert!((90_000..100_000).contains(&left), "{left} of {limit} left");
}

#[test]
fn a_callee_gets_no_more_than_it_is_given() {
    let used = |gas: u64| {
        let mut world = World::new();
        let (a, b) = (world.a, world.b);
        let arguments = forward(How::Return, NONE, gas, b, "act", &act(How::Loop));
        world.call(a, "forward", arguments).gas_used
    };
    assert_eq!(used(500_000) - used(200_000), 300_000);
}

#[test]
fn reentry_is_refused_by_default_and_opened_by_a_flag() {
    let mut world = World::new();
    let (a, b) = (world.a, world.b);
    // a calls itself, then a calls b calls a.
    for (flags, expected) in [(NONE, Status::ReentryRefused), (REENTRY, Status::Success)] {
        let direct = forward(How::Return, flags, ALL, a, "act", &act(How::Return));
        assert_eq!(inner(&world.call(a, "forward", direct)).0, expected);
        let back = forward(How::Return, NONE, ALL, a, "act", &act(How::Return));
        let receipt =
            world.call(a, "forward", forward(How::Return, flags, ALL, b, "forward", &back));
        let (status, data) = inner(&receipt);
        assert_eq!(status, Status::Success);
        assert_eq!(data[..4], expected.code().to_le_bytes());
    }
    // b may not open a, which has not opened itself.
    let back = forward(How::Return, REENTRY, ALL, a, "act", &act(How::Return));
    let receipt = world.call(a, "forward", forward(How::Return, NONE, ALL, b, "forward", &back));
    assert_eq!(inner(&receipt).1[..4], Status::ReentryRefused.code().to_le_bytes());
}

#[test]
fn what_is_not_there_cannot_be_called() {
    let mut world = World::new();
    let (a, b) = (world.a, world.b);
    for (to, method) in
        [(address(9), "act"), (b, "none"), (b, ""), (b, "memory"), (b, "init"), (b, "_initialize")]
    {
        let receipt = world.call(a, "forward", forward(How::Return, NONE, ALL, to, method, &[]));
        assert_eq!(inner(&receipt), (Status::NotFound, &b""[..]), "{method}");
        let receipt = world.call(to, method, vec![]);
        assert_eq!(receipt.status, Status::NotFound, "{method}");
    }
}

#[test]
fn a_read_only_frame_passes_read_only_down() {
    let mut world = World::new();
    let (a, b) = (world.a, world.b);
    for (how, status) in [(How::Return, Status::Trapped), (How::ReturnUnmarked, Status::Success)] {
        let arguments = forward(How::ReturnUnmarked, NONE, ALL, b, "act", &act(how));
        let call = Call::new(address(1), a, "forward", GAS).arguments(arguments);
        let receipt = world.runtime.view(&call).expect("admitted");
        assert_eq!(inner(&receipt).0, status);
    }
}

/// `depth` frames of the same contract, one in the other.
fn tower(a: Address, depth: usize) -> Vec<u8> {
    let innermost = act(How::Return);
    let wrap = |inner: Vec<u8>, method: &str| forward(How::Return, REENTRY, ALL, a, method, &inner);
    let first = wrap(innermost, "act");
    (2..depth).fold(first, |inner, _| wrap(inner, "forward"))
}

#[test]
fn frames_nest_to_the_limit_and_beyond_it_the_caller_traps() {
    for (depth, marks) in [(63, 63), (64, 64), (65, 63)] {
        let mut world = World::new();
        let a = world.a;
        let receipt = world.call(a, "forward", tower(a, depth));
        assert!(receipt.is_success(), "{depth}: {receipt:?}");
        // Beyond the limit, the innermost frame that exists traps; its caller learns of that.
        assert_eq!(world.marks(a), marks, "{depth}");
        assert_eq!(receipt.events.len(), marks as usize, "{depth}");
    }
}

/// Frames are data on the heap: the deepest tree runs on a native stack of 256 KiB.
#[test]
fn the_deepest_tree_needs_no_native_stack() {
    let run = || {
        let mut world = World::new();
        let a = world.a;
        assert!(world.call(a, "forward", tower(a, 64)).is_success());
        assert_eq!(world.marks(a), 64);
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run).expect("a thread");
    thread.join().expect("64 frames fit");
}

fn deploy(runtime: &mut Runtime<MemoryStore>, wat: &str) -> Result<Receipt, Error> {
    let code = wat::parse_str(wat).expect("well formed");
    runtime.deploy(&Deploy::new(address(1), code, GAS))
}

#[test]
fn what_is_no_contract_is_rejected_with_its_place() {
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let start = r#"(module (memory (export "memory") 1) (func $f) (start $f))"#;
    match deploy(&mut runtime, start) {
        Err(Error::Rejected(Rejection::Code(CodeError::Interface(error)))) => {
            assert_eq!(*error.kind(), InterfaceErrorKind::Start);
            assert!(error.offset() > 8);
        }
        other => panic!("{other:?}"),
    }
    let bytes = &b"\0asm\x01\0\0\0\x63"[..];
    match runtime.deploy(&Deploy::new(address(1), bytes, GAS)) {
        Err(Error::Rejected(Rejection::Code(CodeError::Module(error)))) => {
            assert_eq!(error.offset(), 8);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(*runtime.store(), MemoryStore::new());
}

#[test]
fn a_failing_init_leaves_no_trace_of_the_code_either() {
    for (body, status) in [("unreachable", Status::Trapped), ("(loop (br 0))", Status::OutOfGas)] {
        let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
        let wat = format!(r#"(module (memory (export "memory") 1) (func (export "init") {body}))"#);
        let receipt = deploy(&mut runtime, &wat).expect("admitted");
        assert_eq!((receipt.status, receipt.contract), (status, None));
        assert_eq!(*runtime.store(), MemoryStore::new());
    }
}

#[test]
fn the_same_deployment_twice_is_rejected_and_another_salt_is_not() {
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let code = wat::parse_str(r#"(module (memory (export "memory") 1))"#).expect("well formed");
    let deploy = Deploy::new(address(1), code, GAS);
    let first = runtime.deploy(&deploy).expect("admitted").contract.expect("deployed");
    let again = runtime.deploy(&deploy);
    assert_eq!(again, Err(Error::Rejected(Rejection::AddressTaken(first))));
    let other = runtime.deploy(&deploy.clone().salt([1; 32])).expect("admitted");
    assert_ne!(other.contract, Some(first));
    let useless = deploy.salt([2; 32]).arguments(*b"x");
    assert_eq!(runtime.deploy(&useless), Err(Error::Rejected(Rejection::NoInit)));
}

#[test]
fn deployment_runs_out_of_gas_at_every_limit_without_a_trace() {
    let wat = r#"(module
        (import "env" "storage_set" (func $set (param i32 i32 i32 i32)))
        (memory (export "memory") 1)
        (func (export "init")
            (call $set (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1))))"#;
    let code = wat::parse_str(wat).expect("well formed");
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let mut deploy = Deploy::new(address(1), code, GAS);
    let needed = Runtime::new(MemoryStore::new())
        .expect("an engine")
        .deploy(&deploy)
        .expect("admitted")
        .gas_used;
    for gas in (0..needed).rev().take(6_000).chain([0, 1]) {
        deploy.gas_limit = gas;
        let receipt = runtime.deploy(&deploy).expect("admitted");
        assert_eq!((receipt.status, receipt.gas_used), (Status::OutOfGas, gas));
        assert_eq!(*runtime.store(), MemoryStore::new());
    }
    deploy.gas_limit = needed;
    let receipt = runtime.deploy(&deploy).expect("admitted");
    assert!(receipt.is_success() && receipt.gas_used == needed);
}

#[test]
fn initialize_runs_first_in_every_instance_and_may_not_write() {
    let wat = |body: &str| {
        format!(
            r#"(module
                (import "env" "storage_set" (func $set (param i32 i32 i32 i32)))
                (import "env" "set_return" (func $return (param i32 i32)))
                (memory (export "memory") 1)
                (func (export "_initialize") {body})
                (func (export "run")
                    (i32.store8 (i32.const 1)
                        (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))
                    (call $return (i32.const 0) (i32.const 2))))"#
        )
    };
    let mut runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    let good = wat("(i32.store8 (i32.const 0) (i32.const 7))");
    let contract = deploy(&mut runtime, &good).expect("admitted").contract.expect("deployed");
    for _ in 0..2 {
        let receipt = runtime.call(&Call::new(address(1), contract, "run", GAS)).expect("admitted");
        assert_eq!(receipt.output, [7, 8]);
    }
    let writes = wat("(call $set (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1))");
    let receipt = deploy(&mut runtime, &writes).expect("admitted");
    assert_eq!((receipt.status, receipt.contract), (Status::Trapped, None));
    assert_eq!(receipt.trap.expect("a trap").code, HostTrap::ReadOnly.code());
}

#[test]
fn a_tree_of_calls_has_a_budget_of_memory_and_beyond_it_the_caller_traps() {
    // Each instance of the test contract begins with two pages.
    for (pages, expected) in [(3, Status::Trapped), (4, Status::Success)] {
        let mut limits = CallLimits::default();
        limits.tree_pages = pages;
        let builder = Runtime::builder().call_limits(limits);
        let mut world = World::with(builder.build(MemoryStore::new()).expect("an engine"));
        let (a, b) = (world.a, world.b);
        let arguments = forward(How::Return, NONE, ALL, b, "act", &act(How::Return));
        let receipt = world.call(a, "forward", arguments);
        assert_eq!(receipt.status, expected, "{pages}");
        let trap = receipt.trap.map(|trap| (trap.contract, trap.code));
        let refused = (expected == Status::Trapped).then(|| (a, HostTrap::TreeMemory.code()));
        assert_eq!(trap, refused);
    }
}

/// Rules can become stricter than they were at deployment: that is a status, never a fault.
#[test]
fn code_that_is_no_longer_admissible_cannot_be_called() {
    let world = World::new();
    let mut limits = Limits::contract();
    limits.module_bytes = 10;
    let builder = Runtime::builder().engine(Config::default().with_limits(limits));
    let mut stricter = builder.build(world.runtime.store().clone()).expect("an engine");
    let call = Call::new(address(1), world.a, "act", GAS).arguments(act(How::Return));
    let receipt = stricter.call(&call).expect("admitted");
    assert_eq!(receipt.status, Status::CodeInadmissible);
    assert_eq!(stricter.store(), world.runtime.store());
}

#[test]
fn receipts_are_the_same_for_each_way_of_dispatch() {
    let run = |dispatch: Dispatch| {
        let config = Config::default().with_limits(Limits::contract()).with_dispatch(dispatch);
        let builder = Runtime::builder().engine(config);
        let mut world = World::with(builder.build(MemoryStore::new()).expect("an engine"));
        let (a, b) = (world.a, world.b);
        let mut receipts = Vec::new();
        for outer in [How::Return, How::Revert, How::Trap, How::Loop] {
            for inner in [How::Return, How::Revert, How::Trap, How::Loop] {
                let arguments = forward(outer, NONE, 50_000, b, "act", &act(inner));
                receipts.push(world.call_with(a, "forward", arguments, 200_000));
            }
        }
        (receipts, world.runtime.store().clone())
    };
    assert_eq!(run(Dispatch::Tail), run(Dispatch::Trampoline));
}

/// A store that reads well, and fails when it is to commit.
#[derive(Clone, Debug, PartialEq)]
struct ReadOnlyDisk(MemoryStore);

impl Store for ReadOnlyDisk {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        self.0.get(table, key)
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        self.0.scan(table, range, order, visit)
    }

    fn write(&mut self, _: &Batch) -> Result<(), StoreError> {
        Err(StoreError::new("the disk is full"))
    }
}

#[test]
fn a_failing_commit_is_a_fault_and_not_a_receipt() {
    let world = World::new();
    let store = ReadOnlyDisk(world.runtime.store().clone());
    let mut runtime = Runtime::new(store.clone()).expect("an engine");
    let call = Call::new(address(1), world.a, "act", GAS).arguments(act(How::Return));
    match runtime.call(&call) {
        Err(Error::Fault(fault)) => assert!(fault.to_string().contains("the disk is full")),
        other => panic!("{other:?}"),
    }
    assert!(runtime.view(&Call::new(address(1), world.a, "who", GAS)).expect("read").is_success());
    assert_eq!(*runtime.store(), store);
}
