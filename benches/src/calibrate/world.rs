//! The state that cases run over: many rows, many accounts, the callees, and a contract for each
//! case.

use super::callees::Callee;
use super::case::{Case, Rows, SPREAD};
use crate::Error;
use cpu_time::ThreadTime;
use dytallix::gas::{HostPrice, HostPrices};
use dytallix::primitives::Domain;
use dytallix::state::{ContractInfo, StateOptions};
use dytallix::{Address, Amount, Call, Deploy, Hash, Height, Receipt, Runtime, Store};
use std::time::Duration;

/// More than any case uses.
const GAS: u64 = 1 << 50;
/// Accounts with a balance: a power of two.
pub(super) const ACCOUNTS: u64 = 1 << 16;
/// Contracts of the small callee's code: a power of two.
pub(super) const CONTRACTS: u64 = 1 << 10;
/// The last bytes of the addresses of accounts and contracts, and of nobody.
pub(super) const ACCOUNT_TAIL: u8 = 0x5a;
pub(super) const CONTRACT_TAIL: u8 = 0x5b;
pub(super) const NOBODY_TAIL: u8 = 0x5c;
/// Rows that a block of the load writes.
const LOAD_ROWS: u64 = 20_000;
/// Rows of a contract of the load.
const CONTRACT_ROWS: u64 = 1_000;

/// Code that many contracts share and nobody runs.
pub(super) const SHARED_CODE: &[u8] = b"code";

/// Who deploys and calls.
pub(super) fn deployer() -> Address {
    Address::from_bytes([9; 32])
}

/// The address of number `number` with that tail.
pub(super) fn address(number: u64, tail: u8) -> Address {
    let mut bytes = [tail; 32];
    bytes[..8].copy_from_slice(&number.wrapping_mul(SPREAD).to_le_bytes());
    Address::from_bytes(bytes)
}

/// The prices as they are, but that writes pay nothing for the commitment, which is measured apart.
fn execution_prices() -> HostPrices {
    let mut prices = HostPrices::v1();
    prices.state_write = HostPrice::new(0, 0);
    prices
}

/// A runtime over state.
pub(super) struct World<S> {
    pub(super) runtime: Runtime<S>,
}

