//! Dropping the head: after it, the block has never been.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};
use core::sync::atomic::Ordering::Relaxed;

use proptest::prelude::*;

use super::prepare::Failing;
use super::{address, changes_of, empty_state, fill};
use crate::primitives::{Amount, Domain, Hash, Height};
use crate::state::{
    Batch, Block, Bytes, Change, ChangeSet, ContractInfo, MemoryStore, Order, Overlay, Residence,
    Restore, SnapshotWriter, State, StateKey, StateOptions, Store, StoreError, StoreErrorKind,
    Table, View,
};

/// A SplitMix64 sequence.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

fn code(number: u64) -> (Hash, Bytes) {
    let code = vec![number as u8; 40];
    (Hash::of(Domain::Code, &[&code]), code.into())
}

/// Changes at random: accounts come and go, contracts, values, code that comes, goes and comes
/// again. What cannot be done is not done.
fn random_changes<S: Store>(state: &State<S>, random: &mut Random) -> ChangeSet {
    let height = state.next_height().expect("far from the end");
    let mut overlay = Overlay::new(state);
    for _ in 0..random.below(5) {
        let (from, to) = (address(random.below(6) as u8), address(random.below(6) as u8));
        overlay.credit(&to, Amount::new(1)).expect("small");
        let all = overlay.load_account(&from).expect("sound").balance;
        overlay.debit(&from, all).expect("all of it");
    }
    for _ in 0..random.below(3) {
        let (hash, code) = code(random.below(4));
        overlay.add_code(hash, code, address(0)).expect("its hash");
        let at = address(10 + random.below(4) as u8);
        match random.below(3) {
            0 => _ = overlay.upgrade_contract(&at, hash, 1, height, address(0)).is_ok(),
            1 => {
                let info = ContractInfo::deployed(hash, address(0), height);
                _ = overlay.create_contract(&at, info).is_ok();
            }
            _ => {}
        }
    }
    for _ in 0..random.below(12) {
        let at = address(10 + random.below(4) as u8);
        let value = vec![7; random.below(9) as usize];
        let value = (random.below(3) > 0).then_some(&value[..]);
        _ = overlay.set_storage(&at, &[random.below(6) as u8], value).is_ok();
    }
    let mut changes = overlay.changes();
    // Code that nobody uses goes, as a transaction of its uploader makes it go.
    for (hash, _) in (0..4).map(code) {
        let info = state.code_info(&hash).expect("sound");
        let is_spare = info.is_some_and(|info| info.references == 0);
        let is_touched = changes.code_info.iter().any(|change| change.place == hash);
        if is_spare && !is_touched && random.below(2) == 0 {
            changes.code_info.push(Change::new(hash, info, None));
        }
    }
    changes.code_info.sort_unstable_by_key(|change| change.place);
    changes
}

/// Commits a block that is a function of the seed and the state below; returns what puts the index
/// back.
fn commit_random<S: Store>(state: &mut State<S>, seed: u64) -> Batch {
    let mut random = Random(seed);
    let changes = random_changes(state, &mut random);
    let height = state.next_height().expect("far from the end");
    let key = height.number().to_be_bytes();
    let (mut rows, mut back) = (Batch::new(), Batch::new());
    for index in 0..random.below(3) as u8 {
        rows.put(Table::Receipts, [&key[..], &[0, 0, 0, index]].concat(), vec![index; 9]);
        rows.put(Table::Index, [&b"transaction"[..], &key, &[index]].concat(), key);
        back.remove(Table::Index, [&b"transaction"[..], &key, &[index]].concat());
    }
    if random.below(4) > 0 {
        rows.put(Table::Blocks, key, seed.to_be_bytes());
    }
    match state.store().get(Table::Index, b"latest").expect("sound") {
        Some(previous) => back.put(Table::Index, *b"latest", previous),
        None => back.remove(Table::Index, *b"latest"),
    }
    rows.put(Table::Index, *b"latest", key);
    let root = state.prepare(height, &changes).expect("it follows");
    assert_eq!(state.commit_prepared(&rows), Ok(root));
    back
}

