//! `dytallix audit`: a trail is exported, verified, and found out where it was changed.

use serde_json::Value as Json;

use crate::chain::{Chain, number, text};

/// A chain with a few decisions, its trail, and the hash of the last record.
fn exported() -> (Chain, String, String) {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    chain.json(&["call", &token, "transfer", &bob, "5", "--from", "alice"]);
    chain.json(&["transfer", &bob, "7", "--from", "alice"]);
    let file = chain.name("trail.jsonl");
    let json = chain.json(&["audit", "export", "--out", &file]);
    assert_eq!(json["schema"], "dytallix.audit-export/1");
    // A block and a decision in each.
    assert_eq!((&json["records"], &json["height"]), (&6.into(), &3.into()));
    (chain, file, text(&json["link"]))
}

fn lines(file: &str) -> Vec<String> {
    std::fs::read_to_string(file).expect("the trail").lines().map(str::to_owned).collect()
}

#[test]
fn a_trail_is_verified_by_itself_by_its_last_hash_and_by_the_chain() {
    let (chain, file, link) = exported();
    let data = chain.name("data");
    for args in [&[][..], &["--link", &link], &["--data", &data]] {
        let json = chain.plain(&[&["audit", "verify", &file, "--json"], args].concat()).json();
        assert_eq!((&json["verified"], &json["records"]), (&true.into(), &6.into()), "{json}");
        assert_eq!(json["link"], link);
    }
    // A line says what it is, for whoever reads it without this program.
    let records: Vec<Json> =
        lines(&file).iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&records[0]["kind"], &records[0]["sequence"]), (&"block".into(), &0.into()));
    assert_eq!(records[3]["method"], "transfer");
    assert_eq!(records[5]["value"], 7);
    // The chain goes on: the trail is that of the heights that it has.
    assert_eq!(chain.run(&["block", "--make", "2"]).code, 0);
    assert_eq!(chain.plain(&["audit", "verify", &file, "--data", &data]).code, 0);
    let again = chain.json(&["audit", "export", "--out", &file, "--to", "3"]);
    assert_eq!((&again["link"], number(&again["records"])), (&link.into(), 6));
}

#[test]
fn a_trail_that_was_changed_is_refused() {
    let (chain, file, link) = exported();
    let whole = lines(&file);
    let refused = |lines: &[String], args: &[&str]| {
        let changed = chain.write("changed.jsonl", &(lines.join("\n") + "\n"));
        let ran = chain.plain(&[&["audit", "verify", &changed, "--json"], args].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        let json = ran.json();
        assert_eq!(json["class"], "audit", "{json}");
        text(&json["cause"])
    };
    let without = |at: usize| [&whole[..at], &whole[at + 1..]].concat();
    for at in 0..whole.len() - 1 {
        assert!(refused(&without(at), &[]).contains("is to come"), "{at}");
    }
    let mut swapped = whole.clone();
    swapped.swap(2, 3);
    refused(&swapped, &[]);
    // What a line says beside its encoding is held against it.
    let mut value = whole.clone();
    value[5] = value[5].replace("\"value\":7", "\"value\":8");
    assert!(refused(&value, &[]).contains("line 6: its value is not what its encoding says"));
    // One bit of each encoding.
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        let last = flipped[at].rfind('"').expect("the encoding") - 1;
        let digit = if &flipped[at][last..=last] == "0" { "1" } else { "0" };
        flipped[at].replace_range(last..=last, digit);
        refused(&flipped, &[]);
    }
    // Only its end does not tell of itself.
    let shorter = &whole[..5];
    let changed = chain.write("changed.jsonl", &(shorter.join("\n") + "\n"));
    assert_eq!(chain.plain(&["audit", "verify", &changed]).code, 0);
    refused(shorter, &["--link", &link]);
    refused(shorter, &["--data", &chain.name("data")]);
}

#[test]
fn the_trail_of_another_chain_is_refused() {
    let (chain, file, _) = exported();
    let other = Chain::new(&["alice", "bob"]);
    assert_eq!(other.run(&["block", "--make", "3"]).code, 0);
    let ran = chain.plain(&["audit", "verify", &file, "--data", &other.name("data")]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("is not what the chain has"), "{ran:?}");
}

#[test]
fn wrong_usage_and_files_are_told() {
    let chain = Chain::new(&[]);
    let file = chain.write("none.jsonl", "no json\n");
    assert_eq!(chain.plain(&["audit", "verify", &file]).code, 1);
    assert_eq!(chain.plain(&["audit", "verify", "no/such/file"]).code, 1);
    assert_eq!(chain.plain(&["audit", "verify", &file, "--link", "x"]).code, 64);
    assert_eq!(chain.run(&["audit", "export"]).code, 64);
    let out = chain.name("out");
    chain.failure(&["audit", "export", "--out", &out, "--to", "9"], 4, "store");
    assert!(!chain.path("out").exists(), "nothing was made");
}
