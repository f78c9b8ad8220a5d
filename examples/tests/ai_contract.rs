//! The treasury with its attestations and its breaker: the module in the runtime, with real keys.

#[path = "../ai_contract.rs"]
mod ai_contract;
#[path = "support/mod.rs"]
mod support;

use ai_contract::{
    Attestation, Attested, CONTEXT, Decision, Error, Paid, Policy, Reset, Treasury, TreasuryClient,
    Tripped, Window,
};
use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::{Bytes, CallError, CallStatus, Encode, SdkError, mock};
use dytallix_testkit::{Address, Expect, Mock, Sender, Suite, TestResult, assert_reverts, values};
use support::{Key, module};

/// What the treasury has.
const FUNDS: u128 = 1_000_000;

const HOUR: u64 = 3_600_000;

fn policy() -> Policy {
    Policy {
        quorum: 2,
        max_age_ms: HOUR,
        caution_score: 3_000,
        refuse_score: 7_000,
        newcomer_limit: 1_000,
        window_ms: 24 * HOUR,
        window_outflow: 50_000,
        window_payments: 4,
        cooldown_ms: 2 * HOUR,
    }
}

/// A treasury of alice's that bob spends from, and three analysts.
struct Scene {
    suite: Suite,
    treasury: TreasuryClient<Sender>,
    analysts: Vec<Key>,
    agent: Address,
    /// Somebody to pay.
    shop: Address,
}

impl Scene {
    fn new(policy: Policy) -> TestResult<Scene> {
        let suite = Suite::new();
        let (owner, agent, shop) =
            (suite.account("alice"), suite.account("bob"), suite.account("carol"));
        let deployment = suite.deploy_file(module("ai_contract")).from(owner).value(FUNDS);
        let arguments = Treasury::init_arguments(agent, policy);
        let treasury = deployment.arguments(arguments).client::<Treasury>()?;
        let analysts: Vec<Key> = (1..=3).map(Key::new).collect();
        for analyst in &analysts {
            treasury.set_analyst(analyst.account, true)?;
        }
        Ok(Scene { suite, treasury, analysts, agent, shop })
    }

    /// The treasury as the agent calls it.
    fn agent(&self) -> TreasuryClient<Sender> {
        self.treasury.with_transport(self.suite.from(self.agent))
    }

    /// What analyst number `n` signs now, with that nonce.
    fn signed(&self, n: usize, subject: Address, score: u16, nonce: u64) -> (Attestation, Bytes) {
        let said = Attestation { score, time_ms: self.suite.time_ms(), nonce };
        let chain = self.suite.chain_id();
        let message = (chain, self.treasury.address, subject, score, said.time_ms, nonce);
        (said, self.analysts[n].sign(&message.to_bytes(), CONTEXT))
    }

    /// Analyst number `n` says something, which anybody brings.
    fn attest(&self, n: usize, subject: Address, score: u16, nonce: u64) -> Result<(), CallError> {
        let (said, signature) = self.signed(n, subject, score, nonce);
        let anybody = self.treasury.with_transport(self.suite.from(self.suite.account("mallory")));
        anybody.attest(subject, said, self.analysts[n].public.clone(), signature)
    }

    /// Two analysts find the subject harmless.
    fn trust(&self, subject: Address, nonce: u64) -> TestResult {
        self.attest(0, subject, 100, nonce)?;
        self.attest(1, subject, 200, nonce)?;
        Ok(())
    }

    fn balance(&self) -> u128 {
        self.suite.balance(self.treasury.address)
    }

    fn paid_to(&self, account: Address) -> TestResult<u128> {
        let paid = self.suite.read_as(self.treasury.address, "paid", &values![account])?;
        Ok(paid.unwrap_or(0))
    }
}

#[test]
fn a_payment_needs_a_quorum_and_says_the_score() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, shop) = (&scene.suite, scene.shop);
    let before = suite.balance(shop);
    assert_reverts!(scene.agent().pay(shop, 500), Error::NoQuorum);
    scene.attest(0, shop, 100, 1)?;
    let (analyst, subject) = (scene.analysts[0].account, shop);
    suite.expect_events(&[&Attested { subject, analyst, score: 100 }]);
    assert_eq!(scene.treasury.score_of(shop)?, None);
    assert_reverts!(scene.agent().pay(shop, 500), Error::NoQuorum);
    scene.attest(2, shop, 300, 1)?;
    assert_eq!(scene.treasury.score_of(shop)?, Some(300));
    assert_eq!(scene.agent().pay(shop, 500)?, Decision::Paid);
    suite.expect_events(&[&Paid { to: shop, amount: 500, score: 300 }]);
    assert_eq!((suite.balance(shop) - before, scene.balance()), (500, FUNDS - 500));
    assert_eq!(scene.paid_to(shop)?, 500);
    assert_reverts!(scene.treasury.pay(shop, 1), Error::NotAgent);
    Ok(())
}

