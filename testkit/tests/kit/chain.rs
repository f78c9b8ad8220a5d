//! Accounts, time, height, senders, balances, storage, code, risk, snapshots.

use dytallix_testkit::sdk::abi::value::StorageKey;
use dytallix_testkit::sdk::{Address, CallStatus, Decode, Encode, Transport};
use dytallix_testkit::{
    ACCOUNTS, DEFAULT_BALANCE, Expect, IntoValue, Mock, START_TIME_MS, Suite, TestResult, account,
    values,
};

use crate::support::{code, panic_of};
use crate::token::basic_token::Token;
use crate::token::{CODE, token};

/// A contract that returns caller, height, time, number of the chain, value and the hash of the
/// block before the last.
fn mirror(suite: &Suite) -> TestResult<Address> {
    let text = r#"(module
        (import "env" "caller_address" (func $caller (param i32)))
        (import "env" "block_height" (func $height (result i64)))
        (import "env" "block_time_ms" (func $time (result i64)))
        (import "env" "chain_id" (func $chain (result i64)))
        (import "env" "block_hash" (func $hash (param i64 i32) (result i32)))
        (import "env" "risk_score" (func $risk (param i32) (result i64)))
        (import "env" "self_address" (func $self (param i32)))
        (import "env" "debug_log" (func $log (param i32 i32)))
        (import "env" "set_return" (func $return (param i32 i32)))
        (memory (export "memory") 1)
        (data (i32.const 512) "hello")
        (func (export "look")
            (call $caller (i32.const 0))
            (i64.store (i32.const 32) (call $height))
            (i64.store (i32.const 40) (call $time))
            (i64.store (i32.const 48) (call $chain))
            (call $self (i32.const 256))
            (i64.store (i32.const 56) (call $risk (i32.const 256)))
            (i32.store (i32.const 64)
                (call $hash (i64.sub (call $height) (i64.const 2)) (i32.const 68)))
            (call $log (i32.const 512) (i32.const 5))
            (call $return (i32.const 0) (i32.const 100))))"#;
    suite.deploy(code(text)).label("mirror").send()
}

/// What the mirror saw.
type Seen = (Address, u64, u64, u64, i64, i32, [u8; 32]);

fn look(suite: &Suite, mirror: Address) -> TestResult<Seen> {
    suite.view(mirror, "look").decode()
}

#[test]
fn accounts_are_the_same_in_every_suite_and_have_a_balance() {
    let (one, two) = (Suite::new(), Suite::builder().balance(7).build());
    assert_eq!(one.account("alice"), two.account("alice"));
    assert_eq!(one.account("alice"), account("alice"));
    assert_eq!(one.balance(account("alice")), DEFAULT_BALANCE);
    assert_eq!(two.balance(account("mallory")), 7);
    let (height, zoe) = (one.height(), one.account("zoe"));
    assert_eq!((one.balance(zoe), one.height()), (DEFAULT_BALANCE, height + 1));
    one.deal(zoe, 0);
    assert_eq!((one.account("zoe"), one.balance(zoe)), (zoe, 0), "it is made once");
    assert_eq!(one.name(zoe), "zoe");
    assert_eq!(ACCOUNTS.iter().filter(|name| one.balance(account(name)) == 0).count(), 0);
}

#[test]
fn the_builder_sets_chain_gas_time_and_limits() -> TestResult {
    let mut limits = dytallix::limits::CallLimits::default();
    limits.argument_bytes = 3;
    let builder = Suite::builder().chain_id(77).gas(60_000).time_ms(5).call_limits(limits);
    let suite = builder.build();
    let mirror = mirror(&suite)?;
    let (.., time, chain, _, _, _) = look(&suite, mirror)?;
    assert_eq!((time, chain, suite.chain_id()), (5, 77, 77));
    let failure = suite.call(mirror, "look").arguments([0; 4]).send().expect_err("too long");
    let text = failure.to_string();
    assert!(text.contains("was not admitted: the arguments are longer than the limit"), "{text}");
    let last = suite.last_transaction().expect("the deployment");
    assert_eq!((last.gas_limit, last.method.as_str()), (60_000, "init"));
    let failed = suite.call(mirror, "look").gas(600).send();
    failed.expect_status(CallStatus::OutOfGas);
    let failure = suite.last_failure().expect("the last failure");
    assert_eq!(failure.gas_used(), Some(600));
    assert!(failure.to_string().contains("gas: 600 of 600\n  hint: give more with"), "{failure}");
    Ok(())
}

