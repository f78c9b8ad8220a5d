//! A complete chain in a hundred lines of code: genesis, keys, mempool, blocks, a token that is
//! deployed and called, receipts, a restart, a proof, and a replay from the genesis.
//!
//! Run it with `cargo run --example mini_chain`. It is no contract: `build.sh` leaves it alone.

use std::collections::VecDeque;
use std::error::Error;
use std::path::Path;

use dytallix::chain::{
    Block, BlockInfo, Body, CodeSource, Deployment, Fee, Genesis, SIGNING_TAG, Transaction,
};
use dytallix::crypto::Scheme;
use dytallix::state::{Bytes, DiskOptions, StateKey, StateRow};
use dytallix::{Address, Amount, Call, DiskStore, Height, MemoryStore, Runtime};
use ml_dsa::{MlDsa65, SigningKey};

const CHAIN_ID: u64 = 2_026;
const TOKEN: &[u8] = include_bytes!("wasm/basic_token.wasm");
/// Who proposes the blocks, and gets the tips.
const PROPOSER: Address = Address::from_bytes([0xee; 32]);

/// An account: a key, and how many transactions it has signed.
struct Account {
    secret: Box<SigningKey<MlDsa65>>,
    public_key: Vec<u8>,
    address: Address,
    nonce: u64,
}

impl Account {
    /// The account of that seed. A wallet takes 32 bytes of randomness and keeps them to itself.
    fn new(seed: u8) -> Account {
        let secret = Box::new(SigningKey::<MlDsa65>::from_seed(&[seed; 32].into()));
        let public_key = secret.expanded_key().verifying_key().encode().to_vec();
        let address = Address::of_account(Scheme::MlDsa65.number(), &public_key);
        Account { secret, public_key, address, nonce: 0 }
    }

    /// The next transaction of this account with that body, signed and encoded.
    fn send(&mut self, body: Body) -> Result<Bytes, Box<dyn Error>> {
        let fee = Fee::new(20_000_000, Amount::new(1)).tip(Amount::new(1));
        let fee = fee.deposit_limit(Amount::new(1_000_000));
        let transaction = Transaction::new(CHAIN_ID, self.nonce, self.address, fee, body);
        self.nonce += 1;
        let key = self.secret.expanded_key();
        let signature = key.sign_deterministic(&transaction.signing_bytes(), SIGNING_TAG);
        let signature = signature.map_err(|_| "the context is too long")?.encode().to_vec();
        let signed = transaction.signed(Scheme::MlDsa65, Some(&self.public_key), signature);
        Ok(signed.encode().into())
    }
}

/// Makes a block of what is waiting and commits it. What is refused is dropped, and told of.
fn make_block(
    chain: &mut Runtime<DiskStore>,
    mempool: &mut VecDeque<Bytes>,
) -> Result<Block, Box<dyn Error>> {
    let next = chain.height().ok_or("no chain")?.number() + 1;
    // A second a block: the time is the proposer's to say, and no clock is read below here.
    let mut open = chain.block(BlockInfo::new(next * 1_000, PROPOSER))?;
    for waiting in mempool.drain(..) {
        if let Err(status) = open.offer(waiting)? {
            println!("block {next}: refused, {status:?}");
        }
    }
    let finished = open.finish()?;
    let block = finished.block();
    let result = chain.commit_block(finished)?;
    for receipt in &result.receipts {
        let (gas, events) = (receipt.gas_used, receipt.events.len());
        println!("block {next}: {:?}, {gas} gas, {events} events", receipt.status);
    }
    Ok(block)
}

/// What the token says that an account has.
fn tokens_of(
    chain: &mut Runtime<DiskStore>,
    token: Address,
    owner: &Address,
) -> Result<u128, Box<dyn Error>> {
    let call = Call::new(*owner, token, "balance_of", 1_000_000).arguments(*owner.as_bytes());
    let next = chain.height().ok_or("no chain")?.number() + 1;
    let receipt = chain.block(BlockInfo::new(next * 1_000, PROPOSER))?.view(&call)?;
    Ok(u128::from_le_bytes(receipt.output[..].try_into()?))
}

fn open(folder: &Path, genesis: &Genesis) -> Result<Runtime<DiskStore>, Box<dyn Error>> {
    let store = DiskStore::open(folder.join("chain.redb"), &DiskOptions::default())?;
    // Signatures and independent calls on two threads; the bytes are the same with any number.
    Ok(Runtime::builder().genesis(genesis.clone()).threads(2).build(store)?)
}

fn run(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (mut alice, bob) = (Account::new(1), Account::new(2));
    let genesis = Genesis::new(CHAIN_ID).balance(alice.address, Amount::new(1_000_000_000_000));
    let mut chain = open(folder, &genesis)?;
    let mut mempool = VecDeque::new();

    // Block 1: a token of a million, all of them Alice's. Its address is known before it is there.
    let deployment = Deployment::new(CodeSource::Module(TOKEN.into()));
    let deployment = deployment.arguments(1_000_000_u128.to_le_bytes());
    let token = deployment.address(&alice.address);
    mempool.push_back(alice.send(Body::Deploy(deployment))?);
    let mut blocks = vec![make_block(&mut chain, &mut mempool)?];

    // Block 2: some for Bob, and more than there are, which reverts and is paid for all the same.
    for amount in [300_u128, u128::MAX] {
        let arguments = [&bob.address.as_bytes()[..], &amount.to_le_bytes()].concat();
        mempool.push_back(alice.send(Body::call(token, "transfer", arguments))?);
    }
    // The first of them once more: a replay, which is refused.
    mempool.push_back(mempool[0].clone());
    blocks.push(make_block(&mut chain, &mut mempool)?);

    // A restart: the runtime is gone, the file is not.
    drop(chain);
    let mut chain = open(folder, &genesis)?;
    assert_eq!(chain.height(), Some(Height::new(2)));
    assert_eq!(tokens_of(&mut chain, token, &bob.address)?, 300);

    // A proof of Alice's account. Whoever trusts the root needs neither the chain nor us.
    let head = Height::new(2);
    let proved = chain.state_mut().prove(head, StateKey::Account(&alice.address))?;
    let row = proved.value.as_deref().ok_or("Alice has an account")?;
    proved.proof.verify_inclusion(&proved.root, &proved.key, row)?;
    let StateRow::Account(_, account) = StateRow::decode(&proved.key, row)? else {
        return Err("another row than that of an account".into());
    };
    assert_eq!(account.nonce.number(), 3);

    // A replay: blocks as they would come from others, over an empty store.
    let mut other = Runtime::builder().genesis(genesis).build(MemoryStore::new())?;
    for block in &blocks {
        let finished = other.execute_block(block)?;
        other.commit_block(finished)?;
    }
    assert_eq!(other.app_hash(), chain.app_hash());
    println!("replayed to {}", chain.app_hash().ok_or("no chain")?);
    Ok(())
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    run(tempfile::tempdir()?.path())
}
