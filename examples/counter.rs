//! A counter: the smallest contract.
//!
//! Anybody adds; what does not fit is refused.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// A number that anybody may add to.
#[contract]
pub struct Counter {
    #[view]
    count: Item<u64>,
}

/// Somebody added to the number.
#[event]
pub struct Added {
    /// Who.
    #[topic]
    pub by: Address,
    /// How much.
    pub amount: u64,
}

/// What can go wrong.
#[error]
pub enum Error {
    /// The sum would be greater than 2⁶⁴ − 1.
    Overflow,
}

#[methods]
impl Counter {
    /// Begins at `start`.
    #[init]
    fn new(&mut self, start: u64) {
        self.count.set(start);
    }

    /// Adds `amount`; the sum.
    #[call]
    fn add(&mut self, cx: &Cx, amount: u64) -> Result<u64> {
        cx.emit(Added { by: cx.caller(), amount });
        self.count.add_or(amount, Error::Overflow)
    }
}
