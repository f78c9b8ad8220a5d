//! Members vote on what the contract does: a proposal is an action; if it passes, it is queued, and
//! executed after a delay.
//!
//! ```text
//!   propose ─▶ Pending ─▶ Voting ─▶ Passed ─queue─▶ Queued ─▶ Ready ─execute─▶ Executed
//!              one block    │  ╲                                │
//!                        cancel ▶ Rejected                      ▼ nobody did it in time
//!                           ▼                                 Expired
//!                        Canceled
//! ```
//!
//! * **Weights** are set when the contract is made. A member may lend its weight to another
//!   account; the lent weight is not lent on. At every height the powers of all accounts make up
//!   the total weight: each unit of weight is one account's.
//! * **No double vote.** A proposal counts the power that an account had when the block of the
//!   proposal had ended, which nobody can change any more when voting begins. Who lends weight
//!   afterwards, lends it for proposals to come. Each account votes once on a proposal.
//! * **Powers by height** are kept in a map whose key has the height with its bits flipped: so the
//!   first key from `(account, !height)` on is the last change until then.
//! * **Events tell all**: the tally of every proposal can be rebuilt from them alone.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// Gas for what stands between the last look at the gas and the call.
const GAS_RESERVE: u64 = 50_000;

/// A contract that does what its members vote for.
#[contract(capabilities(call, receive))]
pub struct Voting {
    /// How it is voted.
    #[view]
    rules: Item<Rules>,
    /// The weights of all members together.
    #[view(total_weight)]
    total: Item<u128>,
    /// What a member's vote weighs.
    #[view(weight_of(member))]
    weights: Map<Address, u128>,
    /// To whom a member has lent its weight, if to anybody.
    delegates: Map<Address, Address>,
    /// An account's power from a height on, whose bits are flipped.
    powers: Map<(Address, u64), u128>,
    /// How many proposals there have been; they are numbered from 1.
    #[view(proposal_count)]
    count: Item<u64>,
    /// What is proposed: written once. What changes with each vote is small and apart from it.
    actions: Map<u64, Action>,
    /// How far each proposal has come.
    proposals: Map<u64, Proposal>,
    /// Who has voted on which proposal.
    #[view(has_voted(proposal, account))]
    votes: Map<(u64, Address), bool>,
}

/// How it is voted.
#[data]
#[derive(Default)]
pub struct Rules {
    /// Power that it takes to propose.
    pub threshold: u128,
    /// Power that has to take part in a vote.
    pub quorum: u128,
    /// Blocks in which it is voted.
    pub period: u64,
    /// Blocks between queueing and execution.
    pub delay: u64,
    /// Blocks in which a passed proposal has to be queued, and a queued one executed.
    pub grace: u64,
}

/// What the contract is to do.
#[data]
pub struct Action {
    /// Whom it calls.
    pub target: Address,
    /// The method.
    pub method: String,
    /// The encoding of its parameters.
    pub arguments: Bytes,
    /// The value that goes with it.
    pub value: u128,
    /// The gas that the call has to get, so that who executes can not make it fail by giving less.
    pub gas: u64,
}

/// How far a proposal has come.
#[data]
#[derive(Copy)]
pub struct Proposal {
    /// Who proposed it.
    pub proposer: Address,
    /// The height whose powers count.
    pub snapshot: u64,
    /// The last height at which it is voted.
    pub ends: u64,
    /// The votes so far.
    pub tally: Tally,
    /// What was done about it.
    pub stage: Stage,
}

/// Power by choice.
#[data]
#[derive(Copy, Default)]
pub struct Tally {
    /// Against the action.
    pub no: u128,
    /// For the action.
    pub yes: u128,
    /// Neither, but it counts for the quorum.
    pub abstain: u128,
}

/// What an account votes.
#[data]
#[derive(Copy)]
pub enum Choice {
    /// Against the action.
    No,
    /// For the action.
    Yes,
    /// Neither, but it counts for the quorum.
    Abstain,
}

/// What was done about a proposal.
#[data]
#[derive(Copy)]
pub enum Stage {
    /// Nothing yet.
    Open,
    /// It was queued, and may be executed from that height on.
    Queued(u64),
    /// It was executed.
    Executed,
    /// It was canceled.
    Canceled,
}

/// Where a proposal stands.
#[data]
#[derive(Copy)]
pub enum Status {
    /// Voting begins with the next block.
    Pending,
    /// It is voted.
    Voting,
    /// Too few took part, or too few were for it.
    Rejected,
    /// It waits to be queued.
    Passed,
    /// It waits for its delay.
    Queued,
    /// It waits to be executed.
    Ready,
    /// It waited for too long.
    Expired,
    /// It was executed.
    Executed,
    /// It was canceled.
    Canceled,
}

