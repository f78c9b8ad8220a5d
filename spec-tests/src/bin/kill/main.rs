//! Kills a process with SIGKILL while it writes to a store, again and again, and looks at what it
//! leaves: every block that was acknowledged, at most the one that was in progress besides, and
//! nothing in between.
//!
//! ```text
//! kill [--kills N] [--seed N] [--folder PATH]
//! ```
//!
//! It starts itself as the process that is killed. What blocks do is a function of their heights,
//! so the roots that have to be found are those of a store in memory that ran the same blocks. The
//! last line tells how many kills there were and where they fell; the exit code is 1 where
//! something is wrong, and the folder is left then.

mod blocks;
mod child;
mod driver;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use driver::{Driver, Options};

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let folder = format!("dytallix-kill-{}", std::process::id());
    let mut options = Options { kills: 200, seed: 1, folder: std::env::temp_dir().join(folder) };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} wants a value"));
        match arg.as_str() {
            "--kills" => options.kills = value()?.parse()?,
            "--seed" => options.seed = value()?.parse()?,
            "--folder" => options.folder = PathBuf::from(value()?),
            other => return Err(format!("unknown argument {other:?}").into()),
        }
    }
    Ok(options)
}

fn run() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [first, job, folder, residence] = &args[..]
        && first == "child"
    {
        return child::run(job, Path::new(folder), residence);
    }
    Driver::run(options(args.into_iter())?)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
