//! The escrow: the module in the runtime, and the source against the mock.

#[path = "../escrow.rs"]
mod escrow;
#[path = "support/mod.rs"]
mod support;

use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::{CallStatus, Contract, SdkError, mock};
use dytallix_testkit::{
    Address, DEFAULT_BALANCE, Expect, Sender, Suite, TestResult, assert_reverts, values,
};
use escrow::{Closed, Deal, Error, Escrow, EscrowClient, Locked, Withdrawn};
use support::module;

/// An escrow, a buyer, a seller, an arbiter and somebody else.
struct Scene {
    suite: Suite,
    escrow: EscrowClient<Sender>,
    buyer: Address,
    seller: Address,
    arbiter: Address,
    other: Address,
}

impl Scene {
    fn new() -> TestResult<Scene> {
        let suite = Suite::new();
        let [buyer, seller, arbiter, other] =
            ["bob", "carol", "judy", "mallory"].map(|name| suite.account(name));
        let deployment = suite.deploy_file(module("escrow")).arguments(Escrow::init_arguments());
        let escrow = deployment.client::<Escrow>()?;
        Ok(Scene { suite, escrow, buyer, seller, arbiter, other })
    }

    /// The escrow as somebody calls it.
    fn by(&self, caller: Address) -> EscrowClient<Sender> {
        self.escrow.with_transport(self.suite.from(caller))
    }

    /// The buyer locks an amount for an hour.
    fn lock(&self, amount: u128) -> TestResult<u64> {
        let deadline_ms = self.suite.time_ms() + 3_600_000;
        let buyer = self.by(self.buyer).with_value(amount);
        Ok(buyer.lock(self.seller, self.arbiter, deadline_ms)?)
    }

    /// What the contract holds is what is locked and what is owed.
    fn is_sound(&self) -> TestResult<bool> {
        let parties = [self.buyer, self.seller, self.arbiter, self.other];
        let mut owed = 0;
        for party in parties {
            owed += self.escrow.owed_to(party)?;
        }
        let mut locked = 0;
        for id in 1..=self.escrow.count()? {
            locked += self.escrow.deal(id)?.map_or(0, |deal| deal.amount);
        }
        let balances: u128 = parties.iter().map(|party| self.suite.balance(*party)).sum();
        let balance = self.suite.balance(self.escrow.address);
        Ok(self.escrow.locked()? == locked
            && balance == locked + owed
            && balances + balance == 4 * DEFAULT_BALANCE)
    }
}

#[test]
fn a_released_deal_is_the_sellers_to_withdraw() -> TestResult {
    let scene = Scene::new()?;
    let Scene { suite, escrow, buyer, seller, arbiter, .. } = &scene;
    let (buyer, seller, arbiter) = (*buyer, *seller, *arbiter);
    let id = scene.lock(500)?;
    suite.expect_events(&[&Locked { id, buyer, seller, amount: 500 }]);
    let deadline_ms = suite.time_ms() + 3_600_000;
    assert_eq!(escrow.deal(id)?, Some(Deal { buyer, seller, arbiter, amount: 500, deadline_ms }));
    assert_eq!((id, escrow.locked()?, suite.balance(escrow.address)), (1, 500, 500));

    scene.by(buyer).release(id)?;
    suite.expect_events(&[&Closed { id, to: seller, by: buyer, amount: 500 }]);
    assert_eq!((escrow.deal(id)?, escrow.locked()?, escrow.owed_to(seller)?), (None, 0, 500));
    assert_eq!(suite.balance(seller), DEFAULT_BALANCE, "nobody is paid unasked");

    assert_eq!(scene.by(seller).withdraw()?, 500);
    suite.expect_events(&[&Withdrawn(seller, 500)]);
    assert_eq!(suite.balance(seller), DEFAULT_BALANCE + 500);
    assert_reverts!(scene.by(seller).withdraw(), Error::NothingOwed);
    assert!(scene.is_sound()?);
    Ok(())
}

#[test]
fn a_deal_ends_once_and_by_whom_it_may() -> TestResult {
    let scene = Scene::new()?;
    let Scene { suite, escrow, buyer, seller, arbiter, other } = &scene;
    let start = suite.snapshot();
    for (releases, who, may) in [
        (true, buyer, true),
        (true, arbiter, true),
        (true, seller, false),
        (true, other, false),
        (false, seller, true),
        (false, arbiter, true),
        (false, buyer, false),
        (false, other, false),
    ] {
        suite.revert(start);
        let id = scene.lock(7)?;
        let as_who = scene.by(*who);
        let end = || if releases { as_who.release(id) } else { as_who.refund(id) };
        if !may {
            assert_reverts!(end(), Error::NotAllowed);
            assert_eq!(escrow.locked()?, 7);
            continue;
        }
        end()?;
        let to = if releases { seller } else { buyer };
        assert_eq!(escrow.owed_to(*to)?, 7);
        assert_reverts!(scene.by(*arbiter).release(id), Error::NoDeal);
        assert_reverts!(scene.by(*arbiter).refund(id), Error::NoDeal);
    }
    Ok(())
}

#[test]
fn the_buyer_takes_it_back_from_the_deadline_on() -> TestResult {
    let scene = Scene::new()?;
    let (suite, buyer) = (&scene.suite, scene.buyer);
    let id = scene.lock(9)?;
    suite.warp_by(3_599_999);
    assert_reverts!(scene.by(buyer).refund(id), Error::NotAllowed);
    suite.warp_by(1);
    assert_reverts!(scene.by(scene.other).refund(id), Error::NotAllowed);
    scene.by(buyer).refund(id)?;
    assert_eq!(scene.by(buyer).withdraw()?, 9);
    assert_eq!(suite.balance(buyer), DEFAULT_BALANCE);
    Ok(())
}

