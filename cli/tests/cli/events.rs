//! `dytallix events`: by contract, name, topic and height, a page at a time.

use serde_json::{Value as Json, json};

use crate::chain::{Chain, text};

/// A chain with two tokens, of which the first has three transfers.
fn chain() -> (Chain, String, String) {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    let other = chain.deploy("alice", "basic_token", &["50", "--salt", "1"]);
    for amount in ["1", "2"] {
        chain.json(&["call", &token, "transfer", &bob, amount, "--from", "alice"]);
    }
    (chain, token, other)
}

/// What the events of a run tell of amounts.
fn amounts(json: &Json) -> Vec<&str> {
    let events = json["events"].as_array().expect("a list").iter();
    events.map(|event| event["fields"]["2"].as_str().expect("an amount")).collect()
}

#[test]
fn events_are_found_by_contract_topic_and_height() {
    let (chain, token, other) = chain();
    let all = chain.json(&["events"]);
    assert_eq!((&all["schema"], &all["next"]), (&"dytallix.events/1".into(), &Json::Null));
    assert_eq!(amounts(&all), ["1000", "50", "1", "2"]);
    let bob = format!("2={}", chain.address("bob"));
    for (args, expected) in [
        (&["--contract", &token][..], &["1000", "1", "2"][..]),
        (&["--contract", &token, "--contract", &other], &["1000", "50", "1", "2"]),
        (&["--name", "Transfer", "--newest"], &["2", "1", "50", "1000"]),
        (&["--name", "Other"], &[]),
        (&["--topic", &bob], &["1", "2"]),
        (&["--topic", "0=0x5472616e73666572", "--from", "2", "--to", "3"], &["50", "1"]),
    ] {
        let found = chain.json(&[&["events"], args].concat());
        assert_eq!(amounts(&found), expected, "{args:?}");
    }
    let event = &all["events"][3];
    assert_eq!((&event["place"], &event["height"]), (&"4/0/0".into(), &4.into()));
    let tx = chain.json(&["tx", &text(&event["transaction"])]);
    assert_eq!(tx["receipt"]["events"][0]["fields"], event["fields"]);
}

#[test]
fn pages_go_on_where_the_one_before_ended() {
    let (chain, ..) = chain();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let mut args = vec!["events".to_owned(), "--limit".to_owned(), "3".to_owned()];
        args.extend(after.iter().flat_map(|after: &String| ["--after".to_owned(), after.clone()]));
        let page = chain.json(&args.iter().map(String::as_str).collect::<Vec<_>>());
        found.extend(amounts(&page).iter().map(|amount| (*amount).to_owned()));
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(found, ["1000", "50", "1", "2"]);
    let ran = chain.run(&["events", "--limit", "1"]);
    assert!(ran.out.contains("Transfer {") && ran.out.contains("--after 1/0/0"), "{ran:?}");
    assert!(chain.run(&["events", "--name", "X"]).out.contains("no such events"));
}

#[test]
fn wrong_usage_exits_with_64() {
    let chain = Chain::new(&[]);
    assert_eq!(chain.json(&["events"])["events"], json!([]));
    for args in [
        &["--contract", "x"][..],
        &["--topic", "Transfer"],
        &["--topic", "99=x"],
        &["--topic", "0=0x1"],
        &["--after", "1/2"],
        &["--limit", "0"],
        &["--limit", "1001"],
    ] {
        assert_eq!(chain.run(&[&["events"], args].concat()).code, 64, "{args:?}");
    }
}
