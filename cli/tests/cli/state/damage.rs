//! Ledgers that are not there, are something else, are damaged, or are in use.

use std::path::{Path, PathBuf};

use dytallix::state::{Batch, DiskOptions, Table};
use dytallix::{Address, DiskStore, Store};
use serde_json::json;

use super::{assert_fails, document, ledger, state, text};
use crate::support::{Ran, dytallix};

fn store_file(folder: &Path) -> PathBuf {
    folder.join("state.redb")
}

/// Every command that looks into a ledger, or changes one that is there.
fn all_fail(folder: &Path, class: &str) {
    let nobody = Address::from_bytes([9; 32]).to_string();
    let out = folder.join("out");
    for args in [
        &["root"][..],
        &["get", &nobody],
        &["dump"],
        &["check"],
        &["proof", &nobody],
        &["snapshot", "--out", text(&out)],
        &["prune", "--keep", "1"],
        &["restore", "--abandon"],
    ] {
        assert_fails(&state(folder, &[args, &["--json"]].concat()), 4, class);
        let ran = state(folder, args);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{ran:?}");
        assert!(ran.err.starts_with("error: "), "{ran:?}");
        assert!(ran.err.contains("\n  at ") && ran.err.contains("\n  try "), "{ran:?}");
    }
    assert!(!out.exists(), "nothing was made");
}

fn demo(folder: &Path) -> Ran {
    dytallix(["demo", "--json", "--data", text(folder)])
}

#[test]
fn looking_makes_no_files() {
    let folder = tempfile::tempdir().expect("a folder");
    all_fail(folder.path(), "missing");
    let none = folder.path().join("none");
    all_fail(&none, "missing");
    assert!(!none.exists());
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn foreign_files_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    for contents in [&b"no database"[..], &[0; 100_000], b""] {
        std::fs::write(store_file(folder.path()), contents).expect("it can be written");
        all_fail(folder.path(), "foreign");
        assert_fails(&demo(folder.path()), 4, "foreign");
        assert_eq!(std::fs::read(store_file(folder.path())).expect("the file"), contents);
    }
}

#[test]
fn a_ledger_in_use_says_so() {
    let folder = ledger(1);
    let open = DiskStore::open(store_file(folder.path()), &DiskOptions::default());
    let open = open.expect("the store opens");
    all_fail(folder.path(), "in-use");
    assert_fails(&demo(folder.path()), 4, "in-use");
    open.close().expect("the store closes");
    document(folder.path(), &["check"]);
}

#[test]
fn a_truncated_file_is_damage() {
    let folder = ledger(1);
    let path = store_file(folder.path());
    let whole = std::fs::read(&path).expect("the file");
    for length in [whole.len() / 2, whole.len() - 4096, 8192] {
        std::fs::write(&path, &whole[..length]).expect("it can be written");
        let ran = state(folder.path(), &["check", "--json"]);
        assert_eq!(ran.code, 4, "{length}: {ran:?}");
        assert_eq!(ran.err, "", "panics inside the database are not told twice");
        let ran = state(folder.path(), &["root"]);
        assert!(ran.code == 4 || ran.code == 0, "{length}: {ran:?}");
    }
    std::fs::write(&path, &whole).expect("it can be written");
    document(folder.path(), &["check"]);
}

#[test]
fn flipped_bits_are_found_or_do_not_matter() {
    let folder = ledger(1);
    let path = store_file(folder.path());
    let sound = document(folder.path(), &["check"]);
    let whole = std::fs::read(&path).expect("the file");
    let used: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] != 0).collect();
    let mut found = 0;
    for at in used.iter().step_by((used.len() / 40).max(1)) {
        let mut bytes = whole.clone();
        bytes[*at] ^= 0x10;
        std::fs::write(&path, bytes).expect("it can be written");
        let ran = state(folder.path(), &["check", "--json"]);
        assert_eq!(ran.err, "", "byte {at}: {ran:?}");
        match ran.code {
            0 => assert_eq!(ran.json()["root"], sound["root"], "byte {at}"),
            4 => found += 1,
            code => panic!("byte {at}: code {code}, {ran:?}"),
        }
    }
    // Many bytes are of pages that earlier blocks have left behind.
    assert!(found > 0, "none of about 40 was found");
}

#[test]
fn a_flipped_bit_of_a_row_is_found() {
    let folder = ledger(1);
    let path = store_file(folder.path());
    let mut bytes = std::fs::read(&path).expect("the file");
    // In every page that has the row, or had it.
    let starts: Vec<usize> =
        (0..bytes.len()).filter(|&at| bytes[at..].starts_with(&[b'a'; 32])).collect();
    assert!(!starts.is_empty());
    for at in starts {
        bytes[at] ^= 1;
    }
    std::fs::write(&path, bytes).expect("it can be written");
    assert_fails(&state(folder.path(), &["check", "--json"]), 4, "corrupt");
}

/// Changes rows behind the back of the state.
fn tamper(folder: &Path, batch: &Batch) {
    let store = DiskStore::open(store_file(folder), &DiskOptions::default());
    let mut store = store.expect("the store opens");
    store.write(batch).expect("it can be written");
}

#[test]
fn a_changed_row_is_damage_and_says_what() {
    let folder = ledger(1);
    let mut batch = Batch::new();
    batch.put(Table::State, [1; 33], [1, 2, 5, 0]);
    tamper(folder.path(), &batch);
    let json = assert_fails(&state(folder.path(), &["check", "--json"]), 4, "corrupt");
    assert!(json["cause"].as_str().is_some_and(|c| c.contains("root")), "{json}");
    assert_fails(&state(folder.path(), &["root", "--json"]), 4, "corrupt");
    assert_fails(&demo(folder.path()), 4, "corrupt");
}

#[test]
fn check_finds_what_opening_does_not() {
    let folder = ledger(1);
    let mut batch = Batch::new();
    batch.put(Table::Roots, 2_u64.to_be_bytes(), [7; 32]);
    tamper(folder.path(), &batch);
    assert_eq!(state(folder.path(), &["root"]).code, 0);
    let ran = state(folder.path(), &["check", "--json"]);
    let json = assert_fails(&ran, 4, "corrupt");
    let cause = json["cause"].as_str().expect("a cause");
    assert!(cause.contains("state of 2 has the root"), "{cause}");
    let ran = state(folder.path(), &["check"]);
    assert!(ran.err.contains("state.redb") && ran.err.contains("restore a snapshot"), "{ran:?}");
}

#[test]
fn an_empty_store_has_nothing_to_show() {
    let folder = tempfile::tempdir().expect("a folder");
    tamper(folder.path(), &Batch::new());
    let json = document(folder.path(), &["root"]);
    assert_eq!((&json["height"], &json["totals"]["accounts"]), (&json!(null), &json!(0)));
    assert_eq!(document(folder.path(), &["check"])["rows"], json!(0));
    for args in [&["dump", "--json"][..], &["snapshot", "--out", "x", "--json"]] {
        assert_fails(&state(folder.path(), args), 4, "empty");
    }
    assert_eq!(document(folder.path(), &["prune", "--keep", "3"])["heights"], json!(0));
}
