//! The runner itself: right scripts pass, and each directive of a wrong one fails.

use dytallix::Limits;
use dytallix::gas::{GasClass, GasSchedule};
use dytallix::vm::Dispatch;
use dytallix::wasm::Features;

use super::script::count;
use super::{Failure, Outcome, Script};
use crate::backend::{Backend, EngineBackend, Lockstep, StepperBackend};

fn stepper() -> StepperBackend {
    StepperBackend::new(Features::ALL, Limits::default(), GasSchedule::v1())
}

fn run(text: &str) -> (u64, Vec<Failure>) {
    let mut backend = stepper();
    let script = Script::new(&mut backend, Features::ALL, Limits::default());
    let outcome = script.run(text).expect("a script");
    (outcome.count, outcome.failures)
}

/// A module that the scripts below speak about.
const MODULE: &str = r#"(module $m
  (global (export "g") i32 (i32.const 7))
  (memory (export "mem") 1)
  (func (export "id") (param f32) (result f32) (local.get 0))
  (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $deep (export "deep") (call $deep)))
"#;

#[test]
fn every_kind_of_directive_passes_where_it_is_right() {
    let text = format!(
        r#"{MODULE}
(register "m" $m)
(module (import "m" "div" (func (param i32 i32) (result i32))) (import "spectest" "print" (func)))
(module definition $d (global (export "x") (mut i32) (i32.const 1)))
(module instance $i $d)
(assert_return (get $i "x") (i32.const 1))
(invoke $m "div" (i32.const 6) (i32.const 3))
(assert_return (invoke $m "div" (i32.const 6) (i32.const 3)) (i32.const 2))
(assert_return (invoke $m "id" (f32.const nan:0x1)) (either (f32.const 0) (f32.const nan:0x1)))
(assert_return (invoke $m "id" (f32.const -nan)) (f32.const nan:canonical))
(assert_return (get $m "g") (i32.const 7))
(assert_trap (invoke $m "div" (i32.const 1) (i32.const 0)) "integer divide by zero")
(assert_trap (module (memory 1) (data (i32.const 65536) "a")) "out of bounds memory access")
(assert_trap (module (func $f unreachable) (start $f)) "unreachable")
(assert_exhaustion (invoke $m "deep") "call stack exhausted")
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_malformed (module binary "\00asm\01\00\00") "unexpected end")
(assert_malformed (module quote "(func (i32.nonsense))") "unknown operator")
(assert_unlinkable (module (import "m" "absent" (func))) "unknown import")
(assert_unlinkable (module (import "m" "div" (func))) "incompatible import type")
"#
    );
    assert_eq!(run(&text), (20, Vec::new()));
    assert_eq!(count(&text), Ok(20));
}

#[test]
fn every_kind_of_directive_fails_where_it_is_wrong() {
    let wrong = [
        r#"(module (func (result i32)))"#,
        r#"(module (import "m" "absent" (func)))"#,
        r#"(module definition (func (result i32)))"#,
        r#"(module instance $i $absent)"#,
        r#"(register "n" $absent)"#,
        r#"(invoke $m "div" (i32.const 1) (i32.const 0))"#,
        r#"(invoke $m "absent")"#,
        r#"(assert_return (invoke $m "div" (i32.const 6) (i32.const 3)) (i32.const 3))"#,
        r#"(assert_return (invoke $m "div" (i32.const 6) (i32.const 3)))"#,
        r#"(assert_return (invoke $m "div" (i32.const 6) (i32.const 0)) (i32.const 2))"#,
        r#"(assert_return (invoke $m "id" (f32.const nan:0x1)) (f32.const nan:arithmetic))"#,
        r#"(assert_return (get $m "g") (i32.const 8))"#,
        r#"(assert_return (get $m "div") (i32.const 8))"#,
        r#"(assert_trap (invoke $m "div" (i32.const 6) (i32.const 3)) "integer divide by zero")"#,
        r#"(assert_trap (invoke $m "div" (i32.const 6) (i32.const 0)) "integer overflow")"#,
        r#"(assert_trap (invoke $m "div" (i32.const 6) (i32.const 0)) "")"#,
        r#"(assert_trap (module (memory 1)) "out of bounds memory access")"#,
        r#"(assert_exhaustion (invoke $m "div" (i32.const 6) (i32.const 0)) "call stack exhausted")"#,
        r#"(assert_invalid (module (func)) "type mismatch")"#,
        r#"(assert_invalid (module binary "\00asm\01\00\00") "unexpected end")"#,
        r#"(assert_malformed (module quote "(func)") "unknown operator")"#,
        r#"(assert_unlinkable (module (import "spectest" "print" (func))) "unknown import")"#,
        r#"(assert_unlinkable (module (import "m" "absent" (func))) "incompatible import type")"#,
        r#"(assert_exception (invoke $m "div" (i32.const 6) (i32.const 3)))"#,
    ];
    for directive in wrong {
        let text = format!("{MODULE}{directive}");
        let line = MODULE.lines().count() + 1;
        let (count, failures) = run(&text);
        let lines: Vec<_> = failures.iter().map(|failure| failure.line).collect();
        assert_eq!((count, lines), (2, vec![line]), "{directive}: {failures:?}");
    }
}

