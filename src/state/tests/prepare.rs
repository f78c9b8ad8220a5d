//! A block in two steps: prepared, which nobody sees, and then made durable or dropped; and what
//! threads may share.

use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::Ordering::Relaxed;

use super::{address, changes_of, fill};
use crate::primitives::Height;
use crate::state::{
    Base, Batch, Block, Bytes, KeyRange, MemoryStore, Order, Overlay, Residence, SnapshotWriter,
    State, StateAt, StateKey, StateOptions, Store, StoreError, StoreErrorKind, Table, View, Visit,
};

fn is_sync<T: Sync + ?Sized>() {}
fn is_send<T: Send>() {}

#[test]
fn state_and_overlays_can_be_read_by_threads_together() {
    is_sync::<State<MemoryStore>>();
    is_sync::<StateAt<'_, MemoryStore>>();
    is_sync::<Overlay<'_>>();
    is_sync::<dyn View>();
    is_send::<State<MemoryStore>>();
    #[cfg(feature = "disk")]
    {
        is_sync::<State<crate::state::DiskStore>>();
        is_send::<State<crate::state::DiskStore>>();
    }
    let state = filled(StateOptions::default(), 5);
    let below: &dyn View = &state;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=4_u8)
            .map(|n| {
                scope.spawn(move || {
                    let mut overlay = Overlay::new(below);
                    overlay.set_storage(&address(n), &[77], Some(&[n])).expect("a contract");
                    overlay.changes()
                })
            })
            .collect();
        for (n, thread) in (1..).zip(threads) {
            let changes = thread.join().expect("it does not panic");
            assert_eq!(changes.storage[0].place.0, address(n));
        }
    });
}

/// Both residences, with proofs at many heights and at that of the head alone.
fn all_options() -> Vec<StateOptions> {
    let mut all = Vec::new();
    for residence in [Residence::Memory, Residence::Bounded] {
        for proof_heights in [1, 3, 128] {
            let mut options = StateOptions::residence(residence);
            options.proof_heights = proof_heights;
            all.push(options);
        }
    }
    all
}

fn filled(options: StateOptions, heights: u64) -> State<MemoryStore> {
    let mut state = State::open(MemoryStore::new(), options).expect("empty");
    (1..=heights).for_each(|height| fill(&mut state, height));
    state
}

fn kind<T: core::fmt::Debug>(result: Result<T, StoreError>) -> StoreErrorKind {
    result.expect_err("it is refused").kind()
}

/// Rows as a chain has them: receipts, the block, what it is found by.
fn rows_of(height: u64) -> Batch {
    let mut rows = Batch::new();
    let key = height.to_be_bytes();
    rows.put(Table::Receipts, [&key[..], &[0; 4]].concat(), vec![height as u8; 3]);
    rows.put(Table::Blocks, key, vec![height as u8; 100]);
    rows.put(Table::Index, [&b"t"[..], &key].concat(), key);
    rows.remove(Table::Index, *b"nothing");
    rows
}

/// Everything that state answers at every height, in bytes.
fn answers(state: &mut State<MemoryStore>) -> Vec<Vec<u8>> {
    let head = *state.head().expect("a head");
    let mut answers = vec![alloc::format!("{head:?} {:?}", state.base()).into_bytes()];
    state.check(&mut |_| {}).expect("sound");
    for height in head.oldest.number()..=head.height.number() {
        let height = Height::new(height);
        answers.push(state.root_at(height).expect("retained").as_bytes().to_vec());
        let mut writer = SnapshotWriter::new(state, height, 500).expect("retained");
        while let Some(chunk) = writer.next_chunk(state).expect("retained") {
            answers.push(chunk);
        }
        for n in 0..7 {
            let (contract, storage_key) = (address(n), [2]);
            for key in [StateKey::Account(&contract), StateKey::Storage(&contract, &storage_key)] {
                let found = state.prove(height, key).expect("retained");
                answers.push(found.proof.encode());
                answers.push(found.value.map(|value| value.to_vec()).unwrap_or_default());
            }
        }
        let (_, leaves) = state.prove_range(height, &[0; 32], &[0xff; 32]).expect("retained");
        answers.extend(leaves.iter().map(|leaf| [leaf.key, leaf.value].concat()));
    }
    answers
}

