//! The prices of memory, calls and code, and the budget of memory: one for the whole tree.

use dytallix::abi::GasClass;
use dytallix::gas::{GasSchedule, HostPrices};
use dytallix::limits::CallLimits;
use dytallix::wasm::{Features, Module};
use dytallix::{Address, CallStatus, Limits, MemoryStore, Runtime};

use crate::script::{Script, contract, results};
use crate::{World, code};

/// A runtime whose trees of calls have `pages` pages.
fn world(pages: u32) -> World {
    let mut limits = CallLimits::default();
    limits.tree_pages = pages;
    let builder = Runtime::builder().call_limits(limits);
    World::with(builder.build(MemoryStore::new()).expect("an engine"))
}

/// Grows by `delta` and keeps what came of it.
fn grows(pages: u32, delta: u32) -> Vec<u8> {
    let grow = format!("(memory.grow (i32.const {delta}))");
    contract(pages, &[("grow", Script::new().keep_code(&grow).results())])
}

fn gas_of(world: &mut World, contract: Address, method: &str) -> u64 {
    let receipt = world.call(contract, method, contract);
    assert!(receipt.is_success(), "{receipt:?}");
    receipt.gas_used
}

#[test]
fn memory_costs_by_page_and_more_beyond_half_of_the_budget() {
    let schedule = GasSchedule::v1();
    let (page, dear) = (u64::from(schedule.grow_page), u64::from(schedule.grow_page_dear));
    let gas = |delta: u32| {
        let mut world = world(20);
        let contract = world.deploy(&grows(1, delta));
        gas_of(&mut world, contract, "grow")
    };
    let nothing = gas(0);
    // One page is there already; half of the budget is ten.
    for (delta, price) in
        [(1, page), (9, 9 * page), (10, 9 * page + dear), (19, 9 * page + 10 * dear)]
    {
        assert_eq!(gas(delta) - nothing, price, "{delta} pages");
    }
    assert_eq!(gas(20), nothing, "refused, and not paid");
}

#[test]
fn growth_beyond_the_budget_is_refused_with_minus_one() {
    for (delta, expected) in [(18, 1), (19, 1), (20, -1)] {
        let mut world = world(20);
        let contract = world.deploy(&grows(1, delta));
        assert_eq!(world.results(contract, "grow", contract), [expected], "{delta}");
    }
}

#[test]
fn the_frames_below_count_for_price_and_budget() {
    let schedule = GasSchedule::v1();
    let (page, dear) = (u64::from(schedule.grow_page), u64::from(schedule.grow_page_dear));
    // The caller holds 8 pages; the callee has 1 and grows by 1 or by 11 beyond it.
    let inner = |delta: u32, held: u32| {
        let mut world = world(20);
        let callee = world.deploy(&grows(1, delta));
        let script = Script::new().read_input().call_input("grow", b"", 0, 0).returned();
        let caller = world.deploy(&contract(held, &[("run", script)]));
        let receipt = world.call(caller, "run", callee);
        (results(&receipt.output)[0], receipt.gas_used)
    };
    let (grown, cheap) = inner(1, 8);
    assert_eq!(grown, 1);
    assert_eq!(cheap - inner(0, 8).1, page);
    // The tenth page is the callee's first that is cheap no longer.
    assert_eq!(inner(2, 8).1 - inner(0, 8).1, page + dear);
    assert_eq!(inner(11, 8).0, 1);
    assert_eq!(inner(12, 8).0, -1, "twenty pages, of which nine are held");
}

#[test]
fn a_frame_that_has_ended_gives_its_memory_back() {
    let mut world = world(20);
    let callee = world.deploy(&grows(1, 15));
    let script = Script::new()
        .read_input()
        .call_input("grow", b"", 0, 0)
        .call_input("grow", b"", 0, 0)
        .results();
    let caller = world.deploy(&contract(1, &[("run", script)]));
    let success = code(CallStatus::Success);
    assert_eq!(world.results(caller, "run", callee), [success, success]);
}

