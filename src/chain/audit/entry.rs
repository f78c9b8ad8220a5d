//! [`AuditEntry`]: what a record tells.

use alloc::sync::Arc;

use dytallix_abi::Status;

use crate::chain::governance::Command;
use crate::chain::transaction::{AdminOperation, Body, Deployment, Migration};
use crate::primitives::{Address, Amount, Domain, Hash};
use crate::state::Admin;

/// What a record tells. The records of a block come in this order: the block, commands that took
/// effect with it, then for each transaction its decisions, or its rejection, and the commands that
/// it scheduled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditEntry {
    /// A block.
    Block {
        /// The hash of its header.
        hash: Hash,
        /// What it came to: see [`app_hash`](crate::chain::app_hash).
        app_hash: Hash,
        /// The protocol that it was executed under.
        protocol: Hash,
        /// Who proposed it.
        proposer: Address,
        /// How many transactions it has.
        transactions: u32,
    },
    /// A command of the governor took effect, before the first transaction of the block.
    TookEffect {
        /// The command.
        command: Command,
    },
    /// A body of a transaction that was admitted.
    Decision {
        /// Where it is and who decided.
        source: DecisionSource,
        /// What the transaction came to: nothing of it is done unless it succeeded.
        status: Status,
        /// What this body came to by itself; none where it was not tried, or the transaction says
        /// nothing about it.
        result: Option<Status>,
        /// What was decided.
        decision: Decision,
    },
    /// A transaction that was rejected: it has changed nothing.
    Rejected {
        /// Which of the block's transactions it is.
        transaction: u32,
        /// The hash of its bytes, as the transactions root covers them.
        leaf: Hash,
        /// Its id and who is said to have signed it; none where it does not decode.
        claimed: Option<(Hash, Address)>,
        /// Why.
        status: Status,
    },
    /// A command of the governor was scheduled, by a transaction or by a contract that governs.
    Scheduled {
        /// Which of the block's transactions did it.
        transaction: u32,
        /// Its id.
        id: Hash,
        /// The command. It takes effect at its height whatever comes.
        command: Command,
    },
}

/// Where a decision is and whose it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecisionSource {
    /// Which of the block's transactions.
    pub transaction: u32,
    /// Its id.
    pub id: Hash,
    /// Who signed it.
    pub signer: Address,
    /// Which body of a batch; 0 where it is none.
    pub body: u32,
}

/// What a body of a transaction wants: who, to what, and with what value. Everything else is in the
/// transaction, which the id leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Value moves.
    Transfer {
        /// To whom.
        to: Address,
        /// How much.
        value: Amount,
    },
    /// Code is added.
    Upload {
        /// Its hash.
        code: Hash,
    },
    /// A contract is made.
    Deploy {
        /// Its address.
        contract: Address,
        /// The hash of its code.
        code: Hash,
        /// What goes with it.
        value: Amount,
        /// Who may upgrade it.
        admin: Admin,
    },
    /// A method is called.
    Call {
        /// Of which contract.
        contract: Address,
        /// Which.
        method: Arc<str>,
        /// What goes with it.
        value: Amount,
    },
    /// A contract gets other code.
    Upgrade {
        /// Which contract.
        contract: Address,
        /// The hash of the code.
        code: Hash,
        /// The hash of the script that migrates, where there is one.
        script: Option<Hash>,
    },
    /// Another key signs for the signer.
    RotateKey {
        /// The scheme of the new key.
        scheme: u8,
        /// Its hash, as accounts have it: see [`Auth`](crate::state::Auth).
        key: Hash,
    },
    /// Somebody else may upgrade a contract.
    SetAdmin {
        /// Which contract.
        contract: Address,
        /// Who.
        admin: Admin,
    },
    /// An operation is approved of.
    Approve {
        /// On which contract.
        contract: Address,
        /// Which: see [`operation_hash`](crate::chain::operation_hash).
        operation: Hash,
    },
    /// An operation is announced.
    Announce {
        /// On which contract.
        contract: Address,
        /// Which: see [`operation_hash`](crate::chain::operation_hash).
        operation: Hash,
    },
    /// The signer's key is kept in state.
    RegisterKey,
    /// The signer's key is forgotten.
    ForgetKey,
    /// Code is removed.
    RemoveCode {
        /// Its hash.
        code: Hash,
    },
    /// The governor gives a command.
    Govern {
        /// Its hash. What it says is in [`AuditEntry::Scheduled`], where it was taken.
        command: Hash,
    },
    /// A command is approved of.
    ApproveCommand {
        /// Its hash.
        command: Hash,
    },
}