#[test]
fn a_prepared_block_is_seen_by_nobody_until_it_is_committed() {
    for options in all_options() {
        let mut state = filled(options.clone(), 5);
        let (before, store) = (answers(&mut state), state.store().clone());
        let changes = changes_of(&state, 6);
        let root = state.prepare(Height::new(6), &changes).expect("it follows");
        assert_eq!(state.prepared(), Some((Height::new(6), root)));
        for _ in 0..2 {
            assert_eq!(answers(&mut state), before, "{options:?}");
            assert_eq!(*state.store(), store);
            assert_ne!(state.root(), root);
            assert_eq!(changes_of(&state, 6), changes);
        }
        assert_eq!(state.commit_prepared(&rows_of(6)), Ok(root));
        assert_eq!((state.root(), state.prepared()), (root, None));
        answers(&mut state);
        fill(&mut state, 7);
        assert_eq!(answers(&mut state), answers(&mut filled(options, 7)));
    }
}

#[test]
fn a_block_in_two_steps_is_stored_as_one_in_one_step() {
    for options in all_options() {
        let mut in_two = State::open(MemoryStore::new(), options.clone()).expect("empty");
        let mut in_one = State::open(MemoryStore::new(), options).expect("empty");
        for height in 1..=6 {
            fill(&mut in_one, height);
            let changes = changes_of(&in_two, height);
            let root = in_two.prepare(Height::new(height), &changes).expect("it follows");
            assert_eq!(root, in_one.root());
            let mut rows = rows_of(height);
            if height % 2 == 0 {
                rows = Batch::new();
                let key = [&height.to_be_bytes()[..], &[0; 4]].concat();
                rows.put(Table::Receipts, key, vec![height as u8; 3]);
            }
            in_two.commit_prepared(&rows).expect("it is prepared");
            in_two.check(&mut |_| {}).expect("sound");
        }
        let mut others = Batch::new();
        for height in [1, 3, 5_u64] {
            let stored = in_two.store().get(Table::Blocks, &height.to_be_bytes());
            assert_eq!(stored.expect("memory").expect("a block")[..], [height as u8; 100]);
            for table in [Table::Blocks, Table::Index] {
                for (key, _) in rows_of(height).writes(table) {
                    others.remove(table, key.clone());
                }
            }
        }
        let mut store = in_two.into_store();
        store.write(&others).expect("memory");
        assert_eq!(store, in_one.into_store());
    }
}

#[test]
fn what_was_prepared_is_dropped_by_abandoning_and_by_preparing_again() {
    for options in all_options() {
        for heights in [0, 1, 4] {
            let mut state = filled(options.clone(), heights);
            let (store, next) = (state.store().clone(), heights + 1);
            let changes = changes_of(&state, next);
            let empty = Overlay::new(&state).changes();
            let root = state.prepare(Height::new(next), &changes).expect("it follows");
            let other = state.prepare(Height::new(next), &empty).expect("it follows");
            assert_eq!((other, state.prepared()), (state.root(), Some((Height::new(next), other))));
            state.abandon().expect("a tree can be made");
            state.abandon().expect("nothing is prepared");
            assert_eq!(state.prepared(), None);
            assert_eq!(kind(state.commit_prepared(&Batch::new())), StoreErrorKind::Refused);
            // One that is refused drops what was there too.
            state.prepare(Height::new(next), &empty).expect("it follows");
            assert_eq!(kind(state.prepare(Height::new(u64::MAX), &empty)), StoreErrorKind::Refused);
            assert_eq!(state.prepared(), None);
            assert_eq!(*state.store(), store);
            state.prepare(Height::new(next), &empty).expect("it follows");
            let block = Block::new(Height::new(next), &changes);
            assert_eq!(state.commit(block), Ok(root));
            state.check(&mut |_| {}).expect("sound");
        }
    }
}

#[test]
fn the_first_block_can_be_prepared_at_any_height_and_again_at_another() {
    for options in all_options() {
        let mut state = State::open(MemoryStore::new(), options).expect("empty");
        let changes = changes_of(&state, 1);
        let mut roots = Vec::new();
        for height in [0, 9, 3] {
            roots.push(state.prepare(Height::new(height), &changes).expect("any height"));
            assert_eq!((state.head(), state.base()), (None, Base::Nothing));
            state.check(&mut |_| {}).expect("nothing is sound");
        }
        assert_eq!(state.commit_prepared(&rows_of(3)), Ok(roots[2]));
        assert_eq!(state.head().map(|head| head.height), Some(Height::new(3)));
        let changes = changes_of(&state, 2);
        state.commit(Block::new(Height::new(4), &changes)).expect("it follows");
        state.check(&mut |_| {}).expect("sound");
    }
}

