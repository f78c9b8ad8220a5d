//! `dytallix state`: what it shows of a ledger with a token on it, and how it fails.

mod damage;
mod large;
mod ledger;
mod proof;
mod snapshot;

use std::path::Path;

use dytallix::Address;
use dytallix::state::{Residence, StateOptions};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::support::{Ran, dytallix};

/// A folder with a ledger that was played so often: the first time makes three blocks, each other
/// one two.
fn ledger(times: u32) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..times {
        play_in(folder.path());
    }
    folder
}

fn play_in(folder: &Path) -> ledger::Played {
    ledger::play(folder, StateOptions::default())
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// `dytallix state` with these arguments.
fn state(folder: &Path, args: &[&str]) -> Ran {
    let (command, rest) = args.split_first().expect("a subcommand");
    dytallix([&["state", command, "--data", text(folder)], rest].concat())
}

/// The document of a run that went well.
fn document(folder: &Path, args: &[&str]) -> Json {
    let ran = state(folder, &[args, &["--json"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}: {ran:?}");
    ran.json()
}

/// The document of a run that failed with this code and class.
#[track_caller]
fn assert_fails(ran: &Ran, code: i32, class: &str) -> Json {
    let json = ran.json();
    assert_eq!(ran.code, code, "{ran:?}");
    assert_eq!(json["schema"], "dytallix.failure/1");
    assert_eq!(json["exit_code"], code);
    assert_eq!(json["class"], class, "{ran:?}");
    assert!(json["way_out"].is_string(), "{ran:?}");
    json
}

/// The token's address.
fn token(folder: &Path) -> String {
    let dump = document(folder, &["dump"]);
    dump["rows"][0]["address"].as_str().expect("an account").to_owned()
}

/// The root of the head.
fn root(folder: &Path) -> String {
    document(folder, &["root"])["root"].as_str().expect("a root").to_owned()
}

/// The key of a person's balance: see examples/basic_token.rs.
fn balance_key(person: u8) -> String {
    format!("0x02{}", format!("{person:02x}").repeat(32))
}

#[test]
fn root_shows_how_far_the_ledger_is_and_what_it_holds() {
    let folder = ledger(2);
    let json = document(folder.path(), &["root"]);
    assert_eq!(json["schema"], "dytallix.state-root/1");
    assert_eq!((&json["height"], &json["oldest"]), (&json!(5), &json!(1)));
    let totals = &json["totals"];
    assert_eq!((&totals["accounts"], &totals["contracts"]), (&json!(1), &json!(1)));
    assert_eq!((&totals["items"], &totals["codes"]), (&json!(5), &json!(1)));
    // Owner, supply and three balances, with their keys.
    assert_eq!(totals["bytes"], json!(1 + 32 + 1 + 16 + 3 * (33 + 16)));
    assert!(json["file_bytes"].as_u64().is_some_and(|bytes| bytes > 0));

    let ran = state(folder.path(), &["root"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in ["height         5", "oldest height  1", "items          5, 197 bytes"] {
        assert!(ran.out.contains(line), "{line} is not in {}", ran.out);
    }
}

#[test]
fn older_heights_have_their_root_and_their_totals() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = play_in(folder.path());
    let before = document(folder.path(), &["root"]);
    assert_eq!(before["root"], first.root);
    play_in(folder.path());
    let then = document(folder.path(), &["root", "--height", "3"]);
    assert_eq!((&then["root"], &then["totals"]), (&before["root"], &before["totals"]));
    // After the deployment alone there was one balance.
    let totals = &document(folder.path(), &["root", "--height", "1"])["totals"];
    assert_eq!(totals["items"], json!(3));
    for height in ["0", "6"] {
        let ran = state(folder.path(), &["root", "--height", height, "--json"]);
        assert_fails(&ran, 4, "not-retained");
    }
}

#[test]
fn get_shows_accounts_and_contracts() {
    let folder = ledger(1);
    let token = token(folder.path());
    let json = document(folder.path(), &["get", &token]);
    assert_eq!(json["schema"], "dytallix.state-get/1");
    assert_eq!(json["address"], json!(token));
    let account = &json["account"];
    assert_eq!(account["nonce"], json!(0));
    assert_eq!(account["balance"], json!("0"));
    assert_eq!(account["auth"], Json::Null);
    let contract = &account["contract"];
    let alice = Address::from_bytes([b'a'; 32]).to_string();
    assert_eq!(contract["deployer"], json!(alice));
    assert_eq!((&contract["version"], &contract["deployed_height"]), (&json!(1), &json!(1)));
    assert_eq!(contract["admin"], json!({ "kind": "none" }));
    assert_eq!(contract["analysis"], Json::Null);
    assert_eq!(contract["usage"], json!({ "items": 5, "bytes": 197 }));

    let ran = state(folder.path(), &["get", &token]);
    for line in ["usage        5 items, 197 bytes", &format!("deployer     {alice}")] {
        assert!(ran.out.contains(line), "{line} is not in {}", ran.out);
    }
}

#[test]
fn get_shows_values_at_every_height() {
    let folder = ledger(2);
    let token = token(folder.path());
    let key = balance_key(b'b');
    let value = |height: &str| {
        document(folder.path(), &["get", &token, &key, "--height", height])["value"]["hex"].clone()
    };
    let amount = |amount: u128| {
        let bytes = amount.to_le_bytes();
        let hex = bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        Json::from(hex)
    };
    assert_eq!((value("2"), value("3"), value("5")), (amount(500), amount(500), amount(1000)));
    let owner = document(folder.path(), &["get", &token, "0x00"]);
    assert_eq!(owner["value"]["text"], json!("a".repeat(32)));
    assert_eq!(owner["key"], json!({ "hex": "0x00", "text": null }));
    let ran = state(folder.path(), &["get", &token, "0x00"]);
    assert!(ran.out.contains(&format!("\"{}\"", "a".repeat(32))), "{ran:?}");
}

#[test]
fn what_is_absent_exits_with_5() {
    let folder = ledger(1);
    let token = token(folder.path());
    let nobody = Address::from_bytes([9; 32]).to_string();
    let balance = balance_key(b'b');
    let early: [&str; 4] = [&token, &balance, "--height", "1"];
    for args in [&[&*nobody][..], &[&token, "nothing"], &early] {
        let ran = state(folder.path(), &[&["get"], args].concat());
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{ran:?}");
        assert!(ran.err.starts_with("absent: there is no "), "{ran:?}");
        let json = state(folder.path(), &[&["get", "--json"], args].concat()).json();
        assert_eq!((&json["kind"], &json["exit_code"]), (&json!("absent"), &json!(5)));
    }
}

#[test]
fn keys_and_addresses_that_are_none_are_usage() {
    let folder = ledger(1);
    let token = token(folder.path());
    for args in
        [&["bogus"][..], &[&token, "0x1"], &[&token, "0xzz"], &[&token, ""], &[&token, "0x"]]
    {
        let ran = state(folder.path(), &[&["get"], args].concat());
        assert_eq!(ran.code, 64, "{args:?}: {ran:?}");
    }
}

#[test]
fn dump_lists_every_row() {
    let folder = ledger(2);
    let json = document(folder.path(), &["dump"]);
    assert_eq!(json["schema"], "dytallix.state-dump/1");
    let rows = json["rows"].as_array().expect("rows");
    let kinds: Vec<&str> = rows.iter().filter_map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds, ["account", "storage", "storage", "storage", "storage", "storage", "code"]);
    assert_eq!(rows[6]["code"]["references"], json!(1));
    assert_eq!(rows[6]["code_hash"], rows[0]["account"]["contract"]["code_hash"]);

    let ran = state(folder.path(), &["dump"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 7), "{ran:?}");
    assert!(ran.out.contains("0x00 = 0x6161"), "{ran:?}");

    let token = rows[0]["address"].as_str().expect("an address");
    let ran = state(folder.path(), &["dump", "--contract", token]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 6), "{ran:?}");
    let early = document(folder.path(), &["dump", "--height", "1"]);
    assert_eq!(early["rows"].as_array().map(Vec::len), Some(1 + 3 + 1));
    let nobody = Address::from_bytes([9; 32]).to_string();
    let none = document(folder.path(), &["dump", "--contract", &nobody]);
    assert_eq!(none["rows"], json!([]));
}

#[test]
fn check_says_what_it_looked_at() {
    let folder = ledger(2);
    let json = document(folder.path(), &["check"]);
    assert_eq!(json["schema"], "dytallix.state-check/1");
    assert_eq!(json["sound"], json!(true));
    assert_eq!((&json["heights"], &json["rows"]), (&json!(5), &json!(7)));
    assert_eq!(json["root"], document(folder.path(), &["root"])["root"]);
    let ran = state(folder.path(), &["check"]);
    assert!(ran.out.starts_with("all of it is sound\n"), "{ran:?}");
    assert_eq!(ran.err, "", "no progress where there is no terminal");
}

#[test]
fn a_bounded_ledger_stays_so_until_told() {
    let folder = tempfile::tempdir().expect("a folder");
    ledger::play(folder.path(), StateOptions::residence(Residence::Bounded));
    let leaves = || document(folder.path(), &["check"])["leaves"].clone();
    for args in [&["root"][..], &["dump"], &["check"], &["prune", "--keep", "9"]] {
        document(folder.path(), args);
        assert_eq!(leaves(), json!(7), "{args:?}");
    }
    play_in(folder.path());
    assert_eq!(leaves(), json!(7));
    for (told, expected) in [("--in-memory", 0), ("--bounded", 7)] {
        for args in [&["prune", "--keep", "9", told][..], &["prune", "--keep", "9"]] {
            document(folder.path(), args);
            assert_eq!(leaves(), json!(expected), "{args:?}");
        }
    }
    assert_eq!(state(folder.path(), &["root", "--bounded", "--in-memory"]).code, 64);
}

#[test]
fn prune_keeps_the_root_and_refuses_old_heights() {
    let folder = ledger(3);
    let before = root(folder.path());
    let json = document(folder.path(), &["prune", "--keep", "2"]);
    assert_eq!(json["schema"], "dytallix.state-prune/1");
    assert_eq!((&json["heights"], &json["oldest"]), (&json!(5), &json!(6)));
    assert_eq!((&json["height"], &json["root"]), (&json!(7), &json!(before)));
    assert!(json["rows"].as_u64().is_some_and(|rows| rows >= 15), "{json}");
    assert_eq!(json["codes"], json!(0));

    assert_eq!(root(folder.path()), before);
    document(folder.path(), &["root", "--height", "6"]);
    for command in ["root", "dump"] {
        let ran = state(folder.path(), &[command, "--height", "5", "--json"]);
        let json = assert_fails(&ran, 4, "not-retained");
        assert!(json["cause"].as_str().is_some_and(|c| c.contains("6 to 7")), "{json}");
    }
    let again = document(folder.path(), &["prune", "--keep", "2"]);
    assert_eq!((&again["heights"], &again["rows"]), (&json!(0), &json!(0)));
    assert_eq!(document(folder.path(), &["check"])["heights"], json!(2));
    let ran = state(folder.path(), &["prune", "--keep", "1"]);
    assert!(ran.out.contains("heights        1 dropped"), "{ran:?}");
    assert_eq!(state(folder.path(), &["prune", "--keep", "0"]).code, 64);
    // The ledger goes on after it.
    play_in(folder.path());
    document(folder.path(), &["check"]);
}
