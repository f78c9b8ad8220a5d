//! What is done, act by act, and what has to come of it.

use dytallix::abi::{self, Decode, Encode};
use dytallix::chain::{Body, CodeSource, Deployment, Upgrade};
use dytallix::primitives::Domain;
use dytallix::state::Admin;
use dytallix::{Address, Amount, Hash, Status};

use super::model::Model;
use super::stage::{Plan, Stage, wrong};
use crate::failure::Failure;

macro_rules! example {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wasm/", $name, ".wasm"))
    };
}
/// The modules of `examples/`, so that the demo needs no file.
pub(super) const TOKEN: &[u8] = example!("basic_token");
const VOTING: &[u8] = example!("voting");
const COUNTER: &[u8] = example!("upgrade_v1");
const COUNTER_2: &[u8] = example!("upgrade_v2");

/// Tokens that there are.
const SUPPLY: u128 = 1_000_000;

/// Blocks in which it is voted, and between queueing and execution.
const PERIOD: u64 = 2;
const DELAY: u64 = 2;

/// Gas that the action of a proposal gets.
const ACTION_GAS: u64 = 1_000_000;

/// The contracts of the demo.
pub(super) struct Contracts {
    pub(super) token: Address,
    pub(super) voting: Address,
    pub(super) counter: Address,
    deployments: [Deployment; 3],
    code: Vec<u8>,
}

/// The numbers of the proposals: one that succeeds, and one whose action fails.
#[derive(Clone, Copy)]
pub(super) struct Proposals {
    good: u64,
    bad: u64,
    payment: u128,
}

impl Contracts {
    /// Their addresses follow from who deploys them, their code, and the height.
    pub(super) fn of(stage: &Stage, token: Vec<u8>) -> Contracts {
        let deployer = stage.people.get(0).address;
        let mut salt = [0; 32];
        salt[..8].copy_from_slice(&stage.height().to_le_bytes());
        let module = |code: &[u8]| Deployment::new(CodeSource::Module(code.into())).salt(salt);
        // Alice's vote and another one make a majority.
        let weights = stage.people.iter().take(3).map(|person| person.address.into());
        let weights: Vec<(abi::Address, u128)> = weights.zip([2, 1, 1]).collect();
        let rules = (1_u128, 3_u128, PERIOD, DELAY, 20_u64);
        let deployments = [
            module(&token).arguments(SUPPLY.to_le_bytes()),
            module(VOTING).arguments((weights, rules).to_bytes()),
            module(COUNTER).admin(Admin::Key(deployer)),
        ];
        let [token_at, voting, counter] = deployments.each_ref().map(|d| d.address(&deployer));
        Contracts { token: token_at, voting, counter, deployments, code: COUNTER_2.to_vec() }
    }

    fn code_hash(&self) -> Hash {
        Hash::of(Domain::Code, &[&self.code])
    }

    fn token_transfer(&self, to: Address, amount: u128) -> Body {
        Body::call(self.token, "transfer", pair(to, amount))
    }
}

/// An address and an amount, as a token takes them.
fn pair(to: Address, amount: u128) -> Vec<u8> {
    [&to.as_bytes()[..], &amount.to_le_bytes()].concat()
}

/// Alice makes the contracts and brings the code of the upgrade.
pub(super) fn deploy(stage: &mut Stage, contracts: &Contracts) -> Result<(), Failure> {
    let names = ["the token", "the vote", "the counter"];
    let mut plans: Vec<Plan> = contracts
        .deployments
        .iter()
        .zip(names)
        .map(|(deployment, name)| {
            Plan::new(0, format!("deploys {name}"), Body::Deploy(deployment.clone()))
        })
        .collect();
    let code = contracts.code.as_slice().into();
    plans.push(Plan::new(0, "uploads version 2 of the counter", Body::Upload { code }));
    stage.block(plans)?;
    stage.model = Model::new(stage.people.count(), SUPPLY);
    compare(stage, contracts)
}

