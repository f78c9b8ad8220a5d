//! A token in as little as there is to say: one owner who mints, balances that move, allowances.
//!
//! [`token`](../token.rs) has more: permits by signature, and receivers that are refused by risk.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// A token with one owner.
#[contract]
pub struct Token {
    /// Who may mint.
    #[view]
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
    /// Only the owner mints.
    NotOwner,
    /// The holder has less than the amount.
    InsufficientBalance,
    /// The spender may move less than the amount.
    InsufficientAllowance,
    /// The supply would be greater than 2¹²⁸ − 1.
    Overflow,
}

#[methods]
impl Token {
    /// The owner is who deploys, and has the first `supply`.
    #[init]
    fn new(&mut self, cx: &Cx, supply: u128) -> Result {
        self.owner.set(cx.caller());
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

    /// Moves `amount` from `from` to `to`, of what the caller may.
    #[call]
    fn transfer_from(&mut self, cx: &Cx, from: Address, to: Address, amount: u128) -> Result {
        self.allowances.sub_or((from, cx.caller()), amount, Error::InsufficientAllowance)?;
        self.shift(cx, from, to, amount)
    }

    fn shift(&mut self, cx: &Cx, from: Address, to: Address, amount: u128) -> Result {
        self.balances.sub_or(from, amount, Error::InsufficientBalance)?;
        self.balances.add_or(to, amount, Error::Overflow)?;
        cx.emit(Transfer(from, to, amount));
        Ok(())
    }
}
