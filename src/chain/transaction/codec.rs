//! The one encoding of a transaction.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::admin::shared;
use super::{
    ATTESTATION_BYTES, AdminOperation, Authentication, Body, CodeSource, Deployment, Fee,
    MOST_ATTESTATIONS, MOST_BODIES, Migration, SignedTransaction, Transaction, Upgrade,
};
use crate::chain::governance::Command;
use crate::primitives::{Address, Amount, DecodeError, Hash, Height, Nonce, Reader, Writer};
use crate::state::{read_admin, write_admin};

impl Transaction {
    /// Its encoding: `docs/transactions.md` has the fields.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_transaction(&mut writer, self);
        writer.finish()
    }
}

impl SignedTransaction {
    /// Its encoding: that of the transaction ‖ scheme ‖ public key (`00`, or `01` and the key
    /// behind its length) ‖ signature behind its length.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let Authentication { scheme, public_key, signature } = &self.authentication;
        let mut writer = Writer::new();
        write_transaction(&mut writer, &self.transaction);
        writer.byte(*scheme);
        writer.optional_bytes(public_key.as_deref());
        writer.bytes(signature);
        writer.finish()
    }
}

impl Body {
    /// Its encoding, as it is part of a transaction's.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_body(&mut writer, self);
        writer.finish()
    }
}

fn write_transaction(writer: &mut Writer, transaction: &Transaction) {
    let Transaction { chain_id, nonce, valid_until, signer, fee, body } = transaction;
    let Fee { gas_limit, gas_price, tip, deposit_limit } = fee;
    writer.number((*chain_id).into());
    writer.number(nonce.number().into());
    writer.number(valid_until.number().into());
    writer.fixed(signer.as_bytes());
    writer.number((*gas_limit).into());
    writer.number(gas_price.units());
    writer.number(tip.units());
    writer.number(deposit_limit.units());
    write_body(writer, body);
}

pub(super) fn decode_signed(bytes: &[u8]) -> Result<SignedTransaction, DecodeError> {
    let mut reader = Reader::new(bytes);
    let transaction = read_transaction(&mut reader)?;
    let scheme = reader.byte("a scheme")?;
    let public_key = reader.optional_bytes("a public key or none")?.map(shared);
    let signature = shared(reader.bytes("a signature")?);
    reader.finish()?;
    let authentication = Authentication { scheme, public_key, signature };
    Ok(SignedTransaction { transaction, authentication })
}

fn read_transaction(reader: &mut Reader<'_>) -> Result<Transaction, DecodeError> {
    Ok(Transaction {
        chain_id: reader.u64("a chain id")?,
        nonce: Nonce::new(reader.u64("a nonce")?),
        valid_until: Height::new(reader.u64("a height")?),
        signer: address(reader, "a signer")?,
        fee: Fee {
            gas_limit: reader.u64("a gas limit")?,
            gas_price: amount(reader, "a gas price")?,
            tip: amount(reader, "a tip")?,
            deposit_limit: amount(reader, "a deposit limit")?,
        },
        body: read_body(reader, true)?,
    })
}

fn write_body(writer: &mut Writer, body: &Body) {
    match body {
        Body::Transfer { to, value } => {
            writer.byte(0);
            writer.fixed(to.as_bytes());
            writer.number(value.units());
        }
        Body::Upload { code } => {
            writer.byte(1);
            writer.bytes(code);
        }
        Body::Deploy(deployment) => {
            writer.byte(2);
            write_deployment(writer, deployment);
        }
        Body::Call { to, method, arguments, value } => {
            writer.byte(3);
            writer.fixed(to.as_bytes());
            writer.bytes(method.as_bytes());
            writer.bytes(arguments);
            writer.number(value.units());
        }
        Body::Upgrade(upgrade) => {
            writer.byte(4);
            write_upgrade(writer, upgrade);
        }
        Body::RotateKey { scheme, public_key, signature } => {
            writer.byte(5);
            writer.byte(*scheme);
            writer.bytes(public_key);
            writer.bytes(signature);
        }
        Body::Admin(operation) => {
            writer.byte(6);
            write_admin_operation(writer, operation);
        }
        Body::Batch(bodies) => {
            writer.byte(7);
            writer.number(bodies.len() as u128);
            bodies.iter().for_each(|body| write_body(writer, body));
        }
    }
}

