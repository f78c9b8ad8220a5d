//! `dytallix query`: an account, a contract, a value of its storage, or what a view says.

mod account;
mod storage;
mod view;

use std::path::PathBuf;

use clap::Args;
use dytallix::Address;
use dytallix::state::StateKey;

use crate::chain::{Chain, DataArgs};
use crate::commands::state::proof_document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::ledger;
use crate::report::Report;
use crate::values;

/// Shows an account or a contract; with a key a value of its storage, with --method what a view
/// says.
///
/// A key is that of a storage handle of the contract: handle, handle[KEY] or handle.len; or bytes
/// as 0x…. What is not there ends with exit code 5. A view that fails ends with exit code 10.
#[derive(Args, Debug)]
pub(crate) struct Query {
    /// The account or contract, dyt1….
    address: Address,
    /// A key of the contract's storage; with --method the arguments, as `dytallix call` takes them.
    #[arg(value_name = "KEY|ARGS", allow_negative_numbers = true,
        value_parser = values::unprotect)]
    rest: Vec<String>,
    /// The method to call, without a transaction: it can change nothing.
    #[arg(long, value_name = "NAME")]
    method: Option<String>,
    /// The arguments of the method as JSON.
    #[arg(long, value_name = "JSON", requires = "method", conflicts_with = "rest")]
    args_json: Option<String>,
    /// The arguments of the method in their encoding.
    #[arg(long, value_name = "HEX", requires = "method", conflicts_with_all = ["rest", "args_json"])]
    args_hex: Option<String>,
    /// Who calls the method; nobody in particular where it is not said.
    #[arg(long, value_name = "ADDRESS", requires = "method")]
    caller: Option<Address>,
    /// At most that much gas for the method; without it what a transaction may use.
    #[arg(long, value_name = "GAS", requires = "method")]
    gas_limit: Option<u64>,
    /// The height to look at, which has to be retained; without it the last one.
    #[arg(long, value_name = "HEIGHT", conflicts_with = "method")]
    height: Option<u64>,
    /// Write a proof of what is there to this file, for `dytallix state verify-proof`.
    #[arg(long, value_name = "FILE", conflicts_with = "method")]
    proof: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

impl Query {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let mut chain = self.data.open()?;
        match (&self.method, &self.rest[..]) {
            (Some(method), _) => view::execute(self, &mut chain, method),
            (None, []) => account::execute(self, &mut chain),
            (None, [key]) => storage::execute(self, &mut chain, key),
            (None, _) => Err(Failure::new(Exit::Usage, "there is more than one key")
                .way_out("one key, or --method NAME for arguments")),
        }
    }

    /// Writes the proof of what is at a place, where it is asked for.
    fn prove(&self, chain: &mut Chain, key: StateKey<'_>) -> Result<Option<String>, Failure> {
        let Some(path) = &self.proof else { return Ok(None) };
        let height = self.height.map_or(chain.height(), dytallix::Height::new);
        let proof = chain.runtime.state_mut().prove(height, key);
        let proof = proof.map_err(|error| ledger::failure(&error, &chain.folder))?;
        let document = proof_document(&proof, None);
        files::write_whole(path, format!("{document:#}\n").as_bytes())?;
        Ok(Some(path.display().to_string()))
    }
}
