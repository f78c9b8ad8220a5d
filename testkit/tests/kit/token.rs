//! An example token through the kit with its typed client, as its author would test it.

#[allow(dead_code, unreachable_pub, reason = "a contract, of which a part is used here")]
#[path = "../../../examples/basic_token.rs"]
pub(crate) mod basic_token;

use dytallix_testkit::sdk::{Address, CallStatus, Encode, SdkError};
use dytallix_testkit::{
    Expect, Failure, Sender, Suite, TestResult, account, assert_reverts, values,
};

use crate::support::panic_of;
use basic_token::{Approval, Error, Token, TokenClient, Transfer};

/// The module of the token.
pub(crate) const CODE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wasm/basic_token.wasm");

/// A token of which alice has 1,000.
pub(crate) fn token(suite: &Suite) -> TestResult<TokenClient<Sender>> {
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
    assert_eq!(suite.events_of::<Transfer>(), [Transfer(bob, alice, 5)]);
    assert_eq!(suite.events_of::<Approval>(), []);
    Ok(())
}

#[test]
fn refusals_are_the_contract_s_errors() -> TestResult {
    let suite = Suite::new();
    let bob = suite.account("bob");
    let token = token(&suite)?;
    suite.prank(bob);
    assert_reverts!(token.mint(bob, 1), Error::NotOwner);
    suite.expect_no_events();
    assert_eq!(token.transfer(bob, 1_001), Err(Error::InsufficientBalance.into()));
    let failure = Failure::from(token.mint(bob, u128::MAX).expect_err("it overflows"));
    assert_eq!(failure, Error::Overflow);
    assert_eq!(failure.reason::<Error>(), Some(Error::Overflow));
    Ok(())
}

#[test]
fn a_failure_tells_call_error_docs_and_gas() -> TestResult {
    let suite = Suite::new();
    let bob = suite.account("bob");
    let token = token(&suite)?;
    let failed = |suite: &Suite| -> TestResult {
        suite.client::<Token>(token.address).with_gas(500_000).transfer(bob, 1_001)?;
        Ok(())
    };
    let failure = failed(&suite).expect_err("it has less");
    let gas = failure.gas_used().expect("it ran");
    let lines = [
        "Token.transfer(to: bob, amount: 1001) by alice failed: Reverted",
        "  error: InsufficientBalance",
        "    The holder has less than the amount.",
        &format!("  gas: {gas} of 500000"),
    ];
    assert_eq!(failure.to_string(), lines.join("\n"));
    assert_eq!(format!("{failure:?}"), failure.to_string());
    assert_eq!(suite.last_failure().expect("the same"), failure);
    let message = panic_of(|| token.transfer(bob, 1_001).expect_success());
    assert!(message.starts_with(lines[0]), "{message}");
    let message = panic_of(|| assert_reverts!(token.transfer(bob, 1_001), Error::NotOwner));
    assert!(message.starts_with("expected the revert NotOwner, but\nToken.transfer(to: bob"));
    Ok(())
}

#[test]
fn events_that_are_missing_or_too_many_are_listed() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = token(&suite)?;
    token.transfer(bob, 30)?;
    let there = "\n  Token: Transfer { 0: alice, 1: bob, 2: 30 }";
    let message = panic_of(|| suite.expect_event(&Transfer(alice, bob, 31)));
    let wanted = "there is no event Transfer { 0: alice, 1: bob, 2: 31 }";
    assert_eq!(message, format!("{wanted}; there are:{there}"));
    let message = panic_of(|| suite.expect_no_event(&Transfer(alice, bob, 30)));
    assert!(message.starts_with("there is the event Transfer { 0: alice, 1: bob, 2: 30 }"));
    assert_eq!(panic_of(|| suite.expect_no_events()), format!("there are events:{there}"));
    let message = panic_of(|| suite.expect_event_from(bob, &Transfer(alice, bob, 30)));
    assert!(message.starts_with("bob emitted no Transfer"), "{message}");
    let twice: [&dyn dytallix_testkit::AnyEvent; 2] =
        [&Transfer(alice, bob, 30), &Approval(alice, bob, 1)];
    let message = panic_of(|| suite.expect_events(&twice));
    assert_eq!(message, format!("other events were expected, 2 of them; there are:{there}"));
    let (emitted, abi) = (&suite.events()[0], suite.abi(token.address));
    assert_eq!(suite.decode_event(emitted), abi.decode_event(&emitted.topics, &emitted.data).ok());
    assert_eq!(emitted.read::<Approval>(), None);
    Ok(())
}

