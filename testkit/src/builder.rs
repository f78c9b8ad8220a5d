//! [`SuiteBuilder`]: chain, limits and balances of a suite.

use std::cell::RefCell;
use std::rc::Rc;

use dytallix::Runtime;
use dytallix::chain::RuntimeBuilder;
use dytallix::host::HostTable;
use dytallix::limits::CallLimits;

use crate::Suite;
use crate::world::{Beginning, World};

/// The time of the first block: 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const START_TIME_MS: u64 = 1_767_225_600_000;

/// The limit of gas of a call that says none.
pub const DEFAULT_GAS: u64 = 100_000_000;

/// The balance of an account that [`Suite::account`] makes.
pub const DEFAULT_BALANCE: u128 = 1_000_000_000_000;

/// How a [`Suite`] is put together.
///
/// ```
/// use dytallix_testkit::Suite;
///
/// let suite = Suite::builder().chain_id(7).balance(500).gas(2_000_000).build();
/// assert_eq!(suite.chain_id(), 7);
/// assert_eq!(suite.balance(suite.account("alice")), 500);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder builds nothing until `build`"]
pub struct SuiteBuilder {
    runtime: RuntimeBuilder,
    chain_id: u64,
    gas: u64,
    balance: u128,
    time_ms: u64,
}

impl Default for SuiteBuilder {
    fn default() -> Self {
        SuiteBuilder {
            runtime: Runtime::builder(),
            chain_id: 1,
            gas: DEFAULT_GAS,
            balance: DEFAULT_BALANCE,
            time_ms: START_TIME_MS,
        }
    }
}

impl SuiteBuilder {
    /// The number of the chain; 1 where nothing is said.
    pub fn chain_id(mut self, chain_id: u64) -> Self {
        self.chain_id = chain_id;
        self
    }

    /// The limit of gas of a call that says none; [`DEFAULT_GAS`] where nothing is said.
    pub fn gas(mut self, limit: u64) -> Self {
        self.gas = limit;
        self
    }

    /// The balance of accounts that the suite makes; [`DEFAULT_BALANCE`] where nothing is said.
    pub fn balance(mut self, balance: u128) -> Self {
        self.balance = balance;
        self
    }

    /// The time of the first block, in milliseconds since 1970; [`START_TIME_MS`] where nothing is
    /// said.
    pub fn time_ms(mut self, time_ms: u64) -> Self {
        self.time_ms = time_ms;
        self
    }

    /// The limits of calls and of what they may hand over.
    pub fn call_limits(self, limits: CallLimits) -> Self {
        self.runtime(|runtime| runtime.call_limits(limits))
    }

    /// The chain's own host functions.
    pub fn functions(self, functions: HostTable) -> Self {
        self.runtime(|runtime| runtime.functions(functions))
    }

    /// Changes whatever else the runtime can be told: engine, prices, delegate calls.
    pub fn runtime(mut self, change: impl FnOnce(RuntimeBuilder) -> RuntimeBuilder) -> Self {
        self.runtime = change(self.runtime);
        self
    }

    /// The suite.
    ///
    /// # Panics
    ///
    /// Where the engine can not be configured so, or eleven accounts can not have that balance.
    #[must_use]
    #[track_caller]
    pub fn build(self) -> Suite {
        let SuiteBuilder { runtime, chain_id, gas, balance, time_ms } = self;
        match World::new(Beginning { runtime, chain_id, gas, balance, time_ms }) {
            Ok(world) => Suite { world: Rc::new(RefCell::new(world)) },
            Err(error) => panic!("the suite can not be built: {error}"),
        }
    }
}
