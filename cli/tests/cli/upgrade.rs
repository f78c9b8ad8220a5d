//! `dytallix upgrade`: planned, applied, taken back, announced and approved of.

use serde_json::{Value as Json, json};

use crate::chain::{Chain, module, text};

/// A chain with version 1 of the counter, to which alice has added 7.
fn counter(admin: &str) -> (Chain, String) {
    let chain = Chain::new(&["alice", "bob", "carol"]);
    let admin = match admin.contains("ALICE") {
        true => {
            admin.replace("ALICE", &chain.address("alice")).replace("BOB", &chain.address("bob"))
        }
        false => admin.to_owned(),
    };
    let counter = chain.deploy("alice", "upgrade_v1", &["--admin", &admin]);
    chain.json(&["call", &counter, "add", "7", "--from", "alice"]);
    (chain, counter)
}

/// The shares that the migration of version 2 takes.
fn shares(chain: &Chain, sum: u64) -> String {
    format!("[[\"{}\", {sum}]]", chain.address("alice"))
}

#[test]
fn a_plan_says_what_changes_and_changes_nothing() {
    let (chain, counter) = counter("sender");
    let (alice, shares) = (chain.address("alice"), shares(&chain, 7));
    let same = format!("owner => {alice}");
    let sum = format!("sum_of {alice} => 7");
    let plan = ["upgrade", "plan", &counter, "--code", &module("upgrade_v2"), &shares];
    let invariants = ["--invariant", "owner", "--invariant", &same, "--invariant", &sum];
    let json = chain.json(&[&plan[..], &invariants].concat());
    assert_eq!(
        (&json["schema"], &json["succeeds"]),
        (&"dytallix.upgrade-plan/1".into(), &true.into())
    );
    assert_eq!((&json["before"]["schema"], &json["after"]["schema"]), (&1.into(), &2.into()));
    assert_eq!((&json["before"]["version"], &json["after"]["version"]), (&1.into(), &2.into()));
    assert_eq!(json["difference"]["methods_lost"], json!(["sum"]));
    assert_eq!(json["difference"]["methods_gained"], json!(["sum_of"]));
    assert_eq!(json["authority"]["admin"], json!({ "kind": "key", "admin": alice }));
    let holds: Vec<&Json> =
        json["invariants"].as_array().expect("a list").iter().map(|i| &i["holds"]).collect();
    assert_eq!(holds, [true, true, true]);
    assert_eq!(json["invariants"][2]["after"], json!({ "value": "7" }));
    let ran = chain.run(&plan);
    let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for fact in
        ["schema 1 → 2", "methods lost sum", "needs the signature of", "Migrated { sum: 7 }"]
    {
        assert!(words.contains(fact), "{fact} is not in {}", ran.out);
    }
    assert_eq!(chain.json(&["query", &counter])["account"]["contract"]["version"], 1);
}

#[test]
fn a_plan_that_fails_or_breaks_an_invariant_exits_with_10() {
    let (chain, counter) = counter("sender");
    let code = module("upgrade_v2");
    let short = shares(&chain, 5);
    let plan = ["upgrade", "plan", &counter, "--code", &code, &short];
    let json = chain.failure(&plan, 10, "unsuccessful");
    assert_eq!(json["receipt"]["reason"], "SharesDiffer { sum: 7, shares: 5 }");
    assert!(json["after"].is_null());
    let whole = shares(&chain, 7);
    let plan = ["upgrade", "plan", &counter, "--code", &code, &whole, "--invariant"];
    for broken in ["sum", &format!("sum_of {} => 8", chain.address("alice"))] {
        let json = chain.failure(&[&plan[..], &[broken]].concat(), 10, "unsuccessful");
        assert_eq!(json["invariants"][0]["holds"], false, "{json}");
        assert_eq!(json["receipt"]["status"], "success");
    }
    let stranger = ["--signer", &chain.address("bob")];
    let plan = [&plan[..6], &stranger[..]].concat();
    assert_eq!(chain.failure(&plan, 10, "unsuccessful")["receipt"]["status"], "not_admin");
    for (args, code) in [
        (&["--invariant", "bogus"][..], 64),
        (&["--invariant", ""], 64),
        (&["--invariant", "owner => 5"], 64),
    ] {
        let ran = chain.run(&[&plan[..6], args].concat());
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
    }
}

#[test]
fn an_upgrade_brings_its_code_and_can_be_taken_back() {
    let (chain, counter) = counter("sender");
    let (alice, shares) = (chain.address("alice"), shares(&chain, 7));
    let apply = ["upgrade", "apply", &counter, "--code", &module("upgrade_v2"), &shares];
    let json = chain.json(&[&apply[..], &["--from", "alice"]].concat());
    assert_eq!(
        (&json["schema"], &json["sent"]),
        (&"dytallix.upgrade-apply/1".into(), &true.into())
    );
    let bodies = json["transaction"]["body"]["bodies"].as_array().expect("a batch");
    let kinds: Vec<&Json> = bodies.iter().map(|body| &body["kind"]).collect();
    assert_eq!(kinds, ["upload", "upgrade"]);
    assert_eq!(json["receipt"]["events"][0]["name"], "Migrated");
    assert_eq!(chain.view(&counter, "sum_of", &[&alice]), "7");
    // The old code again: what was added is not its own.
    let back = chain.json(&["upgrade", "rollback", &counter, "--from", "alice"]);
    assert_eq!(
        (&back["to_version"], &back["transaction"]["body"]["kind"]),
        (&1.into(), &"upgrade".into())
    );
    let shown = chain.json(&["query", &counter]);
    assert_eq!(shown["account"]["contract"]["version"], 3);
    assert_eq!(shown["history"].as_array().map(Vec::len), Some(2));
    assert_eq!(chain.view(&counter, "owner", &[]), alice);
    // Code that is there is not brought again.
    let plan = chain.failure(&[&apply[..], &["--from", "alice"]].concat(), 10, "unsuccessful");
    assert_eq!(plan["transaction"]["body"]["kind"], "upgrade");
    let none = chain.failure(
        &["upgrade", "rollback", &counter, "--to", "9", "--from", "alice"],
        5,
        "absent",
    );
    assert!(text(&none["cause"]).contains("no version 9"), "{none}");
}