#[test]
fn the_score_is_the_median_and_never_below_the_chains() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, treasury) = (&scene.suite, &scene.treasury);
    let payee = suite.mock(Mock::new().returns("deposit", &()));
    scene.attest(0, payee, 100, 1)?;
    scene.attest(1, payee, 9_000, 1)?;
    assert_eq!(treasury.score_of(payee)?, Some(9_000), "of two the higher");
    scene.attest(2, payee, 400, 1)?;
    assert_eq!(treasury.score_of(payee)?, Some(400), "one does not decide");
    suite.set_risk(payee, 300);
    assert_eq!(treasury.score_of(payee)?, Some(400));
    assert_eq!(scene.agent().pay(payee, 10)?, Decision::Paid);
    suite.set_risk(payee, 7_000);
    assert_eq!(treasury.score_of(payee)?, Some(7_000));
    assert_reverts!(scene.agent().pay(payee, 10), Error::TooRisky);
    suite.set_risk(payee, None);
    assert_eq!(scene.agent().pay(payee, 10)?, Decision::Paid);
    // An analyst who no longer counts does not, nor does what it has said.
    treasury.set_analyst(scene.analysts[2].account, false)?;
    assert_eq!(treasury.score_of(payee)?, Some(9_000));
    Ok(())
}

#[test]
fn a_doubtful_receiver_is_treated_as_a_new_one() -> TestResult {
    let scene = Scene::new(policy())?;
    scene.trust(scene.shop, 1)?;
    assert_eq!(scene.agent().pay(scene.shop, 1_000)?, Decision::Paid);
    assert_eq!(scene.agent().pay(scene.shop, 9_000)?, Decision::Paid, "known, and harmless");
    scene.attest(0, scene.shop, 3_000, 2)?;
    scene.attest(1, scene.shop, 3_000, 2)?;
    assert_eq!(scene.agent().pay(scene.shop, 1_000)?, Decision::Paid);
    assert_eq!(scene.agent().pay(scene.shop, 1_001)?, Decision::TooBold);
    Ok(())
}

#[test]
fn an_attestation_is_for_this_chain_contract_subject_and_key() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, treasury, shop) = (&scene.suite, &scene.treasury, scene.shop);
    let (said, _) = scene.signed(0, shop, 100, 1);
    let Attestation { score, time_ms, nonce } = said.clone();
    let key = scene.analysts[0].public.clone();
    let (chain, this) = (suite.chain_id(), treasury.address);
    for message in [
        (chain + 1, this, shop, score, time_ms, nonce).to_bytes(),
        (chain, shop, shop, score, time_ms, nonce).to_bytes(),
        (chain, this, scene.agent, score, time_ms, nonce).to_bytes(),
        (chain, this, shop, score + 1, time_ms, nonce).to_bytes(),
        (chain, this, shop, score, time_ms + 1, nonce).to_bytes(),
        (chain, this, shop, score, time_ms, nonce + 1).to_bytes(),
    ] {
        let signature = scene.analysts[0].sign(&message, CONTEXT);
        assert_reverts!(treasury.attest(shop, said.clone(), key.clone(), signature), Error::Forged);
    }
    let message = (chain, this, shop, score, time_ms, nonce).to_bytes();
    for signature in [
        scene.analysts[0].sign(&message, b""),
        scene.analysts[0].sign(&message, b"permit"),
        scene.analysts[1].sign(&message, CONTEXT),
        Bytes::default(),
    ] {
        assert_reverts!(treasury.attest(shop, said.clone(), key.clone(), signature), Error::Forged);
    }
    let stranger = Key::new(9);
    let signature = stranger.sign(&message, CONTEXT);
    let unknown = treasury.attest(shop, said.clone(), stranger.public, signature);
    assert_reverts!(unknown, Error::UnknownAnalyst);
    let signature = scene.analysts[0].sign(&message, CONTEXT);
    treasury.attest(shop, said, key, signature)?;
    Ok(())
}

