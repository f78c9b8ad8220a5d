//! The examples of `docs/smart-contracts/testing.md`, as tests. The last test compares the two.

use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::{Admin, CallStatus, Encode, SdkError, interface};
use dytallix_testkit::{
    Address, Expect, IntoValue, Key, Mock, Sender, Suite, TestResult, Value, assert_reverts, insta,
    run_sequence, strategy, values,
};

use crate::token::CODE;
use crate::token::basic_token as my_token;
use my_token::{Error, Token, TokenClient, Transfer};

/// A token of which alice has 1,000, and three accounts.
fn token(suite: &Suite) -> TestResult<(TokenClient<Sender>, [Address; 3])> {
    let accounts = ["alice", "bob", "carol"].map(|name| suite.account(name));
    Ok((crate::token::token(suite)?, accounts))
}

#[test]
fn a_first_test() -> TestResult {
    fn owners_mint_and_holders_move() -> TestResult {
        let suite = Suite::new();
        let (alice, bob) = (suite.account("alice"), suite.account("bob"));
        let token = suite
            .deploy_file(CODE)
            .from(alice)
            .arguments(Token::init_arguments(1_000))
            .client::<Token>()?;

        token.transfer(bob, 30)?;
        suite.expect_event(&Transfer(alice, bob, 30));
        assert_eq!(token.balance_of(bob)?, 30);

        suite.prank(bob);
        assert_reverts!(token.mint(bob, 1), Error::NotOwner);
        Ok(())
    }
    owners_mint_and_holders_move()
}

#[test]
fn the_chain_and_deploying() -> TestResult {
    let suite =
        Suite::builder().chain_id(7).gas(2_000_000).balance(500).time_ms(1_800_000_000_000).build();
    assert_eq!(suite.chain_id(), 7);
    let alice = suite.account("alice");
    let token = suite
        .deploy_file(CODE)
        .from(alice)
        .salt([1; 32])
        .arguments(Token::init_arguments(1_000))
        .admin(Admin::Key(alice))
        .gas(50_000_000)
        .label("gold")
        .send()?;
    assert_eq!((suite.name(token).as_str(), suite.balance(alice)), ("gold", 500));
    Ok(())
}

/// What takes money.
#[interface]
trait Shop {
    fn pay(&mut self);
}

#[test]
fn calling() -> TestResult {
    let suite = Suite::new();
    let (token, [alice, bob, _]) = token(&suite)?;
    let shop = suite.mock(Mock::new().returns("pay", &()));
    let shop = suite.client::<ShopClient>(shop);
    token.transfer(bob, 30)?;
    token.with_transport(suite.from(bob)).transfer(alice, 5)?;
    shop.with_value(7).with_gas(1_000_000).pay()?;
    let token = token.address;
    suite.call(token, "transfer").from(alice).arguments((bob, 5_u128).to_bytes()).send()?;
    suite.call(token, "transfer").values(&values![bob, 5_u128]).send()?;
    let balance: u128 = suite.view(token, "balance_of").values(&values![bob]).decode()?;
    suite.simulate(token, "transfer").values(&values![bob, 5_u128]).send()?;
    assert_eq!(balance, 35);
    assert_eq!(suite.invoke(token, "balance_of", &values![bob])?, balance.into_value());
    Ok(())
}

#[test]
fn who_sends() -> TestResult {
    let suite = Suite::new();
    let (token, [_, bob, _]) = token(&suite)?;
    suite.prank(bob); // the next call
    assert_reverts!(token.mint(bob, 1), Error::NotOwner);
    suite.start_prank(bob); // until it is stopped
    assert_reverts!(token.mint(bob, 1), Error::NotOwner);
    assert_reverts!(token.mint(bob, 1), Error::NotOwner);
    suite.stop_prank();
    token.mint(bob, 1)?;
    Ok(())
}

#[test]
fn keys_and_signatures() -> TestResult {
    let suite = Suite::new();
    let (token, [_, bob, _]) = token(&suite)?;
    let token = token.address;
    let holder = Key::new("holder");
    let message = (suite.chain_id(), token, 0_u64, bob, 5_u128).to_bytes();
    let signature = holder.sign(&message, b"permit");
    assert!(holder.verifies(&message, b"permit", &signature));
    suite.deal(holder.account(), 100);
    assert_eq!(suite.name(holder.account()), "holder's key");
    Ok(())
}

#[test]
fn time_height_and_snapshots() -> TestResult {
    let suite = Suite::new();
    let (token, [_, bob, _]) = token(&suite)?;
    suite.warp(1_900_000_000_000); // milliseconds since 1970
    suite.warp_by(60_000);
    assert_eq!(suite.time_ms(), 1_900_000_060_000);
    let height = suite.height(); // what a contract sees that is called now
    suite.roll_by(10); // empty blocks
    suite.roll(height + 300);
    assert_eq!(suite.height(), height + 300);
    let before = suite.snapshot();
    token.transfer(bob, 30)?;
    suite.revert(before);
    assert_eq!(token.balance_of(bob)?, 0);
    Ok(())
}

#[test]
fn state() -> TestResult {
    let suite = Suite::new();
    let (token, [alice, bob, _]) = token(&suite)?;
    let token = token.address;
    suite.deal(bob, 1_000_000); // the balance, of contracts too
    suite.set_risk(token, 7_500); // basis points; `None` takes the score away
    assert_eq!(suite.read_as(token, "balances", &values![alice])?, Some(1_000_u128));
    suite.write(token, "balances", &values![bob], 5_u128)?;
    let allowance = suite.read(token, "allowances", &values![alice, bob])?;
    assert_eq!(allowance, None);
    for entry in suite.stored(token) {
        println!("{entry}"); // owner = 0x…, supply = 1000, …
    }
    assert_eq!((suite.balance(bob), suite.risk(token)), (1_000_000, Some(7_500)));
    Ok(())
}

