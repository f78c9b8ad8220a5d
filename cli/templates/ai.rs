//! The module that `dytallix build` made, deployed and called.

use ai::{Attestation, CONTEXT, Decision, Error, Paid, Policy, Treasury, TreasuryClient, Tripped};
use dytallix_testkit::sdk::mock::Mock as Native;
use dytallix_testkit::sdk::{Address, Bytes, Encode, Scheme};
use dytallix_testkit::{Expect, Sender, Suite, TestResult};
use fips204::ml_dsa_65::{KG, PrivateKey};
use fips204::traits::{KeyGen, SerDes, Signer};

/// An analyst: an account whose key signs what it thinks of others.
struct Analyst {
    account: Address,
    public: Bytes,
    secret: PrivateKey,
}

impl Analyst {
    fn new(number: u8) -> Analyst {
        let (public, secret) = KG::keygen_from_seed(&[number; 32]);
        let public: Bytes = public.into_bytes().to_vec().into();
        let account = Native::new().cx().account_of(Scheme::MlDsa65, &public);
        Analyst { account, public, secret }
    }

    /// Brings an attestation of now to the contract.
    fn attest(
        &self,
        suite: &Suite,
        contract: &TreasuryClient<Sender>,
        subject: Address,
        score: u16,
        nonce: u64,
    ) -> TestResult {
        let time_ms = suite.time_ms();
        let said = (suite.chain_id(), contract.address, subject, score, time_ms, nonce);
        let signature = self.secret.try_sign_with_seed(&[0; 32], &said.to_bytes(), CONTEXT);
        let signature: Bytes = signature.expect("a short context").to_vec().into();
        let attestation = Attestation { score, time_ms, nonce };
        Ok(contract.attest(subject, attestation, self.public.clone(), signature)?)
    }
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
fn deployed(suite: &Suite, analysts: &[Analyst]) -> TestResult<TreasuryClient<Sender>> {
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let deployment = suite.deploy_contract(env!("CARGO_PKG_NAME")).from(alice).value(1_000);
    let arguments = Treasury::init_arguments(bob, POLICY);
    let contract = deployment.arguments(arguments).client::<Treasury>()?;
    for analyst in analysts {
        contract.with_transport(suite.from(alice)).set_analyst(analyst.account, true)?;
    }
    Ok(contract)
}

#[test]
fn a_receiver_is_paid_when_enough_analysts_think_well_of_it() -> TestResult {
    let suite = Suite::new();
    let analysts = [Analyst::new(1), Analyst::new(2)];
    let contract = deployed(&suite, &analysts)?;
    let carol = suite.account("carol");
    let agent = contract.with_transport(suite.from(suite.account("bob")));
    agent.pay(carol, 10).expect_revert(Error::NoQuorum);
    analysts[0].attest(&suite, &contract, carol, 100, 1)?;
    agent.pay(carol, 10).expect_revert(Error::NoQuorum);
    analysts[1].attest(&suite, &contract, carol, 200, 1)?;
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
    let analysts = [Analyst::new(1), Analyst::new(2)];
    let contract = deployed(&suite, &analysts)?;
    for analyst in &analysts {
        analyst.attest(&suite, &contract, carol, 100, 1)?;
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
    let analysts = [Analyst::new(1), Analyst::new(2)];
    let contract = deployed(&suite, &analysts)?;
    analysts[0].attest(&suite, &contract, carol, 0, 1)?;
    analysts[1].attest(&suite, &contract, carol, 7_000, 1)?;
    let agent = contract.with_transport(suite.from(suite.account("bob")));
    agent.pay(carol, 1).expect_revert(Error::TooRisky);
    // An attestation is used once, and none comes after a newer one.
    let again = analysts[0].attest(&suite, &contract, carol, 0, 1);
    again.expect_revert(Error::Replayed);
    Ok(())
}