/// Every row of a store.
fn contents<S: Store>(store: &S) -> MemoryStore {
    let mut batch = Batch::new();
    for table in Table::ALL {
        let all = (Bound::Unbounded, Bound::Unbounded);
        store
            .scan(table, all, Order::Ascending, &mut |key, value| {
                batch.put(table, key, value);
                ControlFlow::Continue(())
            })
            .expect("sound");
    }
    let mut rows = MemoryStore::new();
    rows.write(&batch).expect("memory does not fail");
    rows
}

/// State in which these blocks, and no others, were committed.
fn with_blocks(options: &StateOptions, seeds: &[u64], oldest: Height) -> State<MemoryStore> {
    let mut state = State::open(MemoryStore::new(), options.clone()).expect("empty");
    for seed in seeds {
        commit_random(&mut state, *seed);
    }
    let retained = (seeds.len() as u64 + 1).saturating_sub(oldest.number());
    state.prune(retained, u64::MAX).expect("nothing is pinned");
    state
}

/// Everything is as in state that never had another block.
fn assert_equals<S: Store>(state: &mut State<S>, options: &StateOptions, seeds: &[u64]) {
    let head = state.head().copied();
    let expected = with_blocks(options, seeds, head.map_or(Height::new(1), |head| head.oldest));
    assert_eq!(head.as_ref(), expected.head());
    assert!(contents(state.store()) == *expected.store(), "{options:?}: other rows");
    state.check(&mut |_| {}).expect("sound");
    let Some(head) = head else { return };
    for height in head.oldest.number()..=head.height.number() {
        let height = Height::new(height);
        assert_eq!(state.root_at(height), expected.root_at(height));
        for n in [0, 3, 10, 12] {
            let contract = address(n);
            for key in [StateKey::Account(&contract), StateKey::Storage(&contract, &[2])] {
                let found = state.prove(height, key).expect("retained");
                let verified = match &found.value {
                    Some(value) => found.proof.verify_inclusion(&found.root, &found.key, value),
                    None => found.proof.verify_exclusion(&found.root, &found.key),
                };
                assert_eq!(verified, Ok(()));
            }
        }
    }
}

fn kind<T: core::fmt::Debug>(result: Result<T, StoreError>) -> StoreErrorKind {
    result.expect_err("it is refused").kind()
}

/// A history of blocks, drops, prunings and openings; how many blocks were dropped.
fn run_history<S: Store>(
    options: &StateOptions,
    seed: u64,
    reopen: &mut dyn FnMut(Option<S>) -> S,
) -> usize {
    let mut random = Random(seed);
    let mut state = State::open(reopen(None), options.clone()).expect("empty");
    let (mut seeds, mut ways_back, mut dropped) = (Vec::new(), Vec::new(), 0);
    for step in 0..16 {
        match random.below(12) {
            0..=5 => {
                seeds.push(seed.wrapping_add(step * 1_000));
                ways_back.push(commit_random(&mut state, seed.wrapping_add(step * 1_000)));
            }
            6..=9 if state.head().is_some_and(|head| head.height > head.oldest) => {
                let back = ways_back.pop().expect("one for each block");
                seeds.pop();
                let head = state.drop_head(&back).expect("the height below is retained");
                assert_eq!(head.as_ref(), state.head());
                assert_eq!(head.map(|head| head.height.number()), Some(seeds.len() as u64));
                dropped += 1;
            }
            6..=9 => {
                let before = contents(state.store());
                assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::NotRetained);
                assert!(contents(state.store()) == before);
            }
            10 => {
                let retained = 1 + random.below(4);
                state.prune(retained, u64::MAX).expect("nothing is pinned");
            }
            _ => {
                let store = reopen(Some(state.into_store()));
                state = State::open(store, options.clone()).expect("sound");
            }
        }
        if step % 3 == 2 {
            assert_equals(&mut state, options, &seeds);
        }
    }
    assert_equals(&mut state, options, &seeds);
    dropped
}