#[test]
fn only_the_admin_upgrades() {
    let (chain, counter) = counter("sender");
    let shares = shares(&chain, 7);
    let apply = ["upgrade", "apply", &counter, "--code", &module("upgrade_v2"), &shares, "--from"];
    let json = chain.failure(&[&apply[..], &["bob"]].concat(), 10, "unsuccessful");
    assert_eq!((&json["status"], &json["sent"]), (&"not_admin".into(), &false.into()));
    let fixed = chain.deploy("alice", "upgrade_v1", &["--salt", "1"]);
    let plan = ["upgrade", "plan", &fixed, "--code", &module("upgrade_v1"), "--signer"];
    let json = chain.failure(&[&plan[..], &[&chain.address("alice")]].concat(), 10, "unsuccessful");
    assert_eq!(json["authority"]["needs"], "nobody can: it has no admin, for good");
    let alice = chain.address("alice");
    let missing = ["upgrade", "plan", &alice, "--code", &module("upgrade_v1")];
    chain.failure(&missing, 5, "absent");
    let absent = "ab".repeat(32);
    chain.failure(&["upgrade", "plan", &counter, "--code", &absent], 5, "absent");
    chain.failure(&["upgrade", "plan", &counter, "--code", &module("upgrade_v2")], 64, "usage");
    chain.failure(&["upgrade", "rollback", &counter, "--from", "alice"], 5, "absent");
}

#[test]
fn a_time_lock_asks_for_an_announcement() {
    let (chain, counter) = counter("ALICE+3");
    let (code, shares) = (module("upgrade_v2"), shares(&chain, 7));
    let args = ["--code", code.as_str(), &shares];
    let command = |name: &'static str| [&["upgrade", name, &counter][..], &args].concat();
    let sent = |name| [&command(name)[..], &["--from", "alice"]].concat();
    let early = chain.failure(&sent("apply"), 10, "unsuccessful");
    assert_eq!(early["status"], "time_locked");
    let announced = chain.json(&sent("announce"));
    let plan = chain.failure(&command("plan"), 10, "unsuccessful");
    assert_eq!(plan["authority"]["operation_hash"], announced["operation_hash"]);
    assert_eq!(plan["authority"]["announced_height"], announced["height"]);
    assert_eq!(chain.run(&["block", "--make", "2"]).code, 0);
    assert_eq!(chain.json(&command("plan"))["succeeds"], true);
    assert_eq!(chain.json(&sent("apply"))["receipt"]["status"], "success");
    let hash = text(&announced["operation_hash"]);
    let stranger = ["upgrade", "announce", &counter, "--operation", &hash, "--from", "bob"];
    assert_eq!(chain.failure(&stranger, 10, "unsuccessful")["status"], "not_admin");
    chain.failure(&["upgrade", "announce", &counter, "--from", "alice"], 64, "usage");
}

#[test]
fn a_threshold_asks_for_approvals() {
    let (chain, counter) = counter("2:ALICE,BOB");
    let (code, shares) = (module("upgrade_v2"), shares(&chain, 7));
    let plan = ["upgrade", "plan", &counter, "--code", &code, &shares];
    let json = chain.failure(&plan, 10, "unsuccessful");
    assert_eq!(json["receipt"]["status"], "too_few_approvals");
    let hash = text(&json["authority"]["operation_hash"]);
    let approve = |from| ["upgrade", "approve", &counter, "--operation", &hash, "--from", from];
    assert_eq!(chain.failure(&approve("carol"), 10, "unsuccessful")["status"], "not_admin");
    assert_eq!(chain.json(&approve("bob"))["receipt"]["status"], "success");
    let json = chain.json(&plan);
    assert_eq!(json["authority"]["approved"], json!([chain.address("bob")]));
    assert_eq!(json["signer"], chain.address("alice"));
    let apply = ["upgrade", "apply", &counter, "--code", &code, &shares, "--from", "alice"];
    assert_eq!(chain.json(&apply)["receipt"]["status"], "success");
}

#[test]
fn a_script_migrates_in_place_of_the_new_code() {
    let (chain, counter) = counter("sender");
    let absent = "ab".repeat(32);
    let plan = ["upgrade", "plan", &counter, "--code", &module("upgrade_v2"), "--script"];
    chain.failure(&[&plan[..], &[&absent]].concat(), 5, "absent");
    // Version 2 itself, as a script: with its arguments it does the same.
    let other = chain.json(&["deploy", &module("upgrade_v2"), "--from", "alice"]);
    let (script, shares) = (text(&other["code_hash"]), shares(&chain, 7));
    let json = chain.json(&[&plan[..], &[&script, &shares]].concat());
    assert_eq!((&json["succeeds"], &json["after"]["schema"]), (&true.into(), &2.into()));
}
