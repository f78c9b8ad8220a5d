//! Snapshots that others can ask for, chunk by chunk.
//!
//! Nothing is copied: a snapshot is its manifest and, for each chunk, the place where it begins. A
//! chunk that is asked for is made anew from state at the height, which is pinned meanwhile.

use alloc::vec::Vec;

use super::query::receipts_root;
use crate::chain::runtime::{BlockError, Error, Runtime};
use crate::primitives::{Hash, Height};
use crate::state::{Manifest, SnapshotWriter, Store};

/// What is told of a snapshot to those who may want it. Nothing of it need be believed: see
/// [`Trusted`](super::Trusted).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SnapshotOffer {
    /// What it is of, and the hash of each chunk.
    pub manifest: Manifest,
    /// The root over the receipts of its height: with the root of state it makes the app hash.
    pub receipts_root: Hash,
}

impl SnapshotOffer {
    /// An offer as it came from somebody.
    #[must_use]
    pub const fn new(manifest: Manifest, receipts_root: Hash) -> SnapshotOffer {
        SnapshotOffer { manifest, receipts_root }
    }
}

/// A snapshot that others can ask for.
#[derive(Debug)]
pub(in crate::chain) struct Snapshot {
    pub(super) offer: SnapshotOffer,
    /// Where each chunk begins.
    places: Vec<SnapshotWriter>,
}

/// Takes a snapshot of the head.
pub(super) fn take<S: Store>(
    runtime: &mut Runtime<S>,
    chunk_bytes: usize,
) -> Result<SnapshotOffer, Error> {
    let height = runtime.height().ok_or(BlockError::NoChain)?;
    // There is no header at the genesis that a restore could trust, and no need: who has the
    // genesis has its state.
    let is_block = height != Height::default();
    let root = runtime.state().root();
    let receipts_root = receipts_root(runtime, height, &root)?.filter(|_| is_block);
    let receipts_root = receipts_root.ok_or(BlockError::Unknown(height))?;
    let mut writer = SnapshotWriter::new(runtime.state(), height, chunk_bytes)?;
    let mut places = Vec::new();
    loop {
        let place = writer.place();
        if writer.next_chunk(runtime.state())?.is_none() {
            break;
        }
        places.push(place);
    }
    let offer = SnapshotOffer { manifest: writer.manifest(), receipts_root };
    drop_one(runtime, height);
    runtime.state_mut().pin(height)?;
    runtime.snapshots.push(Snapshot { offer: offer.clone(), places });
    Ok(offer)
}

/// A chunk of a snapshot.
pub(super) fn chunk<S: Store>(
    runtime: &Runtime<S>,
    height: Height,
    number: u32,
) -> Result<Option<Vec<u8>>, Error> {
    let snapshot = runtime.snapshots.iter().find(|one| one.offer.manifest.height == height);
    let place = snapshot.and_then(|snapshot| snapshot.places.get(number as usize));
    let Some(place) = place else { return Ok(None) };
    Ok(place.clone().next_chunk(runtime.state())?)
}

/// Drops the snapshot of a height.
pub(super) fn drop_one<S: Store>(runtime: &mut Runtime<S>, height: Height) {
    let is_of_height = |one: &Snapshot| one.offer.manifest.height == height;
    if let Some(at) = runtime.snapshots.iter().position(is_of_height) {
        runtime.snapshots.remove(at);
        runtime.state_mut().unpin(height);
    }
}
