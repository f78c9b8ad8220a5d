//! The module that `dytallix build` made, deployed and called.

use dytallix_testkit::sdk::{Address, Encode};
use dytallix_testkit::{Expect, Key, Sender, Suite, TestResult};
use token::{Approval, Error, Token, TokenClient, Transfer};

/// The contract, deployed by alice, who has 1,000.
fn deployed(suite: &Suite) -> TestResult<TokenClient<Sender>> {
    let deployment = suite.deploy_contract(env!("CARGO_PKG_NAME")).from(suite.account("alice"));
    deployment.arguments(Token::init_arguments(1_000)).client::<Token>()
}

#[test]
fn a_transfer_moves_a_balance_and_tells() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = deployed(&suite)?;
    suite.expect_events(&[&Transfer(Address::ZERO, alice, 1_000)]);
    token.with_transport(suite.from(alice)).transfer(bob, 30)?;
    suite.expect_events(&[&Transfer(alice, bob, 30)]);
    assert_eq!((token.balance_of(alice)?, token.balance_of(bob)?), (970, 30));
    assert_eq!(token.total_supply()?, 1_000);
    Ok(())
}

#[test]
fn nobody_spends_more_than_there_is() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = deployed(&suite)?;
    let from_alice = token.with_transport(suite.from(alice));
    from_alice.transfer(bob, 1_001).expect_revert(Error::InsufficientBalance);
    suite.expect_no_events();
    assert_eq!(token.balance_of(alice)?, 1_000);
    Ok(())
}

#[test]
fn a_spender_moves_what_was_allowed_and_no_more() -> TestResult {
    let suite = Suite::new();
    let (alice, bob, carol) =
        (suite.account("alice"), suite.account("bob"), suite.account("carol"));
    let token = deployed(&suite)?;
    token.with_transport(suite.from(alice)).approve(bob, 50)?;
    suite.expect_events(&[&Approval(alice, bob, 50)]);
    let from_bob = token.with_transport(suite.from(bob));
    from_bob.transfer_from(alice, carol, 20)?;
    assert_eq!(token.allowance(alice, bob)?, 30);
    from_bob.transfer_from(alice, carol, 31).expect_revert(Error::InsufficientAllowance);
    assert_eq!(token.balance_of(carol)?, 20);
    Ok(())
}

#[test]
fn a_permit_is_good_once_and_not_for_ever() -> TestResult {
    let suite = Suite::new();
    let (bob, holder) = (suite.account("bob"), Key::new("holder"));
    let token = deployed(&suite)?;
    let (number, amount, until_ms) = (1_u64, 50_u128, suite.time_ms() + 1_000);
    let message = (suite.chain_id(), token.address, number, bob, amount, until_ms).to_bytes();
    let signature = holder.sign(&message, b"permit");
    let permit = || token.permit(holder.public(), bob, amount, until_ms, signature.clone());
    permit()?;
    suite.expect_events(&[&Approval(holder.account(), bob, amount)]);
    assert_eq!(token.allowance(holder.account(), bob)?, amount);
    permit().expect_revert(Error::Forged);
    suite.warp(until_ms + 1);
    permit().expect_revert(Error::Expired);
    Ok(())
}

#[test]
fn only_the_owner_mints_and_never_beyond_the_type() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = deployed(&suite)?;
    token.with_transport(suite.from(bob)).mint(bob, 1).expect_revert(Error::NotOwner);
    let from_alice = token.with_transport(suite.from(alice));
    from_alice.mint(bob, u128::MAX).expect_revert(Error::Overflow);
    from_alice.mint(bob, 5)?;
    assert_eq!((token.total_supply()?, token.balance_of(bob)?), (1_005, 5));
    Ok(())
}

#[test]
fn risky_receivers_are_refused_where_the_owner_says_so() -> TestResult {
    let suite = Suite::new();
    let alice = suite.account("alice");
    let token = deployed(&suite)?;
    let from_alice = token.with_transport(suite.from(alice));
    // A receiver with code: another token.
    let receiver = deployed(&suite)?.address;
    suite.set_risk(receiver, 5_001);
    from_alice.transfer(receiver, 1)?;
    from_alice.set_max_risk(5_000)?;
    from_alice.transfer(receiver, 1).expect_revert(Error::RiskyReceiver);
    suite.set_risk(receiver, 5_000);
    from_alice.transfer(receiver, 1)?;
    Ok(())
}
