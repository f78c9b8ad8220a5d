//! `dytallix init`: a chain begins.

use std::path::PathBuf;

use clap::Args;
use dytallix::chain::{Genesis, Governor};
use dytallix::{Address, Amount, Runtime};
use serde_json::json;

use crate::chain::{genesis_json, now_ms, open_failure, read_genesis};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::ledger;
use crate::report::{Paint, Report, facts};

/// The genesis beside the ledger, for people and for other nodes.
const GENESIS: &str = "genesis.json";

/// Begins a chain in a folder: height 0, with these balances.
///
/// The genesis is written to genesis.json there, from which --genesis begins the same chain
/// anywhere. A folder that has begun with the same genesis stays as it is.
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The folder of the chain, which is made where it is missing.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The genesis, as a document that `dytallix init` has written; what it leaves out is as in the
    /// version 1 of the protocol.
    #[arg(long, value_name = "FILE")]
    genesis: Option<PathBuf>,
    /// The number of the chain, which every transaction names: 1 where nothing says it.
    #[arg(long, value_name = "NUMBER")]
    chain_id: Option<u64>,
    /// What an account has at the beginning; as often as there are accounts.
    #[arg(long, value_name = "ADDRESS=AMOUNT", value_parser = balance)]
    balance: Vec<(Address, Amount)>,
    /// Who governs the chain: an account, or a contract.
    #[arg(long, value_name = "ADDRESS")]
    governor: Option<Address>,
    /// Print the genesis and make nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Init {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let genesis = self.make()?;
        let document = genesis_json(&genesis);
        let mut json = json!({
            "schema": "dytallix.init/1",
            "data": self.data.display().to_string(),
            "made": !self.dry_run,
            "genesis_hash": genesis.hash().to_string(),
            "protocol_id": genesis.protocol.id().to_string(),
            "genesis": document,
            "state_root": null,
            "app_hash": null,
        });
        if self.dry_run {
            return Ok(Report { text: format!("{document:#}\n"), json });
        }
        let file = self.data.join(GENESIS);
        let store = ledger::open_or_make(&self.data)?;
        let builder = Runtime::builder().genesis(genesis.clone());
        let runtime = builder.build(store).map_err(|e| open_failure(&e, &self.data))?;
        files::write_whole(&file, format!("{document:#}\n").as_bytes())?;
        let root = runtime.state().root().to_string();
        let text = format!("{} the chain {}\n", Paint.good("made"), genesis.chain_id);
        let text = text
            + &facts(&[
                ("genesis", genesis.hash().to_string()),
                ("protocol", genesis.protocol.id().to_string()),
                ("accounts", genesis.balances.len().to_string()),
                ("root", root.clone()),
                ("file", file.display().to_string()),
            ]);
        json["state_root"] = root.into();
        json["app_hash"] = runtime.app_hash().map(|hash| hash.to_string()).into();
        Ok(Report { text, json })
    }

    /// The genesis: of the file, where there is one, with what the command line says on top.
    fn make(&self) -> Result<Genesis, Failure> {
        let mut genesis = match &self.genesis {
            Some(path) => read_genesis(path)?,
            None => Genesis::new(1).time_ms(now_ms()),
        };
        if let Some(chain_id) = self.chain_id {
            genesis.chain_id = chain_id;
        }
        for (account, amount) in &self.balance {
            let before = genesis.balances.get(account).copied();
            if before.is_some_and(|before| before != *amount) {
                let cause = format!("there are two balances of {account}");
                return Err(Failure::new(Exit::Usage, cause).way_out("one --balance of each"));
            }
            genesis = genesis.balance(*account, *amount);
        }
        if let Some(governor) = self.governor {
            genesis.parameters.governor = Governor::Account(governor);
        }
        Ok(genesis)
    }
}

/// Reads `ADDRESS=AMOUNT`, for clap.
fn balance(text: &str) -> Result<(Address, Amount), String> {
    let (account, amount) = text.split_once('=').ok_or("it is written ADDRESS=AMOUNT")?;
    let account = account.parse::<Address>().map_err(|error| error.to_string())?;
    let amount = amount.replace('_', "").parse().map_err(|_| "the amount is a decimal number")?;
    Ok((account, Amount::new(amount)))
}
