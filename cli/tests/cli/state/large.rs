//! A ledger of several pages and chunks, with everything in it that a row can hold.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use dytallix::primitives::Domain;
use dytallix::state::{Admin, Analysis, Block, ContractInfo, DiskOptions, Overlay, StateOptions};
use dytallix::{Address, Amount, DiskStore, Hash, Height, State};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{document, state, text};
use crate::support::dytallix;

/// Entries of the first block: more than a page of the walk, and more bytes than a chunk.
const ENTRIES: u32 = 4000;
/// Of these the second block removes so many.
const REMOVED: u32 = 1500;

fn address(n: u8) -> Address {
    Address::from_bytes([n; 32])
}

fn code(text: &[u8]) -> Hash {
    Hash::of(Domain::Code, &[text])
}

fn commit(state: &mut State<DiskStore>, change: impl FnOnce(&mut Overlay<'_>)) {
    let mut overlay = Overlay::new(&*state);
    change(&mut overlay);
    let changes = overlay.changes();
    let height = state.next_height().expect("a height");
    state.commit(Block::new(height, &changes)).expect("it is committed");
}

/// Block 1: a contract with storage, and an account. Block 2: it is upgraded, and shrinks.
fn large() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let store = DiskStore::open(folder.path().join("state.redb"), &DiskOptions::default());
    let store = store.expect("a store");
    let mut state = State::open(store, StateOptions::default()).expect("state");
    commit(&mut state, |overlay| {
        overlay.add_code(code(b"one"), (*b"one").into(), address(1)).expect("code");
        let admins = vec![address(4), address(3)];
        let info = ContractInfo::deployed(code(b"one"), address(1), Height::new(1))
            .admin(Admin::threshold(2, admins).expect("a threshold"))
            .analysis(Analysis::new(3, 9_876, Hash::from_bytes([5; 32])));
        overlay.create_contract(&address(2), info).expect("a contract");
        for n in 0..ENTRIES {
            let key = n.to_be_bytes();
            overlay.set_storage(&address(2), &key, Some(&[b'x'; 400])).expect("an entry");
        }
        overlay.credit(&address(9), Amount::new(u128::MAX)).expect("an account");
        overlay.bump_nonce(&address(9)).expect("an account");
    });
    commit(&mut state, |overlay| {
        overlay.add_code(code(b"two"), (*b"two").into(), address(1)).expect("code");
        let (height, by) = (Height::new(2), address(3));
        overlay.upgrade_contract(&address(2), code(b"two"), 7, height, by).expect("an upgrade");
        for n in 0..REMOVED {
            overlay.set_storage(&address(2), &n.to_be_bytes(), None).expect("an entry");
        }
    });
    folder
}

fn count(json: &Json, kind: &str) -> usize {
    let rows = json["rows"].as_array().expect("rows");
    rows.iter().filter(|row| row["kind"] == kind).count()
}

#[test]
fn all_rows_are_there_at_each_height() {
    let folder = large();
    let now = document(folder.path(), &["dump"]);
    let kinds = ["account", "storage", "code", "history"];
    let left = (ENTRIES - REMOVED) as usize;
    // Code that no contract runs any more stays, until its uploader asks for it to go.
    assert_eq!(kinds.map(|kind| count(&now, kind)), [2, left, 2, 1]);
    let then = document(folder.path(), &["dump", "--height", "1"]);
    assert_eq!(kinds.map(|kind| count(&then, kind)), [2, ENTRIES as usize, 1, 0]);
    let contract = address(2).to_string();
    let args = ["dump", "--contract", &contract];
    assert_eq!(kinds.map(|kind| count(&document(folder.path(), &args), kind)), [1, left, 0, 1]);
    let args = ["dump", "--contract", &contract, "--height", "1"];
    let then = document(folder.path(), &args);
    assert_eq!(kinds.map(|kind| count(&then, kind)), [1, ENTRIES as usize, 0, 0]);
    let lines = state(folder.path(), &["dump"]).out.lines().count();
    assert_eq!(lines, 2 + left + 3, "text comes in parts, all of them");

    // What is counted at an older height is what was kept while it was the head.
    let totals = |height: &str| {
        let json = document(folder.path(), &["root", "--height", height]);
        json["totals"].clone()
    };
    assert_eq!(totals("2"), document(folder.path(), &["root"])["totals"]);
    let bytes = u64::from(ENTRIES) * 404;
    let expected = json!({
        "accounts": 2, "contracts": 1, "items": ENTRIES, "bytes": bytes,
        "codes": 1, "code_bytes": 3,
    });
    assert_eq!(totals("1"), expected);
}

