//! Measurements: `cargo run --release -p dytallix-benches --features peers -- peers`.
//!
//! Each subcommand is a module; `kernels` is the list of programs and `engines` the list of
//! machines that run them.

mod calibrate;
mod chain;
mod decode;
mod engines;
mod foreign;
mod kernels;
mod peers;
mod plan;
mod report;
mod scaling;
mod start;
mod state;
mod transfer;

use std::process::ExitCode;

/// Counts what is on the heap, for `scaling`.
#[cfg(feature = "heap")]
#[global_allocator]
static ALLOCATOR: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// What a command, an engine or a kernel reports when it cannot go on.
type Error = Box<dyn std::error::Error>;

const USAGE: &str = "\
usage: dytallix-benches <command> [options]

commands:
  peers   every engine on every kernel, interleaved, as ratios to wasmi
          --engine NAME   only this engine (repeat for more)
          --kernel NAME   only this kernel (repeat for more)
          --foreign DIR   modules that others wrote (default: benches/foreign/modules/)
          --rounds N      measured runs of each pair (default 7)
          --json          one JSON object instead of the table
  decode FILE…   how fast modules are validated and translated, with peers beside us
          --rounds N        measured runs of each (default 15)
  scaling   time of translation per byte of the worst modules, an error where it grows; memory
            too with `--features heap`
          --rounds N        measured runs of each size (default 5)
          --only NAME       only cases with this in their name (repeat for more)
  state   a block of updates on our state and on its peers, as CPU and ratios to jmt over redb
          --keys N          rows of state (repeat for more; default 100000 and 1000000)
          --contestant NAME only this store (repeat for more)
          --blocks N        blocks of 1,000 updates in a round (default 100)
          --rounds N        measured rounds (default 5), after --warm-up N blocks (default 130)
          --cache-mib N     memory for pages of redb, ours and theirs (default 1024)
          --curve           ours alone, from 100,000 to 10,000,000 keys
          --deployments     how our file grows with contracts instead: --contracts N in blocks
          --dir PATH        where files are while it runs (default: beside the program)
          --json            one JSON object instead of the tables
  calibrate   nanoseconds per gas of every operator and host function, of deployment and commitment
          --rows N          rows of state in memory and in a file (default 100000)
          --sets N          measured sets of a case (default 5), of --pairs N runs (default 7)
          --only NAME       only this function, or `operators`, `memory`, `deploy`, `commit` (repeat)
          --dir PATH        where the file is while it runs (default: beside the program)
  transfer   a token transfer through the runtime: warm, committed, cold; with peers beside it
          --rounds N        measured batches (default 200), of --calls N transfers (default 100)
          --contracts DIR   where `token.wasm` is (default: the checked-in examples)
          --only NAME       only this one
          --peer PROGRAM    beside this one of `benches/transfer-peers` (repeat for more)
  chain   signed calls of a token through blocks, by stages, and execution on several threads
          --accounts N      accounts in state (default 100000)
          --blocks N        measured blocks (default 10), of --calls N calls (default 1000)
          --threads N       threads of verification and execution (default 2)
          --contract NAME   `token` or `basic_token` (default `token`)
          --dir PATH        where the file is while it runs (default: beside the program)
  start   a fresh instance, a call of the host, and what an instance keeps that waits
  plan    the four figures of the original plan, each with what is measured; an error where missed
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
        "calibrate" => calibrate::command(arguments),
        "chain" => chain::command(arguments),
        "decode" => decode::command(arguments),
        "plan" => plan::command(arguments),
        "scaling" => scaling::command(arguments),
        "start" => start::command(arguments),
        "state" => state::command(arguments),
        state::CHILD => state::child_command(arguments),
        "transfer" => transfer::command(arguments),
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
    for kernel in kernels::all() {
        println!("kernel  {:14} {}", kernel.name, kernel.family);
    }
}
