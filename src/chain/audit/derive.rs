//! Records from blocks and receipts.

use alloc::format;
use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::{AuditEntry, AuditLink, AuditRecord, Decision, DecisionSource};
use crate::chain::block::{Header, app_hash};
use crate::chain::execute::COMMAND_TOPIC;
use crate::chain::governance::{Command, load_scheduled};
use crate::chain::merkle::merkle_root;
use crate::chain::receipt::{Receipt, batch_results};
use crate::chain::runtime::{BlockError, Error, Runtime};
use crate::chain::transaction::{Body, SignedTransaction};
use crate::host::system_address;
use crate::primitives::{Domain, Hash, Height};
use crate::state::{Bytes, Store, StoreError};

/// Called with each record; says whether to go on.
pub(super) type Visit<'a> = dyn FnMut(&AuditRecord) -> ControlFlow<()> + 'a;

/// A trail that is being made.
struct Trail<'a, 'v> {
    link: AuditLink,
    visit: &'a mut Visit<'v>,
}

impl<S: Store> Runtime<S> {
    /// Shows the records of the blocks from a height up to another, both included, to `visit`,
    /// until it breaks. `previous` is where the trail ends so far; at the first block that is
    /// [`AuditLink::default`]. Returns where it ends after the last record that was shown.
    ///
    /// A trail that begins in the middle of a chain reads what the blocks above have replaced, to
    /// know which commands wait for their height; one from the first block does not.
    ///
    /// # Errors
    ///
    /// Where a block is not there or no longer, or the state that the first one began with; where
    /// the store fails or is damaged.
    pub fn audit(
        &self,
        from: Height,
        to: Height,
        previous: AuditLink,
        visit: &mut dyn FnMut(&AuditRecord) -> ControlFlow<()>,
    ) -> Result<AuditLink, Error> {
        let tip = self.height().ok_or(BlockError::NoChain)?;
        let (first, last) = (from.number().max(1), to.number());
        if last > tip.number() {
            return Err(BlockError::Unknown(to).into());
        }
        let mut trail = Trail { link: previous, visit };
        if first > last {
            return Ok(previous);
        }
        let mut waiting = match first {
            // Before the first block nobody has given a command.
            1 => Vec::new(),
            _ => load_scheduled(&self.state().at(Height::new(first - 1))?)?,
        };
        for height in (first..=last).map(Height::new) {
            if self.audit_block(height, &mut trail, &mut waiting)?.is_break() {
                break;
            }
        }
        Ok(trail.link)
    }

    fn audit_block(
        &self,
        height: Height,
        trail: &mut Trail<'_, '_>,
        waiting: &mut Vec<Command>,
    ) -> Result<ControlFlow<()>, Error> {
        let block = self.block_at(height)?.ok_or(BlockError::Unknown(height))?;
        let encoded = self.state().receipts(height)?;
        let receipts_root = merkle_root(encoded.iter().map(|receipt| &receipt[..]));
        let header = &block.header;
        if encoded.len() != block.transactions.len() {
            let message = format!("block {height} has not one receipt for each transaction");
            return Err(StoreError::corrupt(message).into());
        }
        let mut entries = Vec::from([AuditEntry::Block {
            hash: header.hash(),
            app_hash: app_hash(&self.state().root_at(height)?, &receipts_root),
            protocol: header.protocol,
            proposer: header.proposer,
            // As many as the bytes of a block have room for, whose lengths have 32 bits.
            transactions: block.transactions.len() as u32,
        }]);
        let due = waiting.partition_point(|command| command.height <= height);
        let due = waiting.drain(..due).map(|command| AuditEntry::TookEffect { command });
        entries.extend(due);
        if trail.add(header, entries).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        for ((index, raw), encoded) in (0_u32..).zip(&block.transactions).zip(&encoded) {
            let receipt = Receipt::decode(encoded).map_err(|error| {
                StoreError::corrupt(format!("receipt {index} of {height}: {error}"))
            })?;
            let entries = transaction_entries(index, raw, &receipt, waiting)?;
            if trail.add(header, entries).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Trail<'_, '_> {
    fn add(&mut self, header: &Header, entries: Vec<AuditEntry>) -> ControlFlow<()> {
        for entry in entries {
            let record = AuditRecord::new(self.link, header.height, header.time_ms, entry);
            self.link = record.link();
            (self.visit)(&record)?;
        }
        ControlFlow::Continue(())
    }
}

/// What there is to say of a transaction. Commands that it scheduled are added to those that wait.
fn transaction_entries(
    transaction: u32,
    raw: &Bytes,
    receipt: &Receipt,
    waiting: &mut Vec<Command>,
) -> Result<Vec<AuditEntry>, StoreError> {
    let signed = SignedTransaction::decode(raw).ok();
    let status = receipt.status;
    let signed = match signed {
        Some(signed) if !status.is_rejected() => signed,
        signed => {
            let leaf = Hash::of(Domain::MerkleLeaf, &[raw]);
            let claimed = signed.map(|signed| (signed.id(), signed.transaction.signer));
            return Ok([AuditEntry::Rejected { transaction, leaf, claimed, status }].into());
        }
    };
    let (id, signer) = (signed.id(), signed.transaction.signer);
    let results: Vec<_> = match &signed.transaction.body {
        // One that could not pay for its storage at the end says nothing of its bodies.
        Body::Batch(_) => batch_results(&receipt.output).unwrap_or_default(),
        _ => Vec::new(),
    };
    let is_batch = matches!(signed.transaction.body, Body::Batch(_));
    let mut entries = Vec::new();
    for (at, body) in (0_u32..).zip(signed.transaction.body.parts()) {
        let result = match is_batch {
            true => results.get(at as usize).map(|result| result.status),
            false => Some(status),
        };
        let source = DecisionSource { transaction, id, signer, body: at };
        let decision = Decision::of(body, &signer);
        entries.extend(decision.map(|decision| AuditEntry::Decision {
            source,
            status,
            result,
            decision,
        }));
    }
    for command in commands(receipt) {
        let command = command?;
        let at = waiting.partition_point(|other| other.height <= command.height);
        waiting.insert(at, command.clone());
        entries.push(AuditEntry::Scheduled { transaction, id, command });
    }
    Ok(entries)
}

/// The commands that the system contract tells of.
fn commands(receipt: &Receipt) -> impl Iterator<Item = Result<Command, StoreError>> {
    let is_command = |event: &&crate::state::Event| {
        event.contract == system_address()
            && event.topics.first().is_some_and(|topic| **topic == *COMMAND_TOPIC)
    };
    receipt.events.iter().filter(is_command).map(|event| {
        Command::decode(&event.data)
            .map_err(|error| StoreError::corrupt(format!("the command of an event: {error}")))
    })
}
