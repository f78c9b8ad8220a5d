//! The command `calibrate`: nanoseconds per gas of every host function, through the runtime.
//!
//! ```text
//! cases ─▶ contracts in a world (memory, file, fresh) ─▶ full − empty, per use ─▶ table
//! ```
//!
//! Time is CPU time of the thread. The machine may be shared, so each case is measured in several
//! sets, spread over the whole run; a set is some pairs of runs and has a median; what counts is
//! the least of the medians. Noise that lasts adds to all of a set, so it spoils sets and not the
//! result.

mod callees;
mod case;
mod cases;
mod commit;
mod deploy;
mod keys;
mod operators;
mod pages;
mod table;
mod world;

use crate::Error;
use callees::Callee;
use case::{Case, Place};
use cpu_time::ThreadTime;
use dytallix::state::{DiskOptions, DiskStore};
use dytallix::{Address, MemoryStore, Store};
use std::path::PathBuf;
use table::Line;
use world::World;

/// Gas is worth a nanosecond; a use whose nanoseconds exceed its gas by more is flagged.
const MOST_NANOS_PER_GAS: f64 = 3.0;

struct Options {
    rows: u64,
    sets: u32,
    pairs: u32,
    only: Vec<String>,
    directory: Option<PathBuf>,
}

/// Parses the options, measures and prints.
///
/// # Errors
/// A case that does not succeed, and what the stores report.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    use lexopt::prelude::*;
    let mut options =
        Options { rows: 100_000, sets: 5, pairs: 7, only: Vec::new(), directory: None };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rows") => options.rows = arguments.value()?.parse()?,
            Long("sets") => options.sets = arguments.value()?.parse()?,
            Long("pairs") => options.pairs = arguments.value()?.parse()?,
            Long("only") => options.only.push(arguments.value()?.string()?),
            Long("dir") => options.directory = Some(arguments.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.sets == 0 || options.pairs == 0 {
        return Err("at least one set of one pair".into());
    }
    let beside = std::env::current_exe()?.with_file_name("calibrate");
    let directory = options.directory.clone().unwrap_or(beside);
    std::fs::create_dir_all(&directory)?;
    let result = measure(&options, &directory.join("calibrate.redb"));
    let _ = std::fs::remove_file(directory.join("calibrate.redb"));
    result
}

fn measure(options: &Options, file: &std::path::Path) -> Result<(), Error> {
    let callees = callees::all()?;
    let mut cases = cases::all(&callees)?;
    let asked = |case: &Case| options.only.iter().any(|name| case.function.name() == name);
    cases.retain(|case| options.only.is_empty() || asked(case));

    let _ = std::fs::remove_file(file);
    let disk = DiskStore::open(file, &DiskOptions::default())?;
    let mut disk = Stage::new("file", disk, options, &callees)?;
    let mut memory = Stage::new("memory", MemoryStore::new(), options, &callees)?;
    let mut fresh = fresh_stages(&cases, &callees)?;
    for case in &cases {
        match case.place {
            Place::Memory => memory.add(case)?,
            Place::Both => {
                memory.add(case)?;
                disk.add(case)?;
            }
            Place::Fresh => {}
        }
    }
    let mut speed = Vec::new();
    for set in 0..options.sets {
        eprintln!("set {} of {}", set + 1, options.sets);
        speed.push(hashing()?);
        memory.set(options.pairs)?;
        disk.set(options.pairs)?;
        for stage in &mut fresh {
            stage.set(options.pairs)?;
        }
    }
    let mut lines = memory.lines();
    lines.extend(disk.lines());
    lines.extend(fresh.iter().map(FreshStage::line));
    println!("{}", table::execution(&cases, &lines));
    println!("{}", table::speed(&speed));
    let also = |name: &str| options.only.is_empty() || options.only.iter().any(|o| o == name);
    if also("operators") {
        println!("{}", operators::measure(options.sets)?);
    }
    if also("memory") {
        println!("{}", pages::measure(options.sets, options.pairs)?);
    }
    if also("deploy") {
        println!("{}", deploy::measure(&mut memory.world, options.pairs)?);
    }
    if also("commit") {
        println!("{}", commit::measure(&mut memory.world, "memory", options.rows)?);
        println!("{}", commit::measure(&mut disk.world, "file", options.rows)?);
    }
    Ok(())
}

/// A world, the cases that are measured in it, and what was measured.
struct Stage<'c, S> {
    name: &'static str,
    world: World<S>,
    running: Vec<Running<'c>>,
}

