//! A chain for tests: accounts with keys that are the same in every run, and blocks over memory.

use dytallix::chain::{
    Block, BlockInfo, BlockResult, Body, Fee, Genesis, Policy, Protocol, ROTATION_TAG, Receipt,
    SIGNING_TAG, SignedTransaction, Transaction,
};
use dytallix::crypto::{Scheme, sha3_256};
use dytallix::state::Bytes;
use dytallix::{Address, Amount, MemoryStore, Runtime};
use ml_dsa::{MlDsa65, SigningKey};

pub(crate) const CHAIN: u64 = 7;
/// What every account has at the beginning.
pub(crate) const RICH: u128 = 1_000_000_000_000_000;
pub(crate) const PROPOSER: Address = Address::from_bytes([0xee; 32]);

/// An account with an ML-DSA-65 key.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) address: Address,
    pub(crate) public_key: Vec<u8>,
    /// The nonce of the next transaction.
    pub(crate) nonce: u64,
    secret: Box<SigningKey<MlDsa65>>,
}

impl Account {
    /// The account of that name.
    pub(crate) fn new(name: &str) -> Account {
        let seed = sha3_256(&[b"dytallix/tests/key/", name.as_bytes()].concat());
        let secret = Box::new(SigningKey::from_seed(&seed.into()));
        let public_key = secret.expanded_key().verifying_key().encode().to_vec();
        let address = Address::of_account(Scheme::MlDsa65.number(), &public_key);
        Account { address, public_key, nonce: 0, secret }
    }

    /// Signs bytes under a context.
    pub(crate) fn sign_bytes(&self, message: &[u8], context: &[u8]) -> Vec<u8> {
        let signature = self.secret.expanded_key().sign_deterministic(message, context);
        signature.expect("a short context").encode().to_vec()
    }

    /// Signs a transaction, whosoever it is.
    pub(crate) fn authenticate(&self, transaction: Transaction) -> SignedTransaction {
        let signature = self.sign_bytes(&transaction.signing_bytes(), SIGNING_TAG);
        transaction.signed(Scheme::MlDsa65, Some(&self.public_key), signature)
    }

    /// The same without the public key.
    pub(crate) fn authenticate_without_key(&self, transaction: Transaction) -> SignedTransaction {
        let signature = self.sign_bytes(&transaction.signing_bytes(), SIGNING_TAG);
        transaction.signed(Scheme::MlDsa65, None, signature)
    }

    /// The next transaction with that body, not signed.
    pub(crate) fn next(&mut self, body: Body) -> Transaction {
        let nonce = self.nonce;
        self.nonce += 1;
        Transaction::new(CHAIN, nonce, self.address, fee(), body)
    }

    /// The next transaction with that body, signed.
    pub(crate) fn send(&mut self, body: Body) -> SignedTransaction {
        let transaction = self.next(body);
        self.authenticate(transaction)
    }

    /// The body that lets the key of `other` sign for this account, with the next nonce.
    pub(crate) fn rotate_to(&self, other: &Account) -> Body {
        let scheme = Scheme::MlDsa65.number();
        let transaction =
            Transaction::new(CHAIN, self.nonce, self.address, fee(), Body::Batch(Vec::new()));
        let bytes = transaction.rotation_bytes(scheme, &other.public_key);
        let signature = other.sign_bytes(&bytes, ROTATION_TAG).into();
        Body::RotateKey { scheme, public_key: other.public_key.clone().into(), signature }
    }
}

/// A fee that pays for anything that tests do.
pub(crate) fn fee() -> Fee {
    Fee::new(20_000_000, Amount::new(1)).deposit_limit(Amount::new(10_000_000))
}

/// A genesis in which these accounts are rich.
pub(crate) fn genesis(accounts: &[&Account]) -> Genesis {
    let genesis = Genesis::new(CHAIN).protocol(Protocol::v1().policy(policy()));
    let rich =
        |genesis: Genesis, account: &&Account| genesis.balance(account.address, Amount::new(RICH));
    accounts.iter().fold(genesis, rich)
}

/// The policy of version 1, with a part of the fees for proposers.
pub(crate) fn policy() -> Policy {
    let mut policy = Policy::v1();
    policy.burn_basis_points = 7_000;
    policy.block_gas = u64::MAX;
    policy
}

/// A runtime over memory that begins with that genesis.
pub(crate) fn runtime(genesis: Genesis) -> Runtime<MemoryStore> {
    Runtime::builder().genesis(genesis).build(MemoryStore::new()).expect("a chain")
}

/// Executes transactions as one block and commits it.
pub(crate) fn commit(
    runtime: &mut Runtime<MemoryStore>,
    transactions: &[SignedTransaction],
) -> BlockResult {
    let height = runtime.height().expect("a chain").number() + 1;
    let mut block = runtime.block(BlockInfo::new(height * 1_000, PROPOSER)).expect("a block");
    for transaction in transactions {
        _ = block.execute(transaction).expect("no fault");
    }
    let finished = block.finish().expect("no fault");
    runtime.commit_block(finished).expect("durable")
}

/// Executes one transaction as a block.
pub(crate) fn run(runtime: &mut Runtime<MemoryStore>, transaction: &SignedTransaction) -> Receipt {
    let mut result = commit(runtime, core::slice::from_ref(transaction));
    result.receipts.remove(0)
}

/// The same, which has to succeed.
#[track_caller]
pub(crate) fn succeed(
    runtime: &mut Runtime<MemoryStore>,
    transaction: &SignedTransaction,
) -> Receipt {
    let receipt = run(runtime, transaction);
    assert!(receipt.is_success(), "{receipt:?}");
    receipt
}

/// Transactions as blocks carry them.
pub(crate) fn encoded(transactions: &[SignedTransaction]) -> Vec<Bytes> {
    transactions.iter().map(|transaction| transaction.encode().into()).collect()
}

/// All blocks of a chain.
pub(crate) fn blocks(runtime: &Runtime<MemoryStore>) -> Vec<Block> {
    let last = runtime.height().expect("a chain").number();
    let block = |height| runtime.block_at(dytallix::Height::new(height)).expect("memory");
    (1..=last).map(|height| block(height).expect("a block")).collect()
}