#[test]
fn attestations_are_used_once_and_in_order() -> TestResult {
    let scene = Scene::new(policy())?;
    let (treasury, shop) = (&scene.treasury, scene.shop);
    let key = &scene.analysts[0].public;
    let (old, old_signature) = scene.signed(0, shop, 8_000, 5);
    let (new, new_signature) = scene.signed(0, shop, 9_000, 6);
    treasury.attest(shop, new.clone(), key.clone(), new_signature.clone())?;
    for (said, signature) in [(old, old_signature), (new, new_signature)] {
        assert_reverts!(treasury.attest(shop, said, key.clone(), signature), Error::Replayed);
    }
    assert_reverts!(scene.attest(1, shop, 0, 0), Error::Replayed);
    assert_reverts!(scene.attest(1, shop, 10_001, 1), Error::BadScore);
    let attestation = treasury.attestation(shop, scene.analysts[0].account)?;
    assert_eq!((attestation.score, attestation.nonce), (9_000, 6));
    // Another subject has nonces of its own.
    scene.attest(0, scene.agent, 1, 1)?;
    Ok(())
}

#[test]
fn what_is_stale_counts_for_nothing() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, treasury, shop) = (&scene.suite, &scene.treasury, scene.shop);
    let (said, signature) = scene.signed(2, shop, 0, 1);
    let key = scene.analysts[2].public.clone();
    scene.attest(0, shop, 100, 1)?;
    suite.warp_by(HOUR / 2);
    scene.attest(1, shop, 200, 1)?;
    suite.warp_by(HOUR / 2);
    assert_eq!(scene.agent().pay(shop, 1)?, Decision::Paid, "exactly as old as may be");
    suite.warp_by(1);
    assert_reverts!(scene.agent().pay(shop, 1), Error::NoQuorum);
    let stale = treasury.attest(shop, said.clone(), key.clone(), signature.clone());
    assert_reverts!(stale, Error::Stale);
    suite.warp(said.time_ms - 1);
    let early = treasury.attest(shop, said, key, signature);
    assert_reverts!(early, Error::Stale);
    Ok(())
}

/// The breaker trips and stays so, because tripping is no error; time or the owner close it again.
#[test]
fn the_breaker_stays_tripped_until_the_owner_or_time_resets_it() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, treasury, shop) = (&scene.suite, &scene.treasury, scene.shop);
    scene.trust(shop, 1)?;
    assert_eq!(scene.agent().pay(shop, 1_001)?, Decision::TooBold);
    let why = Decision::TooBold;
    suite.expect_events(&[&Tripped { to: shop, amount: 1_001, why }]);
    assert_eq!((scene.balance(), treasury.tripped_ms()?), (FUNDS, suite.time_ms()));
    assert_reverts!(scene.agent().pay(shop, 1), Error::BreakerOpen);

    assert_reverts!(scene.agent().reset(), Error::NotOwner);
    treasury.reset()?;
    suite.expect_events(&[&Reset]);
    assert_eq!(scene.agent().pay(shop, 1)?, Decision::Paid);

    scene.trust(scene.agent, 1)?;
    assert_eq!(scene.agent().pay(scene.agent, 1_001)?, Decision::TooBold);
    suite.warp_by(2 * HOUR - 1);
    scene.trust(shop, 2)?;
    assert_reverts!(scene.agent().pay(shop, 1), Error::BreakerOpen);
    suite.warp_by(1);
    assert_eq!(scene.agent().pay(shop, 1)?, Decision::Paid);
    assert_eq!(treasury.tripped_ms()?, 0);
    Ok(())
}

#[test]
fn too_much_and_too_often_in_a_window_trip_the_breaker() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, treasury, shop) = (&scene.suite, &scene.treasury, scene.shop);
    scene.trust(shop, 1)?;
    assert_eq!(scene.agent().pay(shop, 1_000)?, Decision::Paid);
    assert_eq!(scene.agent().pay(shop, 49_001)?, Decision::TooMuch);
    treasury.reset()?;
    assert_eq!(
        scene.agent().pay(shop, 49_000)?,
        Decision::Paid,
        "what was not paid has not gone out"
    );
    let window = Window { start_ms: suite.time_ms(), outflow: 50_000, payments: 2 };
    assert_eq!(suite.read_as(treasury.address, "window", &[])?, Some(window));
    for _ in 0..2 {
        assert_eq!(scene.agent().pay(shop, 0)?, Decision::Paid);
    }
    assert_eq!(scene.agent().pay(shop, 0)?, Decision::TooOften);
    treasury.reset()?;

    // The next window begins with its first payment.
    suite.warp_by(24 * HOUR);
    scene.trust(shop, 2)?;
    assert_eq!(scene.agent().pay(shop, 50_000)?, Decision::Paid);
    assert_eq!(scene.agent().pay(shop, u128::MAX)?, Decision::TooMuch);
    assert_eq!(scene.paid_to(shop)?, 100_000);
    Ok(())
}

