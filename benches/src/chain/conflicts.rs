//! Execution alone, on one thread and on several: calls that have nothing to do with each other,
//! and calls that all touch the same entry.

use super::Options;
use crate::Error;
use crate::peers::Samples;
use dytallix::chain::{
    BlockInfo, Body, CodeSource, Deployment, Fee, Genesis, SIGNING_TAG, Transaction, Verified,
};
use dytallix::crypto::{Scheme, sha3_256};
use dytallix::{Address, Amount, MemoryStore, Runtime};
use ml_dsa::{MlDsa65, SigningKey};
use std::time::{Duration, Instant};

const CHAIN: u64 = 9;
/// Calls of a block.
const CALLS: u64 = 1_000;
/// Turns of the loop that each call makes, so that it takes about 40 µs.
const TURNS: u32 = 12_000;

/// A contract that works for a while and adds one to an entry: of the caller, or of all.
fn contract() -> Result<Vec<u8>, Error> {
    let work = format!(
        "(local $turns i32) (local.set $turns (i32.const {TURNS}))
         (loop $on (br_if $on (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))"
    );
    let add = |length: u32| {
        format!(
            "(drop (call $get (i32.const 0) (i32.const {length}) (i32.const 64) (i32.const 8)))
             (i64.store (i32.const 64) (i64.add (i64.load (i32.const 64)) (i64.const 1)))
             (call $set (i32.const 0) (i32.const {length}) (i32.const 64) (i32.const 8))"
        )
    };
    let text = format!(
        r#"(module
            (import "env" "caller_address" (func $caller (param i32)))
            (import "env" "storage_get" (func $get (param i32 i32 i32 i32) (result i64)))
            (import "env" "storage_set" (func $set (param i32 i32 i32 i32)))
            (memory (export "memory") 1)
            (func (export "own") {work} (call $caller (i32.const 0)) {})
            (func (export "shared") {work} {}))"#,
        add(32),
        add(1)
    );
    Ok(wat::parse_str(text)?)
}

struct Signer {
    key: Box<SigningKey<MlDsa65>>,
    public_key: Vec<u8>,
    address: Address,
}

fn signer(number: u64) -> Signer {
    let seed = sha3_256(&[&b"dytallix/benches/conflicts/"[..], &number.to_le_bytes()].concat());
    let key = Box::new(SigningKey::<MlDsa65>::from_seed(&seed.into()));
    let public_key = key.expanded_key().verifying_key().encode().to_vec();
    let address = Address::of_account(Scheme::MlDsa65.number(), &public_key);
    Signer { key, public_key, address }
}

impl Signer {
    fn sign(&self, body: Body) -> dytallix::state::Bytes {
        let fee = Fee::new(5_000_000, Amount::new(1)).deposit_limit(Amount::new(1 << 40));
        let transaction = Transaction::new(CHAIN, 0, self.address, fee, body);
        let message = transaction.signing_bytes();
        let signature = self.key.expanded_key().sign_deterministic(&message, SIGNING_TAG);
        let signature = signature.expect("a short context").encode().to_vec();
        transaction.signed(Scheme::MlDsa65, Some(&self.public_key), signature).encode().into()
    }
}

/// Measures and prints.
///
/// # Errors
/// Where a call fails.
pub(super) fn measure(options: &Options) -> Result<(), Error> {
    let signers: Vec<Signer> = (0..=CALLS).map(signer).collect();
    let deployment = Deployment::new(CodeSource::Module(contract()?.into()));
    let at = deployment.address(&signers[0].address);
    println!(
        "execution alone, {CALLS} calls of about 40 us, serial and on {} threads:",
        options.threads
    );
    for (method, name) in [("own", "without conflicts"), ("shared", "conflicts alone")] {
        let calls = signers[1..].iter().map(|signer| signer.sign(Body::call(at, method, [])));
        let verified = Verified::new(calls.collect(), options.threads);
        let mut chains =
            [1, options.threads].map(|threads| prepare(&signers, &deployment, threads));
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..9 {
            for (chain, times) in chains.iter_mut().zip(&mut times) {
                let runtime = chain.as_mut().map_err(|error| error.to_string())?;
                times.push(execute(runtime, &verified)?);
            }
        }
        let [serial, parallel] = times.map(|times| Samples::from(times).median());
        println!(
            "  {name}: {:.1} us a call serial, {:.2} times as fast on threads",
            serial.as_secs_f64() * 1e6 / CALLS as f64,
            serial.as_secs_f64() / parallel.as_secs_f64()
        );
    }
    Ok(())
}

fn prepare(
    signers: &[Signer],
    deployment: &Deployment,
    threads: usize,
) -> Result<Runtime<MemoryStore>, Error> {
    let mut genesis = Genesis::new(CHAIN);
    genesis.protocol.policy.block_gas = u64::MAX;
    for signer in signers {
        genesis = genesis.balance(signer.address, Amount::new(1 << 80));
    }
    let builder = Runtime::builder().genesis(genesis).threads(threads);
    let mut runtime = builder.build(MemoryStore::new())?;
    let deploy = signers[0].sign(Body::Deploy(deployment.clone()));
    let mut block = runtime.block(BlockInfo::new(1, signers[0].address))?;
    let receipt = block.execute_encoded(deploy)?;
    if !receipt.is_success() {
        return Err(format!("the contract was not deployed: {receipt:?}").into());
    }
    let finished = block.finish()?;
    runtime.commit_block(finished)?;
    Ok(runtime)
}

/// Executes a block and drops it.
fn execute(runtime: &mut Runtime<MemoryStore>, verified: &Verified) -> Result<Duration, Error> {
    let mut block = runtime.block(BlockInfo::new(2, Address::from_bytes([1; 32])))?;
    let start = Instant::now();
    let receipts = block.execute_verified(verified)?;
    let time = start.elapsed();
    match receipts.iter().find(|receipt| !receipt.is_success()) {
        Some(receipt) => Err(format!("a call failed: {receipt:?}").into()),
        None => Ok(time),
    }
}
