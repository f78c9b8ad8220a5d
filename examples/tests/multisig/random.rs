//! Random histories of a wallet against a model that says what each step comes to.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use dytallix_testkit::sdk::{Bytes, CallError};
use dytallix_testkit::{Expect, Hash};

use crate::multisig::{Action, Error};
use crate::support::Key;
use crate::wallet::{World, call, rules};

/// The delay of the wallet, in milliseconds.
const DELAY_MS: u64 = 1_000;
/// Four keys; three of them are owners in each of the two sets of rules.
const KEYS: usize = 4;

/// The owners and how many of them are needed: of the first era, and of the others in turn.
fn owners(era: u32) -> (&'static [usize], u32) {
    if era % 2 == 1 { (&[0, 1, 2], 2) } else { (&[1, 2, 3], 3) }
}

/// What is done; proposals are counted from the last.
#[derive(Clone, Debug)]
enum Step {
    Propose { by: usize, rotation: bool },
    Approve { by: usize, back: u64 },
    ApproveSigned { by: usize, back: u64 },
    Replay { by: usize, back: u64, other: u64 },
    Revoke { by: usize, back: u64 },
    Warp { ms: u64 },
    Execute { back: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let by = || 0..KEYS;
    let back = || prop_oneof![8 => Just(0_u64), 2 => Just(1), 1 => Just(2)];
    prop_oneof![
        3 => (by(), prop::bool::weighted(0.2))
            .prop_map(|(by, rotation)| Step::Propose { by, rotation }),
        6 => (by(), back()).prop_map(|(by, back)| Step::Approve { by, back }),
        8 => (by(), back()).prop_map(|(by, back)| Step::ApproveSigned { by, back }),
        1 => (by(), back(), back())
            .prop_map(|(by, back, other)| Step::Replay { by, back, other }),
        1 => (by(), back()).prop_map(|(by, back)| Step::Revoke { by, back }),
        4 => (1..=DELAY_MS).prop_map(|ms| Step::Warp { ms }),
        6 => back().prop_map(|back| Step::Execute { back }),
    ]
}

/// A proposal as the model has it.
struct Proposed {
    era: u32,
    rotation: bool,
    digest: Hash,
    /// Who approves.
    approved: BTreeSet<usize>,
    /// Who has taken that back.
    revoked: BTreeSet<usize>,
    ready_at_ms: Option<u64>,
    executed: bool,
}

/// A wallet, and the model of it.
struct History {
    world: World,
    keys: Vec<Key>,
    era: u32,
    proposals: BTreeMap<u64, Proposed>,
    /// What the counter has to stand at.
    added: u64,
}

impl History {
    fn new() -> History {
        let world = World::new(2, DELAY_MS).expect("a world");
        let keys = (1..=KEYS as u8).map(Key::new).collect();
        History { world, keys, era: 1, proposals: BTreeMap::new(), added: 0 }
    }

    fn number(&self, back: u64) -> u64 {
        (self.proposals.len() as u64).saturating_sub(back)
    }

    fn is_owner(&self, key: usize) -> bool {
        owners(self.era).0.contains(&key)
    }

    fn action(&self, number: u64, rotation: bool) -> Action {
        if !rotation {
            return self.world.add(number);
        }
        let (members, needed) = owners(self.era + 1);
        let keys: Vec<Key> = members.iter().map(|&key| self.keys[key].clone()).collect();
        let rules = rules(&keys, needed, DELAY_MS);
        call(self.world.wallet.address, "set_rules", &(rules,))
    }

    /// The proposal, if it may still come to something.
    fn open(&mut self, number: u64) -> Result<&mut Proposed, Error> {
        let era = self.era;
        match self.proposals.get_mut(&number) {
            None => Err(Error::NoSuchProposal),
            Some(proposal) if proposal.executed => Err(Error::AlreadyExecuted),
            Some(proposal) if proposal.era != era => Err(Error::Void),
            Some(proposal) => Ok(proposal),
        }
    }

    fn propose(&mut self, by: usize, rotation: bool) {
        let number = self.proposals.len() as u64 + 1;
        let action = self.action(number, rotation);
        let result = self.world.by(&self.keys[by]).propose(action);
        if !self.is_owner(by) {
            return result.expect_revert(Error::NotOwner);
        }
        assert_eq!(result.expect_success(), number);
        let digest = self.world.digest(number);
        let (approved, revoked) = (BTreeSet::new(), BTreeSet::new());
        let (era, ready_at_ms, executed) = (self.era, None, false);
        let proposal = Proposed { era, rotation, digest, approved, revoked, ready_at_ms, executed };
        self.proposals.insert(number, proposal);
    }

