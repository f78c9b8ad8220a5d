//! `Admin`, and the system contract: administration of contracts, code, keys and the chain.

use alloc::vec::Vec;

use dytallix_abi::Status;

use super::{Run, Step, Stop};
use crate::chain::governance::{
    Change, Command, Governor, announce, approvals, approve, clear_approvals, load_parameters,
    schedule,
};
use crate::chain::protocol::SEMANTICS;
use crate::chain::receipt::BodyResult;
use crate::chain::transaction::{AdminOperation, Body};
use crate::gas::GasDimension;
use crate::host::{BlockContext, Fault, SystemAnswer, system_address};
use crate::primitives::{Address, Hash};
use crate::state::{Admin, Event, Overlay, StateError, View};

/// The method of the system contract by which a contract that governs gives commands: its argument
/// is the encoding of a [`Command`], without anything around it.
pub const METHOD_GOVERN: &str = "govern";

/// First topic of the event of the system contract that tells of a command; the second is its hash,
/// the data its encoding.
pub const COMMAND_TOPIC: &[u8] = b"command";

impl Run<'_, '_, '_> {
    pub(super) fn administer(
        &mut self,
        operation: &AdminOperation,
        body: &Body,
    ) -> Step<BodyResult> {
        let height = self.rules.block.height;
        let signer = self.signer();
        match operation {
            AdminOperation::SetAdmin { contract, admin } => {
                self.charge_account(contract, true)?;
                let info = self.contract(contract)?;
                self.authorize(contract, &info, body)?;
                self.overlay.set_admin(contract, admin.clone())?;
            }
            AdminOperation::Approve { contract, operation } => {
                self.charge_account(contract, false)?;
                let Admin::Threshold { admins, .. } = self.contract(contract)?.admin else {
                    return Err(Stop::Failed(Status::NotAdmin));
                };
                self.note_approval(&admins, contract, operation)?;
            }
            AdminOperation::Announce { contract, operation } => {
                self.charge_account(contract, false)?;
                match self.contract(contract)?.admin {
                    Admin::TimeLock { admin, .. } if admin == signer => {}
                    _ => return Err(Stop::Failed(Status::NotAdmin)),
                }
                self.charge_own_record(72)?;
                announce(self.overlay, height, contract, operation)?;
            }
            AdminOperation::RegisterKey => return self.register_key(),
            AdminOperation::ForgetKey => return self.forget_key(),
            AdminOperation::RemoveCode { code_hash } => self.remove_code(code_hash)?,
            AdminOperation::Govern(command) => self.govern(command)?,
            AdminOperation::ApproveCommand { command } => {
                let governor = self.rules.parameters.governor.clone();
                let Governor::Threshold { accounts, .. } = governor else {
                    return Err(Stop::Failed(Status::NotGovernor));
                };
                if accounts.binary_search(&signer).is_err() {
                    return Err(Stop::Failed(Status::NotGovernor));
                }
                self.note_approval(&accounts, &system_address(), command)?;
            }
        }
        Ok(BodyResult::new(Status::Success, Vec::new(), None))
    }

    /// Notes that the signer, if it is one of `accounts`, approves.
    fn note_approval(
        &mut self,
        accounts: &[Address],
        contract: &Address,
        operation: &Hash,
    ) -> Step<()> {
        let (signer, height) = (self.signer(), self.rules.block.height);
        if accounts.binary_search(&signer).is_err() {
            return Err(Stop::Failed(Status::NotAdmin));
        }
        self.charge_own_record(accounts.len().saturating_mul(32))?;
        Ok(approve(self.overlay, height, contract, operation, &signer)?)
    }

    fn remove_code(&mut self, code_hash: &Hash) -> Step<()> {
        self.charge_own_record(0)?;
        let info = View::code_info(self.overlay, code_hash)?.ok_or(Stop::Failed(Status::NoCode))?;
        if info.uploader != self.signer() {
            return Err(Stop::Failed(Status::NotUploader));
        }
        self.overlay.remove_code(code_hash)?;
        Ok(())
    }

    /// Schedules a command of a governor that is an account with a key, or a threshold of such.
    fn govern(&mut self, command: &Command) -> Step<()> {
        let encoded = command.encode();
        self.charge_own_record(encoded.len())?;
        let bytes = self.rules.protocol.prices.state_write.bytes(encoded.len() as u64);
        self.charge(GasDimension::Events, bytes)?;
        let (signer, height) = (self.signer(), self.rules.block.height);
        let (system, hash) = (system_address(), command.hash());
        // The parameters of now: those of the block's beginning are the same.
        match self.rules.parameters.governor.clone() {
            Governor::Account(governor) if governor == signer => {}
            Governor::Threshold { needed, accounts } if accounts.binary_search(&signer).is_ok() => {
                let approved = approvals(self.overlay, &system, &hash)?;
                let others = approved.iter().filter(|&account| {
                    *account != signer && accounts.binary_search(account).is_ok()
                });
                if others.count() + 1 < needed as usize {
                    return Err(Stop::Failed(Status::TooFewApprovals));
                }
                clear_approvals(self.overlay, height, &system, &hash)?;
            }
            _ => return Err(Stop::Failed(Status::NotGovernor)),
        }
        match take_command(self.overlay, &self.rules.block, command)? {
            true => Ok(()),
            false => Err(Stop::Failed(Status::CommandRefused)),
        }
    }
}

/// What a call of the system contract does: `govern`, for the contract that governs.
pub(crate) fn call_system(
    overlay: &mut Overlay<'_>,
    block: &BlockContext,
    caller: &Address,
    method: &[u8],
    input: &[u8],
) -> Result<SystemAnswer, Fault> {
    if method != METHOD_GOVERN.as_bytes() {
        return Ok(SystemAnswer::NotFound);
    }
    let refused = |status: Status| {
        let number = status.code().to_le_bytes();
        Ok(SystemAnswer::Reverted(number.to_vec()))
    };
    let parameters = load_parameters(overlay)?.unwrap_or_default();
    if parameters.governor != Governor::Account(*caller) {
        return refused(Status::NotGovernor);
    }
    let Ok(command) = Command::decode(input) else { return refused(Status::CommandRefused) };
    match take_command(overlay, block, &command)? {
        true => Ok(SystemAnswer::Done(Vec::new())),
        false => refused(Status::CommandRefused),
    }
}

/// Schedules a command, where it makes sense: it takes effect later than now, and this code can
/// execute what it asks for. Tells of it in an event.
fn take_command(
    overlay: &mut Overlay<'_>,
    block: &BlockContext,
    command: &Command,
) -> Result<bool, StateError> {
    if command.height <= block.height {
        return Ok(false);
    }
    // The next semantics may be scheduled: nodes that do not have them stop there, and say so.
    if let Change::Protocol(protocol) = &command.change
        && !(1..=SEMANTICS + 1).contains(&protocol.semantics)
    {
        return Ok(false);
    }
    if !schedule(overlay, block.height, command.clone())? {
        return Ok(false);
    }
    let topics = [COMMAND_TOPIC, command.hash().as_bytes()].map(alloc::boxed::Box::from);
    overlay.emit(Event::new(system_address(), topics.into(), command.encode().into()));
    Ok(true)
}
