//! The encoding of records: `docs/events.md` shows it byte by byte.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::Status;

use super::{AuditEntry, AuditRecord, Decision, DecisionSource};
use crate::chain::governance::Command;
use crate::primitives::{Address, Amount, DecodeError, Hash, Height, Reader, Writer};
use crate::state::{read_admin, write_admin};

/// Version of the encoding.
const VERSION: u8 = 1;

pub(super) fn encode_content(record: &AuditRecord) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(VERSION);
    writer.number(record.sequence.into());
    writer.number(record.height.number().into());
    writer.number(record.time_ms.into());
    write_entry(&mut writer, &record.entry);
    writer.finish()
}

pub(super) fn decode_record(bytes: &[u8]) -> Result<AuditRecord, DecodeError> {
    let mut reader = Reader::new(bytes);
    let (previous, hash) = (read_hash(&mut reader)?, read_hash(&mut reader)?);
    let start = reader.clone();
    if reader.byte("a record")? != VERSION {
        return Err(start.error("version 1 of a record"));
    }
    let sequence = reader.u64("a sequence number")?;
    let height = Height::new(reader.u64("a height")?);
    let time_ms = reader.u64("a time")?;
    let entry = read_entry(&mut reader)?;
    reader.finish()?;
    Ok(AuditRecord { sequence, height, time_ms, entry, previous, hash })
}

fn write_entry(writer: &mut Writer, entry: &AuditEntry) {
    match entry {
        AuditEntry::Block { hash, app_hash, protocol, proposer, transactions } => {
            writer.byte(1);
            [hash, app_hash, protocol].iter().for_each(|hash| writer.fixed(hash.as_bytes()));
            writer.fixed(proposer.as_bytes());
            writer.number((*transactions).into());
        }
        AuditEntry::TookEffect { command } => {
            writer.byte(2);
            writer.bytes(&command.encode());
        }
        AuditEntry::Decision { source, status, result, decision } => {
            writer.byte(3);
            writer.number(source.transaction.into());
            writer.fixed(source.id.as_bytes());
            writer.fixed(source.signer.as_bytes());
            writer.number(source.body.into());
            write_status(writer, *status);
            writer.byte(result.is_some().into());
            result.iter().for_each(|result| write_status(writer, *result));
            write_decision(writer, decision);
        }
        AuditEntry::Rejected { transaction, leaf, claimed, status } => {
            writer.byte(4);
            writer.number((*transaction).into());
            writer.fixed(leaf.as_bytes());
            writer.byte(claimed.is_some().into());
            if let Some((id, signer)) = claimed {
                writer.fixed(id.as_bytes());
                writer.fixed(signer.as_bytes());
            }
            write_status(writer, *status);
        }
        AuditEntry::Scheduled { transaction, id, command } => {
            writer.byte(5);
            writer.number((*transaction).into());
            writer.fixed(id.as_bytes());
            writer.bytes(&command.encode());
        }
    }
}

fn read_entry(reader: &mut Reader<'_>) -> Result<AuditEntry, DecodeError> {
    let start = reader.clone();
    Ok(match reader.byte("an entry")? {
        1 => AuditEntry::Block {
            hash: read_hash(reader)?,
            app_hash: read_hash(reader)?,
            protocol: read_hash(reader)?,
            proposer: read_address(reader)?,
            transactions: reader.u32("a number of transactions")?,
        },
        2 => AuditEntry::TookEffect { command: read_command(reader)? },
        3 => AuditEntry::Decision {
            source: DecisionSource {
                transaction: reader.u32("the index of a transaction")?,
                id: read_hash(reader)?,
                signer: read_address(reader)?,
                body: reader.u32("the index of a body")?,
            },
            status: read_status(reader)?,
            result: read_flag(reader)?.then(|| read_status(reader)).transpose()?,
            decision: read_decision(reader)?,
        },
        4 => AuditEntry::Rejected {
            transaction: reader.u32("the index of a transaction")?,
            leaf: read_hash(reader)?,
            claimed: match read_flag(reader)? {
                true => Some((read_hash(reader)?, read_address(reader)?)),
                false => None,
            },
            status: read_status(reader)?,
        },
        5 => AuditEntry::Scheduled {
            transaction: reader.u32("the index of a transaction")?,
            id: read_hash(reader)?,
            command: read_command(reader)?,
        },
        _ => return Err(start.error("the kind of an entry")),
    })
}

