//! A vote on what a contract does: the module in the runtime.

#[path = "../counter.rs"]
mod counter;
#[path = "voting/random.rs"]
mod random;
#[path = "support/mod.rs"]
mod support;
#[path = "../voting.rs"]
mod voting;
#[path = "voting/mod.rs"]
mod world;

use dytallix_testkit::sdk::mock::Mock;
use dytallix_testkit::sdk::{CallStatus, Decode, Encode};
use dytallix_testkit::{Address, Expect, Hash, Suite, TestResult, assert_reverts};
use support::{failed, module};
use voting::{
    Canceled, Choice, Delegated, Error, Executed, Joined, Proposed, Queued, Rules, Stage, Status,
    Tally, Voted, Voting,
};
use world::{RULES, Told, World, members};

fn not_now(status: Status) -> Error {
    Error::NotNow { status }
}

#[test]
fn a_proposal_that_passes_is_queued_and_executed() -> TestResult {
    let mut world = World::new()?;
    let (alice, bob) = (world.account("alice"), world.account("bob"));
    let joined: Vec<Joined> = world.log.iter().filter_map(|(_, event)| event.read()).collect();
    let expected = members(&world.suite).into_iter().map(|(who, weight)| Joined(who, weight));
    assert_eq!(joined, expected.collect::<Vec<_>>());

    let snapshot = world.suite.height();
    let number = world.propose("alice", 5)?;
    let ends = snapshot + RULES.period;
    let description = Hash::new([5; 32]);
    let proposed = Proposed(number, alice, description, snapshot, ends);
    world.suite.expect_events(&[&proposed]);
    world.vote("alice", number, Choice::Yes)?;
    world.suite.expect_events(&[&Voted(number, alice, Choice::Yes, 50)]);
    world.suite.roll(ends);
    // The last block of the vote.
    assert_eq!(world.status(number), Status::Voting);
    assert_reverts!(world.voting.queue(number), not_now(Status::Voting));
    world.suite.roll(ends);
    world.vote("bob", number, Choice::No)?;
    world.suite.expect_events(&[&Voted(number, bob, Choice::No, 30)]);
    assert_eq!(world.tally(number), Tally { no: 30, yes: 50, abstain: 0 });

    assert_eq!(world.status(number), Status::Passed);
    assert_reverts!(world.vote("carol", number, Choice::No), not_now(Status::Passed));
    assert_reverts!(world.voting.execute(number), not_now(Status::Passed));
    let from = world.suite.height() + RULES.delay;
    world.by("mallory").queue(number)?;
    world.suite.expect_events(&[&Queued(number, from)]);
    world.suite.roll(from - 1);
    assert_reverts!(world.voting.execute(number), not_now(Status::Queued));
    world.suite.roll(from);
    assert_eq!(world.status(number), Status::Ready);
    let result = world.by("mallory").execute(number)?;
    assert_eq!(u64::from_bytes(&result), Ok(5));
    let added = counter::Added { by: world.voting.address, amount: 5 };
    world.suite.expect_events(&[&Executed(number), &added]);
    assert_reverts!(world.voting.execute(number), not_now(Status::Executed));
    assert_eq!(world.counter.count()?, 5);
    Ok(())
}

#[test]
fn votes_begin_with_the_block_after_the_proposal_s() -> TestResult {
    let mut world = World::new()?;
    let number = world.propose("alice", 5)?;
    let snapshot = world.voting.proposal(number)?.expect("a proposal").0.snapshot;
    assert_eq!(world.suite.height(), snapshot + 1, "the next block");
    assert_eq!(world.status(number), Status::Voting);
    // Nobody has voted, and nobody can: as seen at the height of the proposal itself.
    let (proposal, _) = world.voting.proposal(number)?.expect("a proposal");
    assert_eq!(proposal.status(snapshot, &RULES), Status::Pending);
    Ok(())
}

#[test]
fn what_is_not_for_it_or_too_little_rejects() -> TestResult {
    use Choice::{Abstain, No, Yes};
    let cases: &[(&[(&str, Choice)], Status)] = &[
        (&[], Status::Rejected),
        // 49 of 50 would be too little; carol and mallory have 20.
        (&[("carol", Yes)], Status::Rejected),
        (&[("alice", Abstain)], Status::Rejected),
        (&[("alice", No), ("bob", Yes), ("carol", Yes)], Status::Rejected),
        (&[("bob", No), ("carol", Yes), ("alice", Abstain)], Status::Rejected),
        (&[("bob", Yes), ("carol", No)], Status::Passed),
        (&[("carol", Yes), ("bob", Abstain)], Status::Passed),
    ];
    let mut world = World::new()?;
    for (votes, expected) in cases {
        let number = world.propose("alice", 5)?;
        for (name, choice) in *votes {
            world.vote(name, number, *choice)?;
        }
        world.suite.roll_by(RULES.period);
        assert_eq!(world.status(number), *expected, "{votes:?}");
        let queued = world.voting.queue(number);
        match expected {
            Status::Passed => queued?,
            status => assert_reverts!(queued, not_now(*status)),
        }
    }
    Ok(())
}

