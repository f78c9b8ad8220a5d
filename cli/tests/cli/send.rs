//! `dytallix transfer`, `deploy` and `call`: simulated, signed, in a block, shown.

use serde_json::{Value as Json, json};

use crate::chain::{Chain, RICH, module, number, text};

#[test]
fn a_transfer_is_simulated_and_sent_and_its_fee_is_paid() {
    let chain = Chain::new(&["alice", "bob"]);
    let (alice, bob) = (chain.address("alice"), chain.address("bob"));
    let sent = chain.json(&["transfer", &bob, "500", "--from", "alice"]);
    assert_eq!((&sent["schema"], &sent["sent"]), (&"dytallix.transfer/1".into(), &true.into()));
    assert_eq!((&sent["height"], &sent["transaction"]["nonce"]), (&1.into(), &0.into()));
    assert_eq!(
        sent["transaction"]["body"],
        json!({ "kind": "transfer", "to": bob, "value": "500" })
    );
    let (receipt, simulated) = (&sent["receipt"], &sent["simulation"]);
    assert_eq!(receipt["status"], "success");
    assert_eq!(receipt["gas_used"], simulated["gas_used"]);
    let gas: u64 = receipt["gas"].as_object().expect("parts").values().map(number).sum();
    assert_eq!(gas, number(&receipt["gas_used"]));
    let limit = number(&sent["transaction"]["gas_limit"]);
    assert_eq!(limit, gas + gas.div_ceil(5), "a fifth more than it used");
    let fee: u128 = text(&receipt["fee"]).parse().expect("a number");
    assert_eq!(chain.balance(&alice), RICH - 500 - fee, "version 1 burns all of it");
    assert_eq!(chain.balance(&bob), RICH + 500);
}