fn read_body(reader: &mut Reader<'_>, may_be_batch: bool) -> Result<Body, DecodeError> {
    let start = reader.clone();
    Ok(match reader.byte("a body")? {
        0 => Body::Transfer { to: address(reader, "a receiver")?, value: amount(reader, "value")? },
        1 => Body::Upload { code: shared(reader.bytes("code")?) },
        2 => Body::Deploy(read_deployment(reader)?),
        3 => Body::Call {
            to: address(reader, "a contract")?,
            method: text(reader, "the name of a method")?,
            arguments: shared(reader.bytes("arguments")?),
            value: amount(reader, "value")?,
        },
        4 => Body::Upgrade(read_upgrade(reader)?),
        5 => Body::RotateKey {
            scheme: reader.byte("a scheme")?,
            public_key: shared(reader.bytes("a public key")?),
            signature: shared(reader.bytes("a signature")?),
        },
        6 => Body::Admin(read_admin_operation(reader)?),
        7 if may_be_batch => {
            let count = reader.u32("a number of bodies")? as usize;
            if count == 0 || count > MOST_BODIES {
                return Err(start.error("1 to 64 bodies"));
            }
            // Not nested: so the depth of this is two.
            let bodies = (0..count).map(|_| read_body(reader, false));
            Body::Batch(bodies.collect::<Result<_, _>>()?)
        }
        7 => return Err(start.error("a body that is no batch")),
        _ => return Err(start.error("the kind of a body")),
    })
}

fn write_deployment(writer: &mut Writer, deployment: &Deployment) {
    let Deployment { code, arguments, salt, value, admin, attestations } = deployment;
    match code {
        CodeSource::Module(code) => {
            writer.byte(0);
            writer.bytes(code);
        }
        CodeSource::Hash(hash) => {
            writer.byte(1);
            writer.fixed(hash.as_bytes());
        }
    }
    writer.bytes(arguments);
    writer.fixed(salt);
    writer.number(value.units());
    write_admin(writer, admin);
    write_attestations(writer, attestations);
}

fn read_deployment(reader: &mut Reader<'_>) -> Result<Deployment, DecodeError> {
    let start = reader.clone();
    let code = match reader.byte("code or its hash")? {
        0 => CodeSource::Module(shared(reader.bytes("code")?)),
        1 => CodeSource::Hash(hash(reader, "a code hash")?),
        _ => return Err(start.error("code or its hash")),
    };
    Ok(Deployment {
        code,
        arguments: shared(reader.bytes("arguments")?),
        salt: reader.fixed("a salt")?,
        value: amount(reader, "value")?,
        admin: read_admin(reader)?,
        attestations: read_attestations(reader)?,
    })
}

fn write_upgrade(writer: &mut Writer, upgrade: &Upgrade) {
    let Upgrade { contract, code_hash, migration, attestations } = upgrade;
    writer.fixed(contract.as_bytes());
    writer.fixed(code_hash.as_bytes());
    match migration {
        Migration::Code(arguments) => {
            writer.byte(0);
            writer.bytes(arguments);
        }
        Migration::Script { code_hash, arguments } => {
            writer.byte(1);
            writer.fixed(code_hash.as_bytes());
            writer.bytes(arguments);
        }
    }
    write_attestations(writer, attestations);
}

fn read_upgrade(reader: &mut Reader<'_>) -> Result<Upgrade, DecodeError> {
    let (contract, code_hash) = (address(reader, "a contract")?, hash(reader, "a code hash")?);
    let start = reader.clone();
    let migration = match reader.byte("a migration")? {
        0 => Migration::Code(shared(reader.bytes("arguments")?)),
        1 => Migration::Script {
            code_hash: hash(reader, "a code hash")?,
            arguments: shared(reader.bytes("arguments")?),
        },
        _ => return Err(start.error("the kind of a migration")),
    };
    let attestations = read_attestations(reader)?;
    Ok(Upgrade { contract, code_hash, migration, attestations })
}

