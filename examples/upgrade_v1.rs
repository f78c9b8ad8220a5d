//! A counter that changes its own code, version 1: one sum. [`upgrade_v2`](../upgrade_v2.rs) is
//! what it becomes.
//!
//! It is deployed with itself as its admin (`Admin::Itself`): then nobody but its own code can ask
//! the chain for other code, and its own code asks for its owner alone. The new code takes over
//! address, balance and storage once the call of `upgrade` has ended well, and its `migrate` turns
//! the old storage into its own. Should that fail, the call fails with it and nothing has happened.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// A sum that anybody adds to.
#[contract(capabilities(upgrade))]
pub struct Counter {
    /// Who may replace the code.
    #[view]
    owner: Item<Address>,
    /// All that was added.
    #[view]
    sum: Item<u64>,
}

/// Somebody added to the sum.
#[event]
pub struct Added {
    /// Who.
    #[topic]
    pub by: Address,
    /// How much.
    pub amount: u64,
}

/// The code is replaced at the end of this call.
#[event]
pub struct Upgraded {
    /// Hash of the new code.
    #[topic]
    pub code_hash: Hash,
}

/// What can go wrong.
#[error]
pub enum Error {
    /// Only the owner replaces the code.
    NotOwner,
    /// The sum would be greater than 2⁶⁴ − 1.
    Overflow,
}

#[methods]
impl Counter {
    /// The owner is who deploys.
    #[init]
    fn new(&mut self, cx: &Cx) {
        self.owner.set(cx.caller());
    }

    /// Adds `amount`; the sum.
    #[call]
    fn add(&mut self, cx: &Cx, amount: u64) -> Result<u64> {
        cx.emit(Added { by: cx.caller(), amount });
        self.sum.add_or(amount, Error::Overflow)
    }

    /// Replaces the code, once this call has ended. `input` is for the new code's `migrate`. Fails
    /// where the chain has no such code, or this contract is not its own admin.
    #[call(only = owner, err = NotOwner)]
    fn upgrade(&mut self, cx: &Cx, code_hash: Hash, input: Bytes) -> Result {
        cx.emit(Upgraded { code_hash });
        cx.upgrade(code_hash, &input).or_revert();
        Ok(())
    }
}
