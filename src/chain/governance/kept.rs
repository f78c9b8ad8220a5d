//! What the chain keeps in the storage of two contracts of its own.
//!
//! ```text
//!   key                                    value
//!   the system contract, for the chain itself:
//!   one byte                               hashes of the last 256 blocks (host)
//!   "parameters"                           Parameters
//!   "protocol"                             Protocol
//!   "scheduled"                            commands, in the order in which they take effect
//!   the contract of records, for accounts, against deposits:
//!   "key/" ‖ account                       scheme ‖ public key that transactions may omit
//!   "approve/" ‖ contract ‖ operation      accounts that approved, ascending
//!   "announce/" ‖ contract ‖ operation     height of the announcement, eight bytes little-endian
//! ```

use alloc::format;
use alloc::vec::Vec;

use super::codec::{read_addresses, read_command, write_addresses, write_command};
use super::{Change, Command, MOST_SCHEDULED, Parameters};
use crate::chain::protocol::Protocol;
use crate::host::{make_records_contract, make_system_contract, records_address, system_address};
use crate::limits::StorageLimits;
use crate::primitives::{Address, DecodeError, Hash, Height, Reader, Writer};
use crate::state::{Bytes, Overlay, StateError, StoreError, View};

const PARAMETERS: &[u8] = b"parameters";
const PROTOCOL: &[u8] = b"protocol";
const SCHEDULED: &[u8] = b"scheduled";

fn load(view: &dyn View, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
    view.storage(&system_address(), key)
}

fn damaged(what: &str, error: &DecodeError) -> StoreError {
    StoreError::corrupt(format!("{what} of the chain: {error}"))
}

/// Sets a value of the system contract, which is made where there is none.
fn put(
    overlay: &mut Overlay<'_>,
    height: Height,
    key: &[u8],
    value: Option<&[u8]>,
) -> Result<(), StateError> {
    make_system_contract(overlay, height)?;
    put_unlimited(overlay, &system_address(), key, value)
}

/// Sets a value whatever the limits of contracts are: what the chain keeps must not stop because
/// somebody has filled it.
fn put_unlimited(
    overlay: &mut Overlay<'_>,
    contract: &Address,
    key: &[u8],
    value: Option<&[u8]>,
) -> Result<(), StateError> {
    let limits = overlay.replace_limits(StorageLimits::NONE);
    let result = overlay.set_storage(contract, key, value);
    overlay.replace_limits(limits);
    result.map(|_| ())
}

/// The same for the contract of records.
fn put_record(
    overlay: &mut Overlay<'_>,
    height: Height,
    key: &[u8],
    value: Option<&[u8]>,
) -> Result<(), StateError> {
    make_records_contract(overlay, height)?;
    put_unlimited(overlay, &records_address(), key, value)
}

fn load_record(view: &dyn View, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
    view.storage(&records_address(), key)
}

/// The parameters; none where the state is not that of a chain with a genesis.
pub(crate) fn load_parameters(view: &dyn View) -> Result<Option<Parameters>, StoreError> {
    let bytes = load(view, PARAMETERS)?;
    let decode = |bytes: Bytes| Parameters::decode(&bytes).map_err(|e| damaged("parameters", &e));
    bytes.map(decode).transpose()
}

pub(crate) fn save_parameters(
    overlay: &mut Overlay<'_>,
    height: Height,
    parameters: &Parameters,
) -> Result<(), StateError> {
    put(overlay, height, PARAMETERS, Some(&parameters.encode()))
}

/// The protocol; none where the state is not that of a chain with a genesis.
pub(crate) fn load_protocol(view: &dyn View) -> Result<Option<Protocol>, StoreError> {
    let bytes = load(view, PROTOCOL)?;
    let decode = |bytes: Bytes| Protocol::decode(&bytes).map_err(|e| damaged("protocol", &e));
    bytes.map(decode).transpose()
}

pub(crate) fn save_protocol(
    overlay: &mut Overlay<'_>,
    height: Height,
    protocol: &Protocol,
) -> Result<(), StateError> {
    put(overlay, height, PROTOCOL, Some(&protocol.encode()))
}

/// The commands that wait for their height, in the order in which they take effect.
pub(crate) fn load_scheduled(view: &dyn View) -> Result<Vec<Command>, StoreError> {
    let Some(bytes) = load(view, SCHEDULED)? else { return Ok(Vec::new()) };
    let mut reader = Reader::new(&bytes);
    let mut commands = Vec::new();
    while !reader.is_at_end() {
        let command = read_command(&mut reader).map_err(|e| damaged("scheduled changes", &e))?;
        commands.push(command);
    }
    Ok(commands)
}

fn save_scheduled(
    overlay: &mut Overlay<'_>,
    height: Height,
    commands: &[Command],
) -> Result<(), StateError> {
    let mut writer = Writer::new();
    commands.iter().for_each(|command| write_command(&mut writer, command));
    let bytes = writer.finish();
    put(overlay, height, SCHEDULED, (!bytes.is_empty()).then_some(&bytes))
}

