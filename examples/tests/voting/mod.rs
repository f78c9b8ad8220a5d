//! A suite in which three members vote on what happens to a counter, and what events alone tell.

use std::collections::BTreeMap;

use dytallix_testkit::sdk::{CallError, Encode};
use dytallix_testkit::{Address, Emitted, Hash, Sender, Suite, TestResult};

use crate::counter::{Counter, CounterClient};
use crate::support::module;
use crate::voting::{
    Action, Choice, Delegated, Joined, Proposed, Rules, Status, Tally, Voted, Voting, VotingClient,
};

/// Weights of alice, bob and carol.
pub const WEIGHTS: [u128; 3] = [50, 30, 20];
/// Whoever may vote, and mallory, who has no weight of her own.
pub const NAMES: [&str; 4] = ["alice", "bob", "carol", "mallory"];
pub const RULES: Rules = Rules { threshold: 20, quorum: 50, period: 20, delay: 5, grace: 20 };

pub struct World {
    pub suite: Suite,
    pub voting: VotingClient<Sender>,
    pub counter: CounterClient<Sender>,
    /// What all transactions so far have emitted, with the height of each.
    pub log: Vec<(u64, Emitted)>,
}

/// Members as `init` takes them.
pub fn members(suite: &Suite) -> Vec<(Address, u128)> {
    let account = |name: &&str| suite.account(name);
    NAMES.iter().map(account).zip(WEIGHTS).collect()
}

impl World {
    pub fn new() -> TestResult<World> {
        let suite = Suite::new();
        let counter = suite.deploy_file(module("counter")).arguments(Counter::init_arguments(0));
        let counter = counter.client::<Counter>()?;
        let init = Voting::init_arguments(members(&suite), RULES);
        let deployment = suite.deploy_file(module("voting")).arguments(init);
        let voting = deployment.client::<Voting>()?;
        let mut world = World { suite, voting, counter, log: Vec::new() };
        world.note();
        Ok(world)
    }

    pub fn account(&self, name: &str) -> Address {
        self.suite.account(name)
    }

    /// The contract as that account calls it.
    pub fn by(&self, name: &str) -> VotingClient<Sender> {
        self.voting.with_transport(self.suite.from(self.account(name)))
    }

    /// Notes the events of the last transaction.
    pub fn note(&mut self) {
        let transaction = self.suite.last_transaction().expect("a transaction");
        let events = transaction.events().into_iter();
        self.log.extend(events.map(|event| (transaction.height, event)));
    }

    /// Calls as that account, and notes the events.
    pub fn run<T>(
        &mut self,
        name: &str,
        call: impl FnOnce(VotingClient<Sender>) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let result = call(self.by(name));
        self.note();
        result
    }

    /// To add to the counter.
    pub fn add(&self, amount: u64) -> Action {
        let (target, method) = (self.counter.address, "add".to_owned());
        Action { target, method, arguments: (amount,).to_bytes().into(), value: 0, gas: 0 }
    }

    /// Proposes, as that account, to add to the counter.
    pub fn propose(&mut self, name: &str, amount: u64) -> Result<u64, CallError> {
        let action = self.add(amount);
        self.run(name, |voting| voting.propose(action, Hash::new([amount as u8; 32])))
    }

    pub fn vote(&mut self, name: &str, number: u64, choice: Choice) -> Result<(), CallError> {
        self.run(name, |voting| voting.vote(number, choice))
    }

    pub fn tally(&self, number: u64) -> Tally {
        self.voting.proposal(number).expect("a view").expect("a proposal").0.tally
    }

    pub fn status(&self, number: u64) -> Status {
        self.voting.status(number).expect("a proposal")
    }

    /// A proposal that alice and carol were for, at the first height after the vote.
    pub fn passed(&mut self, amount: u64) -> TestResult<u64> {
        let number = self.propose("alice", amount)?;
        self.vote("alice", number, Choice::Yes)?;
        self.vote("carol", number, Choice::Yes)?;
        let ends = self.voting.proposal(number)?.expect("a proposal").0.ends;
        self.suite.roll(ends + 1);
        Ok(number)
    }
}

/// What events alone tell of a vote, by who was a member, who lent weight to whom, and who voted.
#[derive(Default)]
pub struct Told {
    weights: BTreeMap<Address, u128>,
    /// Who has whose weight, for each member.
    holders: BTreeMap<Address, Address>,
    /// Powers at the end of the heights at which something changed.
    powers: BTreeMap<u64, BTreeMap<Address, u128>>,
    snapshots: BTreeMap<u64, u64>,
    /// The tally of each proposal.
    pub tallies: BTreeMap<u64, Tally>,
    voted: BTreeMap<u64, Vec<Address>>,
}

impl Told {
    /// # Panics
    ///
    /// If the events do not agree with each other.
    pub fn by(log: &[(u64, Emitted)]) -> Told {
        let mut told = Told::default();
        for (height, event) in log {
            told.hear(*height, event);
        }
        told
    }

    fn hear(&mut self, height: u64, event: &Emitted) {
        if let Some(Joined(member, weight)) = event.read() {
            assert_eq!(self.weights.insert(member, weight), None, "a member joins once");
            self.holders.insert(member, member);
            self.powers.insert(height, self.powers_now());
        } else if let Some(Delegated(member, from, to)) = event.read() {
            assert_eq!(self.holders.insert(member, to), Some(from), "who had it before");
            self.powers.insert(height, self.powers_now());
        } else if let Some(Proposed(number, _, _, snapshot, _)) = event.read() {
            self.snapshots.insert(number, snapshot);
            self.tallies.insert(number, Tally::default());
        } else if let Some(Voted(number, voter, choice, power)) = event.read() {
            assert_eq!(power, self.power_at(voter, self.snapshots[&number]), "a vote's power");
            let voted = self.voted.entry(number).or_default();
            assert!(!voted.contains(&voter), "an account votes once");
            voted.push(voter);
            let tally = self.tallies.get_mut(&number).expect("a proposal");
            match choice {
                Choice::No => tally.no += power,
                Choice::Yes => tally.yes += power,
                Choice::Abstain => tally.abstain += power,
            }
        }
    }

    /// How many votes there were.
    pub fn votes(&self) -> usize {
        self.voted.values().map(Vec::len).sum()
    }

    fn powers_now(&self) -> BTreeMap<Address, u128> {
        let mut powers = BTreeMap::new();
        for (member, holder) in &self.holders {
            *powers.entry(*holder).or_default() += self.weights[member];
        }
        powers
    }

    /// The power of an account at the end of a height.
    pub fn power_at(&self, account: Address, height: u64) -> u128 {
        let last = self.powers.range(..=height).next_back();
        last.and_then(|(_, powers)| powers.get(&account)).copied().unwrap_or(0)
    }
}
