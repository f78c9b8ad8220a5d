//! The machine, end to end: small modules through compile, instantiate and call.

use dytallix::vm::{Config, Dispatch, Engine, ExecError, Instance, NoHost, TrapCode, Value};

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