fn write_attestations(writer: &mut Writer, attestations: &[Arc<[u8]>]) {
    writer.number(attestations.len() as u128);
    attestations.iter().for_each(|attestation| writer.bytes(attestation));
}

fn read_attestations(reader: &mut Reader<'_>) -> Result<Vec<Arc<[u8]>>, DecodeError> {
    let start = reader.clone();
    let count = reader.u32("a number of attestations")? as usize;
    if count > MOST_ATTESTATIONS {
        return Err(start.error("at most 8 attestations"));
    }
    let mut attestations = Vec::with_capacity(count);
    for _ in 0..count {
        let start = reader.clone();
        let attestation = reader.bytes("an attestation")?;
        if attestation.len() > ATTESTATION_BYTES {
            return Err(start.error("at most 8 KiB"));
        }
        attestations.push(shared(attestation));
    }
    Ok(attestations)
}

pub(super) fn write_admin_operation(writer: &mut Writer, operation: &AdminOperation) {
    match operation {
        AdminOperation::SetAdmin { contract, admin } => {
            writer.byte(0);
            writer.fixed(contract.as_bytes());
            write_admin(writer, admin);
        }
        AdminOperation::Approve { contract, operation } => {
            writer.byte(1);
            writer.fixed(contract.as_bytes());
            writer.fixed(operation.as_bytes());
        }
        AdminOperation::Announce { contract, operation } => {
            writer.byte(2);
            writer.fixed(contract.as_bytes());
            writer.fixed(operation.as_bytes());
        }
        AdminOperation::RegisterKey => writer.byte(3),
        AdminOperation::ForgetKey => writer.byte(4),
        AdminOperation::RemoveCode { code_hash } => {
            writer.byte(5);
            writer.fixed(code_hash.as_bytes());
        }
        AdminOperation::Govern(command) => {
            writer.byte(6);
            writer.bytes(&command.encode());
        }
        AdminOperation::ApproveCommand { command } => {
            writer.byte(7);
            writer.fixed(command.as_bytes());
        }
    }
}

fn read_admin_operation(reader: &mut Reader<'_>) -> Result<AdminOperation, DecodeError> {
    let start = reader.clone();
    Ok(match reader.byte("an operation")? {
        0 => AdminOperation::SetAdmin {
            contract: address(reader, "a contract")?,
            admin: read_admin(reader)?,
        },
        1 => AdminOperation::Approve {
            contract: address(reader, "a contract")?,
            operation: hash(reader, "the hash of an operation")?,
        },
        2 => AdminOperation::Announce {
            contract: address(reader, "a contract")?,
            operation: hash(reader, "the hash of an operation")?,
        },
        3 => AdminOperation::RegisterKey,
        4 => AdminOperation::ForgetKey,
        5 => AdminOperation::RemoveCode { code_hash: hash(reader, "a code hash")? },
        6 => {
            let start = reader.clone();
            let command = Command::decode(reader.bytes("a command")?);
            AdminOperation::Govern(command.map_err(|_| start.error("a sound command"))?)
        }
        7 => AdminOperation::ApproveCommand { command: hash(reader, "the hash of a command")? },
        _ => return Err(start.error("the kind of an operation")),
    })
}

fn text(reader: &mut Reader<'_>, expected: &'static str) -> Result<Arc<str>, DecodeError> {
    let start = reader.clone();
    let bytes = reader.bytes(expected)?;
    core::str::from_utf8(bytes).map(Arc::from).map_err(|_| start.error(expected))
}

fn hash(reader: &mut Reader<'_>, expected: &'static str) -> Result<Hash, DecodeError> {
    reader.fixed(expected).map(Hash::from_bytes)
}

fn address(reader: &mut Reader<'_>, expected: &'static str) -> Result<Address, DecodeError> {
    reader.fixed(expected).map(Address::from_bytes)
}

fn amount(reader: &mut Reader<'_>, expected: &'static str) -> Result<Amount, DecodeError> {
    reader.u128(expected).map(Amount::new)
}
