//! [`Mempool`]: transactions that wait for a block.
//!
//! ```text
//!   account ─▶ queue by nonce   5 6 7 . 9 10      window: nonces 5 to 5 + limit - 1
//!                               └ ready ┘ └ waiting for 8
//!
//!   candidates: of the first of each queue, the one with the highest tip, then the one behind it
//!   room:       of the last of each queue, the one with the lowest rank goes
//! ```
//!
//! What it holds is a function of what it was told, in order: there is no clock in it. A
//! transaction never goes before those of its account that depend on it. Signatures are checked
//! before, with [`StateMachine::check_tx`](super::StateMachine::check_tx).
//!
//! With n transactions in the pool and a window of w nonces for each account, an insertion takes
//! O((w + e) · log n) steps, e being the transactions that go for it, at most [`MOST_EVICTED`];
//! candidates take O(accounts + taken · log n), an update O(n · log n) and a look at each account.

mod pending;
mod refusal;
mod senders;

use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use crate::primitives::{Address, Amount, Hash, Height, Nonce};
use crate::state::Bytes;

pub use pending::Pending;
pub use refusal::{Reason, Refusal, Removed};
use senders::{Rank, Sender, Waiting};

/// Transactions that go for one that comes, at most. So many small ones have to be worth less each
/// than one big one; a bigger pool of small ones is not walked through for it.
pub const MOST_EVICTED: usize = 64;

/// What a mempool may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MempoolLimits {
    /// Transactions.
    pub transactions: u32,
    /// Bytes of all of them together.
    pub bytes: u64,
    /// Transactions of one account: also how far a nonce may be ahead of the account's, so that an
    /// account whose window is full has no gap left to fill.
    pub account_transactions: u32,
}

impl Default for MempoolLimits {
    /// 10,000 transactions of 64 MiB together, 64 for each account.
    fn default() -> Self {
        MempoolLimits { transactions: 10_000, bytes: 64 << 20, account_transactions: 64 }
    }
}

impl MempoolLimits {
    /// The same with at most that many transactions.
    #[must_use]
    pub const fn transactions(self, transactions: u32) -> Self {
        MempoolLimits { transactions, ..self }
    }

    /// The same with at most that many bytes.
    #[must_use]
    pub const fn bytes(self, bytes: u64) -> Self {
        MempoolLimits { bytes, ..self }
    }

    /// The same with at most that many transactions of one account.
    #[must_use]
    pub const fn account_transactions(self, account_transactions: u32) -> Self {
        MempoolLimits { account_transactions, ..self }
    }
}

/// What a mempool has to know of an account, by committed state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// The nonce of its next transaction.
    pub nonce: Nonce,
    /// What it can pay with.
    pub balance: Amount,
}

impl Standing {
    /// An account that has sent so many transactions and has so much.
    #[must_use]
    pub const fn new(nonce: Nonce, balance: Amount) -> Standing {
        Standing { nonce, balance }
    }
}

/// Transactions that wait for a block.
#[derive(Clone)]
pub struct Mempool {
    limits: MempoolLimits,
    /// Accounts with transactions.
    senders: BTreeMap<Address, Sender>,
    /// Where a transaction is.
    ids: BTreeMap<Hash, (Address, Nonce)>,
    /// The last transaction of each account, the first to go in front.
    tails: BTreeSet<(Rank, Address)>,
    bytes: u64,
    /// Counts insertions.
    arrivals: u64,
    /// The height of the next block, as far as it is known.
    height: Height,
}

impl Mempool {
    /// An empty pool.
    #[must_use]
    pub fn new(limits: MempoolLimits) -> Mempool {
        Mempool {
            limits,
            senders: BTreeMap::new(),
            ids: BTreeMap::new(),
            tails: BTreeSet::new(),
            bytes: 0,
            arrivals: 0,
            height: Height::default(),
        }
    }

    /// How many transactions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Bytes of all transactions.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What it may hold.
    #[must_use]
    pub fn limits(&self) -> MempoolLimits {
        self.limits
    }

    /// Whether there is a transaction of that id.
    #[must_use]
    pub fn contains(&self, id: &Hash) -> bool {
        self.ids.contains_key(id)
    }

    /// The transaction of that id.
    #[must_use]
    pub fn transaction(&self, id: &Hash) -> Option<&Pending> {
        let (signer, nonce) = self.ids.get(id)?;
        Some(&self.senders.get(signer)?.queue.get(nonce)?.pending)
    }

