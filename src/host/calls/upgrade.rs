//! A contract that changes its own code: looked at when it asks, done when its frame has succeeded.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::CallStatus;

use super::enter::Opening;
use super::{End, Run};
use crate::host::context::Sender;
use crate::host::frame::{Frame, Upgrade};
use crate::host::outcome::Fault;
use crate::host::tree::{FrameEnd, Refusal, callee_gas};
use crate::primitives::Amount;

impl Run<'_, '_, '_> {
    /// Notes the code that the running frame wants to become, where there is such code and it can
    /// be a contract.
    pub(super) fn prepare_upgrade(&mut self, upgrade: Upgrade) -> Result<Option<End>, Fault> {
        if self.context.chain.as_ref().is_some_and(|chain| chain.deployments_paused) {
            let running = self.activations.last_mut().expect("an activation for each frame");
            running.answer(CallStatus::Paused);
            return Ok(None);
        }
        let status = match self.load_for_running(upgrade.code_hash) {
            Ok(_) => {
                self.tree.running().expect("the frame that asks").upgrade = Some(upgrade);
                CallStatus::Success
            }
            Err(Refusal::Status(status)) => status,
            Err(refusal) => return self.end_refused(refusal),
        };
        self.activations.last_mut().expect("an activation for each frame").answer(status);
        Ok(None)
    }

    /// The running frame has succeeded: it ends so, unless it has asked for other code, whose
    /// `migrate` runs first.
    pub(super) fn succeed(&mut self) -> Result<Option<End>, Fault> {
        let success = Some((FrameEnd::Success, None));
        let running = self.tree.running().expect("a frame is open");
        let Some(upgrade) = running.upgrade.take() else { return Ok(success) };
        match self.migrate(upgrade) {
            Ok(true) => Ok(None),
            Ok(false) => Ok(success),
            // The code was admissible when the frame asked for it, and still is.
            Err(Refusal::Status(status)) => {
                Err(Fault::new(alloc::format!("an upgrade came to {status:?}")))
            }
            Err(refusal) => self.end_refused(refusal),
        }
    }

    /// Gives the running contract its new code and opens the frame of its `migrate`. False where
    /// the new code has none.
    fn migrate(&mut self, upgrade: Upgrade) -> Result<bool, Refusal> {
        self.check_depth()?;
        let contract = self.tree.running().expect("a frame is open").contract;
        let running = self.activations.last().expect("an activation for each frame");
        let given = callee_gas(running.left, u64::MAX);
        let (code, left) = self.load(upgrade.code_hash, given)?;
        let info = self.overlay.load_account(&contract)?.contract.as_ref();
        let info = info.ok_or_else(|| Fault::new("a contract that runs is there"))?;
        let old_schema = info.schema;
        let (schema, height) = (code.interface.schema(), self.context.block.height);
        self.overlay.upgrade_contract(&contract, upgrade.code_hash, schema, height, contract)?;
        let Some(migrate) = code.interface.migrate() else {
            let running = self.activations.last_mut().expect("an activation for each frame");
            running.left -= given - left;
            return Ok(false);
        };
        let input: Vec<u8> = [&old_schema.to_le_bytes()[..], &upgrade.arguments].concat();
        let permissions = *code.interface.permissions();
        let sender = Sender { caller: contract, value: Amount::ZERO };
        let frame = Frame::new(contract, sender, Arc::from(input), false, permissions);
        let (entry, gas) = (Some(migrate), (given, left));
        self.open(Opening { frame, code, entry, gas, payer: None, creation: None })?;
        let caller = self.activations.len() - 2;
        self.activations[caller].migrating = true;
        Ok(true)
    }
}
