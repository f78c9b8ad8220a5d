//! A chain from its genesis on.

use dytallix::chain::{Body, CodeSource, Deployment, batch_results};
use dytallix::state::{State, View};
use dytallix::{Address, Amount, MemoryStore, Status};

use crate::support::{Account, RICH, commit, genesis, run, runtime, succeed};

const TOKEN: &[u8] = include_bytes!("../../examples/wasm/basic_token.wasm");

pub(crate) fn balance(state: &State<MemoryStore>, address: &Address) -> u128 {
    let account = View::account(state, address).expect("memory");
    account.map_or(0, |account| account.balance.units())
}

fn deployment(supply: u128) -> Body {
    let code = CodeSource::Module(TOKEN.into());
    Body::Deploy(Deployment::new(code).arguments(supply.to_le_bytes()))
}

#[test]
fn value_moves_and_the_fee_is_paid() {
    let (mut alice, bob) = (Account::new("alice"), Account::new("bob"));
    let mut runtime = runtime(genesis(&[&alice]));
    let receipt = succeed(&mut runtime, &alice.send(Body::transfer(bob.address, Amount::new(5))));
    assert_eq!(balance(runtime.state(), &bob.address), 5);
    assert_eq!(receipt.gas.total(), receipt.gas_used);
    assert_eq!(receipt.fee, Amount::new(receipt.gas_used.into()));
    let left = RICH - 5 - receipt.fee.units();
    assert_eq!(balance(runtime.state(), &alice.address), left);
}

#[test]
fn a_token_is_deployed_and_called_in_blocks() {
    let (mut alice, bob) = (Account::new("alice"), Account::new("bob"));
    let mut runtime = runtime(genesis(&[&alice]));
    let deployed = succeed(&mut runtime, &alice.send(deployment(1_000)));
    let token = deployed.contract.expect("a contract");
    let arguments = [&bob.address.as_bytes()[..], &7_u128.to_le_bytes()].concat();
    let transfer = Body::call(token, "transfer", arguments);
    let receipt = succeed(&mut runtime, &alice.send(transfer));
    assert_eq!(receipt.events.len(), 1);
    for (part, gas) in receipt.gas.parts() {
        assert!(gas > 0 || part == "memory", "{part}: {:?}", receipt.gas);
    }
    let deposit = View::account(runtime.state(), &token).expect("memory").expect("there");
    let info = deposit.contract.expect("a contract");
    let expected = 100 * u128::from(info.usage.items) + u128::from(info.usage.bytes);
    assert_eq!(info.deposit.units(), expected);
}

#[test]
fn a_failing_transaction_pays_and_changes_nothing_else() {
    let mut alice = Account::new("alice");
    let mut runtime = runtime(genesis(&[&alice]));
    let nobody = Address::from_bytes([9; 32]);
    let receipt = run(&mut runtime, &alice.send(Body::call(nobody, "method", [])));
    assert_eq!(receipt.status, Status::NotFound);
    assert!(receipt.fee > Amount::ZERO);
    let left = RICH - receipt.fee.units();
    assert_eq!(balance(runtime.state(), &alice.address), left);
    // The nonce was used.
    _ = succeed(&mut runtime, &alice.send(Body::transfer(nobody, Amount::new(1))));
}

#[test]
fn a_batch_is_all_or_nothing_and_lists_its_results() {
    let (mut alice, bob) = (Account::new("alice"), Account::new("bob"));
    let mut runtime = runtime(genesis(&[&alice]));
    let to_bob = |value| Body::transfer(bob.address, Amount::new(value));
    let bodies = vec![to_bob(1), deployment(5), to_bob(2)];
    let receipt = succeed(&mut runtime, &alice.send(Body::Batch(bodies)));
    let results = batch_results(&receipt.output).expect("results");
    assert_eq!(results.len(), 3);
    assert_eq!(results[1].contract, receipt.contract);
    assert_eq!(balance(runtime.state(), &bob.address), 3);

    let bodies = vec![to_bob(1), deployment(5), to_bob(2)];
    let receipt = run(&mut runtime, &alice.send(Body::Batch(bodies)));
    assert_eq!(receipt.status, Status::AddressTaken);
    let results = batch_results(&receipt.output).expect("results");
    let statuses: Vec<Status> = results.iter().map(|result| result.status).collect();
    assert_eq!(statuses, [Status::Success, Status::AddressTaken]);
    assert_eq!(balance(runtime.state(), &bob.address), 3);
}

#[test]
fn replay_from_genesis_gives_the_same_roots() {
    let (mut alice, bob) = (Account::new("alice"), Account::new("bob"));
    let mut first = runtime(genesis(&[&alice]));
    commit(&mut first, &[alice.send(deployment(1_000))]);
    commit(&mut first, &[]);
    let both = [deployment(7), Body::transfer(bob.address, Amount::new(3))];
    commit(&mut first, &both.map(|body| alice.send(body)));
    let mut second = runtime(genesis(&[&alice]));
    for block in crate::support::blocks(&first) {
        let finished = second.execute_block(&block).expect("the next block");
        second.commit_block(finished).expect("memory");
    }
    assert_eq!(first.app_hash(), second.app_hash());
    assert_eq!(first.state().root(), second.state().root());
}
