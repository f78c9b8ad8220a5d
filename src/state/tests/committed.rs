//! Committed state: blocks, heights, proofs, pruning, opening, and what the check finds.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::{address, empty_state, fill, state_with_contracts};
use crate::primitives::{Amount, Domain, Hash, Height};
use crate::state::{
    Batch, Block, ChangeSet, MemoryStore, Overlay, Residence, State, StateKey, StateOptions,
    StateRoot, Store, StoreErrorKind, Table, View,
};

const BOTH: [Residence; 2] = [Residence::Memory, Residence::Bounded];

fn filled(residence: Residence, heights: u64) -> State<MemoryStore> {
    let options = StateOptions::residence(residence);
    let mut state = State::open(MemoryStore::new(), options).expect("empty");
    (1..=heights).for_each(|height| fill(&mut state, height));
    state
}

fn reopened(state: State<MemoryStore>, residence: Residence) -> State<MemoryStore> {
    let options = StateOptions::residence(residence);
    State::open(state.into_store(), options).expect("sound")
}

fn kind<T: core::fmt::Debug>(result: Result<T, crate::state::StoreError>) -> StoreErrorKind {
    result.expect_err("it is refused").kind()
}

#[test]
fn nothing_committed_is_the_empty_root_and_nothing_stored() {
    for residence in BOTH {
        let options = StateOptions::residence(residence);
        let state = State::open(MemoryStore::new(), options).expect("empty");
        assert_eq!((state.root(), state.head()), (StateRoot::EMPTY, None));
        assert_eq!(state.next_height(), Ok(Height::new(1)));
        state.check(&mut |_| {}).expect("nothing is sound");
        assert_eq!(state.into_store(), MemoryStore::new());
    }
}

#[test]
fn the_first_block_may_have_any_height_and_the_next_ones_follow() {
    for first in [0, 1, 77, u64::MAX - 2] {
        let mut state = empty_state();
        let changes = Overlay::new(&state).changes();
        state.commit(Block::new(Height::new(first), &changes)).expect("the first block");
        let changes = Overlay::new(&state).changes();
        for wrong in [first, first.wrapping_add(2)] {
            let block = Block::new(Height::new(wrong), &changes);
            assert_eq!(kind(state.commit(block)), StoreErrorKind::Refused);
        }
        state.commit(Block::new(Height::new(first + 1), &changes)).expect("it follows");
        state.check(&mut |_| {}).expect("sound");
    }
    let mut state = empty_state();
    let changes = Overlay::new(&state).changes();
    let last = Block::new(Height::new(u64::MAX), &changes);
    assert_eq!(kind(state.commit(last)), StoreErrorKind::Refused);
    state.commit(Block::new(Height::new(u64::MAX - 1), &changes)).expect("the last but one");
    state.at(Height::new(u64::MAX - 1)).expect("it is the head");
    state.check(&mut |_| {}).expect("sound");
}

/// What a fork changed differs from state that was never committed.
#[test]
fn changes_of_a_fork_are_not_changes_of_the_head() {
    let mut state = filled(Residence::Memory, 1);
    let mut overlay = Overlay::new(&state);
    overlay.credit(&address(7), Amount::new(5)).expect("small");
    let mut fork = overlay.fork();
    fork.credit(&address(7), Amount::new(1)).expect("small");
    let changes = fork.changes();
    let block = Block::new(Height::new(2), &changes);
    assert_eq!(kind(state.commit(block)), StoreErrorKind::Refused);
    // Nor are those of another state of the same height.
    let other = state_with_contracts(&[address(9)]);
    let changes = Overlay::new(&other).changes();
    let block = Block::new(Height::new(2), &changes);
    assert_eq!(kind(state.commit(block)), StoreErrorKind::Refused);
}

