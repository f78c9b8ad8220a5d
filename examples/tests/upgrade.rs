//! A counter that becomes another one: the modules in the runtime, and the sources against the
//! mock.

#[path = "support/mod.rs"]
mod support;
#[path = "../upgrade_v1.rs"]
mod v1;
#[path = "../upgrade_v2.rs"]
mod v2;

use std::fmt::Debug;

use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::{Admin, Bytes, CallStatus, Encode, mock};
use dytallix_testkit::{Address, Expect, Hash, Sender, Suite, TestResult, assert_reverts};
use support::{code, failed, module};

/// Version 1 with itself as its admin, owned by alice; alice has added 40 and bob 2.
fn version_1(suite: &Suite) -> TestResult<v1::CounterClient<Sender>> {
    let deployment = suite.deploy_file(module("upgrade_v1")).admin(Admin::Itself);
    let deployment = deployment.from(suite.account("alice"));
    let counter = deployment.arguments(v1::Counter::init_arguments()).client::<v1::Counter>()?;
    counter.add(40)?;
    counter.with_transport(suite.from(suite.account("bob"))).add(2)?;
    Ok(counter)
}

/// The arguments of the migration to version 2.
fn shares(shares: &[(Address, u64)]) -> Bytes {
    v2::Counter::migrate_arguments(shares.to_vec()).into()
}

/// All that the chain knows of a contract: storage, balance, and whether it is version 1.
fn everything(suite: &Suite, address: Address) -> impl PartialEq + Debug {
    (suite.storage_rows(address), suite.balance(address), suite.abi(address).schema)
}

#[test]
fn values_survive_in_the_new_layout() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let counter = version_1(&suite)?;
    suite.deal(counter.address, 500);
    let new = suite.upload(code("upgrade_v2"))?;
    counter.upgrade(new, shares(&[(alice, 40), (bob, 2)]))?;
    let migrated = v2::Migrated { sum: 42 };
    suite.expect_events(&[&v1::Upgraded { code_hash: new }, &migrated]);

    let counter = suite.client::<v2::Counter>(counter.address);
    assert_eq!((counter.sum_of(alice)?, counter.sum_of(bob)?), (40, 2));
    assert_eq!((counter.owner()?, suite.balance(counter.address)), (alice, 500));
    assert_eq!(suite.abi(counter.address).schema, 2);
    assert_eq!(suite.storage(counter.address, &[1]), None, "the one sum is gone");
    counter.add(1)?;
    suite.expect_event(&v2::Added { by: alice, amount: 1 });
    assert_eq!(counter.sum_of(alice)?, 41);
    Ok(())
}

#[test]
fn a_migration_that_fails_leaves_not_one_byte() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let counter = version_1(&suite)?;
    let new = suite.upload(code("upgrade_v2"))?;
    let before = everything(&suite, counter.address);
    // The sum is removed and two shares are written before it turns out that they do not make it
    // up.
    let differ = |shares| v2::Error::SharesDiffer { sum: 42, shares };
    let wrong = [(shares(&[(alice, 40), (bob, 1)]), 41), (shares(&[]), 0)];
    for (shares, sum) in wrong {
        assert_reverts!(counter.upgrade(new, shares), differ(sum));
        suite.expect_no_events();
        assert_eq!(everything(&suite, counter.address), before);
    }
    let too_great = shares(&[(alice, u64::MAX), (alice, 43)]);
    assert_reverts!(counter.upgrade(new, too_great), v2::Error::Overflow);
    // Bytes that are no arguments.
    assert!(counter.upgrade(new, Bytes::new(vec![1])).is_err());
    assert_eq!(everything(&suite, counter.address), before);
    assert_eq!(counter.add(1)?, 43, "it is still version 1");
    Ok(())
}

/// Wherever the gas ends, the contract is wholly of one version.
#[test]
fn an_upgrade_that_runs_out_of_gas_leaves_not_one_byte() -> TestResult {
    let suite = Suite::new();
    let alice = suite.account("alice");
    let counter = version_1(&suite)?;
    let new = suite.upload(code("upgrade_v2"))?;
    let (start, before) = (suite.snapshot(), everything(&suite, counter.address));
    let (_, needed) = suite.gas_of(|| counter.upgrade(new, shares(&[(alice, 42)])));
    assert_eq!(suite.abi(counter.address).schema, 2);
    suite.revert(start);
    let mut failures = 0;
    for gas in (0..needed).step_by(997) {
        let result = counter.with_gas(gas).upgrade(new, shares(&[(alice, 42)]));
        assert!(result.is_err(), "{gas} of {needed} gas");
        assert_eq!(everything(&suite, counter.address), before, "{gas} of {needed} gas");
        failures += 1;
    }
    assert!(failures > 10, "{failures} limits below {needed}");
    Ok(())
}

