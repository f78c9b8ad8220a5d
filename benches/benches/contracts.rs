//! Day-to-day measurements of contracts: `cargo bench -p dytallix-benches`.
//!
//! `contract_deployment` compiles, deploys and runs `init`, over a fresh overlay of a store in
//! memory that is never committed: the 10 KB of `basic_token.wasm`, and a module of 500 KB.
//! `contract_execution` calls methods of contracts whose code is at hand.

use criterion::{Criterion, criterion_main};
use dytallix::chain::{
    BlockInfo, Body, CodeSource, Deployment, Fee, Genesis, Policy, Protocol, Transaction,
};
use dytallix::crypto::Scheme;
use dytallix::{Address, Amount, Call, Deploy, MemoryStore, Runtime};
use std::hint::black_box;

const CHAIN: u64 = 7;
const OWNER: Address = Address::from_bytes([1; 32]);
const GAS: u64 = 400_000_000;

fn token() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wasm/basic_token.wasm");
    std::fs::read(path).expect("a checked-in contract")
}

/// A module of about 500 KB: functions that add up their locals.
fn large() -> Vec<u8> {
    let body = "(local.set 0 (i32.add (local.get 0) (i32.const 77)))".repeat(1_000);
    let functions: String =
        (0..72).map(|n| format!("(func (export \"f{n}\") (local i32) {body})")).collect();
    let text = format!("(module (memory (export \"memory\") 1) {functions})");
    let module = wat::parse_str(text).expect("a module");
    assert!((480_000..520_000).contains(&module.len()), "{} bytes", module.len());
    module
}

/// A chain in which the owner can pay for anything.
fn chain() -> Runtime<MemoryStore> {
    let mut policy = Policy::v1();
    policy.transaction_gas = u64::MAX;
    policy.block_gas = u64::MAX;
    let genesis = Genesis::new(CHAIN)
        .protocol(Protocol::v1().policy(policy))
        .balance(OWNER, Amount::new(1 << 100));
    Runtime::builder().genesis(genesis).build(MemoryStore::new()).expect("a chain")
}

fn contract_deployment(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("contract_deployment");
    let supply = 1_000_u128.to_le_bytes().to_vec();
    for (name, code, arguments) in [("12 KB", token(), supply), ("500 KB", large(), Vec::new())] {
        let deployment = Deployment::new(CodeSource::Module(code.into())).arguments(arguments);
        let fee = Fee::new(GAS, Amount::new(1)).deposit_limit(Amount::new(1 << 90));
        let transaction = Transaction::new(CHAIN, 0, OWNER, fee, Body::Deploy(deployment));
        let mut runtime = chain();
        group.bench_function(name, |bencher| {
            let mut block = runtime.block(BlockInfo::new(1, OWNER)).expect("a block");
            bencher.iter(|| {
                let receipt = block.simulate(black_box(&transaction), Scheme::MlDsa65);
                let receipt = receipt.expect("no fault");
                assert!(receipt.is_success(), "{receipt:?}");
                receipt
            });
        });
    }
    group.finish();
}

fn contract_execution(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("contract_execution");
    let mut runtime = Runtime::new(MemoryStore::new()).expect("a runtime");
    let supply = 1_000_u128.to_le_bytes();
    let deploy = Deploy::new(OWNER, token(), GAS).arguments(supply);
    let token = runtime.deploy(&deploy).expect("admitted").contract.expect("a success");
    let transfer = [&[2; 32][..], &1_u128.to_le_bytes()].concat();
    for (method, arguments) in [("transfer", transfer), ("balance_of", OWNER.as_bytes().to_vec())] {
        let call = Call::new(OWNER, token, method, GAS).arguments(arguments);
        group.bench_function(method, |bencher| {
            bencher.iter(|| {
                let receipt = runtime.simulate(black_box(&call)).expect("no fault");
                assert!(receipt.is_success(), "{receipt:?}");
                receipt
            });
        });
    }
    group.finish();
}

mod group {
    use super::{contract_deployment, contract_execution};
    criterion::criterion_group!(benches, contract_deployment, contract_execution);
}
criterion_main!(group::benches);
