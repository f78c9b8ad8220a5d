//! The market maker with two tokens: the modules in the runtime.

#[path = "../amm.rs"]
mod amm;
#[path = "support/mod.rs"]
mod support;
#[path = "../basic_token.rs"]
mod token;

use amm::{Added, Amm, AmmClient, Error, FEE, LOCKED, Removed, Swapped};
use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::sdk::{CallError, CallStatus, SdkError, sqrt};
use dytallix_testkit::{Address, Mock, Sender, Suite, TestResult, assert_reverts};
use support::module;
use token::{Token, TokenClient};

/// A pool of two tokens, of which alice, bob and carol have a third each.
struct Market {
    suite: Suite,
    amm: AmmClient<Sender>,
    a: TokenClient<Sender>,
    b: TokenClient<Sender>,
    traders: [Address; 3],
}

/// Everything that there is to a pool, in numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pool {
    reserves: (u128, u128),
    shares: u128,
}

impl Market {
    fn new(each: u128) -> TestResult<Market> {
        let suite = Suite::new();
        let traders = ["alice", "bob", "carol"].map(|name| suite.account(name));
        let mut tokens = Vec::new();
        for _ in 0..2 {
            let deployment = suite.deploy_file(module("basic_token")).from(traders[0]);
            let token = deployment.arguments(Token::init_arguments(each)).client::<Token>()?;
            for trader in &traders[1..] {
                token.mint(*trader, each)?;
            }
            tokens.push(token);
        }
        let (a, b) = (tokens[0].clone(), tokens[1].clone());
        let arguments = Amm::init_arguments(a.address, b.address);
        let amm = suite.deploy_file(module("amm")).arguments(arguments).client::<Amm>()?;
        for trader in traders {
            for token in &tokens {
                let token = token.with_transport(suite.from(trader));
                token.approve(amm.address, u128::MAX)?;
            }
        }
        Ok(Market { suite, amm, a, b, traders })
    }

    /// The pool as a trader calls it.
    fn by(&self, trader: usize) -> AmmClient<Sender> {
        self.amm.with_transport(self.suite.from(self.traders[trader]))
    }

    fn pool(&self) -> TestResult<Pool> {
        Ok(Pool { reserves: self.amm.reserves()?, shares: self.amm.total_shares()? })
    }

    /// What somebody has of both tokens.
    fn has(&self, who: Address) -> TestResult<(u128, u128)> {
        Ok((self.a.balance_of(who)?, self.b.balance_of(who)?))
    }

    /// Tokens are where they were, or in the pool, which has what it has noted; shares add up.
    fn is_sound(&self) -> TestResult<bool> {
        let pool = self.pool()?;
        let has = self.has(self.amm.address)?;
        let mut all = has;
        let mut shares = if pool.shares == 0 { 0 } else { LOCKED };
        for trader in self.traders {
            let has = self.has(trader)?;
            all = (all.0 + has.0, all.1 + has.1);
            shares += self.amm.shares_of(trader)?;
        }
        let supplies = (self.a.total_supply()?, self.b.total_supply()?);
        Ok(all == supplies && has == pool.reserves && shares == pool.shares)
    }
}

/// A product with all its bits: the upper and the lower half.
fn product(x: u128, y: u128) -> (u128, u128) {
    let (low, half) = (x.wrapping_mul(y), u128::from(u64::MAX));
    let (x1, x0, y1, y0) = (x >> 64, x & half, y >> 64, y & half);
    let (upper, lower) = (|n: u128| n >> 64, |n: u128| n & half);
    let middle = upper(x0 * y0) + lower(x1 * y0) + lower(x0 * y1);
    (x1 * y1 + upper(x1 * y0) + upper(x0 * y1) + upper(middle), low)
}

#[test]
fn the_first_to_add_sets_the_price() -> TestResult {
    let market = Market::new(10_000_000)?;
    let (amm, alice) = (market.by(0), market.traders[0]);
    assert_eq!(amm.add((1_000_000, 4_000_000), 1_999_000)?, 1_999_000);
    let added = Added { by: alice, amounts: (1_000_000, 4_000_000), shares: 1_999_000 };
    market.suite.expect_event_from(amm.address, &added);
    assert_eq!(market.pool()?, Pool { reserves: (1_000_000, 4_000_000), shares: 2_000_000 });
    assert_eq!(market.has(alice)?, (9_000_000, 6_000_000));
    // The next one gets shares for the scarcer token, and keeps what is too much of the other.
    assert_eq!(market.by(1).add((50_000, 9_000_000), 100_000)?, 100_000);
    assert_eq!(market.pool()?, Pool { reserves: (1_050_000, 4_200_000), shares: 2_100_000 });
    assert_eq!(market.has(market.traders[1])?, (9_950_000, 9_800_000));
    assert_reverts!(market.by(2).add((50_000, 200_000), 100_001), Error::Slippage);
    assert!(market.is_sound()?);
    Ok(())
}

