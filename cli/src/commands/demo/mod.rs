//! `dytallix demo`: a chain from its genesis on, with contracts, a vote, failures, an upgrade, a
//! restart, proofs and a replay. A model says what has to come out; another outcome is a failure.
//!
//! ```text
//!   people   accounts with ML-DSA keys of the seed
//!   stage    the chain: blocks, receipts against what was expected, restart
//!   model    balances and sums, in a few lines
//!   acts     token · votes · upgrade: transactions and what has to come of them
//!   verify   proofs by the standalone verifier, replay on a fresh store, conservation of money
//!   show     text and JSON
//! ```

mod acts;
mod model;
mod people;
mod show;
mod stage;
mod verify;

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::module_file;
use crate::report::Report;
use acts::Contracts;
use people::People;
use stage::Stage;

/// Plays a chain: deploys, transfers, votes, fails, upgrades, restarts, proves and replays.
///
/// Everything is signed with ML-DSA-65 and committed durably, block by block. The store is closed
/// and opened in the middle; at the end all blocks are executed again on a fresh store, to the same
/// roots. A receipt or balance that is not what a model says ends the demo with exit code 1.
///
/// With --data the chain stays, and the next demo with the same --seed and --accounts goes on from
/// there with new contracts.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// How many accounts take part.
    #[arg(long, value_name = "COUNT", default_value_t = 4,
        value_parser = clap::value_parser!(u32).range(3..=500))]
    accounts: u32,
    /// What keys and amounts follow from.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Another token with the methods of examples/basic_token.rs.
    #[arg(long, value_name = "FILE")]
    contract: Option<PathBuf>,
    /// Keep the chain in this folder.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Demo {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let token = match &self.contract {
            Some(path) => {
                let code = module_file::read(path)?;
                crate::chain::check_code(&code)?;
                code
            }
            None => acts::TOKEN.to_vec(),
        };
        let people = People::new(self.accounts, self.seed)?;
        let mut stage = Stage::open(self.data.as_deref(), people)?;
        let contracts = Contracts::of(&stage, token);
        acts::deploy(&mut stage, &contracts)?;
        acts::transfers(&mut stage, &contracts)?;
        acts::overdraft_and_sums(&mut stage, &contracts)?;
        let proposals = acts::propose(&mut stage, &contracts)?;
        acts::vote(&mut stage, &contracts, proposals)?;
        stage.restart()?;
        acts::execute_proposals(&mut stage, &contracts, proposals)?;
        acts::upgrade(&mut stage, &contracts)?;
        let proofs = verify::proofs(&mut stage, &contracts)?;
        verify::money(&stage)?;
        let replayed = verify::replay(&stage)?;
        Ok(show::report(self, &stage, &contracts, &proofs, &replayed))
    }
}