fn options(is_bounded: bool, proof_heights: u32) -> StateOptions {
    let residence = if is_bounded { Residence::Bounded } else { Residence::Memory };
    let mut options = StateOptions::residence(residence);
    options.proof_heights = proof_heights;
    options
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_dropped_block_has_never_been(
        seed: u64,
        is_bounded: bool,
        proof_heights in prop_oneof![Just(1_u32), Just(2), Just(128)],
    ) {
        let options = options(is_bounded, proof_heights);
        run_history::<MemoryStore>(&options, seed, &mut Option::unwrap_or_default);
    }
}

#[cfg(feature = "disk")]
#[test]
fn a_dropped_block_has_never_been_in_a_file_either() {
    use crate::state::{DiskOptions, DiskStore};
    let folder = tempfile::tempdir().expect("a folder");
    let mut dropped = 0;
    for seed in 0..12 {
        let path = folder.path().join(alloc::format!("{seed}"));
        let options = options(seed % 2 == 1, [1, 2, 128][seed as usize % 3]);
        dropped += run_history(&options, seed, &mut |store| {
            drop(store);
            DiskStore::open(&path, &DiskOptions::default()).expect("a file of ours")
        });
    }
    assert!(dropped > 10, "{dropped}");
}

#[test]
fn all_blocks_but_the_first_are_dropped_one_after_the_other_and_others_follow() {
    for options in [options(false, 128), options(true, 1), options(false, 2), options(true, 128)] {
        let mut state = State::open(MemoryStore::new(), options.clone()).expect("empty");
        let seeds: Vec<u64> = (1..=12).collect();
        let mut backs: Vec<Batch> = Vec::new();
        let mut stores = vec![state.store().clone()];
        for seed in &seeds {
            backs.push(commit_random(&mut state, *seed));
            stores.push(state.store().clone());
        }
        for height in (2..=12).rev() {
            assert!(*state.store() == stores[height]);
            state.drop_head(&backs[height - 1]).expect("the height below is retained");
            assert!(*state.store() == stores[height - 1]);
        }
        assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::NotRetained);
        let others: Vec<u64> = [1].into_iter().chain(100..110).collect();
        others[1..].iter().for_each(|seed| _ = commit_random(&mut state, *seed));
        assert_equals(&mut state, &options, &others);
    }
}

#[test]
fn the_head_stays_where_nothing_below_is_retained_or_somebody_needs_it() {
    let mut state = empty_state();
    assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::NotRetained);
    let changes = Overlay::new(&state).changes();
    state.commit(Block::new(Height::new(0), &changes)).expect("the first block");
    assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::NotRetained);

    let mut state = empty_state();
    (1..=4).for_each(|height| fill(&mut state, height));
    let store = state.store().clone();
    let changes = changes_of(&state, 5);
    state.prepare(Height::new(5), &changes).expect("it follows");
    assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::Refused);
    state.abandon().expect("a tree can be made");
    state.pin(Height::new(4)).expect("retained");
    assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::Refused);
    state.unpin(Height::new(4));
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Index) {
        let mut rows = Batch::new();
        rows.remove(table, [0; 32]);
        assert_eq!(kind(state.drop_head(&rows)), StoreErrorKind::Refused, "{table:?}");
        assert_eq!(kind(state.write_index(&rows)), StoreErrorKind::Refused, "{table:?}");
    }
    assert_eq!(*state.store(), store);
    // One that is pinned below is no reason.
    state.pin(Height::new(3)).expect("retained");
    state.drop_head(&Batch::new()).expect("the height below is retained");
    assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::Refused);
    state.unpin(Height::new(3));
    state.prune(1, 9).expect("nothing is pinned");
    assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::NotRetained);
}

