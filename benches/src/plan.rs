//! The command `plan`: the four figures of the plan that the product grew from, each with what was
//! measured. A figure that is missed is an error.

use crate::Error;
use crate::chain::{self, Options};
use crate::transfer::idle;
use dytallix::state::{KeyRange, Order, Store, StoreError, Table, Visit};
use dytallix::{Address, Call, Deploy, MemoryStore, Runtime};
use std::path::Path;
use std::time::Instant;

const GAS: u64 = 400_000_000;
const OWNER: Address = Address::from_bytes([1; 32]);
/// Contracts of which the storage is measured.
const CONTRACTS: u32 = 200;

/// Measures and prints.
///
/// # Errors
/// Where a figure is missed.
pub(crate) fn command(arguments: lexopt::Parser) -> Result<(), Error> {
    let options = Options::parse(arguments, 2)?;
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/wasm");
    let code = std::fs::read(examples.join("token.wasm"))?;
    let mut missed = Vec::new();
    let mut tell = |name: &str, value: f64, unit: &str, holds: bool| {
        println!("{} {name}: {value:.2} {unit}", if holds { "yes" } else { "NO " });
        if !holds {
            missed.push(name.to_owned());
        }
    };
    let rate = chain::serial_rate(&options)?;
    tell("more than 1,000 transactions a second", rate, "a second", rate > 1_000.0);
    let call = longest_call(&code)?;
    tell("less than 100 ms for a call", call, "ms, the first of cold code", call < 100.0);
    let instance = idle::kib_per_instance(&code)? / 1_024.0;
    tell("less than 16 MB for an instance", instance, "MB resident", instance < 16.0);
    let bytes = bytes_per_contract(&code)?;
    tell("less than 1 KB for a contract", bytes, "bytes of rows, its code apart", bytes < 1_024.0);
    if missed.is_empty() { Ok(()) } else { Err(format!("missed: {}", missed.join(", ")).into()) }
}

/// Milliseconds of the first call of a fresh runtime, which has to read and translate the code.
fn longest_call(code: &[u8]) -> Result<f64, Error> {
    let mut runtime = Runtime::new(MemoryStore::new())?;
    let deploy = Deploy::new(OWNER, code, GAS).arguments(1_000_u128.to_le_bytes());
    let token = runtime.deploy(&deploy)?.contract.ok_or("a deployment failed")?;
    let call = Call::new(OWNER, token, "balance_of", GAS).arguments(*OWNER.as_bytes());
    let mut longest = 0_f64;
    for _ in 0..20 {
        let mut fresh = Runtime::new(runtime.store().clone())?;
        let start = Instant::now();
        let receipt = fresh.view(&call)?;
        longest = longest.max(start.elapsed().as_secs_f64() * 1e3);
        if !receipt.is_success() {
            return Err(format!("a call failed: {receipt:?}").into());
        }
    }
    Ok(longest)
}

/// Bytes of keys and values that one more contract adds to state: its record, and what `init`
/// stores.
fn bytes_per_contract(code: &[u8]) -> Result<f64, Error> {
    let mut runtime = Runtime::new(MemoryStore::new())?;
    let mut deploy = Deploy::new(OWNER, code, GAS).arguments(1_000_u128.to_le_bytes());
    let _ = runtime.deploy(&deploy)?;
    let before = stored_bytes(runtime.store())?;
    for number in 0..CONTRACTS {
        deploy.salt[..4].copy_from_slice(&(number + 1).to_le_bytes());
        if !runtime.deploy(&deploy)?.is_success() {
            return Err("a deployment failed".into());
        }
    }
    Ok((stored_bytes(runtime.store())? - before) as f64 / f64::from(CONTRACTS))
}

/// Bytes of all keys and values of the state itself: what does not go when blocks are pruned.
fn stored_bytes(store: &MemoryStore) -> Result<u64, StoreError> {
    let all: KeyRange<'_> = (std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
    let mut sum = 0;
    let visit: &mut Visit<'_> = &mut |key: &[u8], value: &[u8]| {
        sum += (key.len() + value.len()) as u64;
        std::ops::ControlFlow::Continue(())
    };
    store.scan(Table::State, all, Order::Ascending, visit)?;
    Ok(sum)
}
