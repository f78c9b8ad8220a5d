//! A proxy and code behind it: the modules in the runtime.

#[path = "../counter.rs"]
mod counter;
#[path = "../proxy.rs"]
mod proxy;
#[path = "support/mod.rs"]
mod support;

use counter::{Added, Counter};
use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::{Bytes, CallError, CallStatus, Decode, Encode, SdkError, mock::Mock};
use dytallix_testkit::{Address, Expect, Hash, Sender, Suite, TestResult, assert_reverts};
use proxy::{AdminChanged, Error, ImplementationChanged, Proxy, ProxyClient};
use support::{code, failed, module};

/// A counter that stands at 7, whose code a proxy of alice's runs; its address, and the proxy.
fn counter_and_proxy(suite: &Suite) -> TestResult<(Address, ProxyClient<Sender>)> {
    let code_hash = suite.upload(code("counter"))?;
    let counter = suite.deploy_file(module("counter")).arguments(Counter::init_arguments(7));
    let counter = counter.send()?;
    let proxy = suite.deploy_file(module("proxy")).from(suite.account("alice"));
    let proxy = proxy.arguments(Proxy::init_arguments(code_hash)).client::<Proxy>()?;
    Ok((counter, proxy))
}

fn arguments(values: &impl Encode) -> Bytes {
    values.to_bytes().into()
}

fn number(bytes: Result<Bytes, CallError>) -> u64 {
    u64::from_bytes(&bytes.expect_success()).expect("a number")
}

#[test]
fn the_code_is_another_s_and_the_storage_the_proxy_s() -> TestResult {
    let suite = Suite::new();
    let (counter, proxy) = counter_and_proxy(&suite)?;
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let untouched = suite.storage_rows(counter);
    let as_bob = proxy.with_transport(suite.from(bob));
    assert_eq!(number(as_bob.forward("add".into(), arguments(&5_u64))), 5, "it began at 0");
    // The caller is who called the proxy, and the contract that emits is the proxy.
    suite.expect_event_from(proxy.address, &Added { by: bob, amount: 5 });
    assert_eq!(number(proxy.query("count".into(), Bytes::default())), 5);

    assert_eq!(suite.storage_rows(counter), untouched);
    let code_hash = proxy.implementation()?;
    let rows = [
        (vec![0], 5_u64.to_bytes()),
        (vec![254], alice.to_bytes()),
        (vec![255], code_hash.to_bytes()),
    ];
    assert_eq!(suite.storage_rows(proxy.address), rows);
    Ok(())
}

#[test]
fn errors_of_the_code_come_back_and_undo_what_it_did() -> TestResult {
    let suite = Suite::new();
    let (_, proxy) = counter_and_proxy(&suite)?;
    proxy.forward("add".into(), arguments(&5_u64))?;
    let before = suite.storage_rows(proxy.address);
    let overflow = failed(proxy.forward("add".into(), arguments(&u64::MAX)));
    assert_eq!(overflow, counter::Error::Overflow.into());
    suite.expect_no_events();
    let wrong = failed(proxy.forward("add".into(), arguments(&5_u32)));
    assert_eq!(wrong.sdk_error(), Some(SdkError::BadArguments));
    for method in ["subtract", "init", "migrate", ""] {
        let error = failed(proxy.forward(method.into(), Bytes::default()));
        assert_eq!(error.status, CallStatus::NotFound, "{method}");
    }
    assert_eq!(suite.storage_rows(proxy.address), before);
    Ok(())
}

#[test]
fn a_query_changes_nothing() -> TestResult {
    let suite = Suite::new();
    let (_, proxy) = counter_and_proxy(&suite)?;
    let before = suite.storage_rows(proxy.address);
    let error = failed(proxy.query("add".into(), arguments(&5_u64)));
    assert_eq!(error.status, CallStatus::Trapped);
    // A transaction that calls the view writes no more than a view does.
    let sent = suite.call(proxy.address, "query");
    let sent = sent.arguments(("add".to_owned(), arguments(&5_u64)).to_bytes()).send();
    assert!(sent.is_err());
    assert_eq!(suite.storage_rows(proxy.address), before);
    Ok(())
}