#[test]
fn a_token_is_deployed_and_called_with_decoded_events() {
    let chain = Chain::new(&["alice", "bob"]);
    let (alice, bob) = (chain.address("alice"), chain.address("bob"));
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    let ran = chain.run(&["call", &token, "transfer", &bob, "30", "--from", "alice"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let event = format!("Transfer {{ 0: {alice}, 1: {bob}, 2: 30 }}");
    for expected in ["simulated  success", "compute", "state read", "crypto", &event] {
        assert!(ran.out.contains(expected), "{expected} is not in {}", ran.out);
    }
    let sent = chain.json(&["call", &token, "transfer", &bob, "12", "--from", "alice"]);
    let body = &sent["transaction"]["body"];
    assert_eq!(body["values"], json!({ "to": bob, "amount": "12" }));
    let event = &sent["receipt"]["events"][0];
    assert_eq!((&event["name"], &event["contract"]), (&"Transfer".into(), &token.clone().into()));
    assert_eq!(event["fields"], json!({ "0": alice, "1": bob, "2": "12" }));
    assert_eq!(chain.view(&token, "balance_of", &[&bob]), "42");
    // What a method returns.
    let called = chain.json(&["call", &token, "balance_of", &bob, "--from", "bob"]);
    assert_eq!(called["receipt"]["result"], "42");
}

#[test]
fn arguments_are_also_json_and_bytes() {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let token = chain.deploy("alice", "basic_token", &["--args-json", "{\"supply\": \"0x3e8\"}"]);
    for args in [format!("[\"{bob}\", 5]"), format!("{{ \"amount\": \"5\", \"to\": \"{bob}\" }}")] {
        let call = ["call", &token, "transfer", "--args-json", &args, "--from", "alice"];
        assert_eq!(chain.json(&call)["receipt"]["status"], "success");
    }
    assert_eq!(chain.view(&token, "balance_of", &[&bob]), "10");
    let zero = format!("0x{}", "00".repeat(48));
    let call = ["call", &token, "transfer", "--args-hex", &zero, "--from", "alice"];
    assert_eq!(chain.json(&call)["receipt"]["status"], "success");
    // Structs, lists of tuples and variants.
    let members = format!("[[\"{bob}\", 5]]");
    let rules = r#"{"threshold":1,"quorum":1,"period":2,"delay":0,"grace":9}"#;
    let voting = chain.deploy("alice", "voting", &[&members, rules]);
    assert_eq!(chain.view(&voting, "rules", &[])["period"], "2");
}

#[test]
fn code_that_is_there_is_deployed_by_its_hash() {
    let chain = Chain::new(&["alice"]);
    let first = ["deploy", &module("upgrade_v1"), "--from", "alice"];
    let hash = text(&chain.json(&first)["code_hash"]);
    let second = chain.json(&["deploy", &hash, "--salt", "1", "--from", "alice"]);
    assert_eq!((&second["code_hash"], &second["sent"]), (&hash.into(), &true.into()));
    let taken = chain.failure(&first, 10, "unsuccessful");
    assert_eq!((&taken["status"], &taken["sent"]), (&"address_taken".into(), &false.into()));
    assert!(text(&taken["way_out"]).contains("--salt"), "{taken}");
    let absent = "ab".repeat(32);
    chain.failure(&["deploy", &absent, "--from", "alice"], 5, "absent");
}

#[test]
fn what_can_be_no_contract_exits_with_3() {
    let chain = Chain::new(&["alice"]);
    let file = chain.write("none.wat", "(module (import \"env\" \"bogus\" (func)))");
    let json = chain.failure(&["deploy", &file, "--from", "alice"], 3, "bad-module");
    assert_eq!(json["class"], "no-contract");
    chain.failure(&["deploy", "no/such.wasm", "--from", "alice"], 1, "failed");
}

#[test]
fn a_dry_run_sends_nothing_and_asks_for_no_passphrase() {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let args =
        ["transfer", &bob, "5", "--from", "alice", "--dry-run", "--passphrase-file", "/none"];
    let json = chain.json(&args);
    assert_eq!(
        (&json["sent"], &json["receipt"], &json["height"]),
        (&false.into(), &Json::Null, &Json::Null)
    );
    assert_eq!(json["simulation"]["status"], "success");
    assert_eq!(chain.balance(&bob), RICH);
    assert_eq!(chain.json(&["state", "root"])["height"], 0);
}

#[test]
fn what_would_fail_is_not_sent_unless_it_is_asked_for() {
    let chain = Chain::new(&["alice", "bob"]);
    let (alice, bob) = (chain.address("alice"), chain.address("bob"));
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    let call = ["call", &token, "transfer", &alice, "1", "--from", "bob"];
    let told = chain.failure(&call, 10, "unsuccessful");
    assert_eq!((&told["sent"], &told["status"]), (&false.into(), &"reverted".into()));
    assert_eq!(told["simulation"]["reason"], "InsufficientBalance");
    assert_eq!(chain.balance(&bob), RICH);

    let sent = chain.failure(&[&call[..], &["--anyway"]].concat(), 10, "unsuccessful");
    assert_eq!((&sent["sent"], &sent["height"]), (&true.into(), &2.into()));
    assert_eq!(sent["receipt"]["reason"], "InsufficientBalance");
    assert_eq!(sent["receipt"]["events"], json!([]));
    let ran = chain.run(&call);
    assert!(ran.err.starts_with("failed: the transaction would fail: Insufficient"), "{ran:?}");
}

#[test]
fn rejected_transactions_exit_with_9_and_change_nothing() {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let transfer = ["transfer", &bob, "5", "--from", "alice"];
    for (more, status) in [
        (&["--gas-price", "0"][..], "gas_price_too_low"),
        (&["--gas-limit", "1000"], "gas_limit_too_low"),
        (&["--gas-limit", "600000000"], "gas_limit_too_high"),
        (&["--gas-limit", "400000000", "--gas-price", "1000000"], "cannot_pay"),
        (&["--account", &bob], "key_of_other"),
    ] {
        let json = chain.failure(&[&transfer[..], more].concat(), 9, "rejected");
        assert_eq!((&json["status"], &json["sent"]), (&status.into(), &false.into()));
    }
    assert_eq!(chain.json(&["state", "root"])["height"], 0);
    let poor = Chain::without_genesis(&["alice"]);
    assert_eq!(poor.run(&["init"]).code, 0);
    let json = poor.failure(&transfer, 9, "rejected");
    assert!(text(&json["way_out"]).contains("more balance"), "{json}");
}

#[test]
fn limits_of_gas_and_deposit_hold() {
    let chain = Chain::new(&["alice"]);
    let deploy = ["deploy", &module("upgrade_v1"), "--from", "alice"];
    let json =
        chain.failure(&[&deploy[..], &["--gas-limit", "400000"]].concat(), 10, "unsuccessful");
    assert_eq!(json["status"], "out_of_gas");
    let json =
        chain.failure(&[&deploy[..], &["--deposit-limit", "5"]].concat(), 10, "unsuccessful");
    assert_eq!(json["status"], "deposit");
    let sent = chain.json(&[&deploy[..], &["--gas-price", "3", "--tip", "2"]].concat());
    let fee: u64 = text(&sent["receipt"]["fee"]).parse().expect("a number");
    assert_eq!(fee, 5 * number(&sent["receipt"]["gas_used"]));
    let deposit: u64 = text(&sent["simulation"]["deposit"]).parse().expect("a number");
    let length = std::fs::metadata(module("upgrade_v1")).expect("a file").len();
    assert!(deposit >= length, "a unit for each byte of code: {deposit}");
    let limit: u64 = text(&sent["transaction"]["deposit_limit"]).parse().expect("a number");
    assert_eq!(limit, deposit + deposit.div_ceil(5));
}

#[test]
fn wrong_arguments_exit_with_64_and_say_what_is_taken() {
    let chain = Chain::new(&["alice"]);
    let alice = chain.address("alice");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    let cases: &[(&[&str], &str)] = &[
        (&["transfer", &alice], "there are 1 arguments, and it takes 2"),
        (&["transfer", &alice, "x"], "argument amount: \"x\" is no u128"),
        (&["transfer", "bob", "5"], "argument to: \"bob\" is no Address"),
        (&["transfer", "--args-json", "{"], "--args-json is no JSON"),
        (&["transfer", "--args-json", "[]"], "argument to: nothing is no Address"),
        (&["transfer", "--args-hex", "0x1"], "--args-hex is not hexadecimal"),
        (&["bogus"], "Token has no method \"bogus\""),
        (&["init", "5"], "Token has no method \"init\""),
    ];
    for (args, cause) in cases {
        let call = [&["call", &token][..], args, &["--from", "alice"]].concat();
        let json = chain.failure(&call, 64, "usage");
        assert!(text(&json["cause"]).contains(cause), "{args:?}: {json}");
    }
    chain.failure(&["call", &alice, "m", "--from", "alice"], 5, "absent");
    let key = chain.failure(&["call", &token, "owner", "--from", "nobody"], 8, "key");
    assert_eq!(key["class"], "missing");
}
