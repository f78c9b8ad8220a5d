//! [`AdminOperation`]: administration of contracts, code, keys and the chain.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::codec::write_admin_operation;
use crate::chain::governance::Command;
use crate::primitives::{Address, Domain, Hash, Writer};
use crate::state::{Admin, write_admin};

/// What can be administered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdminOperation {
    /// Says who may upgrade a contract from now on. [`Admin::None`] is for good.
    SetAdmin {
        /// The contract.
        contract: Address,
        /// Who.
        admin: Admin,
    },
    /// Approves of an operation on a contract, for a threshold. It is forgotten when the contract's
    /// version or admin changes.
    Approve {
        /// The contract.
        contract: Address,
        /// What is approved of: see [`operation_hash`].
        operation: Hash,
    },
    /// Announces an operation on a contract, for a time lock.
    Announce {
        /// The contract.
        contract: Address,
        /// What is announced: see [`operation_hash`].
        operation: Hash,
    },
    /// Keeps the signer's public key in state, against a deposit, so that transactions in later
    /// blocks can omit it.
    RegisterKey,
    /// Forgets the signer's public key and returns the deposit.
    ForgetKey,
    /// Removes code that nothing refers to and returns the deposit to who brought it.
    RemoveCode {
        /// The hash of the code.
        code_hash: Hash,
    },
    /// Tells the chain what its governor, if that is the signer's key, wants.
    Govern(Command),
    /// Approves of a command, for a governor that is a threshold.
    ApproveCommand {
        /// The hash of the command: [`Command::hash`].
        command: Hash,
    },
}

/// The hash that admins approve of or announce: of a contract with its version and its admin, so
/// that it means nothing once one of them has changed, and of the body of the transaction that is
/// to follow, an `Upgrade` or `SetAdmin`.
///
/// What is hashed: contract ‖ version, four bytes little-endian ‖ encoding of the admin behind its
/// length as LEB128 ‖ encoding of the body.
#[must_use]
pub fn operation_hash(contract: &Address, version: u32, admin: &Admin, body: &super::Body) -> Hash {
    let mut encoded = Writer::new();
    write_admin(&mut encoded, admin);
    let mut writer = Writer::new();
    writer.fixed(contract.as_bytes());
    writer.fixed(&version.to_le_bytes());
    writer.bytes(&encoded.finish());
    writer.fixed(&body.encode());
    Hash::of(Domain::Operation, &[&writer.finish()])
}

impl AdminOperation {
    /// Its name, for people.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            AdminOperation::SetAdmin { .. } => "set_admin",
            AdminOperation::Approve { .. } => "approve",
            AdminOperation::Announce { .. } => "announce",
            AdminOperation::RegisterKey => "register_key",
            AdminOperation::ForgetKey => "forget_key",
            AdminOperation::RemoveCode { .. } => "remove_code",
            AdminOperation::Govern(_) => "govern",
            AdminOperation::ApproveCommand { .. } => "approve_command",
        }
    }

    /// Its encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_admin_operation(&mut writer, self);
        writer.finish()
    }
}

impl From<Command> for AdminOperation {
    fn from(command: Command) -> Self {
        AdminOperation::Govern(command)
    }
}

/// Bytes of a shared slice, for encodings.
pub(super) fn shared(bytes: &[u8]) -> Arc<[u8]> {
    Arc::from(bytes)
}
