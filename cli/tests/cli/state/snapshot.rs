//! `dytallix state snapshot` and `restore`: the restored ledger is the same, an interrupted restore
//! goes on, and a snapshot that was changed is refused.

use std::path::{Path, PathBuf};

use dytallix::state::Manifest;
use serde_json::json;
use tempfile::TempDir;

use super::{assert_fails, document, ledger, play_in, root, state, text};
use crate::support::{Ran, dytallix};

/// A ledger, a snapshot of it in small chunks, and the folder for what is restored.
struct Copied {
    folder: TempDir,
    snapshot: PathBuf,
    target: PathBuf,
    height: String,
    root: String,
}

impl Copied {
    fn new() -> Copied {
        let folder = ledger(1);
        let (snapshot, target) = (folder.path().join("snapshot"), folder.path().join("target"));
        let args = ["snapshot", "--out", text(&snapshot), "--chunk-bytes", "100"];
        let json = document(folder.path(), &args);
        assert_eq!(json["schema"], "dytallix.state-snapshot/1");
        assert!(json["chunks"].as_u64().is_some_and(|chunks| chunks >= 4), "{json}");
        let root = root(folder.path());
        assert_eq!(json["root"], json!(root));
        let height = json["height"].to_string();
        Copied { folder, snapshot, target, height, root }
    }

    fn chunk(&self, number: u32) -> PathBuf {
        self.snapshot.join(format!("chunk-{number:06}"))
    }

    fn restore(&self, args: &[&str]) -> Ran {
        let (from, height) = (text(&self.snapshot), self.height.as_str());
        let fixed = ["restore", "--from", from, "--height", height, "--root", &self.root];
        state(&self.target, &[&fixed, args].concat())
    }
}

/// Names of the files in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.expect("an entry").file_name().into_string().expect("UTF-8")
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).expect("a file");
    bytes[at] ^= 1;
    std::fs::write(path, bytes).expect("it can be written");
}