/// Everybody gets tokens, and the vote a fund; then everybody passes some on, and money too.
pub(super) fn transfers(stage: &mut Stage, contracts: &Contracts) -> Result<(), Failure> {
    let count = stage.people.count();
    let share = SUPPLY / (2 * count as u128);
    let mut plans = Vec::new();
    for to in 1..count {
        let amount = 1 + stage.people.draw(&format!("share {to}"), share);
        plans.push(token_plan(stage, contracts, (0, to), amount));
    }
    let fund = 1 + share / 2;
    let body = contracts.token_transfer(contracts.voting, fund);
    stage.model.give(0, fund);
    plans.push(Plan::new(0, format!("gives {fund} tokens to the vote"), body));
    stage.block(plans)?;
    compare(stage, contracts)?;

    let mut plans = Vec::new();
    for from in 0..count {
        let to = (from + 1) % count;
        let amount = stage.people.draw(&format!("pass {from}"), stage.model.tokens[from] + 1);
        plans.push(token_plan(stage, contracts, (from, to), amount));
        let money = Amount::new(1 + stage.people.draw(&format!("money {from}"), 1_000));
        let (name, address) = named(stage, to);
        let body = Body::transfer(address, money);
        plans.push(Plan::new(from, format!("pays {money} to {name}"), body));
    }
    stage.block(plans)?;
    compare(stage, contracts)
}

/// A transfer of tokens, in the model too: it has to end as the model says.
fn token_plan(
    stage: &mut Stage,
    contracts: &Contracts,
    (from, to): (usize, usize),
    amount: u128,
) -> Plan {
    let (name, address) = named(stage, to);
    let succeeds = stage.model.transfer(from, to, amount);
    let expected = if succeeds { Status::Success } else { Status::Reverted };
    let body = contracts.token_transfer(address, amount);
    Plan::new(from, format!("transfers {amount} tokens to {name}"), body).ends(expected)
}

fn named(stage: &Stage, who: usize) -> (String, Address) {
    let person = stage.people.get(who);
    (person.name.clone(), person.address)
}

/// Bob tries to transfer more than he has, and everybody adds to the counter.
pub(super) fn overdraft_and_sums(stage: &mut Stage, contracts: &Contracts) -> Result<(), Failure> {
    let too_much = stage.model.tokens[1] + 1;
    let mut plans = vec![token_plan(stage, contracts, (1, 2), too_much)];
    plans.extend(add_plans(stage, contracts, "first"));
    stage.block(plans)?;
    let sum = stage.view(contracts.counter, "sum", Vec::new())?;
    let expected: u64 = stage.model.sums.iter().sum();
    expect("the sum of the counter", u64::from_bytes(&sum).ok(), expected)?;
    compare(stage, contracts)
}

/// Everybody adds something to the counter.
fn add_plans(stage: &mut Stage, contracts: &Contracts, round: &str) -> Vec<Plan> {
    let add = |who: usize| {
        let amount = 1 + stage.people.draw(&format!("sum {round} {who}"), 1_000) as u64;
        stage.model.sums[who] += amount;
        let body = Body::call(contracts.counter, "add", amount.to_le_bytes());
        Plan::new(who, format!("adds {amount} to the counter"), body)
    };
    (0..stage.people.count()).map(add).collect()
}

/// Alice proposes two payments: one that the fund has, and one that it has not.
pub(super) fn propose(stage: &mut Stage, contracts: &Contracts) -> Result<Proposals, Failure> {
    let payment = 1 + stage.people.draw("payment", stage.model.fund);
    let (name, bob) = named(stage, 1);
    let plan = |amount: u128, why: &str| {
        let arguments = pair(bob, amount);
        let action = (
            abi::Address::from(contracts.token),
            "transfer".to_owned(),
            abi::Bytes::from(&arguments[..]),
            0_u128,
            ACTION_GAS,
        );
        let proposal = (action, abi::Hash::new([0; 32])).to_bytes();
        let body = Body::call(contracts.voting, "propose", proposal);
        Plan::new(0, format!("proposes to pay {amount} tokens to {name}{why}"), body)
    };
    let plans = vec![plan(payment, ""), plan(SUPPLY, ", more than the fund has")];
    let played = stage.block(plans)?;
    let number = |at: usize| u64::from_bytes(&played.steps[at].receipt.output).ok();
    match (number(0), number(1)) {
        (Some(good), Some(bad)) => Ok(Proposals { good, bad, payment }),
        _ => Err(wrong("a proposal has no number")),
    }
}

/// Alice and Bob vote for both, Carol votes against them.
pub(super) fn vote(
    stage: &mut Stage,
    contracts: &Contracts,
    proposals: Proposals,
) -> Result<(), Failure> {
    let mut plans = Vec::new();
    for (number, what) in [(proposals.good, "payment"), (proposals.bad, "great payment")] {
        for (who, choice, word) in [(0, 1_u8, "for"), (1, 1, "for"), (2, 0, "against")] {
            let ballot = [&number.to_le_bytes()[..], &[choice]].concat();
            let body = Body::call(contracts.voting, "vote", ballot);
            plans.push(Plan::new(who, format!("votes {word} the {what}"), body));
        }
    }
    let number = proposals.good.to_le_bytes();
    let twice = Body::call(contracts.voting, "vote", [&number[..], &[1]].concat());
    plans.push(Plan::new(0, "votes once more", twice).ends(Status::Reverted));
    stage.block(plans)?;
    Ok(())
}

