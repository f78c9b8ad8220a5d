//! Our state over its file, through the interface that embedders use.
//!
//! ```text
//! updates ─▶ Overlay (100 transactions, each journaled) ─▶ changes() ─▶ State::commit ─▶ file
//! ```
//!
//! So a block here is more than a peer's: contracts are looked up, old values are read for the
//! journal and kept as undo data for the last 128 heights, usage and totals are counted, and old
//! heights are pruned as a validator does it.

use super::{Contestant, Key, LOAD_ROWS, Settings, Value, backend::Counting};
use crate::Error;
use crate::state::extras::{self, Extras};
use dytallix::primitives::Domain;
use dytallix::state::{
    Block, ContractInfo, DiskOptions, DiskStore, Overlay, Residence, State, StateOptions, View,
};
use dytallix::{Address, Hash, Height};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const ABOUT_MEMORY: &str = "our state, tree in memory: overlay, rows, undo of 128 \
    heights, pruned every 32 blocks within the measured time";
pub(super) const ABOUT_BOUNDED: &str =
    "the same with the leaves of the tree in the file; memory holds the levels above them";

/// Heights that can be read and proved.
pub(crate) const RETENTION: u64 = 128;
/// Pruning is a commit of its own, so it is done for several heights at once.
const PRUNED_BLOCKS: u64 = 32;
/// Writes in a transaction.
const TRANSACTION_WRITES: usize = 10;

/// Our state with a count of its syncs.
pub(crate) struct Ours {
    state: State<DiskStore>,
    options: StateOptions,
    syncs: Arc<AtomicU64>,
}

pub(super) fn open_memory(settings: &Settings) -> Result<Box<dyn Contestant>, Error> {
    open(settings, Residence::Memory)
}

pub(super) fn open_bounded(settings: &Settings) -> Result<Box<dyn Contestant>, Error> {
    open(settings, Residence::Bounded)
}

fn open(settings: &Settings, residence: Residence) -> Result<Box<dyn Contestant>, Error> {
    let (backend, syncs) = Counting::open(settings)?;
    let mut disk = DiskOptions::default();
    disk.cache_bytes = settings.cache_bytes;
    let mut options = StateOptions::residence(residence);
    if settings.is_loading {
        // Blocks of a load are huge, and so is what 128 of them differ in.
        options.proof_heights = 1;
    }
    let state = State::open(DiskStore::with_backend(backend, &disk)?, options.clone())?;
    Ok(Box::new(Ours { state, options, syncs }))
}

/// The contract and the storage key of a row.
pub(crate) fn place(key: &Key) -> (Address, &[u8]) {
    let (contract, storage_key) = key[1..].split_at(32);
    let mut address = [0; 32];
    address.copy_from_slice(contract);
    (Address::from_bytes(address), storage_key)
}

/// What the contracts of the load run, which is nothing.
fn code_hash() -> Hash {
    Hash::of(Domain::Code, &[b"code"])
}

fn deployer() -> Address {
    Address::from_bytes([9; 32])
}

/// Writes rows as one transaction.
pub(crate) fn write(overlay: &mut Overlay<'_>, rows: &[(Key, Value)]) -> Result<(), Error> {
    for (key, value) in rows {
        let (contract, storage_key) = place(key);
        overlay.set_storage(&contract, storage_key, Some(value))?;
    }
    Ok(())
}

impl Ours {
    /// Commits what `fill` does, as the next block.
    fn commit(
        &mut self,
        fill: impl FnOnce(&mut Overlay<'_>, Height) -> Result<(), Error>,
    ) -> Result<[u8; 32], Error> {
        let height = self.state.next_height()?;
        let mut overlay = Overlay::new(&self.state);
        fill(&mut overlay, height)?;
        let changes = overlay.changes();
        drop(overlay);
        Ok(*self.state.commit(Block::new(height, &changes))?.as_bytes())
    }

    /// Drops what is too old, as often as it is worth a commit.
    fn prune(&mut self) -> Result<(), Error> {
        let Some(head) = self.state.head() else { return Ok(()) };
        if head.height.number() - head.oldest.number() >= RETENTION + PRUNED_BLOCKS {
            self.state.prune(RETENTION, u64::MAX)?;
        }
        Ok(())
    }
}

impl Contestant for Ours {
    fn load(&mut self, rows: &mut dyn Iterator<Item = (Key, Value)>) -> Result<(), Error> {
        // Of tens of millions, small blocks would each touch most of the file.
        let chunk_rows = LOAD_ROWS.max(rows.size_hint().0 / 40);
        loop {
            let mut chunk: Vec<_> = rows.take(chunk_rows).collect();
            chunk.sort_unstable();
            if chunk.is_empty() {
                return Ok(());
            }
            self.commit(|overlay, height| {
                overlay.add_code(code_hash(), Arc::from(&b"code"[..]), deployer())?;
                for row in chunk.chunk_by(|a, b| a.0[..33] == b.0[..33]) {
                    let (contract, _) = place(&row[0].0);
                    if overlay.load_account(&contract)?.contract.is_none() {
                        let info = ContractInfo::deployed(code_hash(), deployer(), height);
                        overlay.create_contract(&contract, info)?;
                    }
                    write(overlay, row)?;
                }
                Ok(())
            })?;
            self.state.prune(1, u64::MAX)?;
        }
    }

    fn block(&mut self, updates: &[(Key, Value)]) -> Result<[u8; 32], Error> {
        let root = self.commit(|overlay, _| {
            for writes in updates.chunks(TRANSACTION_WRITES) {
                let checkpoint = overlay.checkpoint();
                write(overlay, writes)?;
                overlay.commit(checkpoint);
                overlay.end_transaction();
            }
            Ok(())
        })?;
        self.prune()?;
        Ok(root)
    }

    fn read(&mut self, key: &Key) -> Result<Option<Value>, Error> {
        let (contract, storage_key) = place(key);
        let Some(value) = self.state.storage(&contract, storage_key)? else { return Ok(None) };
        Ok(Some(value[..].try_into()?))
    }

    fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }

    fn extras(self: Box<Self>, keys: u64, last: u64) -> Result<Option<Extras>, Error> {
        extras::measure(self.state, self.options, keys, last).map(Some)
    }
}
