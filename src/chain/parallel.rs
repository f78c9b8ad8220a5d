//! Executing transactions ahead on further threads, in the manner of Block-STM: what comes out is
//! what one after the other gives, byte by byte.
//!
//! ```text
//!   window of transactions ─▶ each over a fork of the block so far, on all threads
//!        │                        ▼ trace: every value read, every value written
//!        └─ in order: do its reads still hold? ─ yes ─▶ its writes are the block's
//!                                              └ no ──▶ it is executed again, here and now
//! ```
//!
//! Reads are compared by value, so transactions that read what others wrote and found the same do
//! not conflict. What a contract uses of storage and its deposit are sums: transactions that only
//! add to them do not conflict by that. Where much has to be executed again, the rest goes one
//! after the other for a while.

use alloc::vec::Vec;

use super::receipt::Receipt;
use super::rules::BlockRules;
use super::runtime::{Checkable, Used, Workers, run_next};
use crate::host::{Fault, Machine};
use crate::state::Overlay;

/// Executes the next transactions of a block and adds their receipts.
pub(crate) fn execute_all(
    machine: &mut Machine,
    workers: &mut Workers,
    overlay: &mut Overlay<'_>,
    rules: &BlockRules,
    used: &mut Used,
    checked: &[Checkable],
    receipts: &mut Vec<Receipt>,
) -> Result<(), Fault> {
    // Logs and frames are told in order, which those who execute ahead do not know.
    #[cfg(feature = "std")]
    if workers.threads() > 1 && !machine.is_watched() {
        let machines = workers.machines(rules, machine)?;
        let mut run = ahead::Run { machine, machines, overlay, rules, used, receipts };
        return run.all(checked);
    }
    let _ = workers;
    for checked in checked {
        receipts.push(run_next(machine, overlay, rules, used, checked)?);
    }
    Ok(())
}

#[cfg(feature = "std")]
mod ahead {
    use super::*;
    use crate::chain::execute::{Paid, execute};
    use crate::chain::runtime::on_threads;
    use crate::chain::transaction::Body;
    use crate::host::system_address;
    use crate::state::{Room, Trace};

    /// Transactions in the first window, and in one after many had to be executed again.
    const FIRST: usize = 16;
    /// Transactions in the largest window.
    const LARGEST: usize = 512;
    /// Transactions that go one after the other where executing ahead did not pay; twice as many
    /// each time that it did not pay again.
    const PAUSE: usize = 128;

    /// What a transaction came to, executed ahead.
    struct Ahead {
        receipt: Receipt,
        paid: Paid,
        trace: Trace,
    }

