//! Snapshots: taken at any retained height, restored if and only if every bit is right.

use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::*;
use crate::primitives::{Domain, Hash, Height};
use crate::state::tests::{address, empty_state, fill};
use crate::state::{
    Account, Bytes, ContractInfo, KeyRange, MemoryStore, Order, Residence, State, StateOptions,
    Store, Table, View, Visit,
};

const CHUNK: usize = 300;

/// State of ten heights, with some of them not retained any more.
fn state() -> State<MemoryStore> {
    let mut state = empty_state();
    for height in 1..=10 {
        fill(&mut state, height);
    }
    state.prune(6, u64::MAX).expect("nothing is pinned");
    state
}

fn take(state: &State<MemoryStore>, height: u64) -> (Manifest, Vec<Vec<u8>>) {
    let mut writer = SnapshotWriter::new(state, Height::new(height), CHUNK).expect("retained");
    let mut chunks = Vec::new();
    while let Some(chunk) = writer.next_chunk(state).expect("retained") {
        chunks.push(chunk);
    }
    (writer.manifest(), chunks)
}

fn begin(manifest: &Manifest) -> Restore<MemoryStore> {
    Restore::begin(MemoryStore::new(), manifest.clone(), manifest.height, &manifest.root)
        .expect("empty")
}

fn restore(manifest: &Manifest, chunks: &[Vec<u8>]) -> Result<State<MemoryStore>, SnapshotError> {
    let mut restore = begin(manifest);
    for (number, chunk) in (0..).zip(chunks) {
        restore.add(number, chunk)?;
    }
    restore.finish(StateOptions::default(), &mut |_| {})
}

/// All rows of state as of a height.
fn rows(state: &State<MemoryStore>, height: u64) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    let all = (core::ops::Bound::Unbounded, core::ops::Bound::Unbounded);
    let view = state.at(Height::new(height)).expect("retained");
    crate::state::committed::Rows::scan(&view, all, crate::state::Order::Ascending, &mut |k, v| {
        rows.push((k.to_vec(), v.to_vec()));
        core::ops::ControlFlow::Continue(())
    })
    .expect("memory");
    rows
}

#[test]
fn a_snapshot_of_every_retained_height_restores_that_state() {
    let state = state();
    for height in 5..=10 {
        let (manifest, chunks) = take(&state, height);
        assert!(chunks.len() > 3, "{} chunks", chunks.len());
        let restored = restore(&manifest, &chunks).expect("sound");
        assert_eq!(restored.root(), state.root_at(Height::new(height)).expect("retained"));
        assert_eq!(rows(&restored, height), rows(&state, height));
        restored.check(&mut |_| {}).expect("sound");
        let code = Hash::of(Domain::Code, &[b"code"]);
        assert_eq!(restored.code(&code), state.code(&code));
    }
    assert!(SnapshotWriter::new(&state, Height::new(4), CHUNK).is_err(), "not retained");
}

#[test]
fn a_restored_state_goes_on_as_the_original_does() {
    for residence in [Residence::Memory, Residence::Bounded] {
        let mut original = state();
        let (manifest, chunks) = take(&original, 10);
        let mut restore = begin(&manifest);
        for (number, chunk) in (0..).zip(&chunks) {
            restore.add(number, chunk).expect("sound");
        }
        let mut restored =
            restore.finish(StateOptions::residence(residence), &mut |_| {}).expect("sound");
        for height in 11..=13 {
            fill(&mut original, height);
            fill(&mut restored, height);
            assert_eq!(restored.root(), original.root());
        }
        restored.check(&mut |_| {}).expect("sound");
    }
}

#[test]
fn a_snapshot_is_taken_while_blocks_are_committed() {
    let mut state = state();
    let (expected, _) = take(&state, 10);
    let mut writer = SnapshotWriter::new(&state, Height::new(10), CHUNK).expect("retained");
    state.pin(Height::new(10)).expect("retained");
    let mut chunks = Vec::new();
    for height in 11.. {
        let Some(chunk) = writer.next_chunk(&state).expect("pinned") else { break };
        chunks.push(chunk);
        fill(&mut state, height);
        let refused = state.prune(1, u64::MAX).expect_err("a height is pinned");
        assert_eq!(refused.kind(), crate::state::StoreErrorKind::Refused);
    }
    assert_eq!(writer.manifest(), expected);
    restore(&writer.manifest(), &chunks).expect("sound");
    state.unpin(Height::new(10));
    assert_eq!(state.prune(1, u64::MAX).expect("unpinned").remaining, 0);
}

