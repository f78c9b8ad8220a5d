//! The command `peers`: all engines in one process on the same bytes, round-robin, in CPU time.
//!
//! A round visits every kernel, and for each kernel every engine in turn, so noise from the machine
//! falls on all alike. Each run's checksum is compared between engines; a difference ends the
//! measurement.

use crate::engines::{self, Engine, Loaded};
use crate::kernels::{self, Kernel};
use crate::{Error, foreign, report};
use cpu_time::ThreadTime;
use std::path::PathBuf;
use std::time::Duration;

/// The measured runs of one engine on one kernel.
pub(crate) struct Samples(Vec<Duration>);

impl From<Vec<Duration>> for Samples {
    fn from(runs: Vec<Duration>) -> Self {
        Self(runs)
    }
}

impl Samples {
    /// The shortest run: what the engine needs when nothing disturbs it.
    pub(crate) fn best(&self) -> Duration {
        self.0.iter().copied().min().unwrap_or_default()
    }

    /// The middle run.
    pub(crate) fn median(&self) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}

/// What a measurement found: `samples[kernel][engine]`.
pub(crate) struct Results {
    /// Column names.
    pub(crate) engines: Vec<&'static str>,
    /// Rows.
    pub(crate) kernels: Vec<Kernel>,
    /// The runs.
    pub(crate) samples: Vec<Vec<Samples>>,
    /// How many runs each pair has.
    pub(crate) rounds: u32,
}

struct Options {
    engines: Vec<String>,
    kernels: Vec<String>,
    foreign: PathBuf,
    rounds: u32,
    json: bool,
}

/// Parses the options, measures and prints.
///
/// # Errors
/// Unknown names, an engine that fails, or checksums that differ.
pub(crate) fn command(mut arguments: lexopt::Parser) -> Result<(), Error> {
    use lexopt::prelude::*;
    let foreign = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/foreign/modules"));
    let mut options = Options { engines: vec![], kernels: vec![], foreign, rounds: 7, json: false };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("engine") => options.engines.push(arguments.value()?.string()?),
            Long("kernel") => options.kernels.push(arguments.value()?.string()?),
            Long("foreign") => options.foreign = arguments.value()?.into(),
            Long("rounds") => options.rounds = arguments.value()?.parse()?,
            Long("json") => options.json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let results = measure(&options)?;
    let text = if options.json { report::json(&results) } else { report::table(&results) };
    println!("{text}");
    Ok(())
}

/// The items that were asked for by name, or all if none was.
fn select<T>(all: Vec<T>, names: &[String], name: impl Fn(&T) -> &str) -> Result<Vec<T>, Error> {
    if let Some(unknown) = names.iter().find(|wanted| all.iter().all(|item| name(item) != *wanted))
    {
        return Err(format!("no `{unknown}` in this build; see the command `list`").into());
    }
    let wanted = |item: &T| names.is_empty() || names.iter().any(|wanted| wanted == name(item));
    Ok(all.into_iter().filter(wanted).collect())
}

fn measure(options: &Options) -> Result<Results, Error> {
    let engines = select(engines::all(), &options.engines, |engine| engine.name())?;
    let (foreign, missing) = foreign::kernels(&options.foreign);
    if !missing.is_empty() {
        let missing = missing.join(", ");
        eprintln!("without {missing}: benches/foreign/fetch.sh fetches modules that others wrote");
    }
    let all = kernels::all().into_iter().chain(foreign).collect();
    let kernels = select(all, &options.kernels, |kernel: &Kernel| kernel.name)?;
    if engines.is_empty() {
        return Err("no engine in this build; add `--features peers`".into());
    }
    if options.rounds == 0 {
        return Err("at least one round".into());
    }
    let mut rows = Vec::new();
    for kernel in &kernels {
        rows.push(Row::load(kernel, &engines)?);
    }
    for _ in 0..options.rounds {
        for row in &mut rows {
            row.round()?;
        }
    }
    let samples = rows.into_iter().map(|row| row.samples).collect();
    Ok(Results {
        engines: engines.iter().map(|engine| engine.name()).collect(),
        kernels,
        samples,
        rounds: options.rounds,
    })
}

/// One kernel loaded into every engine.
struct Row<'k> {
    kernel: &'k Kernel,
    checksum: i64,
    /// None where a peer does not run a module that others wrote.
    loaded: Vec<(&'static str, Option<Box<dyn Loaded>>)>,
    samples: Vec<Samples>,
}

impl<'k> Row<'k> {
    /// Loads the kernel everywhere and runs it once: lazy work is done and the checksums agree.
    fn load(kernel: &'k Kernel, engines: &[Box<dyn Engine>]) -> Result<Self, Error> {
        let mut row = Self { kernel, checksum: 0, loaded: Vec::new(), samples: Vec::new() };
        for engine in engines {
            let loaded = match row.load_on(&**engine) {
                Ok(loaded) => Some(loaded),
                Err(error) => {
                    let text = format!("{} on {}: {error}", engine.name(), kernel.name);
                    // What we wrote runs everywhere, and everything runs on ours.
                    if kernel.driver.is_none() || row.loaded.is_empty() {
                        return Err(text.into());
                    }
                    eprintln!("left out: {text}");
                    None
                }
            };
            row.loaded.push((engine.name(), loaded));
            row.samples.push(Samples::from(Vec::new()));
        }
        Ok(row)
    }

    fn load_on(&mut self, engine: &dyn Engine) -> Result<Box<dyn Loaded>, Error> {
        let mut loaded = self.kernel.load(engine)?;
        let checksum = loaded.run(self.kernel.size)?;
        if self.loaded.is_empty() {
            self.checksum = checksum;
        }
        self.check(engine.name(), checksum)?;
        Ok(loaded)
    }

    fn round(&mut self) -> Result<(), Error> {
        for index in 0..self.loaded.len() {
            let (name, Some(loaded)) = &mut self.loaded[index] else { continue };
            let name = *name;
            let start = ThreadTime::try_now()?;
            let checksum = loaded.run(self.kernel.size)?;
            self.samples[index].0.push(start.try_elapsed()?);
            self.check(name, checksum)?;
        }
        Ok(())
    }

    fn check(&self, engine: &str, checksum: i64) -> Result<(), Error> {
        if checksum == self.checksum {
            return Ok(());
        }
        let kernel = self.kernel.name;
        Err(format!("{kernel}: {engine} returned {checksum}, others {}", self.checksum).into())
    }
}