#[test]
fn rows_of_other_tables_and_heights_do_not_come_with_a_block() {
    let mut wrong = Vec::new();
    for table in [Table::State, Table::Code, Table::Leaves, Table::Undo, Table::Roots, Table::Meta]
    {
        let (mut put, mut remove) = (rows_of(4), rows_of(4));
        put.put(table, [1; 32], [1; 32]);
        remove.remove(table, [1; 32]);
        wrong.extend([put, remove]);
    }
    for height in [3, 5] {
        wrong.push(rows_of(height));
    }
    for (table, length) in [(Table::Receipts, 8), (Table::Receipts, 13), (Table::Blocks, 9)] {
        let mut key = [4_u64.to_be_bytes(), [0; 8]].concat();
        key.truncate(length);
        let mut rows = Batch::new();
        rows.put(table, key, [1]);
        wrong.push(rows);
    }
    for options in all_options() {
        let mut state = filled(options, 3);
        let (before, store) = (answers(&mut state), state.store().clone());
        let changes = changes_of(&state, 4);
        for rows in &wrong {
            state.prepare(Height::new(4), &changes).expect("it follows");
            assert_eq!(kind(state.commit_prepared(rows)), StoreErrorKind::Refused);
            assert_eq!((state.prepared(), state.store()), (None, &store));
        }
        assert_eq!(answers(&mut state), before);
        state.prepare(Height::new(4), &changes).expect("it follows");
        // Rows of other heights can go, as those of a chain that keeps fewer of them.
        let mut rows = rows_of(4);
        rows.remove(Table::Receipts, [&3_u64.to_be_bytes()[..], &[0; 4]].concat());
        state.commit_prepared(&rows).expect("it is prepared");
        assert_eq!(state.receipts(Height::new(3)), Ok(Vec::new()));
        state.check(&mut |_| {}).expect("sound");
    }
}

#[test]
fn nothing_is_pruned_while_a_block_is_prepared() {
    for options in all_options() {
        let mut state = filled(options, 4);
        let changes = changes_of(&state, 5);
        state.prepare(Height::new(5), &changes).expect("it follows");
        let store = state.store().clone();
        assert_eq!(kind(state.prune(1, 9)), StoreErrorKind::Refused);
        assert_eq!(*state.store(), store);
        state.commit_prepared(&Batch::new()).expect("it is prepared");
        assert_eq!(state.prune(1, 9).expect("nothing is prepared").heights, 4);
        state.check(&mut |_| {}).expect("sound");
    }
}

/// A store whose writes fail while it is told so.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) rows: MemoryStore,
    pub(super) fails: core::sync::atomic::AtomicBool,
}

impl Store for Failing {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        self.rows.get(table, key)
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        self.rows.scan(table, range, order, visit)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        match self.fails.get_mut() {
            true => Err(StoreError::new("on purpose")),
            false => self.rows.write(batch),
        }
    }
}

#[test]
fn a_commit_that_fails_leaves_state_as_it_was_before_it_was_prepared() {
    for options in all_options() {
        let store = Failing { rows: MemoryStore::new(), fails: false.into() };
        let mut state = State::open(store, options.clone()).expect("empty");
        for height in 1..=6 {
            let (root, store) = (state.root(), state.store().rows.clone());
            let changes = changes_of(&state, height);
            let prepared = state.prepare(Height::new(height), &changes).expect("it follows");
            state.store().fails.store(true, Relaxed);
            assert_eq!(kind(state.commit_prepared(&rows_of(height))), StoreErrorKind::Medium);
            state.store().fails.store(false, Relaxed);
            assert_eq!((state.root(), state.prepared()), (root, None));
            assert_eq!(state.store().rows, store);
            state.check(&mut |_| {}).expect("sound");
            assert_eq!(state.prepare(Height::new(height), &changes), Ok(prepared));
            state.commit_prepared(&rows_of(height)).expect("it is prepared");
        }
        assert_eq!(state.root(), filled(options, 6).root());
    }
}
