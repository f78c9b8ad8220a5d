//! The command `start`: what a fresh instance costs, what a call of the host costs, and what an
//! instance keeps that waits. Promises: 10 µs, 15 ns, and 32 KiB beyond its linear memory.

use crate::Error;
use cpu_time::ThreadTime;
use dytallix::vm::{Config, Engine, HostCall, HostTable, Instance, Program, Value};
use std::fmt::Write as _;
use std::hint::black_box;

/// Measured parts of each case; the best and the middle one are shown.
const PARTS: usize = 25;
/// Runs of a part.
const RUNS: u32 = 200;
/// Calls of the host in a run.
const CALLS: i32 = 100_000;
/// Instances that wait at the same time.
const WAITING: u32 = 1_000;

/// Measures and prints.
///
/// # Errors
/// Where something that is measured fails.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    if let Some(other) = arguments.next()? {
        return Err(other.unexpected().into());
    }
    let wasm = wat::parse_str(module())?;
    let engine = Engine::new(Config::default())?;
    let program = engine.compile(&wasm)?;
    println!("module of {} bytes, 16 pages of memory\n", wasm.len());
    println!("| what | best | median |\n|:--|--:|--:|");
    let fresh = parts(RUNS, || fresh(&program))?;
    row("instantiate, touch four pages, drop", "µs", fresh.map(|s| s * 1e6));
    #[cfg(feature = "peers")]
    row("the same on wasmi 2.0", "µs", parts(RUNS, wasmi(&wasm)?)?.map(|s| s * 1e6));
    let per_call = f64::from(CALLS);
    let (with, without) = (host_loop(true)?, host_loop(false)?);
    let [with, without] = [parts(1, with)?, parts(1, without)?];
    let call = [with[0] - without[0], with[1] - without[1]];
    row("call of the host, its loop taken off", "ns", call.map(|s| s * 1e9 / per_call));
    println!("\nan instance that waits keeps {:.1} KiB, memory never touched", waiting(&program)?);
    Ok(())
}

/// Best and median seconds of `run`, over parts of `runs` each.
fn parts(runs: u32, mut run: impl FnMut() -> Result<(), Error>) -> Result<[f64; 2], Error> {
    let mut times = Vec::new();
    for _ in 0..PARTS {
        let start = ThreadTime::now();
        for _ in 0..runs {
            run()?;
        }
        times.push(start.elapsed().as_secs_f64() / f64::from(runs));
    }
    times.sort_by(f64::total_cmp);
    Ok([times[0], times[PARTS / 2]])
}

fn row(what: &str, unit: &str, [best, median]: [f64; 2]) {
    println!("| {what} | {best:.2} {unit} | {median:.2} {unit} |");
}

/// About 100 KB of functions that are never called, and one that touches four pages.
fn module() -> String {
    let mut text = String::from("(module (memory (export \"memory\") 16 256)\n");
    text.push_str("(func (export \"touch\") ");
    for page in [0, 5, 9, 15] {
        write!(text, "(i32.store (i32.const {}) (i32.const 1)) ", page << 16).expect("a string");
    }
    text.push_str(")\n");
    for i in 0..700 {
        text.push_str("(func (param i32 i64) (result i64) ");
        for j in 0..10 {
            write!(
                text,
                "(local.set 1 (i64.add (i64.mul (local.get 1) (i64.const {})) \
                 (i64.extend_i32_u (local.get 0)))) ",
                i * 31 + j
            )
            .expect("a string");
        }
        text.push_str("(local.get 1))\n");
    }
    text.push(')');
    text
}

fn fresh(program: &Program) -> Result<(), Error> {
    let mut gas = u64::MAX;
    let mut host = dytallix::vm::NoHost;
    let mut instance = Instance::new(program, &mut host, &mut gas)?;
    instance.call(&mut host, "touch", &[], &mut gas)?;
    drop(black_box(instance));
    Ok(())
}

#[cfg(feature = "peers")]
fn wasmi(wasm: &[u8]) -> Result<impl FnMut() -> Result<(), Error>, Error> {
    let mut config = wasmi::Config::default();
    config.compilation_mode(wasmi::CompilationMode::Eager);
    let engine = wasmi::Engine::new(&config);
    let module = wasmi::Module::new(&engine, wasm)?;
    let linker = wasmi::Linker::<()>::new(&engine);
    Ok(move || {
        let mut store = wasmi::Store::new(&engine, ());
        let instance = linker.instantiate_and_start(&mut store, &module)?;
        instance.get_typed_func::<(), ()>(&store, "touch")?.call(&mut store, ())?;
        drop(black_box(store));
        Ok(())
    })
}

/// A loop around a call of the host, or around nothing.
fn host_loop(calls: bool) -> Result<impl FnMut() -> Result<(), Error>, Error> {
    let call = if calls { "(call $tick (local.get 1))" } else { "(local.get 1)" };
    let wasm = wat::parse_str(format!(
        "(module (import \"env\" \"tick\" (func $tick (param i64) (result i64)))
            (func (export \"run\") (param i32) (result i64) (local i64)
                (loop (local.set 1 (i64.add {call} (i64.const 1)))
                    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
                (local.get 1)))"
    ))?;
    let engine = Engine::new(Config::default())?;
    let program = engine.compile(&wasm)?;
    let mut table = HostTable::<()>::new();
    table.add("env", "tick", |_: &mut (), _: &mut HostCall<'_>, value: i64| Ok(value ^ 1))?;
    let mut gas = u64::MAX;
    let mut instance = Instance::new(&program, &mut table.with(&mut ()), &mut gas)?;
    Ok(move || {
        let mut gas = u64::MAX;
        instance.call(&mut table.with(&mut ()), "run", &[Value::I32(CALLS)], &mut gas)?;
        Ok(())
    })
}

/// KiB that an instance keeps resident.
fn waiting(program: &Program) -> Result<f64, Error> {
    let mut kept = Vec::with_capacity(WAITING as usize);
    let before = crate::transfer::idle::resident_kib()?;
    for _ in 0..WAITING {
        let mut gas = u64::MAX;
        kept.push(Instance::new(program, &mut dytallix::vm::NoHost, &mut gas)?);
    }
    let after = crate::transfer::idle::resident_kib()?;
    drop(kept);
    Ok(after.saturating_sub(before) as f64 / f64::from(WAITING))
}