/// A bounded tree does not read rows when it is opened: a proof is none that would not verify.
#[test]
fn a_damaged_row_of_a_bounded_state_is_not_proved() {
    let mut store = filled(Residence::Bounded, 3).into_store();
    let key = StateKey::Storage(&address(3), &[1]).to_bytes();
    let mut batch = Batch::new();
    batch.put(Table::State, &key[..], *b"\x01other");
    store.write(&batch).expect("memory");
    let mut state = State::open(store.clone(), StateOptions::default()).expect("leaves are sound");
    assert_eq!(kind(state.prove_row(Height::new(3), &key)), StoreErrorKind::Corrupt);
    // Opening it the other way reads the rows, finds it, and leaves the sound leaves alone.
    let in_memory = StateOptions::residence(Residence::Memory);
    assert_eq!(kind(State::open(store, in_memory).map(|_| ())), StoreErrorKind::Corrupt);
}

#[test]
fn a_lost_part_of_an_undo_is_an_error_and_not_another_history() {
    let mut state = empty_state();
    fill(&mut state, 1);
    // Values that are long enough for several parts.
    for (height, byte) in [(2, 2), (3, 3)] {
        let mut overlay = Overlay::new(&state);
        for key in 0..40_u8 {
            overlay
                .set_storage(&address(1), &[200, key], Some(&[byte; 1_000]))
                .expect("it is there");
        }
        let changes = overlay.changes();
        state.commit(Block::new(Height::new(height), &changes)).expect("it follows");
    }
    let mut parts = Vec::new();
    let (store, all) =
        (state.into_store(), (core::ops::Bound::Unbounded, core::ops::Bound::Unbounded));
    store
        .scan(Table::Undo, all, crate::state::Order::Ascending, &mut |key, _| {
            parts.push(key.to_vec());
            core::ops::ControlFlow::Continue(())
        })
        .expect("memory");
    parts.retain(|key| key[7] == 3);
    assert!(parts.len() > 2, "{} parts", parts.len());
    for part in parts {
        let mut store = store.clone();
        let mut batch = Batch::new();
        batch.remove(Table::Undo, &part[..]);
        store.write(&batch).expect("memory");
        let state = State::open(store, StateOptions::default()).expect("the head is sound");
        assert_eq!(kind(state.at(Height::new(2)).map(|_| ())), StoreErrorKind::Corrupt);
    }
}

#[test]
fn changes_of_another_state_than_the_head_are_refused() {
    let mut state = empty_state();
    let stale = Overlay::new(&state).changes();
    fill(&mut state, 1);
    let block = Block::new(Height::new(2), &stale);
    assert_eq!(kind(state.commit(block)), StoreErrorKind::Refused);
    let mut unsorted = Overlay::new(&state).changes();
    let change = |n| crate::state::Change::new(address(n), None, None);
    unsorted.accounts = vec![change(2), change(1)];
    let block = Block::new(Height::new(2), &unsorted);
    assert_eq!(kind(state.commit(block)), StoreErrorKind::Refused);
}

#[test]
fn the_root_is_a_function_of_contents_and_not_of_history() {
    // The same contents in one block, in many, and with detours.
    let contract = address(1);
    let commit = |state: &mut State<MemoryStore>, changes: &ChangeSet| {
        let height = state.next_height().expect("far from the end");
        state.commit(Block::new(height, changes)).expect("it follows");
    };
    let mut at_once = state_with_contracts(&[contract]);
    let mut overlay = Overlay::new(&at_once);
    for n in 0..100_u8 {
        overlay.set_storage(&contract, &[n], Some(&[n; 20])).expect("a contract");
    }
    let changes = overlay.changes();
    commit(&mut at_once, &changes);
    for residence in BOTH {
        let store = state_with_contracts(&[contract]).into_store();
        let mut state = State::open(store, StateOptions::residence(residence)).expect("sound");
        for n in (0..120_u8).rev() {
            let mut overlay = Overlay::new(&state);
            overlay.set_storage(&contract, &[n], Some(&[n; 20])).expect("a contract");
            overlay.set_storage(&contract, &[n, 1], Some(b"a detour")).expect("a contract");
            let changes = overlay.changes();
            commit(&mut state, &changes);
        }
        let mut overlay = Overlay::new(&state);
        for n in 0..120_u8 {
            overlay.set_storage(&contract, &[n, 1], None).expect("a contract");
        }
        (100..120_u8).for_each(|n| {
            overlay.set_storage(&contract, &[n], None).expect("a contract");
        });
        let changes = overlay.changes();
        commit(&mut state, &changes);
        assert_eq!(state.root(), at_once.root());
        assert_ne!(state.root(), StateRoot::EMPTY);
    }
}