#[test]
fn a_chain_s_own_functions_can_be_called() -> TestResult {
    use dytallix::gas::HostPrice;
    use dytallix::host::{HostContext, HostTable, HostTrapped};

    let mut functions = HostTable::new();
    let answer = |_: &mut HostContext<'_, '_, '_>| -> Result<i64, HostTrapped> { Ok(42) };
    functions.add("answer", HostPrice::new(10, 0), &[], answer).expect("a function");
    let suite = Suite::builder().functions(functions).build();
    let text = r#"(module
        (import "env" "answer" (func $answer (result i64)))
        (import "env" "set_return" (func $return (param i32 i32)))
        (memory (export "memory") 1)
        (func (export "ask")
            (i64.store (i32.const 0) (call $answer))
            (call $return (i32.const 0) (i32.const 8))))"#;
    let contract = suite.deploy(code(text)).send()?;
    assert_eq!(suite.view(contract, "ask").decode::<u64>()?, 42);
    assert!(Suite::new().deploy(code(text)).send().is_err(), "other chains do not have it");
    Ok(())
}

#[test]
fn time_and_height_are_what_the_test_says() -> TestResult {
    let suite = Suite::new();
    let mirror = mirror(&suite)?;
    assert_eq!(suite.time_ms(), START_TIME_MS);
    suite.warp_by(1_500);
    suite.roll_by(10);
    let height = suite.height();
    let seen = look(&suite, mirror)?;
    assert_eq!((seen.1, seen.2), (height, START_TIME_MS + 1_500));
    suite.warp(8);
    suite.roll(height + 300);
    let seen = look(&suite, mirror)?;
    assert_eq!((seen.1, seen.2), (height + 300, 8), "a view is no block");
    suite.call(mirror, "look").send()?;
    assert_eq!(suite.height(), height + 301, "a call is one");
    let message = panic_of(|| suite.roll(height));
    assert_eq!(message, format!("height {height} has passed: the next block is {}", height + 301));
    assert!(panic_of(|| suite.warp_by(u64::MAX)).contains("there is no time"));
    Ok(())
}

#[test]
fn hashes_of_past_blocks_are_kept_and_differ() -> TestResult {
    let suite = Suite::new();
    let mirror = mirror(&suite)?;
    suite.roll_by(3);
    let (.., found, first) = look(&suite, mirror)?;
    assert_eq!(found, 0);
    suite.roll_by(700);
    let (.., found, second) = look(&suite, mirror)?;
    assert_eq!(found, 0);
    assert_ne!(first, second);
    Ok(())
}

#[test]
fn pranks_say_who_sends_and_fixed_senders_are_not_asked() -> TestResult {
    let suite = Suite::new();
    let (bob, carol) = (suite.account("bob"), suite.account("carol"));
    let mirror = mirror(&suite)?;
    let caller = || look(&suite, mirror).map(|seen| seen.0);
    assert_eq!(caller()?, account("alice"), "the default");
    suite.prank(bob);
    assert_eq!(suite.view(mirror, "look").from(carol).decode::<Seen>()?.0, carol);
    assert_eq!((caller()?, caller()?), (bob, account("alice")), "for one call");
    suite.start_prank(carol);
    suite.prank(mirror);
    assert_eq!((caller()?, caller()?, caller()?), (mirror, carol, carol));
    suite.prank(bob);
    suite.stop_prank();
    assert_eq!(caller()?, account("alice"));
    Ok(())
}

#[test]
fn the_balance_of_anybody_can_be_set() {
    let suite = Suite::new();
    let (bob, stranger) = (suite.account("bob"), Address::new([9; 32]));
    for balance in [5, u128::MAX, 0] {
        suite.deal(bob, balance);
        suite.deal(stranger, balance);
        assert_eq!((suite.balance(bob), suite.balance(stranger)), (balance, balance));
    }
}

#[test]
fn risk_scores_are_seen_by_contracts() -> TestResult {
    let suite = Suite::new();
    let mirror = mirror(&suite)?;
    assert_eq!((look(&suite, mirror)?.4, suite.risk(mirror)), (-1, None));
    suite.set_risk(mirror, 7_500);
    assert_eq!((look(&suite, mirror)?.4, suite.risk(mirror)), (7_500, Some(7_500)));
    suite.set_risk(mirror, None);
    assert_eq!(look(&suite, mirror)?.4, -1);
    assert!(panic_of(|| suite.set_risk(mirror, 10_001)).starts_with("set_risk: "));
    let message = panic_of(|| suite.set_risk(account("bob"), 1));
    assert_eq!(message, "set_risk: there is no contract at that address");
    Ok(())
}

