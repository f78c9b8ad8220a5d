//! The machine, end to end: small modules through compile, instantiate and call.

use dytallix::vm::{
    Arena, Config, Dispatch, Engine, ExecError, Extern, Host, HostCall, HostError, HostTable,
    Instance, NoHost, Outcome, TrapCode, Value,
};
use dytallix::wasm::{FuncType, ValType};

fn engines() -> Vec<Engine> {
    [Dispatch::Tail, Dispatch::Trampoline]
        .into_iter()
        .map(|d| {
            let config = Config::default().with_dispatch(d).with_verification(true);
            Engine::new(config).expect("an engine")
        })
        .collect()
}

fn call(wat: &str, name: &str, args: &[Value], gas: u64) -> (Result<Vec<Value>, ExecError>, u64) {
    let wasm = wat::parse_str(wat).expect("valid text");
    let mut outcomes = engines().into_iter().map(|engine| {
        let program = engine.compile(&wasm).expect("valid module");
        let mut left = gas;
        let mut instance = Instance::new(&program, &mut NoHost, &mut left).expect("instance");
        let result = instance.call(&mut NoHost, name, args, &mut left);
        (result, gas - left)
    });
    let first = outcomes.next().expect("one engine");
    assert!(outcomes.all(|o| o == first), "every dispatch agrees");
    first
}

const FIB: &str = r#"(module (func $fib (export "fib") (param i32) (result i32)
    local.get 0 i32.const 2 i32.lt_s
    if (result i32) local.get 0
    else local.get 0 i32.const 1 i32.sub call $fib local.get 0 i32.const 2 i32.sub call $fib i32.add end))"#;

#[test]
fn recursion_returns_what_it_should() {
    let (result, _) = call(FIB, "fib", &[Value::I32(20)], u64::MAX);
    assert_eq!(result, Ok(vec![Value::I32(6765)]));
}

#[test]
fn out_of_gas_uses_the_whole_limit_at_every_limit() {
    let (_, needed) = call(FIB, "fib", &[Value::I32(6)], u64::MAX);
    for limit in 0..needed {
        let (result, used) = call(FIB, "fib", &[Value::I32(6)], limit);
        let Err(ExecError::Trap(trap)) = result else { panic!("{limit}: {result:?}") };
        assert_eq!((trap.code, used), (TrapCode::OutOfGas, limit));
    }
    assert_eq!(call(FIB, "fib", &[Value::I32(6)], needed).1, needed);
}

#[test]
fn loops_add_up() {
    let wat = r#"(module (func (export "sum") (param i64) (result i64) (local i64)
        loop
          local.get 1 local.get 0 i64.add local.set 1
          local.get 0 i64.const 1 i64.sub local.tee 0
          i64.const 0 i64.ne br_if 0
        end local.get 1))"#;
    let (result, _) = call(wat, "sum", &[Value::I64(1000)], u64::MAX);
    assert_eq!(result, Ok(vec![Value::I64(500_500)]));
}

#[test]
fn a_trap_inside_a_region_gives_back_what_follows_it() {
    let wat = r#"(module (func (export "f") (param i32) (result i32)
        i32.const 7 local.get 0 i32.div_s
        i32.const 1 i32.add i32.const 1 i32.mul i32.const 2 i32.xor))"#;
    let (result, short) = call(wat, "f", &[Value::I32(0)], 1000);
    let Err(ExecError::Trap(trap)) = result else { panic!("{result:?}") };
    assert_eq!(trap.code, TrapCode::IntegerDivideByZero);
    let (_, long) = call(wat, "f", &[Value::I32(1)], 1000);
    assert!(short < long, "{short} < {long}");
}

/// A host whose function `wait` asks for suspension.
struct Waiter;

impl Host for Waiter {
    fn resolve(&self, _: &str, _: &str) -> Option<(u32, FuncType)> {
        Some((0, FuncType::new(&[ValType::I32], &[ValType::I64])))
    }

    fn call(&mut self, _: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        call.charge(5)?;
        Err(HostError::Suspend)
    }
}

const WAITING: &str = r#"(module
    (import "env" "wait" (func $wait (param i32) (result i64)))
    (func (export "twice") (param i32) (result i64)
        local.get 0 call $wait
        local.get 0 i32.const 1 i32.add call $wait
        i64.sub)
    (func (export "tail") (param i32) (result i64)
        local.get 0 call $deeper i64.const 1 i64.add)
    (func $deeper (param i32) (result i64)
        local.get 0 return_call $wait))"#;

/// Runs an export of [`WAITING`], answering each suspension with the next number.
fn run_waiting(engine: &Engine, export: &str, gas: u64) -> (Result<Outcome, ExecError>, u64) {
    let program = engine.compile(&wat::parse_str(WAITING).expect("valid text")).expect("valid");
    let (mut arena, mut stack) = (Arena::new(engine), engine.new_stack());
    let imports = arena.link_host(&program, &Waiter).expect("linked");
    let mut left = gas;
    let id = arena
        .instantiate(&program, &imports, &mut stack, &mut Waiter, &mut left)
        .expect("instantiated");
    let Some(Extern::Func(func)) = arena.export(id, export) else { panic!("no export {export}") };
    let mut outcome = arena.invoke(&mut stack, &mut Waiter, func, &[Value::I32(1)], &mut left);
    for answer in 100.. {
        if outcome != Ok(Outcome::Suspended) {
            break;
        }
        let answer = [Value::I64(answer)];
        outcome = arena.resume(&mut stack, &mut Waiter, &answer, &mut left);
    }
    assert_eq!(stack.free_slots(), engine.config().limits.stack_slots as usize);
    (outcome, gas - left)
}

