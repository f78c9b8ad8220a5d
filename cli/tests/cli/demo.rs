//! `dytallix demo`: a chain comes out as its model says, and tokens that do it wrong are found out.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::chain::{number, text};
use crate::support::{Ran, dytallix, file};

const CARELESS: &str = include_str!("careless_token.wat");

fn demo(args: &[&str]) -> Ran {
    dytallix([&["demo"], args].concat())
}

/// The demo with its chain in this folder.
fn demo_in(folder: &Path, args: &[&str]) -> Ran {
    demo(&[&["--data", folder.to_str().expect("UTF-8")], args].concat())
}

fn document(ran: &Ran) -> Json {
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    ran.json()
}

/// All transactions of a document.
fn transactions(json: &Json) -> Vec<&Json> {
    let blocks = json["blocks"].as_array().expect("blocks").iter();
    blocks.flat_map(|block| block["transactions"].as_array().expect("a list")).collect()
}

#[test]
fn the_whole_story_is_told() {
    let ran = demo(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in [
        "alice deploys the token, gas ",
        "to carol: reverted, InsufficientBalance, gas ",
        "alice votes once more: reverted, AlreadyVoted, gas ",
        "the store is closed and opened again",
        "carol executes the great payment: reverted, CallFailed: Reverted",
        "forgets her own share: reverted, SharesDiffer",
        "which is not his: not admin",
        "alice upgrades the counter to version 2, gas ",
        "balances  as the model has them, and no money is lost or made",
        "proofs    verified against the root alone",
        "replay    the same roots from genesis on, of 11 blocks",
        "height    11",
    ] {
        assert!(ran.out.contains(line), "{line} is not in\n{}", ran.out);
    }
}

#[test]
fn the_same_demo_gives_the_same_bytes_and_another_seed_others() {
    let first = demo(&["--json"]);
    assert_eq!(first.out, demo(&["--json"]).out);
    let (first, other) = (document(&first), document(&demo(&["--seed", "2", "--json"])));
    assert_ne!(first["root"], other["root"]);
    assert_eq!(first["schema"], "dytallix.demo/2");
    assert_eq!(
        (&first["replay"]["root"], &first["replay"]["app_hash"]),
        (&first["root"], &first["app_hash"])
    );
    assert_eq!(first["proofs"]["root"], first["root"]);
    assert_eq!((&first["restarted_at"], &first["data"]), (&json!(6), &Json::Null));
}

#[test]
fn accounts_fees_and_balances_add_up() {
    for accounts in ["3", "9", "40"] {
        let json = document(&demo(&["--accounts", accounts, "--json"]));
        let people = json["accounts"].as_array().expect("accounts");
        assert_eq!(people.len().to_string(), accounts);
        let amount = |json: &Json| text(json).parse::<u128>().expect("an amount");
        let tokens: u128 = people.iter().map(|person| amount(&person["tokens"])).sum();
        assert_eq!(tokens + amount(&json["fund"]), amount(&json["total_supply"]));
        let gas: u64 = transactions(&json).iter().map(|tx| number(&tx["gas_used"])).sum();
        assert_eq!(gas, number(&json["gas_used"]));
        let sent: u64 = people.iter().map(|person| number(&person["nonce"])).sum();
        assert_eq!(sent as usize, transactions(&json).len());
        for failed in transactions(&json).iter().filter(|tx| tx["status"] != "success") {
            assert_eq!(failed["events"], 0, "{failed}");
            assert!(failed["reason"].is_string(), "{failed}");
        }
    }
}

#[test]
fn a_chain_stays_in_its_folder_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    // The folder is made where it is missing.
    let data = folder.path().join("deep/data");
    let first = document(&demo_in(&data, &["--json"]));
    assert_eq!((&first["continued"], &first["height"]), (&json!(false), &json!(11)));
    assert_eq!(first["root"], document(&demo(&["--json"]))["root"], "wherever it is");
    let second = document(&demo_in(&data, &["--json"]));
    assert_eq!((&second["continued"], &second["height"]), (&json!(true), &json!(22)));
    assert_ne!(second["contracts"]["token"], first["contracts"]["token"]);
    assert_eq!(second["replay"]["blocks"], 22);
    // Other commands look into it.
    let name = data.to_str().expect("UTF-8");
    let token = text(&second["contracts"]["token"]);
    let query = dytallix(["query", &token, "supply", "--data", name, "--json"]);
    assert_eq!(document(&query)["entry"]["value"], "1000000");
    assert_eq!(
        document(&dytallix(["state", "check", "--data", name, "--json"]))["root"],
        second["root"]
    );
    // It is the chain of its accounts.
    let other = demo_in(&data, &["--seed", "2", "--json"]);
    assert_eq!(other.code, 4, "{other:?}");
    assert_eq!(other.json()["class"], "genesis");
}

/// The demo of the careless token without those calls in it that end with this comment.
fn demo_without(comment: &str, args: &[&str]) -> Ran {
    let kept = CARELESS.lines().filter_map(|line| match line.strip_suffix(comment) {
        // The parentheses that the last call of a function closes.
        Some(call) => call.contains("$emit").then_some(")"),
        None => Some(line),
    });
    let text = kept.collect::<Vec<_>>().join("\n");
    let path = file(&format!("token_{}.wat", comment.len()), text);
    demo(&[&["--contract", path.to_str().expect("UTF-8")], args].concat())
}

#[test]
fn a_token_that_does_it_wrong_exits_with_1() {
    let cases = [
        (";; nothing", " ended as success and has to be reverted"),
        (";; the sender", "the balance of alice is 1000000 and has to be "),
        (";; the receiver", "the balance of bob is 0 and has to be "),
        (";; the supply", "the total supply is 0 and has to be 1000000"),
    ];
    for (comment, message) in cases {
        let ran = demo_without(comment, &[]);
        assert_eq!(ran.code, 1, "{comment}: {ran:?}");
        assert!(ran.err.contains(message), "{comment}: {ran:?}");
    }
    let json = demo_without(";; the sender", &["--json"]).json();
    assert_eq!((json["kind"].as_str(), json["exit_code"].as_u64()), (Some("failed"), Some(1)));
}

#[test]
fn what_is_no_contract_is_not_deployed() {
    let path = file("token_none.wat", "(module (import \"env\" \"bogus\" (func)))");
    let ran = demo(&["--contract", path.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("the module can be no contract: "), "{ran:?}");
    assert_eq!(demo(&["--contract", "no/such.wasm"]).code, 1);
}

#[test]
fn wrong_usage_exits_with_64() {
    for args in [&["--accounts", "2"][..], &["--accounts", "many"], &["--seed", "-1"], &["--bogus"]]
    {
        assert_eq!(demo(args).code, 64, "{args:?}");
    }
}

#[test]
fn a_folder_that_cannot_be_one_is_a_failure_that_says_so() {
    let path = file("demo_no_folder", "a file");
    let ran = demo_in(&path, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("cannot make the folder"), "{ran:?}");
}
