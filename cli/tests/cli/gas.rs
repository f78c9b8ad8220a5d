//! `dytallix gas replay`: what blocks would have cost under another protocol.

use serde_json::json;

use crate::chain::{Chain, module, number, text};

/// A chain with a token and three calls.
fn chain() -> Chain {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    for amount in ["1", "2"] {
        chain.json(&["call", &token, "transfer", &bob, amount, "--from", "alice"]);
    }
    let fails = ["call", &token, "transfer", &bob, "9999", "--from", "alice", "--anyway"];
    chain.failure(&fails, 10, "unsuccessful");
    chain
}

#[test]
fn under_its_own_protocol_nothing_changes() {
    let chain = chain();
    let json = chain.json(&["gas", "replay"]);
    assert_eq!((&json["schema"], &json["blocks"]), (&"dytallix.gas-replay/1".into(), &4.into()));
    assert_eq!((&json["transactions"], &json["changed"]), (&4.into(), &json!([])));
    assert_eq!(json["gas_before"], json["gas_after"]);
    assert_eq!(json["protocol"], json["protocol_of_chain"]);
}

#[test]
fn another_schedule_is_told_transaction_by_transaction() {
    let chain = chain();
    let root = chain.json(&["state", "root"])["root"].clone();
    let dear = chain.write("schedule.json", r#"{ "classes": { "LocalGet": 3 } }"#);
    let json = chain.json(&["gas", "replay", "--schedule", &dear, "--from", "2", "--to", "3"]);
    assert_eq!((&json["from"], &json["to"], &json["other_gas"]), (&2.into(), &3.into(), &2.into()));
    assert_eq!((&json["other_status"], &json["other_result"]), (&0.into(), &0.into()));
    for changed in json["changed"].as_array().expect("a list") {
        assert!(number(&changed["after"]["gas_used"]) > number(&changed["before"]["gas_used"]));
    }
    let protocol = chain.write(
        "protocol.json",
        r#"{ "schedule": { "classes": { "LocalGet": 90000 } }, "policy": { "byte_deposit": "2" } }"#,
    );
    let json = chain.json(&["gas", "replay", "--protocol", &protocol]);
    assert_eq!(json["other_status"], 4);
    assert_eq!(json["changed"][1]["after"]["status"], "out_of_gas");
    let ran = chain.run(&["gas", "replay", "--protocol", &protocol]);
    assert!(ran.out.contains("success → out_of_gas"), "{ran:?}");
    assert_eq!(chain.json(&["state", "root"])["root"], root, "nothing has changed");
}

#[test]
fn wrong_files_and_heights_exit_with_64() {
    let chain = chain();
    let replay = ["gas", "replay"];
    let file = chain.write("wrong.json", r#"{ "classes": { "Bogus": 1 } }"#);
    for args in [
        &["--schedule", &file][..],
        &["--protocol", &file],
        &["--schedule", "no/such/file"],
        &["--schedule", &module("counter")],
        &["--from", "0"],
        &["--from", "9"],
        &["--from", "3", "--to", "2"],
    ] {
        let json = chain.failure(&[&replay[..], args].concat(), 64, "usage");
        assert!(!text(&json["cause"]).is_empty());
    }
    let missing = chain.failure(&["gas", "replay", "--to", "9"], 4, "store");
    assert!(text(&missing["cause"]).contains("no block"), "{missing}");
}