#[test]
fn no_weight_votes_twice() -> TestResult {
    let mut world = World::new()?;
    let (alice, bob, mallory) =
        (world.account("alice"), world.account("bob"), world.account("mallory"));
    let number = world.propose("alice", 5)?;
    world.vote("alice", number, Choice::Yes)?;
    assert_reverts!(world.vote("alice", number, Choice::No), Error::AlreadyVoted);
    assert_reverts!(world.vote("mallory", number, Choice::No), Error::TooLittlePower);
    // Weight that has voted, lent afterwards: it counts for proposals to come.
    world.run("alice", |voting| voting.delegate(bob))?;
    world.suite.expect_events(&[&Delegated(alice, alice, bob)]);
    world.vote("bob", number, Choice::No)?;
    world.suite.expect_events(&[&Voted(number, bob, Choice::No, 30)]);
    world.run("alice", |voting| voting.delegate(mallory))?;
    assert_reverts!(world.vote("mallory", number, Choice::No), Error::TooLittlePower);
    assert_eq!(world.tally(number), Tally { no: 30, yes: 50, abstain: 0 });
    assert!(world.voting.has_voted(number, alice)? && !world.voting.has_voted(number, mallory)?);

    let next = world.propose("bob", 6)?;
    assert_reverts!(world.vote("alice", next, Choice::Yes), Error::TooLittlePower);
    world.vote("mallory", next, Choice::Yes)?;
    assert_eq!(world.tally(next), Tally { no: 0, yes: 50, abstain: 0 });
    Ok(())
}

#[test]
fn lent_weight_is_not_lent_on_and_comes_back() -> TestResult {
    let mut world = World::new()?;
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| world.account(name));
    let powers = |world: &World| {
        let now = world.suite.height();
        [alice, bob, carol].map(|who| world.voting.power_at(who, now).expect("a view"))
    };
    let before = world.suite.height();
    world.run("alice", |voting| voting.delegate(bob))?;
    assert_eq!(powers(&world), [0, 80, 20]);
    world.run("bob", |voting| voting.delegate(carol))?;
    assert_eq!(powers(&world), [0, 50, 50], "bob has alice's weight, carol bob's");
    world.run("alice", |voting| voting.delegate(alice))?;
    world.run("alice", |voting| voting.delegate(alice))?;
    assert_eq!(powers(&world), [50, 0, 50]);
    assert_eq!((world.voting.delegate_of(alice)?, world.voting.delegate_of(bob)?), (alice, carol));
    // The past stays as it was.
    let past = |height| [alice, bob, carol].map(|who| world.voting.power_at(who, height));
    assert_eq!(past(before - 1), [Ok(50), Ok(30), Ok(20)]);
    assert_eq!(past(before), [Ok(0), Ok(80), Ok(20)]);
    assert_eq!(past(0), [Ok(0), Ok(0), Ok(0)], "before there were members");
    assert_reverts!(world.by("mallory").delegate(alice), Error::NotMember);
    Ok(())
}

#[test]
fn it_takes_power_to_propose() -> TestResult {
    let mut world = World::new()?;
    let bob = world.account("bob");
    assert_reverts!(world.propose("mallory", 5), Error::TooLittlePower);
    world.propose("carol", 5)?;
    world.run("carol", |voting| voting.delegate(bob))?;
    assert_reverts!(world.propose("carol", 6), Error::TooLittlePower);
    world.propose("bob", 6)?;
    assert_eq!(world.voting.proposal_count()?, 2);
    Ok(())
}

#[test]
fn the_proposer_cancels_while_it_is_voted() -> TestResult {
    let mut world = World::new()?;
    let number = world.propose("bob", 5)?;
    assert_reverts!(world.by("alice").cancel(number), Error::NotProposer);
    world.by("bob").cancel(number)?;
    world.suite.expect_events(&[&Canceled(number)]);
    assert_reverts!(world.vote("alice", number, Choice::Yes), not_now(Status::Canceled));
    assert_reverts!(world.by("bob").cancel(number), not_now(Status::Canceled));
    assert_reverts!(world.by("bob").cancel(9), Error::NoSuchProposal);
    // Not what has passed: that is the members'.
    let passed = world.passed(5)?;
    assert_reverts!(world.by("alice").cancel(passed), not_now(Status::Passed));
    Ok(())
}

