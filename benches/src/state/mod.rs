//! The command `state`: what a block of updates costs our authenticated store and its peers.
//!
//! Each contestant lives in a process of its own, so that memory and CPU are its alone:
//!
//! ```text
//! parent ── state-child load ──→ fills a directory and ends
//!        ── state-child run  ──→ opens it, then answers line by line:
//!             "round FIRST BLOCKS" → CPU, wall, bytes and syncs of these blocks
//!             "end LAST"           → peak memory; values of the last block are checked
//!             "extras LAST"        → what only our state does; it ends then
//! ```
//!
//! A round visits every contestant in turn, one at a time, so noise from the machine falls on all
//! alike. All see the same blocks. The first round of each is a warm-up and is not reported.

mod child;
mod contestants;
mod deployments;
mod extras;
mod measure;
mod report;
mod workload;

pub(crate) use child::command as child_command;

use crate::Error;
use contestants::{ALL, Entry, OURS};
use extras::Extras;
use measure::{Cost, Words};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// The hidden subcommand under which this program measures one contestant.
pub(crate) const CHILD: &str = "state-child";

struct Options {
    keys: Vec<u64>,
    blocks: u64,
    warm_up: u64,
    rounds: u64,
    contestants: Vec<String>,
    cache_bytes: usize,
    directory: Option<PathBuf>,
    json: bool,
    /// Contracts to deploy, where that is to be measured instead.
    deployments: Option<u64>,
}

/// What one contestant did with one size of state.
pub(crate) struct Column {
    /// Whose.
    pub(crate) entry: &'static Entry,
    /// The measured rounds.
    pub(crate) rounds: Vec<Round>,
    /// What it cost to open the loaded store.
    pub(crate) open: Cost,
    /// Peak resident memory of the process that ran the blocks, in KiB.
    pub(crate) peak_kib: u64,
    /// Allocated size of its files at the end, in bytes.
    pub(crate) size_bytes: u64,
    /// What only our state does.
    pub(crate) extras: Option<Extras>,
}

/// A run of blocks.
pub(crate) struct Round {
    /// Of all its blocks.
    pub(crate) cost: Cost,
    /// Syncs in all its blocks.
    pub(crate) syncs: u64,
}

/// All contestants on one size of state.
pub(crate) struct Table {
    /// Rows of the state.
    pub(crate) keys: u64,
    /// Blocks in a round.
    pub(crate) blocks: u64,
    /// One for each contestant.
    pub(crate) columns: Vec<Column>,
}

/// Sizes of state for the option `--curve`.
const CURVE: [u64; 5] = [100_000, 300_000, 1_000_000, 3_000_000, 10_000_000];

impl Options {
    fn directory(&self) -> Result<PathBuf, Error> {
        Ok(match &self.directory {
            Some(directory) => directory.clone(),
            // Beside the program is a disk; the directory for temporary files may be memory.
            None => std::env::current_exe()?.with_file_name("state-bench-data"),
        })
    }
}

/// Parses the options, measures and prints.
///
/// # Errors
/// Unknown names, a contestant that fails, or values that are not those that were written.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    use lexopt::prelude::*;
    let mut options = Options {
        keys: vec![],
        blocks: 100,
        // All 128 heights are at hand then.
        warm_up: 130,
        rounds: 5,
        contestants: vec![],
        cache_bytes: 1 << 30,
        directory: None,
        json: false,
        deployments: None,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("keys") => options.keys.push(arguments.value()?.parse()?),
            Long("blocks") => options.blocks = arguments.value()?.parse()?,
            Long("warm-up") => options.warm_up = arguments.value()?.parse()?,
            Long("rounds") => options.rounds = arguments.value()?.parse()?,
            Long("contestant") => options.contestants.push(arguments.value()?.string()?),
            Long("cache-mib") => {
                options.cache_bytes = arguments.value()?.parse::<usize>()? << 20;
            }
            Long("curve") => {
                options.keys.extend(CURVE);
                options.contestants.extend(OURS.map(str::to_owned));
            }
            Long("deployments") => _ = options.deployments.get_or_insert(100_000),
            Long("contracts") => options.deployments = Some(arguments.value()?.parse()?),
            Long("dir") => options.directory = Some(arguments.value()?.into()),
            Long("json") => options.json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    if options.keys.is_empty() {
        options.keys = vec![100_000, 1_000_000];
    }
    if let Some(contracts) = options.deployments {
        let scratch = Scratch(options.directory()?.join("deployments"));
        println!("{}", deployments::measure(&scratch.0, contracts, options.cache_bytes)?);
        return Ok(());
    }
    let tables = measure_all(&options)?;
    let text = if options.json { report::json(&tables) } else { report::table(&tables) };
    println!("{text}");
    Ok(())
}

