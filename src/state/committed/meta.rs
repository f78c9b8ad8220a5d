//! Rows of the table `meta`: what a store is, and how far it has come.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use crate::primitives::Height;
use crate::primitives::{DecodeError, Reader, Writer};
use crate::state::changes::{Change, ChangeSet};
use crate::state::rows::{Place, decode_account, decode_code_info, decode_value, place};
use crate::state::store::{Batch, Order, Store, StoreError, StoreErrorKind, Table};
use crate::state::tree::StateRoot;

/// Key of the row that says what the store is.
const FORMAT_KEY: &[u8] = b"format";
/// Its value begins with this and ends with the version of the format, four bytes little-endian.
const MAGIC: &[u8] = b"dytallix state";
/// The version that this code reads and writes.
const FORMAT_VERSION: u32 = 1;
/// Key of the row of the head.
const HEAD_KEY: &[u8] = b"head";
/// Key of the row that says that the table of leaves is complete.
const LEAVES_KEY: &[u8] = b"leaves";
/// Key of the row of an unfinished restore.
pub(crate) const RESTORE_KEY: &[u8] = b"restore";

/// The last committed block, and what state holds after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Head {
    /// Its height.
    pub height: Height,
    /// The root of state after it.
    pub root: StateRoot,
    /// How much state holds.
    pub totals: Totals,
    /// The lowest height that can still be read.
    pub oldest: Height,
}

/// How much state holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Totals {
    /// Accounts, those of contracts among them.
    pub accounts: u64,
    /// Contracts.
    pub contracts: u64,
    /// Entries of contract storage.
    pub items: u64,
    /// Bytes of the keys and values of these entries.
    pub bytes: u64,
    /// Code, counted once by hash.
    pub codes: u64,
    /// Bytes of that code.
    pub code_bytes: u64,
}

impl Totals {
    /// The totals after `changes`; an error where they contradict the totals.
    pub(super) fn after(self, changes: &ChangeSet) -> Result<Totals, StoreError> {
        let mut next = Counters::of(self);
        for Change { previous, current, .. } in &changes.accounts {
            let of = |account: &Option<_>| i128::from(account.is_some());
            next.0[0] += of(current) - of(previous);
            let of = |account: &Option<crate::state::Account>| {
                i128::from(account.as_ref().is_some_and(|account| account.contract.is_some()))
            };
            next.0[1] += of(current) - of(previous);
        }
        for Change { place: (_, key), previous, current } in &changes.storage {
            let size = |value: &Option<crate::state::Bytes>| {
                value.as_ref().map_or(0, |value| (key.len() + value.len()) as i128)
            };
            next.0[2] += i128::from(current.is_some()) - i128::from(previous.is_some());
            next.0[3] += size(current) - size(previous);
        }
        for Change { previous, current, .. } in &changes.code_info {
            let size = |info: &Option<crate::state::CodeInfo>| {
                info.as_ref().map_or(0, |info| i128::from(info.length))
            };
            next.0[4] += i128::from(current.is_some()) - i128::from(previous.is_some());
            next.0[5] += size(current) - size(previous);
        }
        next.totals().ok_or_else(|| StoreError::corrupt("the totals do not fit the changes"))
    }

    pub(crate) fn to_array(self) -> [u64; 6] {
        let Totals { accounts, contracts, items, bytes, codes, code_bytes } = self;
        [accounts, contracts, items, bytes, codes, code_bytes]
    }

    pub(crate) fn from_array(numbers: [u64; 6]) -> Totals {
        let [accounts, contracts, items, bytes, codes, code_bytes] = numbers;
        Totals { accounts, contracts, items, bytes, codes, code_bytes }
    }

    pub(crate) fn write(self, writer: &mut Writer) {
        self.to_array().iter().for_each(|&number| writer.number(number.into()));
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Totals, DecodeError> {
        let mut numbers = [0; 6];
        for number in &mut numbers {
            *number = reader.u64("a total")?;
        }
        Ok(Totals::from_array(numbers))
    }
}

/// Totals that may be below zero for a while.
pub(super) struct Counters([i128; 6]);

impl Counters {
    pub(super) fn of(totals: Totals) -> Counters {
        Counters(totals.to_array().map(i128::from))
    }

    /// Counts a row of state in, where `sign` is 1, or out, where it is -1.
    pub(super) fn count(&mut self, key: &[u8], row: &[u8], sign: i128) -> Result<(), StoreError> {
        let counted = self.try_count(key, row, sign);
        counted.map_err(|error| StoreError::corrupt(format!("a row of state: {error}")))
    }

