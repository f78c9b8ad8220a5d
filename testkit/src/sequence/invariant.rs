//! [`Invariant`]: what has to hold whatever anybody calls.

use dytallix_abi::Address;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::run::{Step, run_sequence};
use super::strategy::{self, Calls};
use crate::Suite;

/// A test of what has to hold after every call of every sequence of calls.
///
/// ```no_run
/// # use dytallix_testkit::{Suite, TestResult, values};
/// # use dytallix_testkit::proptest::prelude::*;
/// # fn test(suite: Suite, token: dytallix_testkit::Address) {
/// let accounts = [suite.account("alice"), suite.account("bob"), suite.account("carol")];
/// suite.invariant(token, &accounts).cases(100).holds(|step| {
///     let balance = |who| step.suite.read_as::<u128>(token, "balances", &values![who]);
///     let sum: u128 = accounts.iter().map(|who| balance(*who).unwrap().unwrap_or(0)).sum();
///     prop_assert!(sum <= 1_000);
///     Ok(())
/// });
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is tested until `holds`"]
pub struct Invariant {
    suite: Suite,
    contract: Address,
    calls: Calls,
    cases: u32,
    may_break: bool,
    random: bool,
}

impl Suite {
    /// Begins a test of what has to hold whatever these accounts call of a contract.
    ///
    /// # Panics
    ///
    /// If the contract has no ABI.
    #[track_caller]
    pub fn invariant(&self, contract: Address, accounts: &[Address]) -> Invariant {
        let calls = strategy::calls(&self.abi(contract), accounts);
        let suite = self.clone();
        Invariant { suite, contract, calls, cases: 64, may_break: false, random: false }
    }
}

impl Invariant {
    /// So many sequences; 64 where nothing is said.
    pub fn cases(mut self, cases: u32) -> Invariant {
        self.cases = cases;
        self
    }

    /// Changes which calls are made: `.calls(|calls| calls.length(1..=50).without(&["pause"]))`.
    pub fn calls(mut self, change: impl FnOnce(Calls) -> Calls) -> Invariant {
        self.calls = change(self.calls);
        self
    }

    /// The contract may trap, panic and overflow. Where this is not said, that fails the test: a
    /// contract refuses with an error of its own.
    pub fn may_break(mut self) -> Invariant {
        self.may_break = true;
        self
    }

    /// Other sequences in each run. Where this is not said, they are the same each time.
    pub fn random(mut self) -> Invariant {
        self.random = true;
        self
    }

    /// Makes the calls, each sequence from the state that the suite is in now, and checks after
    /// each. The suite is as before in the end.
    ///
    /// # Panics
    ///
    /// If `check` fails, or the contract breaks and may not: with the shortest sequence that was
    /// found to do so.
    #[track_caller]
    pub fn holds(self, check: impl Fn(&Step<'_>) -> Result<(), TestCaseError>) {
        let Invariant { suite, contract, calls, cases, may_break, random } = self;
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let mut runner = match random {
            true => TestRunner::new(config),
            false => {
                let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
                TestRunner::new_with_rng(config, rng)
            }
        };
        let before = suite.snapshot();
        let result = runner.run(&calls, |sequence| {
            suite.revert(before);
            run_sequence(&suite, contract, &sequence, |step| {
                if step.is_broken() && !may_break {
                    return Err(TestCaseError::fail("the contract broke"));
                }
                check(step)
            })
        });
        suite.revert(before);
        match result {
            Ok(()) => {}
            Err(TestError::Fail(reason, sequence)) => {
                panic!("the invariant does not hold: {reason}\nshortest sequence: {sequence:?}")
            }
            Err(TestError::Abort(reason)) => panic!("the invariant was not tested: {reason}"),
        }
    }
}
