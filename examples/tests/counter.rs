//! The counter: its source against the mock host, its module in the runtime.

#[path = "../counter.rs"]
mod counter;
#[path = "support/mod.rs"]
mod support;

use counter::{Added, Counter, Error};
use dytallix_sdk::mock::Mock;
use dytallix_testkit::{Suite, TestResult, assert_reverts};
use support::module;

#[test]
fn the_counter_adds_and_says_who_did() {
    let mock = Mock::new();
    let address = mock.deploy::<Counter>(&Counter::init_arguments(40)).unwrap();
    let counter = mock.client::<Counter>(address);
    assert_eq!(counter.add(2), Ok(42));
    assert_eq!(counter.count(), Ok(42));
    assert_eq!(mock.emitted::<Added>(), [Added { by: Mock::CALLER, amount: 2 }]);
}

#[test]
fn a_sum_that_does_not_fit_is_refused_and_leaves_no_event() {
    let mock = Mock::new();
    let address = mock.deploy::<Counter>(&Counter::init_arguments(1)).unwrap();
    let counter = mock.client::<Counter>(address);
    assert_eq!(counter.add(u64::MAX), Err(Error::Overflow.into()));
    assert_eq!(counter.count(), Ok(1));
    assert_eq!(mock.emitted::<Added>(), []);
}

#[test]
fn the_module_counts_as_the_source_does() -> TestResult {
    let suite = Suite::new();
    let deployment = suite.deploy_file(module("counter")).arguments(Counter::init_arguments(40));
    let counter = deployment.client::<Counter>()?;
    assert_eq!((counter.add(2)?, counter.count()?), (42, 42));
    suite.expect_event(&Added { by: suite.account("alice"), amount: 2 });
    assert_reverts!(counter.add(u64::MAX), Error::Overflow);
    assert_eq!(counter.count()?, 42);
    Ok(())
}
