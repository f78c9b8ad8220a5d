//! `dytallix upgrade rollback`: code that a contract has had before.

use clap::Args;
use dytallix::Address;
use dytallix::chain::{Body, Upgrade};
use dytallix::state::View;

use super::{abi_of_hash, authority, encode_migrate};
use crate::chain::{Chain, Contract, DataArgs, GivenArgs, Request, SendArgs, send};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// Gives a contract code that it has had before: the last one, or that of --to.
///
/// It is an upgrade like any other: version counts on, and the old code's migrate runs where it has
/// one, so that storage fits it.
#[derive(Args, Debug)]
pub(super) struct Rollback {
    /// The contract, dyt1….
    contract: Address,
    /// The version whose code it gets; without it the last one before now.
    #[arg(long, value_name = "VERSION")]
    to: Option<u32>,
    #[command(flatten)]
    given: GivenArgs,
    #[command(flatten)]
    pub(super) data: DataArgs,
    #[command(flatten)]
    send: SendArgs,
}

impl Rollback {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        send("upgrade-rollback", &self.data, &self.send, |chain, _| {
            let (version, code_hash) = self.target(chain)?;
            let abi = abi_of_hash(chain, &code_hash)?;
            let arguments = encode_migrate(abi.as_ref(), self.given.given())?;
            let body = Body::Upgrade(Upgrade::new(self.contract, code_hash, arguments));
            let mut more = authority::members(chain, &self.contract, &body)?;
            more.push(("to_version", version.into()));
            Ok(Request { body, more })
        })
    }

    /// The version to go back to, and its code.
    fn target(&self, chain: &Chain) -> Result<(u32, dytallix::Hash), Failure> {
        let now = Contract::find(chain.state(), &self.contract)?.info.version;
        let history = chain.state().history(&self.contract);
        let history = history.map_err(|error| chain.failure(&error.into()))?;
        // Versions count from 1, and the history has all but the one of now.
        let before = (1_u32..).zip(&history);
        let found = match self.to {
            None => before.last(),
            Some(to) => before.into_iter().find(|(version, _)| *version == to),
        };
        found.map(|(version, past)| (version, past.code_hash)).ok_or_else(|| {
            let cause = match self.to {
                Some(to) => format!("there is no version {to} before version {now}"),
                None => "the contract has had no other code".to_owned(),
            };
            Failure::new(Exit::Absent, cause)
                .at(self.contract.to_string())
                .way_out("`dytallix query` of the contract lists its versions")
        })
    }
}
