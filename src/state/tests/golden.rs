//! Stored bytes of version 1, every one of them: a small store, a snapshot of it and proofs.
//!
//! What is here is what `docs/state-format.md` tells in words. A change of any of it is another
//! version of the format. To see what would have to be written: `BLESS=1 cargo test golden`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use core::ops::{Bound, ControlFlow};

use super::{address, empty_state, fill};
use crate::primitives::Height;
use crate::state::{
    MemoryStore, Order, Residence, SnapshotWriter, State, StateKey, StateOptions, Store, Table,
};

/// The bytes as they were when version 1 was made.
const GOLDEN: &str = include_str!("golden.txt");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn rows(text: &mut String, store: &MemoryStore) {
    for table in Table::ALL {
        let all = (Bound::Unbounded, Bound::Unbounded);
        store
            .scan(table, all, Order::Ascending, &mut |key, value| {
                let _ = writeln!(text, "{} {} = {}", table.name(), hex(key), hex(value));
                ControlFlow::Continue(())
            })
            .expect("memory");
    }
}

/// Everything that is stored and handed over of a state of two blocks.
fn everything() -> String {
    let options = StateOptions::residence(Residence::Bounded);
    let mut state = State::open(MemoryStore::new(), options).expect("empty");
    (1..=2).for_each(|height| fill(&mut state, height));
    let mut text = String::new();
    rows(&mut text, state.store());
    let mut writer = SnapshotWriter::new(&state, Height::new(1), 400).expect("retained");
    let mut number = 0;
    while let Some(chunk) = writer.next_chunk(&state).expect("retained") {
        let _ = writeln!(text, "chunk {number} = {}", hex(&chunk));
        number += 1;
    }
    let _ = writeln!(text, "manifest = {}", hex(&writer.manifest().encode()));
    for (name, contract) in [("present", address(2)), ("absent", address(9))] {
        let proof = state.prove(Height::new(2), StateKey::Account(&contract)).expect("retained");
        let _ = writeln!(text, "proof {name} = {}", hex(&proof.proof.encode()));
        let message = state.prove_ics23(Height::new(2), StateKey::Account(&contract));
        let message = message.expect("retained").expect("a form");
        let _ = writeln!(text, "ics23 {name} = {}", hex(&message));
    }
    let (first, last) = ([0x40; 32], [0x80; 32]);
    let (proof, leaves) = state.prove_range(Height::new(2), &first, &last).expect("retained");
    let _ = writeln!(text, "range of {} = {}", leaves.len(), hex(&proof.encode()));
    text
}

#[test]
fn golden_bytes_of_version_one_have_not_moved() {
    let text = everything();
    if std::env::var_os("BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/state/tests/golden.txt");
        std::fs::write(path, &text).expect("the file can be written");
        return;
    }
    let pairs: Vec<(&str, &str)> = GOLDEN.lines().zip(text.lines()).collect();
    for (golden, found) in pairs {
        assert_eq!(found, golden);
    }
    assert_eq!(text.lines().count(), GOLDEN.lines().count());
}

#[test]
fn an_unfinished_restore_has_a_row_that_says_how_far_it_is() {
    let mut state = empty_state();
    fill(&mut state, 1);
    let mut writer = SnapshotWriter::new(&state, Height::new(1), 100).expect("retained");
    let chunk = writer.next_chunk(&state).expect("retained").expect("a chunk");
    while writer.next_chunk(&state).expect("retained").is_some() {}
    let (manifest, root) = (writer.manifest(), state.root());
    let restore =
        crate::state::Restore::begin(MemoryStore::new(), manifest.clone(), Height::new(1), &root);
    let mut restore = restore.expect("empty");
    restore.add(0, &chunk).expect("the first");
    let store = restore.into_store();
    let row = store.get(Table::Meta, b"restore").expect("memory").expect("a row");
    let key = StateKey::Account(&address(1)).to_bytes();
    let expected = format!("{}0101{}{}", manifest.id(), "0121", hex(&key));
    assert_eq!(hex(&row), expected);
}