#[test]
fn snapshots_bring_everything_back_as_often_as_needed() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = token(&suite)?;
    suite.start_prank(alice);
    let mirror = mirror(&suite)?;
    look(&suite, mirror)?;
    let (height, receipt) = (suite.height(), suite.last_receipt());
    let before = suite.snapshot();
    for _ in 0..2 {
        token.transfer(bob, 400)?;
        suite.warp(1);
        suite.roll_by(5);
        suite.prank(bob);
        let zoe = suite.account("zoe-of-snapshots");
        look(&suite, mirror)?;
        suite.deploy_file(CODE).arguments(Token::init_arguments(1)).send()?;
        let later = suite.snapshot();
        suite.revert(before);
        assert_eq!(token.balance_of(alice)?, 1_000);
        assert_eq!((suite.height(), suite.time_ms()), (height, START_TIME_MS));
        assert_eq!((suite.balance(zoe), suite.logs().len()), (0, 1));
        assert_eq!(suite.last_receipt(), receipt);
        suite.revert(later);
        assert_eq!(token.balance_of(alice)?, 600);
        assert_eq!(suite.balance(zoe), DEFAULT_BALANCE);
        suite.revert(before);
    }
    let other = Suite::new();
    assert_eq!(panic_of(|| other.revert(before)), "revert: the snapshot is of another suite");
    Ok(())
}

#[test]
fn storage_is_read_and_set_by_key_and_by_name() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = token(&suite)?.address;
    assert_eq!(suite.read(token, "supply", &[])?, Some(1_000_u128.into_value()));
    assert_eq!(suite.read_as(token, "balances", &values![alice])?, Some(1_000_u128));
    assert_eq!(suite.read(token, "balances", &values![bob])?, None);
    suite.write(token, "balances", &values![bob], 5_u128)?;
    suite.write(token, "allowances", &values![bob, alice], 6_u128)?;
    let allowance = suite.invoke(token, "allowance", &values![bob, alice])?;
    assert_eq!(allowance, 6_u128.into_value());
    assert_eq!(suite.invoke(token, "balance_of", &values![bob])?, 5_u128.into_value());
    let stored = suite.stored(token);
    let handles: Vec<&str> = stored.iter().map(|entry| &*entry.handle).collect();
    assert_eq!(handles, ["owner", "supply", "balances", "balances", "allowances"]);
    assert_eq!(stored[0].key, StorageKey::Item);
    let rows = suite.storage_rows(token);
    assert_eq!(rows.len(), 5);
    assert_eq!(suite.storage(token, &rows[1].0), Some(1_000_u128.to_bytes()));
    suite.set_storage(token, &rows[1].0, Some(&7_u128.to_bytes()));
    assert_eq!(suite.read_as(token, "supply", &[])?, Some(7_u128));
    suite.set_storage(token, &rows[1].0, None);
    assert_eq!(suite.read(token, "supply", &[])?, None);
    Ok(())
}

#[test]
fn wrong_names_and_keys_of_storage_are_explained() -> TestResult {
    let suite = Suite::new();
    let token = token(&suite)?.address;
    let read = |handle: &str, keys: &[_]| {
        suite.read(token, handle, keys).expect_err("it is wrong").to_string()
    };
    let text = read("balance", &[]);
    assert!(
        text.starts_with("Token.balance: the ABI has no such handle; it has: owner, "),
        "{text}"
    );
    assert_eq!(read("balances", &[]), "Token.balances: a map needs its key, a Address");
    assert_eq!(read("supply", &values![1_u8]), "Token.supply[1]: an item has no key");
    assert!(read("balances", &values![1_u8]).contains("Token.balances[1]: at byte 1"));
    let wrong = suite.write(token, "supply", &[], 1_u8).expect_err("another type");
    assert!(wrong.to_string().starts_with("Token.supply: U8(1) is no u128"), "{wrong}");
    suite.set_storage(token, &[1], Some(&[1]));
    assert!(read("supply", &[]).contains("the bytes do not decode: "));
    let wrong = suite.read_as::<u64>(token, "supply", &[]).expect_err("another type");
    assert!(wrong.to_string().contains("what is stored is no u64: "), "{wrong}");
    let text = suite.read(account("bob"), "supply", &[]).expect_err("no contract").to_string();
    assert_eq!(text, "bob.supply: there is no contract with an ABI section: use `storage`");
    assert!(suite.stored(account("bob")).is_empty());
    let message = panic_of(|| suite.set_storage(account("bob"), b"k", Some(b"v")));
    assert_eq!(message, "set_storage: there is no contract at that address");
    Ok(())
}

