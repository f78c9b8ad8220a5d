//! A counter that changes its own code, version 2: a sum for each account, in place of the one sum
//! of [`upgrade_v1`](../upgrade_v1.rs).
//!
//! The layout of storage is another, so `schema` is 2 and `migrate` moves what is there. What it
//! keeps to, so that old bytes are never read as something else:
//!
//! * `owner` has the prefix that it had;
//! * the sum's prefix, 1, is not used again: what is new has a new prefix;
//! * it refuses every layout but the one that it knows how to read.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// A sum for each account.
#[contract(schema = 2, capabilities(upgrade))]
pub struct Counter {
    /// Who may replace the code; as in version 1.
    #[view]
    owner: Item<Address>,
    /// What each account added.
    #[prefix = 2]
    #[view(sum_of(account))]
    sums: Map<Address, u64>,
}

/// The prefix of the one sum of version 1.
const OLD_SUM: u8 = 1;

/// Somebody added to its sum.
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

/// The one sum was shared out.
#[event]
pub struct Migrated {
    /// What it was.
    pub sum: u64,
}

/// What can go wrong.
#[error]
pub enum Error {
    /// Only the owner replaces the code.
    NotOwner,
    /// A sum would be greater than 2⁶⁴ − 1.
    Overflow,
    /// The storage is not that of version 1.
    WrongVersion {
        /// Whose it is.
        found: u32,
    },
    /// The shares do not make up the old sum.
    SharesDiffer {
        /// The old sum.
        sum: u64,
        /// All shares together.
        shares: u64,
    },
}

#[methods]
impl Counter {
    /// The owner is who deploys.
    #[init]
    fn new(&mut self, cx: &Cx) {
        self.owner.set(cx.caller());
    }

    /// Shares the one sum of version 1 out: each account gets its share, and all of them make up
    /// the sum.
    #[migrate]
    fn migrate(&mut self, cx: &Cx, old_version: u32, shares: Vec<(Address, u64)>) -> Result {
        ensure!(old_version == 1, Error::WrongVersion { found: old_version });
        let mut old: Item<u64> = Item::at(OLD_SUM);
        let (sum, mut shared) = (old.get(), 0_u64);
        old.clear();
        for (account, share) in shares {
            self.sums.add_or(account, share, Error::Overflow)?;
            shared = shared.add_or(share, Error::Overflow)?;
        }
        ensure!(shared == sum, Error::SharesDiffer { sum, shares: shared });
        cx.emit(Migrated { sum });
        Ok(())
    }

    /// Adds `amount` to the caller's sum, and returns that.
    #[call]
    fn add(&mut self, cx: &Cx, amount: u64) -> Result<u64> {
        cx.emit(Added { by: cx.caller(), amount });
        self.sums.add_or(cx.caller(), amount, Error::Overflow)
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
