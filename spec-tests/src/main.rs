//! Runs the official WebAssembly test suite and prints a table by version and file.
//!
//! ```text
//! dytallix-spec-tests [--filter TEXT] [--write-totals]
//! ```
//!
//! The last line is `N passed, M failed, K skipped`, in directives. The exit code is 1 if a directive failed, or if the
//! numbers of directives are not those that are checked in.

use std::process::ExitCode;

use dytallix::gas::GasSchedule;
use dytallix_spec_tests::backend::{Backend, StepperBackend};
use dytallix_spec_tests::suite::{Report, Totals};

/// Where the totals are checked in, seen from this package.
const TOTALS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/totals.txt");

struct Options {
    filter: String,
    write_totals: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options { filter: String::new(), write_totals: false };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--filter" => options.filter = args.next().ok_or("--filter wants a text")?,
            "--write-totals" => options.write_totals = true,
            other => return Err(format!("unknown argument {other:?}")),
        }
    }
    Ok(options)
}

fn run() -> Result<bool, String> {
    let options = options()?;
    let report = Report::run(&options.filter, |features, limits| {
        let schedule = GasSchedule::draft();
        Box::new(StepperBackend::new(features, limits.clone(), schedule)) as Box<dyn Backend>
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
