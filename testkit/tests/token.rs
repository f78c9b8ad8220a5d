//! The example token through the kit, with its typed client, as its author would test it.

#[allow(dead_code)]
#[path = "../../examples/token.rs"]
mod token;

use dytallix_testkit::sdk::{Address, CallError, CallStatus, SdkError, Transport};
use dytallix_testkit::{Expect, Failure, Sender, Suite, TestResult, assert_reverts, values};
use token::{Approval, Error, Token, TokenClient, Transfer};

const CODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wasm/token.wasm");

/// A token of which alice has 1,000.
fn token(suite: &Suite) -> TestResult<TokenClient<Sender>> {
    suite.deploy_file(CODE).arguments(Token::init_arguments(1_000)).client::<Token>()
}

#[test]
fn a_transfer_moves_a_balance_and_tells() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = token(&suite)?;
    suite.expect_event(&Transfer(Address::ZERO, alice, 1_000));
    token.transfer(bob, 30)?;
    suite.expect_events(&[&Transfer(alice, bob, 30)]);
    assert_eq!((token.balance_of(alice)?, token.balance_of(bob)?), (970, 30));
    token.with_transport(suite.from(bob)).transfer(alice, 5)?;
    suite.expect_event_from(token.address, &Transfer(bob, alice, 5));
    suite.expect_no_event(&Transfer(alice, bob, 30));
    Ok(())
}
