//! Executing on several threads gives what one after the other gives.

use dytallix::chain::{
    AdminOperation, BlockInfo, Body, CodeSource, Deployment, SignedTransaction, Verified,
};
use dytallix::state::Bytes;
use dytallix::{Address, Amount, MemoryStore, Runtime, Status};
use proptest::prelude::*;

use crate::support::{Account, CHAIN, PROPOSER, encoded, genesis};

const TOKEN: &[u8] = include_bytes!("../../examples/wasm/basic_token.wasm");
const COUNTER: &[u8] = include_bytes!("../../examples/wasm/counter.wasm");

/// What a random transaction does.
#[derive(Clone, Debug)]
enum Do {
    /// Moves the chain's own value: from, to.
    Pay(usize, usize),
    /// Moves tokens: from, to.
    Token(usize, usize),
    /// Asks for more tokens than there are.
    TooMany(usize),
    /// Calls a method that is not there.
    Missing(usize),
    /// Two movements in one.
    Batch(usize, usize, usize),
    /// Makes a contract: who, with which salt.
    Deploy(usize, u8),
    /// Has its key kept.
    Register(usize),
    /// Adds one to the counter that everybody shares.
    Count(usize),
    /// A wrong nonce.
    Ahead(usize),
}

fn does() -> impl Strategy<Value = Do> {
    let who = 0..8_usize;
    prop_oneof![
        3 => (who.clone(), who.clone()).prop_map(|(a, b)| Do::Pay(a, b)),
        6 => (who.clone(), who.clone()).prop_map(|(a, b)| Do::Token(a, b)),
        1 => who.clone().prop_map(Do::TooMany),
        1 => who.clone().prop_map(Do::Missing),
        2 => (who.clone(), who.clone(), who.clone()).prop_map(|(a, b, c)| Do::Batch(a, b, c)),
        1 => (who.clone(), any::<u8>()).prop_map(|(a, salt)| Do::Deploy(a, salt)),
        1 => who.clone().prop_map(Do::Register),
        3 => who.clone().prop_map(Do::Count),
        1 => who.prop_map(Do::Ahead),
    ]
}

struct World {
    accounts: Vec<Account>,
    token: Address,
    counter: Address,
}

impl World {
    fn token_to(&self, to: usize, amount: u128) -> Body {
        let to = self.accounts[to].address;
        Body::call(self.token, "transfer", [&to.as_bytes()[..], &amount.to_le_bytes()].concat())
    }

    fn pay(&self, to: usize) -> Body {
        Body::transfer(self.accounts[to].address, Amount::new(3))
    }

    fn transaction(&mut self, step: &Do) -> SignedTransaction {
        let (who, body) = match *step {
            Do::Pay(from, to) => (from, self.pay(to)),
            Do::Token(from, to) => (from, self.token_to(to, 2)),
            Do::TooMany(from) => (from, self.token_to(0, u128::MAX)),
            Do::Missing(from) => (from, Body::call(self.token, "nothing", [])),
            Do::Batch(from, a, b) => (from, Body::Batch(vec![self.pay(a), self.token_to(b, 1)])),
            Do::Deploy(from, salt) => {
                let deployment = Deployment::new(CodeSource::Module(TOKEN.into()));
                let deployment = deployment.arguments(5_u128.to_le_bytes()).salt([salt; 32]);
                (from, Body::Deploy(deployment))
            }
            Do::Register(from) => (from, Body::Admin(AdminOperation::RegisterKey)),
            Do::Count(from) => (from, Body::call(self.counter, "add", 1_u64.to_le_bytes())),
            Do::Ahead(from) => {
                let mut late = self.accounts[from].clone();
                late.nonce += 5;
                return late.send(self.pay(0));
            }
        };
        let account = &mut self.accounts[who];
        account.send(body)
    }
}