#[test]
fn only_the_admin_names_code_and_admins() -> TestResult {
    let suite = Suite::new();
    let (_, proxy) = counter_and_proxy(&suite)?;
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let as_bob = proxy.with_transport(suite.from(bob));
    let other = suite.upload(code("upgrade_v1"))?;
    assert_reverts!(as_bob.set_implementation(other), Error::NotAdmin);
    assert_reverts!(as_bob.set_admin(bob), Error::NotAdmin);
    proxy.set_admin(bob)?;
    suite.expect_events(&[&AdminChanged { to: bob }]);
    assert_reverts!(proxy.set_admin(alice), Error::NotAdmin);
    as_bob.set_implementation(other)?;
    suite.expect_events(&[&ImplementationChanged { code_hash: other }]);
    assert_eq!((proxy.admin()?, proxy.implementation()?), (bob, other));
    // Code that the chain does not have.
    as_bob.set_implementation(Hash::new([7; 32]))?;
    assert_eq!(failed(proxy.forward("add".into(), arguments(&1_u64))).status, CallStatus::NotFound);
    Ok(())
}

/// Why the chain's own upgrades are better: new code reads the old code's bytes as its own.
#[test]
fn layouts_that_differ_collide() -> TestResult {
    let suite = Suite::new();
    let (_, proxy) = counter_and_proxy(&suite)?;
    proxy.forward("add".into(), arguments(&5_u64))?;
    proxy.set_implementation(suite.upload(code("upgrade_v1"))?)?;
    // Both have the prefix 0: the one for a number, the other for the address of its owner.
    let error = failed(proxy.query("owner".into(), Bytes::default()));
    assert_eq!(error.sdk_error(), Some(SdkError::StoredBytes));
    // The prefix 1 is free, so the sum begins at 0.
    assert_eq!(number(proxy.forward("add".into(), arguments(&3_u64))), 3);
    assert_eq!(number(proxy.query("sum".into(), Bytes::default())), 3);
    Ok(())
}

#[test]
fn what_neither_declares_is_not_permitted() -> TestResult {
    let suite = Suite::new();
    let (_, proxy) = counter_and_proxy(&suite)?;
    let alice = suite.account("alice");
    // Version 1 may change its own code where it is deployed; behind a proxy that may not, it may
    // not.
    proxy.set_implementation(suite.upload(code("upgrade_v1"))?)?;
    suite.set_storage(proxy.address, &[0], Some(alice.as_bytes()));
    let input = (suite.upload(code("upgrade_v2"))?, Bytes::default());
    let error = failed(proxy.forward("upgrade".into(), arguments(&input)));
    assert_eq!(failed::<()>(Err(error)).status, CallStatus::NotPermitted);
    // Neither takes value.
    let paid = proxy.with_value(1).forward("add".into(), arguments(&1_u64));
    paid.expect_status(CallStatus::NotPermitted);
    Ok(())
}

#[test]
fn the_mock_delegates_too() {
    let mock = Mock::new();
    let code_hash = mock.upload::<Counter>();
    let address = mock.deploy::<Proxy>(&Proxy::init_arguments(code_hash)).expect("deployed");
    let proxy = mock.client::<Proxy>(address);
    assert_eq!(number(proxy.forward("add".into(), arguments(&5_u64))), 5);
    assert_eq!(number(proxy.query("count".into(), Bytes::default())), 5);
    assert_eq!(mock.emitted::<Added>(), [Added { by: Mock::CALLER, amount: 5 }]);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// The proxy counts as a counter of its own would; the counter whose code it runs never
    /// changes.
    #[test]
    fn the_implementation_s_storage_is_never_touched(
        steps in prop::collection::vec((any::<bool>(), any::<u64>()), 1..12),
    ) {
        let suite = Suite::new();
        let (counter, proxy) = counter_and_proxy(&suite)?;
        let own = suite.client::<Counter>(counter);
        let (mut there, mut here) = (7_u64, 0_u64);
        for (is_proxy, amount) in steps {
            if is_proxy {
                let before = suite.storage_rows(counter);
                let sum = here.checked_add(amount);
                let result = proxy.forward("add".into(), arguments(&amount));
                prop_assert_eq!(result.is_ok(), sum.is_some());
                here = sum.unwrap_or(here);
                prop_assert_eq!(suite.storage_rows(counter), before);
            } else {
                let before = suite.storage_rows(proxy.address);
                let sum = there.checked_add(amount);
                prop_assert_eq!(own.add(amount).is_ok(), sum.is_some());
                there = sum.unwrap_or(there);
                prop_assert_eq!(suite.storage_rows(proxy.address), before);
            }
            prop_assert_eq!(number(proxy.query("count".into(), Bytes::default())), here);
            prop_assert_eq!(own.count().expect("a view"), there);
        }
    }
}