    fn try_count(&mut self, key: &[u8], row: &[u8], sign: i128) -> Result<(), DecodeError> {
        let [accounts, contracts, items, bytes, codes, code_bytes] = &mut self.0;
        match place(key)? {
            Place::Account(_) => {
                *accounts += sign;
                *contracts += sign * i128::from(decode_account(row)?.contract.is_some());
            }
            Place::Storage(_, storage_key) => {
                *items += sign;
                *bytes += sign * (storage_key.len() + decode_value(row)?.len()) as i128;
            }
            Place::Code(_) => {
                *codes += sign;
                *code_bytes += sign * i128::from(decode_code_info(row)?.length);
            }
            Place::History(_) => {}
        }
        Ok(())
    }

    /// What was counted; none where something is below zero.
    pub(super) fn totals(self) -> Option<Totals> {
        let mut numbers = [0; 6];
        for (number, counter) in numbers.iter_mut().zip(self.0) {
            *number = u64::try_from(counter).ok()?;
        }
        Some(Totals::from_array(numbers))
    }
}

impl Head {
    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.number(self.height.number().into());
        writer.fixed(self.root.as_bytes());
        self.totals.write(&mut writer);
        writer.number(self.oldest.number().into());
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Head, DecodeError> {
        let mut reader = Reader::new(bytes);
        let height = Height::new(reader.u64("a height")?);
        let root = StateRoot::from_bytes(reader.fixed("a root")?);
        let totals = Totals::read(&mut reader)?;
        let start = reader.clone();
        let oldest = Height::new(reader.u64("a height")?);
        reader.finish()?;
        match oldest <= height && height.next().is_some() {
            true => Ok(Head { height, root, totals, oldest }),
            false => Err(start.error("a height that is not above the head's")),
        }
    }

    /// Adds the head to a batch, and what says that the store is ours.
    pub(crate) fn put(&self, batch: &mut Batch) {
        batch.put(Table::Meta, FORMAT_KEY, format_row());
        batch.put(Table::Meta, HEAD_KEY, self.encode());
    }
}

/// The row that says that a store is ours.
pub(crate) fn format_row() -> Vec<u8> {
    [MAGIC, &FORMAT_VERSION.to_le_bytes()].concat()
}

/// Adds the root of the head to the table of roots.
pub(crate) fn put_roots(batch: &mut Batch, head: &Head) {
    batch.put(Table::Roots, head.height.number().to_be_bytes(), *head.root.as_bytes());
}

/// Marks a store as ours before it has a head.
pub(crate) fn put_format(batch: &mut Batch) {
    batch.put(Table::Meta, FORMAT_KEY, format_row());
}

/// The head of a store; none where nothing has been committed.
pub(crate) fn read_head<S: Store>(store: &S) -> Result<Option<Head>, StoreError> {
    check_format(store)?;
    let Some(bytes) = store.get(Table::Meta, HEAD_KEY)? else { return Ok(None) };
    let head = Head::decode(&bytes);
    head.map(Some).map_err(|error| StoreError::corrupt(format!("the row of the head: {error}")))
}

/// Whether the store is ours and of a version that we know, or empty.
fn check_format<S: Store>(store: &S) -> Result<(), StoreError> {
    let foreign = |message| Err(StoreError::of(StoreErrorKind::Foreign, message));
    let Some(bytes) = store.get(Table::Meta, FORMAT_KEY)? else {
        for table in Table::ALL {
            if !super::is_table_empty(store, table)? {
                return foreign(format!("the table {} has rows, and no format", table.name()));
            }
        }
        return Ok(());
    };
    let Some(version) = bytes.strip_prefix(MAGIC) else {
        return foreign("its format is that of something else".into());
    };
    match version.try_into().map(u32::from_le_bytes) {
        Ok(FORMAT_VERSION) => Ok(()),
        Ok(version) => foreign(format!(
            "its format has version {version}, this is software for version {FORMAT_VERSION}"
        )),
        Err(_) => foreign("its format has no version".into()),
    }
}

/// There is no row in the table `meta` but those of this version.
pub(super) fn check_names<S: Store>(store: &S) -> Result<(), StoreError> {
    let mut stray = None;
    let all = (Bound::Unbounded, Bound::Unbounded);
    store.scan(Table::Meta, all, Order::Ascending, &mut |name, _| {
        if [FORMAT_KEY, HEAD_KEY, LEAVES_KEY, RESTORE_KEY].contains(&name) {
            return ControlFlow::Continue(());
        }
        stray = Some(String::from_utf8_lossy(name).into_owned());
        ControlFlow::Break(())
    })?;
    match stray {
        Some(name) => Err(StoreError::corrupt(format!("the table meta has a row {name:?}"))),
        None => Ok(()),
    }
}

/// Whether the table of leaves is complete.
pub(super) fn has_leaves<S: Store>(store: &S) -> Result<bool, StoreError> {
    Ok(store.get(Table::Meta, LEAVES_KEY)?.is_some())
}

/// Says from here on that the table of leaves is complete, or no longer.
pub(super) fn put_leaves(batch: &mut Batch, is_complete: bool) {
    if is_complete {
        batch.put(Table::Meta, LEAVES_KEY, [1]);
    } else {
        batch.remove(Table::Meta, LEAVES_KEY);
    }
}