#[test]
fn code_can_be_put_anywhere() -> TestResult {
    let suite = Suite::new();
    let bob = suite.account("bob");
    let nothing = code(r#"(module (memory (export "memory") 1) (func (export "nop")))"#);
    suite.set_code(bob, nothing.clone())?;
    suite.call(bob, "nop").send()?;
    assert_eq!((suite.name(bob).as_str(), suite.balance(bob)), ("contract", DEFAULT_BALANCE));
    let token = token(&suite)?;
    suite.set_code(token.address, nothing.clone())?;
    assert!(suite.find_abi(token.address).is_none());
    assert_eq!(suite.name(token.address), "Token", "names stay");
    suite.set_code(token.address, std::fs::read(CODE).expect("the module"))?;
    assert_eq!(token.balance_of(account("alice"))?, 1_000, "storage stays");
    let failure = suite.set_code(bob, *b"no module").expect_err("no code");
    assert!(
        failure.to_string().starts_with("new code for contract was not admitted: "),
        "{failure}"
    );
    Ok(())
}

#[test]
fn uploaded_code_is_known_by_its_hash() -> TestResult {
    let suite = Suite::new();
    let nothing = code(r#"(module (memory (export "memory") 1))"#);
    let hash = suite.upload(nothing.clone())?;
    assert_eq!(suite.upload(nothing)?, hash);
    assert!(!hash.is_zero());
    assert!(suite.upload(*b"no module").is_err());
    Ok(())
}

#[test]
fn logs_are_kept_also_of_views() -> TestResult {
    let suite = Suite::new();
    let mirror = mirror(&suite)?;
    look(&suite, mirror)?;
    suite.call(mirror, "look").send()?;
    let logs = suite.logs();
    assert_eq!(logs.len(), 2);
    assert_eq!((logs[0].contract, logs[0].text.as_str()), (mirror, "hello"));
    suite.clear_logs();
    assert!(suite.logs().is_empty());
    Ok(())
}

#[test]
fn gas_is_summed_over_whatever_runs() -> TestResult {
    let suite = Suite::new();
    let mirror = mirror(&suite)?;
    let (seen, view) = suite.gas_of(|| look(&suite, mirror));
    let used = suite.last_view().expect("a view").receipt.gas_used;
    assert_eq!((view, seen?.0), (used, account("alice")));
    let (_, both) = suite.gas_of(|| {
        suite.call(mirror, "look").send().expect_success();
        suite.simulate(mirror, "look").send().expect_success();
    });
    assert_eq!(both, 2 * used);
    let ((), nothing) = suite.gas_of(|| ());
    assert_eq!(nothing, 0);
    Ok(())
}

#[test]
fn simulations_and_views_change_nothing() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = token(&suite)?;
    let height = suite.height();
    let arguments = (bob, 7_u128).to_bytes();
    suite.simulate(token.address, "transfer").arguments(arguments.clone()).send()?;
    assert_eq!((token.balance_of(bob)?, suite.height()), (0, height));
    assert_eq!(suite.last_transaction().expect("the deployment").method, "init");
    let failure = suite.view(token.address, "transfer").arguments(arguments.clone()).send();
    let text = failure.expect_err("a view can change nothing").to_string();
    assert!(text.contains("hint: a view can change nothing: make it a call"), "{text}");
    assert_eq!(token.balance_of(alice)?, 1_000);
    let read_only = token.with_read_only().transfer(bob, 1);
    read_only.expect_status(CallStatus::Trapped);
    Ok(())
}

#[test]
fn a_sender_is_a_transport_of_its_own() -> TestResult {
    let suite = Suite::new();
    let mirror = mirror(&suite)?;
    let sender = suite.from(account("bob"));
    let spec = dytallix_testkit::sdk::CallSpec::new(mirror, "look", &[]);
    let data = sender.call(&spec.read_only()).expect("it looks");
    assert_eq!(Seen::from_bytes(&data).expect("what it saw").0, account("bob"));
    sender.call(&spec.read_only().value(1)).expect_status(CallStatus::NotPermitted);
    sender.call(&spec.gas(100)).expect_status(CallStatus::OutOfGas);
    assert_eq!(format!("{sender:?}"), "Sender(\"bob\")");
    assert_eq!(sender.suite().height(), suite.height());
    let mock = suite.mock(Mock::new().returns("pay", &()));
    let spec = dytallix_testkit::sdk::CallSpec::new(mock, "pay", &[]).value(3);
    sender.call(&spec).expect_success();
    assert_eq!(suite.balance(mock), 3);
    Ok(())
}
