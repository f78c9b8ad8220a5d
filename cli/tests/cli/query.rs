//! `dytallix query`: accounts, contracts, storage and views, now and before, with proofs.

use serde_json::json;

use crate::chain::{Chain, RICH, text};

#[test]
fn an_account_and_a_contract_are_shown() {
    let chain = Chain::new(&["alice"]);
    let alice = chain.address("alice");
    let json = chain.json(&["query", &alice]);
    assert_eq!((&json["account"]["nonce"], &json["height"]), (&0.into(), &0.into()));
    assert_eq!(json["account"]["balance"], RICH.to_string());
    assert!(json["account"]["contract"].is_null() && json["abi"].is_null());

    let token = chain.deploy("alice", "basic_token", &["1000", "--admin", "sender"]);
    let json = chain.json(&["query", &token]);
    let contract = &json["account"]["contract"];
    assert_eq!(contract["admin"], json!({ "kind": "key", "admin": alice }));
    assert_eq!((&contract["version"], &contract["deployer"]), (&1.into(), &alice.into()));
    assert_eq!(json["abi"]["name"], "Token");
    assert_eq!(
        (&json["activity"]["call_count"], &json["activity"]["last_modified"]),
        (&0.into(), &1.into())
    );
    chain.json(&["call", &token, "approve", &chain.address("alice"), "5", "--from", "alice"]);
    let activity = &chain.json(&["query", &token])["activity"];
    assert_eq!((&activity["call_count"], &activity["last_modified"]), (&1.into(), &2.into()));
    let ran = chain.run(&["query", &token]);
    for line in ["deposit", "balance_of(account: Address) -> u128", "owner, supply, balances"] {
        assert!(ran.out.contains(line), "{line} is not in {}", ran.out);
    }
    let nobody = dytallix::Address::from_bytes([9; 32]).to_string();
    assert_eq!(chain.failure(&["query", &nobody], 5, "absent")["address"], nobody);
    assert_eq!(chain.run(&["query", "alice"]).code, 64);
}

#[test]
fn storage_is_read_by_handle_and_by_bytes() {
    let chain = Chain::new(&["alice"]);
    let alice = chain.address("alice");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    let supply = chain.json(&["query", &token, "supply"]);
    assert_eq!(supply["entry"], json!({ "handle": "supply", "key": null, "value": "1000" }));
    let raw = chain.json(&["query", &token, &text(&supply["key"])]);
    assert_eq!((&raw["value"], &raw["entry"]), (&supply["value"], &supply["entry"]));
    let key = format!("balances[{alice}]");
    let balance = chain.json(&["query", &token, &key]);
    assert_eq!(balance["entry"], json!({ "handle": "balances", "key": alice, "value": "1000" }));
    let shown = chain.run(&["query", &token, &key]);
    assert!(shown.out.contains(&format!("balances[{alice}] = 1000")), "{shown:?}");

    let nobody = dytallix::Address::from_bytes([9; 32]);
    chain.failure(&["query", &token, &format!("balances[{nobody}]")], 5, "absent");
    for (key, cause) in [
        ("bogus", "has no storage handle \"bogus\""),
        ("supply[1]", "is no key of supply"),
        ("balances", "is no key of balances"),
        ("balances[x]", "\"x\" is no Address"),
        ("0x", "0x is no key"),
    ] {
        let json = chain.failure(&["query", &token, key], 64, "usage");
        assert!(text(&json["cause"]).contains(cause), "{json}");
    }
    chain.failure(&["query", &token, "supply", "owner"], 64, "usage");
    chain.failure(&["query", &alice, "supply"], 5, "absent");
}

#[test]
fn views_have_results_and_failures() {
    let chain = Chain::new(&["alice"]);
    let alice = chain.address("alice");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    assert_eq!(chain.view(&token, "owner", &[]), alice);
    assert_eq!(
        chain.view(&token, "balance_of", &["--args-json", &format!("[\"{alice}\"]")]),
        "1000"
    );
    let height = chain.json(&["state", "root"])["height"].clone();
    // What changes state does not go through, and nothing has changed.
    let call = ["query", &token, "--method", "transfer", &alice, "1", "--caller", &alice];
    let json = chain.failure(&call, 10, "unsuccessful");
    assert_ne!(json["receipt"]["status"], "success");
    let little = ["query", &token, "--method", "owner", "--gas-limit", "10"];
    assert_eq!(chain.failure(&little, 10, "unsuccessful")["receipt"]["status"], "out_of_gas");
    assert_eq!(chain.json(&["state", "root"])["height"], height);
    chain.failure(&["query", &token, "--method", "bogus"], 64, "usage");
}

#[test]
fn older_heights_are_shown_and_proved() {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    for _ in 0..2 {
        let call = ["call", &token, "transfer", &bob, "5", "--from", "alice"];
        assert_eq!(chain.run(&call).code, 0);
    }
    let key = format!("balances[{bob}]");
    let file = chain.name("proof.json");
    for (height, value) in [("2", "5"), ("3", "10")] {
        let query = ["query", &token, &key, "--height", height, "--proof", &file];
        let json = chain.json(&query);
        assert_eq!(
            (&json["entry"]["value"], &json["proof"]),
            (&value.into(), &file.clone().into())
        );
        let root = text(&json["root"]);
        let verify = ["state", "verify-proof", &file, "--root"];
        assert_eq!(chain.plain(&[&verify[..], &[&root]].concat()).code, 0);
        assert_eq!(chain.plain(&[&verify[..], &[&"ab".repeat(32)]].concat()).code, 1);
    }
    // That nothing is there is proved too.
    let query = ["query", &token, &key, "--height", "1", "--proof", &file];
    assert_eq!(chain.failure(&query, 5, "absent")["proof"], file);
    let root = text(&chain.json(&["state", "root", "--height", "1"])["root"]);
    let verified = chain.plain(&["state", "verify-proof", &file, "--root", &root, "--json"]).json();
    assert_eq!(verified["outcome"], "absent");
    let later = chain.failure(&["query", &token, "--height", "99"], 4, "store");
    assert_eq!(later["class"], "not-retained");
}
