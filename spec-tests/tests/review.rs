//! Facts that a review of register code and machine found untrue once.

use dytallix::Limits;
use dytallix::gas::{GasClass, GasSchedule};
use dytallix::vm::{
    Arena, Config, Dispatch, Engine, ExecError, Extern, Func, Host, HostCall, HostError, Instance,
    NoHost, Outcome, Stack, TrapCode, Value,
};
use dytallix::wasm::{Features, FuncType, ValType};
use dytallix_spec_tests::backend::{Backend, EngineBackend, Lockstep, StepperBackend};
use dytallix_spec_tests::corpus::encode;

const PLENTY: u64 = 1 << 40;

fn engine() -> Engine {
    Engine::new(Config::default()).expect("the default configuration")
}

fn lockstep(limits: &Limits, schedule: &GasSchedule) -> Lockstep {
    let engine = |dispatch| {
        Box::new(EngineBackend::new(Features::ALL, limits.clone(), schedule.clone(), dispatch))
            as Box<dyn Backend>
    };
    Lockstep::new(vec![
        Box::new(StepperBackend::new(Features::ALL, limits.clone(), schedule.clone())),
        engine(Dispatch::Trampoline),
        engine(Dispatch::Tail),
    ])
}

/// Runs `f` of a module with each of these amounts of gas: stepper and engine agree.
fn agree(
    text: &str,
    limits: &Limits,
    schedule: &GasSchedule,
    args: &[dytallix_spec_tests::Value],
    gas: impl IntoIterator<Item = u64>,
) {
    let wasm = encode(text).expect("well-formed");
    for gas in gas {
        let mut backend = lockstep(limits, schedule);
        let (instance, _) = backend.instantiate(&wasm, PLENTY).expect("instantiates");
        backend.invoke(instance, "f", args, gas).expect("exports f");
        let differences = backend.take_differences();
        assert!(differences.is_empty(), "{gas}: {differences:#?}");
    }
}

/// A module whose `f` takes some stack, calls a host function that suspends, and returns 7.
const SUSPENDS: &str = r#"(module (import "h" "wait" (func $wait))
    (func (export "f") (result i32) (local i64 i64 i64) call $wait i32.const 7))"#;

/// A host whose one function suspends.
struct Waits;

impl Host for Waits {
    fn resolve(&self, _: &str, _: &str) -> Option<(u32, FuncType)> {
        Some((0, FuncType::new(&[], &[])))
    }

    fn call(&mut self, _: u32, _: &mut HostCall<'_>) -> Result<(), HostError> {
        Err(HostError::Suspend)
    }
}

/// An arena with an instance of a module that imports what [`Waits`] offers, and its `f`.
fn arena(engine: &Engine, text: &str, stack: &mut Stack) -> (Arena, Func) {
    let program = engine.compile(&encode(text).expect("well-formed")).expect("valid");
    let mut arena = Arena::new(engine);
    let imports = arena.link_host(&program, &Waits).expect("links");
    let id = arena.instantiate(&program, &imports, stack, &mut Waits, &mut 1_000);
    let Some(Extern::Func(f)) = arena.export(id.expect("instantiates"), "f") else {
        panic!("exports f")
    };
    (arena, f)
}

fn suspend(arena: &mut Arena, f: Func, stack: &mut Stack) {
    let outcome = arena.invoke(stack, &mut Waits, f, &[], &mut 1_000);
    assert_eq!(outcome, Ok(Outcome::Suspended));
}

fn resume(arena: &mut Arena, stack: &mut Stack) -> Result<Outcome, ExecError> {
    arena.resume(stack, &mut Waits, &[], &mut 1_000)
}

#[test]
fn more_imports_than_a_module_has_are_refused() {
    let engine = engine();
    let text = r#"(module (func (export "f")) (func (export "g")))"#;
    let program = engine.compile(&encode(text).expect("well-formed")).expect("valid");
    let (mut arena, mut stack) = (Arena::new(&engine), engine.new_stack());
    let surplus = Extern::Func(arena.add_host_function(0, FuncType::new(&[], &[])));
    let made = arena.instantiate(&program, &[surplus], &mut stack, &mut NoHost, &mut 1_000);
    assert!(matches!(made, Err(ExecError::Arguments(_))), "{made:?}");
}

