//! `dytallix audit`: the trail of what was decided on a chain. One file per subcommand.

mod export;
mod record;
mod verify;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::report::Report;

/// Exports the trail of what was decided on a chain, and verifies one.
#[derive(Args, Debug)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Export(export::Export),
    Verify(verify::Verify),
}

impl Audit {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        match &self.command {
            Command::Export(export) => export.execute(),
            Command::Verify(verify) => verify.execute(),
        }
    }

    /// Whether it is to print one JSON document.
    pub(crate) fn wants_json(&self) -> bool {
        match &self.command {
            Command::Export(export) => export.data.json,
            Command::Verify(verify) => verify.json,
        }
    }
}
