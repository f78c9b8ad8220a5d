//! A chain with many accounts and a token, and signed calls of it.

use super::Options;
use crate::Error;
use dytallix::chain::{
    BlockInfo, Body, CodeSource, Deployment, Fee, Genesis, SIGNING_TAG, SignedTransaction,
    Transaction, Verified,
};
use dytallix::crypto::{Scheme, sha3_256};
use dytallix::state::Bytes;
use dytallix::{Address, Amount, DiskStore, Runtime};
use ml_dsa::{MlDsa65, SigningKey};
use std::time::{Duration, Instant};

const CHAIN: u64 = 7;
const RICH: u128 = 1 << 80;
const PROPOSER: Address = Address::from_bytes([0xee; 32]);

/// A chain with a token of which every account has some.
pub(super) struct World {
    runtime: Runtime<DiskStore>,
    token: Address,
    /// The number of the next account that signs for the first time.
    next: u64,
    time_ms: u64,
    /// Keeps the file until the end.
    _file: TempFile,
}

/// A file that is removed at the end.
struct TempFile(std::path::PathBuf);

impl Drop for TempFile {
    fn drop(&mut self) {
        // Nothing can be done where it is gone already.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The key of an account.
fn key(number: u64) -> Box<SigningKey<MlDsa65>> {
    let seed = sha3_256(&[&b"dytallix/benches/"[..], &number.to_le_bytes()].concat());
    Box::new(SigningKey::from_seed(&seed.into()))
}

fn fee() -> Fee {
    Fee::new(5_000_000, Amount::new(1)).deposit_limit(Amount::new(1 << 40))
}

impl World {
    /// Makes the chain: accounts with keys for what will be signed, and others without.
    ///
    /// # Errors
    /// Where the contract is not there, or the store fails.
    pub(super) fn new(options: &Options) -> Result<World, Error> {
        let path = options.dir.join(format!("bench-chain-{}.redb", std::process::id()));
        let file = TempFile(path);
        let _ = std::fs::remove_file(&file.0);
        let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/wasm");
        let code = std::fs::read(examples.join(format!("{}.wasm", options.contract)))?;
        let mut genesis = Genesis::new(CHAIN);
        genesis.protocol.policy.block_gas = u64::MAX;
        genesis.protocol.policy.block_bytes = u32::MAX;
        let signers = 2 * options.blocks * options.calls + 1;
        for number in 0..signers {
            genesis = genesis.balance(address(&key(number)), Amount::new(RICH));
        }
        for number in signers..options.accounts {
            let account = Address::from_bytes(sha3_256(&number.to_le_bytes()));
            genesis = genesis.balance(account, Amount::new(RICH));
        }
        let store = DiskStore::open(&file.0, &dytallix::state::DiskOptions::default())?;
        let builder = Runtime::builder().genesis(genesis).threads(options.threads);
        let mut runtime = builder.build(store)?;
        let deployment = Deployment::new(CodeSource::Module(code.into()));
        let deployment = deployment.arguments(u128::MAX.to_le_bytes());
        let token = deployment.address(&address(&key(0)));
        let mut nonce = 0;
        let mut send = |body: Body| {
            let signed = sign(&key(0), nonce, body);
            nonce += 1;
            signed
        };
        let mut time_ms = 1;
        let first = vec![send(Body::Deploy(deployment))];
        commit(&mut runtime, first, &mut time_ms)?;
        // Tokens for every signer, so that transfers are from accounts that have some.
        let mut handed = 1;
        while handed < signers {
            let mut batch = Vec::new();
            while batch.len() < 100 && handed < signers {
                let bodies = (handed..signers.min(handed + 40))
                    .map(|number| transfer(token, &address(&key(number)), 1 << 40));
                let bodies: Vec<Body> = bodies.collect();
                handed += bodies.len() as u64;
                batch.push(send(Body::Batch(bodies)));
            }
            commit(&mut runtime, batch, &mut time_ms)?;
        }
        Ok(World { runtime, token, next: 1, time_ms, _file: file })
    }

    /// Signed calls from accounts that have sent nothing before.
    pub(super) fn next_block(&mut self, calls: u64) -> Vec<Bytes> {
        let numbers = self.next..self.next + calls;
        self.next += calls;
        let call = |number| {
            // To itself and its like: an account that has tokens, and that no other call touches.
            let key = key(number);
            let to = address(&key);
            sign(&key, 0, transfer(self.token, &to, 3)).encode().into()
        };
        numbers.map(call).collect()
    }

    /// Executes and commits a block: how long each took.
    ///
    /// # Errors
    /// Where a call fails.
    pub(super) fn run(&mut self, verified: &Verified) -> Result<(Duration, Duration), Error> {
        let start = Instant::now();
        self.time_ms += 1;
        let mut block = self.runtime.block(BlockInfo::new(self.time_ms, PROPOSER))?;
        let receipts = block.execute_verified(verified)?;
        for receipt in receipts {
            if !receipt.is_success() || receipt.events.is_empty() {
                return Err(format!("a call failed: {receipt:?}").into());
            }
        }
        let finished = block.finish()?;
        let execute = start.elapsed();
        let start = Instant::now();
        let result = self.runtime.commit_block(finished)?;
        assert_eq!(result.receipts.len(), verified.transactions().len());
        Ok((execute, start.elapsed()))
    }
}

fn address(key: &SigningKey<MlDsa65>) -> Address {
    let public_key = key.expanded_key().verifying_key().encode();
    Address::of_account(Scheme::MlDsa65.number(), &public_key)
}

fn transfer(token: Address, to: &Address, amount: u128) -> Body {
    Body::call(token, "transfer", [&to.as_bytes()[..], &amount.to_le_bytes()].concat())
}

fn sign(key: &SigningKey<MlDsa65>, nonce: u64, body: Body) -> SignedTransaction {
    let fee = match &body {
        Body::Call { .. } => fee(),
        _ => Fee::new(400_000_000, Amount::new(1)).deposit_limit(Amount::new(1 << 60)),
    };
    let transaction = Transaction::new(CHAIN, nonce, address(key), fee, body);
    let message = transaction.signing_bytes();
    let signature = key.expanded_key().sign_deterministic(&message, SIGNING_TAG);
    let signature = signature.expect("a short context").encode().to_vec();
    let public_key = key.expanded_key().verifying_key().encode();
    transaction.signed(Scheme::MlDsa65, Some(&public_key), signature)
}

fn commit(
    runtime: &mut Runtime<DiskStore>,
    transactions: Vec<SignedTransaction>,
    time_ms: &mut u64,
) -> Result<(), Error> {
    *time_ms += 1;
    let transactions: Vec<Bytes> =
        transactions.iter().map(|signed| signed.encode().into()).collect();
    let mut block = runtime.block(BlockInfo::new(*time_ms, PROPOSER))?;
    for receipt in block.execute_all(&transactions)? {
        if !receipt.is_success() {
            return Err(format!("the chain is not prepared: {receipt:?}").into());
        }
    }
    let finished = block.finish()?;
    runtime.commit_block(finished)?;
    Ok(())
}