    /// The transactions of an account, by nonce.
    pub fn of_account(&self, account: &Address) -> impl Iterator<Item = &Pending> {
        let queues = self.senders.get(account).into_iter();
        queues.flat_map(|sender| sender.queue.values().map(|waiting| &waiting.pending))
    }

    /// Takes a transaction whose signature was checked. `standing` is the signer's by the last
    /// committed block; where there are transactions of the signer, what [`Mempool::update`] was
    /// told last counts. Returns what went for it: the one that it replaces, and those that make
    /// room.
    ///
    /// # Errors
    ///
    /// With the [`Refusal`]; then nothing has changed.
    pub fn insert(
        &mut self,
        pending: Pending,
        standing: Standing,
    ) -> Result<Vec<Removed>, Refusal> {
        let signer = pending.signer;
        let known = self.senders.get(&signer).map(|sender| sender.standing);
        let is_new = known.is_none();
        let standing = known.unwrap_or(standing);
        self.check_alone(&pending, standing)?;
        if let Some(sender) = self.senders.get(&signer) {
            sender.check_replacement(&pending)?;
        }
        let cost = self
            .senders
            .get(&signer)
            .map_or(Some(pending.cost), |sender| sender.cost_with(&pending));
        if cost.is_none_or(|cost| cost > standing.balance) {
            return Err(Refusal::CannotPay);
        }
        if is_new {
            self.senders.insert(signer, Sender::new(standing));
        }
        let replaced = self.take(&signer, pending.nonce);
        let arrival = self.arrivals;
        let waiting = Waiting { pending, arrival };
        let evicted = match self.make_room(&waiting) {
            Ok(evicted) => evicted,
            Err(evicted) => {
                evicted.into_iter().chain(replaced).for_each(|waiting| self.put(waiting));
                self.forget(&signer);
                return Err(Refusal::PoolFull);
            }
        };
        self.arrivals += 1;
        self.put(waiting);
        let mut removed = Vec::new();
        removed.extend(replaced.map(|one| one.pending.removed(Reason::Replaced)));
        for waiting in evicted {
            self.forget(&waiting.pending.signer);
            removed.push(waiting.pending.removed(Reason::Evicted));
        }
        Ok(removed)
    }

    /// What does not depend on the other transactions.
    fn check_alone(&self, pending: &Pending, standing: Standing) -> Result<(), Refusal> {
        let window = u64::from(self.limits.account_transactions);
        if pending.raw.len() as u64 > self.limits.bytes {
            return Err(Refusal::TooLong);
        }
        if pending.valid_until < self.height {
            return Err(Refusal::Expired);
        }
        match pending.nonce.number().checked_sub(standing.nonce.number()) {
            None => Err(Refusal::NonceUsed),
            Some(ahead) if ahead >= window => Err(Refusal::NonceTooFar),
            Some(_) => Ok(()),
        }
    }

    /// Takes out what has to go for a transaction of which there is none of the same nonce; as an
    /// error, what was taken out in vain.
    fn make_room(&mut self, waiting: &Waiting) -> Result<Vec<Waiting>, Vec<Waiting>> {
        let pending = &waiting.pending;
        let is_ready =
            self.senders.get(&pending.signer).is_some_and(|one| one.is_next(pending.nonce));
        let rank = Rank::of(waiting, is_ready);
        let mut evicted = Vec::new();
        while !self.has_room(pending) {
            let victim = self.victim(pending, rank);
            let victim = victim.filter(|_| evicted.len() < MOST_EVICTED);
            let taken = victim.and_then(|(signer, nonce)| self.take(&signer, nonce));
            let Some(taken) = taken else { return Err(evicted) };
            evicted.push(taken);
        }
        Ok(evicted)
    }

    fn has_room(&self, pending: &Pending) -> bool {
        self.ids.len() < self.limits.transactions as usize
            && self.bytes.saturating_add(pending.raw.len() as u64) <= self.limits.bytes
    }

    /// The transaction that goes first for one of that rank.
    fn victim(&self, pending: &Pending, rank: Rank) -> Option<(Address, Nonce)> {
        // What it depends on itself must not go for it: of that there is one at most among tails.
        let mut lowest = self.tails.iter().take(2).filter_map(|(lowest, signer)| {
            let (nonce, _) = self.senders.get(signer)?.queue.last_key_value()?;
            let is_below = *signer == pending.signer && *nonce < pending.nonce;
            (!is_below).then_some((*lowest, *signer, *nonce))
        });
        lowest
            .next()
            .filter(|(lowest, _, _)| *lowest < rank)
            .map(|(_, signer, nonce)| (signer, nonce))
    }