#[test]
fn what_is_restored_is_the_same_ledger() {
    let copied = Copied::new();
    let ran = copied.restore(&["--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let json = ran.json();
    assert_eq!(json["schema"], "dytallix.state-restore/1");
    assert_eq!((&json["root"], &json["height"]), (&json!(copied.root), &json!(3)));
    assert_eq!((&json["outcome"], &json["first_chunk"]), (&json!("restored"), &json!(0)));
    let [from, to] = [copied.folder.path(), &copied.target];
    assert_eq!(document(from, &["root"])["totals"], document(to, &["root"])["totals"]);
    assert_eq!(document(from, &["dump"])["rows"], document(to, &["dump"])["rows"]);
    document(to, &["check"]);
    // Both go on alike.
    let (expected, found) = (play_in(from), play_in(to));
    assert_eq!(found, expected);
    // Nothing is restored over it.
    assert_fails(&copied.restore(&["--json"]), 4, "not-empty");
    let ran = state(&copied.target, &["restore", "--abandon", "--json"]);
    assert_fails(&ran, 4, "not-empty");
    assert_eq!(root(&copied.target), found.root);
}

#[test]
fn an_older_height_is_restored_bounded_too() {
    let folder = ledger(2);
    let (snapshot, target) = (folder.path().join("snapshot"), folder.path().join("target"));
    let ran = state(folder.path(), &["snapshot", "--out", text(&snapshot), "--height", "2"]);
    assert!(ran.out.contains("height    2"), "{ran:?}");
    let then = document(folder.path(), &["root", "--height", "2"]);
    let root = then["root"].as_str().expect("a root");
    let from = text(&snapshot);
    let args = ["restore", "--from", from, "--height", "2", "--root", root, "--bounded"];
    let ran = state(&target, &args);
    assert!(ran.out.starts_with("restored and verified\n"), "{ran:?}");
    let restored = document(&target, &["root"]);
    assert_eq!((&restored["root"], &restored["oldest"]), (&then["root"], &json!(2)));
    assert_eq!(restored["totals"], then["totals"]);
    let check = document(&target, &["check"]);
    assert_eq!(check["leaves"], check["rows"], "it is bounded");
}

#[test]
fn a_snapshot_run_again_keeps_what_is_there() {
    let copied = Copied::new();
    let data = copied.folder.path();
    let args = ["snapshot", "--out", text(&copied.snapshot), "--chunk-bytes", "100"];
    let before = names(&copied.snapshot);
    assert_eq!(before.last().map(String::as_str), Some("manifest"));
    // As after an interruption: no manifest, the last chunk missing, one that is half written.
    std::fs::remove_file(copied.snapshot.join("manifest")).expect("the manifest");
    std::fs::remove_file(copied.chunk(3)).expect("a chunk");
    std::fs::write(copied.snapshot.join("chunk-000003.unfinished"), "h").expect("a file");
    let json = document(data, &args);
    assert_eq!(json["kept"].as_u64(), json["chunks"].as_u64().map(|chunks| chunks - 1));
    assert_eq!(names(&copied.snapshot), before);
    // Greater chunks replace smaller ones, and leave none of them behind.
    let json = document(data, &["snapshot", "--out", text(&copied.snapshot)]);
    assert_eq!((&json["chunks"], &json["kept"]), (&json!(1), &json!(0)));
    assert_eq!(names(&copied.snapshot), ["chunk-000000", "manifest"]);
    // A snapshot of another height stays.
    let other = ["snapshot", "--out", text(&copied.snapshot), "--height", "1", "--json"];
    assert_fails(&state(data, &other), 1, "not-empty");
    assert_eq!(copied.restore(&[]).code, 0);
    assert_eq!(state(data, &["snapshot", "--out", "x", "--chunk-bytes", "0"]).code, 64);
}

#[test]
fn an_interrupted_restore_goes_on() {
    let copied = Copied::new();
    let away = copied.folder.path().join("away");
    std::fs::rename(copied.chunk(2), &away).expect("a chunk");
    let json = assert_fails(&copied.restore(&["--json"]), 1, "chunk");
    assert_eq!(json["chunk"], json!(2));
    // Until then nothing opens it, and nothing begins another restore in it.
    for args in [&["root"][..], &["check"], &["dump"]] {
        let ran = state(&copied.target, &[args, &["--json"]].concat());
        let json = assert_fails(&ran, 4, "unfinished");
        assert!(json["way_out"].as_str().is_some_and(|way| way.contains("--abandon")));
    }
    let ran = dytallix(["demo", "--json", "--data", text(&copied.target)]);
    assert_fails(&ran, 4, "unfinished");

    std::fs::rename(&away, copied.chunk(2)).expect("a chunk");
    // The chunks that were loaded are not needed any more.
    std::fs::remove_file(copied.chunk(0)).expect("a chunk");
    let ran = copied.restore(&["--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["first_chunk"], json!(2));
    assert_eq!(root(&copied.target), copied.root);
    document(&copied.target, &["check"]);
}

#[test]
fn a_bad_chunk_is_named() {
    let copied = Copied::new();
    let last = std::fs::metadata(copied.chunk(1)).expect("a chunk").len() as usize - 1;
    for at in [0, last / 2, last] {
        flip(&copied.chunk(1), at);
        let ran = copied.restore(&[]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("error: chunk 1: "), "{ran:?}");
        assert!(ran.err.contains("chunk-000001"), "{ran:?}");
        assert_eq!(copied.restore(&["--json"]).json()["chunk"], json!(1));
        flip(&copied.chunk(1), at);
    }
    assert_eq!(copied.restore(&["--json"]).json()["first_chunk"], json!(1));
}

#[test]
fn a_bad_manifest_makes_nothing() {
    let copied = Copied::new();
    let manifest = copied.snapshot.join("manifest");
    flip(&manifest, 5);
    assert_fails(&copied.restore(&["--json"]), 1, "manifest");
    flip(&manifest, 5);
    let other = "22".repeat(32);
    let (from, height) = (text(&copied.snapshot), copied.height.as_str());
    let args = ["restore", "--from", from, "--height", height, "--root", &other, "--json"];
    assert_fails(&state(&copied.target, &args), 1, "other-root");
    let args = ["restore", "--from", from, "--height", "77", "--root", &copied.root, "--json"];
    assert_fails(&state(&copied.target, &args), 1, "other-height");
    std::fs::remove_file(&manifest).expect("the manifest");
    assert_fails(&copied.restore(&["--json"]), 1, "manifest");
    assert!(!copied.target.exists(), "nothing was made");
}

#[test]
fn a_snapshot_that_is_not_the_trusted_state_is_given_up() {
    let copied = Copied::new();
    // Manifest and chunk agree with each other, and not with the root.
    let path = copied.snapshot.join("manifest");
    let good = std::fs::read(&path).expect("the manifest");
    let mut manifest = Manifest::decode(&good).expect("a manifest");
    flip(&copied.chunk(1), std::fs::metadata(copied.chunk(1)).expect("a chunk").len() as usize - 1);
    let chunk = std::fs::read(copied.chunk(1)).expect("a chunk");
    manifest.chunks[1] = Manifest::hash_of_chunk(1, &chunk);
    std::fs::write(&path, manifest.encode()).expect("it can be written");
    let json = assert_fails(&copied.restore(&["--json"]), 1, "wrong-state");
    assert!(json["way_out"].as_str().is_some_and(|way| way.contains("--abandon")), "{json}");
    assert_fails(&state(&copied.target, &["root", "--json"]), 4, "unfinished");

    // The good snapshot is another one: the bad one has to go first.
    flip(&copied.chunk(1), chunk.len() - 1);
    std::fs::write(&path, good).expect("it can be written");
    let json = assert_fails(&copied.restore(&["--json"]), 4, "other-restore");
    assert!(json["way_out"].as_str().is_some_and(|way| way.contains("--abandon")), "{json}");
    let ran = state(&copied.target, &["restore", "--abandon"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "abandoned: the ledger is empty\n"), "{ran:?}");
    assert_eq!(document(&copied.target, &["root"])["height"], json!(null));
    assert_eq!(copied.restore(&[]).code, 0);
    assert_eq!(root(&copied.target), copied.root);
}

#[test]
fn a_restore_needs_a_snapshot_and_a_root() {
    let copied = Copied::new();
    let snapshot = text(&copied.snapshot);
    for args in [
        &["restore"][..],
        &["restore", "--from", snapshot],
        &["restore", "--from", snapshot, "--root", &copied.root],
        &["restore", "--from", snapshot, "--height", &copied.height],
        &["restore", "--root", &copied.root],
        &["restore", "--abandon", "--from", snapshot],
    ] {
        assert_eq!(state(&copied.target, args).code, 64, "{args:?}");
    }
    assert!(!copied.target.exists());
}
