//! Random votes: what is stored is what the events tell, and no weight votes twice.

use std::cell::Cell;

use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::voting::{Choice, Status, Tally};
use crate::world::{NAMES, RULES, Told, WEIGHTS, World};

/// What is done; proposals are counted from the last.
#[derive(Clone, Debug)]
enum Step {
    Delegate {
        by: usize,
        to: usize,
    },
    Propose {
        by: usize,
    },
    Vote {
        by: usize,
        back: u64,
        choice: u8,
    },
    Cancel {
        by: usize,
        back: u64,
    },
    /// Whatever can be.
    Queue,
    /// Whatever can be.
    Execute,
    Roll {
        blocks: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let by = || 0..NAMES.len();
    let back = || prop_oneof![8 => Just(0_u64), 2 => Just(1), 1 => Just(2)];
    prop_oneof![
        2 => (by(), by()).prop_map(|(by, to)| Step::Delegate { by, to }),
        2 => by().prop_map(|by| Step::Propose { by }),
        16 => (by(), back(), 0..5_u8)
            .prop_map(|(by, back, choice)| Step::Vote { by, back, choice }),
        1 => (by(), back()).prop_map(|(by, back)| Step::Cancel { by, back }),
        3 => Just(Step::Queue),
        3 => Just(Step::Execute),
        4 => (1..8_u64).prop_map(|blocks| Step::Roll { blocks }),
    ]
}

/// Takes a step; the proposals that it executed.
fn take(world: &mut World, step: Step) -> Vec<u64> {
    let count = world.voting.proposal_count().expect("a view");
    let number = |back| count.saturating_sub(back);
    match step {
        Step::Delegate { by, to } => {
            let to = world.account(NAMES[to]);
            let lent = world.run(NAMES[by], |voting| voting.delegate(to));
            assert_eq!(lent.is_ok(), by < WEIGHTS.len(), "members lend");
        }
        Step::Propose { by } => _ = world.propose(NAMES[by], count + 1),
        Step::Vote { by, back, choice } => {
            // More often for than against, so that some proposals pass.
            let choice = match choice {
                0 => Choice::No,
                1 => Choice::Abstain,
                _ => Choice::Yes,
            };
            _ = world.vote(NAMES[by], number(back), choice);
        }
        Step::Cancel { by, back } => {
            _ = world.run(NAMES[by], |voting| voting.cancel(number(back)));
        }
        Step::Queue => {
            for number in 1..=count {
                _ = world.run("mallory", |voting| voting.queue(number));
            }
        }
        Step::Execute => {
            let mut all: Vec<u64> = (1..=count).collect();
            all.retain(|number| world.run("mallory", |voting| voting.execute(*number)).is_ok());
            return all;
        }
        Step::Roll { blocks } => world.suite.roll_by(blocks),
    }
    Vec::new()
}

#[test]
fn events_tell_the_tally_and_no_weight_votes_twice() {
    let config = ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() };
    let (voted, executed) = (Cell::new(0), Cell::new(0));
    // The same histories every time: what is counted at the end is left to no chance.
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let result = runner.run(&prop::collection::vec(step(), 1..200), |steps| {
        let mut world = World::new().expect("a world");
        let mut numbers = Vec::new();
        for step in steps {
            numbers.extend(take(&mut world, step));
        }
        let told = check(&world, &numbers)?;
        voted.set(voted.get() + told.votes());
        executed.set(executed.get() + numbers.len());
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let (voted, executed) = (voted.get(), executed.get());
    assert!(voted > 50 && executed > 3, "{voted} votes, {executed} executed");
}

/// Checks what is stored against what the events tell, and against what was executed.
fn check(world: &World, executed: &[u64]) -> Result<Told, TestCaseError> {
    prop_assert_eq!(world.counter.count().expect("a view"), executed.iter().sum::<u64>());
    let (told, total) = (Told::by(&world.log), WEIGHTS.iter().sum::<u128>());
    let accounts = NAMES.map(|name| world.account(name));
    let made = world.log[0].0;
    for height in 1..=world.suite.height() {
        let power = |account: &_| world.voting.power_at(*account, height).expect("a view");
        let told = |account: &_| told.power_at(*account, height);
        prop_assert!(accounts.iter().map(power).eq(accounts.iter().map(told)));
        let sum: u128 = accounts.iter().map(power).sum();
        prop_assert_eq!(sum, if height < made { 0 } else { total }, "at {}", height);
    }
    let count = world.voting.proposal_count().expect("a view");
    prop_assert_eq!(told.tallies.len() as u64, count);
    for (&number, &tally) in &told.tallies {
        prop_assert_eq!(world.tally(number), tally);
        let Tally { no, yes, abstain } = tally;
        let took_part = no + yes + abstain;
        prop_assert!(took_part <= total);
        let times = executed.iter().filter(|&&done| done == number).count();
        prop_assert_eq!(times, usize::from(world.status(number) == Status::Executed));
        prop_assert!(times == 0 || (yes > no && took_part >= RULES.quorum));
    }
    Ok(told)
}
