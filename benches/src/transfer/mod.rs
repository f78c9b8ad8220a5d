//! The command `transfer`: what a token transfer costs, ours beside peers, in CPU time of one
//! thread.
//!
//! ```text
//!            ┌ warm: code translated, a fresh instance, a journaled overlay, nothing committed
//! one call ──┼ committed: the same, and what it changed becomes a block
//!            └ cold: the first call of a fresh runtime, which has to read and translate the code
//! ```
//!
//! All that take part are called in turn, round by round, so that noise falls on all alike. A round
//! is a batch of calls, since a clock of CPU time takes longer to read than part of a call.

pub(crate) mod idle;
mod ours;
mod peer;

use crate::Error;
use crate::peers::Samples;
use ours::Ours;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Accounts that hold tokens: each transfer is from the next one, to the one after it.
const HOLDERS: u64 = 1_000;
/// Parts of a measurement, each with a median.
const PARTS: usize = 10;
/// What is moved.
const AMOUNT: u128 = 3;

/// Something that moves tokens.
trait Mover {
    /// What it is, for the table.
    fn name(&self) -> String;
    /// Moves tokens `count` times, from holder number `first` to the next one and so on: the CPU
    /// time of the thread.
    fn batch(&mut self, first: u64, count: u64) -> Result<Duration, Error>;
    /// What it charges for one, in its own unit.
    fn gas(&mut self) -> Result<u64, Error>;
}

struct Options {
    contracts: PathBuf,
    rounds: u32,
    calls: u32,
    only: Option<String>,
    peers: Vec<String>,
}

/// Parses the options, measures and prints.
///
/// # Errors
/// A contract that is not there or does not do what a token does.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    use lexopt::prelude::*;
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/wasm");
    let mut options = Options { contracts, rounds: 200, calls: 100, only: None, peers: Vec::new() };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("contracts") => options.contracts = arguments.value()?.into(),
            Long("rounds") => options.rounds = arguments.value()?.parse()?,
            Long("calls") => options.calls = arguments.value()?.parse()?,
            Long("only") => options.only = Some(arguments.value()?.string()?),
            Long("peer") => options.peers.push(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.rounds == 0 || options.calls == 0 {
        return Err("at least one round of one call".into());
    }
    let tokens = ["basic_token", "token"].map(|name| (name, read(&options.contracts, name)));
    let mut movers: Vec<Box<dyn Mover>> = Vec::new();
    for (name, code) in &tokens {
        let Ok(code) = code else { continue };
        movers.push(Box::new(Ours::new(name, code, false)?));
        movers.push(Box::new(Ours::new(name, code, true)?));
    }
    for program in &options.peers {
        movers.push(Box::new(peer::Peer::start(program)?));
    }
    if let Some(only) = &options.only {
        movers.retain(|mover| mover.name() == *only);
    }
    println!("{}", table(&mut movers, &options)?);
    if options.only.is_some() {
        return Ok(());
    }
    for (name, code) in tokens {
        let code = code?;
        let first = ours::first_calls(&code, options.rounds)?;
        let (best, median) = (first.best(), first.median());
        println!(
            "first call of {name} ({} bytes), code not translated: median {:.3} ms, best {:.3} ms",
            code.len(),
            median.as_secs_f64() * 1e3,
            best.as_secs_f64() * 1e3,
        );
        println!("idle instance of {name}: {:.1} KiB resident", idle::kib_per_instance(&code)?);
    }
    Ok(())
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let path = folder.join(name).with_extension("wasm");
    std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Measures all movers in turn.
fn table(movers: &mut [Box<dyn Mover>], options: &Options) -> Result<String, Error> {
    let mut rounds = vec![Vec::new(); movers.len()];
    for round in 0..options.rounds {
        for (mover, times) in movers.iter_mut().zip(&mut rounds) {
            let count = u64::from(options.calls);
            times.push(mover.batch(u64::from(round) * count, count)?);
        }
    }
    let mut text = String::from(
        "| transfer               | median µs | quiet µs | best µs | per second and core | gas |\n\
         |:-----------------------|----------:|---------:|--------:|--------------------:|----:|\n",
    );
    for (mover, times) in movers.iter_mut().zip(rounds) {
        // The least of the medians of some parts: noise that lasts spoils parts and not all.
        let part = times.len().div_ceil(PARTS);
        let parts = times.chunks(part).map(|part| Samples::from(part.to_vec()).median());
        let quiet = parts.min().unwrap_or_default();
        let samples = Samples::from(times);
        let micros = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(options.calls);
        let (median, best) = (micros(samples.median()), micros(samples.best()));
        let quiet = micros(quiet);
        let (name, gas) = (mover.name(), mover.gas()?);
        let rate = 1e6 / quiet;
        writeln!(
            text,
            "| {name:22} | {median:>9.2} | {quiet:>8.2} | {best:>7.2} | {rate:>19.0} | {gas} |"
        )?;
    }
    Ok(text)
}