#[test]
fn what_is_no_deal_is_refused_with_its_value() -> TestResult {
    let scene = Scene::new()?;
    let (suite, seller, arbiter, now) =
        (&scene.suite, scene.seller, scene.arbiter, scene.suite.time_ms());
    let buyer = scene.by(scene.buyer);
    assert_reverts!(buyer.lock(seller, arbiter, now + 1), Error::NoValue);
    let paying = buyer.with_value(5);
    assert_reverts!(paying.lock(seller, arbiter, now), Error::DeadlinePassed);
    for (seller, arbiter) in [(scene.buyer, arbiter), (seller, seller), (seller, scene.buyer)] {
        assert_reverts!(paying.lock(seller, arbiter, now + 1), Error::SameParty);
    }
    assert_eq!((suite.balance(scene.buyer), scene.escrow.count()?), (DEFAULT_BALANCE, 0));
    // Only opening takes value.
    scene.lock(1)?;
    scene.by(scene.buyer).with_value(1).release(1).expect_status(CallStatus::NotPermitted);
    Ok(())
}

/// A contract that takes no value keeps nobody else from theirs, and its own is not lost.
#[test]
fn a_receiver_that_takes_no_value_harms_only_itself() -> TestResult {
    let scene = Scene::new()?;
    let (suite, escrow) = (&scene.suite, &scene.escrow);
    let counter = suite.deploy_file(module("basic_token")).values(&values![0_u128]).send()?;
    let deadline_ms = suite.time_ms() + 1;
    let id = scene.by(scene.buyer).with_value(3).lock(counter, scene.arbiter, deadline_ms)?;
    scene.by(scene.buyer).release(id)?;
    let other = scene.lock(4)?;
    scene.by(scene.buyer).release(other)?;
    assert_reverts!(scene.by(counter).withdraw(), Error::Unpayable);
    assert_eq!((escrow.owed_to(counter)?, scene.by(scene.seller).withdraw()?), (3, 4));
    assert_eq!(suite.balance(escrow.address), 3);
    Ok(())
}

/// Twice within one call of a transaction, as a receiver that calls back would do.
#[test]
fn a_debt_is_paid_once_however_it_is_asked_for() {
    let mock = mock::Mock::new();
    let (cx, seller) = (mock.cx(), mock::Mock::CALLER);
    mock.set_balance(mock::Mock::CONTRACT, 100);
    let mut escrow = Escrow::open();
    let (buyer, arbiter) = (Address::new([1; 32]), Address::new([2; 32]));
    mock.set_caller(buyer);
    mock.set_value(40);
    let id = escrow.lock(&cx, seller, arbiter, 10).expect("a deal");
    escrow.release(&cx, id).expect("released");
    mock.set_caller(seller);
    assert_eq!(escrow.withdraw(&cx), Ok(40));
    assert_eq!(escrow.withdraw(&cx), Err(Error::NothingOwed));
    assert_eq!((mock.balance(seller), mock.balance(mock::Mock::CONTRACT)), (40, 60));
    assert_eq!(mock.emitted::<Withdrawn>(), [Withdrawn(seller, 40)]);
}

#[test]
fn bad_arguments_are_refused() -> TestResult {
    let scene = Scene::new()?;
    let call = scene.suite.call(scene.escrow.address, "release").arguments(vec![1; 7]);
    call.send().expect_sdk_error(SdkError::BadArguments);
    Ok(())
}

/// What somebody tries.
#[derive(Clone, Debug)]
enum Step {
    Lock(usize, usize, usize, u128),
    Release(usize, u64),
    Refund(usize, u64),
    Withdraw(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let (who, id) = (0..4_usize, 0..6_u64);
    let amount = prop_oneof![0..1_000_u128, Just(DEFAULT_BALANCE), Just(u128::MAX)];
    prop_oneof![
        3 => (who.clone(), who.clone(), who.clone(), amount)
            .prop_map(|(by, to, arbiter, amount)| Step::Lock(by, to, arbiter, amount)),
        3 => (who.clone(), id.clone()).prop_map(|(who, id)| Step::Release(who, id)),
        3 => (who.clone(), id).prop_map(|(who, id)| Step::Refund(who, id)),
        2 => who.prop_map(Step::Withdraw),
        1 => (0..3_000_u64).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Value is conserved: what the contract holds is what is locked in deals and what is owed.
    #[test]
    fn the_balance_is_what_is_locked_and_owed(steps in prop::collection::vec(step(), 1..30)) {
        let scene = Scene::new()?;
        let parties = [scene.buyer, scene.seller, scene.arbiter, scene.other];
        for step in steps {
            match step {
                Step::Lock(buyer, seller, arbiter, amount) => {
                    let deadline_ms = scene.suite.time_ms() + 1_000;
                    let buyer = scene.by(parties[buyer]).with_value(amount);
                    _ = buyer.lock(parties[seller], parties[arbiter], deadline_ms);
                }
                Step::Release(who, id) => _ = scene.by(parties[who]).release(id),
                Step::Refund(who, id) => _ = scene.by(parties[who]).refund(id),
                Step::Withdraw(who) => _ = scene.by(parties[who]).withdraw(),
                Step::Wait(ms) => scene.suite.warp_by(ms),
            }
            prop_assert!(scene.is_sound()?);
        }
    }
}
