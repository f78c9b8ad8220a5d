//! `dytallix block` and `dytallix tx`: what has become of transactions.

use crate::chain::{Chain, text};

#[test]
fn blocks_show_their_transactions_and_follow_each_other() {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let sent = chain.json(&["transfer", &bob, "5", "--from", "alice"]);
    let block = chain.json(&["block", "1"]);
    assert_eq!((&block["schema"], &block["hash"]), (&"dytallix.block/1".into(), &sent["block"]));
    assert_eq!(block["transactions"][0]["transaction"], sent["transaction"]);
    assert_eq!(block["transactions"][0]["receipt"], sent["receipt"]);
    assert_eq!(block["gas_used"], sent["receipt"]["gas_used"]);
    let made = chain.json(&["block", "--make", "3"]);
    assert_eq!((&made["height"], &made["transactions"]), (&4.into(), &serde_json::json!([])));
    let second = chain.json(&["block", "2"]);
    assert_eq!((&second["parent"], &second["app_hash"]), (&block["hash"], &sent["app_hash"]));
    let ran = chain.run(&["block", "1"]);
    assert!(ran.out.contains(&format!("transfer of 5 to {bob}")), "{ran:?}");
    assert!(chain.run(&["block", "0"]).out.contains("accounts  2"));
    chain.failure(&["block", "5"], 5, "absent");
    for wrong in [&["block", "--make", "0"][..], &["block", "1", "--make", "1"], &["block", "x"]] {
        assert_eq!(chain.run(wrong).code, 64);
    }
}

#[test]
fn a_transaction_is_found_by_its_id() {
    let chain = Chain::new(&["alice", "bob"]);
    let bob = chain.address("bob");
    let token = chain.deploy("alice", "basic_token", &["1000"]);
    let sent = chain.json(&["call", &token, "transfer", &bob, "5", "--from", "alice"]);
    let id = text(&sent["transaction"]["id"]);
    let found = chain.json(&["tx", &id]);
    assert_eq!((&found["schema"], &found["height"]), (&"dytallix.tx/1".into(), &2.into()));
    assert_eq!(found["transaction"], sent["transaction"]);
    assert_eq!(found["receipt"], sent["receipt"]);
    let ran = chain.run(&["tx", &id]);
    assert!(ran.out.contains("Transfer {"), "{ran:?}");
    let other = "ab".repeat(32);
    assert_eq!(chain.failure(&["tx", &other], 5, "absent")["id"], other);
    assert_eq!(chain.run(&["tx", "12"]).code, 64);
}
