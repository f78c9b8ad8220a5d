//! The module that `dytallix build` made, deployed and called.

use ai::{Attestation, CONTEXT, Decision, Error, Paid, Policy, Treasury, TreasuryClient, Tripped};
use dytallix_testkit::sdk::{Address, Encode};
use dytallix_testkit::{Expect, Key, Sender, Suite, TestResult};

/// Brings what an analyst says of `subject` now to the contract.
fn attest(
    suite: &Suite,
    contract: &TreasuryClient<Sender>,
    analyst: &Key,
    subject: Address,
    score: u16,
    nonce: u64,
) -> TestResult {
    let time_ms = suite.time_ms();
    let said = (suite.chain_id(), contract.address, subject, score, time_ms, nonce).to_bytes();
    let signature = analyst.sign(&said, CONTEXT);
    let attestation = Attestation { score, time_ms, nonce };
    Ok(contract.attest(subject, attestation, analyst.public(), signature)?)
}

/// The keys of two analysts.
fn analysts() -> [Key; 2] {
    ["first analyst", "second analyst"].map(Key::new)
}

const POLICY: Policy = Policy {
    quorum: 2,
    max_age_ms: 60_000,
    caution_score: 3_000,
    refuse_score: 7_000,
    newcomer_limit: 10,
    window_ms: 3_600_000,
    window_outflow: 100,
    window_payments: 5,
    cooldown_ms: 86_400_000,
};

/// A contract of alice with 1,000 in it, from which bob spends; two analysts count.
fn deployed(suite: &Suite, analysts: &[Key]) -> TestResult<TreasuryClient<Sender>> {
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let deployment = suite.deploy_contract(env!("CARGO_PKG_NAME")).from(alice).value(1_000);
    let arguments = Treasury::init_arguments(bob, POLICY);
    let contract = deployment.arguments(arguments).client::<Treasury>()?;
    for analyst in analysts {
        contract.with_transport(suite.from(alice)).set_analyst(analyst.account(), true)?;
    }
    Ok(contract)
}

#[test]
fn a_receiver_is_paid_when_enough_analysts_think_well_of_it() -> TestResult {
    let suite = Suite::new();
    let analysts = analysts();
    let contract = deployed(&suite, &analysts)?;
    let carol = suite.account("carol");
    let agent = contract.with_transport(suite.from(suite.account("bob")));
    agent.pay(carol, 10).expect_revert(Error::NoQuorum);
    attest(&suite, &contract, &analysts[0], carol, 100, 1)?;
    agent.pay(carol, 10).expect_revert(Error::NoQuorum);
    attest(&suite, &contract, &analysts[1], carol, 200, 1)?;
    assert_eq!(contract.score_of(carol)?, Some(200));
    let before = suite.balance(carol);
    assert_eq!(agent.pay(carol, 10)?, Decision::Paid);
    suite.expect_events(&[&Paid { to: carol, amount: 10, score: 200 }]);
    assert_eq!(suite.balance(carol), before + 10);
    // What was said is too old by then.
    suite.warp_by(POLICY.max_age_ms + 1);
    agent.pay(carol, 10).expect_revert(Error::NoQuorum);
    Ok(())
}

#[test]
fn a_payment_out_of_the_ordinary_trips_the_breaker() -> TestResult {
    let suite = Suite::new();
    let (alice, carol) = (suite.account("alice"), suite.account("carol"));
    let analysts = analysts();
    let contract = deployed(&suite, &analysts)?;
    for analyst in &analysts {
        attest(&suite, &contract, analyst, carol, 100, 1)?;
    }
    let agent = contract.with_transport(suite.from(suite.account("bob")));
    assert_eq!(agent.pay(carol, 11)?, Decision::TooBold);
    suite.expect_events(&[&Tripped { to: carol, amount: 11, why: Decision::TooBold }]);
    agent.pay(carol, 1).expect_revert(Error::BreakerOpen);
    contract.with_transport(suite.from(alice)).reset()?;
    assert_eq!(agent.pay(carol, 1)?, Decision::Paid);
    assert_eq!(suite.balance(contract.address), 999);
    Ok(())
}

#[test]
fn a_risky_receiver_is_paid_nothing() -> TestResult {
    let suite = Suite::new();
    let carol = suite.account("carol");
    let analysts = analysts();
    let contract = deployed(&suite, &analysts)?;
    attest(&suite, &contract, &analysts[0], carol, 0, 1)?;
    attest(&suite, &contract, &analysts[1], carol, 7_000, 1)?;
    let agent = contract.with_transport(suite.from(suite.account("bob")));
    agent.pay(carol, 1).expect_revert(Error::TooRisky);
    // An attestation is used once, and none comes after a newer one.
    let again = attest(&suite, &contract, &analysts[0], carol, 0, 1);
    again.expect_revert(Error::Replayed);
    Ok(())
}
