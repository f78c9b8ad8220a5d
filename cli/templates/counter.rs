//! The module that `dytallix build` made, deployed and called.

use counter::{Added, Counter, CounterClient, Error};
use dytallix_testkit::{Expect, Sender, Suite, TestResult};

/// The contract, deployed, beginning at `start`.
fn deployed(suite: &Suite, start: u64) -> TestResult<CounterClient<Sender>> {
    let deployment = suite.deploy_contract(env!("CARGO_PKG_NAME"));
    deployment.arguments(Counter::init_arguments(start)).client::<Counter>()
}

#[test]
fn anybody_adds_and_all_are_told() -> TestResult {
    let suite = Suite::new();
    let bob = suite.account("bob");
    let contract = deployed(&suite, 40)?;
    assert_eq!(contract.with_transport(suite.from(bob)).add(2)?, 42);
    suite.expect_events(&[&Added { by: bob, amount: 2 }]);
    assert_eq!(contract.count()?, 42);
    Ok(())
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() -> TestResult {
    let suite = Suite::new();
    let contract = deployed(&suite, 1)?;
    contract.add(u64::MAX).expect_revert(Error::Overflow);
    suite.expect_no_events();
    assert_eq!(contract.count()?, 1);
    Ok(())
}
