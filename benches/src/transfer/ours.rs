//! The SDK's token through the runtime, over a store in memory.

use super::{AMOUNT, HOLDERS, Mover};
use crate::Error;
use crate::peers::Samples;
use cpu_time::ThreadTime;
use dytallix::{Address, Call, Deploy, MemoryStore, Receipt, Runtime};
use std::time::Duration;

/// More than any call here takes.
const GAS: u64 = 100_000_000;

/// A token and its holders.
pub(super) struct Ours {
    name: String,
    runtime: Runtime<MemoryStore>,
    token: Address,
    commits: bool,
}

impl Ours {
    /// Deploys the token and hands it out.
    ///
    /// # Errors
    /// Where the contract fails, or does not move what it is told to.
    pub(super) fn new(name: &str, code: &[u8], commits: bool) -> Result<Self, Error> {
        let name = format!("{name}, {}", if commits { "committed" } else { "warm" });
        let mut runtime = Runtime::new(MemoryStore::new())?;
        let supply = (u128::from(HOLDERS) << 64).to_le_bytes();
        let deploy = Deploy::new(holder(0), code, GAS).arguments(supply);
        let receipt = succeeded(runtime.deploy(&deploy)?)?;
        let token = receipt.contract.ok_or("a deployment without an address")?;
        let mut ours = Ours { name, runtime, token, commits };
        for number in 1..HOLDERS {
            let call = ours.call(0, number, 1 << 64);
            let _ = succeeded(ours.runtime.call(&call)?)?;
        }
        ours.check()?;
        Ok(ours)
    }

    fn call(&self, from: u64, to: u64, amount: u128) -> Call {
        let arguments = [&holder(to).as_bytes()[..], &amount.to_le_bytes()].concat();
        Call::new(holder(from), self.token, "transfer", GAS).arguments(arguments)
    }

    /// That a transfer moves what it is told to.
    fn check(&mut self) -> Result<(), Error> {
        let before = (self.balance(5)?, self.balance(6)?);
        let call = self.call(5, 6, AMOUNT);
        let _ = succeeded(self.runtime.call(&call)?)?;
        let after = (self.balance(5)?, self.balance(6)?);
        if after != (before.0 - AMOUNT, before.1 + AMOUNT) {
            return Err(format!("{}: {before:?} became {after:?}", self.name).into());
        }
        Ok(())
    }

    fn balance(&mut self, number: u64) -> Result<u128, Error> {
        let call = Call::new(holder(0), self.token, "balance_of", GAS);
        let call = call.arguments(*holder(number).as_bytes());
        let receipt = succeeded(self.runtime.view(&call)?)?;
        Ok(u128::from_le_bytes(receipt.output.as_slice().try_into()?))
    }

    fn run(&mut self, number: u64) -> Result<Receipt, Error> {
        let (from, to) = (number % HOLDERS, (number + 1) % HOLDERS);
        let call = self.call(from, to, AMOUNT);
        let receipt = match self.commits {
            true => self.runtime.call(&call)?,
            false => self.runtime.simulate(&call)?,
        };
        succeeded(receipt)
    }
}

impl Mover for Ours {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn batch(&mut self, first: u64, count: u64) -> Result<Duration, Error> {
        let start = ThreadTime::try_now()?;
        for number in first..first + count {
            let _ = self.run(number)?;
        }
        Ok(start.try_elapsed()?)
    }

    fn gas(&mut self) -> Result<u64, Error> {
        Ok(self.run(0)?.gas_used)
    }
}

/// The first calls of fresh runtimes over the same state: opening them is not in the time.
///
/// # Errors
/// Where the contract fails.
pub(super) fn first_calls(code: &[u8], rounds: u32) -> Result<Samples, Error> {
    let Ours { runtime, token, name, .. } = Ours::new("cold", code, false)?;
    let store = runtime.store().clone();
    let mut times = Vec::new();
    for _ in 0..rounds {
        let runtime = Runtime::new(store.clone())?;
        let mut fresh = Ours { runtime, token, name: name.clone(), commits: false };
        let start = ThreadTime::try_now()?;
        let _ = fresh.run(0)?;
        times.push(start.try_elapsed()?);
    }
    Ok(times.into())
}

fn holder(number: u64) -> Address {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Address::from_bytes(bytes)
}

fn succeeded(receipt: Receipt) -> Result<Receipt, Error> {
    match receipt.is_success() {
        true => Ok(receipt),
        false => Err(format!("a call failed: {receipt:?}").into()),
    }
}
