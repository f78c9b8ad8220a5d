//! Arguments that several subcommands take.

use std::path::PathBuf;

use clap::Args;
use dytallix::state::{StateKey, StateRoot, StoreError};
use dytallix::{Address, DiskStore, Height, State};

use crate::bytes::{parse_hash, parse_hex};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger::{self, Held};

/// Where the ledger is, how it is opened, and how it is told of.
#[derive(Args, Debug)]
pub(super) struct Ledger {
    /// The folder of the ledger.
    #[arg(long, value_name = "DIR")]
    pub(super) data: PathBuf,
    #[command(flatten)]
    pub(super) held: Held,
    /// Print one JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

/// Which height is looked at.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct At {
    /// The height to look at, which has to be retained; without it the last one.
    #[arg(long, value_name = "HEIGHT")]
    height: Option<u64>,
}

/// A place of state: an account, or an entry of a contract's storage.
#[derive(Args, Debug)]
pub(super) struct Place {
    /// The account or contract, dyt1….
    address: Address,
    /// A key of the contract's storage: text, or bytes as 0x….
    #[arg(value_parser = storage_key)]
    key: Option<StorageKey>,
}

/// A key of contract storage.
#[derive(Clone, Debug)]
pub(super) struct StorageKey(Vec<u8>);

impl Ledger {
    /// Opens the ledger.
    pub(super) fn open(&self) -> Result<State<DiskStore>, Failure> {
        self.open_state(ledger::open_store(&self.data)?)
    }

    /// Opens the ledger to look at a height.
    pub(super) fn open_at(&self, at: At) -> Result<(State<DiskStore>, Height), Failure> {
        let state = self.open()?;
        let height = self.height(&state, at)?;
        Ok((state, height))
    }

    /// State over a store that is open.
    pub(super) fn open_state(&self, store: DiskStore) -> Result<State<DiskStore>, Failure> {
        ledger::open_state(store, self.held.options(), &self.data)
    }

    /// The height to look at; that of the head unless one was asked for.
    pub(super) fn height(&self, state: &State<DiskStore>, at: At) -> Result<Height, Failure> {
        let Some(head) = state.head() else {
            return Err(Failure::new(Exit::Store, "nothing has been committed to the ledger")
                .at(ledger::file(&self.data).display().to_string())
                .way_out("a ledger with a block in it: `dytallix demo --data DIR` makes one")
                .fact("class", "empty"));
        };
        Ok(at.height.map_or(head.height, Height::new))
    }

    /// What a failure of the store means for the command.
    pub(super) fn failure(&self, error: &StoreError) -> Failure {
        ledger::failure(error, &self.data)
    }

    /// The folder, for a document.
    pub(super) fn name(&self) -> String {
        self.data.display().to_string()
    }
}

impl At {
    /// Whether a height was asked for.
    pub(super) fn is_given(self) -> bool {
        self.height.is_some()
    }
}

impl Place {
    /// The place as state knows it.
    pub(super) fn key(&self) -> StateKey<'_> {
        match &self.key {
            Some(key) => StateKey::Storage(&self.address, &key.0),
            None => StateKey::Account(&self.address),
        }
    }
}

fn storage_key(text: &str) -> Result<StorageKey, String> {
    let bytes = match text.starts_with("0x") {
        true => parse_hex(text).ok_or("0x has to be followed by pairs of hexadecimal digits")?,
        false => text.as_bytes().to_vec(),
    };
    match bytes.is_empty() {
        true => Err("a key of storage has at least one byte".to_owned()),
        false => Ok(StorageKey(bytes)),
    }
}

/// Reads a root, for clap.
pub(super) fn state_root(text: &str) -> Result<StateRoot, String> {
    let bytes = parse_hash(text).ok_or("a root has 64 hexadecimal digits")?;
    Ok(StateRoot::from_bytes(bytes))
}
