//! Runs the official WebAssembly test suite and prints a table by version and file.
//!
//! ```text
//! dytallix-spec-tests [--backend all|NAME,…] [--filter TEXT] [--digest] [--write-totals]
//! ```
//!
//! Backends are `stepper`, and `trampoline` and `tail`, which are the engine in its dispatch modes.
//! Several run in lockstep, without `--backend` all of them, and a directive after which they
//! differ in anything (gas, results, trap and its place, memories) has failed.
//!
//! `--digest` prints a digest of what was executed, by file and of all: every machine and every
//! backend has the same.
//!
//! The last line is `N passed, M failed, K skipped`, in directives. The exit code is 1 if a
//! directive failed, or if the numbers of directives are not those that are checked in.

use std::process::ExitCode;

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::vm::Dispatch;
use dytallix::wasm::Features;
use dytallix_spec_tests::backend::{Backend, EngineBackend, Lockstep, StepperBackend};
use dytallix_spec_tests::suite::{Report, Totals};

/// Where the totals are checked in, seen from this package.
const TOTALS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/totals.txt");

struct Options {
    backend: String,
    filter: String,
    digest: bool,
    write_totals: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        backend: "all".into(),
        filter: String::new(),
        digest: false,
        write_totals: false,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--backend" => options.backend = args.next().ok_or("--backend wants a name")?,
            "--filter" => options.filter = args.next().ok_or("--filter wants a text")?,
            "--digest" => options.digest = true,
            "--write-totals" => options.write_totals = true,
            other => return Err(format!("unknown argument {other:?}")),
        }
    }
    Ok(options)
}

/// A backend that can be asked for.
#[derive(Clone, Copy)]
enum Kind {
    Stepper,
    Engine(Dispatch),
}

impl Kind {
    fn make(self, features: Features, limits: &Limits) -> Box<dyn Backend> {
        let (limits, schedule) = (limits.clone(), GasSchedule::v1());
        match self {
            Kind::Stepper => Box::new(StepperBackend::new(features, limits, schedule)),
            Kind::Engine(dispatch) => {
                Box::new(EngineBackend::new(features, limits, schedule, dispatch))
            }
        }
    }
}

fn kinds(names: &str) -> Result<Vec<Kind>, String> {
    let names = if names == "all" { "stepper,trampoline,tail" } else { names };
    let kind = |name| match name {
        "stepper" => Ok(Kind::Stepper),
        "trampoline" => Ok(Kind::Engine(Dispatch::Trampoline)),
        "tail" => Ok(Kind::Engine(Dispatch::Tail)),
        other => Err(format!("no backend {other:?}")),
    };
    names.split(',').map(kind).collect()
}

fn run() -> Result<bool, String> {
    let options = options()?;
    let kinds = kinds(&options.backend)?;
    let report = Report::run(&options.filter, |features, limits| {
        let mut backends = kinds.iter().map(|kind| kind.make(features, limits));
        match kinds.len() {
            1 => backends.next().expect("there is one"),
            _ => Box::new(Lockstep::new(backends.collect())),
        }
    })?;
    let mut differences = Vec::new();
    if options.filter.is_empty() {
        differences = Totals::parse(Totals::CHECKED_IN)?.differences(&report.totals);
    }
    if options.write_totals {
        std::fs::write(TOTALS, report.totals.print()).map_err(|error| error.to_string())?;
    }
    for difference in &differences {
        println!("TOTALS {difference}");
    }
    if options.digest {
        println!("{}", report.digests());
    }
    println!("{report}");
    Ok(report.sums().1 == 0 && differences.is_empty())
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
