//! The module that `dytallix build` made, deployed and called.

use dytallix_testkit::sdk::{Address, Bytes};
use dytallix_testkit::{Expect, Sender, Suite, TestResult};
use multisig::{Action, Deposited, Error, Executed, Multisig, MultisigClient, Rules};

const DELAY_MS: u64 = 1_000;

/// A wallet of alice, bob and carol, two of whom are needed; it has 100.
fn deployed(suite: &Suite) -> TestResult<MultisigClient<Sender>> {
    let owners = ["alice", "bob", "carol"].map(|name| suite.account(name)).to_vec();
    let (auditors, attestations) = (Vec::new(), 0);
    let rules = Rules { owners, needed: 2, delay_ms: DELAY_MS, auditors, attestations };
    let deployment = suite.deploy_contract(env!("CARGO_PKG_NAME")).value(100);
    deployment.arguments(Multisig::init_arguments(rules)).client::<Multisig>()
}

/// A payment without a call.
fn payment(target: Address, value: u128) -> Action {
    Action { target, method: String::new(), arguments: Bytes::default(), value, gas: 0 }
}

#[test]
fn two_owners_and_a_delay_move_value() -> TestResult {
    let suite = Suite::new();
    let [alice, bob, dave] = ["alice", "bob", "dave"].map(|name| suite.account(name));
    let wallet = deployed(&suite)?;
    let (as_alice, as_bob) =
        (wallet.with_transport(suite.from(alice)), wallet.with_transport(suite.from(bob)));
    let number = as_alice.propose(payment(dave, 40))?;
    let digest = wallet.proposal(number)?.expect("it was proposed").0.digest;
    as_alice.approve(number, digest)?;
    wallet.execute(number).expect_revert(Error::TooFewApprovals);
    as_bob.approve(number, digest)?;
    let ready_at_ms = suite.time_ms() + DELAY_MS;
    wallet.execute(number).expect_revert(Error::TooEarly { ready_at_ms });
    suite.warp_by(DELAY_MS);
    let before = suite.balance(dave);
    // Anybody may say so now.
    let anybody = suite.account("erin");
    wallet.with_transport(suite.from(anybody)).execute(number)?;
    suite.expect_events(&[&Executed(number, anybody)]);
    assert_eq!((suite.balance(dave), suite.balance(wallet.address)), (before + 40, 60));
    wallet.execute(number).expect_revert(Error::AlreadyExecuted);
    Ok(())
}

#[test]
fn an_approval_that_was_taken_back_does_not_count() -> TestResult {
    let suite = Suite::new();
    let [alice, bob] = ["alice", "bob"].map(|name| suite.account(name));
    let wallet = deployed(&suite)?;
    let number = wallet.with_transport(suite.from(alice)).propose(payment(bob, 1))?;
    let digest = wallet.proposal(number)?.expect("it was proposed").0.digest;
    for owner in [alice, bob] {
        wallet.with_transport(suite.from(owner)).approve(number, digest)?;
    }
    wallet.with_transport(suite.from(bob)).revoke(number)?;
    suite.warp_by(DELAY_MS);
    wallet.execute(number).expect_revert(Error::TooFewApprovals);
    let again = wallet.with_transport(suite.from(bob)).approve(number, digest);
    again.expect_revert(Error::AlreadyApproved);
    Ok(())
}

#[test]
fn strangers_pay_in_and_propose_nothing() -> TestResult {
    let suite = Suite::new();
    let erin = suite.account("erin");
    let wallet = deployed(&suite)?;
    let from_erin = || wallet.with_transport(suite.from(erin));
    from_erin().with_value(5).deposit()?;
    suite.expect_events(&[&Deposited(erin, 5)]);
    from_erin().propose(payment(erin, 1)).expect_revert(Error::NotOwner);
    assert_eq!(suite.balance(wallet.address), 105);
    Ok(())
}