#[test]
fn what_nobody_does_in_time_expires() -> TestResult {
    let mut world = World::new()?;
    let number = world.passed(5)?;
    let ends = world.voting.proposal(number)?.expect("a proposal").0.ends;
    world.suite.roll(ends + RULES.grace);
    let last = world.suite.snapshot();
    world.suite.roll_by(1);
    assert_reverts!(world.voting.queue(number), not_now(Status::Expired));
    world.suite.revert(last);
    world.voting.queue(number)?;
    let from = ends + RULES.grace + RULES.delay;
    world.suite.roll(from + RULES.grace);
    let last = world.suite.snapshot();
    world.suite.roll_by(1);
    assert_reverts!(world.voting.execute(number), not_now(Status::Expired));
    world.suite.revert(last);
    world.voting.execute(number)?;
    assert_eq!(world.counter.count()?, 5);
    Ok(())
}

#[test]
fn an_action_that_fails_has_not_happened_and_may_be_tried_again() -> TestResult {
    let mut world = World::new()?;
    let mut action = world.add(u64::MAX);
    action.gas = 3_000_000;
    let number = world.run("alice", |voting| voting.propose(action, Hash::ZERO))?;
    world.vote("alice", number, Choice::Yes)?;
    world.suite.roll_by(RULES.period);
    world.voting.queue(number)?;
    world.suite.roll_by(RULES.delay);
    let start = world.suite.snapshot();
    world.counter.add(1)?;
    let before = world.suite.storage_rows(world.voting.address);
    assert_eq!(failed(world.voting.execute(number)), counter::Error::Overflow.into());
    world.suite.expect_no_events();
    // Nobody makes it fail by giving it too little gas.
    let starved = world.voting.with_gas(3_000_000).execute(number);
    assert_reverts!(starved, Error::TooLittleGas);
    assert_eq!(world.suite.storage_rows(world.voting.address), before);
    assert_eq!(world.status(number), Status::Ready);
    world.suite.revert(start);
    world.voting.with_gas(3_400_000).execute(number)?;
    assert_eq!(world.counter.count()?, u64::MAX);
    Ok(())
}

#[test]
fn value_goes_out_with_an_action() -> TestResult {
    let mut world = World::new()?;
    let wallet = module("voting");
    let other = world.suite.deploy_file(wallet);
    let other = other.arguments(Voting::init_arguments(members(&world.suite), RULES)).value(3);
    let other = other.send()?;
    world.suite.deal(world.voting.address, 10);
    let mut action = world.add(5);
    action.value = 10;
    let number = world.run("alice", |voting| voting.propose(action, Hash::ZERO))?;
    world.vote("alice", number, Choice::Yes)?;
    world.suite.roll_by(RULES.period);
    world.voting.queue(number)?;
    world.suite.roll_by(RULES.delay);
    // The counter takes none; so the call fails, and the value stays.
    assert_eq!(failed(world.voting.execute(number)).status, CallStatus::NotPermitted);
    assert_eq!(world.suite.balance(world.voting.address), 10);
    assert_eq!(world.suite.balance(other), 3, "a contract may begin with value");
    Ok(())
}

#[test]
fn unsound_rules_and_members_are_refused() {
    let suite = Suite::new();
    let good = members(&suite);
    let deploy = |members: &[_], rules| {
        let init = Voting::init_arguments(members.to_vec(), rules);
        suite.deploy_file(module("voting")).arguments(init).send()
    };
    for rules in [
        Rules { threshold: 0, ..RULES },
        Rules { threshold: 101, ..RULES },
        Rules { quorum: 0, ..RULES },
        Rules { quorum: 101, ..RULES },
        Rules { period: 0, ..RULES },
    ] {
        assert_reverts!(deploy(&good, rules), Error::UnsoundRules);
    }
    assert_reverts!(deploy(&[], RULES), Error::UnsoundRules);
    let (alice, bob) = (good[0].0, good[1].0);
    assert_reverts!(deploy(&[(alice, 50), (bob, 0)], RULES), Error::BadMember);
    assert_reverts!(deploy(&[(alice, 50), (alice, 50)], RULES), Error::BadMember);
    assert_reverts!(deploy(&[(alice, u128::MAX), (bob, 1)], RULES), Error::Overflow);
    assert!(deploy(&good, Rules { threshold: 100, quorum: 100, ..RULES }).is_ok());
}

