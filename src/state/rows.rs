//! Rows of state: how a place becomes a state key, and what it holds becomes bytes.
//!
//! ```text
//!   key                             value
//!   01 ‖ address                    account          01 ‖ flags ‖ fields that are not zero
//!   02 ‖ contract ‖ storage key     01 ‖ the value
//!   03 ‖ code hash                  record of code
//!   04 ‖ contract                   versions before upgrades, oldest first
//! ```
//!
//! No row is empty, since ICS-23 can not prove empty values: a stranger's empty value next to an
//! absent key would make its absence unprovable.
//!
//! The state root is over exactly these bytes: a leaf's key hash is SHA-256 of the key, its value
//! hash SHA-256 of the value. `docs/state-format.md` has the fields, byte by byte.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::account::{Account, Admin, Analysis, Auth, CodeInfo, ContractInfo, PastVersion, Usage};
use super::store::Bytes;
use crate::primitives::{Address, Amount, Hash, Height, Nonce};
use crate::primitives::{DecodeError, Reader, Writer};

/// Version of the encoding of accounts, values, code records and histories.
const VERSION: u8 = 1;

const HAS_NONCE: u8 = 1;
const HAS_BALANCE: u8 = 1 << 1;
const HAS_AUTH: u8 = 1 << 2;
const HAS_CONTRACT: u8 = 1 << 3;
/// The contract is between two versions.
const IS_MIGRATING: u8 = 1 << 4;

/// A place of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StateKey<'a> {
    /// An account.
    Account(&'a Address),
    /// An entry of a contract's storage.
    Storage(&'a Address, &'a [u8]),
    /// The record of code.
    Code(&'a Hash),
    /// The versions that a contract had before upgrades.
    History(&'a Address),
}

impl<'a> StateKey<'a> {
    /// First byte of the keys of accounts.
    pub const ACCOUNT: u8 = 1;
    /// First byte of the keys of contract storage.
    pub const STORAGE: u8 = 2;
    /// First byte of the keys of code records.
    pub const CODE: u8 = 3;
    /// First byte of the keys of histories.
    pub const HISTORY: u8 = 4;

    /// The key as it is stored and hashed.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let (kind, id, key): (u8, &[u8; 32], &[u8]) = match self {
            StateKey::Account(address) => (StateKey::ACCOUNT, address.as_bytes(), &[]),
            StateKey::Storage(contract, key) => (StateKey::STORAGE, contract.as_bytes(), key),
            StateKey::Code(hash) => (StateKey::CODE, hash.as_bytes(), &[]),
            StateKey::History(contract) => (StateKey::HISTORY, contract.as_bytes(), &[]),
        };
        let mut bytes = Vec::with_capacity(33 + key.len());
        bytes.push(kind);
        bytes.extend_from_slice(id);
        bytes.extend_from_slice(key);
        bytes
    }
}

/// A row of state that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateRow {
    /// An account.
    Account(Address, Box<Account>),
    /// An entry of a contract's storage: contract, key, value.
    Storage(Address, Bytes, Bytes),
    /// The record of code.
    Code(Hash, CodeInfo),
    /// The versions that a contract had before upgrades, oldest first.
    History(Address, Vec<PastVersion>),
}

impl StateRow {
    /// Reads a row: of a store, of a snapshot, or of what a proof is about.
    ///
    /// # Errors
    ///
    /// Where the key is no state key or the value is not the one encoding of what it holds.
    pub fn decode(key: &[u8], value: &[u8]) -> Result<StateRow, DecodeError> {
        Ok(match place(key)? {
            Place::Account(address) => StateRow::Account(address, Box::new(decode_account(value)?)),
            Place::Storage(contract, key) => {
                StateRow::Storage(contract, key.into(), decode_value(value)?.into())
            }
            Place::Code(hash) => StateRow::Code(hash, decode_code_info(value)?),
            Place::History(contract) => StateRow::History(contract, decode_history(value)?),
        })
    }
}

/// A state key that has been taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Account(Address),
    Storage(Address, &'a [u8]),
    Code(Hash),
    History(Address),
}

/// Takes a state key apart.
pub(crate) fn place(key: &[u8]) -> Result<Place<'_>, DecodeError> {
    let mut reader = Reader::new(key);
    let kind = reader.byte("the kind of a state key")?;
    let id: [u8; 32] = reader.fixed("an address or hash")?;
    let rest = &key[reader.offset()..];
    let address = Address::from_bytes(id);
    match kind {
        StateKey::STORAGE if !rest.is_empty() => return Ok(Place::Storage(address, rest)),
        StateKey::STORAGE => return Err(reader.error("a storage key")),
        StateKey::ACCOUNT | StateKey::CODE | StateKey::HISTORY => reader.finish()?,
        _ => return Err(DecodeError { offset: 0, expected: "the kind of a state key" }),
    }
    Ok(match kind {
        StateKey::ACCOUNT => Place::Account(address),
        StateKey::CODE => Place::Code(Hash::from_bytes(id)),
        _ => Place::History(address),
    })
}

