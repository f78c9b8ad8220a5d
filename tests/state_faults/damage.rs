//! Damage that something else did: bytes and pages of a file, rows of tables.

use std::ops::{Bound, ControlFlow};
use std::path::Path;

use dytallix::state::Residence::{self, Bounded, Memory};
use dytallix::state::{
    Batch, DiskStore, MemoryStore, Order, State, StateOptions, Store, StoreError, StoreErrorKind,
    Table,
};

use super::fault::Random;
use super::workload::{after_blocks, commit, contents, options};

/// Who noticed damage first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Noticed {
    OpeningTheStore,
    OpeningState,
    Checking,
    VerifyingTheMedium,
    /// Nobody: everything is as before.
    Never,
}

/// Opens a file that may be damaged, and looks at it in every way that there is.
fn examine(path: &Path, residence: Residence, sound: &MemoryStore, case: &str) -> Noticed {
    let noticed = |error: StoreError, by| {
        let kinds = [StoreErrorKind::Corrupt, StoreErrorKind::Foreign];
        assert!(kinds.contains(&error.kind()), "{case}: {by:?} says {:?} {error}", error.kind());
        by
    };
    let store = match DiskStore::open(path, &options()) {
        Ok(store) => store,
        Err(error) => return noticed(error, Noticed::OpeningTheStore),
    };
    let state = match State::open(store, StateOptions::residence(residence)) {
        Ok(state) => state,
        Err(error) => return noticed(error, Noticed::OpeningState),
    };
    if let Err(error) = state.check(&mut |_| {}) {
        return noticed(error, Noticed::Checking);
    }
    let mut store = state.into_store();
    if let Err(error) = store.verify_medium() {
        return noticed(error, Noticed::VerifyingTheMedium);
    }
    assert!(contents(&store) == *sound, "{case}: it is other state, and nobody noticed");
    Noticed::Never
}

/// Damages a file in many ways, and counts who notices.
fn damage(
    residence: Residence,
    samples: u64,
    mut spoil: impl FnMut(&mut Vec<u8>, &mut Random) -> String,
) -> Vec<(Noticed, usize)> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let store = DiskStore::open(&path, &options()).expect("a new file");
    let mut state = State::open(store, StateOptions::residence(residence)).expect("it is empty");
    (0..9).for_each(|_| _ = commit(&mut state).expect("it can be written"));
    let sound = contents(state.store());
    state.into_store().close().expect("and closed");
    let bytes = std::fs::read(&path).expect("it is there");
    let mut counts = Vec::from(
        [
            Noticed::OpeningTheStore,
            Noticed::OpeningState,
            Noticed::Checking,
            Noticed::VerifyingTheMedium,
            Noticed::Never,
        ]
        .map(|noticed| (noticed, 0)),
    );
    let mut random = Random(7);
    for _ in 0..samples {
        let mut damaged = bytes.clone();
        let case = spoil(&mut damaged, &mut random);
        std::fs::write(&path, &damaged).expect("it can be written");
        let noticed = examine(&path, residence, &sound, &case);
        counts[noticed as usize].1 += 1;
    }
    println!("{residence:?}: {counts:?}");
    counts
}

/// The bytes that are not in a page of zeros.
fn used(bytes: &[u8]) -> Vec<usize> {
    const PAGE: usize = 4096;
    let pages = bytes.chunks(PAGE).enumerate();
    let used = pages.filter(|(_, page)| page.iter().any(|byte| *byte != 0));
    used.flat_map(|(number, page)| number * PAGE..number * PAGE + page.len()).collect()
}

#[test]
fn no_flipped_byte_of_a_file_is_taken_for_state() {
    for residence in [Memory, Bounded] {
        let mut at_the_start = 0;
        let counts = damage(residence, 260, |bytes, random| {
            // The header decides most: each of its bytes that is used, then samples of the rest.
            let used = used(bytes);
            let offset = match at_the_start {
                0..100 => at_the_start * 3,
                _ => used[random.below(used.len() as u64) as usize],
            };
            at_the_start += 1;
            bytes[offset] ^= 1 << random.below(8);
            format!("byte {offset} of {} flipped", bytes.len())
        });
        assert!(counts.iter().all(|(noticed, n)| *n > 0 || *noticed >= Noticed::Checking));
    }
}

#[test]
fn no_page_that_is_lost_or_misplaced_is_taken_for_state() {
    damage(Memory, 80, |bytes, random| {
        let pages = bytes.len() as u64 / 4096;
        let used = used(bytes);
        let from = used[random.below(used.len() as u64) as usize] / 4096 * 4096;
        let to = random.below(pages) as usize * 4096;
        match random.below(3) {
            0 => {
                bytes[from..from + 4096].fill(0);
                format!("page at {from} zeroed")
            }
            1 => {
                bytes.copy_within(from..from + 4096, to);
                format!("page at {from} copied to {to}")
            }
            _ => {
                bytes.truncate(from + random.below(4096) as usize);
                format!("cut off after {} bytes", bytes.len())
            }
        }
    });
}