/// From the events of all transactions, and nothing else.
#[test]
fn the_tally_is_rebuilt_from_events_alone() -> TestResult {
    let mut world = World::new()?;
    let [alice, bob, carol, mallory] =
        ["alice", "bob", "carol", "mallory"].map(|name| world.account(name));
    world.run("carol", |voting| voting.delegate(mallory))?;
    let first = world.propose("alice", 5)?;
    world.run("alice", |voting| voting.delegate(bob))?;
    let second = world.propose("bob", 6)?;
    world.vote("mallory", first, Choice::Abstain)?;
    world.vote("alice", first, Choice::Yes)?;
    world.run("carol", |voting| voting.delegate(carol))?;
    world.vote("bob", second, Choice::No)?;
    world.vote("bob", first, Choice::No)?;
    world.vote("mallory", second, Choice::Yes)?;
    assert!(world.vote("carol", second, Choice::Yes).is_err());
    assert!(world.vote("alice", second, Choice::Yes).is_err());

    let told = Told::by(&world.log);
    let expected = [
        (first, Tally { no: 30, yes: 50, abstain: 20 }),
        (second, Tally { no: 80, yes: 20, abstain: 0 }),
    ];
    assert_eq!(told.tallies.iter().map(|(n, tally)| (*n, *tally)).collect::<Vec<_>>(), expected);
    for (number, tally) in expected {
        assert_eq!(world.tally(number), tally);
    }
    assert_eq!(told.power_at(alice, world.suite.height()), 0);
    Ok(())
}

#[test]
fn a_proposal_is_stored_as_it_was_made() -> TestResult {
    let mut world = World::new()?;
    let number = world.propose("bob", 5)?;
    let (proposal, action) = world.voting.proposal(number)?.expect("a proposal");
    assert_eq!((proposal.proposer, &action), (world.account("bob"), &world.add(5)));
    assert_eq!(action.arguments.as_slice(), 5_u64.to_bytes());
    assert_eq!(world.voting.proposal(2)?, None);
    assert_eq!((world.voting.rules()?, world.voting.total_weight()?), (RULES, 100));
    Ok(())
}

/// By the height alone; the last heights of each stage and the first ones behind them.
#[test]
fn a_proposal_stands_where_its_height_says() {
    let (no, yes, abstain) = (10, 30, 10);
    let open = voting::Proposal {
        proposer: Mock::CALLER,
        snapshot: 100,
        ends: 110,
        tally: Tally { no, yes, abstain },
        stage: Stage::Open,
    };
    let too_few = voting::Proposal { tally: Tally { no, yes, abstain: 9 }, ..open };
    let even = voting::Proposal { tally: Tally { no: yes, yes, abstain }, ..open };
    let queued = voting::Proposal { stage: Stage::Queued(120), ..open };
    for (proposal, height, expected) in [
        (open, 100, Status::Pending),
        (open, 101, Status::Voting),
        (open, 110, Status::Voting),
        (open, 111, Status::Passed),
        (open, 130, Status::Passed),
        (open, 131, Status::Expired),
        (too_few, 110, Status::Voting),
        (too_few, 111, Status::Rejected),
        (even, 131, Status::Rejected),
        (queued, 119, Status::Queued),
        (queued, 120, Status::Ready),
        (queued, 140, Status::Ready),
        (queued, 141, Status::Expired),
        (voting::Proposal { stage: Stage::Executed, ..open }, 111, Status::Executed),
        (voting::Proposal { stage: Stage::Canceled, ..open }, 111, Status::Canceled),
    ] {
        assert_eq!(proposal.status(height, &RULES), expected, "{proposal:?} at {height}");
    }
}

#[test]
fn a_vote_runs_natively() {
    let mock = Mock::new();
    let bob = Address::new([0xb0; 32]);
    let init = Voting::init_arguments(vec![(Mock::CALLER, 40), (bob, 30)], RULES);
    let address = mock.deploy::<Voting>(&init).expect("deployed");
    let voting = mock.client::<Voting>(address);
    mock.stub(bob, "ping", |_| Ok(b"pong".to_vec()));
    let (method, arguments) = ("ping".to_owned(), Vec::new().into());
    let action = voting::Action { target: bob, method, arguments, value: 0, gas: 0 };
    let number = voting.propose(action, Hash::ZERO).expect_success();
    assert_reverts!(voting.vote(number, Choice::Yes), not_now(Status::Pending));
    mock.set_height(2);
    voting.delegate(bob).expect_success();
    voting.vote(number, Choice::Yes).expect_success();
    voting.with_transport(mock.sender(bob)).vote(number, Choice::No).expect_success();
    let votes = [Voted(number, Mock::CALLER, Choice::Yes, 40), Voted(number, bob, Choice::No, 30)];
    assert_eq!(mock.emitted::<Voted>(), votes);
    mock.set_height(22);
    voting.queue(number).expect_success();
    mock.set_height(27);
    assert_eq!(voting.execute(number), Ok(b"pong".to_vec().into()));
}