/// The encoding of an account; none for the default account, which is no row.
pub(crate) fn encode_account(account: &Account) -> Option<Bytes> {
    if account.is_default() {
        return None;
    }
    let has_nonce = account.nonce != Nonce::default();
    let has_balance = account.balance != Amount::ZERO;
    let flags = [
        (has_nonce, HAS_NONCE),
        (has_balance, HAS_BALANCE),
        (account.auth.is_some(), HAS_AUTH),
        (account.contract.is_some(), HAS_CONTRACT),
        (account.contract.as_ref().is_some_and(|contract| contract.migrating), IS_MIGRATING),
    ];
    let mut writer = Writer::new();
    writer.byte(VERSION);
    writer.byte(flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag).sum());
    if has_nonce {
        writer.number(account.nonce.number().into());
    }
    if has_balance {
        writer.number(account.balance.units());
    }
    if let Some(auth) = &account.auth {
        writer.byte(auth.scheme);
        writer.fixed(auth.key_hash.as_bytes());
    }
    if let Some(contract) = &account.contract {
        write_contract(&mut writer, contract);
    }
    Some(writer.finish().into())
}

fn write_contract(writer: &mut Writer, contract: &ContractInfo) {
    writer.fixed(contract.code_hash.as_bytes());
    writer.number(contract.version.into());
    writer.number(contract.schema.into());
    write_admin(writer, &contract.admin);
    writer.fixed(contract.deployer.as_bytes());
    writer.number(contract.deployed_height.number().into());
    writer.byte(contract.analysis.is_some().into());
    if let Some(analysis) = &contract.analysis {
        writer.number(analysis.version.into());
        writer.number(analysis.score.into());
        writer.fixed(analysis.report.as_bytes());
    }
    writer.number(contract.deposit.units());
    writer.number(contract.usage.items.into());
    writer.number(contract.usage.bytes.into());
}

/// Writes who may upgrade a contract.
pub(crate) fn write_admin(writer: &mut Writer, admin: &Admin) {
    match admin {
        Admin::None => writer.byte(0),
        Admin::Key(admin) => {
            writer.byte(1);
            writer.fixed(admin.as_bytes());
        }
        Admin::TimeLock { admin, delay } => {
            writer.byte(2);
            writer.fixed(admin.as_bytes());
            writer.number((*delay).into());
        }
        Admin::Threshold { needed, admins } => {
            writer.byte(3);
            writer.number((*needed).into());
            writer.number(admins.len() as u128);
            admins.iter().for_each(|admin| writer.fixed(admin.as_bytes()));
        }
        Admin::Itself => writer.byte(4),
    }
}

/// The account that these bytes encode.
pub(crate) fn decode_account(bytes: &[u8]) -> Result<Account, DecodeError> {
    let mut reader = version(bytes, "version 1 of an account")?;
    let flags = reader.byte("flags of an account")?;
    let mut account = Account::default();
    if flags & HAS_NONCE != 0 {
        account.nonce = Nonce::new(reader.u64("a nonce")?);
    }
    if flags & HAS_BALANCE != 0 {
        account.balance = Amount::new(reader.u128("a balance")?);
    }
    if flags & HAS_AUTH != 0 {
        let scheme = reader.byte("a scheme")?;
        account.auth = Some(Auth { scheme, key_hash: hash(&mut reader, "a key hash")? });
    }
    if flags & HAS_CONTRACT != 0 {
        let migrating = flags & IS_MIGRATING != 0;
        account.contract = Some(ContractInfo { migrating, ..read_contract(&mut reader)? });
    }
    reader.finish()?;
    let is_canonical = (flags & HAS_NONCE != 0) == (account.nonce != Nonce::default())
        && (flags & HAS_BALANCE != 0) == (account.balance != Amount::ZERO)
        && flags != 0
        && flags < IS_MIGRATING << 1
        && (flags & IS_MIGRATING == 0 || account.contract.is_some());
    if !is_canonical {
        return Err(DecodeError { offset: 1, expected: "flags of the fields that are there" });
    }
    Ok(account)
}

fn read_contract(reader: &mut Reader<'_>) -> Result<ContractInfo, DecodeError> {
    Ok(ContractInfo {
        code_hash: hash(reader, "a code hash")?,
        version: reader.u32("a version")?,
        schema: reader.u32("a schema")?,
        admin: read_admin(reader)?,
        deployer: address(reader, "a deployer")?,
        deployed_height: Height::new(reader.u64("a height")?),
        migrating: false,
        analysis: read_analysis(reader)?,
        deposit: Amount::new(reader.u128("a deposit")?),
        usage: Usage {
            items: reader.u64("a number of entries")?,
            bytes: reader.u64("a number of bytes")?,
        },
    })
}