/// What `migrate` is told is the version of the layout, not how often the code has changed.
#[test]
fn an_upgrade_that_keeps_the_layout_comes_between() -> TestResult {
    let suite = Suite::new();
    let alice = suite.account("alice");
    let counter = version_1(&suite)?;
    counter.upgrade(suite.upload(code("upgrade_v1"))?, Bytes::default())?;
    assert_eq!(counter.sum()?, 42);
    counter.upgrade(suite.upload(code("upgrade_v2"))?, shares(&[(alice, 42)]))?;
    assert_eq!(suite.client::<v2::Counter>(counter.address).sum_of(alice)?, 42);
    Ok(())
}

#[test]
fn another_layout_than_version_1_is_refused() -> TestResult {
    let suite = Suite::new();
    let alice = suite.account("alice");
    let counter = version_1(&suite)?;
    let new = suite.upload(code("upgrade_v2"))?;
    counter.upgrade(new, shares(&[(alice, 42)]))?;
    let counter = suite.client::<v2::Counter>(counter.address);
    let before = everything(&suite, counter.address);
    let wrong_version = v2::Error::WrongVersion { found: 2 };
    assert_reverts!(counter.upgrade(new, shares(&[])), wrong_version);
    assert_eq!(everything(&suite, counter.address), before);
    Ok(())
}

#[test]
fn only_the_owner_and_only_the_contract_itself_upgrade() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let counter = version_1(&suite)?;
    let new = suite.upload(code("upgrade_v2"))?;
    let as_bob = counter.with_transport(suite.from(bob));
    assert_reverts!(as_bob.upgrade(new, shares(&[(bob, 42)])), v1::Error::NotOwner);

    let unknown = Hash::new([7; 32]);
    assert_eq!(failed(counter.upgrade(unknown, shares(&[]))).status, CallStatus::NotFound);
    // The same code, but nobody may replace it.
    let fixed = suite.deploy_file(module("upgrade_v1")).from(alice).client::<v1::Counter>()?;
    assert_eq!(failed(fixed.upgrade(new, shares(&[]))).status, CallStatus::NotPermitted);
    Ok(())
}

#[test]
fn both_versions_run_natively() {
    let mock = mock::Mock::new();
    let (owner, bob) = (mock::Mock::CALLER, Address::new([0xb0; 32]));
    let address = mock.deploy::<v1::Counter>(&v1::Counter::init_arguments()).expect("deployed");
    let counter = mock.client::<v1::Counter>(address);
    assert_eq!(counter.add(u64::MAX), Ok(u64::MAX));
    assert_eq!(counter.add(1), Err(v1::Error::Overflow.into()));
    let new = mock.upload::<v2::Counter>();
    let differ = v2::Error::SharesDiffer { sum: u64::MAX, shares: 1 };
    assert_eq!(counter.upgrade(new, shares(&[(bob, 1)])), Err(differ.into()));
    assert_eq!(counter.sum(), Ok(u64::MAX));
    counter.upgrade(new, shares(&[(bob, u64::MAX)])).expect_success();
    let counter = mock.client::<v2::Counter>(address);
    assert_eq!((counter.sum_of(bob), counter.owner()), (Ok(u64::MAX), Ok(owner)));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// An upgrade keeps the sum, or changes nothing.
    #[test]
    fn shares_make_up_the_sum_or_nothing_happens(
        sum in 0..1_000_u64,
        list in prop::collection::vec((0..4_u8, 0..400_u64), 0..6),
        completed in any::<bool>(),
    ) {
        let suite = Suite::new();
        let counter = version_1(&suite)?;
        counter.add(sum).map_err(dytallix_testkit::Failure::from)?;
        let (sum, account) = (sum + 42, |n: u8| Address::new([n; 32]));
        let mut list: Vec<_> = list.into_iter().map(|(n, share)| (account(n), share)).collect();
        let shared: u64 = list.iter().map(|(_, share)| share).sum();
        if completed {
            list.extend(sum.checked_sub(shared).map(|rest| (account(9), rest)));
        }
        let shared: u64 = list.iter().map(|(_, share)| share).sum();
        let new = suite.upload(code("upgrade_v2"))?;
        let before = everything(&suite, counter.address);
        let result = counter.upgrade(new, shares(&list));
        prop_assert_eq!(result.is_ok(), shared == sum);
        if shared != sum {
            prop_assert_eq!(everything(&suite, counter.address), before);
            return Ok(());
        }
        let counter = suite.client::<v2::Counter>(counter.address);
        let sums = (0..10).map(|n| counter.sum_of(account(n)).expect("a view"));
        prop_assert_eq!(sums.sum::<u64>(), sum);
        let owner = suite.storage(counter.address, &[0]);
        prop_assert_eq!(owner, Some(suite.account("alice").to_bytes()));
    }
}
