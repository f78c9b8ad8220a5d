//! Records as names and values, for whoever writes them as JSON, tables or logs.

use alloc::vec::Vec;
use core::fmt;

use super::{AuditEntry, AuditRecord, Decision};
use crate::chain::governance::Command;
use crate::primitives::{Address, Amount, Hash, Writer};
use crate::state::{Admin, write_admin};

/// A value of a record. As text, numbers are decimal, hashes and bytes hexadecimal, addresses as
/// everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditValue<'a> {
    /// A number. Amounts are greater than what most readers of JSON can hold.
    Number(u128),
    /// A text.
    Text(&'a str),
    /// A hash.
    Hash(Hash),
    /// An address.
    Address(Address),
    /// An encoding.
    Bytes(Vec<u8>),
}

type Fields<'a> = Vec<(&'static str, AuditValue<'a>)>;

impl AuditRecord {
    /// Everything that it says, in an order that does not change: `sequence`, `height`, `time_ms`,
    /// `kind`, what the kind has, `previous`, `hash`. A name is there once. What a record does not
    /// have is left out.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, AuditValue<'_>)> {
        let mut fields = Vec::from([
            ("sequence", AuditValue::from(self.sequence)),
            ("height", self.height.number().into()),
            ("time_ms", self.time_ms.into()),
            ("kind", AuditValue::Text(self.entry.name())),
        ]);
        add_entry(&mut fields, &self.entry);
        fields.extend([("previous", self.previous.into()), ("hash", self.hash.into())]);
        fields
    }
}

fn add_entry<'a>(fields: &mut Fields<'a>, entry: &'a AuditEntry) {
    match entry {
        AuditEntry::Block { hash, app_hash, protocol, proposer, transactions } => fields.extend([
            ("block", (*hash).into()),
            ("app_hash", (*app_hash).into()),
            ("protocol", (*protocol).into()),
            ("proposer", (*proposer).into()),
            ("transactions", u64::from(*transactions).into()),
        ]),
        AuditEntry::TookEffect { command } => add_command(fields, command),
        AuditEntry::Decision { source, status, result, decision } => {
            fields.extend([
                ("transaction", u64::from(source.transaction).into()),
                ("id", source.id.into()),
                ("signer", source.signer.into()),
                ("body", u64::from(source.body).into()),
                ("status", u64::from(status.code()).into()),
            ]);
            fields.extend(result.map(|result| ("result", u64::from(result.code()).into())));
            add_decision(fields, decision);
        }
        AuditEntry::Rejected { transaction, leaf, claimed, status } => {
            fields.push(("transaction", u64::from(*transaction).into()));
            fields.push(("leaf", (*leaf).into()));
            if let Some((id, signer)) = claimed {
                fields.extend([("id", (*id).into()), ("signer", (*signer).into())]);
            }
            fields.push(("status", u64::from(status.code()).into()));
        }
        AuditEntry::Scheduled { transaction, id, command } => {
            fields.push(("transaction", u64::from(*transaction).into()));
            fields.push(("id", (*id).into()));
            add_command(fields, command);
        }
    }
}

fn add_command(fields: &mut Fields<'_>, command: &Command) {
    fields.extend([
        ("command", command.hash().into()),
        ("change", AuditValue::Text(command.change.name())),
        ("effective", command.height.number().into()),
        ("encoding", AuditValue::Bytes(command.encode())),
    ]);
}

fn add_decision<'a>(fields: &mut Fields<'a>, decision: &'a Decision) {
    match decision {
        Decision::Transfer { to, value } => {
            fields.extend([("to", (*to).into()), ("value", (*value).into())]);
        }
        Decision::Deploy { contract, code, value, admin } => {
            fields.extend([("contract", (*contract).into()), ("code", (*code).into())]);
            fields.extend([("value", (*value).into()), ("admin", admin.into())]);
        }
        Decision::Call { contract, method, value } => fields.extend([
            ("contract", (*contract).into()),
            ("method", AuditValue::Text(method)),
            ("value", (*value).into()),
        ]),
        Decision::Upgrade { contract, code, script } => {
            fields.extend([("contract", (*contract).into()), ("code", (*code).into())]);
            fields.extend(script.map(|script| ("script", script.into())));
        }
        Decision::RotateKey { scheme, key } => {
            fields.extend([("scheme", u64::from(*scheme).into()), ("key", (*key).into())]);
        }
        Decision::SetAdmin { contract, admin } => {
            fields.extend([("contract", (*contract).into()), ("admin", admin.into())]);
        }
        Decision::Approve { contract, operation } | Decision::Announce { contract, operation } => {
            fields.extend([("contract", (*contract).into()), ("operation", (*operation).into())]);
        }
        Decision::RegisterKey | Decision::ForgetKey => {}
        Decision::Upload { code } | Decision::RemoveCode { code } => {
            fields.push(("code", (*code).into()));
        }
        Decision::Govern { command } | Decision::ApproveCommand { command } => {
            fields.push(("command", (*command).into()));
        }
    }
}

impl From<u64> for AuditValue<'_> {
    fn from(number: u64) -> Self {
        AuditValue::Number(number.into())
    }
}

impl From<Amount> for AuditValue<'_> {
    fn from(amount: Amount) -> Self {
        AuditValue::Number(amount.units())
    }
}

impl From<Hash> for AuditValue<'_> {
    fn from(hash: Hash) -> Self {
        AuditValue::Hash(hash)
    }
}

impl From<Address> for AuditValue<'_> {
    fn from(address: Address) -> Self {
        AuditValue::Address(address)
    }
}

impl From<&Admin> for AuditValue<'_> {
    /// Its encoding in rows of state.
    fn from(admin: &Admin) -> Self {
        let mut writer = Writer::new();
        write_admin(&mut writer, admin);
        AuditValue::Bytes(writer.finish())
    }
}

impl fmt::Display for AuditValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuditValue::Number(number) => number.fmt(f),
            AuditValue::Text(text) => f.write_str(text),
            AuditValue::Hash(hash) => hash.fmt(f),
            AuditValue::Address(address) => address.fmt(f),
            AuditValue::Bytes(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}
