//! Who governs, and that going round it is refused.

use dytallix::abi::Encode;
use dytallix::chain::{
    AdminOperation, Body, Change, CodeSource, Command, Deployment, Governor, Parameters, Pauses,
    Protocol,
};
use dytallix::gas::GasClass;
use dytallix::host::system_address;
use dytallix::{Address, Amount, Height, MemoryStore, Runtime, Status};

use crate::support::{Account, commit, genesis, policy, run, runtime, succeed};

const VOTING: &[u8] = include_bytes!("../../examples/wasm/voting.wasm");
const TOKEN: &[u8] = include_bytes!("../../examples/wasm/basic_token.wasm");
/// What an action of a proposal gets.
const ACTION_GAS: u64 = 1_000_000;
const PERIOD: u64 = 3;
const DELAY: u64 = 2;

fn protocol() -> Protocol {
    Protocol::v1().policy(policy())
}

/// The protocol with dearer additions.
fn dearer() -> Protocol {
    let mut schedule = protocol().schedule;
    schedule.classes[GasClass::IntSimple as usize] += 3;
    protocol().schedule(schedule)
}

fn govern(command: &Command) -> Body {
    Body::Admin(AdminOperation::Govern(command.clone()))
}

fn governed_by(governor: Governor, accounts: &[&Account]) -> Runtime<MemoryStore> {
    runtime(genesis(accounts).parameters(Parameters::governed_by(governor)))
}

/// A chain that a voting contract governs, whose one member is alice; with the contract, and a
/// token of which the contract owns all.
fn voted() -> (Runtime<MemoryStore>, Account, Address, Address) {
    let mut alice = Account::new("alice");
    let members = vec![(alice.address.into(), 10_u128)] as Vec<(dytallix::abi::Address, u128)>;
    let rules = (1_u128, 1_u128, PERIOD, DELAY, 20_u64);
    let deployment = Deployment::new(CodeSource::Module(VOTING.into()));
    let deployment = deployment.arguments((members, rules).to_bytes());
    let voting = deployment.address(&alice.address);
    let mut runtime = governed_by(Governor::Account(voting), &[&alice]);
    let made = succeed(&mut runtime, &alice.send(Body::Deploy(deployment)));
    assert_eq!(made.contract, Some(voting));
    let token = Deployment::new(CodeSource::Module(TOKEN.into())).arguments(500_u128.to_le_bytes());
    let token = succeed(&mut runtime, &alice.send(Body::Deploy(token)));
    let token = token.contract.expect("a contract");
    let arguments = [&voting.as_bytes()[..], &500_u128.to_le_bytes()].concat();
    _ = succeed(&mut runtime, &alice.send(Body::call(token, "transfer", arguments)));
    (runtime, alice, voting, token)
}

/// Proposes, votes, waits, queues and waits until the proposal can be executed.
fn pass(
    runtime: &mut Runtime<MemoryStore>,
    alice: &mut Account,
    voting: Address,
    action: (Address, &str, Vec<u8>),
) -> u64 {
    let (target, method, arguments) = action;
    let action = (
        dytallix::abi::Address::from(target),
        method.to_owned(),
        dytallix::abi::Bytes::from(&arguments[..]),
        0_u128,
        ACTION_GAS,
    );
    let propose = (action, dytallix::abi::Hash::new([0; 32])).to_bytes();
    let receipt = succeed(runtime, &alice.send(Body::call(voting, "propose", propose)));
    let number = u64::from_le_bytes(receipt.output[..].try_into().expect("a number"));
    let yes = [&number.to_le_bytes()[..], &[1]].concat();
    _ = succeed(runtime, &alice.send(Body::call(voting, "vote", yes)));
    (0..PERIOD).for_each(|_| _ = commit(runtime, &[]));
    let queue = Body::call(voting, "queue", number.to_le_bytes());
    _ = succeed(runtime, &alice.send(queue));
    (0..DELAY).for_each(|_| _ = commit(runtime, &[]));
    number
}

fn execute(voting: Address, number: u64) -> Body {
    Body::call(voting, "execute", number.to_le_bytes())
}

fn protocol_of(runtime: &mut Runtime<MemoryStore>) -> dytallix::Hash {
    commit(runtime, &[]).header.protocol
}