    /// Tells of a block: `height` is that of the next one, `standing` the account's from now on.
    /// Out goes what was committed, has expired, or can no longer be paid for.
    ///
    /// # Errors
    ///
    /// Where `standing` does; then nothing has changed.
    pub fn update<E>(
        &mut self,
        height: Height,
        standing: &mut dyn FnMut(&Address) -> Result<Standing, E>,
    ) -> Result<Vec<Removed>, E> {
        let standings: Result<Vec<(Address, Standing)>, E> =
            self.senders.keys().map(|signer| Ok((*signer, standing(signer)?))).collect();
        let standings = standings?;
        self.height = height;
        let window = u64::from(self.limits.account_transactions);
        let mut removed = Vec::new();
        for (signer, standing) in standings {
            let Some(sender) = self.senders.get(&signer) else { continue };
            for (nonce, reason) in sender.outdated(standing, height, window) {
                let taken = self.take(&signer, nonce);
                removed.extend(taken.map(|one| one.pending.removed(reason)));
            }
            self.change(&signer, |sender| sender.standing = standing);
            self.forget(&signer);
        }
        Ok(removed)
    }

    /// Takes a transaction out, for a reason that somebody else has. Those of the account behind it
    /// wait for another one of its nonce.
    pub fn remove(&mut self, id: &Hash) -> Option<Pending> {
        let (signer, nonce) = *self.ids.get(id)?;
        let taken = self.take(&signer, nonce);
        self.forget(&signer);
        taken.map(|waiting| waiting.pending)
    }

    /// Transactions for a block of so many bytes and so much gas: those with the highest tip first,
    /// then those that came first, each behind those of its account with lower nonces. One that
    /// does not fit keeps back those behind it, and no others.
    #[must_use]
    pub fn candidates(&self, max_bytes: u64, max_gas: u64) -> Vec<Bytes> {
        let (mut bytes, mut gas) = (max_bytes, max_gas);
        let first = |(signer, sender): (&Address, &Sender)| {
            let waiting = sender.queue.get(&sender.standing.nonce)?;
            Some((waiting.pending.tip, Reverse(waiting.arrival), *signer, waiting.pending.nonce))
        };
        let mut heads: BinaryHeap<_> = self.senders.iter().filter_map(first).collect();
        let mut taken = Vec::new();
        while let Some((_, _, signer, nonce)) = heads.pop() {
            let Some(sender) = self.senders.get(&signer) else { continue };
            let Some(Waiting { pending, .. }) = sender.queue.get(&nonce) else { continue };
            let left = bytes.checked_sub(pending.raw.len() as u64);
            let Some(left) = left.zip(gas.checked_sub(pending.gas_limit)) else { continue };
            (bytes, gas) = left;
            taken.push(pending.raw.clone());
            let next = nonce.next().and_then(|next| sender.queue.get(&next));
            if let Some(next) = next {
                let Waiting { pending, arrival } = next;
                heads.push((pending.tip, Reverse(*arrival), signer, pending.nonce));
            }
        }
        taken
    }

    /// Changes the transactions of an account, and keeps the order of tails.
    fn change(&mut self, signer: &Address, act: impl FnOnce(&mut Sender)) {
        let Some(sender) = self.senders.get_mut(signer) else { return };
        if let Some(rank) = sender.tail_rank() {
            self.tails.remove(&(rank, *signer));
        }
        act(sender);
        if let Some(rank) = sender.tail_rank() {
            self.tails.insert((rank, *signer));
        }
    }

    /// Takes a transaction out. An account without any stays, for [`Mempool::forget`].
    fn take(&mut self, signer: &Address, nonce: Nonce) -> Option<Waiting> {
        let mut taken = None;
        self.change(signer, |sender| taken = sender.take(nonce));
        if let Some(waiting) = &taken {
            self.ids.remove(&waiting.pending.id);
            self.bytes -= waiting.pending.raw.len() as u64;
        }
        taken
    }

    /// Puts a transaction of an account that is there where there is none of its nonce.
    fn put(&mut self, waiting: Waiting) {
        let Pending { signer, nonce, id, .. } = waiting.pending;
        self.ids.insert(id, (signer, nonce));
        self.bytes += waiting.pending.raw.len() as u64;
        self.change(&signer, |sender| sender.put(waiting));
    }

    /// Forgets an account without transactions.
    fn forget(&mut self, signer: &Address) {
        if self.senders.get(signer).is_some_and(|sender| sender.queue.is_empty()) {
            self.senders.remove(signer);
        }
    }
}

impl fmt::Debug for Mempool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pool = f.debug_struct("Mempool");
        pool.field("transactions", &self.len()).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}
