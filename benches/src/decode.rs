//! The command `decode`: how fast modules of anybody's making are validated, and validated and
//! translated, in CPU time.
//!
//! Rates are per byte of the code section: data segments cost next to nothing and would flatter
//! them.

use crate::Error;
use cpu_time::ThreadTime;
use dytallix::Limits;
use dytallix::vm::{Config, Engine};
use dytallix::wasm::{Features, Module, SectionId};
use std::hint::black_box;
use std::sync::Arc;

/// Runs of each measurement, of which the best counts.
const ROUNDS: u32 = 15;

/// Measures each file that the arguments name.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    println!("| module | code bytes | operators | validate | ns/operator | and translate |");
    println!("|---|---:|---:|---:|---:|---:|");
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Value(file) => measure(&file.to_string_lossy())?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(())
}

fn measure(file: &str) -> Result<(), Error> {
    let bytes: Arc<[u8]> = std::fs::read(file)?.into();
    let decode = || Module::decode(bytes.clone(), &Features::ALL, &Limits::default());
    let module = decode()?;
    let sections = module.sections().filter(|section| section.id == SectionId::Code);
    let code: u32 = sections.map(|section| section.range.end - section.range.start).sum();
    let functions = 0..module.functions().len() as u32;
    let operators: usize = functions.map(|function| module.operators(function).count()).sum();
    let engine = Engine::new(Config::default())?;
    engine.compile(&bytes)?;
    let validate = best(|| drop(black_box(decode())));
    let translate = best(|| drop(black_box(engine.compile(&bytes))));
    let rate = |seconds: f64| f64::from(code) / seconds / 1e6;
    let name = file.rsplit('/').next().unwrap_or(file);
    println!(
        "| {name} | {code} | {operators} | {:.0} MB/s | {:.1} | {:.0} MB/s |",
        rate(validate),
        validate * 1e9 / operators as f64,
        rate(translate),
    );
    Ok(())
}

/// Seconds of the shortest run.
fn best(run: impl Fn()) -> f64 {
    let runs = (0..ROUNDS).map(|_| {
        let start = ThreadTime::now();
        run();
        start.elapsed().as_secs_f64()
    });
    runs.fold(f64::INFINITY, f64::min)
}
