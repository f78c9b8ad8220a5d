//! `dytallix upgrade`: other code for a contract. One file per subcommand, and what they share.

mod authority;
mod consent;
mod invariant;
mod plan;
mod rollback;

use std::path::Path;

use clap::{Args, Subcommand};
use dytallix::abi::{Abi, MethodKind};
use dytallix::chain::{Body, Upgrade as Replacement};
use dytallix::primitives::Domain;
use dytallix::state::View;
use dytallix::{Address, Hash};

use crate::bytes::parse_hash;
use crate::chain::{
    Abis, Chain, DataArgs, Given, GivenArgs, Request, SendArgs, abi_of_code, check_code, send,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::module_file;
use crate::report::Report;

/// Plans, makes and takes back upgrades of contracts, and announces or approves of them.
#[derive(Args, Debug)]
pub(crate) struct Upgrade {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Plan(plan::Plan),
    Apply(Apply),
    Rollback(rollback::Rollback),
    /// Announces an upgrade, for a contract whose admin is a time lock.
    Announce(consent::Consent),
    /// Approves of an upgrade, for a contract whose admin is a threshold.
    Approve(consent::Consent),
}

/// Gives a contract other code and runs its migration, all or nothing.
///
/// Code that the chain does not have yet is uploaded in the same transaction.
#[derive(Args, Debug)]
pub(crate) struct Apply {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    send: SendArgs,
}

/// Which contract is to have which code, and how it migrates.
#[derive(Args, Debug)]
struct Target {
    /// The contract, dyt1….
    contract: Address,
    /// The new module, in binary or text form; or the hash of code that the chain has.
    #[arg(long, value_name = "FILE|HASH")]
    code: String,
    #[command(flatten)]
    given: GivenArgs,
    /// The hash of code that the chain has, whose migration runs in place of the new code's own.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    script: Option<Hash>,
}

/// An upgrade as a transaction has it.
struct Made {
    /// The upgrade alone: what admins announce and approve of.
    upgrade: Body,
    /// The same with the upload of what is not there.
    body: Body,
    /// What the new code says of itself.
    abi: Option<Abi>,
}

impl Upgrade {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        match &self.command {
            Command::Plan(plan) => plan.execute(),
            Command::Apply(apply) => apply.execute(),
            Command::Rollback(rollback) => rollback.execute(),
            Command::Announce(announce) => announce.announce(),
            Command::Approve(approve) => approve.approve(),
        }
    }

    /// Whether it is to print one JSON document.
    pub(crate) fn wants_json(&self) -> bool {
        match &self.command {
            Command::Plan(plan) => plan.data.json,
            Command::Apply(apply) => apply.data.json,
            Command::Rollback(rollback) => rollback.data.json,
            Command::Announce(announce) => announce.data.json,
            Command::Approve(approve) => approve.data.json,
        }
    }
}

impl Apply {
    fn execute(&self) -> Result<Report, Failure> {
        send("upgrade-apply", &self.data, &self.send, |chain, _| {
            let made = self.target.make(chain)?;
            let more = authority::members(chain, &self.target.contract, &made.upgrade)?;
            Ok(Request { body: made.body, more })
        })
    }
}

impl Target {
    /// The upgrade as a transaction has it.
    fn make(&self, chain: &Chain) -> Result<Made, Failure> {
        let path = Path::new(&self.code);
        let known = parse_hash(&self.code).filter(|_| !path.exists()).map(Hash::from_bytes);
        let (hash, abi, upload) = match known {
            Some(hash) => (hash, abi_of_hash(chain, &hash)?, None),
            None => {
                let code = module_file::read(path)?;
                check_code(&code)?;
                let hash = Hash::of(Domain::Code, &[&code]);
                let abi = abi_of_code(&code);
                (hash, abi, Some(Body::Upload { code: code.into() }))
            }
        };
        let is_there = chain.state().code_info(&hash).map_err(|e| chain.failure(&e.into()))?;
        let upload = upload.filter(|_| is_there.is_none());
        let upgrade = match &self.script {
            None => {
                let arguments = encode_migrate(abi.as_ref(), self.given.given())?;
                Replacement::new(self.contract, hash, arguments)
            }
            Some(script) => {
                let of_script = abi_of_hash(chain, script)?;
                let arguments = encode_migrate(of_script.as_ref(), self.given.given())?;
                Replacement::new(self.contract, hash, []).script(*script, arguments)
            }
        };
        let upgrade = Body::Upgrade(upgrade);
        let body = match upload {
            Some(upload) => Body::Batch(vec![upload, upgrade.clone()]),
            None => upgrade.clone(),
        };
        Ok(Made { upgrade, body, abi })
    }
}

/// What code of the chain says of itself, if the chain has it.
fn abi_of_hash(chain: &Chain, hash: &Hash) -> Result<Option<Abi>, Failure> {
    let info = chain.state().code_info(hash).map_err(|error| chain.failure(&error.into()))?;
    if info.is_none() {
        return Err(Failure::new(Exit::Absent, format!("the chain has no code {hash}"))
            .way_out("the module itself, as a file"));
    }
    Ok(Abis::new(chain.state()).of_code(hash).map(|abi| abi.as_ref().clone()))
}

/// The encoded arguments of `migrate`; the version of the old layout comes from the chain.
fn encode_migrate(abi: Option<&Abi>, given: Given<'_>) -> Result<Vec<u8>, Failure> {
    let Some(abi) = abi else { return given.encode_unknown() };
    let migrate = abi.methods.iter().find(|method| matches!(method.kind, MethodKind::Migrate));
    match migrate {
        Some(migrate) => given.encode(abi, &migrate.params),
        None if given.is_empty() => Ok(Vec::new()),
        None => Err(Failure::new(Exit::Usage, "the code has no migrate that takes arguments")
            .way_out("no arguments")),
    }
}

/// Reads a hash, for clap.
fn hash(text: &str) -> Result<Hash, String> {
    let bytes = parse_hash(text).ok_or("a hash has 64 hexadecimal digits")?;
    Ok(Hash::from_bytes(bytes))
}