#[test]
fn suspended_executions_go_on_where_they_stopped() {
    for engine in engines() {
        let (outcome, used) = run_waiting(&engine, "twice", 1_000);
        assert_eq!(outcome, Ok(Outcome::Returned(vec![Value::I64(-1)])));
        let (outcome, _) = run_waiting(&engine, "tail", 1_000);
        assert_eq!(outcome, Ok(Outcome::Returned(vec![Value::I64(101)])));
        for limit in 0..used {
            let (outcome, used) = run_waiting(&engine, "twice", limit);
            let Err(ExecError::Trap(trap)) = outcome else { panic!("{limit}: {outcome:?}") };
            assert_eq!((trap.code, used), (TrapCode::OutOfGas, limit));
        }
    }
}

#[test]
fn a_suspended_execution_resumes_on_its_own_stack_alone() {
    let engine = &engines()[0];
    let program = engine.compile(&wat::parse_str(WAITING).expect("valid text")).expect("valid");
    let (mut arena, mut stack) = (Arena::new(engine), engine.new_stack());
    let imports = arena.link_host(&program, &Waiter).expect("linked");
    let mut gas = 1_000;
    let id =
        arena.instantiate(&program, &imports, &mut stack, &mut Waiter, &mut gas).expect("made");
    let Some(Extern::Func(func)) = arena.export(id, "tail") else { panic!("no export") };
    let args = [Value::I32(1)];
    let outcome = arena.invoke(&mut stack, &mut Waiter, func, &args, &mut gas);
    assert_eq!(outcome, Ok(Outcome::Suspended));
    let other = arena.resume(&mut engine.new_stack(), &mut Waiter, &[Value::I64(1)], &mut gas);
    assert!(matches!(other, Err(ExecError::Arguments(_))), "{other:?}");
    let again = arena.invoke(&mut stack, &mut Waiter, func, &args, &mut gas);
    assert_eq!(again, Err(ExecError::Suspended));
    let wrong = arena.resume(&mut stack, &mut Waiter, &[Value::I32(1)], &mut gas);
    assert!(matches!(wrong, Err(ExecError::Arguments(_))), "{wrong:?}");
    let right = arena.resume(&mut stack, &mut Waiter, &[Value::I64(1)], &mut gas);
    assert_eq!(right, Ok(Outcome::Returned(vec![Value::I64(2)])));
}

#[test]
fn machines_move_between_threads() {
    fn movable<T: Send>() {}
    movable::<Engine>();
    movable::<Instance>();
    movable::<Arena>();
}

#[test]
fn a_panic_in_a_host_function_is_a_fault() {
    let wat = r#"(module (import "env" "boom" (func $boom)) (func (export "f") call $boom))"#;
    let mut table = HostTable::<()>::new();
    table
        .add("env", "boom", |_: &mut (), _: &mut HostCall<'_>| -> Result<(), HostError> {
            panic!("on purpose")
        })
        .expect("the only one");
    for engine in engines() {
        let program = engine.compile(&wat::parse_str(wat).expect("valid text")).expect("valid");
        let mut gas = 100;
        let mut state = ();
        let mut host = table.with(&mut state);
        let mut instance = Instance::new(&program, &mut host, &mut gas).expect("instance");
        let result = instance.call(&mut host, "f", &[], &mut gas);
        assert!(matches!(result, Err(ExecError::Fault(_))), "{result:?}");
    }
}

#[test]
fn locals_of_many_runs_keep_their_slots() {
    let wat = r#"(module (func (export "f") (param i32 i64 i32) (result i64)
        (local i64 i64) (local i32) (local f64) (local i64)
        i64.const 1 local.set 3  i64.const 20 local.set 4  i32.const 300 local.set 5
        f64.const 4000 local.set 6  i64.const 50000 local.set 7
        local.get 3 local.get 4 i64.add local.get 5 i64.extend_i32_s i64.add
        local.get 6 i64.trunc_f64_s i64.add local.get 7 i64.add
        local.get 0 i64.extend_i32_s i64.add local.get 1 i64.add
        local.get 2 i64.extend_i32_s i64.add))"#;
    let args = [Value::I32(600_000), Value::I64(7_000_000), Value::I32(80_000_000)];
    let (result, _) = call(wat, "f", &args, u64::MAX);
    assert_eq!(result, Ok(vec![Value::I64(87_654_321)]));
}

#[test]
fn functions_that_declare_locals_by_the_thousand_translate_apart() {
    // Each body is a few bytes long; none must pay for the locals of the others.
    let function = |i: u32| {
        let local = 1 + i % 29_000;
        let locals = "i64 ".repeat(29_999);
        format!(
            "(func (export \"f{i}\") (param i64) (result i64) (local {locals}) \
             local.get 0 local.set {local} local.get {local} i64.const {i} i64.add)"
        )
    };
    let text: String = (0..20).map(function).collect();
    for i in [0, 7, 19] {
        let wat = format!("(module {text})");
        let (result, _) = call(&wat, &format!("f{i}"), &[Value::I64(5)], u64::MAX);
        assert_eq!(result, Ok(vec![Value::I64(5 + i64::from(i))]));
    }
}