#[test]
fn a_drop_that_fails_leaves_state_as_it_was() {
    for options in [options(false, 128), options(true, 1), options(false, 1), options(true, 128)] {
        let store = Failing { rows: MemoryStore::new(), fails: false.into() };
        let mut state = State::open(store, options.clone()).expect("empty");
        (1..=5).for_each(|height| fill(&mut state, height));
        for _ in 0..2 {
            let (head, rows) = (state.head().copied(), state.store().rows.clone());
            state.store().fails.store(true, Relaxed);
            assert_eq!(kind(state.drop_head(&Batch::new())), StoreErrorKind::Medium);
            state.store().fails.store(false, Relaxed);
            assert_eq!((state.head().copied(), &state.store().rows), (head, &rows));
            let height = state.head().expect("a head").height;
            let found = state.prove(height, StateKey::Account(&address(1))).expect("retained");
            let row = found.value.expect("an account");
            assert_eq!(found.proof.verify_inclusion(&state.root(), &found.key, &row), Ok(()));
            fill(&mut state, height.number() + 1);
            // What is opened anew has no version of the tree below its head.
            state = State::open(state.into_store(), options.clone()).expect("sound");
            state.drop_head(&Batch::new()).expect("the height below is retained");
            state = State::open(state.into_store(), options.clone()).expect("sound");
        }
        state.check(&mut |_| {}).expect("sound");
    }
}

#[test]
fn a_restored_head_is_not_dropped_and_a_block_after_it_is() {
    let mut state = empty_state();
    (1..=3).for_each(|height| fill(&mut state, height));
    let mut writer = SnapshotWriter::new(&state, Height::new(3), 1 << 20).expect("retained");
    let chunk = writer.next_chunk(&state).expect("retained").expect("a chunk");
    assert_eq!(writer.next_chunk(&state), Ok(None));
    let manifest = writer.manifest();
    for residence in [Residence::Memory, Residence::Bounded] {
        let store = MemoryStore::new();
        let restore = Restore::begin(store, manifest.clone(), Height::new(3), &state.root());
        let mut restore = restore.expect("empty");
        restore.add(0, &chunk).expect("wanted");
        let restored = restore.finish(StateOptions::residence(residence), &mut |_| {});
        let mut restored = restored.expect("sound");
        assert_eq!(kind(restored.drop_head(&Batch::new())), StoreErrorKind::NotRetained);
        let before = restored.store().clone();
        fill(&mut restored, 4);
        restored.drop_head(&Batch::new()).expect("the height below is retained");
        assert_eq!(*restored.store(), before);
        restored.check(&mut |_| {}).expect("sound");
    }
}

#[test]
fn a_snapshot_is_that_of_its_height_when_blocks_above_are_dropped_and_others_follow() {
    let mut state = empty_state();
    (1..=5).for_each(|height| fill(&mut state, height));
    let whole = |state: &State<MemoryStore>| {
        let mut writer = SnapshotWriter::new(state, Height::new(4), 100).expect("retained");
        while writer.next_chunk(state).expect("retained").is_some() {}
        writer.manifest()
    };
    let expected = whole(&state);
    let mut writer = SnapshotWriter::new(&state, Height::new(4), 100).expect("retained");
    let mut seed = 0;
    while writer.next_chunk(&state).expect("retained").is_some() {
        seed += 1;
        while state.head().expect("a head").height > Height::new(4) {
            state.drop_head(&Batch::new()).expect("the height below is retained");
            _ = writer.clone().next_chunk(&state).expect("retained");
        }
        // Other blocks each time, and contents that differ from those of the height.
        for _ in 0..1 + seed % 3 {
            let mut changes = random_changes(&state, &mut Random(seed));
            if changes.is_empty() {
                let mut overlay = Overlay::new(&state);
                overlay.set_storage(&address(4), &[3], None).expect("a contract");
                changes = overlay.changes();
            }
            let height = state.next_height().expect("far from the end");
            state.commit(Block::new(height, &changes)).expect("it follows");
        }
    }
    assert!(seed > 5, "{seed} chunks");
    assert_eq!(writer.manifest(), expected);
    // The block of the height itself is another one: there is no such snapshot any more.
    let mut writer = SnapshotWriter::new(&state, Height::new(4), 100).expect("retained");
    writer.next_chunk(&state).expect("retained").expect("a chunk");
    while state.head().expect("a head").height > Height::new(3) {
        state.drop_head(&Batch::new()).expect("the height below is retained");
    }
    assert_eq!(kind(writer.next_chunk(&state)), StoreErrorKind::NotRetained);
    for _ in 4..=6 {
        commit_random(&mut state, 99);
        assert_eq!(kind(writer.next_chunk(&state)), StoreErrorKind::NotRetained);
    }
}