#[test]
fn the_root_of_a_small_state_has_not_moved() {
    let mut state = empty_state();
    let mut overlay = Overlay::new(&state);
    overlay.credit(&address(1), Amount::new(5)).expect("small");
    let changes = overlay.changes();
    let root = state.commit(Block::new(Height::new(1), &changes)).expect("the first block");
    // SHA-256 by another implementation, of the leaf as the format document writes it.
    assert_eq!(
        format!("{root}"),
        "9ecb1a0be61e2b6d2cf3a93ceee43fc3e1d5dd23962df2f8fe674be3461684f3"
    );
}

#[test]
fn every_retained_height_is_proved_after_a_reopening_too() {
    for residence in BOTH {
        let mut state = filled(residence, 20);
        state.prune(15, u64::MAX).expect("nothing is pinned");
        let expected: Vec<_> = (6..=20).map(|h| state.root_at(Height::new(h))).collect();
        for round in 0..2 {
            for height in [20, 6, 13, 19, 7] {
                let contract = address(5);
                for key in 0..10_u8 {
                    let state_key = StateKey::Storage(&contract, &[key]);
                    let found = state.prove(Height::new(height), state_key).expect("retained");
                    assert_eq!(Ok(found.root), expected[height as usize - 6]);
                    match &found.value {
                        Some(value) => {
                            assert_eq!(
                                found.proof.verify_inclusion(&found.root, &found.key, value),
                                Ok(())
                            );
                            assert!(found.proof.verify_exclusion(&found.root, &found.key).is_err());
                        }
                        None => assert_eq!(
                            found.proof.verify_exclusion(&found.root, &found.key),
                            Ok(())
                        ),
                    }
                }
            }
            for height in [5, 21] {
                let refused = state.prove(Height::new(height), StateKey::Account(&address(1)));
                assert_eq!(kind(refused), StoreErrorKind::NotRetained);
            }
            if round == 0 {
                state = reopened(state, residence);
            }
        }
    }
}

#[test]
fn heights_beyond_those_at_hand_are_proved_and_let_go_of() {
    for residence in BOTH {
        let mut options = StateOptions::residence(residence);
        options.proof_heights = 3;
        let mut state = State::open(MemoryStore::new(), options).expect("empty");
        (1..=12).for_each(|height| fill(&mut state, height));
        let at_hand = state.tree_bytes();
        for height in [12, 10, 9, 1, 12, 5] {
            let found = state.prove(Height::new(height), StateKey::Account(&address(1)));
            let found = found.expect("retained");
            let value = found.value.expect("an account");
            assert_eq!(found.proof.verify_inclusion(&found.root, &found.key, &value), Ok(()));
        }
        assert!(state.tree_bytes() < at_hand * 4, "trees of older heights are let go of");
        fill(&mut state, 13);
        state.check(&mut |_| {}).expect("sound");
    }
}

#[test]
fn a_range_is_proved_whole() {
    for residence in BOTH {
        let mut state = filled(residence, 12);
        let (first, last) = ([0x20; 32], [0xd0; 32]);
        for height in [12, 7] {
            let height = Height::new(height);
            let root = state.root_at(height).expect("retained");
            let (proof, leaves) = state.prove_range(height, &first, &last).expect("retained");
            assert!(leaves.len() > 10);
            assert_eq!(proof.verify(&root, &first, &last, &leaves), Ok(()));
            assert!(proof.verify(&root, &first, &last, &leaves[1..]).is_err());
        }
        let inside_out = state.prove_range(Height::new(12), &last, &first);
        assert_eq!(kind(inside_out), StoreErrorKind::Refused);
    }
}

