//! Who has to agree to an operation on a contract, and who has.

use dytallix::chain::{Body, operation_hash};
use dytallix::host::records_address;
use dytallix::state::{Admin, View};
use dytallix::{Address, Hash};
use serde_json::{Value as Json, json};

use crate::chain::{Chain, Contract, admin_json, admin_text};
use crate::failure::Failure;

/// Who has to agree, and who has.
pub(super) struct Authority {
    /// Who may upgrade the contract.
    pub(super) admin: Admin,
    /// What is announced or approved of.
    pub(super) operation: Hash,
    /// At which height it was announced.
    announced: Option<u64>,
    /// Who has approved of it.
    approved: Vec<Address>,
}

impl Authority {
    /// What the chain says of an operation on a contract.
    pub(super) fn of(chain: &Chain, contract: &Address, body: &Body) -> Result<Authority, Failure> {
        let info = Contract::find(chain.state(), contract)?.info;
        let operation = operation_hash(contract, info.version, &info.admin, body);
        // The layout of these records is described in `src/chain/governance/kept.rs`.
        let record = |prefix: &[u8]| {
            let key = [prefix, contract.as_bytes(), operation.as_bytes()].concat();
            let row = chain.state().storage(&records_address(), &key);
            row.map_err(|error| chain.failure(&error.into()))
        };
        let announced = record(b"announce/")?.and_then(|row| row[..].try_into().ok());
        let approved = record(b"approve/")?.unwrap_or_default();
        // Their number stands before them, in fewer bytes than an address has.
        let approved = approved[approved.len() % 32..].as_chunks::<32>().0;
        Ok(Authority {
            admin: info.admin,
            operation,
            announced: announced.map(u64::from_le_bytes),
            approved: approved.iter().copied().map(Address::from_bytes).collect(),
        })
    }

    /// What still has to be done, in a sentence.
    pub(super) fn needs(&self) -> String {
        match &self.admin {
            Admin::None => "nobody can: it has no admin, for good".to_owned(),
            Admin::Itself => "the contract itself, by a method of its own".to_owned(),
            Admin::Key(admin) => format!("the signature of {admin}"),
            Admin::TimeLock { admin, delay } => match self.announced {
                Some(height) => format!(
                    "the signature of {admin}, from height {} on",
                    height.saturating_add(*delay)
                ),
                None => {
                    format!("an announcement by {admin}, and its signature {delay} blocks after it")
                }
            },
            Admin::Threshold { needed, .. } => {
                let approved = self.approved.len();
                format!("{needed} admins, who signs included; {approved} have approved")
            }
            _ => "what this version does not know".to_owned(),
        }
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Json {
        json!({
            "admin": admin_json(&self.admin),
            "operation_hash": self.operation.to_string(),
            "needs": self.needs(),
            "announced_height": self.announced,
            "approved": self.approved.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    /// The same for people.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("admin", admin_text(&self.admin)),
            ("needs", self.needs()),
            ("operation", self.operation.to_string()),
        ]
    }

    /// Somebody who could sign, where one account can.
    pub(super) fn somebody(&self) -> Option<Address> {
        match &self.admin {
            Admin::Key(admin) | Admin::TimeLock { admin, .. } => Some(*admin),
            Admin::Threshold { admins, .. } => {
                let missing = admins.iter().find(|admin| !self.approved.contains(admin));
                missing.or(admins.first()).copied()
            }
            _ => None,
        }
    }
}

/// What commands that send an upgrade say beside it.
pub(super) fn members(
    chain: &Chain,
    contract: &Address,
    upgrade: &Body,
) -> Result<Vec<(&'static str, Json)>, Failure> {
    let authority = Authority::of(chain, contract, upgrade)?;
    Ok(vec![("authority", authority.json())])
}
