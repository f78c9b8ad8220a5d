//! Blocks executed again under another protocol: what would have changed?
//!
//! Each block is executed over the state that it was executed over, so a difference in one block is
//! not carried into the next. Signatures are not checked again.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::Status;

use super::admission::{check_form, key_of};
use super::execute::Checked;
use super::governance::{apply_due, load_parameters};
use super::protocol::Protocol;
use super::receipt::Receipt;
use super::rules::BlockRules;
use super::runtime::{BlockError, Checkable, Error, Runtime, Used, run_next};
use super::transaction::SignedTransaction;
use crate::host::{BlockContext, Fault, Machine, record_block_hash};
use crate::primitives::{Hash, Height};
use crate::state::{Bytes, Overlay, Store, View};

/// What came of a transaction, and what would have come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// The block.
    pub height: Height,
    /// The place of the transaction in it.
    pub index: u32,
    /// Its id; none where it does not decode.
    pub id: Option<Hash>,
    /// The receipt that it has.
    pub before: Receipt,
    /// The receipt that it would have.
    pub after: Receipt,
}

/// What would have changed in a range of blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplayReport {
    /// Blocks that were executed again.
    pub blocks: u64,
    /// Transactions in them.
    pub transactions: u64,
    /// Gas that they used.
    pub gas_before: u128,
    /// Gas that they would have used.
    pub gas_after: u128,
    /// Transactions whose status would have been another.
    pub other_status: u64,
    /// Transactions that would have had another output, other events or another new contract, with
    /// the same status.
    pub other_result: u64,
    /// Transactions that would have used other gas.
    pub other_gas: u64,
}

impl Replayed {
    /// Whether its status would have been another.
    #[must_use]
    pub fn has_other_status(&self) -> bool {
        self.before.status != self.after.status
    }

    /// Whether it would have done something else, gas and fee apart.
    #[must_use]
    pub fn has_other_result(&self) -> bool {
        self.before.output != self.after.output
            || self.before.events != self.after.events
            || self.before.contract != self.after.contract
    }

    /// Whether it would have used other gas, be it for other things.
    #[must_use]
    pub fn has_other_gas(&self) -> bool {
        self.before.gas != self.after.gas
    }
}

impl<S: Store> Runtime<S> {
    /// Executes the blocks from one height to another again, under `protocol`, and shows each
    /// transaction to `visit`. Nothing is changed.
    ///
    /// # Errors
    ///
    /// Where a block or the state before it is not retained, the protocol can not be executed by
    /// this build, or the store fails.
    pub fn replay(
        &self,
        from: Height,
        to: Height,
        protocol: &Protocol,
        mut visit: impl FnMut(&Replayed),
    ) -> Result<ReplayReport, Error> {
        let mut machine = self.machine_of(protocol)?;
        let protocol = Arc::new(protocol.clone());
        let mut report = ReplayReport::default();
        for height in from.number()..=to.number() {
            let height = Height::new(height);
            let replayed = self.replay_block(height, &protocol, &mut machine)?;
            report.blocks += 1;
            for replayed in &replayed {
                report.transactions += 1;
                report.gas_before += u128::from(replayed.before.gas_used);
                report.gas_after += u128::from(replayed.after.gas_used);
                let other_status = replayed.has_other_status();
                report.other_status += u64::from(other_status);
                report.other_result += u64::from(!other_status && replayed.has_other_result());
                report.other_gas += u64::from(replayed.has_other_gas());
                visit(replayed);
            }
        }
        Ok(report)
    }

    fn replay_block(
        &self,
        height: Height,
        protocol: &Arc<Protocol>,
        machine: &mut Machine,
    ) -> Result<Vec<Replayed>, Error> {
        let unknown = BlockError::Unknown(height);
        let block = self.block_at(height)?.ok_or_else(|| unknown.clone())?;
        let receipts = self.receipts_at(height)?;
        let before = height.number().checked_sub(1).map(Height::new).ok_or(unknown)?;
        let view = self.state().at(before)?;
        let mut overlay = Overlay::new(&view);
        record_block_hash(&mut overlay, before, &block.header.parent)?;
        apply_due(&mut overlay, height)?;
        overlay.end_transaction();
        let parameters = load_parameters(&overlay)?.ok_or(BlockError::NoChain)?;
        let header = &block.header;
        let context = BlockContext::new(header.chain_id, height, header.time_ms);
        let rules =
            BlockRules::new(context, protocol.clone(), Arc::new(parameters), header.proposer);
        let mut overlay = overlay.with_limits(protocol.call_limits.storage.clone());
        let (mut used, mut replayed) = (Used::default(), Vec::new());
        for ((index, raw), before) in (0_u32..).zip(&block.transactions).zip(receipts) {
            let checked = checked(&view, &rules, raw, before.status)?;
            let id = SignedTransaction::decode(raw).ok().map(|signed| signed.id());
            let after = run_next(machine, &mut overlay, &rules, &mut used, &checked)?;
            replayed.push(Replayed { height, index, id, before, after });
        }
        Ok(replayed)
    }

    /// A machine under a protocol.
    fn machine_of(&self, protocol: &Protocol) -> Result<Machine, Error> {
        let unable = |error| Fault::new(alloc::format!("{error}"));
        Ok(self.machine_under(protocol).map_err(unable)?)
    }
}

/// What of the checks does not need the signature again: it was right, unless it was refused.
fn checked(
    view: &dyn View,
    rules: &BlockRules,
    raw: &Bytes,
    before: Status,
) -> Result<Checkable, Error> {
    let Ok(signed) = SignedTransaction::decode(raw) else { return Ok(Err(Status::Malformed)) };
    if before == Status::BadSignature {
        return Ok(Err(before));
    }
    let scheme = match check_form(&signed, raw.len(), rules) {
        Ok(scheme) => scheme,
        Err(status) => return Ok(Err(status)),
    };
    let key = match key_of(view, &signed, scheme)? {
        Ok(key) => key,
        Err(status) => return Ok(Err(status)),
    };
    let (id, bytes) = (signed.id(), raw.len());
    Ok(Ok(Checked { signed: Arc::new(signed), id, bytes, key }))
}