#[test]
fn ics23_verifies_presence_and_absence_of_state() {
    use ics23::{CommitmentProof, HostFunctionsManager as Host};
    let spec: ics23::ProofSpec = jmt::ics23_spec();
    for residence in BOTH {
        let mut state = filled(residence, 10);
        for height in [10, 4] {
            let height = Height::new(height);
            let root = state.root_at(height).expect("retained").as_bytes().to_vec();
            let mut seen = [0, 0];
            for key in 0..8_u8 {
                let contract = address(3);
                let state_key = StateKey::Storage(&contract, &[key]);
                let proof = state.prove_ics23(height, state_key).expect("retained");
                let proof: CommitmentProof =
                    prost::Message::decode(&proof.expect("a form")[..]).expect("protobuf");
                let value = state.at(height).expect("retained").storage(&contract, &[key]);
                // What is proved is the row, which begins with the version of its encoding.
                let value = value.expect("memory").map(|value| [&[1], &value[..]].concat());
                let key = state_key.to_bytes();
                let verified = match &value {
                    Some(value) => {
                        seen[0] += 1;
                        ics23::verify_membership::<Host>(&proof, &spec, &root, &key, value)
                    }
                    None => {
                        seen[1] += 1;
                        ics23::verify_non_membership::<Host>(&proof, &spec, &root, &key)
                    }
                };
                assert!(verified, "{key:?}");
            }
            assert!(seen[0] > 2 && seen[1] > 1, "{seen:?}");
        }
    }
}

#[test]
fn pruning_goes_in_steps_and_keeps_what_is_retained() {
    let mut state = filled(Residence::Memory, 10);
    let root = state.root();
    let step = state.prune(4, 2).expect("nothing is pinned");
    assert_eq!((step.heights, step.remaining), (2, 4));
    assert_eq!(state.head().expect("a head").oldest, Height::new(3));
    let step = state.prune(4, 100).expect("nothing is pinned");
    assert_eq!((step.heights, step.remaining), (4, 0));
    assert!(step.rows >= 12, "undo, root and receipts of four heights: {}", step.rows);
    assert_eq!(state.prune(4, 100).expect("nothing is pinned").heights, 0);
    assert_eq!(state.root(), root);
    for height in 1..=6 {
        assert_eq!(kind(state.at(Height::new(height)).map(|_| ())), StoreErrorKind::NotRetained);
        assert_eq!(kind(state.receipts(Height::new(height))), StoreErrorKind::NotRetained);
    }
    for height in 7..=10_u64 {
        state.at(Height::new(height)).expect("retained");
        let receipts = state.receipts(Height::new(height)).expect("retained");
        assert_eq!(receipts, [vec![height as u8; 3].into()]);
    }
    let all = state.prune(0, 100).expect("nothing is pinned");
    assert_eq!((all.heights, state.head().expect("a head").oldest), (3, Height::new(10)));
    state.check(&mut |_| {}).expect("sound");
    assert_eq!(reopened(state, Residence::Bounded).root(), root);
}

#[test]
fn code_goes_when_no_retained_height_holds_it() {
    let mut state = filled(Residence::Memory, 1);
    let (hash, code) = (Hash::of(Domain::Code, &[b"other"]), b"other");
    let commit = |state: &mut State<MemoryStore>, changes: &ChangeSet| {
        let height = state.next_height().expect("far from the end");
        state.commit(Block::new(height, changes)).expect("it follows");
    };
    let mut overlay = Overlay::new(&state);
    overlay.add_code(hash, code[..].into(), address(1)).expect("memory");
    let added = overlay.changes();
    commit(&mut state, &added);
    // As a later transaction removes code to which nothing refers.
    let mut removed = Overlay::new(&state).changes();
    let info = added.code_info[0].current;
    removed.code_info = vec![crate::state::Change::new(hash, info, None)];
    commit(&mut state, &removed);
    let changes = Overlay::new(&state).changes();
    commit(&mut state, &changes);
    let stored = |state: &State<MemoryStore>| {
        state.store().get(Table::Code, hash.as_bytes()).expect("memory").is_some()
    };
    assert_eq!(state.code(&hash), Ok(None));
    let before = state.at(Height::new(2)).expect("retained").code(&hash);
    assert_eq!(before.expect("memory").as_deref(), Some(&code[..]));
    state.prune(3, 100).expect("nothing is pinned");
    assert!(stored(&state), "height 2 still holds it");
    assert_eq!(state.prune(2, 100).expect("nothing is pinned").codes, 1);
    assert!(!stored(&state));
    let held = Hash::of(Domain::Code, &[b"code"]);
    assert_eq!(state.code(&held).expect("memory").as_deref(), Some(&b"code"[..]));
    state.check(&mut |_| {}).expect("sound");
}