    pub(super) struct Run<'r, 'o, 's> {
        pub(super) machine: &'r mut Machine,
        pub(super) machines: &'r mut [Machine],
        pub(super) overlay: &'o mut Overlay<'s>,
        pub(super) rules: &'r BlockRules,
        pub(super) used: &'r mut Used,
        pub(super) receipts: &'r mut Vec<Receipt>,
    }

    impl Run<'_, '_, '_> {
        /// Goes through the transactions in windows.
        pub(super) fn all(&mut self, checked: &[Checkable]) -> Result<(), Fault> {
            let (mut rest, mut window, mut pause) = (checked, FIRST, PAUSE);
            while !rest.is_empty() {
                let (now, later) = rest.split_at(window.min(rest.len()));
                let again = self.window(now)?;
                rest = later;
                if again * 4 <= now.len() {
                    window = (window * 2).min(LARGEST);
                    pause = PAUSE;
                    continue;
                }
                let (alone, later) = rest.split_at(pause.min(rest.len()));
                for checked in alone {
                    self.alone(checked)?;
                }
                (rest, window, pause) = (later, FIRST, pause.saturating_mul(2));
            }
            Ok(())
        }

        /// Executes a window ahead and merges it in order. Returns how many had to be executed
        /// again.
        fn window(&mut self, checked: &[Checkable]) -> Result<usize, Fault> {
            let room = self.room();
            let (mut again, mut is_stale) = (0, false);
            let ahead = self.ahead(checked);
            for (checked, ahead) in checked.iter().zip(ahead) {
                let Some(ahead) = ahead.filter(|_| !is_stale) else {
                    again += usize::from(is_parallel(checked));
                    is_stale |= !is_parallel(checked) && checked.is_ok();
                    self.alone(checked)?;
                    continue;
                };
                let Ahead { receipt, paid, trace } = ahead?;
                let is_structural = trace.is_structural() || trace.touches(&system_address());
                if !self.merge(checked, receipt, paid, trace, room)? {
                    again += 1;
                    self.alone(checked)?;
                }
                // What it changed is read by others without being seen.
                is_stale |= is_structural;
            }
            Ok(again)
        }

        /// Executes each transaction over a fork of the block so far.
        fn ahead(&mut self, checked: &[Checkable]) -> Vec<Option<Result<Ahead, Fault>>> {
            let (overlay, rules) = (&*self.overlay, self.rules);
            let own = core::iter::once(&mut *self.machine);
            let mut machines: Vec<&mut Machine> = own.chain(self.machines.iter_mut()).collect();
            on_threads(&mut machines, checked, |machine, checked| {
                one(machine, overlay, rules, checked)
            })
        }

        /// Makes what was executed ahead the next of the block, where it is what would be executed
        /// now.
        fn merge(
            &mut self,
            checked: &Checkable,
            receipt: Receipt,
            paid: Paid,
            trace: Trace,
            room: Room,
        ) -> Result<bool, Fault> {
            let Ok(checked) = checked else { return Ok(false) };
            let gas_limit = checked.signed.transaction.fee.gas_limit;
            if !self.used.fits(self.rules, gas_limit, checked.bytes)
                || !self.overlay.apply(trace, room)?
            {
                return Ok(false);
            }
            self.used.count(&receipt, paid, gas_limit, checked.bytes)?;
            self.receipts.push(receipt);
            Ok(true)
        }

        /// Executes the next transaction here and now.
        fn alone(&mut self, checked: &Checkable) -> Result<(), Fault> {
            let receipt = run_next(self.machine, self.overlay, self.rules, self.used, checked)?;
            self.receipts.push(receipt);
            Ok(())
        }

        /// How much a contract may hold so that no transaction comes near the limits of storage.
        fn room(&self) -> Room {
            let limits = &self.rules.protocol.call_limits;
            let writes = u64::from(limits.storage.transaction_writes);
            let largest = u64::from(limits.key_bytes).saturating_add(limits.value_bytes.into());
            let items = limits.storage.contract_items.saturating_sub(writes);
            let bytes = writes.saturating_mul(largest);
            Room { items, bytes: limits.storage.contract_bytes.saturating_sub(bytes) }
        }
    }

    /// Executes a transaction over a fork; none where that has to wait for its turn.
    fn one(
        machine: &mut Machine,
        overlay: &Overlay<'_>,
        rules: &BlockRules,
        checked: &Checkable,
    ) -> Option<Result<Ahead, Fault>> {
        let checked = checked.as_ref().ok().filter(|_| is_parallel(checked))?;
        let mut fork = overlay.fork().traced();
        Some(execute(machine, &mut fork, rules, checked).map(|(receipt, paid)| {
            let trace = fork.into_trace();
            Ahead { receipt, paid, trace }
        }))
    }

    /// Whether a transaction is one that can be executed ahead: calls and transfers.
    fn is_parallel(checked: &Checkable) -> bool {
        let parts = checked.as_ref().map(|checked| checked.signed.transaction.body.parts());
        let is_plain = |body: &Body| matches!(body, Body::Call { .. } | Body::Transfer { .. });
        parts.is_ok_and(|parts| parts.iter().all(is_plain))
    }
}
