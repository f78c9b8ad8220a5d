//! The chain in a folder: opened, asked, and one block longer where a command sends something.
//!
//! ```text
//!   DataArgs ──▶ Chain ──▶ open block ──▶ Send: simulate ─▶ sign ─▶ execute ─▶ commit
//!                  │                        │
//!                  ▼                        ▼
//!               Contract: its ABI        receipt: text and JSON, decoded by ABI
//!                  ▲
//!               arguments: text and JSON to values of the ABI's types
//! ```

mod admin;
mod arguments;
mod contract;
mod genesis_file;
mod protocol_file;
mod receipt;
mod send;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use dytallix::chain::{BlockInfo, Error, OpenBlock, OpenError};
use dytallix::state::StateAt;
use dytallix::{Address, DiskStore, Height, Runtime, State};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;

pub(crate) use admin::{AdminArg, admin_json, admin_text};
pub(crate) use arguments::{Given, GivenArgs, from_text, value_json};
pub(crate) use contract::{Abis, Contract, abi_of_code, check_code};
pub(crate) use genesis_file::{genesis_json, read_genesis};
pub(crate) use protocol_file::{protocol_of_file, schedule_of_file};
pub(crate) use receipt::{
    body_text, event_json, event_text, reason, receipt_facts, receipt_json, status_name,
    transaction_json,
};
pub(crate) use send::{Request, SendArgs, deposits, send};

/// Which chain, and how it is told of.
#[derive(Args, Clone, Debug)]
pub(crate) struct DataArgs {
    /// The folder of the chain, which `dytallix init` has made.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A chain that is open. No other process can open it meanwhile.
pub(crate) struct Chain {
    /// The runtime over its store.
    pub(crate) runtime: Runtime<DiskStore>,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

impl DataArgs {
    /// Opens the chain.
    pub(crate) fn open(&self) -> Result<Chain, Failure> {
        Chain::open(&self.data)
    }

    /// The folder, for a document.
    pub(crate) fn name(&self) -> String {
        self.data.display().to_string()
    }
}

impl Chain {
    /// Opens the chain in a folder, and makes nothing.
    pub(crate) fn open(folder: &Path) -> Result<Chain, Failure> {
        let store = ledger::open_store(folder)?;
        let runtime = Runtime::builder().build(store).map_err(|e| open_failure(&e, folder))?;
        if runtime.height().is_none() {
            return Err(Failure::new(Exit::Store, "the ledger has no chain: no genesis")
                .at(ledger::file(folder).display().to_string())
                .way_out("`dytallix init` in another folder makes one")
                .fact("class", "no-chain"));
        }
        Ok(Chain { runtime, folder: folder.to_owned() })
    }

    /// The height of the last block.
    pub(crate) fn height(&self) -> Height {
        self.runtime.height().unwrap_or_default()
    }

    /// Committed state.
    pub(crate) fn state(&self) -> &State<DiskStore> {
        self.runtime.state()
    }

    /// What the next block says of itself: the time of the clock, or that of the last block where
    /// the clock is behind it. The library never reads a clock.
    pub(crate) fn block_info(&self, proposer: Address) -> Result<BlockInfo, Failure> {
        let last = self.runtime.block_at(self.height()).map_err(|e| self.failure(&e))?;
        let last_ms = match last {
            Some(block) => block.header.time_ms,
            None => {
                let genesis = self.runtime.genesis().map_err(|e| self.failure(&e))?;
                genesis.map_or(0, |genesis| genesis.time_ms)
            }
        };
        Ok(BlockInfo::new(now_ms().max(last_ms), proposer))
    }

    /// The next block, begun.
    pub(crate) fn next_block(
        &mut self,
        proposer: Address,
    ) -> Result<OpenBlock<'_, DiskStore>, Failure> {
        let info = self.block_info(proposer)?;
        let folder = self.folder.clone();
        self.runtime.block(info).map_err(|error| failure(&error, &folder))
    }

    /// What a failure of the runtime means for the command.
    pub(crate) fn failure(&self, error: &Error) -> Failure {
        failure(error, &self.folder)
    }

    /// State at a height, which has to be retained; without one at the last.
    pub(crate) fn at(&self, height: Option<u64>) -> Result<StateAt<'_, DiskStore>, Failure> {
        let height = height.map_or(self.height(), Height::new);
        self.state().at(height).map_err(|error| ledger::failure(&error, &self.folder))
    }
}

/// A failure of the runtime over the chain in a folder.
pub(crate) fn failure(error: &Error, folder: &Path) -> Failure {
    let failure =
        Failure::new(Exit::Store, error.to_string()).at(ledger::file(folder).display().to_string());
    match error {
        Error::Rejected(_) => {
            Failure::new(Exit::Rejected, error.to_string()).way_out("shorter arguments")
        }
        Error::Block(_) => failure
            .way_out("heights that are retained: `dytallix state root` shows from which on")
            .fact("class", "block"),
        _ => failure
            .way_out("`dytallix state check` looks for damage; check the space that is left too")
            .fact("class", "fault"),
    }
}

/// Why the chain in a folder does not open.
pub(crate) fn open_failure(error: &OpenError, folder: &Path) -> Failure {
    match error {
        OpenError::Store(error) => ledger::failure(error, folder),
        OpenError::Genesis(_) => Failure::new(Exit::Store, error.to_string())
            .at(ledger::file(folder).display().to_string())
            .way_out("another --data, or the genesis that the chain began with")
            .fact("class", "genesis"),
        _ => Failure::new(Exit::Store, error.to_string())
            .at(ledger::file(folder).display().to_string())
            .way_out("the version of `dytallix` that the chain runs on")
            .fact("class", "foreign"),
    }
}

/// The time, in milliseconds since 1970-01-01T00:00:00Z.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
