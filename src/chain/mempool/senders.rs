//! [`Sender`]: the transactions of one account, by nonce.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{Pending, Reason, Refusal, Standing};
use crate::primitives::{Amount, Height, Nonce};

/// A transaction in the pool.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) pending: Pending,
    /// How many insertions there were before.
    pub(super) arrival: u64,
}

/// What a transaction is worth to the pool: the lowest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Whether it could be part of the next block, behind those of its account: one that waits for
    /// another can promise any tip, since it does not pay it.
    is_ready: bool,
    tip: Amount,
    arrival: Reverse<u64>,
}

impl Rank {
    pub(super) fn of(waiting: &Waiting, is_ready: bool) -> Rank {
        Rank { is_ready, tip: waiting.pending.tip, arrival: Reverse(waiting.arrival) }
    }
}

/// The transactions of one account: none has a nonce below the account's.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub(super) standing: Standing,
    pub(super) queue: BTreeMap<Nonce, Waiting>,
    /// What all of them may cost: never above the balance, so it is an amount.
    cost: Amount,
}

impl Sender {
    pub(super) fn new(standing: Standing) -> Sender {
        Sender { standing, queue: BTreeMap::new(), cost: Amount::ZERO }
    }

    pub(super) fn put(&mut self, waiting: Waiting) {
        let cost = waiting.pending.cost;
        self.cost = self.cost.checked_add(cost).unwrap_or(Amount::MAX);
        self.queue.insert(waiting.pending.nonce, waiting);
    }

    pub(super) fn take(&mut self, nonce: Nonce) -> Option<Waiting> {
        let taken = self.queue.remove(&nonce)?;
        self.cost = self.cost.checked_sub(taken.pending.cost).unwrap_or_default();
        Some(taken)
    }

    /// Whether a transaction may stand at its nonce, where there is one already.
    pub(super) fn check_replacement(&self, pending: &Pending) -> Result<(), Refusal> {
        let Some(Waiting { pending: there, .. }) = self.queue.get(&pending.nonce) else {
            return Ok(());
        };
        if there.id == pending.id {
            return Err(Refusal::Known);
        }
        match there.tip_to_replace() {
            Some(tip) if pending.tip >= tip => Ok(()),
            _ => Err(Refusal::Underpriced),
        }
    }

    /// What all may cost with this one at its nonce; none where that is no amount.
    pub(super) fn cost_with(&self, pending: &Pending) -> Option<Amount> {
        let there = self.queue.get(&pending.nonce);
        let replaced = there.map_or(Amount::ZERO, |waiting| waiting.pending.cost);
        self.cost.checked_sub(replaced)?.checked_add(pending.cost)
    }

    /// Whether all nonces from the account's up to the one before are there.
    pub(super) fn is_next(&self, nonce: Nonce) -> bool {
        let ahead = nonce.number().checked_sub(self.standing.nonce.number());
        ahead == Some(self.queue.range(..nonce).count() as u64)
    }

    /// What the last one is worth.
    pub(super) fn tail_rank(&self) -> Option<Rank> {
        let (nonce, waiting) = self.queue.last_key_value()?;
        // None is below the account's nonce, so as many as there is room for means all of them.
        let ahead = nonce.number().checked_sub(self.standing.nonce.number());
        let is_ready = ahead.is_some_and(|ahead| ahead + 1 == self.queue.len() as u64);
        Some(Rank::of(waiting, is_ready))
    }

    /// What has to go when the account stands so and a block of that height is the next.
    pub(super) fn outdated(
        &self,
        standing: Standing,
        height: Height,
        window: u64,
    ) -> Vec<(Nonce, Reason)> {
        let mut outdated = Vec::new();
        let mut left = standing.balance;
        for (nonce, Waiting { pending, .. }) in &self.queue {
            let reason = match nonce.number().checked_sub(standing.nonce.number()) {
                None => Reason::NonceUsed,
                Some(ahead) if ahead >= window => Reason::NonceTooFar,
                Some(_) if pending.valid_until < height => Reason::Expired,
                Some(_) => match left.checked_sub(pending.cost) {
                    None => Reason::CannotPay,
                    Some(rest) => {
                        left = rest;
                        continue;
                    }
                },
            };
            outdated.push((*nonce, reason));
        }
        outdated
    }
}