#[test]
fn module_that_fails_is_not_followed_by_the_one_before_it() {
    let text = format!(
        r#"{MODULE}(module (func (result i32)))
(assert_return (get "g") (i32.const 7))"#
    );
    assert_eq!(run(&text).1.len(), 2);
}

#[test]
fn difference_between_backends_fails_its_directive() {
    let mut odd = GasSchedule::v1();
    odd.classes[GasClass::IntDiv as usize] += 1;
    let other = StepperBackend::new(Features::ALL, Limits::default(), odd);
    let mut backend = Lockstep::new(vec![Box::new(stepper()), Box::new(other)]);
    let script = Script::new(&mut backend, Features::ALL, Limits::default());
    let text = format!(
        r#"{MODULE}(assert_return (get "g") (i32.const 7))
(assert_return (invoke "div" (i32.const 6) (i32.const 3)) (i32.const 2))"#
    );
    let Outcome { count, failures, .. } = script.run(&text).expect("a script");
    assert_eq!((count, failures.len()), (3, 1), "{failures:?}");
}

#[test]
fn digest_is_the_same_for_every_backend_and_changes_with_gas_and_memory() {
    let text = r#"(module
  (memory (export "mem") 1)
  (func $id (export "f") (param i64) (result i64 funcref)
    (i64.store (i32.const 5) (local.get 0)) (local.get 0) (ref.func $id)))
(invoke "f" (i64.const 0x0102030405060708))
(assert_trap (invoke "f" (i64.const 1)) "unreachable")
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_unlinkable (module (import "m" "absent" (func))) "unknown import")"#;
    let digest = |backend: &mut dyn Backend, text: &str| {
        let script = Script::new(backend, Features::ALL, Limits::default());
        script.run(text).expect("a script").transcript.digest()
    };
    let (limits, schedule) = (Limits::default(), GasSchedule::v1());
    let engine =
        |dispatch| EngineBackend::new(Features::ALL, limits.clone(), schedule.clone(), dispatch);
    let expected = digest(&mut stepper(), text);
    for dispatch in [Dispatch::Trampoline, Dispatch::Tail] {
        assert_eq!(digest(&mut engine(dispatch), text), expected);
    }
    let mut odd = GasSchedule::v1();
    odd.classes[GasClass::Store as usize] += 1;
    let mut dearer = StepperBackend::new(Features::ALL, Limits::default(), odd);
    assert_ne!(digest(&mut dearer, text), expected);
    let elsewhere = text.replace("i32.const 5", "i32.const 6");
    assert_ne!(digest(&mut stepper(), &elsewhere), expected);
}

#[test]
fn text_that_is_no_script_is_refused() {
    assert!(count("(module").is_err());
    assert!(count("(assert_nothing)").is_err());
}
