//! Further threads: they check signatures and execute ahead. What comes out does not depend on how
//! many there are.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::Status;

use crate::chain::admission::{check_form, check_signature, key_of};
use crate::chain::execute::Checked;
use crate::chain::rules::BlockRules;
use crate::chain::transaction::SignedTransaction;
use crate::crypto::KeyCache;
#[cfg(feature = "std")]
use crate::host::Machine;
#[cfg(feature = "std")]
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
            return check_on_threads(&mut self.keys, view, rules, transactions);
        }
        let keys = &mut self.keys[0];
        let check = |raw| check(view, rules, raw, Some(&mut *keys));
        transactions.iter().map(check).collect()
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

/// Each thread takes the next few that nobody has taken.
#[cfg(feature = "std")]
fn check_on_threads(
    keys: &mut [KeyCache],
    view: &dyn View,
    rules: &BlockRules,
    transactions: &[Bytes],
) -> Result<Vec<Checkable>, StoreError> {
    use core::sync::atomic::{AtomicUsize, Ordering};

    const AT_ONCE: usize = 8;
    let next = AtomicUsize::new(0);
    let work = |keys: &mut KeyCache| {
        let mut done = Vec::new();
        loop {
            let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
            let Some(rest) = transactions.get(from..).filter(|rest| !rest.is_empty()) else {
                return done;
            };
            for (at, raw) in (from..).zip(rest.iter().take(AT_ONCE)) {
                done.push((at, check(view, rules, raw, Some(&mut *keys))));
            }
        }
    };
    let (own, others) = keys.split_first_mut().expect("there is a thread");
    let work = &work;
    let mut done = std::thread::scope(|scope| {
        let threads: Vec<_> = others.iter_mut().map(|keys| scope.spawn(|| work(keys))).collect();
        let mut done = work(own);
        for thread in threads {
            match thread.join() {
                Ok(others) => done.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, checked)| checked).collect()
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
    let Ok(signed) = SignedTransaction::decode(raw) else { return Ok(Err(Status::Malformed)) };
    let scheme = match check_form(&signed, raw.len(), rules) {
        Ok(scheme) => scheme,
        Err(status) => return Ok(Err(status)),
    };
    let key = match key_of(view, &signed, scheme)? {
        Ok(key) => key,
        Err(status) => return Ok(Err(status)),
    };
    if let Err(status) = check_signature(&signed, &key, keys) {
        return Ok(Err(status));
    }
    let (id, bytes) = (signed.id(), raw.len());
    Ok(Ok(Checked { signed: Arc::new(signed), id, bytes, key }))
}
