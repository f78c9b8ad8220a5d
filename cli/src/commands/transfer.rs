//! `dytallix transfer`: value moves.

use clap::Args;
use dytallix::chain::Body;
use dytallix::{Address, Amount};

use crate::chain::{DataArgs, Request, SendArgs, send};
use crate::failure::Failure;
use crate::report::Report;

/// Moves value to an account; to a contract only where its code receives value.
///
/// It is simulated first; then it is signed and becomes a block of its own.
#[derive(Args, Debug)]
pub(crate) struct Transfer {
    /// To whom, dyt1….
    to: Address,
    /// How much.
    amount: u128,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    send: SendArgs,
}

impl Transfer {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let body = Body::transfer(self.to, Amount::new(self.amount));
        send("transfer", &self.data, &self.send, |_, _| Ok(Request::of(body)))
    }
}
