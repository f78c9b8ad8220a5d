//! Gas and stack of small programs, added up by hand.

use dytallix::Limits;
use dytallix::gas::{GasClass, GasSchedule};
use dytallix::wasm::Features;
use dytallix_spec_tests::Value;
use dytallix_spec_tests::backend::{Backend, Execution, StepperBackend};
use dytallix_spec_tests::corpus::encode;
use dytallix_spec_tests::stepper::Trap;

const PLENTY: u64 = 1 << 20;

/// Every operator costs 1, but those that only shape code cost 1,000; a declared local costs 100.
fn schedule() -> GasSchedule {
    let mut schedule = GasSchedule::v1();
    schedule.classes = [1; GasClass::COUNT];
    schedule.classes[GasClass::Free as usize] = 1_000;
    schedule.local = 100;
    schedule.grow_page = 7_000_000;
    schedule.grow_page_dear = 50_000_000;
    schedule.bulk_per_64_bytes = 10_000;
    schedule.table_per_8_elements = 10_000;
    schedule
}

fn execute_within(limits: Limits, text: &str, args: &[Value], gas: u64) -> Execution {
    let wasm = encode(text).expect("well-formed");
    let mut backend = StepperBackend::new(Features::ALL, limits, schedule());
    let (instance, _) = backend.instantiate(&wasm, PLENTY).expect("instantiable");
    backend.invoke(instance, "f", args, gas).expect("exports f")
}

fn gas_of(text: &str, args: &[Value]) -> u64 {
    execute_within(Limits::default(), text, args, 1 << 40).gas_used
}

#[test]
fn straight_line_is_charged_operator_by_operator() {
    let text = r#"(module (func (export "f") (param i32) (result i32) (local i64 f32)
        local.get 0  i32.const 1  i32.add))"#;
    // Two locals, three operators, the end.
    assert_eq!(gas_of(text, &[Value::I32(5)]), 200 + 3 + 1_000);
}

#[test]
fn return_and_branch_to_the_function_do_not_pay_its_end() {
    assert_eq!(gas_of(r#"(module (func (export "f") return))"#, &[]), 1);
    assert_eq!(gas_of(r#"(module (func (export "f") br 0))"#, &[]), 1);
    assert_eq!(gas_of(r#"(module (func (export "f")))"#, &[]), 1_000);
}

#[test]
fn branch_out_of_a_block_does_not_pay_its_end() {
    let left = r#"(module (func (export "f") block br 0 end))"#;
    assert_eq!(gas_of(left, &[]), 1_000 + 1 + 1_000);
    let fallen = r#"(module (func (export "f") block end))"#;
    assert_eq!(gas_of(fallen, &[]), 1_000 + 1_000 + 1_000);
}

#[test]
fn arms_pay_for_else_and_end_as_they_meet_them() {
    let two = r#"(module (func (export "f") (param i32) local.get 0 if nop else nop nop end))"#;
    // First arm: condition, if, nop, else; the end of the if is jumped over, that of the function
    // is not.
    assert_eq!(gas_of(two, &[Value::I32(1)]), 2 + 1_000 + 1_000 + 1_000);
    // Second arm: condition, if, two nops, end, end.
    assert_eq!(gas_of(two, &[Value::I32(0)]), 2 + 2_000 + 2_000);
    let one = r#"(module (func (export "f") (param i32) local.get 0 if nop end))"#;
    assert_eq!(gas_of(one, &[Value::I32(1)]), 2 + 1_000 + 2_000);
    assert_eq!(gas_of(one, &[Value::I32(0)]), 2 + 1_000);
}

#[test]
fn loop_is_paid_once_however_often_it_begins_anew() {
    let text = r#"(module (func (export "f") (param i32)
        loop local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end))"#;
    assert_eq!(gas_of(text, &[Value::I32(1)]), 1_000 + 5 + 2_000);
    assert_eq!(gas_of(text, &[Value::I32(4)]), 1_000 + 4 * 5 + 2_000);
}

#[test]
fn trap_pays_up_to_the_operator_that_trapped() {
    let text = r#"(module (func (export "f") (result i32)
        i32.const 1 i32.const 0 i32.div_u i32.const 9 i32.add))"#;
    let execution = execute_within(Limits::default(), text, &[], PLENTY);
    assert_eq!(execution.result, Err(Trap::IntegerDivideByZero));
    assert_eq!(execution.gas_used, 3);
    let (function, offset) = execution.location.expect("an operator trapped");
    let wasm = encode(text).expect("well-formed");
    assert_eq!((function, wasm[offset as usize]), (0, 0x6e));
}

#[test]
fn out_of_gas_uses_the_whole_limit() {
    let text = r#"(module (func (export "f") (result i32) i32.const 1 i32.const 0 i32.div_u))"#;
    for gas in 0..3 {
        let execution = execute_within(Limits::default(), text, &[], gas);
        assert_eq!((execution.result, execution.gas_used), (Err(Trap::OutOfGas), gas));
    }
    let execution = execute_within(Limits::default(), text, &[], 3);
    assert_eq!(execution.result, Err(Trap::IntegerDivideByZero));
}

#[test]
fn bulk_operators_pay_by_length_after_their_bounds_check() {
    let fill = |count: u32| {
        let text = r#"(module (memory 1) (func (export "f") (param i32)
            i32.const 65408 i32.const 0 local.get 0 memory.fill return))"#;
        execute_within(Limits::default(), text, &[Value::I32(count)], PLENTY)
    };
    assert_eq!(fill(0).gas_used, 5);
    assert_eq!(fill(1).gas_used, 5 + 10_000);
    assert_eq!(fill(64).gas_used, 5 + 10_000);
    assert_eq!(fill(65).gas_used, 5 + 20_000);
    assert_eq!(fill(129).result, Err(Trap::MemoryOutOfBounds));
    assert_eq!(fill(129).gas_used, 4);
}

