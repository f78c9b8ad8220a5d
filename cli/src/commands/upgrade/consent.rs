//! `dytallix upgrade announce` and `approve`: what comes before an upgrade under a time lock or a
//! threshold.

use clap::Args;
use dytallix::chain::{AdminOperation, Body, operation_hash};
use dytallix::{Address, Hash};

use super::{Target, hash};
use crate::chain::{Chain, Contract, DataArgs, GivenArgs, Request, SendArgs, send};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Report;

/// Agrees to what comes later.
#[derive(Args, Debug)]
pub(super) struct Consent {
    #[command(flatten)]
    operation: Operation,
    #[command(flatten)]
    pub(super) data: DataArgs,
    #[command(flatten)]
    send: SendArgs,
}

/// What is agreed to: an operation by its hash, or an upgrade as `plan` and `apply` take it.
#[derive(Args, Debug)]
struct Operation {
    /// The contract, dyt1….
    contract: Address,
    /// The hash of the operation, which `dytallix upgrade plan` shows.
    #[arg(long, value_name = "HASH", value_parser = hash, conflicts_with_all = ["code", "script"])]
    operation: Option<Hash>,
    /// The new module, or the hash of code that the chain has.
    #[arg(long, value_name = "FILE|HASH")]
    code: Option<String>,
    #[command(flatten)]
    given: GivenArgs,
    /// The hash of code whose migration runs in place of the new code's own.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    script: Option<Hash>,
}

impl Consent {
    /// Announces an operation.
    pub(super) fn announce(&self) -> Result<Report, Failure> {
        self.send("upgrade-announce", |contract, operation| AdminOperation::Announce {
            contract,
            operation,
        })
    }

    /// Approves of an operation.
    pub(super) fn approve(&self) -> Result<Report, Failure> {
        self.send("upgrade-approve", |contract, operation| AdminOperation::Approve {
            contract,
            operation,
        })
    }

    fn send(
        &self,
        command: &'static str,
        make: impl Fn(Address, Hash) -> AdminOperation,
    ) -> Result<Report, Failure> {
        send(command, &self.data, &self.send, |chain, _| {
            let operation = self.operation.hash(chain)?;
            let more = vec![("operation_hash", operation.to_string().into())];
            let body = Body::Admin(make(self.operation.contract, operation));
            Ok(Request { body, more })
        })
    }
}

impl Operation {
    fn hash(&self, chain: &Chain) -> Result<Hash, Failure> {
        let info = Contract::find(chain.state(), &self.contract)?.info;
        match (self.operation, &self.code) {
            (Some(operation), _) => Ok(operation),
            (None, Some(code)) => {
                let (contract, code) = (self.contract, code.clone());
                let (given, script) = (self.given.clone(), self.script);
                let made = Target { contract, code, given, script }.make(chain)?;
                Ok(operation_hash(&contract, info.version, &info.admin, &made.upgrade))
            }
            (None, None) => Err(Failure::new(Exit::Usage, "it is not said what is agreed to")
                .way_out("--operation HASH, or --code FILE and the arguments of the migration")),
        }
    }
}
