//! `dytallix init`: chains begin, and begin the same from the document of another.

use serde_json::{Value as Json, json};

use crate::chain::{Chain, text};

fn genesis(chain: &Chain) -> Json {
    let file = std::fs::read(chain.path("data/genesis.json")).expect("written");
    serde_json::from_slice(&file).expect("JSON")
}

#[test]
fn a_chain_begins_with_its_balances_and_its_governor() {
    let chain = Chain::without_genesis(&["alice"]);
    let alice = chain.address("alice");
    let balance = format!("{alice}=1_000");
    let args = ["init", "--chain-id", "9", "--balance", &balance, "--governor", &alice];
    let made = chain.json(&args);
    assert_eq!(made["schema"], "dytallix.init/1");
    assert_eq!(made["genesis"], genesis(&chain));
    assert_eq!(made["genesis"]["chain_id"], 9);
    assert_eq!(made["genesis"]["balances"], json!({ &alice: "1000" }));
    assert_eq!(made["genesis"]["governor"], alice);
    assert_eq!(chain.balance(&alice), 1_000);
    let root = chain.json(&["state", "root"]);
    assert_eq!(root["root"], made["state_root"]);
    let block = chain.json(&["block", "0"]);
    assert_eq!((&block["hash"], &block["genesis"]), (&made["genesis_hash"], &made["genesis"]));
}

#[test]
fn the_document_of_a_chain_begins_the_same_chain() {
    let chain = Chain::new(&["alice", "bob"]);
    let first = chain.json(&["block", "0"]);
    let file = chain.name("data/genesis.json");
    let again = chain.plain(&["init", "--genesis", &file, "--data", &chain.name("b"), "--json"]);
    let again = again.json();
    assert_eq!((&again["genesis_hash"], &again["genesis"]), (&first["hash"], &first["genesis"]));
    // The same genesis once more changes nothing, another one is refused.
    let same = chain.plain(&["init", "--genesis", &file, "--data", &chain.name("b")]);
    assert_eq!(same.code, 0, "{same:?}");
    let other = chain.failure(&["init", "--genesis", &file, "--chain-id", "8"], 4, "store");
    assert_eq!(other["class"], "genesis");
    assert_eq!(genesis(&chain), first["genesis"], "the file stays");
}

#[test]
fn a_document_may_leave_out_and_change_parts_of_the_protocol() {
    let chain = Chain::without_genesis(&["alice"]);
    let balances = format!("{{ \"{}\": \"5000000\" }}", chain.address("alice"));
    let file = chain.write(
        "genesis.json",
        &format!(
            r#"{{ "chain_id": 3, "balances": {balances},
                "protocol": {{ "policy": {{ "min_gas_price": "2" }} }} }}"#
        ),
    );
    let made = chain.json(&["init", "--genesis", &file]);
    assert_eq!(made["genesis"]["protocol"]["policy"]["min_gas_price"], "2");
    let to = chain.address("alice");
    let sent = chain.json(&["transfer", &to, "1", "--from", "alice"]);
    assert_eq!(sent["transaction"]["gas_price"], "2");
}

#[test]
fn a_dry_run_makes_nothing() {
    let chain = Chain::without_genesis(&[]);
    let json = chain.json(&["init", "--dry-run"]);
    assert_eq!((&json["made"], &json["genesis"]["chain_id"]), (&false.into(), &1.into()));
    let printed = chain.run(&["init", "--dry-run", "--chain-id", "5"]);
    let genesis: Json = serde_json::from_str(&printed.out).expect("JSON");
    assert_eq!(
        (&genesis["chain_id"], &genesis["schema"]),
        (&5.into(), &"dytallix.genesis/1".into())
    );
    assert!(!chain.path("data").exists());
}

#[test]
fn wrong_usage_and_documents_exit_with_64() {
    let chain = Chain::without_genesis(&["alice"]);
    let alice = chain.address("alice");
    for (balance, cause) in [
        ("x", "ADDRESS=AMOUNT"),
        ("dyt1=5", "not an address"),
        (&format!("{alice}=many"), "decimal"),
    ] {
        let ran = chain.run(&["init", "--balance", balance]);
        assert_eq!(ran.code, 64, "{ran:?}");
        assert!(ran.err.contains(cause), "{ran:?}");
    }
    let (a, b) = (format!("{alice}=1"), format!("{alice}=2"));
    chain.failure(&["init", "--balance", &a, "--balance", &b], 64, "usage");
    for document in ["", "[]", "{}", r#"{ "chain_id": 1, "bogus": 1 }"#] {
        let file = chain.write("wrong.json", document);
        let json = chain.failure(&["init", "--genesis", &file], 64, "usage");
        assert!(text(&json["cause"]).contains("is no genesis"), "{json}");
    }
    chain.failure(&["init", "--genesis", "no/such/file"], 1, "failed");
    // Balances without a sum.
    let most = format!(
        "{{ \"chain_id\": 1, \"balances\": {{ \"{alice}\": \"{0}\", \"{1}\": \"{0}\" }} }}",
        u128::MAX,
        dytallix::Address::from_bytes([1; 32])
    );
    let file = chain.write("most.json", &most);
    assert_eq!(chain.failure(&["init", "--genesis", &file], 4, "store")["class"], "genesis");
}

#[test]
fn commands_say_where_there_is_no_chain() {
    let chain = Chain::without_genesis(&["alice"]);
    let to = chain.address("alice");
    let missing = chain.failure(&["transfer", &to, "1", "--from", "alice"], 4, "store");
    assert_eq!(missing["class"], "missing");
    assert!(text(&missing["way_out"]).contains("dytallix init"), "{missing}");
}