#[test]
fn a_vote_changes_the_gas_schedule_at_a_height() {
    let (mut runtime, mut alice, voting, token) = voted();
    let at = Height::new(runtime.height().expect("a chain").number() + 20);
    let command = Command::new(at, Change::Protocol(Box::new(dearer())));
    let action = (system_address(), "govern", command.encode());
    let number = pass(&mut runtime, &mut alice, voting, action);
    _ = succeed(&mut runtime, &alice.send(execute(voting, number)));

    let call = |alice: &mut Account| alice.send(Body::call(token, "balance_of", [0; 32]));
    let before = succeed(&mut runtime, &call(&mut alice));
    let (old, new) = (protocol().id(), dearer().id());
    while runtime.height().expect("a chain").number() + 1 < at.number() {
        assert_eq!(protocol_of(&mut runtime), old);
    }
    let result = commit(&mut runtime, &[call(&mut alice)]);
    assert_eq!((result.header.height, result.header.protocol), (at, new));
    assert_eq!(result.governed, [command]);
    assert!(result.receipts[0].gas.compute > before.gas.compute);
    assert_eq!(protocol_of(&mut runtime), new);
    // Blocks from before the change come under the protocol of then.
    let mut second = governed_by(Governor::Account(voting), &[&Account::new("alice")]);
    for block in crate::support::blocks(&runtime) {
        let finished = second.execute_block(&block).expect("the next block");
        second.commit_block(finished).expect("memory");
    }
    assert_eq!(second.app_hash(), runtime.app_hash());
}

#[test]
fn a_vote_moves_a_fund() {
    let (mut runtime, mut alice, voting, token) = voted();
    let arguments = [&alice.address.as_bytes()[..], &123_u128.to_le_bytes()].concat();
    let number = pass(&mut runtime, &mut alice, voting, (token, "transfer", arguments));
    _ = succeed(&mut runtime, &alice.send(execute(voting, number)));
    let balance = Body::call(token, "balance_of", alice.address.as_bytes().to_vec());
    let receipt = succeed(&mut runtime, &alice.send(balance));
    assert_eq!(receipt.output, 123_u128.to_le_bytes());
}

#[test]
fn going_round_the_vote_is_refused() {
    let (mut runtime, mut alice, voting, _) = voted();
    let at = Height::new(100);
    let command = Command::new(at, Change::Governor(Governor::Account(alice.address)));
    // By a transaction, by a call of the system contract, and before the vote is over.
    let receipt = run(&mut runtime, &alice.send(govern(&command)));
    assert_eq!(receipt.status, Status::NotGovernor);
    let direct = Body::call(system_address(), "govern", command.encode());
    let receipt = run(&mut runtime, &alice.send(direct));
    assert_eq!(receipt.status, Status::Reverted);
    assert_eq!(receipt.output, Status::NotGovernor.code().to_le_bytes());
    let action = (system_address(), "govern", command.encode());
    let number = pass(&mut runtime, &mut alice, voting, action);
    let early = run(&mut runtime, &alice.send(execute(voting, number + 1)));
    assert_eq!(early.status, Status::Reverted);
    // What does not decode, and what is too late, is refused by the chain itself.
    for arguments in [vec![], Command::new(Height::new(1), command.change).encode()] {
        let action = (system_address(), "govern", arguments);
        let number = pass(&mut runtime, &mut alice, voting, action);
        let receipt = run(&mut runtime, &alice.send(execute(voting, number)));
        assert_eq!(receipt.status, Status::Reverted);
    }
    _ = commit(&mut runtime, &[]);
    let receipt = run(&mut runtime, &alice.send(Body::call(system_address(), "other", [])));
    assert_eq!(receipt.status, Status::NotFound);
}