impl<S: Store> World<S> {
    /// A runtime over what `store` holds.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn open(store: S) -> Result<Self, Error> {
        let mut options = StateOptions::default();
        options.proof_heights = 1;
        let builder = Runtime::builder().host_prices(execution_prices()).state(options);
        Ok(World { runtime: builder.build(store)? })
    }

    /// Puts the callees into an empty store.
    ///
    /// # Errors
    /// What the store reports, and a callee that is not admitted.
    pub(super) fn found(&mut self, callees: &[Callee]) -> Result<(), Error> {
        self.runtime.set_parent_hash(Hash::from_bytes([3; 32]));
        self.edit(|overlay| Ok(overlay.credit(&deployer(), Amount::new(1 << 100))?))?;
        self.runtime.set_parent_hash(Hash::from_bytes([4; 32]));
        for callee in callees {
            let deployed = self.deploy(&callee.wasm)?;
            if deployed != callee.address() {
                return Err(format!("`{}` is somewhere else", callee.name).into());
            }
        }
        Ok(())
    }

    /// Adds `rows` rows, and accounts.
    ///
    /// # Errors
    /// What [`World::found`] says.
    pub(super) fn fill(&mut self, rows: u64, callees: &[Callee]) -> Result<(), Error> {
        let code = callees.first().ok_or("there are callees")?.code_hash();
        self.edit(|overlay| {
            overlay.add_code(code_hash(SHARED_CODE), SHARED_CODE.into(), deployer())?;
            for number in 0..CONTRACTS {
                let info = ContractInfo::deployed(code, deployer(), Height::new(1));
                overlay.create_contract(&address(number, CONTRACT_TAIL), info)?;
            }
            for number in 0..ACCOUNTS {
                overlay.credit(&address(number, ACCOUNT_TAIL), Amount::new(1 << 64))?;
            }
            Ok(())
        })?;
        for first in (0..rows).step_by(LOAD_ROWS as usize) {
            self.load(first, (first + LOAD_ROWS).min(rows), code)?;
            self.runtime.state_mut().prune(1, u64::MAX)?;
        }
        Ok(())
    }

    /// Writes rows of 32 and 32 bytes into contracts that nobody calls.
    fn load(&mut self, first: u64, end: u64, code: Hash) -> Result<(), Error> {
        self.edit(|overlay| {
            for number in first..end {
                let (contract, key) = ballast(number);
                if overlay.load_account(&contract)?.contract.is_none() {
                    let info = ContractInfo::deployed(code, deployer(), Height::new(1));
                    overlay.create_contract(&contract, info)?;
                }
                overlay.set_storage(&contract, &key, Some(&[7; 32]))?;
                // A transaction may not write as often as that.
                overlay.end_transaction();
            }
            Ok(())
        })
    }

    fn edit(
        &mut self,
        edit: impl FnOnce(&mut dytallix::state::Overlay<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut failed = None;
        self.runtime.edit(|overlay| {
            failed = edit(overlay).err();
            Ok(())
        })?;
        failed.map_or(Ok(()), Err)
    }

    /// Deploys the contract of a case, and gives it balance and rows.
    ///
    /// # Errors
    /// What [`World::found`] says.
    pub(super) fn add(&mut self, case: &Case) -> Result<Address, Error> {
        let contract = self.deploy(&case.wasm)?;
        let Rows { count, value_bytes, .. } = case.rows;
        self.edit(|overlay| {
            overlay.credit(&contract, Amount::new(1 << 100))?;
            for number in 0..count {
                let key = case.rows.key(number);
                overlay.set_storage(&contract, &key, Some(&vec![7; value_bytes]))?;
                overlay.end_transaction();
            }
            Ok(())
        })?;
        Ok(contract)
    }

    fn deploy(&mut self, wasm: &[u8]) -> Result<Address, Error> {
        let admin = dytallix::state::Admin::Itself;
        let deploy = Deploy::new(deployer(), wasm, GAS).admin(admin);
        let receipt = self.runtime.deploy(&deploy)?;
        Ok(receipt.contract.ok_or_else(|| format!("a deployment failed: {receipt:?}"))?)
    }

    /// Runs a method of a case's contract, from turn `start` on: its time and its gas.
    ///
    /// # Errors
    /// A call that does not succeed.
    pub(super) fn run(
        &mut self,
        case: &Case,
        contract: Address,
        method: &str,
        start: u64,
    ) -> Result<(Duration, u64), Error> {
        let mut input = start.to_le_bytes().to_vec();
        input.resize(case.input, 0);
        let call = Call::new(deployer(), contract, method, GAS).arguments(input);
        let begin = ThreadTime::try_now()?;
        let receipt = self.runtime.simulate(&call)?;
        let time = begin.try_elapsed()?;
        succeeded(case, &receipt)?;
        Ok((time, receipt.gas_used))
    }
}

/// The contract and the key of a row of the load.
pub(super) fn ballast(number: u64) -> (Address, [u8; 32]) {
    let mut key = [1; 32];
    key[..8].copy_from_slice(&number.wrapping_mul(SPREAD).to_le_bytes());
    (address(number / CONTRACT_ROWS, 0x77), key)
}

/// The hash of code.
pub(super) fn code_hash(wasm: &[u8]) -> Hash {
    Hash::of(Domain::Code, &[wasm])
}

fn succeeded(case: &Case, receipt: &Receipt) -> Result<(), Error> {
    let (function, what) = (case.function.name(), &case.what);
    match receipt.is_success() {
        true => Ok(()),
        false => Err(format!("{function}, {what}: {:?} {:?}", receipt.status, receipt.trap).into()),
    }
}