    /// What an approval comes to, which was made by `result`.
    fn approved(&mut self, by: usize, number: u64, result: Result<(), CallError>) {
        let (is_owner, now) = (self.is_owner(by), self.world.suite.time_ms());
        let needed = owners(self.era).1 as usize;
        let proposal = match self.open(number) {
            Ok(proposal) => proposal,
            Err(error) => return result.expect_revert(error),
        };
        if !is_owner {
            return result.expect_revert(Error::NotOwner);
        }
        if proposal.approved.contains(&by) || proposal.revoked.contains(&by) {
            return result.expect_revert(Error::AlreadyApproved);
        }
        result.expect_success();
        proposal.approved.insert(by);
        if proposal.approved.len() == needed {
            proposal.ready_at_ms = Some(now + DELAY_MS);
        }
    }

    fn digest(&self, number: u64) -> Hash {
        self.proposals.get(&number).map_or(Hash::ZERO, |proposal| proposal.digest)
    }

    /// Brings the signature for one proposal to another.
    fn approve_signed(&mut self, by: usize, signed: u64, number: u64) {
        let key = &self.keys[by];
        let signature = key.sign(self.digest(signed).as_bytes(), b"approve");
        let wallet = &self.world.wallet;
        let result = wallet.approve_signed(number, key.public.clone(), signature);
        if signed == number {
            return self.approved(by, number, result);
        }
        match self.open(number) {
            Ok(_) => result.expect_revert(Error::Forged),
            Err(error) => result.expect_revert(error),
        }
    }

    fn revoke(&mut self, by: usize, number: u64) {
        let result = self.world.by(&self.keys[by]).revoke(number);
        let needed = owners(self.era).1 as usize;
        let proposal = match self.open(number) {
            Ok(proposal) => proposal,
            Err(error) => return result.expect_revert(error),
        };
        if !proposal.approved.remove(&by) {
            return result.expect_revert(Error::NotApproved);
        }
        result.expect_success();
        proposal.revoked.insert(by);
        if proposal.approved.len() < needed {
            proposal.ready_at_ms = None;
        }
    }

    fn execute(&mut self, number: u64) {
        let result: Result<Bytes, _> = self.world.wallet.execute(number);
        let (now, needed) = (self.world.suite.time_ms(), owners(self.era).1 as usize);
        let proposal = match self.open(number) {
            Ok(proposal) => proposal,
            Err(error) => return result.expect_revert(error),
        };
        match proposal.ready_at_ms {
            None => result.expect_revert(Error::TooFewApprovals),
            Some(ready_at_ms) if now < ready_at_ms => {
                result.expect_revert(Error::TooEarly { ready_at_ms });
            }
            Some(_) => {
                result.expect_success();
                assert!(proposal.approved.len() >= needed, "enough approve it now");
                proposal.executed = true;
                if proposal.rotation {
                    self.era += 1;
                } else {
                    self.added += number;
                }
            }
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Propose { by, rotation } => self.propose(by, rotation),
            Step::Approve { by, back } => {
                let number = self.number(back);
                let result = self.world.by(&self.keys[by]).approve(number, self.digest(number));
                self.approved(by, number, result);
            }
            Step::ApproveSigned { by, back } => {
                let number = self.number(back);
                self.approve_signed(by, number, number);
            }
            Step::Replay { by, back, other } => {
                self.approve_signed(by, self.number(back), self.number(other));
            }
            Step::Revoke { by, back } => self.revoke(by, self.number(back)),
            Step::Warp { ms } => self.world.suite.warp_by(ms),
            Step::Execute { back } => self.execute(self.number(back)),
        }
    }
}

/// Nothing is executed with fewer approvals than are needed, by others than owners, before the
/// delay has passed, twice, or after a rotation; and everything else is.
#[test]
fn a_wallet_does_what_the_model_says() {
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() };
    let (executed, eras) = (Cell::new(0), Cell::new(0));
    // The same histories every time: what is counted at the end is left to no chance.
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let result = runner.run(&prop::collection::vec(step(), 1..160), |steps| {
        let mut history = History::new();
        for step in steps {
            history.take(step);
            let world = &history.world;
            prop_assert_eq!(world.counter.count().expect("a view"), history.added);
            prop_assert_eq!(world.wallet.era().expect("a view"), history.era);
        }
        let done = history.proposals.values().filter(|proposal| proposal.executed).count();
        executed.set(executed.get() + done);
        eras.set(eras.get() + history.era - 1);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let (executed, eras) = (executed.get(), eras.get());
    assert!(executed > 5 && eras > 0, "{executed} were executed, {eras} of them rotations");
}
