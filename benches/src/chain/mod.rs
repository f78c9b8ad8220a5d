//! The command `chain`: signed calls through blocks, each stage measured.
//!
//! ```text
//!   signed calls ─▶ verify ─▶ execute ─▶ commit (roots, one durable transaction)
//!                     │ on all threads     │
//!                     └── pipelined: the next block's while this one is executed and committed
//! ```
//!
//! Each block holds calls of `transfer` of a token from accounts that have sent nothing before, so
//! that no key is known and no two calls touch the same entry. Nothing is verified beforehand, all
//! receipts are looked at, and the store is a file with a durable commit for each block.

mod conflicts;
mod world;

use crate::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use world::World;

/// What is measured.
pub(crate) struct Options {
    /// Accounts in state.
    accounts: u64,
    /// Blocks that are measured.
    blocks: u64,
    /// Calls in each of them.
    calls: u64,
    /// Threads of verification and execution.
    threads: usize,
    /// Where the file is.
    dir: PathBuf,
    /// The contract.
    contract: String,
}

/// Wall time of the stages of all blocks.
#[derive(Clone, Copy, Debug, Default)]
struct Stages {
    verify: Duration,
    execute: Duration,
    commit: Duration,
    all: Duration,
}

impl Options {
    /// Parses the options; that many blocks where nothing is said.
    ///
    /// # Errors
    /// An option that is none.
    pub(crate) fn parse(mut arguments: lexopt::Parser, blocks: u64) -> Result<Options, Error> {
        use lexopt::prelude::*;
        let dir = std::env::current_exe()?.with_file_name("");
        let (accounts, calls, threads, contract) = (100_000, 1_000, 2, "token".into());
        let mut options = Options { accounts, blocks, calls, threads, dir, contract };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("accounts") => options.accounts = arguments.value()?.parse()?,
                Long("blocks") => options.blocks = arguments.value()?.parse()?,
                Long("calls") => options.calls = arguments.value()?.parse()?,
                Long("threads") => options.threads = arguments.value()?.parse()?,
                Long("dir") => options.dir = arguments.value()?.into(),
                Long("contract") => options.contract = arguments.value()?.string()?,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Signed calls a second, one stage after the other.
///
/// # Errors
/// Where a call fails.
pub(crate) fn serial_rate(options: &Options) -> Result<f64, Error> {
    let mut world = World::new(options)?;
    Ok(rate(options, serial(&mut world, options)?.all))
}

/// Measures and prints.
///
/// # Errors
/// A contract that is not there or does not do what a token does.
pub(crate) fn command(arguments: lexopt::Parser) -> Result<(), Error> {
    let options = Options::parse(arguments, 10)?;
    println!(
        "{} calls of {}.wasm a block, {} blocks, {} accounts, {} threads, ML-DSA-65, in a file",
        options.calls, options.contract, options.blocks, options.accounts, options.threads
    );
    let mut world = World::new(&options)?;
    let one_after_the_other = serial(&mut world, &options)?;
    let pipelined = pipelined(&mut world, &options)?;
    print(&options, "one stage after the other", &one_after_the_other);
    print(&options, "verification pipelined", &pipelined);
    let without = one_after_the_other.execute + one_after_the_other.commit;
    println!("without signatures: {:>8.0} calls a second", rate(&options, without));
    conflicts::measure(&options)
}

fn rate(options: &Options, time: Duration) -> f64 {
    (options.blocks * options.calls) as f64 / time.as_secs_f64()
}

fn print(options: &Options, name: &str, stages: &Stages) {
    let per_block = |time: Duration| time.as_secs_f64() * 1e3 / options.blocks as f64;
    println!("{name}: {:>8.0} calls a second", rate(options, stages.all));
    println!(
        "  ms a block: verify {:.1}, execute {:.1}, commit {:.1}, all {:.1}",
        per_block(stages.verify),
        per_block(stages.execute),
        per_block(stages.commit),
        per_block(stages.all)
    );
}

/// Verifies, executes and commits each block before the next.
fn serial(world: &mut World, options: &Options) -> Result<Stages, Error> {
    let mut stages = Stages::default();
    for _ in 0..options.blocks {
        let transactions = world.next_block(options.calls);
        let start = Instant::now();
        let verified = dytallix::chain::Verified::new(transactions, options.threads);
        stages.verify += start.elapsed();
        let (execute, commit) = world.run(&verified)?;
        stages.execute += execute;
        stages.commit += commit;
        stages.all += start.elapsed();
    }
    Ok(stages)
}

/// Verifies the next block on another thread while one is executed and committed.
fn pipelined(world: &mut World, options: &Options) -> Result<Stages, Error> {
    let blocks: Vec<_> = (0..options.blocks).map(|_| world.next_block(options.calls)).collect();
    let mut stages = Stages::default();
    let start = Instant::now();
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    let threads = options.threads;
    std::thread::scope(|scope| -> Result<(), Error> {
        scope.spawn(move || {
            for transactions in blocks {
                let start = Instant::now();
                let verified = dytallix::chain::Verified::new(transactions, threads);
                // Whoever does not listen any more has failed and says why.
                let _ = sender.send((verified, start.elapsed()));
            }
        });
        while let Ok((verified, verify)) = receiver.recv() {
            stages.verify += verify;
            let (execute, commit) = world.run(&verified)?;
            stages.execute += execute;
            stages.commit += commit;
        }
        Ok(())
    })?;
    stages.all = start.elapsed();
    Ok(stages)
}
