//! Encodings of parameters and commands.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Analysts, Change, Command, Governor, Parameters, Pauses};
use crate::chain::protocol::Protocol;
use crate::primitives::{Address, DecodeError, Height, Reader, Writer};

/// Version of the encoding of parameters.
const VERSION: u8 = 1;

pub(super) fn encode_parameters(parameters: &Parameters) -> Vec<u8> {
    let Parameters { governor, schemes, analysts, pauses } = parameters;
    let mut writer = Writer::new();
    writer.byte(VERSION);
    write_governor(&mut writer, governor);
    writer.bytes(schemes);
    write_analysts(&mut writer, analysts);
    write_pauses(&mut writer, pauses);
    writer.finish()
}

pub(super) fn decode_parameters(bytes: &[u8]) -> Result<Parameters, DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte("parameters")? != VERSION {
        return Err(DecodeError { offset: 0, expected: "version 1 of parameters" });
    }
    let parameters = Parameters {
        governor: read_governor(&mut reader)?,
        schemes: reader.bytes("schemes")?.into(),
        analysts: read_analysts(&mut reader)?,
        pauses: read_pauses(&mut reader)?,
    };
    reader.finish()?;
    match parameters.is_sound() {
        true => Ok(parameters),
        false => Err(DecodeError { offset: 0, expected: "sound parameters" }),
    }
}

pub(super) fn encode_command(command: &Command) -> Vec<u8> {
    let mut writer = Writer::new();
    write_command(&mut writer, command);
    writer.finish()
}

pub(super) fn decode_command(bytes: &[u8]) -> Result<Command, DecodeError> {
    let mut reader = Reader::new(bytes);
    let command = read_command(&mut reader)?;
    reader.finish()?;
    Ok(command)
}

pub(super) fn write_command(writer: &mut Writer, command: &Command) {
    writer.number(command.height.number().into());
    match &command.change {
        Change::Protocol(protocol) => {
            writer.byte(0);
            writer.bytes(&protocol.encode());
        }
        Change::Schemes(schemes) => {
            writer.byte(1);
            writer.bytes(schemes);
        }
        Change::Analysts(analysts) => {
            writer.byte(2);
            write_analysts(writer, analysts);
        }
        Change::Pauses(pauses) => {
            writer.byte(3);
            write_pauses(writer, pauses);
        }
        Change::Governor(governor) => {
            writer.byte(4);
            write_governor(writer, governor);
        }
    }
}

pub(super) fn read_command(reader: &mut Reader<'_>) -> Result<Command, DecodeError> {
    let height = Height::new(reader.u64("a height")?);
    let start = reader.clone();
    let change = match reader.byte("a change")? {
        0 => Change::Protocol(Box::new(Protocol::decode(reader.bytes("a protocol")?)?)),
        1 => Change::Schemes(reader.bytes("schemes")?.into()),
        2 => Change::Analysts(read_analysts(reader)?),
        3 => Change::Pauses(read_pauses(reader)?),
        4 => Change::Governor(read_governor(reader)?),
        _ => return Err(start.error("the kind of a change")),
    };
    if change.is_sound() {
        Ok(Command { height, change })
    } else {
        Err(start.error("a sound change"))
    }
}

fn write_governor(writer: &mut Writer, governor: &Governor) {
    match governor {
        Governor::None => writer.byte(0),
        Governor::Account(account) => {
            writer.byte(1);
            writer.fixed(account.as_bytes());
        }
        Governor::Threshold { needed, accounts } => {
            writer.byte(2);
            writer.number((*needed).into());
            write_addresses(writer, accounts);
        }
    }
}

fn read_governor(reader: &mut Reader<'_>) -> Result<Governor, DecodeError> {
    let start = reader.clone();
    Ok(match reader.byte("a governor")? {
        0 => Governor::None,
        1 => Governor::Account(Address::from_bytes(reader.fixed("an account")?)),
        2 => {
            let needed = reader.u32("a threshold")?;
            Governor::Threshold { needed, accounts: read_addresses(reader)? }
        }
        _ => return Err(start.error("the kind of a governor")),
    })
}

fn write_analysts(writer: &mut Writer, analysts: &Analysts) {
    writer.number(analysts.needed.into());
    write_addresses(writer, &analysts.accounts);
}

fn read_analysts(reader: &mut Reader<'_>) -> Result<Analysts, DecodeError> {
    let needed = reader.u32("a threshold")?;
    Ok(Analysts { needed, accounts: read_addresses(reader)? })
}

fn write_pauses(writer: &mut Writer, pauses: &Pauses) {
    writer.byte(u8::from(pauses.deployments) | u8::from(pauses.calls) << 1);
    write_addresses(writer, &pauses.contracts);
}

fn read_pauses(reader: &mut Reader<'_>) -> Result<Pauses, DecodeError> {
    let start = reader.clone();
    let flags = reader.byte("pauses")?;
    if flags > 3 {
        return Err(start.error("flags of pauses"));
    }
    let contracts = read_addresses(reader)?;
    Ok(Pauses { deployments: flags & 1 != 0, calls: flags & 2 != 0, contracts })
}

pub(super) fn write_addresses(writer: &mut Writer, addresses: &[Address]) {
    writer.number(addresses.len() as u128);
    addresses.iter().for_each(|address| writer.fixed(address.as_bytes()));
}

pub(super) fn read_addresses(reader: &mut Reader<'_>) -> Result<Vec<Address>, DecodeError> {
    let count = reader.u32("a number of addresses")?;
    // No capacity in advance: the count is believed as far as there are bytes for it.
    let mut addresses = Vec::new();
    for _ in 0..count {
        addresses.push(Address::from_bytes(reader.fixed("an address")?));
    }
    Ok(addresses)
}
