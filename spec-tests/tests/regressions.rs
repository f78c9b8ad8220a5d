//! What fuzzing found, one test per fact.

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::vm::{
    self, Config, Dispatch, Engine, ExecError, Host, HostCall, HostError, Instance, TrapCode,
};
use dytallix::wasm::{Features, FuncType, ValType};
use dytallix_spec_tests::Value;
use dytallix_spec_tests::backend::{Backend, EngineBackend, Lockstep, StepperBackend};
use dytallix_spec_tests::corpus::encode;

/// Runs an export on the stepper and on the engine in each dispatch: what differs.
fn differences(limits: &Limits, text: &str, export: &str, args: &[Value]) -> Vec<String> {
    let (all, schedule) = (Features::ALL, GasSchedule::v1());
    let engine = |dispatch| {
        Box::new(EngineBackend::new(all, limits.clone(), schedule.clone(), dispatch))
            as Box<dyn Backend>
    };
    let mut backend = Lockstep::new(vec![
        Box::new(StepperBackend::new(all, limits.clone(), schedule.clone())),
        engine(Dispatch::Trampoline),
        engine(Dispatch::Tail),
    ]);
    let wasm = encode(text).expect("valid text");
    let (instance, _) = backend.instantiate(&wasm, 1 << 20).expect("instantiates");
    backend.invoke(instance, export, args, 1 << 20).expect("exported");
    backend.take_differences()
}

fn stack_of(slots: u32) -> Limits {
    let mut limits = Limits::default();
    limits.stack_slots = slots;
    limits
}

/// The host function was asked to have at least one slot.
#[test]
fn host_function_without_values_needs_no_slot() {
    let text = r#"(module
        (import "spectest" "print" (func $print))
        (func (export "f") (param i32) local.get 0 call $print drop))"#;
    for slots in 0..8 {
        let differences = differences(&stack_of(slots), text, "f", &[Value::I32(1)]);
        assert!(differences.is_empty(), "{slots} slots: {differences:#?}");
    }
}

/// One function, of one parameter and two results.
struct Two;

impl Host for Two {
    fn resolve(&self, _: &str, _: &str) -> Option<(u32, FuncType)> {
        Some((0, FuncType::new(&[ValType::I32], &[ValType::I64, ValType::I32])))
    }

    fn call(&mut self, _: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        let argument = call.arg(0);
        call.set_result(0, argument + 1);
        call.set_result(1, argument + 2);
        Ok(())
    }
}

/// The results stood above the arguments for a moment, and the stack was asked for room there.
#[test]
fn host_function_in_tail_position_needs_no_more_than_its_caller() {
    let text = r#"(module
        (import "env" "two" (func $two (param i32) (result i64 i32)))
        (func (export "f") (param i32) (result i64 i32) local.get 0 return_call $two))"#;
    let wasm = encode(text).expect("valid text");
    // Results, header, and a greatest height of one.
    for (slots, fits) in [(4, false), (5, true)] {
        for dispatch in [Dispatch::Trampoline, Dispatch::Tail] {
            let config = Config::default().with_limits(stack_of(slots)).with_dispatch(dispatch);
            let engine = Engine::new(config).expect("an engine");
            let program = engine.compile(&wasm).expect("valid");
            let mut gas = 1_000;
            let mut instance = Instance::new(&program, &mut Two, &mut gas).expect("instantiates");
            let outcome = instance.call(&mut Two, "f", &[vm::Value::I32(1)], &mut gas);
            match outcome {
                Ok(results) if fits => {
                    assert_eq!(results, [vm::Value::I64(2), vm::Value::I32(3)]);
                }
                Err(ExecError::Trap(trap)) if !fits => {
                    assert_eq!(trap.code, TrapCode::CallStackExhausted);
                }
                other => panic!("{slots} slots: {other:?}"),
            }
        }
    }
}