/// A member, and what its vote weighs.
#[event]
pub struct Joined(#[topic] Address, u128);

/// A member's weight is at the last account's disposal from now on, no longer at the one's before
/// it.
#[event]
pub struct Delegated(#[topic] Address, #[topic] Address, #[topic] Address);

/// An account proposed an action; the number of the proposal, the proposer, the hash of a text that
/// says why, the height whose powers count, and the last height at which it is voted.
#[event]
pub struct Proposed(#[topic] u64, #[topic] Address, Hash, u64, u64);

/// An account voted with that power.
#[event]
pub struct Voted(#[topic] u64, #[topic] Address, Choice, u128);

/// A proposal was queued, and may be executed from that height on.
#[event]
pub struct Queued(#[topic] u64, u64);

/// A proposal was executed.
#[event]
pub struct Executed(#[topic] u64);

/// A proposal was canceled.
#[event]
pub struct Canceled(#[topic] u64);

/// What can go wrong.
#[error]
pub enum Error {
    /// Rules that nobody can meet: no period, no threshold, or more than the total weight.
    UnsoundRules,
    /// A member is there twice, or has no weight.
    BadMember,
    /// Only members do this.
    NotMember,
    /// Only the proposer does this.
    NotProposer,
    /// The account has less power than it takes.
    TooLittlePower,
    /// There is no such proposal.
    NoSuchProposal,
    /// That is not done at this point.
    NotNow {
        /// Where the proposal stands.
        status: Status,
    },
    /// The account has voted before.
    AlreadyVoted,
    /// There is less gas than the action has to get.
    TooLittleGas,
    /// A number is as great as it can be.
    Overflow,
}

#[methods]
impl Voting {
    /// Members with their weights, for good.
    #[init(payable)]
    fn new(&mut self, cx: &Cx, members: Vec<(Address, u128)>, rules: Rules) -> Result {
        for (member, weight) in members {
            ensure!(weight > 0 && !self.weights.has(member), Error::BadMember);
            self.total.add_or(weight, Error::Overflow)?;
            self.weights.set(member, weight);
            self.powers.set((member, !cx.height()), weight);
            cx.emit(Joined(member, weight));
        }
        let range = 1..=self.total.get();
        let sound = range.contains(&rules.threshold) && range.contains(&rules.quorum);
        ensure!(sound && rules.period > 0, Error::UnsoundRules);
        self.rules.set(rules);
        Ok(())
    }

    /// Lends the caller's weight to `to`, in place of who had it before; to itself to have it back.
    #[call]
    fn delegate(&mut self, cx: &Cx, to: Address) -> Result {
        let member = cx.caller();
        let weight = self.weights.find(member).ok_or(Error::NotMember)?;
        let (from, now) = (self.delegate_of(member), cx.height());
        let less = self.power_at(from, now).sub_or(weight, Error::Overflow)?;
        self.powers.set((from, !now), less);
        let more = self.power_at(to, now).add_or(weight, Error::Overflow)?;
        self.powers.set((to, !now), more);
        self.delegates.set(member, to);
        cx.emit(Delegated(member, from, to));
        Ok(())
    }

    /// Proposes an action; the number of the proposal.
    #[call]
    fn propose(&mut self, cx: &Cx, action: Action, description: Hash) -> Result<u64> {
        let (proposer, snapshot, rules) = (cx.caller(), cx.height(), self.rules.get());
        let power = self.power_at(proposer, snapshot);
        ensure!(power >= rules.threshold, Error::TooLittlePower);
        let number = self.count.add_or(1, Error::Overflow)?;
        let ends = snapshot.add_or(rules.period, Error::Overflow)?;
        let (tally, stage) = (Tally::default(), Stage::Open);
        self.proposals.set(number, Proposal { proposer, snapshot, ends, tally, stage });
        self.actions.set(number, action);
        cx.emit(Proposed(number, proposer, description, snapshot, ends));
        Ok(number)
    }

    /// Votes on a proposal with the power that the caller had when it was made.
    #[call]
    fn vote(&mut self, cx: &Cx, number: u64, choice: Choice) -> Result {
        let mut proposal = self.proposal_in(cx, number, &[Status::Voting])?;
        let voter = cx.caller();
        let power = self.power_at(voter, proposal.snapshot);
        ensure!(power > 0, Error::TooLittlePower);
        ensure!(!self.votes.has((number, voter)), Error::AlreadyVoted);
        self.votes.set((number, voter), true);
        let side = match choice {
            Choice::No => &mut proposal.tally.no,
            Choice::Yes => &mut proposal.tally.yes,
            Choice::Abstain => &mut proposal.tally.abstain,
        };
        *side = side.add_or(power, Error::Overflow)?;
        self.proposals.set(number, proposal);
        cx.emit(Voted(number, voter, choice, power));
        Ok(())
    }

    /// Withdraws a proposal of the caller's before voting has ended.
    #[call]
    fn cancel(&mut self, cx: &Cx, number: u64) -> Result {
        let mut proposal = self.proposal_in(cx, number, &[Status::Pending, Status::Voting])?;
        ensure!(proposal.proposer == cx.caller(), Error::NotProposer);
        proposal.stage = Stage::Canceled;
        self.proposals.set(number, proposal);
        cx.emit(Canceled(number));
        Ok(())
    }

    /// Queues a proposal that has passed. Anybody may.
    #[call]
    fn queue(&mut self, cx: &Cx, number: u64) -> Result {
        let mut proposal = self.proposal_in(cx, number, &[Status::Passed])?;
        let from = cx.height().add_or(self.rules.get().delay, Error::Overflow)?;
        proposal.stage = Stage::Queued(from);
        self.proposals.set(number, proposal);
        cx.emit(Queued(number, from));
        Ok(())
    }

    /// Does what was voted for; what the call returned. Anybody may say so. Where the action fails,
    /// this does: nothing has happened, and it may be tried again until it expires.
    #[call]
    fn execute(&mut self, cx: &Cx, number: u64) -> Result<Bytes> {
        let mut proposal = self.proposal_in(cx, number, &[Status::Ready])?;
        let action = self.actions.find(number).ok_or(Error::NoSuchProposal)?;
        // What this changes is changed before anybody else's code runs.
        proposal.stage = Stage::Executed;
        self.proposals.set(number, proposal);
        cx.emit(Executed(number));
        // A call gets 63 of 64 parts of what is left.
        let enough = cx.gas_left().saturating_sub(GAS_RESERVE) / 64 * 63 >= action.gas;
        ensure!(enough, Error::TooLittleGas);
        let call = CallSpec::new(action.target, &action.method, &action.arguments);
        Ok(cx.call(&call.value(action.value)).or_revert().into())
    }

    /// Who has a member's weight: itself, unless it has lent it.
    #[view]
    fn delegate_of(&self, member: Address) -> Address {
        self.delegates.find(member).unwrap_or(member)
    }

    /// The power of an account when the block of that height had ended, or has now.
    #[view]
    fn power_at(&self, account: Address, height: u64) -> u128 {
        let last = self.powers.range_from((account, !height)).next();
        last.map_or(0, |((who, _), power)| if who == account { power } else { 0 })
    }

    /// A proposal and its action, if there is one of that number.
    #[view]
    fn proposal(&self, number: u64) -> Option<(Proposal, Action)> {
        self.proposals.find(number).zip(self.actions.find(number))
    }

    /// Where a proposal stands.
    #[view]
    fn status(&self, cx: &Cx, number: u64) -> Result<Status> {
        let proposal = self.proposals.find(number).ok_or(Error::NoSuchProposal)?;
        Ok(proposal.status(cx.height(), &self.rules.get()))
    }

    /// A proposal that stands where it must for what is done next.
    fn proposal_in(&self, cx: &Cx, number: u64, wanted: &[Status]) -> Result<Proposal> {
        let proposal = self.proposals.find(number).ok_or(Error::NoSuchProposal)?;
        let status = proposal.status(cx.height(), &self.rules.get());
        ensure!(wanted.contains(&status), Error::NotNow { status });
        Ok(proposal)
    }
}

impl Proposal {
    /// Where it stands at a height.
    pub fn status(&self, height: u64, rules: &Rules) -> Status {
        let Tally { no, yes, abstain } = self.tally;
        // The total weight is a `u128`, and no unit of it votes twice.
        let took_part = yes.saturating_add(no).saturating_add(abstain);
        match self.stage {
            Stage::Executed => Status::Executed,
            Stage::Canceled => Status::Canceled,
            Stage::Queued(from) if height < from => Status::Queued,
            Stage::Queued(from) if height > from.saturating_add(rules.grace) => Status::Expired,
            Stage::Queued(_) => Status::Ready,
            Stage::Open if height <= self.snapshot => Status::Pending,
            Stage::Open if height <= self.ends => Status::Voting,
            Stage::Open if yes <= no || took_part < rules.quorum => Status::Rejected,
            Stage::Open if height > self.ends.saturating_add(rules.grace) => Status::Expired,
            Stage::Open => Status::Passed,
        }
    }
}