#[test]
fn a_swap_pays_the_fee_to_the_pool() -> TestResult {
    let market = Market::new(10_000_000)?;
    market.by(0).add((1_000_000, 1_000_000), 0)?;
    let (token_in, bob) = (market.a.address, market.traders[1]);
    // 10,000 less 0.3 %, 9,970, of 1,009,970.
    let amount_out = 1_000_000 * 9_970 / 1_009_970;
    assert_eq!(market.amm.quote(token_in, 10_000)?, amount_out);
    assert_reverts!(market.by(1).swap(token_in, 10_000, amount_out + 1), Error::Slippage);
    assert_eq!(market.by(1).swap(token_in, 10_000, amount_out)?, amount_out);
    let swapped = Swapped { by: bob, token_in, amount_in: 10_000, amount_out };
    market.suite.expect_event_from(market.amm.address, &swapped);
    assert_eq!(market.has(bob)?, (9_990_000, 10_000_000 + amount_out));
    assert_eq!(market.pool()?.reserves, (1_010_000, 1_000_000 - amount_out));
    // There and back is a loss of two fees.
    let back = market.by(1).swap(market.b.address, amount_out, 0)?;
    assert!(back < 10_000 - 2 * 10_000 * FEE / 10_000 + 1, "{back}");
    assert!(market.is_sound()?);
    Ok(())
}

#[test]
fn liquidity_comes_out_with_what_swaps_have_paid() -> TestResult {
    let market = Market::new(10_000_000)?;
    let amm = market.by(0);
    let shares = amm.add((1_000_000, 1_000_000), 0)?;
    for _ in 0..10 {
        let out = market.by(1).swap(market.a.address, 100_000, 0)?;
        market.by(1).swap(market.b.address, out, 0)?;
    }
    let Pool { reserves, shares: total } = market.pool()?;
    let part = (reserves.0 * shares / total, reserves.1 * shares / total);
    assert_reverts!(amm.remove(shares, (part.0 + 1, 0)), Error::Slippage);
    assert_reverts!(amm.remove(shares + 1, (0, 0)), Error::InsufficientShares);
    assert_reverts!(market.by(1).remove(1, (0, 0)), Error::InsufficientShares);
    assert_eq!(amm.remove(shares, part)?, part);
    let removed = Removed { by: market.traders[0], amounts: part, shares };
    market.suite.expect_event_from(amm.address, &removed);
    let has = market.has(market.traders[0])?;
    assert!(has.0 > 10_000_000 && has.1 + LOCKED >= 10_000_000, "{has:?}");
    assert_eq!(market.pool()?.shares, LOCKED, "those stay");
    assert!(market.is_sound()?);
    Ok(())
}

#[test]
fn what_is_too_little_or_of_another_token_is_refused() -> TestResult {
    let market = Market::new(10_000_000)?;
    let amm = market.by(0);
    let (a, b) = (market.a.address, market.b.address);
    assert_reverts!(amm.swap(a, 1_000, 0), Error::TooLittle);
    for (most, error) in [
        ((0, 5_000), Error::TooLittle),
        ((1_000, 1_000), Error::TooLittle),
        ((100, 100), Error::TooLittle),
    ] {
        assert_reverts!(amm.add(most, 0), error);
    }
    amm.add((1_000_000, 1_000_000), 0)?;
    assert_reverts!(amm.swap(amm.address, 1_000, 0), Error::NotInPool);
    assert_reverts!(amm.swap(a, 0, 0), Error::TooLittle);
    assert_reverts!(amm.swap(b, 1, 0), Error::TooLittle);
    assert_reverts!(amm.add((0, 5), 0), Error::TooLittle);
    assert_reverts!(amm.add((u128::MAX, u128::MAX), 0), Error::Overflow);
    assert_reverts!(amm.swap(a, u128::MAX, 0), Error::Overflow);
    let same = market.suite.deploy_file(module("amm")).arguments(Amm::init_arguments(a, a));
    assert_reverts!(same.send(), Error::SameToken);
    Ok(())
}

/// The token's own error comes through, and nothing has changed.
#[test]
fn what_a_token_refuses_is_undone() -> TestResult {
    let market = Market::new(10_000)?;
    market.by(0).add((5_000, 5_000), 0)?;
    let before = market.pool()?;
    let failed = |result: Result<u128, CallError>, error: token::Error| {
        let failure = result.expect_err("the token refuses");
        assert_eq!(failure.sdk_error(), Some(SdkError::CallFailed));
        let reverted = CallStatus::Reverted.code().to_le_bytes();
        let data = [&[SdkError::CallFailed.code()][..], &reverted, &[error as u8]].concat();
        assert_eq!(failure.data, data);
    };
    failed(market.by(1).swap(market.a.address, 10_001, 0), token::Error::InsufficientBalance);
    let b = market.b.with_transport(market.suite.from(market.traders[1]));
    b.approve(market.amm.address, 99)?;
    failed(market.by(1).swap(market.b.address, 100, 0), token::Error::InsufficientAllowance);
    failed(market.by(1).add((1_000, 1_000), 0), token::Error::InsufficientAllowance);
    assert_eq!(market.pool()?, before);
    assert!(market.is_sound()?);
    Ok(())
}