/// A case in a world.
struct Running<'c> {
    case: &'c Case,
    contract: Address,
    /// The turn that comes next, so that no pair touches what the pair before has touched.
    next: u64,
    gas: f64,
    sets: Vec<Vec<f64>>,
}

impl<'c, S: Store> Stage<'c, S> {
    fn new(
        name: &'static str,
        store: S,
        options: &Options,
        callees: &[Callee],
    ) -> Result<Self, Error> {
        eprintln!("{name}: {} rows", options.rows);
        let mut world = World::open(store)?;
        world.found(callees)?;
        world.fill(options.rows, callees)?;
        Ok(Stage { name, world, running: Vec::new() })
    }

    fn add(&mut self, case: &'c Case) -> Result<(), Error> {
        let contract = self.world.add(case)?;
        let mut running = Running { case, contract, next: 0, gas: 0.0, sets: Vec::new() };
        // Both methods once: the code is translated, and the gas is known.
        let (_, full) = self.world.run(case, contract, "full", 0)?;
        let (_, empty) = self.world.run(case, contract, "empty", 0)?;
        running.gas = (full - empty) as f64 / case.uses as f64;
        self.running.push(running);
        Ok(())
    }

    /// Measures some pairs of every case.
    fn set(&mut self, pairs: u32) -> Result<(), Error> {
        for running in &mut self.running {
            let Running { case, contract, .. } = *running;
            let mut nanos = Vec::new();
            for _ in 0..pairs {
                let (empty, _) = self.world.run(case, contract, "empty", running.next)?;
                let (full, _) = self.world.run(case, contract, "full", running.next)?;
                running.next += case.uses;
                nanos.push(difference(case, full, empty));
            }
            running.sets.push(nanos);
        }
        Ok(())
    }

    fn lines(&self) -> Vec<Line> {
        let line =
            |running: &Running<'_>| Line::new(running.case, self.name, running.gas, &running.sets);
        self.running.iter().map(line).collect()
    }
}

/// A case that wants a runtime that has seen nothing, for each run.
struct FreshStage<'c> {
    case: &'c Case,
    store: MemoryStore,
    contract: Address,
    gas: f64,
    sets: Vec<Vec<f64>>,
}

fn fresh_stages<'c>(cases: &'c [Case], callees: &[Callee]) -> Result<Vec<FreshStage<'c>>, Error> {
    let mut world = World::open(MemoryStore::new())?;
    world.found(callees)?;
    let filled = world.runtime.store().clone();
    let mut stages = Vec::new();
    for case in cases.iter().filter(|case| case.place == Place::Fresh) {
        let mut world = World::open(filled.clone())?;
        let contract = world.add(case)?;
        let (_, full) = world.run(case, contract, "full", 0)?;
        let (_, empty) = world.run(case, contract, "empty", 0)?;
        let gas = (full - empty) as f64 / case.uses as f64;
        let store = world.runtime.store().clone();
        stages.push(FreshStage { case, store, contract, gas, sets: Vec::new() });
    }
    Ok(stages)
}

impl FreshStage<'_> {
    fn set(&mut self, pairs: u32) -> Result<(), Error> {
        let mut nanos = Vec::new();
        for _ in 0..pairs {
            let mut world = World::open(self.store.clone())?;
            // The contract itself is translated by the first run.
            world.run(self.case, self.contract, "empty", 0)?;
            let (empty, _) = world.run(self.case, self.contract, "empty", 0)?;
            let (full, _) = world.run(self.case, self.contract, "full", 0)?;
            nanos.push(difference(self.case, full, empty));
        }
        self.sets.push(nanos);
        Ok(())
    }

    fn line(&self) -> Line {
        Line::new(self.case, "fresh", self.gas, &self.sets)
    }
}

/// Nanoseconds of some hashes of 64 KiB, natively: how fast the machine is just now.
fn hashing() -> Result<Vec<f64>, Error> {
    let data = vec![7; 64 << 10];
    let mut nanos = Vec::new();
    for _ in 0..50 {
        let start = ThreadTime::try_now()?;
        std::hint::black_box(dytallix::crypto::keccak256(std::hint::black_box(&data)));
        nanos.push(start.try_elapsed()?.as_nanos() as f64);
    }
    Ok(nanos)
}

/// Nanoseconds of one use.
fn difference(case: &Case, full: std::time::Duration, empty: std::time::Duration) -> f64 {
    (full.as_nanos() as f64 - empty.as_nanos() as f64) / case.uses as f64
}
