//! A token: one owner who mints, balances that move, allowances, also by a signature that the
//! holder gave away, and receivers that are refused where the chain holds their code for risky.
//!
//! A permit is an ML-DSA-65 signature by the holder's account key, under the context `permit`, over
//! the canonical encoding of: number of the chain, this contract, the holder's permit number (they
//! count from 1, so each is used once), spender, amount, and the last millisecond that it is good
//! for.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// A token with one owner.
#[contract]
pub struct Token {
    /// Who may mint, and say which receivers are too risky.
    owner: Item<Address>,
    /// All balances together.
    #[view(total_supply)]
    supply: Item<u128>,
    /// What an account has.
    #[view(balance_of(account))]
    balances: Map<Address, u128>,
    /// What a spender may still move for a holder.
    #[view(allowance(holder, spender))]
    allowances: Map<(Address, Address), u128>,
    /// How many permits of a holder were used.
    #[view(permits(holder))]
    permits: Map<Address, u64>,
    /// The highest risk score, in basis points, of a receiver's code.
    max_risk: Item<u16>,
}

/// An amount moved from one account to another; new tokens come from the zero address.
#[event]
pub struct Transfer(#[topic] Address, #[topic] Address, u128);

/// A holder let a spender move an amount.
#[event]
pub struct Approval(#[topic] Address, #[topic] Address, u128);

/// What can go wrong.
#[error]
pub enum Error {
    /// Only the owner does this.
    NotOwner,
    /// The holder has less than the amount.
    InsufficientBalance,
    /// The spender may move less than the amount.
    InsufficientAllowance,
    /// The supply would be greater than 2¹²⁸ − 1.
    Overflow,
    /// The permit is too old.
    Expired,
    /// The permit is not signed by the holder's key, or not for this.
    Forged,
    /// The receiver's code has a risk score above the limit.
    RiskyReceiver,
}

#[methods]
impl Token {
    /// The owner is who deploys, and has the first `supply`.
    #[init]
    fn new(&mut self, cx: &Cx, supply: u128) -> Result {
        self.owner.set(cx.caller());
        self.max_risk.set(10_000);
        self.mint(cx, cx.caller(), supply)
    }

    /// Makes `amount` new tokens for `to`.
    #[call(only = owner, err = NotOwner)]
    fn mint(&mut self, cx: &Cx, to: Address, amount: u128) -> Result {
        self.supply.add_or(amount, Error::Overflow)?;
        self.balances.add_or(to, amount, Error::Overflow)?;
        cx.emit(Transfer(Address::ZERO, to, amount));
        Ok(())
    }

    /// From now on, receivers with a risk score above `limit` basis points are refused.
    #[call(only = owner)]
    fn set_max_risk(&mut self, limit: u16) {
        self.max_risk.set(limit);
    }

    /// Moves `amount` from the caller to `to`.
    #[call]
    fn transfer(&mut self, cx: &Cx, to: Address, amount: u128) -> Result {
        self.shift(cx, cx.caller(), to, amount)
    }

    /// Lets `spender` move up to `amount` of the caller's tokens, in place of what it might before.
    #[call]
    fn approve(&mut self, cx: &Cx, spender: Address, amount: u128) {
        self.allowances.set_or_remove((cx.caller(), spender), amount);
        cx.emit(Approval(cx.caller(), spender, amount));
    }

    /// Does what `approve` does for the account of `key`, by its signature. Anybody may bring it.
    #[call]
    fn permit(
        &mut self,
        cx: &Cx,
        key: Bytes,
        spender: Address,
        amount: u128,
        until_ms: u64,
        signature: Bytes,
    ) -> Result {
        ensure!(cx.time_ms() <= until_ms, Error::Expired);
        let holder = cx.account_of(Scheme::MlDsa65, &key);
        let number = self.permits.add_or(holder, 1, Error::Overflow)?;
        let msg = (cx.chain_id(), cx.self_address(), number, spender, amount, until_ms).to_bytes();
        cx.verify_pqc(Scheme::MlDsa65, &key, &msg, b"permit", &signature).or(Err(Error::Forged))?;
        self.allowances.set_or_remove((holder, spender), amount);
        cx.emit(Approval(holder, spender, amount));
        Ok(())
    }

    /// Moves `amount` from `from` to `to`, of what the caller may.
    #[call]
    fn transfer_from(&mut self, cx: &Cx, from: Address, to: Address, amount: u128) -> Result {
        self.allowances.sub_or((from, cx.caller()), amount, Error::InsufficientAllowance)?;
        self.shift(cx, from, to, amount)
    }

    fn shift(&mut self, cx: &Cx, from: Address, to: Address, amount: u128) -> Result {
        ensure!(cx.risk_score(to).unwrap_or(0) <= self.max_risk.get(), Error::RiskyReceiver);
        self.balances.sub_or(from, amount, Error::InsufficientBalance)?;
        self.balances.add_or(to, amount, Error::Overflow)?;
        cx.emit(Transfer(from, to, amount));
        Ok(())
    }
}
