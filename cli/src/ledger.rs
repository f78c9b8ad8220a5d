//! Ledgers in folders: how they are opened, and what is said where they do not open.

use std::path::{Path, PathBuf};
use std::sync::Once;

use clap::Args;
use dytallix::state::{DiskOptions, Residence, StateOptions, StoreError, StoreErrorKind};
use dytallix::{DiskStore, State};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// The file of a ledger in its folder.
const FILE: &str = "state.redb";

/// The file of the ledger in a folder.
pub(crate) fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// How the state tree of a ledger is held. Told neither, a ledger stays as it is; a new one is held
/// in memory.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Held {
    /// Keep the leaves of the state tree in the file from now on, and memory bounded. Once is
    /// enough: a ledger stays so.
    #[arg(long, requires = "data", conflicts_with = "in_memory")]
    bounded: bool,
    /// Keep the whole state tree in memory again, as a new ledger does: the leaves go out of the
    /// file.
    #[arg(long, requires = "data")]
    in_memory: bool,
}

impl Held {
    /// The same for the library.
    pub(crate) fn options(self) -> StateOptions {
        match (self.bounded, self.in_memory) {
            (true, _) => StateOptions::residence(Residence::Bounded),
            (_, true) => StateOptions::residence(Residence::Memory),
            _ => StateOptions::default(),
        }
    }
}

/// Opens the store in a folder, and makes both where they are missing.
pub(crate) fn open_or_make(folder: &Path) -> Result<DiskStore, Failure> {
    files::make_folder(folder)?;
    silence_caught_panics();
    let path = file(folder);
    DiskStore::open(&path, &DiskOptions::default()).map_err(|error| failure(&error, folder))
}

/// Opens the store in a folder, and makes nothing.
pub(crate) fn open_store(folder: &Path) -> Result<DiskStore, Failure> {
    let path = file(folder);
    if !path.try_exists().is_ok_and(|exists| exists) {
        let cause = match folder.is_dir() {
            true => format!("there is no ledger in {}", folder.display()),
            false => format!("there is no folder {}", folder.display()),
        };
        return Err(Failure::new(Exit::Store, cause)
            .at(path.display().to_string())
            .way_out("the --data that `dytallix init`, `demo` or `state restore` has filled")
            .fact("class", "missing"));
    }
    silence_caught_panics();
    DiskStore::open_existing(&path, &DiskOptions::default())
        .map_err(|error| failure(&error, folder))
}

/// Opens state over a store.
pub(crate) fn open_state(
    store: DiskStore,
    options: StateOptions,
    folder: &Path,
) -> Result<State<DiskStore>, Failure> {
    State::open(store, options).map_err(|error| failure(&error, folder))
}

/// A failure of the ledger in a folder.
pub(crate) fn failure(error: &StoreError, folder: &Path) -> Failure {
    let (class, way_out) = match error.kind() {
        StoreErrorKind::Foreign => {
            ("foreign", "the --data of a ledger, and the version of `dytallix` that made it")
        }
        StoreErrorKind::Corrupt => {
            ("corrupt", "restore a snapshot into another folder: `dytallix state restore`")
        }
        StoreErrorKind::InUse => ("in-use", "wait for the other process, or end it"),
        StoreErrorKind::NotRetained => (
            "not-retained",
            "a --height that is retained; `dytallix state root` shows from which on",
        ),
        StoreErrorKind::Unfinished => (
            "unfinished",
            "run the same `dytallix state restore` again to finish it, or it with --abandon",
        ),
        StoreErrorKind::Refused => {
            ("refused", "report it: no command is to ask a ledger for what makes no sense")
        }
        _ => ("medium", "check the permissions of the file and the space that is left"),
    };
    Failure::new(Exit::Store, error.to_string())
        .at(file(folder).display().to_string())
        .way_out(way_out)
        .fact("class", class)
}

/// Says nothing of panics inside the database: [`DiskStore`] catches them, and makes of a damaged
/// file an error that is told once, by us.
fn silence_caught_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_caught = panic.location().is_some_and(|place| place.file().contains("redb"));
            if !is_caught {
                told(panic);
            }
        }));
    });
}
