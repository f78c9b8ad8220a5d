//! How the file of our state grows with contracts: records and what finds and proves them.
//!
//! Contracts have an admin with a key, share their code and store nothing. redb lets its file grow
//! in large steps, so next to the length of the file stand the pages that are in use and the bytes
//! of rows in them.

use super::contestants::Settings;
use crate::Error;
use dytallix::primitives::Domain;
use dytallix::state::{
    Admin, Block, ContractInfo, DiskOptions, DiskStore, Overlay, Residence, State, StateOptions,
    Store, Table,
};
use dytallix::{Address, Hash};
use redb::{Database, ReadableTableMetadata, TableDefinition};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Contracts that are deployed between two looks at the file.
const STEP: u64 = 10_000;
/// Contracts in a block.
const BLOCK: u64 = 500;

/// The size of a store.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Contracts in it.
    contracts: u64,
    /// Length of the file.
    file_bytes: u64,
    /// Pages in use.
    used_bytes: u64,
    /// Keys and values of the rows of state, of the leaves and of the undo data.
    rows: [u64; 3],
}

/// Measures both residences, pruned to the head and with all undo data.
///
/// # Errors
/// Whatever the store reports.
pub(crate) fn measure(
    directory: &Path,
    contracts: u64,
    cache_bytes: usize,
) -> Result<String, Error> {
    if contracts < 2 * STEP {
        return Err(format!("at least {} contracts", 2 * STEP).into());
    }
    let mut text = format!(
        "Bytes per contract, over the second half of {contracts} contracts, {BLOCK} a block\n\n\
         | tree    | heights  | rows | leaves | undo | pages in use | worst step | file \
         | file in all |\n\
         |:--------|:---------|-----:|-------:|-----:|-------------:|-----------:|-----:\
         |------------:|\n"
    );
    for (name, residence) in [("memory", Residence::Memory), ("bounded", Residence::Bounded)] {
        for keeps_all in [false, true] {
            let home = directory.join(format!("{name}-{keeps_all}"));
            if home.exists() {
                std::fs::remove_dir_all(&home)?;
            }
            std::fs::create_dir_all(&home)?;
            let settings = Settings { directory: home, cache_bytes, is_loading: true };
            eprintln!("{name}: {contracts} contracts");
            let sizes = deploy(&settings, residence, contracts, keeps_all)?;
            write_row(&mut text, name, keeps_all, &sizes);
        }
    }
    Ok(text)
}

fn write_row(text: &mut String, name: &str, keeps_all: bool, sizes: &[Size]) {
    let (Some(middle), Some(last)) = (sizes.get(sizes.len() / 2), sizes.last()) else { return };
    let count = (last.contracts - middle.contracts).max(1) as f64;
    let each = |size: fn(&Size) -> u64| (size(last) as f64 - size(middle) as f64) / count;
    let steps = sizes.windows(2).map(|two| {
        let grown = two[1].used_bytes as f64 - two[0].used_bytes as f64;
        grown / (two[1].contracts - two[0].contracts) as f64
    });
    let _ = writeln!(
        text,
        "| {name:7} | {:8} | {:>4.0} | {:>6.0} | {:>4.0} | {:>12.0} | {:>10.0} | {:>4.0} \
         | {:>11.0} |",
        if keeps_all { "all" } else { "the head" },
        each(|size| size.rows[0]),
        each(|size| size.rows[1]),
        each(|size| size.rows[2]),
        each(|size| size.used_bytes),
        steps.skip(sizes.len() / 2).fold(0.0, f64::max),
        each(|size| size.file_bytes),
        last.file_bytes as f64 / last.contracts as f64,
    );
}

/// Deploys, and looks at the file now and then.
fn deploy(
    settings: &Settings,
    residence: Residence,
    contracts: u64,
    keeps_all: bool,
) -> Result<Vec<Size>, Error> {
    let path = settings.directory.join("state.redb");
    let mut disk = DiskOptions::default();
    disk.cache_bytes = settings.cache_bytes;
    let mut options = StateOptions::residence(residence);
    options.proof_heights = 1;
    let mut sizes = Vec::new();
    let mut next = 0;
    while next < contracts {
        let mut state = State::open(DiskStore::open(&path, &disk)?, options.clone())?;
        for _ in 0..STEP / BLOCK {
            block(&mut state, next)?;
            next += BLOCK;
            if !keeps_all {
                state.prune(1, u64::MAX)?;
            }
        }
        let file_bytes = state.store().file_bytes()?;
        state.into_store().close()?;
        sizes.push(Size { contracts: next, file_bytes, ..used(&path)? });
    }
    Ok(sizes)
}

/// A block of deployments, from contract number `first` on.
fn block(state: &mut State<impl Store>, first: u64) -> Result<(), Error> {
    let height = state.next_height()?;
    let deployer = Address::from_bytes([9; 32]);
    let code_hash = Hash::of(Domain::Code, &[b"code"]);
    let mut overlay = Overlay::new(state);
    overlay.add_code(code_hash, Arc::from(&b"code"[..]), deployer)?;
    for number in first..first + BLOCK {
        let mut salt = [0; 32];
        salt[..8].copy_from_slice(&number.to_le_bytes());
        let address = Address::of_contract(&deployer, &code_hash, &salt);
        let info = ContractInfo::deployed(code_hash, deployer, height);
        let info = info.admin(Admin::Key(Address::from_bytes([7; 32])));
        overlay.bump_nonce(&deployer)?;
        overlay.create_contract(&address, info)?;
    }
    let changes = overlay.changes();
    drop(overlay);
    state.commit(Block::new(height, &changes))?;
    Ok(())
}

/// What redb says of a file that nobody has open.
fn used(path: &Path) -> Result<Size, Error> {
    let database = Database::open(path)?;
    let transaction = database.begin_write()?;
    let stats = transaction.stats()?;
    let used_bytes = stats.allocated_pages() * stats.page_size() as u64;
    let rows = |table: Table| {
        let rows = TableDefinition::<&[u8], &[u8]>::new(table.name());
        Ok::<_, Error>(transaction.open_table(rows)?.stats()?.stored_bytes())
    };
    let leaves = TableDefinition::<&[u8; 32], &[u8; 32]>::new(Table::Leaves.name());
    let leaves = transaction.open_table(leaves)?.stats()?.stored_bytes();
    let rows = [rows(Table::State)?, leaves, rows(Table::Undo)?];
    transaction.abort()?;
    Ok(Size { used_bytes, rows, ..Size::default() })
}