#[test]
fn every_field_is_shown() {
    let folder = large();
    let contract = address(2).to_string();
    let then = document(folder.path(), &["get", &contract, "--height", "1"]);
    let info = &then["account"]["contract"];
    let admins = [address(3).to_string(), address(4).to_string()];
    let admin = json!({ "kind": "threshold", "needed": 2, "admins": admins });
    assert_eq!(info["admin"], admin);
    let analysis = json!({ "version": 3, "score": 9876, "report": "05".repeat(32) });
    assert_eq!(info["analysis"], analysis);
    let now = document(folder.path(), &["get", &contract]);
    let info = &now["account"]["contract"];
    assert_eq!((&info["version"], &info["schema"]), (&json!(2), &json!(7)));
    assert_eq!(info["analysis"], Json::Null);
    let dump = document(folder.path(), &["dump", "--contract", &contract]);
    let history = dump["rows"].as_array().and_then(|rows| rows.last()).expect("a row");
    let past = json!([{
        "code_hash": code(b"one").to_string(), "schema": 0, "height": 2,
        "by": address(3).to_string(),
    }]);
    assert_eq!(history["versions"], past);
    let account = document(folder.path(), &["get", &address(9).to_string()]);
    let expected = json!({
        "nonce": 1, "balance": u128::MAX.to_string(), "auth": null, "contract": null,
    });
    assert_eq!(account["account"], expected);
    let ran = state(folder.path(), &["get", &contract, "--height", "1"]);
    assert!(ran.out.contains("score 9876 of 10,000, version 3"), "{ran:?}");
    assert!(ran.out.contains(&format!("2 of {}, {}", admins[0], admins[1])), "{ran:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = large();
    let mut dump = Command::new(env!("CARGO_BIN_EXE_dytallix"))
        .args(["state", "dump", "--data", text(folder.path())])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    let out = dump.stdout.take().expect("a pipe");
    BufReader::new(out).read_line(&mut line).expect("a line");
    assert!(line.starts_with("account dyt1"), "{line}");
    assert_eq!(dump.wait().expect("it ends").code(), Some(0));
}

/// Begins a restore and kills it after a while; whether it was still running.
fn killed(args: &[&str], file: &Path, writes: u32) -> bool {
    let mut restore = Command::new(env!("CARGO_BIN_EXE_dytallix"))
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let changed = || file.metadata().and_then(|data| data.modified()).ok();
    let (mut last, mut seen) = (changed(), 0);
    while seen < writes && restore.try_wait().expect("a process").is_none() {
        std::thread::sleep(Duration::from_millis(1));
        let now = changed();
        seen += u32::from(now != last);
        last = now;
    }
    restore.kill().expect("a process");
    restore.wait().expect("it ends").code().is_none()
}

#[test]
fn a_restore_that_was_killed_goes_on() {
    let folder = large();
    let (snapshot, target) = (folder.path().join("snapshot"), folder.path().join("target"));
    let args = ["snapshot", "--out", text(&snapshot), "--chunk-bytes", "2000"];
    let chunks = document(folder.path(), &args)["chunks"].as_u64().expect("a number");
    assert!(chunks > 500, "{chunks}");
    let head = document(folder.path(), &["root"]);
    let root = head["root"].as_str().expect("a root");
    let (data, from, height) = (text(&target), text(&snapshot), head["height"].to_string());
    let trusted = ["--height", &height, "--root", root];
    let args =
        [&["state", "restore", "--data", data, "--from", from, "--json"][..], &trusted].concat();
    let file = target.join("state.redb");
    let mut kills = 0;
    while kills < 4 && killed(&args, &file, 20) {
        kills += 1;
    }
    let ran = dytallix(args);
    if ran.code == 0 {
        assert!(ran.json()["first_chunk"].as_u64() > Some(0), "{kills} kills: {ran:?}");
    } else {
        // The machine was so quick that it had been done before.
        assert_eq!(ran.json()["class"], "not-empty", "{ran:?}");
    }
    let restored = document(&target, &["root"]);
    assert_eq!((&restored["root"], &restored["totals"]), (&head["root"], &head["totals"]));
    document(&target, &["check"]);
}
