//! Calls of the system contract: they open no frame, since no module runs.

use alloc::vec::Vec;

use dytallix_abi::CallStatus;

use super::Run;
use crate::gas::GasDimension;
use crate::host::context::system_address;
use crate::host::frame::{CallRequest, Target};
use crate::host::outcome::Fault;
use crate::host::system::SystemAnswer;
use crate::primitives::{Address, Amount};

/// What a call of the system contract came to, and what is left of its gas.
pub(super) struct SystemResult {
    pub(super) status: CallStatus,
    pub(super) output: Vec<u8>,
    pub(super) left: u64,
}

impl Run<'_, '_, '_> {
    /// Answers a call of the system contract; none where the request is for another contract, or
    /// the chain has nothing to be called.
    pub(super) fn call_system(
        &mut self,
        request: &CallRequest,
        caller: &Address,
        gas: u64,
        read_only: bool,
    ) -> Result<Option<SystemResult>, Fault> {
        let is_system = matches!(&request.target, Target::External(to) if *to == system_address());
        if !is_system {
            return Ok(None);
        }
        let Some(chain) = self.context.chain.clone() else { return Ok(None) };
        let done = |status, output, left| Ok(Some(SystemResult { status, output, left }));
        if self.tree.running().is_some_and(|running| !running.permissions.call)
            || read_only
            || request.value != Amount::ZERO
        {
            return done(CallStatus::NotPermitted, Vec::new(), gas);
        }
        // It reads what the chain keeps, and writes as much as it is told.
        let (prices, bytes) = (&self.machine.rules().prices, request.input.len() as u64);
        let parts = [
            (GasDimension::StateRead, prices.cold_storage.total(bytes)),
            (GasDimension::StateWrite, prices.state_write.total(bytes)),
            (GasDimension::Events, prices.state_write.bytes(bytes)),
        ];
        let price = parts.iter().fold(0_u64, |sum, (_, gas)| sum.saturating_add(*gas));
        let Some(left) = gas.checked_sub(price) else {
            return done(CallStatus::OutOfGas, Vec::new(), 0);
        };
        parts.iter().for_each(|(dimension, gas)| self.used.add(*dimension, *gas));
        let block = self.context.block;
        let checkpoint = self.overlay.checkpoint();
        let answer = (chain.system)(self.overlay, &block, caller, &request.method, &request.input)?;
        match answer {
            SystemAnswer::Done(output) => {
                self.overlay.commit(checkpoint);
                done(CallStatus::Success, output, left)
            }
            SystemAnswer::Reverted(output) => {
                self.overlay.revert(checkpoint);
                done(CallStatus::Reverted, output, left)
            }
            SystemAnswer::NotFound => {
                self.overlay.revert(checkpoint);
                done(CallStatus::NotFound, Vec::new(), left)
            }
        }
    }
}
