//! `dytallix gas`: what things cost. One file per subcommand.

mod replay;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::report::Report;

/// Compares what blocks cost with what they would cost.
#[derive(Args, Debug)]
pub(crate) struct Gas {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Replay(replay::Replay),
}

impl Gas {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let Command::Replay(replay) = &self.command;
        replay.execute()
    }

    /// Whether it is to print one JSON document.
    pub(crate) fn wants_json(&self) -> bool {
        let Command::Replay(replay) = &self.command;
        replay.data.json
    }
}