/// Schedules a command behind those of the same height. False where too many wait.
pub(crate) fn schedule(
    overlay: &mut Overlay<'_>,
    height: Height,
    command: Command,
) -> Result<bool, StateError> {
    let mut commands = load_scheduled(overlay)?;
    if commands.len() >= MOST_SCHEDULED {
        return Ok(false);
    }
    let at = commands.partition_point(|waiting| waiting.height <= command.height);
    commands.insert(at, command);
    save_scheduled(overlay, height, &commands)?;
    Ok(true)
}

/// Makes what is scheduled up to `height` so. Returns what it was.
pub(crate) fn apply_due(
    overlay: &mut Overlay<'_>,
    height: Height,
) -> Result<Vec<Command>, StateError> {
    let mut commands = load_scheduled(overlay)?;
    let due = commands.partition_point(|command| command.height <= height);
    if due == 0 {
        return Ok(Vec::new());
    }
    let later = commands.split_off(due);
    let mut parameters = load_parameters(overlay)?.unwrap_or_default();
    for command in &commands {
        match &command.change {
            Change::Protocol(protocol) => save_protocol(overlay, height, protocol)?,
            Change::Schemes(schemes) => parameters.schemes = schemes.clone(),
            Change::Analysts(analysts) => parameters.analysts = analysts.clone(),
            Change::Pauses(pauses) => parameters.pauses = pauses.clone(),
            Change::Governor(governor) => parameters.governor = governor.clone(),
        }
    }
    save_parameters(overlay, height, &parameters)?;
    save_scheduled(overlay, height, &later)?;
    Ok(commands)
}

fn key_key(account: &Address) -> Vec<u8> {
    [b"key/", &account.as_bytes()[..]].concat()
}

/// The scheme and the public key that transactions of an account may omit.
pub(crate) fn registered_key(
    view: &dyn View,
    account: &Address,
) -> Result<Option<(u8, Vec<u8>)>, StoreError> {
    let row = load_record(view, &key_key(account))?;
    Ok(row.and_then(|row| row.split_first().map(|(scheme, key)| (*scheme, key.to_vec()))))
}

pub(crate) fn register_key(
    overlay: &mut Overlay<'_>,
    height: Height,
    account: &Address,
    scheme: u8,
    public_key: &[u8],
) -> Result<(), StateError> {
    let row = [&[scheme], public_key].concat();
    put_record(overlay, height, &key_key(account), Some(&row))
}

pub(crate) fn forget_key(
    overlay: &mut Overlay<'_>,
    height: Height,
    account: &Address,
) -> Result<(), StateError> {
    put_record(overlay, height, &key_key(account), None)
}

fn operation_key(kind: &[u8], contract: &Address, operation: &Hash) -> Vec<u8> {
    [kind, contract.as_bytes(), operation.as_bytes()].concat()
}

/// Who has approved of an operation on a contract.
pub(crate) fn approvals(
    view: &dyn View,
    contract: &Address,
    operation: &Hash,
) -> Result<Vec<Address>, StoreError> {
    let row = load_record(view, &operation_key(b"approve/", contract, operation))?;
    let Some(row) = row else { return Ok(Vec::new()) };
    read_addresses(&mut Reader::new(&row)).map_err(|e| damaged("approvals", &e))
}

/// Notes that an account approves.
pub(crate) fn approve(
    overlay: &mut Overlay<'_>,
    height: Height,
    contract: &Address,
    operation: &Hash,
    account: &Address,
) -> Result<(), StateError> {
    let mut approved = approvals(overlay, contract, operation)?;
    if let Err(at) = approved.binary_search(account) {
        approved.insert(at, *account);
    }
    let mut writer = Writer::new();
    write_addresses(&mut writer, &approved);
    put_record(
        overlay,
        height,
        &operation_key(b"approve/", contract, operation),
        Some(&writer.finish()),
    )
}

pub(crate) fn clear_approvals(
    overlay: &mut Overlay<'_>,
    height: Height,
    contract: &Address,
    operation: &Hash,
) -> Result<(), StateError> {
    put_record(overlay, height, &operation_key(b"approve/", contract, operation), None)
}

/// When an operation was announced.
pub(crate) fn announced(
    view: &dyn View,
    contract: &Address,
    operation: &Hash,
) -> Result<Option<Height>, StoreError> {
    let row = load_record(view, &operation_key(b"announce/", contract, operation))?;
    let height = row.and_then(|row| <[u8; 8]>::try_from(&row[..]).ok());
    Ok(height.map(|height| Height::new(u64::from_le_bytes(height))))
}

pub(crate) fn announce(
    overlay: &mut Overlay<'_>,
    height: Height,
    contract: &Address,
    operation: &Hash,
) -> Result<(), StateError> {
    let key = operation_key(b"announce/", contract, operation);
    put_record(overlay, height, &key, Some(&height.number().to_le_bytes()))
}

pub(crate) fn clear_announcement(
    overlay: &mut Overlay<'_>,
    height: Height,
    contract: &Address,
    operation: &Hash,
) -> Result<(), StateError> {
    put_record(overlay, height, &operation_key(b"announce/", contract, operation), None)
}
