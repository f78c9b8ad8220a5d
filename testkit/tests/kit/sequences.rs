//! Random sequences of calls on real modules: what holds is found to hold, and what does not is
//! found with the shortest sequence that shows it.

use std::cell::Cell;

use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::Encode;
use dytallix_testkit::{
    Address, Mock, Suite, TestResult, run_sequence, strategy, values, with_abi,
};

use crate::support::{code, panic_of};
use crate::token::basic_token::{Error, Token};
use crate::token::{CODE, token};

fn accounts(suite: &Suite) -> [Address; 3] {
    ["alice", "bob", "carol"].map(|name| suite.account(name))
}

/// All balances of a token together.
fn sum(suite: &Suite, token: Address) -> u128 {
    let balances = suite.stored(token).into_iter().filter(|entry| entry.handle == "balances");
    let amount = |value| match value {
        dytallix_testkit::Value::U128(amount) => amount,
        other => panic!("{other} is no balance"),
    };
    balances.map(|entry| amount(entry.value)).sum()
}

#[test]
fn the_supply_of_the_token_is_the_sum_of_its_balances() -> TestResult {
    let suite = Suite::new();
    let token = token(&suite)?;
    let (accounts, height, steps) = (accounts(&suite), suite.height(), Cell::new(0));
    suite.invariant(token.address, &accounts).cases(40).holds(|step| {
        steps.set(steps.get() + 1);
        let supply = suite.read_as::<u128>(token.address, "supply", &[])?;
        prop_assert_eq!(supply, Some(sum(step.suite, step.contract)));
        prop_assert!(step.gas_used() > 0 && step.gas_used() < 1_000_000);
        if step.result.is_err() {
            prop_assert!(step.events().is_empty());
        }
        Ok(())
    });
    assert!(steps.get() > 100, "{} calls were made", steps.get());
    assert_eq!(suite.height(), height, "the suite is as before");
    Ok(())
}

#[test]
fn an_invariant_that_does_not_hold_is_shown_by_the_shortest_sequence() -> TestResult {
    let suite = Suite::new();
    let token = token(&suite)?;
    let (accounts, carol) = (accounts(&suite), suite.account("carol"));
    let invariant = suite.invariant(token.address, &accounts).cases(200);
    let message = panic_of(|| {
        invariant.calls(|calls| calls.only(&["transfer", "approve"])).holds(|step| {
            let balance = step.suite.read_as::<u128>(token.address, "balances", &values![carol])?;
            prop_assert!(balance.unwrap_or(0) < 5, "carol has {}", balance.unwrap_or(0));
            Ok(())
        });
    });
    assert!(message.starts_with("the invariant does not hold: carol has 5 at "), "{message}");
    assert!(message.contains("\nafter call 1 of 1, alice: transfer(to: carol, amount: 5)\n"));
    let sequence = "shortest sequence: 1 calls:\n  1. alice: transfer(to: carol, amount: 5)";
    assert!(message.ends_with(sequence), "{message}");
    assert!(message.contains("\nit succeeded\n"), "{message}");
    Ok(())
}

#[test]
fn sequences_run_in_proptest_s_own_way() -> TestResult {
    let suite = Suite::new();
    let token = token(&suite)?.address;
    let before = suite.snapshot();
    let calls = strategy::calls(&suite.abi(token), &accounts(&suite)).length(3..=3).only(&["mint"]);
    let config = ProptestConfig { cases: 20, failure_persistence: None, ..Default::default() };
    proptest!(config, |(sequence in calls)| {
        suite.revert(before);
        let mut expected = 0;
        run_sequence(&suite, token, &sequence, |step| {
            expected += 1;
            prop_assert_eq!(step.index + 1, expected);
            prop_assert!(!step.is_broken());
            if let Err(failure) = &step.result {
                let is_owner = step.call.from == suite.account("alice");
                let expected = if is_owner { Error::Overflow } else { Error::NotOwner };
                prop_assert_eq!(failure, &expected);
            }
            Ok(())
        })?;
        prop_assert_eq!(expected, 3);
    });
    Ok(())
}

#[test]
fn a_contract_that_breaks_fails_unless_it_may() -> TestResult {
    let suite = Suite::new();
    let mock = suite.mock(Mock::new().returns("fine", &()).traps("boom"));
    let accounts = accounts(&suite);
    let invariant = || suite.invariant(mock, &accounts).cases(20);
    let message = panic_of(|| invariant().holds(|_| Ok(())));
    assert!(message.starts_with("the invariant does not hold: the contract broke"), "{message}");
    assert!(message.ends_with("shortest sequence: 1 calls:\n  1. alice: boom()"), "{message}");
    assert!(message.contains("Mock.boom() by alice failed: Trapped"), "{message}");
    invariant().may_break().random().holds(|_| Ok(()));
    invariant().calls(|calls| calls.without(&["boom"])).holds(|_| Ok(()));
    Ok(())
}

#[test]
fn value_is_sent_to_what_is_payable() -> TestResult {
    let suite = Suite::new();
    let mock = suite.mock(Mock::new().returns("pay", &()));
    let (accounts, most) = (accounts(&suite), Cell::new(0));
    suite.invariant(mock, &accounts).calls(|calls| calls.most_value(9)).holds(|step| {
        most.set(step.call.value.max(most.get()));
        prop_assert!(step.result.is_ok());
        Ok(())
    });
    assert_eq!(most.get(), 9);
    Ok(())
}

#[test]
fn wrong_requests_for_sequences_are_explained() -> TestResult {
    let suite = Suite::new();
    let (token, alice) = (token(&suite)?.address, suite.account("alice"));
    let fails = |work: &dyn Fn()| panic_of(work);
    let run = |calls: fn(strategy::Calls) -> strategy::Calls| {
        suite.invariant(token, &[alice]).calls(calls).holds(|_| Ok(()));
    };
    assert_eq!(fails(&|| run(|c| c.only(&["burn"]))), "Token has no method `burn`");
    assert_eq!(fails(&|| run(|c| c.only(&["balance_of"]))), "Token has no method to call");
    let none = fails(&|| suite.invariant(token, &[]).holds(|_| Ok(())));
    assert_eq!(none, "calls need an account that they come from");
    let text = r#"(module (memory (export "memory") 1))"#;
    let plain = suite.deploy(code(text)).send()?;
    let message = fails(&|| drop(suite.invariant(plain, &[alice])));
    assert_eq!(message, "contract is no contract with an ABI section");
    // The same with the token's ABI would not be admitted: its methods are not there.
    let lying = with_abi(&code(text), &suite.abi(token));
    let failure = suite.deploy(lying).arguments(1_u128.to_bytes()).send().expect_err("it lies");
    assert!(failure.to_string().contains("is declared and not exported"), "{failure}");
    suite.deploy_file(CODE).arguments(Token::init_arguments(1)).send()?;
    Ok(())
}