#[test]
fn an_execution_above_an_abandoned_one_is_not_resumed() {
    let engine = engine();
    let mut stack = engine.new_stack();
    let (mut below, f) = arena(&engine, SUSPENDS, &mut stack);
    let (mut above, g) = arena(&engine, SUSPENDS, &mut stack);
    let (mut other, h) = arena(&engine, SUSPENDS, &mut stack);
    let (mut another, i) = arena(&engine, SUSPENDS, &mut stack);
    suspend(&mut below, f, &mut stack);
    suspend(&mut above, g, &mut stack);
    below.abandon(&mut stack);
    suspend(&mut other, h, &mut stack);
    suspend(&mut another, i, &mut stack);
    let resumed = resume(&mut above, &mut stack);
    assert!(matches!(resumed, Err(ExecError::Arguments(_))), "{resumed:?}");
    above.abandon(&mut stack);
    let done = Ok(Outcome::Returned(vec![Value::I32(7)]));
    assert_eq!(resume(&mut another, &mut stack), done);
    assert_eq!(resume(&mut other, &mut stack), done);
}

#[test]
fn abandoning_on_another_stack_leaves_that_stack_alone() {
    let engine = engine();
    let (mut mine, mut yours) = (engine.new_stack(), engine.new_stack());
    let (mut first, f) = arena(&engine, SUSPENDS, &mut mine);
    let (mut second, g) = arena(&engine, SUSPENDS, &mut yours);
    suspend(&mut first, f, &mut mine);
    suspend(&mut second, g, &mut yours);
    first.abandon(&mut yours);
    assert!(yours.free_slots() < engine.new_stack().free_slots());
    assert_eq!(resume(&mut second, &mut yours), Ok(Outcome::Returned(vec![Value::I32(7)])));
}

/// A host whose one function has many results.
struct Many(FuncType);

impl Host for Many {
    fn resolve(&self, _: &str, _: &str) -> Option<(u32, FuncType)> {
        Some((0, self.0.clone()))
    }

    fn call(&mut self, _: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        for i in 0..self.0.results().len() {
            call.set_result(i, i as u64);
        }
        Ok(())
    }
}

/// Results of a host function in tail position stand in spare slots for a while: as many as the
/// engine's functions may have, which a stack of another engine need not have.
#[test]
fn a_stack_of_another_engine_has_no_more_spare_slots_than_it_was_made_with() {
    let mut limits = Limits::default();
    (limits.stack_slots, limits.results) = (903, 1);
    let other = Engine::new(Config::default().with_limits(limits)).expect("sound limits");
    let types = vec![ValType::I32; 900];
    let text = format!(
        r#"(module (type $t (func (result {}))) (import "h" "many" (func $many (type $t)))
            (func (export "f") (type $t) return_call $many))"#,
        "i32 ".repeat(types.len())
    );
    let mut host = Many(FuncType::new(&[], &types));
    let engine = engine();
    let program = engine.compile(&encode(&text).expect("well-formed")).expect("valid");
    let mut arena = Arena::new(&engine);
    let mut own = engine.new_stack();
    let imports = arena.link_host(&program, &host).expect("links");
    let id = arena.instantiate(&program, &imports, &mut own, &mut host, &mut 1_000);
    let Some(Extern::Func(f)) = arena.export(id.expect("instantiates"), "f") else {
        panic!("exports f")
    };
    let outcome = arena.invoke(&mut own, &mut host, f, &[], &mut 1_000);
    assert!(matches!(outcome, Ok(Outcome::Returned(results)) if results.len() == types.len()));
    let outcome = arena.invoke(&mut other.new_stack(), &mut host, f, &[], &mut 1_000);
    let Err(ExecError::Trap(trap)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(trap.code, TrapCode::CallStackExhausted);
}

#[test]
fn an_instance_whose_start_function_suspends_is_refused() {
    let engine = engine();
    let text = r#"(module (import "h" "wait" (func $wait)) (start $wait))"#;
    let program = engine.compile(&encode(text).expect("well-formed")).expect("valid");
    let made = Instance::new(&program, &mut Waits, &mut 1_000);
    assert_eq!(made.err(), Some(ExecError::Suspended));
    let text = r#"(module (import "h" "wait" (func $wait)) (func $s call $wait) (start $s))"#;
    let program = engine.compile(&encode(text).expect("well-formed")).expect("valid");
    let made = Instance::new(&program, &mut Waits, &mut 1_000);
    assert_eq!(made.err(), Some(ExecError::Suspended));
}