/// Tokens that were sent here are no reserve: they change no price, and nobody can take them out.
#[test]
fn a_gift_moves_no_price() -> TestResult {
    let market = Market::new(10_000_000)?;
    market.by(0).add((1_000_000, 1_000_000), 0)?;
    let quote = market.amm.quote(market.a.address, 500)?;
    let b = market.b.with_transport(market.suite.from(market.traders[1]));
    b.transfer(market.amm.address, 5_000_000)?;
    assert_eq!(market.amm.quote(market.a.address, 500)?, quote);
    assert_eq!(market.pool()?.reserves, (1_000_000, 1_000_000));
    Ok(())
}

/// A token that says yes and moves nothing gets nothing for it.
#[test]
fn a_token_that_pays_short_is_refused() -> TestResult {
    let market = Market::new(10_000_000)?;
    let suite = &market.suite;
    let liar = Mock::new().returns("transfer_from", &()).returns("balance_of", &4_999_u128);
    let arguments = Amm::init_arguments(suite.mock(liar), market.b.address);
    let amm = suite.deploy_file(module("amm")).arguments(arguments).client::<Amm>()?;
    market.b.approve(amm.address, 5_000)?;
    assert_reverts!(amm.add((5_000, 5_000), 0), Error::ShortPaid);
    assert_eq!(amm.reserves()?, (0, 0));
    Ok(())
}

#[test]
fn products_are_right() {
    assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
    assert_eq!(product(1 << 100, 1 << 100), (1 << 72, 0));
    assert_eq!(product(u64::MAX.into(), 3), (0, 3 * u128::from(u64::MAX)));
    assert_eq!(product((1 << 64) + 1, (1 << 64) + 1), (1, (1 << 65) + 1));
}

/// What somebody tries.
#[derive(Clone, Debug)]
enum Step {
    Add(usize, (u128, u128)),
    Remove(usize, u128),
    Swap(usize, bool, u128),
}

/// Small amounts, where rounding counts, large ones, and those that fit nowhere.
fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![
        3 => 0..20_u128,
        4 => 0..100_000_u128,
        3 => (0..110_u32, any::<u64>()).prop_map(|(bits, n)| (u128::from(n) << bits) >> 64),
        1 => Just(u128::MAX),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3_usize;
    prop_oneof![
        2 => (who.clone(), (amount(), amount())).prop_map(|(who, most)| Step::Add(who, most)),
        2 => (who.clone(), amount()).prop_map(|(who, shares)| Step::Remove(who, shares)),
        5 => (who, any::<bool>(), amount()).prop_map(|(who, of_a, n)| Step::Swap(who, of_a, n)),
    ]
}

/// What must hold from one pool to the next: the product never falls by a swap, and no share is
/// ever worth less of either token by somebody's adding or removing.
fn check(step: &Step, before: Pool, after: Pool) -> Result<(), TestCaseError> {
    let k = |pool: Pool| product(pool.reserves.0, pool.reserves.1);
    match step {
        Step::Swap(..) => {
            prop_assert!(k(after) >= k(before), "{before:?} {after:?}");
            prop_assert_eq!(after.shares, before.shares);
        }
        Step::Add(..) | Step::Remove(..) if before.shares > 0 => {
            let worth =
                |was: u128, is: u128| product(is, before.shares) >= product(was, after.shares);
            prop_assert!(worth(before.reserves.0, after.reserves.0), "{before:?} {after:?}");
            prop_assert!(worth(before.reserves.1, after.reserves.1), "{before:?} {after:?}");
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is traded, from the smallest amounts to those that fit nowhere.
    #[test]
    fn the_product_never_falls_and_shares_never_lose(
        bits in 20..120_u32,
        first in (1..64_u32, 1..64_u32),
        steps in prop::collection::vec(step(), 1..25),
    ) {
        let each = 1_u128 << bits;
        let market = Market::new(each)?;
        let most = ((each >> (first.0 % bits)).max(1), (each >> (first.1 % bits)).max(1));
        let is_enough = sqrt(most.0) * sqrt(most.1) > LOCKED;
        prop_assert_eq!(market.by(0).add(most, 0).is_ok(), is_enough);
        for step in steps {
            let before = market.pool()?;
            let result = match &step {
                Step::Add(who, most) => market.by(*who).add(*most, 0).map(drop),
                Step::Remove(who, shares) => market.by(*who).remove(*shares, (0, 0)).map(drop),
                Step::Swap(who, of_a, amount) => {
                    let token = if *of_a { market.a.address } else { market.b.address };
                    market.by(*who).swap(token, *amount, 0).map(drop)
                }
            };
            if let Err(error) = result {
                let broken = [SdkError::Panic, SdkError::ArithmeticOverflow];
                let is_broken = error.sdk_error().is_some_and(|error| broken.contains(&error));
                prop_assert!(error.status == CallStatus::Reverted && !is_broken, "{error:?}");
                prop_assert_eq!(market.pool()?, before);
                continue;
            }
            check(&step, before, market.pool()?)?;
            prop_assert!(market.is_sound()?);
        }
    }
}