fn measure_all(options: &Options) -> Result<Vec<Table>, Error> {
    if options.blocks == 0 || options.rounds == 0 {
        return Err("at least one round of at least one block".into());
    }
    let fewest = contestants::UPDATES as u64;
    if options.keys.iter().any(|&keys| keys < fewest) {
        return Err(format!("at least {fewest} keys, the updates of a block").into());
    }
    let entries = select(&options.contestants)?;
    let directory = options.directory()?;
    let mut tables = Vec::new();
    for &keys in &options.keys {
        let scratch = Scratch(directory.join(keys.to_string()));
        tables.push(measure(options, keys, &entries, &scratch.0)?);
    }
    Ok(tables)
}

/// The contestants that were asked for by name, or all if none was.
fn select(names: &[String]) -> Result<Vec<&'static Entry>, Error> {
    if let Some(unknown) = names.iter().find(|&name| ALL.iter().all(|entry| entry.name != name)) {
        let known: Vec<_> = ALL.iter().map(|entry| entry.name).collect();
        return Err(format!("no contestant `{unknown}`, only {}", known.join(", ")).into());
    }
    let wanted = |entry: &&Entry| names.is_empty() || names.iter().any(|name| name == entry.name);
    Ok(ALL.iter().filter(wanted).collect())
}

/// A directory of this run, removed when the run ends, also when it ends early.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing can be done about files that cannot be removed, and nothing depends on it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn measure(
    options: &Options,
    keys: u64,
    entries: &[&'static Entry],
    directory: &Path,
) -> Result<Table, Error> {
    let mut runners = Vec::new();
    for &entry in entries {
        let home = directory.join(entry.name);
        // A run that was killed leaves its files behind.
        if home.exists() {
            std::fs::remove_dir_all(&home)?;
        }
        std::fs::create_dir_all(&home)?;
        eprintln!("{}: loading {keys} keys", entry.name);
        let cache_bytes = options.cache_bytes;
        Runner::start("load", entry, [keys, cache_bytes as u64], home.clone())?.finish()?;
        runners.push(Runner::start("run", entry, [keys, cache_bytes as u64], home)?);
    }
    let mut columns = Vec::new();
    for runner in &mut runners {
        let open = runner.answer()?.cost()?;
        let entry = runner.entry;
        let (rounds, extras) = (Vec::new(), None);
        columns.push(Column { entry, rounds, open, peak_kib: 0, size_bytes: 0, extras });
    }
    let mut next_block = 1;
    for round in 0..=options.rounds {
        let blocks = if round == 0 { options.warm_up } else { options.blocks };
        eprintln!("round {round} of {}: {blocks} blocks", options.rounds);
        for (runner, column) in runners.iter_mut().zip(&mut columns) {
            let answer = runner.ask(&format!("round {next_block} {blocks}"))?;
            if round > 0 {
                let (cost, syncs) = (answer.cost()?, answer.value("syncs")?);
                column.rounds.push(Round { cost, syncs });
            }
        }
        next_block += blocks;
    }
    for (mut runner, column) in runners.into_iter().zip(&mut columns) {
        column.peak_kib = runner.ask(&format!("end {}", next_block - 1))?.value("peak_kib")?;
        column.size_bytes = allocated_bytes(&runner.home)?;
        if OURS.contains(&runner.entry.name) {
            let answer = runner.ask(&format!("extras {}", next_block - 1))?;
            column.extras = Some(Extras::parse(&answer)?);
        }
        runner.finish()?;
    }
    Ok(Table { keys, blocks: options.blocks, columns })
}

/// Bytes that the files of a directory occupy: nomt's hash table is mostly holes.
fn allocated_bytes(directory: &Path) -> Result<u64, Error> {
    use std::os::unix::fs::MetadataExt;
    let mut sum = 0;
    for file in std::fs::read_dir(directory)? {
        let file = file?;
        let metadata = file.metadata()?;
        sum += if metadata.is_dir() {
            allocated_bytes(&file.path())?
        } else {
            metadata.blocks() * 512
        };
    }
    Ok(sum)
}

/// A child process with one contestant in it.
struct Runner {
    entry: &'static Entry,
    home: PathBuf,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Runner {
    /// `numbers` are the keys and the bytes of cache.
    fn start(
        phase: &str,
        entry: &'static Entry,
        numbers: [u64; 2],
        home: PathBuf,
    ) -> Result<Self, Error> {
        let mut process = Command::new(std::env::current_exe()?)
            .args([CHILD, phase, entry.name])
            .args(numbers.map(|number| number.to_string()))
            .arg(&home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take().ok_or("the child has no input")?;
        let output = BufReader::new(process.stdout.take().ok_or("the child has no output")?);
        Ok(Self { entry, home, process, input, output })
    }

    fn ask(&mut self, line: &str) -> Result<Words, Error> {
        writeln!(self.input, "{line}")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Words, Error> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(format!("{} ended early", self.entry.name).into());
        }
        Ok(Words::new(&line))
    }

    /// Closes the child's input, at which it ends.
    fn finish(self) -> Result<(), Error> {
        let Self { entry, mut process, input, output, .. } = self;
        drop((input, output));
        let status = process.wait()?;
        if status.success() { Ok(()) } else { Err(format!("{}: {status}", entry.name).into()) }
    }
}

/// The middle of some durations, zero of none.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