#[test]
fn the_way_the_tree_is_held_can_change_at_every_opening() {
    let mut state = filled(Residence::Memory, 3);
    for (height, residence) in (4..).zip([BOTH[1], BOTH[0], BOTH[1], BOTH[1], BOTH[0]]) {
        state = reopened(state, residence);
        fill(&mut state, height);
        let report = state.check(&mut |_| {}).expect("sound");
        assert_eq!(report.leaves > 0, residence == Residence::Bounded);
    }
    assert_eq!(state.root(), filled(Residence::Memory, 8).root());
}

/// Each row of a store, changed or removed, is damage that the check or the opening finds.
#[test]
fn every_damaged_row_is_found() {
    let sound = filled(Residence::Bounded, 5).into_store();
    let mut cases = 0;
    for table in Table::ALL {
        let mut rows = Vec::new();
        let all = (core::ops::Bound::Unbounded, core::ops::Bound::Unbounded);
        sound
            .scan(table, all, crate::state::Order::Ascending, &mut |key, value| {
                rows.push((key.to_vec(), value.to_vec()));
                core::ops::ControlFlow::Continue(())
            })
            .expect("memory");
        for (key, value) in rows {
            let mut changed = value.clone();
            changed.push(1);
            let mut damages = vec![None, Some(changed)];
            damages.extend((0..value.len().min(40)).map(|at| {
                let mut changed = value.clone();
                changed[at] ^= 0x10;
                Some(changed)
            }));
            for damage in damages {
                let mut store = sound.clone();
                let mut batch = Batch::new();
                match &damage {
                    Some(value) => batch.put(table, &key[..], &value[..]),
                    None => batch.remove(table, &key[..]),
                }
                store.write(&batch).expect("memory");
                // Receipts are what a chain says they are; a table of leaves that is not marked
                // as complete is made anew.
                let is_free = table == Table::Receipts || key == b"leaves";
                let options = StateOptions::residence(Residence::Bounded);
                let outcome =
                    State::open(store, options).and_then(|state| state.check(&mut |_| {}));
                assert_eq!(outcome.is_ok(), is_free, "{table:?} {key:?} {damage:?}");
                cases += 1;
            }
        }
    }
    assert!(cases > 1_000, "{cases} cases");
}

#[test]
fn a_foreign_store_and_another_version_are_named() {
    let open = |batch: &Batch| {
        let mut store = MemoryStore::new();
        store.write(batch).expect("memory");
        State::open(store, StateOptions::default()).expect_err("foreign")
    };
    let mut batch = Batch::new();
    batch.put(Table::State, *b"somebody's", *b"row");
    assert_eq!(open(&batch).kind(), StoreErrorKind::Foreign);
    let mut batch = Batch::new();
    batch.put(Table::Meta, *b"format", *b"dytallix state\x02\0\0\0");
    let error = open(&batch);
    assert_eq!(error.kind(), StoreErrorKind::Foreign);
    assert!(format!("{error}").contains("version 2, this is software for version 1"), "{error}");
    for format in [&b"something else"[..], b"dytallix state", b"dytallix state\x01\0\0\0\0"] {
        let mut batch = Batch::new();
        batch.put(Table::Meta, *b"format", format);
        assert_eq!(open(&batch).kind(), StoreErrorKind::Foreign);
    }
}