/// A contract is paid by a call of its `deposit`; what fails there leaves no trace here.
#[test]
fn contracts_are_paid_by_a_call() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, treasury) = (&scene.suite, &scene.treasury);
    let arguments = Treasury::init_arguments(scene.agent, policy());
    let other = suite.deploy_file(module("ai_contract")).arguments(arguments).send()?;
    scene.trust(other, 1)?;
    assert_eq!(scene.agent().pay(other, 70)?, Decision::Paid);
    assert_eq!((suite.balance(other), scene.balance()), (70, FUNDS - 70));

    let refusing = suite.mock(Mock::new().reverts_with("deposit", b"no"));
    let counter = suite.deploy_file(module("counter")).values(&values![0_u64]).send()?;
    for (payee, status) in [(refusing, CallStatus::Reverted), (counter, CallStatus::NotFound)] {
        scene.trust(payee, 1)?;
        let failure = scene.agent().pay(payee, 70).expect_err("it is not paid");
        assert_eq!(failure.sdk_error(), Some(SdkError::CallFailed));
        assert_eq!(failure.data[1..5], status.code().to_le_bytes());
        assert_eq!((scene.paid_to(payee)?, suite.balance(payee)), (0, 0));
    }
    let window = Window { start_ms: suite.time_ms(), outflow: 70, payments: 1 };
    assert_eq!(suite.read_as(treasury.address, "window", &[])?, Some(window));
    Ok(())
}

/// A payee that spends again while it is paid, with the agent's own rights, is refused by the host.
#[test]
fn a_payee_can_not_come_back_while_it_is_paid() -> TestResult {
    let scene = Scene::new(policy())?;
    let (suite, treasury) = (&scene.suite, &scene.treasury);
    let payee = Address::new([0x77; 32]);
    let again = Mock::new().calls("deposit", treasury.address, "pay", &(payee, 5_u128));
    suite.mock_at(payee, again);
    treasury.configure(payee, policy())?;
    scene.trust(payee, 1)?;
    let failure = treasury.with_transport(suite.from(payee)).pay(payee, 5).expect_err("it fails");
    // The payee returned the status of its call, which is no result of `deposit`.
    let refused = CallStatus::ReentryRefused.code().to_le_bytes();
    assert_eq!(failure.data[failure.data.len() - 4..], refused);
    assert_eq!((scene.balance(), scene.paid_to(payee)?), (FUNDS, 0));
    Ok(())
}

#[test]
fn the_owner_sets_the_rules_and_takes_what_is_left() -> TestResult {
    let scene = Scene::new(policy())?;
    let (treasury, shop) = (&scene.treasury, scene.shop);
    for bad in [Policy { quorum: 0, ..policy() }, Policy { window_ms: 0, ..policy() }] {
        assert_reverts!(treasury.configure(scene.agent, bad), Error::BadPolicy);
    }
    treasury.configure(scene.agent, Policy { quorum: 1, ..policy() })?;
    assert_eq!(treasury.policy()?.quorum, 1);
    scene.attest(0, shop, 1, 1)?;
    assert_eq!(scene.agent().pay(shop, 1)?, Decision::Paid);
    let agent = scene.agent();
    assert_reverts!(agent.configure(shop, policy()), Error::NotOwner);
    assert_reverts!(agent.set_analyst(shop, true), Error::NotOwner);
    assert_reverts!(agent.withdraw(shop, 1), Error::NotOwner);
    agent.with_value(5).deposit()?;
    assert_eq!(scene.balance(), FUNDS + 4);
    treasury.withdraw(scene.agent, FUNDS + 4)?;
    treasury.withdraw(scene.agent, 1).expect_sdk_error(SdkError::CallFailed);
    assert_eq!(scene.balance(), 0);
    Ok(())
}