#[test]
fn every_flipped_bit_of_a_chunk_is_refused_with_its_number() {
    let (manifest, chunks) = take(&state(), 10);
    for (number, chunk) in (0..).zip(&chunks) {
        let mut restore = begin(&manifest);
        for before in 0..number {
            restore.add(before, &chunks[before as usize]).expect("sound");
        }
        for bit in (0..chunk.len() * 8).step_by(7) {
            let mut changed = chunk.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            match restore.add(number, &changed) {
                Err(SnapshotError::Chunk { number: found, .. }) => assert_eq!(found, number),
                other => panic!("bit {bit} of chunk {number}: {other:?}"),
            }
        }
        for other in [&chunk[..chunk.len() - 1], &[]] {
            assert!(restore.add(number, other).is_err());
        }
        restore.add(number, chunk).expect("the chunk itself is still taken");
    }
}

#[test]
fn every_flipped_bit_of_a_manifest_is_refused() {
    let (manifest, _) = take(&state(), 10);
    let bytes = manifest.encode();
    assert_eq!(Manifest::decode(&bytes), Ok(manifest));
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(Manifest::decode(&changed), Err(SnapshotError::Manifest(_))), "{bit}");
    }
    for length in 0..bytes.len() {
        assert!(Manifest::decode(&bytes[..length]).is_err());
    }
}

#[test]
fn only_the_wanted_chunk_is_taken() {
    let (manifest, chunks) = take(&state(), 10);
    let mut restore = begin(&manifest);
    let unexpected = SnapshotError::Unexpected { number: 1, wanted: Some(0) };
    assert_eq!(restore.add(1, &chunks[1]), Err(unexpected));
    restore.add(0, &chunks[0]).expect("wanted");
    let unexpected = SnapshotError::Unexpected { number: 0, wanted: Some(1) };
    assert_eq!(restore.add(0, &chunks[0]), Err(unexpected));
    let number = chunks.len() as u32;
    let unexpected = SnapshotError::Unexpected { number, wanted: Some(1) };
    assert_eq!(restore.finish(StateOptions::default(), &mut |_| {}).err(), Some(unexpected));
}

/// A chunk that fits its hash, in a manifest that somebody made up.
fn forged(
    state: &State<MemoryStore>,
    change: impl Fn(&mut Vec<(Kind, Vec<u8>, Vec<u8>)>),
) -> SnapshotError {
    let (manifest, chunks) = take(state, 10);
    let mut all = Vec::new();
    for chunk in &chunks {
        let mut reader = Reader::new(chunk);
        while !reader.is_at_end() {
            let (kind, key, value) = read_row(&mut reader).expect("sound");
            all.push((kind, key.to_vec(), value.to_vec()));
        }
    }
    change(&mut all);
    let mut chunk = Writer::new();
    all.iter().for_each(|(kind, key, value)| write_row(&mut chunk, *kind, key, value));
    let chunk = chunk.finish();
    let chunks = vec![Manifest::hash_of_chunk(0, &chunk)];
    let forged = Manifest { chunks, rows: all.len() as u64, ..manifest };
    restore(&forged, &[chunk]).expect_err("it is forged")
}

#[test]
fn a_forged_snapshot_is_refused_by_the_trusted_root() {
    let state = state();
    let is_wrong_state = |error| matches!(error, SnapshotError::WrongState(_));
    assert!(is_wrong_state(forged(&state, |rows| _ = rows.remove(3))), "a row is missing");
    assert!(is_wrong_state(forged(&state, |rows| rows[5].2.push(1))), "a value is another");
    let code = |rows: &mut Vec<(Kind, Vec<u8>, Vec<u8>)>| {
        let last = rows.last_mut().expect("code");
        assert_eq!(last.0, Kind::Code);
        last.2.push(0);
    };
    let other_code = forged(&state, code);
    assert!(matches!(other_code, SnapshotError::Chunk { number: 0, .. }), "code is other code");
    assert!(is_wrong_state(forged(&state, |rows| _ = rows.pop())), "code is missing");
    let more = |rows: &mut Vec<(Kind, Vec<u8>, Vec<u8>)>| {
        let hash = Hash::of(Domain::Code, &[b"code of nobody"]);
        rows.push((Kind::Code, hash.as_bytes().to_vec(), b"code of nobody".to_vec()));
        rows.sort();
    };
    assert!(is_wrong_state(forged(&state, more)), "code that nothing holds");
    let swapped = forged(&state, |rows| rows.swap(2, 3));
    assert!(matches!(swapped, SnapshotError::Chunk { number: 0, .. }), "{swapped:?}");
    let (manifest, _) = take(&state, 10);
    let other = state.root_at(Height::new(9)).expect("retained");
    let refused =
        Restore::begin(MemoryStore::new(), manifest.clone(), manifest.height, &other).err();
    let found = manifest.root;
    assert_eq!(refused, Some(SnapshotError::OtherRoot { trusted: other, found }));
}

