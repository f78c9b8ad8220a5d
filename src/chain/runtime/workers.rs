//! Further threads: they check signatures and execute ahead. What comes out does not depend on how
//! many there are.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::Status;

use crate::chain::admission::{Key, check_form, check_signature, key_of, own_key};
use crate::chain::execute::Checked;
use crate::chain::merkle::leaf_hash;
use crate::chain::rules::BlockRules;
use crate::chain::transaction::SignedTransaction;
use crate::crypto::KeyCache;
#[cfg(feature = "std")]
use crate::host::Machine;
use crate::primitives::Hash;
use crate::state::{Bytes, StoreError, View};

/// A transaction of a block, encoded, and what came of its checks.
pub(crate) type Checkable = Result<Checked, Status>;

/// What further threads need.
#[derive(Default)]
pub(crate) struct Workers {
    /// How many threads there are, that of the caller included.
    #[cfg(feature = "std")]
    threads: usize,
    /// Public keys that have been decoded, one cache for each thread.
    keys: Vec<KeyCache>,
    /// Machines under the rules with this id, for the threads beside that of the caller.
    #[cfg(feature = "std")]
    machines: (Option<Hash>, Vec<Machine>),
}

impl Workers {
    pub(crate) fn new(threads: usize) -> Workers {
        let threads = if cfg!(feature = "std") { threads.max(1) } else { 1 };
        let keys = (0..threads).map(|_| KeyCache::default()).collect();
        Workers {
            #[cfg(feature = "std")]
            threads,
            keys,
            #[cfg(feature = "std")]
            machines: (None, Vec::new()),
        }
    }

    /// How many threads there are, that of the caller included.
    #[cfg(feature = "std")]
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// Machines under the same rules as `like`, one for each further thread.
    #[cfg(feature = "std")]
    pub(crate) fn machines(
        &mut self,
        rules: &BlockRules,
        like: &Machine,
    ) -> Result<&mut [Machine], crate::host::Fault> {
        if self.machines.0 != Some(rules.protocol_id) {
            let mut machines = Vec::new();
            for _ in 1..self.threads {
                let machine = Machine::new(like.rules().clone());
                machines.push(machine.map_err(|error| {
                    crate::host::Fault::new(alloc::format!("a further machine: {error}"))
                })?);
            }
            self.machines = (Some(rules.protocol_id), machines);
        }
        Ok(&mut self.machines.1)
    }

    /// Checks transactions by the rules and by the state that the block begins with.
    pub(crate) fn check_all(
        &mut self,
        view: &dyn View,
        rules: &BlockRules,
        transactions: &[Bytes],
    ) -> Result<Vec<Checkable>, StoreError> {
        #[cfg(feature = "std")]
        if self.threads > 1 && transactions.len() > 1 {
            let results = on_threads(&mut self.keys, transactions, |keys, raw| {
                check(view, rules, raw, Some(keys))
            });
            return results.into_iter().collect();
        }
        let keys = &mut self.keys[0];
        let check = |raw| check(view, rules, raw, Some(&mut *keys));
        transactions.iter().map(check).collect()
    }

    /// The hashes of transactions as leaves of the block's tree.
    pub(crate) fn leaves(&self, transactions: &[Bytes]) -> Vec<Hash> {
        over(self.keys.len(), transactions, |raw| leaf_hash(raw))
    }

    /// Checks one transaction by the rules and by the state that the block begins with.
    pub(crate) fn check(
        &mut self,
        view: &dyn View,
        rules: &BlockRules,
        raw: &Bytes,
    ) -> Result<Checkable, StoreError> {
        check(view, rules, raw, Some(&mut self.keys[0]))
    }
}

