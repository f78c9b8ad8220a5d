//! Every op in a loop, on a native stack of 64 KiB: were one dispatch to leave anything on it, the
//! loop would overflow it.

use dytallix::vm::{Config, Dispatch, Engine, HostCall, HostTable, Instance, Program, Value};
use dytallix_spec_tests::corpus::encode;
use dytallix_spec_tests::variants::loops;

/// Bytes of the native stack on which guests run.
const NATIVE_STACK: usize = 64 << 10;
const GAS: u64 = 1 << 40;

/// Operators that are not plain, each in a loop.
const SPECIAL: &str = r#"(module
    (import "env" "host" (func $host (param i32) (result i32)))
    (type $unary (func (param i32) (result i32)))
    (memory 1 4) (table $t 8 16 funcref) (table $x 4 8 externref)
    (elem $e func $inc) (data $d "bytes")
    (elem (table $t) (i32.const 0) func $inc $tail)
    (global $g (mut i64) (i64.const 0)) (global $f (mut f64) (f64.const 0))
    (func $inc (type $unary) local.get 0 i32.const 1 i32.add)
    (func $tail (type $unary) local.get 0 return_call $inc)
    (func $indirect (type $unary) local.get 0 i32.const 1 return_call_indirect (type $unary))
    (func $host_tail (type $unary) local.get 0 return_call $host)
    (func $pair (param i32) (result i32 i32) local.get 0 local.get 0 i32.const 2 i32.mul)
    (func $float (param f64) (result f64) local.get 0 f64.const 1 f64.add)
    (func (export "calls") (param i32) (result i32) (local i32 f64)
      loop
        local.get 1 call $inc call $tail call $indirect call $host call $host_tail
        i32.const 0 call_indirect (type $unary) call $pair i32.add i32.const 3 i32.rem_u local.set 1
        local.get 2 call $float local.set 2
        local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0
      end local.get 1)
    (func (export "control") (param i32) (result i32) (local i32)
      loop
        block $a block $b block $c
          local.get 0 i32.const 3 i32.and br_table $a $b $c $a end
          local.get 1 i32.const 1 i32.add local.set 1 end
          local.get 1 i32.const 2 i32.add local.set 1 end
        i32.const 5 (block (param i32) (result i32) i32.const 6 local.get 0 br_if 0 i32.add)
        drop
        (if (i64.eqz (i64.extend_i32_u (local.get 0))) (then (local.set 1 (i32.const 0))))
        local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0
      end local.get 1)
    (func (export "state") (param i32) (result i32)
      loop
        global.get $g i64.const 1 i64.add global.set $g
        global.get $f f64.const 1 f64.add global.set $f
        i64.const 7 global.set $g f64.const 7 global.set $f
        i32.const 0 memory.grow drop memory.size drop
        i32.const 0 i32.const 8 i32.const 8 memory.copy
        i32.const 0 i32.const 8 i32.const 8 memory.fill
        i32.const 0 i32.const 0 i32.const 0 memory.init $d data.drop $d
        i32.const 3 ref.func $inc table.set $t i32.const 3 table.get $t drop table.size $t drop
        i32.const 4 ref.null func i32.const 2 table.fill $t
        i32.const 4 i32.const 0 i32.const 2 table.copy $t $t
        i32.const 4 i32.const 0 i32.const 0 table.init $t $e elem.drop $e
        ref.null extern i32.const 0 table.grow $x drop
        ref.null extern ref.is_null drop
        local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0
      end i32.const 0))"#;

fn run(program: &Program, export: &str, args: &[Value]) {
    let mut table = HostTable::<u32>::new();
    table
        .add("env", "host", |calls: &mut u32, _: &mut HostCall<'_>, value: i32| {
            *calls += 1;
            Ok(value)
        })
        .expect("the only one");
    let (mut calls, mut gas) = (0, GAS);
    let mut host = table.with(&mut calls);
    let mut instance = Instance::new(program, &mut host, &mut gas).expect("instantiates");
    instance.call(&mut host, export, args, &mut gas).expect(export);
}

fn torture(wasm: &[u8], exports: &[(String, Vec<Value>)]) {
    for dispatch in [Dispatch::Tail, Dispatch::Trampoline] {
        let engine = Engine::new(Config::default().with_dispatch(dispatch)).expect("sound");
        let program = engine.compile(wasm).expect("valid");
        std::thread::scope(|scope| {
            let guest = || exports.iter().for_each(|(name, args)| run(&program, name, args));
            let thread = std::thread::Builder::new().stack_size(NATIVE_STACK);
            thread.spawn_scoped(scope, guest).expect("a thread").join().expect("no overflow");
        });
    }
}

#[test]
fn plain_operators_leave_nothing_on_the_native_stack() {
    let loops = loops(2_000);
    let exports: Vec<_> = loops.functions.iter().map(|f| (f.name.clone(), Vec::new())).collect();
    torture(&encode(&loops.text).expect("valid text"), &exports);
}

#[test]
fn special_operators_leave_nothing_on_the_native_stack() {
    let exports = ["calls", "control", "state"].map(|e| (e.to_string(), vec![Value::I32(20_000)]));
    torture(&encode(SPECIAL).expect("valid text"), &exports);
}