#[test]
fn a_key_that_governs_changes_schemes_pauses_and_the_governor() {
    let (mut alice, mut bob) = (Account::new("alice"), Account::new("bob"));
    let mut runtime = governed_by(Governor::Account(alice.address), &[&alice, &bob]);
    let token = Deployment::new(CodeSource::Module(TOKEN.into())).arguments(500_u128.to_le_bytes());
    let token = succeed(&mut runtime, &alice.send(Body::Deploy(token)));
    let token = token.contract.expect("a contract");
    let call = || Body::call(token, "balance_of", [0; 32]);
    let next = |runtime: &Runtime<MemoryStore>| {
        Height::new(runtime.height().expect("a chain").number() + 2)
    };
    // Paused: first the contract alone, then everything.
    let command = Command::new(next(&runtime), Change::Pauses(Pauses::contracts(vec![token])));
    _ = succeed(&mut runtime, &alice.send(govern(&command)));
    assert_eq!(run(&mut runtime, &bob.send(call())).status, Status::Paused);
    let pay = Body::transfer(alice.address, Amount::new(1));
    _ = succeed(&mut runtime, &bob.send(pay.clone()));
    let mut all = Pauses::default();
    (all.deployments, all.calls) = (true, true);
    let command = Command::new(next(&runtime), Change::Pauses(all));
    _ = succeed(&mut runtime, &alice.send(govern(&command)));
    assert_eq!(run(&mut runtime, &bob.send(call())).status, Status::Paused);
    let upload = Body::Upload { code: TOKEN.into() };
    assert_eq!(run(&mut runtime, &bob.send(upload)).status, Status::Paused);
    let command = Command::new(next(&runtime), Change::Pauses(Pauses::default()));
    _ = succeed(&mut runtime, &alice.send(govern(&command)));
    _ = succeed(&mut runtime, &bob.send(call()));
    // A new governor; the old one is none any more.
    let command = Command::new(next(&runtime), Change::Governor(Governor::Account(bob.address)));
    _ = succeed(&mut runtime, &alice.send(govern(&command)));
    let command = Command::new(next(&runtime), Change::Schemes(vec![3]));
    let receipt = run(&mut runtime, &alice.send(govern(&command)));
    assert_eq!(receipt.status, Status::NotGovernor);
    let command = Command::new(next(&runtime), Change::Schemes(vec![3]));
    _ = succeed(&mut runtime, &bob.send(govern(&command)));
    let receipt = run(&mut runtime, &bob.send(pay));
    assert_eq!(receipt.status, Status::SchemeNotAdmitted);
}

#[test]
fn a_threshold_governs_together_only() {
    let mut people: Vec<Account> = ["a", "b", "c", "d"].into_iter().map(Account::new).collect();
    let three = people[..3].iter().map(|account| account.address).collect();
    let governor = Governor::threshold(2, three).expect("a threshold");
    let mut runtime = governed_by(governor, &people.iter().collect::<Vec<_>>());
    let command = Command::new(Height::new(9), Change::Protocol(Box::new(dearer())));
    let approve = || Body::Admin(AdminOperation::ApproveCommand { command: command.hash() });
    let alone = run(&mut runtime, &people[0].send(govern(&command)));
    assert_eq!(alone.status, Status::TooFewApprovals);
    assert_eq!(run(&mut runtime, &people[3].send(approve())).status, Status::NotGovernor);
    _ = succeed(&mut runtime, &people[1].send(approve()));
    let own = people[1].send(govern(&command));
    assert_eq!(
        run(&mut runtime, &own).status,
        Status::TooFewApprovals,
        "its own does not count twice"
    );
    assert_eq!(run(&mut runtime, &people[3].send(govern(&command))).status, Status::NotGovernor);
    _ = succeed(&mut runtime, &people[0].send(govern(&command)));
    // The approval was used up.
    let again = run(&mut runtime, &people[0].send(govern(&command)));
    assert_eq!(again.status, Status::TooFewApprovals);
    while runtime.height() < Some(Height::new(8)) {
        assert_eq!(protocol_of(&mut runtime), protocol().id());
    }
    assert_eq!(protocol_of(&mut runtime), dearer().id());
}

#[test]
fn code_that_a_new_protocol_does_not_admit_fails_its_calls_with_a_status() {
    let mut alice = Account::new("alice");
    let mut runtime = governed_by(Governor::Account(alice.address), &[&alice]);
    let token = Deployment::new(CodeSource::Module(TOKEN.into())).arguments(500_u128.to_le_bytes());
    let token = succeed(&mut runtime, &alice.send(Body::Deploy(token)));
    let token = token.contract.expect("a contract");
    let call = || Body::call(token, "balance_of", [0; 32]);
    _ = succeed(&mut runtime, &alice.send(call()));
    let mut smaller = protocol();
    smaller.limits.module_bytes = 1_000;
    let change = Change::Protocol(Box::new(smaller));
    let command = Command::new(Height::new(4), change);
    _ = succeed(&mut runtime, &alice.send(govern(&command)));
    let receipt = run(&mut runtime, &alice.send(call()));
    assert_eq!(receipt.status, Status::CodeInadmissible);
    assert!(receipt.fee > Amount::ZERO);
}