impl AuditEntry {
    /// The name of its kind, for people.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            AuditEntry::Block { .. } => "block",
            AuditEntry::TookEffect { .. } => "took_effect",
            AuditEntry::Decision { decision, .. } => decision.name(),
            AuditEntry::Rejected { .. } => "rejected",
            AuditEntry::Scheduled { .. } => "scheduled",
        }
    }
}

impl Decision {
    /// What a body of a transaction of `signer` wants; none of a batch, which is its bodies.
    #[must_use]
    pub fn of(body: &Body, signer: &Address) -> Option<Decision> {
        Some(match body {
            Body::Transfer { to, value } => Decision::Transfer { to: *to, value: *value },
            Body::Upload { code } => Decision::Upload { code: Hash::of(Domain::Code, &[code]) },
            Body::Deploy(deployment) => Decision::of_deployment(deployment, signer),
            Body::Call { to, method, value, .. } => {
                Decision::Call { contract: *to, method: method.clone(), value: *value }
            }
            Body::Upgrade(upgrade) => {
                let script = match &upgrade.migration {
                    Migration::Code(_) => None,
                    Migration::Script { code_hash, .. } => Some(*code_hash),
                };
                Decision::Upgrade { contract: upgrade.contract, code: upgrade.code_hash, script }
            }
            Body::RotateKey { scheme, public_key, .. } => {
                let key = Hash::of(Domain::PublicKey, &[&[*scheme], public_key]);
                Decision::RotateKey { scheme: *scheme, key }
            }
            Body::Admin(operation) => Decision::of_operation(operation),
            Body::Batch(_) => return None,
        })
    }

    fn of_deployment(deployment: &Deployment, signer: &Address) -> Decision {
        Decision::Deploy {
            contract: deployment.address(signer),
            code: deployment.code_hash(),
            value: deployment.value,
            admin: deployment.admin.clone(),
        }
    }

    fn of_operation(operation: &AdminOperation) -> Decision {
        match operation {
            AdminOperation::SetAdmin { contract, admin } => {
                Decision::SetAdmin { contract: *contract, admin: admin.clone() }
            }
            AdminOperation::Approve { contract, operation } => {
                Decision::Approve { contract: *contract, operation: *operation }
            }
            AdminOperation::Announce { contract, operation } => {
                Decision::Announce { contract: *contract, operation: *operation }
            }
            AdminOperation::RegisterKey => Decision::RegisterKey,
            AdminOperation::ForgetKey => Decision::ForgetKey,
            AdminOperation::RemoveCode { code_hash } => Decision::RemoveCode { code: *code_hash },
            AdminOperation::Govern(command) => Decision::Govern { command: command.hash() },
            AdminOperation::ApproveCommand { command } => {
                Decision::ApproveCommand { command: *command }
            }
        }
    }

    /// Its name, for people.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Decision::Transfer { .. } => "transfer",
            Decision::Upload { .. } => "upload",
            Decision::Deploy { .. } => "deploy",
            Decision::Call { .. } => "call",
            Decision::Upgrade { .. } => "upgrade",
            Decision::RotateKey { .. } => "rotate_key",
            Decision::SetAdmin { .. } => "set_admin",
            Decision::Approve { .. } => "approve",
            Decision::Announce { .. } => "announce",
            Decision::RegisterKey => "register_key",
            Decision::ForgetKey => "forget_key",
            Decision::RemoveCode { .. } => "remove_code",
            Decision::Govern { .. } => "govern",
            Decision::ApproveCommand { .. } => "approve_command",
        }
    }
}