/// The root does not tell the height, and what blocks to come do depends on the height too.
#[test]
fn a_snapshot_of_another_height_is_refused() {
    let (manifest, _) = take(&state(), 10);
    let found = Height::new(1_000_000);
    let forged = Manifest { height: found, ..manifest.clone() };
    let forged = Manifest::decode(&forged.encode()).expect("its hash fits");
    let refused = Restore::begin(MemoryStore::new(), forged, manifest.height, &manifest.root).err();
    assert_eq!(refused, Some(SnapshotError::OtherHeight { trusted: manifest.height, found }));
}

/// A store whose reading fails once.
struct FailsOnce(MemoryStore, AtomicU32);

impl Store for FailsOnce {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        self.0.get(table, key)
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        match self.1.fetch_sub(1, Relaxed) {
            1 => Err(StoreError::new("once")),
            _ => self.0.scan(table, range, order, visit),
        }
    }

    fn write(&mut self, batch: &crate::state::Batch) -> Result<(), StoreError> {
        self.0.write(batch)
    }
}

#[test]
fn a_chunk_is_given_again_after_an_error() {
    let state = state();
    let (expected, _) = take(&state, 10);
    for fails in 1..20 {
        let store = FailsOnce(state.store().clone(), AtomicU32::new(0));
        let state = State::open(store, StateOptions::default()).expect("sound");
        let mut writer = SnapshotWriter::new(&state, Height::new(10), CHUNK).expect("retained");
        state.store().1.store(fails, Relaxed);
        while !matches!(writer.next_chunk(&state), Ok(None)) {}
        assert_eq!(writer.manifest(), expected, "{fails}");
    }
}

#[test]
fn an_interrupted_restore_goes_on_and_no_other_begins_in_its_place() {
    let state = state();
    let (manifest, chunks) = take(&state, 10);
    let mut store = MemoryStore::new();
    for (number, chunk) in (0..).zip(&chunks) {
        // Each time as if the process had ended after the last chunk.
        let mut restore = Restore::begin(store, manifest.clone(), manifest.height, &manifest.root)
            .expect("it resumes");
        assert_eq!(restore.wanted(), Some(number));
        restore.add(number, chunk).expect("wanted");
        store = restore.into_store();
        let refused = State::open(store.clone(), StateOptions::default()).expect_err("unfinished");
        assert_eq!(refused.kind(), crate::state::StoreErrorKind::Unfinished);
    }
    let (other, _) = take(&state, 9);
    let refused = Restore::begin(store.clone(), other.clone(), other.height, &other.root).err();
    assert_eq!(refused, Some(SnapshotError::OtherRestore));
    let emptied = Restore::abandon(store.clone()).expect("memory");
    Restore::begin(emptied, other.clone(), other.height, &other.root).expect("empty again");
    let restore = Restore::begin(store, manifest.clone(), manifest.height, &manifest.root)
        .expect("it resumes");
    assert_eq!(restore.wanted(), None);
    let restored = restore.finish(StateOptions::default(), &mut |_| {}).expect("sound");
    assert_eq!(restored.root(), manifest.root);
    let refused =
        Restore::begin(restored.into_store(), manifest.clone(), manifest.height, &manifest.root)
            .err();
    assert_eq!(refused, Some(SnapshotError::NotEmpty));
}

#[test]
fn empty_state_has_a_snapshot_of_no_chunks() {
    let mut state = empty_state();
    let changes = crate::state::Overlay::new(&state).changes();
    state.commit(crate::state::Block::new(Height::new(1), &changes)).expect("it follows");
    let (manifest, chunks) = take(&state, 1);
    assert!(chunks.is_empty() && manifest.root == StateRoot::EMPTY);
    let restored = restore(&manifest, &chunks).expect("sound");
    assert_eq!(restored.head().map(|head| head.height), Some(Height::new(1)));
    let rows = restored.store().get(Table::Meta, b"restore").expect("memory");
    assert_eq!(rows, None);
}

#[test]
fn rows_that_contradict_each_other_are_no_state_though_they_have_the_root() {
    // A state that no overlay makes: a contract whose record tells storage that is not there.
    let mut info =
        ContractInfo::deployed(Hash::of(Domain::Code, &[b"x"]), address(1), Height::new(1));
    info.usage = crate::state::Usage::new(1, 1);
    let account = Account { contract: Some(info), ..Account::default() };
    let row = crate::state::rows::encode_account(&account).expect("not the default");
    let key = crate::state::StateKey::Account(&address(1)).to_bytes();
    let mut chunk = Writer::new();
    write_row(&mut chunk, Kind::State, &key, &row);
    let chunk = chunk.finish();
    let mut store = MemoryStore::new();
    let mut batch = crate::state::Batch::new();
    batch.put(Table::State, &key[..], row);
    store.write(&batch).expect("memory");
    let root = crate::state::committed::root_of_rows(&store).expect("memory");
    let chunks = vec![Manifest::hash_of_chunk(0, &chunk)];
    let manifest = Manifest { height: Height::new(1), root, rows: 1, chunks };
    assert!(matches!(restore(&manifest, &[chunk]), Err(SnapshotError::WrongState(_))));
}
