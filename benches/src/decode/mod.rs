//! The command `decode`: how fast modules of anybody's making are validated, and validated and
//! translated, by us and by the peers of this build, in CPU time.
//!
//! A round lets everybody read the module in turn, so noise from the machine falls on all alike;
//! the best of all rounds counts. Rates are per byte of the file; the line above the table has the
//! code section and what our validation takes per operator, since data segments cost next to
//! nothing and flatter every rate.

#[cfg(feature = "peers")]
mod peers;

use crate::Error;
use cpu_time::ThreadTime;
use dytallix::Limits;
use dytallix::vm::{Config, Engine};
use dytallix::wasm::{Features, Module, SectionId};
use std::hint::black_box;
use std::sync::Arc;

/// Runs of each measurement, of which the best counts.
const ROUNDS: u32 = 15;

/// How far a module is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Every function is validated, none is translated.
    Validated,
    /// Every function is validated and translated.
    Translated,
}

/// Somebody who reads modules.
struct Contestant {
    name: &'static str,
    depth: Depth,
    /// Reads the module once: the seconds of thread time that it took. What it made is dropped, and
    /// what it needs beforehand is made, while nothing is measured.
    read: fn(&Arc<[u8]>) -> Result<f64, Error>,
}

/// Everybody in this build, ours first at either depth.
const CONTESTANTS: &[Contestant] = &[
    Contestant { name: "dytallix", depth: Depth::Validated, read: validate },
    #[cfg(feature = "peers")]
    Contestant { name: "wasmi 2.0, lazy", depth: Depth::Validated, read: peers::wasmi_lazy },
    Contestant { name: "dytallix", depth: Depth::Translated, read: translate },
    #[cfg(feature = "peers")]
    Contestant { name: "wasmi 1.1, eager", depth: Depth::Translated, read: peers::wasmi1_eager },
    #[cfg(feature = "peers")]
    Contestant { name: "wasmi 2.0, eager", depth: Depth::Translated, read: peers::wasmi_eager },
];

/// Measures each file that the arguments name.
///
/// # Errors
/// A file that cannot be read, or that somebody refuses.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    use lexopt::prelude::*;
    let (mut files, mut rounds) = (Vec::new(), ROUNDS);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => rounds = arguments.value()?.parse()?,
            Value(file) => files.push(file.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() || rounds == 0 {
        return Err(
            "files and at least one round; benches/foreign/fetch.sh has large modules".into()
        );
    }
    for file in &files {
        measure(file, rounds)?;
    }
    Ok(())
}

fn measure(file: &str, rounds: u32) -> Result<(), Error> {
    let bytes: Arc<[u8]> = std::fs::read(file)?.into();
    let mut best = vec![f64::INFINITY; CONTESTANTS.len()];
    for _ in 0..rounds {
        for (contestant, best) in CONTESTANTS.iter().zip(&mut best) {
            let fail = |error| format!("{} on {file}: {error}", contestant.name);
            *best = best.min((contestant.read)(&bytes).map_err(fail)?);
        }
    }
    describe(file, &bytes, best[0])?;
    println!("| who | what | ms | MB/s | of our time |\n|:--|:--|--:|--:|--:|");
    let mut ours = f64::NAN;
    for (Contestant { name, depth, .. }, seconds) in CONTESTANTS.iter().zip(best) {
        let what = match depth {
            Depth::Validated => "validate",
            Depth::Translated => "validate and translate",
        };
        if *name == "dytallix" {
            ours = seconds;
        }
        let (rate, ratio) = (bytes.len() as f64 / seconds / 1e6, seconds / ours);
        println!("| {name} | {what} | {:.2} | {rate:.0} | {ratio:.2} |", seconds * 1e3);
    }
    println!();
    Ok(())
}

/// A line of what the file is.
fn describe(file: &str, bytes: &Arc<[u8]>, validated: f64) -> Result<(), Error> {
    let module = Module::decode(bytes.clone(), &Features::ALL, &Limits::default())?;
    let sections = module.sections().filter(|section| section.id == SectionId::Code);
    let code: u32 = sections.map(|section| section.range.end - section.range.start).sum();
    let functions = 0..module.functions().len() as u32;
    let operators: usize = functions.map(|function| module.operators(function).count()).sum();
    let name = file.rsplit('/').next().unwrap_or(file);
    println!(
        "{name}: {} bytes, {code} of code, {operators} operators of {:.1} ns to validate\n",
        bytes.len(),
        validated * 1e9 / operators as f64,
    );
    Ok(())
}

/// Seconds of thread time that `run` took, what it made being dropped afterwards.
fn time<T, E: Into<Error>>(run: impl FnOnce() -> Result<T, E>) -> Result<f64, Error> {
    let start = ThreadTime::try_now()?;
    let made = black_box(run().map_err(Into::into)?);
    let seconds = start.try_elapsed()?.as_secs_f64();
    drop(made);
    Ok(seconds)
}

fn validate(bytes: &Arc<[u8]>) -> Result<f64, Error> {
    time(|| Module::decode(bytes.clone(), &Features::ALL, &Limits::default()))
}

fn translate(bytes: &Arc<[u8]>) -> Result<f64, Error> {
    let engine = Engine::new(Config::default())?;
    time(|| engine.compile(bytes))
}