/// Each thread, with a worker of its own, takes the next few items that nobody has taken; the
/// results are in the order of the items.
#[cfg(feature = "std")]
pub(crate) fn on_threads<W: Send, I: Sync, T: Send>(
    workers: &mut [W],
    items: &[I],
    work: impl Fn(&mut W, &I) -> T + Sync,
) -> Vec<T> {
    use core::sync::atomic::{AtomicUsize, Ordering};

    const AT_ONCE: usize = 4;
    let next = AtomicUsize::new(0);
    let take = |worker: &mut W| {
        let mut done = Vec::new();
        loop {
            let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            let Some(rest) = items.get(from..).filter(|rest| !rest.is_empty()) else {
                return done;
            };
            let few = rest.iter().take(AT_ONCE);
            done.extend((from..).zip(few).map(|(at, item)| (at, work(worker, item))));
        }
    };
    let take = &take;
    let (own, others) = workers.split_first_mut().expect("there is a thread");
    let mut done = std::thread::scope(|scope| {
        let threads: Vec<_> =
            others.iter_mut().map(|worker| scope.spawn(|| take(worker))).collect();
        let mut done = take(own);
        for thread in threads {
            match thread.join() {
                Ok(others) => done.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What `work` makes of each item, on that many threads where there are threads.
fn over<I: Sync, T: Send>(threads: usize, items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    #[cfg(feature = "std")]
    if threads > 1 && items.len() > 1 {
        return on_threads(&mut alloc::vec![(); threads], items, |(), item| work(item));
    }
    let _ = threads;
    items.iter().map(work).collect()
}

/// Checks a transaction by the rules and by the state that the block begins with.
pub(crate) fn check(
    view: &dyn View,
    rules: &BlockRules,
    raw: &Bytes,
    keys: Option<&mut KeyCache>,
) -> Result<Checkable, StoreError> {
    if raw.len() > rules.protocol.policy.transaction_bytes as usize {
        return Ok(Err(Status::TooLong));
    }
    conclude(view, rules, raw, &Seen::decode(raw), keys)
}

/// What can be said of a transaction without rules and state.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    /// It is not the encoding of one.
    Malformed,
    /// It is one.
    Signed {
        /// The transaction.
        signed: Arc<SignedTransaction>,
        /// Its id.
        id: Hash,
        /// The key that it brings, and whether its signature is one by it; none where nobody has
        /// looked, or it brings none.
        verified: Option<(Key, bool)>,
    },
}

impl Seen {
    fn decode(raw: &Bytes) -> Seen {
        match SignedTransaction::decode(raw) {
            Ok(signed) => {
                Seen::Signed { id: signed.id(), signed: Arc::new(signed), verified: None }
            }
            Err(_) => Seen::Malformed,
        }
    }

    /// The same, and its signature has been checked where it brings its key.
    fn verify(raw: &Bytes) -> Seen {
        let Seen::Signed { signed, id, .. } = Seen::decode(raw) else { return Seen::Malformed };
        let verified = own_key(&signed).map(|key| {
            let is_right = check_signature(&signed, &key, None).is_ok();
            (key, is_right)
        });
        Seen::Signed { signed, id, verified }
    }
}

/// The rest of a check, once a transaction has been looked at.
fn conclude(
    view: &dyn View,
    rules: &BlockRules,
    raw: &Bytes,
    seen: &Seen,
    keys: Option<&mut KeyCache>,
) -> Result<Checkable, StoreError> {
    if raw.len() > rules.protocol.policy.transaction_bytes as usize {
        return Ok(Err(Status::TooLong));
    }
    let Seen::Signed { signed, id, verified } = seen else { return Ok(Err(Status::Malformed)) };
    let scheme = match check_form(signed, raw.len(), rules) {
        Ok(scheme) => scheme,
        Err(status) => return Ok(Err(status)),
    };
    let (key, result) = match verified {
        Some((key, true)) => (key.clone(), Ok(())),
        Some((_, false)) => return Ok(Err(Status::BadSignature)),
        None => match key_of(view, signed, scheme)? {
            Ok(key) => {
                let result = check_signature(signed, &key, keys);
                (key, result)
            }
            Err(status) => return Ok(Err(status)),
        },
    };
    let (signed, bytes) = (signed.clone(), raw.len());
    Ok(result.map(|()| Checked { signed, id: *id, bytes, key }))
}

/// Transactions whose signatures have been looked at, where they bring their keys: that needs
/// neither rules nor state, so it can be done for the next block while this one is executed and
/// committed. Without rules, what is too long or of a scheme that is not admitted is looked at too:
/// whoever takes blocks from others bounds them first.
#[derive(Clone, Debug)]
pub struct Verified {
    transactions: Vec<Bytes>,
    /// What was seen of each, and its hash as a leaf of the block's tree.
    seen: Vec<(Seen, Hash)>,
}

impl Verified {
    /// Looks at the signatures of transactions, each encoded, on that many threads.
    #[must_use]
    pub fn new(transactions: Vec<Bytes>, threads: usize) -> Verified {
        let look = |raw: &Bytes| (Seen::verify(raw), leaf_hash(raw));
        let seen = over(threads, &transactions, look);
        Verified { transactions, seen }
    }

    /// The transactions, each encoded.
    #[must_use]
    pub fn transactions(&self) -> &[Bytes] {
        &self.transactions
    }

    /// What was not looked at yet, by the rules and by the state that the block begins with.
    pub(super) fn check(
        &self,
        view: &dyn View,
        rules: &BlockRules,
    ) -> Result<Vec<Checkable>, StoreError> {
        let pairs = self.transactions.iter().zip(&self.seen);
        pairs.map(|(raw, (seen, _))| conclude(view, rules, raw, seen, None)).collect()
    }

    /// Their hashes as leaves of the block's tree.
    pub(super) fn leaves(&self) -> Vec<Hash> {
        self.seen.iter().map(|(_, leaf)| *leaf).collect()
    }
}
