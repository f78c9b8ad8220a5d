//! An automatic market maker: a pool of two tokens whose product never falls.
//!
//! Who adds liquidity gets shares of the pool; who swaps pays the pool a fee. Products have 256
//! bits in between ([`mul_div`]), a sum that does not fit is refused, and every division rounds in
//! favour of the pool. So after a swap the product of the reserves is never smaller than before it,
//! and a share is never worth less after somebody else has added or removed liquidity.
//!
//! The pool goes by what it has noted, never by its balance: tokens that are sent here without
//! being asked for are a gift to nobody. A token that hands over less than it was asked for is
//! refused. Tokens are called last; while one runs, the host refuses calls of the pool.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;
use dytallix_sdk::{mul_div, mul_div_up, sqrt};

/// What a swap costs, in basis points of what is paid in.
pub const FEE: u128 = 30;
/// Basis points of everything.
const ALL: u128 = 10_000;
/// Shares that stay in the pool for good: they make it dear to inflate what one share is worth.
pub const LOCKED: u128 = 1_000;

/// What the pool asks of a token.
#[interface]
pub trait Fungible {
    /// Moves an amount of the caller's to `to`.
    fn transfer(&mut self, to: Address, amount: u128);
    /// Moves an amount from `from` to `to`, which `from` has allowed the caller.
    fn transfer_from(&mut self, from: Address, to: Address, amount: u128);
    /// What an account has.
    fn balance_of(&self, account: Address) -> u128;
}

/// A pool of two tokens.
#[contract(capabilities(call))]
pub struct Amm {
    /// The two tokens.
    #[view]
    tokens: Item<(Address, Address)>,
    /// How much the pool has of each.
    reserves: Map<Address, u128>,
    /// All shares together.
    #[view]
    total_shares: Item<u128>,
    /// The shares of an account.
    #[view(shares_of(account))]
    shares: Map<Address, u128>,
}

/// Somebody put tokens in.
#[event]
pub struct Added {
    /// Who.
    #[topic]
    pub by: Address,
    /// How much of each token.
    pub amounts: (u128, u128),
    /// For how many shares.
    pub shares: u128,
}

/// Somebody took tokens out.
#[event]
pub struct Removed {
    /// Who.
    #[topic]
    pub by: Address,
    /// How much of each token.
    pub amounts: (u128, u128),
    /// For how many shares.
    pub shares: u128,
}

/// Somebody gave one token for the other.
#[event]
pub struct Swapped {
    /// Who.
    #[topic]
    pub by: Address,
    /// The token that came in.
    #[topic]
    pub token_in: Address,
    /// How much came in.
    pub amount_in: u128,
    /// How much of the other went out.
    pub amount_out: u128,
}

/// What can go wrong.
#[error]
pub enum Error {
    /// A pool is of two different tokens.
    SameToken,
    /// The pool does not have that token.
    NotInPool,
    /// The amounts are too small for the pool to give anything.
    TooLittle,
    /// The price has moved: it would be less than the caller accepts.
    Slippage,
    /// The caller has fewer shares.
    InsufficientShares,
    /// A token has handed over less than it was asked for.
    ShortPaid,
    /// An amount would be greater than 2¹²⁸ − 1.
    Overflow,
}

#[methods]
impl Amm {
    /// A pool of these tokens, empty.
    #[init]
    fn new(&mut self, a: Address, b: Address) -> Result {
        ensure!(a != b, Error::SameToken);
        self.tokens.set((a, b));
        Ok(())
    }

    /// Puts in tokens at the pool's price, at most those, as far as the caller has allowed the pool
    /// to take them; the shares for it. The first who does so sets the price.
    #[call]
    fn add(&mut self, cx: &Cx, most: (u128, u128), least_shares: u128) -> Result<u128> {
        let ((a, b), (reserve_a, reserve_b)) = (self.tokens.get(), self.reserves());
        let total = self.total_shares.get();
        let (amounts, shares) = if total == 0 {
            // No root is above 2⁶⁴ − 1, so their product fits.
            let all = sqrt(most.0) * sqrt(most.1);
            self.total_shares.set(LOCKED);
            (most, all.sub_or(LOCKED, Error::TooLittle)?)
        } else {
            // What does not fit buys more than the other token does, or is refused below.
            let by_a = mul_div(most.0, total, reserve_a).unwrap_or(u128::MAX);
            let by_b = mul_div(most.1, total, reserve_b).unwrap_or(u128::MAX);
            let shares = by_a.min(by_b);
            let cost = |reserve| mul_div_up(shares, reserve, total).ok_or(Error::Overflow);
            ((cost(reserve_a)?, cost(reserve_b)?), shares)
        };
        ensure!(shares > 0, Error::TooLittle);
        ensure!(shares >= least_shares, Error::Slippage);
        self.total_shares.add_or(shares, Error::Overflow)?;
        self.shares.add_or(cx.caller(), shares, Error::Overflow)?;
        let reserve_a = self.reserves.add_or(a, amounts.0, Error::Overflow)?;
        let reserve_b = self.reserves.add_or(b, amounts.1, Error::Overflow)?;
        cx.emit(Added { by: cx.caller(), amounts, shares });
        pull(cx, a, amounts.0, reserve_a)?;
        pull(cx, b, amounts.1, reserve_b)?;
        Ok(shares)
    }