#[test]
fn events() -> TestResult {
    let suite = Suite::new();
    let (token, [alice, bob, _]) = token(&suite)?;
    token.transfer(bob, 30)?;
    suite.expect_event(&Transfer(alice, bob, 30));
    suite.expect_event_from(token.address, &Transfer(alice, bob, 30));
    suite.expect_no_event(&Transfer(bob, alice, 30));
    suite.expect_events(&[&Transfer(alice, bob, 30)]); // these and no others
    assert_eq!(suite.events_of::<Transfer>(), [Transfer(alice, bob, 30)]);
    Ok(())
}

#[test]
fn failures() -> TestResult {
    let suite = Suite::new();
    let (token, [alice, bob, _]) = token(&suite)?;
    let oracle = suite.mock(Mock::new().panics("price", "no price").traps("boom"));
    assert_reverts!(token.transfer(bob, 1_001), Error::InsufficientBalance);
    token.transfer(bob, 1_001).expect_revert(Error::InsufficientBalance);
    suite.call(token.address, "transfer").send().expect_sdk_error(SdkError::BadArguments);
    suite.call(oracle, "price").send().expect_panic("no price");
    suite.call(oracle, "boom").send().expect_status(CallStatus::Trapped);
    let balance = token.balance_of(alice).expect_success();
    assert_eq!(balance, 1_000);
    Ok(())
}

#[test]
fn gas_and_logs() -> TestResult {
    let suite = Suite::new();
    let (token, [_, bob, _]) = token(&suite)?;
    let (result, gas) = suite.gas_of(|| token.transfer(bob, 30));
    result?;
    assert_eq!(gas, suite.last_receipt().gas_used);
    assert!(gas < 150_000);
    let texts: Vec<String> = suite.logs().into_iter().map(|log| log.text).collect();
    assert!(texts.is_empty());
    Ok(())
}

#[test]
fn snapshots_of_receipts() -> TestResult {
    let suite = Suite::new();
    let (token, [_, bob, _]) = token(&suite)?;
    token.transfer(bob, 30)?;
    insta::assert_snapshot!(suite.printed(), @r"
    Token.transfer(to: bob, amount: 30)
    from: alice
    status: Success
    returned: ()
    events:
      Token: Transfer { 0: alice, 1: bob, 2: 30 }
    ");
    Ok(())
}

#[test]
fn mocks() -> TestResult {
    let suite = Suite::new();
    let (token, [alice, ..]) = token(&suite)?;
    let oracle = suite.mock(
        Mock::new()
            .returns("price", &1_250_000_u128)
            .returns_for("price", &("BTC".to_owned(),), &97_000_000_000_u128)
            .reverts("fail", Error::NotOwner)
            .panics("broken", "no price")
            .traps("boom"),
    );
    let price: u128 =
        suite.call(oracle, "price").arguments(("BTC".to_owned(),).to_bytes()).decode()?;
    assert_eq!(price, 97_000_000_000);
    let calls = suite.calls_of(oracle);
    assert_eq!((calls[0].caller, calls[0].decode::<String>()), (alice, "BTC".to_owned()));
    suite.expect_calls(oracle, "price", 1);
    let victim = token.address;
    let attacker = suite.mock(Mock::new().calls("hook", victim, "withdraw", &(5_u128,)));
    let status: i32 = suite.call(attacker, "hook").decode()?;
    assert_eq!(status, CallStatus::NotFound.code());
    Ok(())
}

/// All balances of a token together.
fn sum_of_balances(suite: &Suite, token: Address) -> u128 {
    let amounts = suite.stored(token).into_iter().filter_map(|entry| match entry.value {
        Value::U128(amount) if entry.handle == "balances" => Some(amount),
        _ => None,
    });
    amounts.sum()
}

#[test]
fn random_sequences_of_calls() -> TestResult {
    let suite = Suite::new();
    let (token, [alice, bob, carol]) = token(&suite)?;
    suite.invariant(token.address, &[alice, bob, carol]).cases(32).holds(|step| {
        let supply = suite.read_as::<u128>(token.address, "supply", &[])?;
        prop_assert_eq!(supply, Some(sum_of_balances(step.suite, token.address)));
        Ok(())
    });
    let before = suite.snapshot();
    let calls = strategy::calls(&suite.abi(token.address), &[alice, bob]).length(1..=10);
    proptest!(|(sequence in calls)| {
        suite.revert(before);
        run_sequence(&suite, token.address, &sequence, |step| {
            prop_assert!(step.gas_used() < 1_000_000);
            Ok(())
        })?;
    });
    Ok(())
}

#[test]
fn the_page_has_what_is_tested_here() {
    let page = include_str!("../../../docs/smart-contracts/testing.md");
    // An author's module is found by its name; that of this test lies elsewhere.
    let page = page.replace(".deploy_contract(\"my-token\")", ".deploy_file(CODE)");
    let lines = |text: &str| -> String {
        // How lines are broken is not compared.
        text.chars().filter(|c| !c.is_whitespace()).collect()
    };
    let here = lines(include_str!("page.rs"));
    let blocks: Vec<&str> =
        page.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 15, "the page has examples");
    for block in blocks.into_iter().filter(|block| !block.contains("use my_token::")) {
        assert!(here.contains(&lines(block)), "not tested as it is on the page:\n{block}");
    }
}