#[test]
fn methods_are_called_by_their_abi_alone() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = suite.deploy_file(CODE).values(&values![1_000_u128]).send()?;
    assert_eq!(suite.abi(token).name, "Token");
    suite.prank(alice);
    suite.invoke(token, "transfer", &values![bob, 30_u128])?;
    let height = suite.height();
    let balance = suite.invoke(token, "balance_of", &values![bob])?;
    assert_eq!((balance.to_string().as_str(), suite.height()), ("30", height), "a view");
    let failed = |result: TestResult<_>| result.expect_err("it is wrong").to_string();
    assert_eq!(
        failed(suite.invoke(token, "transfer", &values![bob])),
        "Token.transfer: 1 values were given, `transfer(to: Address, amount: u128)` takes 2"
    );
    let text = failed(suite.invoke(token, "transfer", &values![bob, 30_u64]));
    assert!(text.contains("`amount` of `transfer` is of type u128, not U64(30)"), "{text}");
    let text = failed(suite.invoke(token, "burn", &[]));
    assert!(text.starts_with("Token.burn: the ABI has no method `burn`; it has: allowance, "));
    let text = failed(suite.invoke(bob, "burn", &[]));
    assert_eq!(text, "bob.burn: bob is no contract with an ABI section: give `arguments`");
    let error = suite.invoke(token, "transfer", &values![bob, 971_u128]).expect_err("too much");
    assert_eq!(error, Error::InsufficientBalance);
    let view = suite.view(token, "balance_of").values(&values![bob]);
    let text = view.decode::<u8>().expect_err("another type").to_string();
    assert!(text.starts_with("Token.balance_of: what it returned is no u8: "), "{text}");
    Ok(())
}

#[test]
fn deployments_that_fail_say_why() -> TestResult {
    let suite = Suite::builder().gas(50_000_000).build();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let failed = |result: TestResult<Address>| result.expect_err("it is wrong").to_string();
    let deploy = || suite.deploy_file(CODE).arguments(Token::init_arguments(7));
    let first = deploy().from(bob).salt([1; 32]).label("money").send()?;
    assert_eq!((suite.name(first).as_str(), suite.last_receipt().is_success()), ("money", true));
    let text = failed(deploy().from(bob).salt([1; 32]).send());
    assert!(text.starts_with("deployment of Token(supply: 7) by bob was not admitted: there is"));
    assert!(text.contains("hint: the same code, deployer and salt"), "{text}");
    let second = deploy().from(bob).send()?;
    let third = deploy().from(bob).send()?;
    assert_eq!((suite.name(second), suite.name(third)), ("Token".into(), "Token#2".into()));
    let text = failed(deploy().value(1).from(alice).send());
    assert!(text.contains("failed: NotPermitted") && text.contains("`init` is not payable"));
    let text = failed(deploy().gas(5).send());
    assert!(text.contains("failed: OutOfGas\n  gas: 5 of 5\n  hint: give more with"), "{text}");
    deploy().arguments([1]).send().expect_sdk_error(SdkError::BadArguments);
    let text = failed(suite.deploy_file(CODE).values(&values![7_u8]).send());
    assert!(text.starts_with("deployment: `supply` of `init` is of type u128"), "{text}");
    let text = failed(suite.deploy(*b"\0asm\x01\0\0\0").values(&values![7_u8]).send());
    assert_eq!(text, "deployment: the module has no ABI section: give `arguments`");
    let text = failed(suite.deploy_file("no/such/file.wasm").send());
    assert!(
        text.starts_with("deployment of no/such/file.wasm: the file can not be read"),
        "{text}"
    );
    let text = failed(suite.deploy_contract("no-such-contract").values(&[]).send());
    assert!(text.contains("there is no no_such_contract.wasm"), "{text}");
    Ok(())
}

#[test]
fn admins_of_deployments_are_kept() -> TestResult {
    use dytallix::state::View;

    let suite = Suite::new();
    let deploy = suite.deploy_file(CODE).arguments(Token::init_arguments(7));
    let bob = account("bob");
    let token = deploy.admin(dytallix_testkit::sdk::Admin::Key(bob)).send()?;
    let admin = suite.with_runtime(|runtime| {
        let account = runtime.state().account(&token.into()).expect("memory does not fail");
        account.expect("an account").contract.expect("a contract").admin
    });
    assert_eq!(admin, dytallix::state::Admin::Key(bob.into()));
    Ok(())
}

#[test]
fn calls_that_can_not_be_say_why() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = token(&suite)?;
    let failed = |result: TestResult<Vec<u8>>| result.expect_err("it is wrong").to_string();
    let text = failed(suite.call(bob, "transfer").send());
    assert_eq!(text.lines().last(), Some("  hint: there is no contract at bob"), "{text}");
    let text = failed(suite.call(token.address, "burn").send());
    assert!(text.contains("hint: it has no method `burn`; it has: allowance, approve"), "{text}");
    let arguments = (bob, 1_u128).to_bytes();
    let call = suite.call(token.address, "transfer").arguments(arguments);
    let text = failed(call.clone().value(3).send());
    assert!(text.starts_with("Token.transfer(to: bob, amount: 1) with 3 by alice failed: NotPer"));
    assert!(text.contains("hint: `transfer` is not payable: send no value"), "{text}");
    suite.deal(alice, 2);
    let text = failed(call.value(3).send());
    assert!(text.contains("failed: Balance") && text.contains("alice has 2 and sends 3"), "{text}");
    token.with_value(3).transfer(bob, 1).expect_status(CallStatus::Balance);
    Ok(())
}