#[test]
fn memory_growth_checks_limits_first_and_is_dearer_in_the_second_half() {
    let grow = |delta: u32, gas: u64| {
        let text = r#"(module (memory 1 5) (func (export "f") (param i32) (result i32)
            local.get 0 memory.grow return))"#;
        execute_within(Limits::default(), text, &[Value::I32(delta)], gas)
    };
    // Half of five pages is two and a half: the second page is cheap, the third one is not.
    assert_eq!(grow(1, PLENTY << 20).gas_used, 3 + 7_000_000);
    assert_eq!(grow(2, PLENTY << 20).gas_used, 3 + 57_000_000);
    let refused = grow(5, PLENTY);
    assert_eq!((refused.result, refused.gas_used), (Ok(vec![Value::I32(u32::MAX)]), 3));
    let unpaid = grow(1, 3 + 7_000_000 - 1);
    assert_eq!((unpaid.result, unpaid.gas_used), (Err(Trap::OutOfGas), 7_000_002));
}

#[test]
fn table_growth_pays_by_element() {
    let text = r#"(module (table 1 30 funcref) (func (export "f") (param i32) (result i32)
        ref.null func local.get 0 table.grow return))"#;
    assert_eq!(gas_of(text, &[Value::I32(0)]), 4);
    assert_eq!(gas_of(text, &[Value::I32(8)]), 4 + 10_000);
    assert_eq!(gas_of(text, &[Value::I32(9)]), 4 + 20_000);
    assert_eq!(gas_of(text, &[Value::I32(30)]), 4);
}

/// A function without locals, parameters or results takes 2 slots and its greatest height.
#[test]
fn stack_limit_counts_each_activation() {
    let text = r#"(module
        (func $leaf (result i32) i32.const 1 i32.const 2 i32.const 3 drop drop)
        (func (export "f") (param i32) (result i32) (local i64)
            i32.const 10  call $leaf  i32.add))"#;
    // Outer: max(1, 1) + 2 + 1 local + 1 operand below; leaf: max(0, 1) + 2 + height 3.
    let need = (1 + 2 + 1 + 1) + (1 + 2 + 3);
    for (slots, fits) in [(need - 1, false), (need, true), (need + 1, true)] {
        let mut limits = Limits::default();
        limits.stack_slots = slots;
        let execution = execute_within(limits, text, &[Value::I32(0)], PLENTY);
        assert_eq!(execution.result.is_ok(), fits, "{slots}");
        if !fits {
            assert_eq!(execution.result, Err(Trap::CallStackExhausted));
            // The outer function's local, its constant, the call; nothing of the leaf.
            assert_eq!(execution.gas_used, 100 + 2);
        }
    }
}

#[test]
fn outermost_activation_needs_its_greatest_height_before_anything_is_charged() {
    let text = r#"(module (func (export "f") (local i32 i32)
        i32.const 1 i32.const 2 i32.const 3 drop drop drop))"#;
    for (slots, fits) in [(6, false), (7, true)] {
        let mut limits = Limits::default();
        limits.stack_slots = slots;
        let execution = execute_within(limits, text, &[], PLENTY);
        assert_eq!(execution.result.is_ok(), fits, "{slots}");
        if !fits {
            assert_eq!(execution.gas_used, 0);
        }
    }
}

#[test]
fn tail_calls_take_no_further_stack() {
    let text = r#"(module (func $f (export "f") (param i32)
        (if (local.get 0) (then (return_call $f (i32.sub (local.get 0) (i32.const 1)))))))"#;
    let mut limits = Limits::default();
    // Parameter, header, and a greatest height of two.
    limits.stack_slots = 1 + 2 + 2;
    let execution = execute_within(limits, text, &[Value::I32(100)], PLENTY);
    assert_eq!(execution.result, Ok(Vec::new()));
}

#[test]
fn host_function_takes_its_parameters_or_results() {
    let text = r#"(module
        (import "spectest" "print_f64_f64" (func $print (param f64 f64)))
        (func (export "f") (call $print (f64.const 1) (f64.const 2))))"#;
    // Outer: header alone while suspended; the host's two parameters above it are what its own
    // height reaches too.
    for (slots, fits) in [(3, false), (4, true)] {
        let mut limits = Limits::default();
        limits.stack_slots = slots;
        let execution = execute_within(limits, text, &[], PLENTY);
        assert_eq!(execution.result.is_ok(), fits, "{slots}");
    }
}

#[test]
fn start_function_is_charged_and_active_segments_are_not() {
    let wasm = encode(
        r#"(module (memory 1) (data (i32.const 0) "abc")
            (func $s (drop (i32.load (i32.const 0)))) (start $s))"#,
    )
    .expect("well-formed");
    let mut backend = StepperBackend::new(Features::ALL, Limits::default(), schedule());
    let (_, gas_used) = backend.instantiate(&wasm, PLENTY).expect("instantiable");
    assert_eq!(gas_used, 2 + 1_000 + 1_000);
}