#[test]
fn pruning_takes_receipts_and_blocks_and_the_index_is_the_chains() {
    for residence in [Residence::Memory, Residence::Bounded] {
        let options = StateOptions::residence(residence);
        let mut state = State::open(MemoryStore::new(), options).expect("empty");
        assert_eq!(kind(state.write_index(&Batch::new())), StoreErrorKind::Refused);
        let key = |height: u64| height.to_be_bytes();
        for height in 1..=6 {
            let changes = changes_of(&state, height);
            state.prepare(Height::new(height), &changes).expect("it follows");
            let mut rows = Batch::new();
            rows.put(Table::Receipts, [&key(height)[..], &[0; 4]].concat(), *b"receipt");
            rows.put(Table::Blocks, key(height), *b"block");
            rows.put(Table::Index, key(height), *b"index");
            state.commit_prepared(&rows).expect("it is prepared");
        }
        let mut gone = Batch::new();
        gone.remove(Table::Index, key(1));
        gone.put(Table::Index, *b"lowest", key(2));
        let changes = changes_of(&state, 7);
        let root = state.prepare(Height::new(7), &changes).expect("it follows");
        state.write_index(&gone).expect("rows of the index");
        assert_eq!(state.prepared(), Some((Height::new(7), root)), "it stays prepared");
        state.abandon().expect("a tree can be made");
        let pruned = state.prune(3, 9).expect("nothing is pinned");
        assert_eq!((pruned.heights, pruned.rows), (3, 3 * 4), "undo, root, receipt, block");
        let has = |table, height: u64, end: &[u8]| {
            let row = state.store().get(table, &[&key(height)[..], end].concat());
            row.expect("memory").is_some()
        };
        for height in 1..=6 {
            assert_eq!(has(Table::Blocks, height, &[]), height > 3, "{height}");
            assert_eq!(has(Table::Receipts, height, &[0; 4]), height > 3, "{height}");
            assert_eq!(has(Table::Index, height, &[]), height > 1, "{height}");
        }
        state.check(&mut |_| {}).expect("sound");
        assert_eq!(state.into_store().get(Table::Index, b"lowest"), Ok(Some(key(2)[..].into())));
    }
}

#[test]
fn blocks_of_heights_that_are_not_retained_are_found() {
    let mut state = empty_state();
    (1..=5).for_each(|height| fill(&mut state, height));
    state.prune(2, 9).expect("nothing is pinned");
    let sound = state.into_store();
    for (key, is_sound) in [
        (&4_u64.to_be_bytes()[..], true),
        (&5_u64.to_be_bytes()[..], true),
        (&3_u64.to_be_bytes()[..], false),
        (&6_u64.to_be_bytes()[..], false),
        (&[0, 0, 0, 0, 0, 0, 0, 5, 0][..], false),
        (&[5][..], false),
    ] {
        let mut store = sound.clone();
        let mut batch = Batch::new();
        batch.put(Table::Blocks, key, *b"block");
        store.write(&batch).expect("memory");
        let state = State::open(store, StateOptions::default()).expect("it has its root");
        assert_eq!(state.check(&mut |_| {}).is_ok(), is_sound, "{key:?}");
    }
    for table in [Table::Blocks, Table::Index] {
        let mut store = MemoryStore::new();
        let mut batch = Batch::new();
        batch.put(Table::Meta, *b"format", *b"dytallix state\x01\0\0\0");
        batch.put(table, 4_u64.to_be_bytes(), *b"a block without a head");
        store.write(&batch).expect("memory");
        let state = State::open(store, StateOptions::default()).expect("it has its root");
        assert_eq!(kind(state.check(&mut |_| {})), StoreErrorKind::Corrupt, "{table:?}");
    }
}
