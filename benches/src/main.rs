//! Measurements: `cargo run --release -p dytallix-benches --features peers -- peers`.
//!
//! Each subcommand is a module; `kernels` is the list of programs and `engines` the list of
//! machines that run them.

mod decode;
mod engines;
mod kernels;
mod peers;
mod report;

use std::process::ExitCode;

/// What a command, an engine or a kernel reports when it cannot go on.
type Error = Box<dyn std::error::Error>;

const USAGE: &str = "\
usage: dytallix-benches <command> [options]

commands:
  peers   every engine on every kernel, interleaved, as ratios to wasmi
          --engine NAME   only this engine (repeat for more)
          --kernel NAME   only this kernel (repeat for more)
          --rounds N      measured runs of each pair (default 7)
          --json          one JSON object instead of the table
  decode FILE   how fast modules are validated and translated
  list    the names of engines and kernels in this build";

fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<(), Error> {
    let mut arguments = lexopt::Parser::from_env();
    let name = match arguments.next()? {
        Some(lexopt::Arg::Value(name)) => name.to_string_lossy().into_owned(),
        Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => {
            println!("{USAGE}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
        None => return Err(USAGE.into()),
    };
    match name.as_str() {
        "peers" => peers::command(arguments),
        "decode" => decode::command(arguments),
        "list" => {
            list();
            Ok(())
        }
        other => Err(format!("no command `{other}`\n{USAGE}").into()),
    }
}

fn list() {
    for engine in engines::all() {
        println!("engine  {}", engine.name());
    }
    for kernel in kernels::ALL {
        println!("kernel  {:14} {}", kernel.name, kernel.family);
    }
}