    /// Gives shares back for their part of the pool, unless that is less than `least` of a token;
    /// how much of each.
    #[call]
    fn remove(&mut self, cx: &Cx, shares: u128, least: (u128, u128)) -> Result<(u128, u128)> {
        let ((a, b), (reserve_a, reserve_b)) = (self.tokens.get(), self.reserves());
        let total = self.total_shares.get();
        let part = |reserve| mul_div(shares, reserve, total).ok_or(Error::InsufficientShares);
        let amounts = (part(reserve_a)?, part(reserve_b)?);
        ensure!(amounts.0 >= least.0 && amounts.1 >= least.1, Error::Slippage);
        self.shares.sub_or(cx.caller(), shares, Error::InsufficientShares)?;
        self.total_shares.sub_or(shares, Error::InsufficientShares)?;
        self.reserves.sub_or(a, amounts.0, Error::InsufficientShares)?;
        self.reserves.sub_or(b, amounts.1, Error::InsufficientShares)?;
        cx.emit(Removed { by: cx.caller(), amounts, shares });
        FungibleClient::new(a).transfer(cx.caller(), amounts.0).or_revert();
        FungibleClient::new(b).transfer(cx.caller(), amounts.1).or_revert();
        Ok(amounts)
    }

    /// Takes `amount_in` of a token, as far as the caller has allowed it, and gives the other,
    /// unless that is less than `least_out`; how much.
    #[call]
    fn swap(
        &mut self,
        cx: &Cx,
        token_in: Address,
        amount_in: u128,
        least_out: u128,
    ) -> Result<u128> {
        let (token_out, amount_out) = (self.other(token_in)?, self.quote(token_in, amount_in)?);
        ensure!(amount_out > 0, Error::TooLittle);
        ensure!(amount_out >= least_out, Error::Slippage);
        let reserve_in = self.reserves.add_or(token_in, amount_in, Error::Overflow)?;
        self.reserves.sub_or(token_out, amount_out, Error::Overflow)?;
        cx.emit(Swapped { by: cx.caller(), token_in, amount_in, amount_out });
        pull(cx, token_in, amount_in, reserve_in)?;
        FungibleClient::new(token_out).transfer(cx.caller(), amount_out).or_revert();
        Ok(amount_out)
    }

    /// What a swap of `amount_in` of a token would give of the other now.
    #[view]
    fn quote(&self, token_in: Address, amount_in: u128) -> Result<u128> {
        let reserve_out = self.reserves.get(self.other(token_in)?);
        // What is left after the fee buys: out = reserve_out * paid / (reserve_in + paid).
        let paid = mul_div(amount_in, ALL - FEE, ALL).ok_or(Error::Overflow)?;
        let after = self.reserves.get(token_in).add_or(paid, Error::Overflow)?;
        mul_div(reserve_out, paid, after).ok_or(Error::TooLittle)
    }

    /// How much the pool has of each token.
    #[view]
    fn reserves(&self) -> (u128, u128) {
        let (a, b) = self.tokens.get();
        (self.reserves.get(a), self.reserves.get(b))
    }

    /// The other token of the pool.
    fn other(&self, token: Address) -> Result<Address> {
        match self.tokens.get() {
            (a, b) if a == token => Ok(b),
            (a, b) if b == token => Ok(a),
            _ => Err(Error::NotInPool),
        }
    }
}

/// Takes an amount of a token from the caller; the pool has at least `reserve` of it then.
fn pull(cx: &Cx, token: Address, amount: u128, reserve: u128) -> Result {
    let token = FungibleClient::new(token);
    token.transfer_from(cx.caller(), cx.self_address(), amount).or_revert();
    ensure!(token.balance_of(cx.self_address()).or_revert() >= reserve, Error::ShortPaid);
    Ok(())
}