/// The proposals are queued and executed. The second fails in the token that it calls, and all
/// that was done on the way there is undone.
pub(super) fn execute_proposals(
    stage: &mut Stage,
    contracts: &Contracts,
    proposals: Proposals,
) -> Result<(), Failure> {
    let Proposals { good, bad, payment } = proposals;
    let call =
        |method: &str, number: u64| Body::call(contracts.voting, method, number.to_le_bytes());
    for _ in 1..PERIOD {
        stage.block(Vec::new())?;
    }
    let queue =
        |number, what: &str| Plan::new(2, format!("queues the {what}"), call("queue", number));
    stage.block(vec![queue(good, "payment"), queue(bad, "great payment")])?;
    for _ in 1..DELAY {
        stage.block(Vec::new())?;
    }
    let before = stage.view(contracts.voting, "status", bad.to_le_bytes().to_vec())?;
    let execute =
        |number, what: &str| Plan::new(2, format!("executes the {what}"), call("execute", number));
    let fails = execute(bad, "great payment").ends(Status::Reverted);
    stage.model.pay(1, payment);
    stage.block(vec![execute(good, "payment"), fails])?;
    let after = stage.view(contracts.voting, "status", bad.to_le_bytes().to_vec())?;
    if before != after {
        return Err(wrong("a proposal whose action failed does not stand where it stood"));
    }
    compare(stage, contracts)
}

/// Alice upgrades the counter: its one sum becomes a sum for each account.
pub(super) fn upgrade(stage: &mut Stage, contracts: &Contracts) -> Result<(), Failure> {
    let shares = stage.people.iter().map(|person| abi::Address::from(person.address));
    let shares: Vec<(abi::Address, u64)> = shares.zip(stage.model.sums.clone()).collect();
    let upgrade = |arguments: Vec<u8>| {
        Body::Upgrade(Upgrade::new(contracts.counter, contracts.code_hash(), arguments))
    };
    // One share is missing: the migration refuses, and version 1 stays.
    let short = upgrade(shares[1..].to_vec().to_bytes());
    let short = Plan::new(0, "upgrades the counter and forgets her own share", short);
    let stranger = Plan::new(1, "upgrades the counter, which is not his", upgrade(Vec::new()));
    let whole = Plan::new(0, "upgrades the counter to version 2", upgrade(shares.to_bytes()));
    let mut plans = vec![short.ends(Status::Reverted), stranger.ends(Status::NotAdmin), whole];
    plans.extend(add_plans(stage, contracts, "second"));
    stage.block(plans)?;
    for who in 0..stage.people.count() {
        let (name, address) = named(stage, who);
        let sum = stage.view(contracts.counter, "sum_of", address.as_bytes().to_vec())?;
        expect(&format!("the sum of {name}"), u64::from_bytes(&sum).ok(), stage.model.sums[who])?;
    }
    compare(stage, contracts)
}

/// Compares all balances of the token with the model's.
fn compare(stage: &mut Stage, contracts: &Contracts) -> Result<(), Failure> {
    let holders = stage.people.iter().map(|person| (person.name.clone(), person.address));
    let mut holders: Vec<(String, Address)> = holders.collect();
    holders.push(("the vote".to_owned(), contracts.voting));
    let mut expected = stage.model.tokens.clone();
    expected.push(stage.model.fund);
    for ((name, address), expected) in holders.into_iter().zip(expected) {
        let found = stage.view(contracts.token, "balance_of", address.as_bytes().to_vec())?;
        expect(&format!("the balance of {name}"), u128::from_bytes(&found).ok(), expected)?;
    }
    let supply = stage.view(contracts.token, "total_supply", Vec::new())?;
    expect("the total supply", u128::from_bytes(&supply).ok(), stage.model.supply())
}

fn expect<T: PartialEq + std::fmt::Display>(
    what: &str,
    found: Option<T>,
    expected: T,
) -> Result<(), Failure> {
    match found {
        Some(found) if found == expected => Ok(()),
        Some(found) => Err(wrong(format!("{what} is {found} and has to be {expected}"))),
        None => Err(wrong(format!("{what} is no number"))),
    }
}