fn write_decision(writer: &mut Writer, decision: &Decision) {
    let mut parts = |kind: u8, parts: &[&[u8; 32]]| {
        writer.byte(kind);
        parts.iter().for_each(|part| writer.fixed(*part));
    };
    match decision {
        Decision::Transfer { to, value } => {
            parts(1, &[to.as_bytes()]);
            writer.number(value.units());
        }
        Decision::Upload { code } => parts(2, &[code.as_bytes()]),
        Decision::Deploy { contract, code, value, admin } => {
            parts(3, &[contract.as_bytes(), code.as_bytes()]);
            writer.number(value.units());
            write_admin(writer, admin);
        }
        Decision::Call { contract, method, value } => {
            parts(4, &[contract.as_bytes()]);
            writer.bytes(method.as_bytes());
            writer.number(value.units());
        }
        Decision::Upgrade { contract, code, script } => {
            parts(5, &[contract.as_bytes(), code.as_bytes()]);
            writer.byte(script.is_some().into());
            script.iter().for_each(|script| writer.fixed(script.as_bytes()));
        }
        Decision::RotateKey { scheme, key } => {
            parts(6, &[key.as_bytes()]);
            writer.byte(*scheme);
        }
        Decision::SetAdmin { contract, admin } => {
            parts(7, &[contract.as_bytes()]);
            write_admin(writer, admin);
        }
        Decision::Approve { contract, operation } => {
            parts(8, &[contract.as_bytes(), operation.as_bytes()]);
        }
        Decision::Announce { contract, operation } => {
            parts(9, &[contract.as_bytes(), operation.as_bytes()]);
        }
        Decision::RegisterKey => parts(10, &[]),
        Decision::ForgetKey => parts(11, &[]),
        Decision::RemoveCode { code } => parts(12, &[code.as_bytes()]),
        Decision::Govern { command } => parts(13, &[command.as_bytes()]),
        Decision::ApproveCommand { command } => parts(14, &[command.as_bytes()]),
    }
}

fn read_decision(reader: &mut Reader<'_>) -> Result<Decision, DecodeError> {
    let start = reader.clone();
    Ok(match reader.byte("a decision")? {
        1 => Decision::Transfer { to: read_address(reader)?, value: read_amount(reader)? },
        2 => Decision::Upload { code: read_hash(reader)? },
        3 => Decision::Deploy {
            contract: read_address(reader)?,
            code: read_hash(reader)?,
            value: read_amount(reader)?,
            admin: read_admin(reader)?,
        },
        4 => Decision::Call {
            contract: read_address(reader)?,
            method: read_text(reader)?,
            value: read_amount(reader)?,
        },
        5 => Decision::Upgrade {
            contract: read_address(reader)?,
            code: read_hash(reader)?,
            script: read_flag(reader)?.then(|| read_hash(reader)).transpose()?,
        },
        6 => Decision::RotateKey { key: read_hash(reader)?, scheme: reader.byte("a scheme")? },
        7 => Decision::SetAdmin { contract: read_address(reader)?, admin: read_admin(reader)? },
        8 => Decision::Approve { contract: read_address(reader)?, operation: read_hash(reader)? },
        9 => Decision::Announce { contract: read_address(reader)?, operation: read_hash(reader)? },
        10 => Decision::RegisterKey,
        11 => Decision::ForgetKey,
        12 => Decision::RemoveCode { code: read_hash(reader)? },
        13 => Decision::Govern { command: read_hash(reader)? },
        14 => Decision::ApproveCommand { command: read_hash(reader)? },
        _ => return Err(start.error("the kind of a decision")),
    })
}

fn write_status(writer: &mut Writer, status: Status) {
    writer.number(status.code().into());
}

fn read_status(reader: &mut Reader<'_>) -> Result<Status, DecodeError> {
    let start = reader.clone();
    Status::from_code(reader.u32("a status")?).ok_or_else(|| start.error("a status"))
}

fn read_hash(reader: &mut Reader<'_>) -> Result<Hash, DecodeError> {
    reader.fixed("a hash").map(Hash::from_bytes)
}

fn read_address(reader: &mut Reader<'_>) -> Result<Address, DecodeError> {
    reader.fixed("an address").map(Address::from_bytes)
}

fn read_amount(reader: &mut Reader<'_>) -> Result<Amount, DecodeError> {
    reader.u128("an amount").map(Amount::new)
}

fn read_flag(reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
    let start = reader.clone();
    match reader.byte("whether there is something")? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(start.error("0 or 1")),
    }
}

fn read_text(reader: &mut Reader<'_>) -> Result<Arc<str>, DecodeError> {
    let start = reader.clone();
    let text = core::str::from_utf8(reader.bytes("a method")?);
    text.map(Arc::from).map_err(|_| start.error("a method in UTF-8"))
}

fn read_command(reader: &mut Reader<'_>) -> Result<Command, DecodeError> {
    let start = reader.clone();
    Command::decode(reader.bytes("a command")?).map_err(|_| start.error("a sound command"))
}