/// A chain in which everybody has tokens, and the transactions that made it.
fn prepare() -> (World, Vec<Bytes>, dytallix::chain::Genesis) {
    let accounts: Vec<Account> = (0..8).map(|n| Account::new(&format!("account {n}"))).collect();
    let genesis = genesis(&accounts.iter().collect::<Vec<_>>());
    let deploy = |code: &[u8], arguments: Vec<u8>| {
        Deployment::new(CodeSource::Module(code.into())).arguments(arguments)
    };
    let token = deploy(TOKEN, 1_000_000_u128.to_le_bytes().to_vec());
    let counter = deploy(COUNTER, 0_u64.to_le_bytes().to_vec());
    let owner = accounts[0].address;
    let (at, counter_at) = (token.address(&owner), counter.address(&owner));
    let mut world = World { accounts, token: at, counter: counter_at };
    let mut transactions = vec![
        world.accounts[0].send(Body::Deploy(token)),
        world.accounts[0].send(Body::Deploy(counter)),
    ];
    for to in 1..8 {
        let body = world.token_to(to, 10_000);
        transactions.push(world.accounts[0].send(body));
    }
    (world, encoded(&transactions), genesis)
}

fn chain(genesis: &dytallix::chain::Genesis, threads: usize) -> Runtime<MemoryStore> {
    let builder = Runtime::builder().genesis(genesis.clone()).threads(threads);
    builder.build(MemoryStore::new()).expect("a chain")
}

/// Executes as one block; the receipts' statuses.
fn execute(runtime: &mut Runtime<MemoryStore>, transactions: &[Bytes]) -> Vec<Status> {
    let height = runtime.height().expect("a chain").number() + 1;
    let mut block = runtime.block(BlockInfo::new(height, PROPOSER)).expect("a block");
    let receipts = block.execute_all(transactions).expect("no fault");
    let statuses = receipts.iter().map(|receipt| receipt.status).collect();
    let finished = block.finish().expect("no fault");
    runtime.commit_block(finished).expect("memory");
    statuses
}

/// The same, with signatures that were looked at before.
fn execute_verified(runtime: &mut Runtime<MemoryStore>, transactions: &[Bytes]) -> Vec<Status> {
    let verified = Verified::new(transactions.to_vec(), 2);
    let height = runtime.height().expect("a chain").number() + 1;
    let mut block = runtime.block(BlockInfo::new(height, PROPOSER)).expect("a block");
    let receipts = block.execute_verified(&verified).expect("no fault");
    let statuses = receipts.iter().map(|receipt| receipt.status).collect();
    let finished = block.finish().expect("no fault");
    runtime.commit_block(finished).expect("memory");
    statuses
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn threads_change_no_byte(steps in proptest::collection::vec(does(), 1..160)) {
        let (mut world, setup, genesis) = prepare();
        let transactions: Vec<SignedTransaction> =
            steps.iter().map(|step| world.transaction(step)).collect();
        let transactions = encoded(&transactions);
        let mut serial = chain(&genesis, 1);
        let setup_statuses = execute(&mut serial, &setup);
        prop_assert!(setup_statuses.iter().all(|status| status.is_success()), "{:?}", setup_statuses);
        let expected = execute(&mut serial, &transactions);
        for threads in [2, 3] {
            let mut parallel = chain(&genesis, threads);
            prop_assert_eq!(&execute(&mut parallel, &setup), &setup_statuses);
            prop_assert_eq!(&execute_verified(&mut parallel, &transactions), &expected);
            prop_assert_eq!(parallel.state().root(), serial.state().root());
            prop_assert_eq!(parallel.app_hash(), serial.app_hash());
        }
    }
}

#[test]
fn blocks_without_conflicts_and_of_conflicts_alone_come_out_the_same() {
    let (mut world, setup, genesis) = prepare();
    let disjoint: Vec<Do> = (0..40).map(|n| Do::Token(n % 8, n % 8)).collect();
    let conflicts: Vec<Do> = (0..40).map(|n| Do::Count(n % 8)).collect();
    let blocks = [disjoint, conflicts].map(|steps| {
        let transactions: Vec<_> = steps.iter().map(|step| world.transaction(step)).collect();
        encoded(&transactions)
    });
    let (mut serial, mut parallel) = (chain(&genesis, 1), chain(&genesis, 2));
    for transactions in [&setup, &blocks[0], &blocks[1]] {
        let statuses = execute(&mut serial, transactions);
        assert!(statuses.iter().all(|status| status.is_success()), "{statuses:?}");
        assert_eq!(execute(&mut parallel, transactions), statuses);
        assert_eq!(parallel.app_hash(), serial.app_hash());
    }
    assert_eq!(serial.chain_id(), CHAIN);
}