/// The same file against the mock, with signatures that the mock was told of.
#[test]
fn the_treasury_runs_natively() {
    let mock = mock::Mock::new();
    let (agent, shop) = (Address::new([0xa9; 32]), Address::new([0x50; 32]));
    mock.set_time_ms(1_000);
    let rules = Policy { quorum: 1, ..policy() };
    let address =
        mock.deploy::<Treasury>(&Treasury::init_arguments(agent, rules)).expect("deployed");
    mock.set_balance(address, 100);
    let treasury = mock.client::<Treasury>(address);
    let key = b"a key".to_vec();
    let analyst = mock.cx().account_of(dytallix_testkit::sdk::Scheme::MlDsa65, &key);
    treasury.set_analyst(analyst, true).expect("the owner");
    let said = Attestation { score: 10, time_ms: 900, nonce: 1 };
    let message = (1_u64, address, shop, 10_u16, 900_u64, 1_u64).to_bytes();
    let scheme = dytallix_testkit::sdk::Scheme::MlDsa65;
    mock.accept_pqc(scheme, &key, &message, CONTEXT, b"signed");
    let attest = |signature: &[u8]| {
        treasury.attest(shop, said.clone(), key.clone().into(), signature.to_vec().into())
    };
    assert_eq!(attest(b"forged"), Err(Error::Forged.into()));
    assert_eq!(attest(b"signed"), Ok(()));
    assert_eq!(attest(b"signed"), Err(Error::Replayed.into()));
    let as_agent = treasury.with_transport(mock.sender(agent));
    mock.set_risk(shop, 500);
    assert_eq!(as_agent.score_of(shop), Ok(Some(500)));
    assert_eq!(as_agent.pay(shop, 60), Ok(Decision::Paid));
    assert_eq!((mock.balance(shop), mock.balance(address)), (60, 40));
    assert_eq!(mock.emitted::<Paid>(), [Paid { to: shop, amount: 60, score: 500 }]);
}

/// What is tried with a treasury.
#[derive(Clone, Debug)]
enum Step {
    Pay(usize, u128),
    Wait(u64),
    Score(usize, u16),
    Reset,
}

fn step() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![0..2_000_u128, 0..60_000_u128, Just(u128::MAX)];
    prop_oneof![
        8 => (0..3_usize, amount).prop_map(|(to, amount)| Step::Pay(to, amount)),
        3 => (0..10 * HOUR).prop_map(Step::Wait),
        2 => (0..3_usize, 0..10_001_u16).prop_map(|(to, score)| Step::Score(to, score)),
        2 => Just(Step::Reset),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever the agent tries: nothing leaves while the breaker is tripped, no window has more
    /// outflow or payments than it may, nobody new or doubtful gets more than such a one may, and
    /// what is not here any more has been paid.
    #[test]
    fn nothing_leaves_but_by_the_rules(steps in prop::collection::vec(step(), 1..25)) {
        let rules = Policy { quorum: 1, max_age_ms: u64::MAX, ..policy() };
        let scene = Scene::new(rules.clone())?;
        let payees = [0x31, 0x32, 0x33].map(|n| Address::new([n; 32]));
        let mut scores = [100_u16; 3];
        let mut nonce = 0;
        for payee in payees {
            nonce += 1;
            scene.attest(0, payee, 100, nonce).expect_success();
        }
        let (mut window, mut tripped_ms) = (Window::default(), None);
        for step in steps {
            let now_ms = scene.suite.time_ms();
            match step {
                Step::Wait(ms) => scene.suite.warp_by(ms),
                Step::Score(to, score) => {
                    nonce += 1;
                    scene.attest(0, payees[to], score, nonce).expect_success();
                    scores[to] = score;
                }
                Step::Reset => {
                    scene.treasury.reset().expect_success();
                    tripped_ms = None;
                }
                Step::Pay(to, amount) => {
                    let known = scene.suite.balance(payees[to]) > 0;
                    let before = scene.balance();
                    let result = scene.agent().pay(payees[to], amount);
                    let paid = before - scene.balance();
                    if tripped_ms.is_some_and(|at| now_ms - at < rules.cooldown_ms) {
                        prop_assert_eq!(result, Err(Error::BreakerOpen.into()));
                        prop_assert_eq!(paid, 0);
                        continue;
                    }
                    if scores[to] >= rules.refuse_score {
                        prop_assert_eq!(result, Err(Error::TooRisky.into()));
                        prop_assert_eq!(paid, 0);
                        continue;
                    }
                    // A payment that was allowed closes a breaker whose time is over.
                    tripped_ms = None;
                    if result == Ok(Decision::Paid) {
                        if now_ms - window.start_ms >= rules.window_ms {
                            window = Window { start_ms: now_ms, ..Window::default() };
                        }
                        window.outflow += amount;
                        window.payments += 1;
                        prop_assert_eq!(paid, amount);
                        prop_assert!(window.outflow <= rules.window_outflow, "{window:?}");
                        prop_assert!(window.payments <= rules.window_payments, "{window:?}");
                        let trusted = known && scores[to] < rules.caution_score;
                        prop_assert!(trusted || amount <= rules.newcomer_limit);
                    } else if result.is_ok() {
                        prop_assert_eq!(paid, 0);
                        tripped_ms = Some(now_ms);
                    }
                }
            }
            let gone: u128 = payees.iter().map(|payee| scene.suite.balance(*payee)).sum();
            prop_assert_eq!(scene.balance() + gone, FUNDS);
        }
    }
}