/// Each row of a store, with what makes it other: removed, a bit changed, a byte more.
fn spoilt_rows(store: &MemoryStore) -> Vec<(String, Table, MemoryStore)> {
    let mut spoilt = Vec::new();
    for table in Table::ALL {
        let everything = (Bound::Unbounded, Bound::Unbounded);
        let mut visit = |key: &[u8], value: &[u8]| {
            let middle = value.len() / 2;
            let mut flipped = value.to_vec();
            flipped.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 1);
            let mut last = value.to_vec();
            last.iter_mut().next_back().into_iter().for_each(|byte| *byte ^= 0x40);
            let longer = [value, &[7]].concat();
            for other in [None, Some(flipped), Some(last), Some(longer)] {
                if other.as_deref() == Some(value) {
                    continue;
                }
                let case = format!("{table:?} {key:02x?}: {other:02x?}");
                let mut batch = Batch::new();
                match other {
                    Some(other) => batch.put(table, key, other),
                    None => batch.remove(table, key),
                }
                let mut store = store.clone();
                store.write(&batch).expect("memory does not fail");
                spoilt.push((case, table, store));
            }
            ControlFlow::Continue(())
        };
        store.scan(table, everything, Order::Ascending, &mut visit).expect("memory");
    }
    spoilt
}

/// Receipts, blocks and the index are not authenticated, and below the lowest height there is
/// nothing to compare with.
#[test]
fn every_row_of_a_retained_height_that_is_lost_or_changed_is_noticed() {
    for residence in [Memory, Bounded] {
        let state = after_blocks(9).into_store();
        let state = State::open(state, StateOptions::residence(residence));
        let mut state = state.expect("memory does not fail");
        while state.prune(4, 2).expect("nothing is pinned").remaining > 0 {}
        let (mut at_opening, mut by_check, mut wrong) = (0, 0, Vec::new());
        for (case, table, store) in spoilt_rows(state.store()) {
            let options = StateOptions::residence(residence);
            let opened = State::open(store, options);
            at_opening += usize::from(opened.is_err());
            let checked = opened.and_then(|state| state.check(&mut |_| {}));
            by_check += usize::from(checked.is_err());
            match checked {
                Ok(_) if matches!(table, Table::Receipts | Table::Blocks | Table::Index) => {}
                // What says that there are leaves may go: then they are made anew.
                Ok(_) if case.starts_with("Meta [6c, 65, 61, 76, 65, 73]") => {}
                Ok(_) => wrong.push(format!("{case}: nobody noticed")),
                Err(error) => {
                    let kinds = [StoreErrorKind::Corrupt, StoreErrorKind::Foreign];
                    if !kinds.contains(&error.kind()) {
                        wrong.push(format!("{case}: {error}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        println!("{residence:?}: {at_opening} of {by_check} spoilt rows are noticed at opening");
        assert!(by_check > 100);
    }
}

#[test]
fn rows_whose_head_is_lost_are_noticed_at_opening() {
    for residence in [Memory, Bounded] {
        let options = StateOptions::residence(residence);
        let state = State::open(after_blocks(2).into_store(), options.clone());
        let mut store = state.expect("memory does not fail").into_store();
        let mut batch = Batch::new();
        batch.remove(Table::Meta, *b"head");
        store.write(&batch).expect("memory does not fail");
        let error = State::open(store, options).expect_err("it is not empty");
        assert_eq!(error.kind(), StoreErrorKind::Corrupt, "{error}");
    }
}

#[test]
fn what_is_no_state_is_foreign() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let other_version = [&b"dytallix state"[..], &2_u32.to_le_bytes()].concat();
    let no_version = b"dytallix state".to_vec();
    for format in [None, Some(b"something else".to_vec()), Some(other_version), Some(no_version)] {
        let mut batch = Batch::new();
        batch.put(Table::State, *b"a key", *b"a value");
        if let Some(format) = &format {
            batch.put(Table::Meta, *b"format", format.clone());
        }
        let mut store = DiskStore::open(&path, &options()).expect("a new file");
        store.write(&batch).expect("it can be written");
        let before = contents(&store);
        let error = State::open(store, StateOptions::default()).expect_err("it is no state");
        assert_eq!(error.kind(), StoreErrorKind::Foreign, "{format:?}: {error}");
        let store = DiskStore::open(&path, &options()).expect("it is still a store");
        assert!(contents(&store) == before, "{format:?}: it was not left alone");
        drop(store);
        std::fs::remove_file(&path).expect("it is there");
    }
}