/// A frame has room for as many results as 16-bit slots can name beside its operands.
#[test]
fn an_engine_refuses_limits_whose_frames_outgrow_its_fields() {
    let limits = |results| {
        let mut limits = Limits::default();
        limits.results = results;
        limits
    };
    assert!(Engine::new(Config::default().with_limits(limits(60_000))).is_err());
    assert!(Engine::new(Config::default().with_limits(limits(32_000))).is_ok());
}

/// The value that is in the accumulator where a region is cut reaches the replay of what follows.
#[test]
fn a_replay_after_a_cut_finds_the_value_before_it() {
    let price = 0x7000_0000;
    let mut schedule = GasSchedule::v1();
    schedule.classes = [price; GasClass::COUNT];
    let text = r#"(module (memory (export "m") 1) (func (export "f") (param i32)
        i32.const 8  local.get 0  i32.const 3  i32.add  i32.store  nop  nop))"#;
    let args = [dytallix_spec_tests::Value::I32(5)];
    let gas = (0..9).map(|n| n * u64::from(price));
    agree(text, &Limits::default(), &schedule, &args, gas);
}

/// A cut before the first operator begins a region that does not pay for locals again.
#[test]
fn a_replay_of_the_second_region_of_an_entry_does_not_pay_locals_twice() {
    let mut schedule = GasSchedule::v1();
    schedule.classes = [1; GasClass::COUNT];
    schedule.classes[GasClass::Const as usize] = 0x9000_0000;
    schedule.classes[GasClass::Free as usize] = 0x1000_0000;
    schedule.local = 1 << 16;
    let locals = "i32 ".repeat(31_000);
    let text = format!(
        r#"(module (memory 1) (func (export "f") (local {locals})
            i32.const -1 i32.load drop nop))"#
    );
    let entry = 31_000 << 16;
    let steps = [0, 1, 0x9000_0000, 0x9000_0001, 0x9000_0002, 0xA000_0001, 0xB000_0001];
    let gas = steps.map(|step| entry + step);
    agree(&text, &Limits::default(), &schedule, &[], gas);
}

#[test]
fn a_host_function_without_values_needs_no_slot() {
    let mut limits = Limits::default();
    limits.stack_slots = 2;
    let text = r#"(module (import "spectest" "print" (func $print))
        (func (export "f") call $print call $print))"#;
    agree(text, &limits, &GasSchedule::v1(), &[], [PLENTY]);
    let text = r#"(module (import "spectest" "print" (func $print))
        (func (export "f") return_call $print))"#;
    agree(text, &limits, &GasSchedule::v1(), &[], [PLENTY]);
}

/// `branches` conditional branches, each with `arity` values that lie elsewhere than the label
/// wants them.
fn wide_branches(arity: usize, branches: usize) -> String {
    let results = "i32 ".repeat(arity);
    let values: String = (0..arity).map(|i| format!("i32.const {i} ")).collect();
    let branches = "local.get 0 br_if 0 ".repeat(branches);
    format!(
        r#"(module (type $t (func (param i32) (result {results})))
            (func (export "f") (type $t)
                block (result {results}) local.get 0 {values} {branches} br 0 end))"#
    )
}

#[test]
fn conditional_branches_with_many_values_do_not_multiply_code() {
    let wasm = encode(&wide_branches(100, 1_000)).expect("well-formed");
    let program = engine().compile(&wasm).expect("valid");
    let (code, bytes) = (program.code().size_bytes(), wasm.len());
    assert!(code < 32 * bytes, "{code} bytes of code from {bytes}");
}

#[test]
fn conditional_branches_with_many_values_carry_them() {
    for arity in 0..5 {
        let text = wide_branches(arity, 2);
        for condition in [0, 1] {
            let args = [dytallix_spec_tests::Value::I32(condition)];
            agree(&text, &Limits::default(), &GasSchedule::v1(), &args, 0..40);
        }
    }
}
