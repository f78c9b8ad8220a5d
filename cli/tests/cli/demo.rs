//! `dytallix demo`: against a model for random amounts, and with tokens that do it wrong.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support::{Ran, dytallix, file};

const CARELESS: &str = include_str!("careless_token.wat");

fn demo(args: &[&str]) -> Ran {
    dytallix([&["demo"], args].concat())
}

/// Status, gas and events of a step.
fn receipt<'a>(json: &'a Json, step: &str) -> &'a Json {
    let steps = json["steps"].as_array().expect("steps");
    &steps.iter().find(|s| s["step"] == step).expect("the step")["receipt"]
}

#[test]
fn receipts_events_gas_and_balances_are_shown() {
    let ran = demo(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in [
        "alice deploys the token with a supply of 1,000,000",
        "event  Transfer nobody bob: 500",
        "event  Transfer alice carol: 250",
        "bob transfers 501 to carol",
        "reason InsufficientBalance",
        "alice           999,750",
        "total supply  1,000,500",
    ] {
        assert!(ran.out.contains(line), "{line} is not in\n{}", ran.out);
    }
    assert_eq!(ran.out.matches(", gas ").count(), 4, "one per receipt");
}

#[test]
fn the_same_demo_gives_the_same_bytes() {
    assert_eq!(demo(&["--json"]).out, demo(&["--json"]).out);
}

/// Amounts of every magnitude.
fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![
        0_u128..2000,
        any::<u64>().prop_map(u128::from),
        any::<u128>(),
        (0_u128..3).prop_map(|less| u128::MAX - less),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Outcomes, balances and supply equal those of a model of the token.
    #[test]
    fn the_demo_equals_a_model(
        supply in amount(), mint in amount(), transfer in amount(), overdraft in 1_u128..1000
    ) {
        let texts = [supply, mint, transfer, overdraft].map(|n| n.to_string());
        let [a, b, c, d] = &texts;
        let ran = demo(&["--supply", a, "--mint", b, "--transfer", c, "--overdraft", d, "--json"]);

        let minted = supply.checked_add(mint).is_some();
        let bob = if minted { mint } else { 0 };
        if bob.checked_add(overdraft).is_none() {
            prop_assert_eq!(ran.code, 64, "{:?}", ran);
            return Ok(());
        }
        prop_assert_eq!(ran.code, 0, "{:?}", ran);
        let json = ran.json();
        let moved = if transfer <= supply { transfer } else { 0 };
        let balances = json!({
            "alice": (supply - moved).to_string(),
            "bob": bob.to_string(),
            "carol": moved.to_string(),
        });
        prop_assert_eq!(&json["balances"], &balances);
        prop_assert_eq!(&json["total_supply"], &json!((supply + bob).to_string()));
        let affordable = transfer <= supply;
        let outcomes =
            [("deploy", true), ("mint", minted), ("transfer", affordable), ("overdraft", false)];
        for (step, success) in outcomes {
            let receipt = receipt(&json, step);
            let expected = if success { "success" } else { "reverted" };
            prop_assert_eq!(receipt["status"].as_str(), Some(expected), "{}", step);
            let events = receipt["events"].as_array().map(Vec::len);
            prop_assert_eq!(events, Some(usize::from(success)), "{}", step);
            prop_assert!(receipt["gas_used"].as_u64().is_some_and(|gas| gas > 0), "{}", step);
        }
    }
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
    demo(&[&["--token", path.to_str().expect("UTF-8")], args].concat())
}

#[test]
fn an_overdraft_that_passes_exits_with_1() {
    let ran = demo_without(";; nothing", &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let message = "the step \"overdraft\" ended as \"success\" and has to end as \"reverted\"";
    assert!(ran.err.contains(message), "{ran:?}");
}

#[test]
fn a_wrong_balance_exits_with_1() {
    let cases = [
        (";; the sender", "the balance of alice is 1000000 and has to be 999750"),
        (";; the receiver", "the balance of carol is 0 and has to be 250"),
        (";; the supply", "the total supply is 0 and has to be 1000000"),
        (";; of a transfer", "the step \"transfer\" emitted 0 events and has to emit 1"),
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
fn too_little_gas_is_a_failure_that_says_so() {
    let ran = demo(&["--gas", "5000"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("ended as \"out of gas\""), "{ran:?}");
}

#[test]
fn what_is_no_contract_is_not_deployed() {
    let path = file("token_none.wat", "(module (import \"env\" \"bogus\" (func)))");
    let ran = demo(&["--token", path.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("the token cannot be deployed: "), "{ran:?}");
}

#[test]
fn an_overdraft_of_nothing_is_none() {
    assert_eq!(demo(&["--overdraft", "0"]).code, 64);
}

/// The demo with its ledger in this folder.
fn demo_in(folder: &Path, args: &[&str]) -> Ran {
    demo(&[&["--data", folder.to_str().expect("UTF-8")], args].concat())
}

#[test]
fn a_second_run_goes_on_from_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    // The folder is made where it is missing.
    let data = folder.path().join("deep/data");
    let first = demo_in(&data, &["--supply", "1000", "--mint", "70", "--json"]);
    assert_eq!((first.code, first.err.as_str()), (0, ""), "{first:?}");
    let first = first.json();
    assert_eq!(first["continued"], json!(false));
    assert_eq!(first["data"], json!(data.to_str()));
    assert_eq!(first["height"], json!(3), "one block per call that succeeded");
    assert_eq!(first["total_supply"], json!("1070"));

    // --supply is not used any more: nothing is deployed.
    let second = demo_in(&data, &["--supply", "9", "--mint", "30", "--transfer", "50", "--json"]);
    assert_eq!((second.code, second.err.as_str()), (0, ""), "{second:?}");
    let second = second.json();
    assert_eq!(second["continued"], json!(true));
    assert_eq!(second["contract"], first["contract"]);
    assert_eq!(second["height"], json!(5));
    assert_eq!(second["total_supply"], json!("1100"));
    let balances = json!({ "alice": "700", "bob": "100", "carol": "300" });
    assert_eq!(second["balances"], balances);
    let steps: Vec<&Json> = second["steps"].as_array().expect("steps").iter().collect();
    let names: Vec<&str> = steps.iter().filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(names, ["mint", "transfer", "overdraft"]);
    assert_eq!(receipt(&second, "overdraft")["status"], "reverted");
    assert_ne!(first["root"], second["root"]);
}

#[test]
fn height_and_root_are_shown_and_are_the_same_on_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let on_disk = demo_in(folder.path(), &[]);
    let in_memory = demo(&[]);
    let line = |ran: &Ran, name: &str| {
        let found = ran.out.lines().find(|line| line.starts_with(name));
        found.unwrap_or_else(|| panic!("no {name} in {ran:?}")).to_owned()
    };
    for name in ["height  3", "root  "] {
        assert_eq!(line(&on_disk, name), line(&in_memory, name));
    }
    assert!(line(&on_disk, "ledger").ends_with("state.redb"), "{on_disk:?}");
    assert!(line(&in_memory, "ledger").ends_with("in memory"), "{in_memory:?}");
    let again = demo_in(folder.path(), &[]);
    assert!(again.out.contains("it is in the ledger already"), "{again:?}");
}

#[test]
fn a_bounded_tree_has_the_same_root() {
    let folder = tempfile::tempdir().expect("a folder");
    // The second run leaves it bounded, the third takes it back, the fourth makes it so again.
    let mut heights = Vec::new();
    for args in [&["--bounded"][..], &[], &["--in-memory"], &["--bounded"]] {
        heights.push(demo_in(folder.path(), &[args, &["--json"]].concat()).json());
    }
    let memory = tempfile::tempdir().expect("a folder");
    for json in heights {
        let expected = demo_in(memory.path(), &["--json"]).json();
        assert_eq!((&json["height"], &json["root"]), (&expected["height"], &expected["root"]));
    }
    for told in ["--bounded", "--in-memory"] {
        assert_eq!(demo(&[told]).code, 64, "without a file there is no choice");
    }
}

#[test]
fn a_folder_that_cannot_be_one_is_a_failure_that_says_so() {
    let path = file("demo_no_folder", "a file");
    let ran = demo_in(&path, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("cannot make the folder"), "{ran:?}");
}
