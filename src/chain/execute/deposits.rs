//! Storage deposits: taken from the signer for what a transaction adds to storage, given to the
//! signer of the one that frees it.
//!
//! What a contract's storage would cost now is compared with what it would have cost before. Where
//! that grew, the difference is taken; where it shrank, the same part of what is held comes back.
//! So what is held goes back whole when all is freed, whatever prices were meanwhile; and where
//! storage costs nothing, nothing of it goes to whoever comes first.

use dytallix_abi::Status;

use super::{Run, Step, Stop};
use crate::host::system_address;
use crate::primitives::Amount;
use crate::state::{StateError, Usage};

impl Run<'_, '_, '_> {
    /// Takes and returns the deposits of all contracts whose storage has changed, in order of
    /// their addresses: returns first, since they may pay for what is taken.
    pub(super) fn settle_deposits(&mut self) -> Step<()> {
        let changes = self.overlay.usage_changes();
        let signer = self.signer();
        let mut taken = alloc::vec::Vec::new();
        // The system contract's storage is the chain's own.
        let paid = changes.into_iter().filter(|(contract, ..)| *contract != system_address());
        for (contract, before, now) in paid {
            let is_empty = now == Usage::default();
            let (before, now) = (self.cost(before)?, self.cost(now)?);
            if now > before {
                // Not below zero: it is greater.
                taken.push((contract, Amount::new(now.units() - before.units())));
                continue;
            }
            let info = self.overlay.load_account(&contract)?.contract.as_ref();
            let held = info.map(|info| info.deposit).unwrap_or_default();
            // All of it where nothing is stored any more; nothing where storage costs nothing.
            let kept = if is_empty { Amount::ZERO } else { part(held, now, before) };
            let back = held.checked_sub(kept).unwrap_or_default();
            self.overlay.return_deposit(&contract, &signer, back)?;
        }
        for (contract, amount) in taken {
            self.count_deposit(amount)?;
            let result = self.overlay.take_deposit(&contract, &signer, amount);
            result.map_err(|error| self.of_deposit(error))?;
        }
        Ok(())
    }

    fn cost(&self, usage: Usage) -> Step<Amount> {
        let cost = self.rules.protocol.policy.storage_deposit(usage.items, usage.bytes);
        cost.ok_or(Stop::Failed(Status::Deposit))
    }

    /// Counts what is taken against the limit of the transaction.
    pub(super) fn count_deposit(&mut self, amount: Amount) -> Step<()> {
        let limit = self.checked.signed.transaction.fee.deposit_limit;
        let sum = self.deposits.checked_add(amount).filter(|sum| *sum <= limit);
        self.deposits = sum.ok_or(Stop::Failed(Status::Deposit))?;
        Ok(())
    }

    /// A deposit that the signer does not have is a failure of its own.
    pub(super) fn of_deposit(&self, error: StateError) -> Stop {
        match error {
            StateError::InsufficientBalance => Stop::Failed(Status::Deposit),
            error => error.into(),
        }
    }
}

/// `held × now ÷ before`, rounded up: what stays held. Without overflow; `now` is not above
/// `before`.
fn part(held: Amount, now: Amount, before: Amount) -> Amount {
    let (held, now, before) = (held.units(), now.units(), before.units());
    if before == 0 {
        return Amount::new(held);
    }
    // Long multiplication bit by bit, keeping quotient and remainder by `before`: each is below
    // what fits, since now ≤ before.
    let (mut quotient, mut remainder) = (0_u128, 0_u128);
    for bit in (0..u128::BITS).rev() {
        quotient = quotient.wrapping_mul(2);
        if remainder >= before - remainder {
            remainder -= before - remainder;
            quotient += 1;
        } else {
            remainder *= 2;
        }
        if held >> bit & 1 == 1 {
            if remainder >= before - now {
                remainder -= before - now;
                quotient += 1;
            } else {
                remainder += now;
            }
        }
    }
    Amount::new(quotient + u128::from(remainder > 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_are_rounded_up_and_do_not_overflow() {
        for (held, now, before, expected) in [
            (0, 1, 2, 0),
            (7, 0, 0, 7),
            (7, 0, 5, 0),
            (7, 5, 5, 7),
            (7, 1, 2, 4),
            (u128::MAX, u128::MAX, u128::MAX, u128::MAX),
            (u128::MAX, u128::MAX - 1, u128::MAX, u128::MAX - 1),
            (u128::MAX, 1, u128::MAX, 1),
            (u128::MAX, 1, 3, u128::MAX / 3),
        ] {
            let amount = Amount::new;
            assert_eq!(part(amount(held), amount(now), amount(before)), amount(expected));
        }
    }

    proptest! {
        #[test]
        fn parts_are_those_of_small_numbers(
            held in 0..1_u128 << 60, a in 1..1_u128 << 60, b in 1..1_u128 << 60,
        ) {
            let (now, before) = (a.min(b), a.max(b));
            let expected = (held * now).div_ceil(before);
            let amount = Amount::new;
            prop_assert_eq!(part(amount(held), amount(now), amount(before)), amount(expected));
        }
    }
}