#[test]
fn a_call_costs_base_argument_bytes_and_the_size_of_its_code() {
    let prices = HostPrices::v1();
    let mut world = World::new();
    // The same method in modules of different size: the rest is a constant.
    let small = Script::new().code("(nop)");
    let large = Script::new()
        .call(dytallix::abi::HostFn::DebugLog, &[crate::script::Op::Bytes(&[0; 1_000])]);
    let module = |padding: Script| contract(1, &[("run", Script::new()), ("pad", padding)]);
    let (small, large) = (module(small), module(large));
    let (a, b) = (world.deploy(&small), world.deploy(&large));
    let (cheap, dear) = (gas_of(&mut world, a, "run"), gas_of(&mut world, b, "run"));
    let load = |code: &[u8]| {
        let module = Module::decode(code, &Features::default(), &Limits::contract());
        let module = module.expect("a module");
        let longest = module.functions().iter().map(|function| function.body.len()).max();
        // Code is loaded for the first time; its longest function may be translated once more.
        prices.load_of(code.len() as u64, false)
            + prices.replay.total(longest.expect("functions") as u64)
    };
    assert!(load(&large) > load(&small));
    assert_eq!(dear - cheap, load(&large) - load(&small));
    // Arguments by started 64 bytes, on top of address, value and name.
    let mut gas = |bytes: usize| {
        let call = dytallix::Call::new(crate::address(1), a, "run", crate::GAS);
        let receipt = world.runtime.call(&call.arguments(vec![0; bytes])).expect("admitted");
        receipt.gas_used
    };
    let call = prices.of(GasClass::Call);
    let fixed = 48 + 3;
    for bytes in [0, 13, 14, 1_000] {
        let expected = call.total(fixed + bytes as u64) - call.total(fixed);
        assert_eq!(gas(bytes) - gas(0), expected, "{bytes}");
    }
    assert!(gas(14) > gas(13), "65 bytes are two started blocks");
}

#[test]
fn code_is_dearer_when_a_transaction_loads_it_for_the_first_time() {
    let prices = HostPrices::v1();
    let mut world = World::new();
    let callee = |name: &str| contract(1, &[("run", Script::new()), (name, Script::new())]);
    let (code, other_code) = (callee("this"), callee("that"));
    assert_eq!(code.len(), other_code.len());
    let (a, b) = (world.deploy(&code), world.deploy(&other_code));
    let mut gas_of_calls = |to: [Address; 2], name: &str| {
        let call = |script: Script, to: &Address| {
            script.external(crate::script::Op::At(to.as_bytes()), "run", b"", 0, 0)
        };
        let script = to.iter().fold(Script::new(), call);
        let caller = world.deploy(&contract(1, &[("run", script), (name, Script::new())]));
        gas_of(&mut world, caller, "run")
    };
    let (same, other) = (gas_of_calls([a, a], "x"), gas_of_calls([a, b], "y"));
    let cold = prices.cold_code.total(code.len() as u64);
    assert_eq!(other - same, cold + u64::from(prices.cold_account));
    // The next transaction pays again.
    let caller = world.deploy(&contract(1, &[("run", Script::new())]));
    assert_eq!(gas_of(&mut world, caller, "run"), gas_of(&mut world, caller, "run"));
}

#[test]
fn what_was_loaded_in_a_frame_that_failed_stays_paid() {
    let prices = HostPrices::v1();
    let mut world = World::new();
    let code =
        contract(1, &[("run", Script::new()), ("trap", Script::new().code("(unreachable)"))]);
    let callee = world.deploy(&code);
    let length = code.len() as u64;
    let mut gas_of_calls = |first: &str| {
        let script = Script::new().read_input().call_input(first, b"", 0, 0);
        let once = contract(1, &[("run", script)]);
        let script = Script::new().read_input().call_input(first, b"", 0, 0);
        let twice = contract(1, &[("run", script.call_input("run", b"", 0, 0))]);
        let [once, twice] = [once, twice].map(|code| {
            let caller = world.deploy(&code);
            world.call(caller, "run", callee).gas_used
        });
        twice - once
    };
    // What the second call adds holds no price of cold code, whatever became of the first.
    let (after_success, after_trap) = (gas_of_calls("run"), gas_of_calls("trap"));
    let cold = prices.cold_code.total(length);
    assert!(cold > 0 && after_success.abs_diff(after_trap) < cold, "{after_success} {after_trap}");
}

#[test]
fn a_callee_that_cannot_pay_for_its_code_uses_what_it_was_given() {
    let mut world = World::new();
    let callee = world.deploy(&contract(1, &[("run", Script::new())]));
    let operands = [
        crate::script::Op::N(0),
        crate::script::Op::Bytes(b"run"),
        crate::script::Op::Bytes(b""),
        crate::script::Op::At(&[0; 16]),
        crate::script::Op::N(100),
        crate::script::Op::N(0),
    ];
    let script = |gas: i64| {
        let mut operands = operands;
        operands[4] = crate::script::Op::N(gas);
        Script::new().read_input().call(dytallix::abi::HostFn::ExternalCall, &operands).results()
    };
    let methods = [("poor", script(100)), ("poorer", script(99))];
    let caller = world.deploy(&contract(1, &methods));
    let poor = world.call(caller, "poor", callee);
    let poorer = world.call(caller, "poorer", callee);
    assert_eq!(results(&poor.output), [code(CallStatus::OutOfGas)]);
    assert_eq!(poor.gas_used - poorer.gas_used, 1);
}