/// Reads who may upgrade a contract; a threshold has to be one.
pub(crate) fn read_admin(reader: &mut Reader<'_>) -> Result<Admin, DecodeError> {
    let start = reader.clone();
    let admin = match reader.byte("an admin")? {
        0 => Admin::None,
        1 => Admin::Key(address(reader, "an admin")?),
        2 => {
            let admin = address(reader, "an admin")?;
            Admin::TimeLock { admin, delay: reader.u64("a delay")? }
        }
        3 => {
            let needed = reader.u32("a threshold")?;
            let count = reader.u32("a number of admins")?;
            // No capacity in advance: the count is believed as far as there are bytes for it.
            let mut admins = Vec::new();
            for _ in 0..count {
                admins.push(address(reader, "an admin")?);
            }
            Admin::Threshold { needed, admins }
        }
        4 => Admin::Itself,
        _ => return Err(start.error("the kind of an admin")),
    };
    if admin.is_sound() { Ok(admin) } else { Err(start.error("a threshold and sorted admins")) }
}

fn read_analysis(reader: &mut Reader<'_>) -> Result<Option<Analysis>, DecodeError> {
    let start = reader.clone();
    match reader.byte("an analysis")? {
        0 => Ok(None),
        1 => {
            let version = reader.u32("the version of an analyser")?;
            let score = u16::try_from(reader.u32("a score")?).ok().filter(|score| *score <= 10_000);
            let score = score.ok_or_else(|| start.error("a score of at most 10,000"))?;
            Ok(Some(Analysis { version, score, report: hash(reader, "a report hash")? }))
        }
        _ => Err(start.error("an analysis or none")),
    }
}

/// The row of a value of contract storage.
pub(crate) fn encode_value(value: &[u8]) -> Bytes {
    let mut row = Vec::with_capacity(1 + value.len());
    row.push(VERSION);
    row.extend_from_slice(value);
    row.into()
}

/// The value of contract storage that a row holds.
pub(crate) fn decode_value(row: &[u8]) -> Result<&[u8], DecodeError> {
    let expected = "version 1 of a value";
    match row.split_first() {
        Some((&VERSION, value)) => Ok(value),
        _ => Err(DecodeError { offset: 0, expected }),
    }
}

/// The encoding of a record of code.
pub(crate) fn encode_code_info(info: &CodeInfo) -> Bytes {
    let mut writer = Writer::new();
    writer.byte(VERSION);
    writer.number(info.references.into());
    writer.number(info.length.into());
    writer.fixed(info.uploader.as_bytes());
    writer.number(info.deposit.units());
    writer.finish().into()
}

/// The record of code that these bytes encode.
pub(crate) fn decode_code_info(bytes: &[u8]) -> Result<CodeInfo, DecodeError> {
    let mut reader = version(bytes, "version 1 of a record of code")?;
    let info = CodeInfo {
        references: reader.u64("a number of references")?,
        length: reader.u32("the length of code")?,
        uploader: address(&mut reader, "an uploader")?,
        deposit: Amount::new(reader.u128("a deposit")?),
    };
    reader.finish()?;
    Ok(info)
}

/// The encoding of a history; none for an empty one, which is no row.
pub(crate) fn encode_history(history: &[PastVersion]) -> Option<Bytes> {
    if history.is_empty() {
        return None;
    }
    let mut writer = Writer::new();
    writer.byte(VERSION);
    for past in history {
        writer.fixed(past.code_hash.as_bytes());
        writer.number(past.schema.into());
        writer.number(past.height.number().into());
        writer.fixed(past.by.as_bytes());
    }
    Some(writer.finish().into())
}

/// The history that these bytes encode.
pub(crate) fn decode_history(bytes: &[u8]) -> Result<Vec<PastVersion>, DecodeError> {
    let mut reader = version(bytes, "version 1 of a history")?;
    let mut history = Vec::new();
    while history.is_empty() || !reader.is_at_end() {
        history.push(PastVersion {
            code_hash: hash(&mut reader, "a code hash")?,
            schema: reader.u32("a schema")?,
            height: Height::new(reader.u64("a height")?),
            by: address(&mut reader, "an address")?,
        });
    }
    Ok(history)
}

fn version<'a>(bytes: &'a [u8], expected: &'static str) -> Result<Reader<'a>, DecodeError> {
    let mut reader = Reader::new(bytes);
    match reader.byte(expected)? {
        VERSION => Ok(reader),
        _ => Err(DecodeError { offset: 0, expected }),
    }
}

fn hash(reader: &mut Reader<'_>, expected: &'static str) -> Result<Hash, DecodeError> {
    reader.fixed(expected).map(Hash::from_bytes)
}

fn address(reader: &mut Reader<'_>, expected: &'static str) -> Result<Address, DecodeError> {
    reader.fixed(expected).map(Address::from_bytes)
}
