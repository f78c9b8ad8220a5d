//! `dytallix call`: a method is called.

use clap::Args;
use dytallix::chain::Body;
use dytallix::{Address, Amount};

use crate::chain::{Contract, DataArgs, GivenArgs, Request, SendArgs, send};
use crate::failure::Failure;
use crate::report::Report;

/// Calls a method of a contract.
///
/// It is simulated first; then it is signed and becomes a block of its own. What the contract says
/// of itself decides how arguments, result, errors and events are written.
#[derive(Args, Debug)]
pub(crate) struct Call {
    /// The contract, dyt1….
    contract: Address,
    /// The method.
    method: String,
    #[command(flatten)]
    given: GivenArgs,
    /// What goes with it.
    #[arg(long, value_name = "AMOUNT", default_value_t = 0)]
    value: u128,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    send: SendArgs,
}

impl Call {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        send("call", &self.data, &self.send, |chain, _| {
            let contract = Contract::find(chain.state(), &self.contract)?;
            let arguments = contract.encode(&self.method, self.given.given())?;
            let body = Body::call(self.contract, &self.method, arguments);
            Ok(Request::of(body.value(Amount::new(self.value))))
        })
    }
}
