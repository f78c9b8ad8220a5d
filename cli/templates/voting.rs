//! The module that `dytallix build` made, deployed and called.

use dytallix_testkit::sdk::{Address, Encode, Hash};
use dytallix_testkit::{Expect, Mock, Sender, Suite, TestResult};
use voting::{Action, Choice, Error, Rules, Status, Voted, Voting, VotingClient};

/// A contract of alice, who has 60 votes, and bob, who has 40.
fn deployed(suite: &Suite) -> TestResult<VotingClient<Sender>> {
    let members = vec![(suite.account("alice"), 60), (suite.account("bob"), 40)];
    let rules = Rules { threshold: 10, quorum: 50, period: 3, delay: 2, grace: 10 };
    let deployment = suite.deploy_contract(env!("CARGO_PKG_NAME"));
    deployment.arguments(Voting::init_arguments(members, rules)).client::<Voting>()
}

/// A call of a lamp, to turn it on.
fn action(lamp: Address) -> Action {
    let arguments = true.to_bytes().into();
    Action { target: lamp, method: "turn".to_owned(), arguments, value: 0, gas: 10_000 }
}

/// Proposes by alice, and has both vote.
fn voted(
    suite: &Suite,
    contract: &VotingClient<Sender>,
    lamp: Address,
    choices: [Choice; 2],
) -> TestResult<u64> {
    let accounts = [suite.account("alice"), suite.account("bob")];
    let as_alice = contract.with_transport(suite.from(accounts[0]));
    let number = as_alice.propose(action(lamp), Hash::new([7; 32]))?;
    for (account, choice) in accounts.into_iter().zip(choices) {
        contract.with_transport(suite.from(account)).vote(number, choice)?;
    }
    // Three blocks of voting: two of them were the votes.
    suite.roll_by(1);
    Ok(number)
}

#[test]
fn what_was_voted_for_is_done_after_the_delay() -> TestResult {
    let suite = Suite::new();
    let lamp = suite.mock(Mock::new().label("lamp").returns("turn", &()));
    let contract = deployed(&suite)?;
    let number = voted(&suite, &contract, lamp, [Choice::Yes, Choice::No])?;
    assert_eq!(contract.status(number)?, Status::Passed);
    contract.queue(number)?;
    let early = contract.execute(number);
    early.expect_revert(Error::NotNow { status: Status::Queued });
    suite.roll_by(2);
    contract.execute(number)?;
    suite.expect_calls(lamp, "turn", 1);
    assert_eq!(contract.status(number)?, Status::Executed);
    Ok(())
}

#[test]
fn what_was_voted_against_is_not_done() -> TestResult {
    let suite = Suite::new();
    let lamp = suite.mock(Mock::new().label("lamp").returns("turn", &()));
    let contract = deployed(&suite)?;
    let number = voted(&suite, &contract, lamp, [Choice::No, Choice::Yes])?;
    assert_eq!(contract.status(number)?, Status::Rejected);
    contract.queue(number).expect_revert(Error::NotNow { status: Status::Rejected });
    suite.expect_calls(lamp, "turn", 0);
    Ok(())
}

#[test]
fn nobody_votes_twice() -> TestResult {
    let suite = Suite::new();
    let alice = suite.account("alice");
    let contract = deployed(&suite)?;
    let as_alice = contract.with_transport(suite.from(alice));
    let number = as_alice.propose(action(alice), Hash::new([7; 32]))?;
    as_alice.vote(number, Choice::Yes)?;
    suite.expect_events(&[&Voted(number, alice, Choice::Yes, 60)]);
    as_alice.vote(number, Choice::Yes).expect_revert(Error::AlreadyVoted);
    Ok(())
}
