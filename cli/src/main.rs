//! `dytallix`, the command line. One file per command under `commands/`; each gives a [`Report`] or
//! a [`Failure`], and only this file prints them and ends the process.

mod bytes;
mod chain;
mod commands;
mod exit;
mod failure;
mod files;
mod keystore;
mod ledger;
mod module_file;
mod names;
mod progress;
mod report;
mod values;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;
use failure::Failure;
use report::{Paint, Report};

/// Makes, builds, runs, inspects and demonstrates WebAssembly smart contracts with exact gas.
#[derive(Parser)]
#[command(name = "dytallix", version, term_width = 100)]
#[command(after_help = exit::HELP, after_long_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(commands::new::New),
    Build(commands::build::Build),
    Run(commands::run::Run),
    Inspect(commands::inspect::Inspect),
    Demo(commands::demo::Demo),
    State(commands::state::State),
    Init(commands::init::Init),
    Deploy(commands::deploy::Deploy),
    Call(commands::call::Call),
    Query(commands::query::Query),
    Transfer(commands::transfer::Transfer),
    Upgrade(commands::upgrade::Upgrade),
    Events(commands::events::Events),
    Tx(commands::tx::Tx),
    Block(commands::block::Block),
    Gas(commands::gas::Gas),
    Audit(commands::audit::Audit),
    Keys(commands::keys::Keys),
}

impl Command {
    fn execute(&self) -> Result<Report, Failure> {
        match self {
            Command::New(new) => new.execute(),
            Command::Build(build) => build.execute(),
            Command::Run(run) => run.execute(),
            Command::Inspect(inspect) => inspect.execute(),
            Command::Demo(demo) => demo.execute(),
            Command::State(state) => state.execute(),
            Command::Init(init) => init.execute(),
            Command::Deploy(deploy) => deploy.execute(),
            Command::Call(call) => call.execute(),
            Command::Query(query) => query.execute(),
            Command::Transfer(transfer) => transfer.execute(),
            Command::Upgrade(upgrade) => upgrade.execute(),
            Command::Events(events) => events.execute(),
            Command::Tx(tx) => tx.execute(),
            Command::Block(block) => block.execute(),
            Command::Gas(gas) => gas.execute(),
            Command::Audit(audit) => audit.execute(),
            Command::Keys(keys) => keys.execute(),
        }
    }

    fn wants_json(&self) -> bool {
        match self {
            Command::New(new) => new.json,
            Command::Build(build) => build.json,
            Command::Run(run) => run.json,
            Command::Inspect(inspect) => inspect.json,
            Command::Demo(demo) => demo.json,
            Command::State(state) => state.wants_json(),
            Command::Init(init) => init.json,
            Command::Deploy(deploy) => deploy.data.json,
            Command::Call(call) => call.data.json,
            Command::Query(query) => query.data.json,
            Command::Transfer(transfer) => transfer.data.json,
            Command::Upgrade(upgrade) => upgrade.wants_json(),
            Command::Events(events) => events.data.json,
            Command::Tx(tx) => tx.data.json,
            Command::Block(block) => block.data.json,
            Command::Gas(gas) => gas.wants_json(),
            Command::Audit(audit) => audit.wants_json(),
            Command::Keys(keys) => keys.wants_json(),
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(std::env::args_os().map(values::protect)) {
        Ok(cli) => cli,
        Err(error) => return not_parsed(&error).into(),
    };
    let outcome = cli.command.execute();
    match (outcome, cli.command.wants_json()) {
        (Ok(report), true) => {
            report::print(&format!("{:#}\n", report.json));
            Exit::Ok.into()
        }
        (Ok(report), false) => {
            report::print(&report.text);
            Exit::Ok.into()
        }
        (Err(failure), true) => {
            report::print(&format!("{:#}\n", failure.to_json()));
            failure.exit.into()
        }
        (Err(failure), false) => {
            report::print_error(&failure.to_text(&Paint));
            failure.exit.into()
        }
    }
}

/// A command line that is wrong, or asks for help.
fn not_parsed(error: &clap::Error) -> Exit {
    let is_wrong = error.use_stderr();
    if is_wrong && std::env::args_os().any(|arg| arg == "--json") {
        let text = error.to_string();
        let cause = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let failure = Failure::new(Exit::Usage, cause).way_out("--help shows what is possible");
        report::print(&format!("{:#}\n", failure.to_json()));
    } else {
        // A reader that has gone away is no reason to fail differently.
        let _ = error.print();
    }
    if is_wrong { Exit::Usage } else { Exit::Ok }
}
