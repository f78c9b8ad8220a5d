//! What each block replaced: from it older states are read, and the tree is taken back.
//!
//! The undo of height `h` holds every row that the block of `h` changed, with what was there before
//! it. A row as of height `g` is what the first undo above `g` that names it says; where none does,
//! it is what it is now.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use super::opening::leaf_of_row;
use crate::primitives::Height;
use crate::primitives::{DecodeError, Reader, Writer};
use crate::state::changes::RowChange;
use crate::state::store::{
    Batch, Bytes, KeyRange, Order, Store, StoreError, Table, is_empty_range,
};
use crate::state::tree::{KeyHash, Leaf, Leaves, ValueHash, digest};

/// A part holds at most that many bytes of rows, unless a single row is longer. Somewhat below a
/// power of two, since ordered stores give a long value as many pages as a power of two.
const PART_BYTES: usize = (16 << 10) - 128;

/// A leaf by its key, and what it was; none where it was not there.
pub(super) type LeafChange = (KeyHash, Option<ValueHash>);

/// What one block replaced, in order of state keys.
#[derive(Debug)]
pub(crate) struct Undo {
    /// As it is stored: the number of rows, then the rows one after the other.
    bytes: Vec<u8>,
    /// Where each row begins.
    starts: Vec<u32>,
}

impl Undo {
    /// What these changes replace.
    pub(super) fn of(rows: &[RowChange]) -> Undo {
        let mut writer = Writer::new();
        let mut starts = Vec::with_capacity(rows.len());
        writer.number(rows.len() as u128);
        for row in rows {
            starts.push(writer.len() as u32);
            writer.bytes(&row.place);
            writer.optional_bytes(row.previous.as_deref());
        }
        Undo { bytes: writer.finish(), starts }
    }

    /// Adds it to a batch, in parts.
    pub(super) fn put(&self, batch: &mut Batch, height: Height) {
        let mut part = 0_u32;
        let mut begin = 0;
        for (index, &start) in self.starts.iter().enumerate() {
            let end = self.starts.get(index + 1).map_or(self.bytes.len(), |&next| next as usize);
            if end - begin > PART_BYTES && start as usize > begin {
                batch.put(Table::Undo, key(height, part), &self.bytes[begin..start as usize]);
                (part, begin) = (part + 1, start as usize);
            }
        }
        batch.put(Table::Undo, key(height, part), &self.bytes[begin..]);
    }

    /// Reads the undo of a height.
    pub(super) fn load<S: Store>(store: &S, height: Height) -> Result<Undo, StoreError> {
        let mut bytes = Vec::new();
        let mut keys = 0_u32;
        let mut is_whole = true;
        let (first, last) = (key(height, 0), key(height, u32::MAX));
        let range = (Bound::Included(&first[..]), Bound::Included(&last[..]));
        store.scan(Table::Undo, range, Order::Ascending, &mut |found, part| {
            is_whole &= *found == key(height, keys);
            keys += 1;
            bytes.extend_from_slice(part);
            ControlFlow::Continue(())
        })?;
        let damaged = |what: &str| StoreError::corrupt(format!("the undo of {height}: {what}"));
        if !is_whole {
            return Err(damaged("a part is missing"));
        }
        let starts = starts(&bytes).map_err(|error| damaged(&format!("{error}")))?;
        let undo = Undo { bytes, starts };
        let is_sorted = (1..undo.len()).all(|at| undo.row(at - 1).0 < undo.row(at).0);
        if is_sorted { Ok(undo) } else { Err(damaged("its rows are out of order")) }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// A row: its key and what was there.
    pub(super) fn row(&self, index: usize) -> (&[u8], Option<&[u8]>) {
        let mut reader = Reader::new(&self.bytes[self.starts[index] as usize..]);
        let key = reader.bytes("a key").expect("rows were decoded before");
        (key, reader.optional_bytes("a value").expect("rows were decoded before"))
    }

    /// All rows in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// What a row was; none where this block did not touch it.
    pub(super) fn get(&self, key: &[u8]) -> Option<Option<&[u8]>> {
        let at = self.position(key);
        (at < self.len() && self.row(at).0 == key).then(|| self.row(at).1)
    }

    /// The rows in a range.
    pub(super) fn range(
        &self,
        range: KeyRange<'_>,
    ) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        let first = match range.0 {
            Bound::Unbounded => 0,
            Bound::Included(key) | Bound::Excluded(key) => self.position(key),
        };
        let is_empty = is_empty_range(&range);
        let rows = (first..self.len()).map(|index| self.row(index));
        let rows =
            rows.skip_while(move |(key, _)| matches!(range.0, Bound::Excluded(k) if k == *key));
        rows.take_while(move |(key, _)| {
            !is_empty
                && match range.1 {
                    Bound::Unbounded => true,
                    Bound::Included(last) => *key <= last,
                    Bound::Excluded(last) => *key < last,
                }
        })
    }

    /// The leaves that it puts back, in order of their keys.
    pub(super) fn leaves(&self) -> Vec<LeafChange> {
        let change = |(key, value): (&[u8], Option<&[u8]>)| (digest(key), value.map(digest));
        let mut leaves: Vec<LeafChange> = self.rows().map(change).collect();
        leaves.sort_unstable_by_key(|(key, _)| *key);
        leaves
    }

    /// Index of the first row that is not before `key`.
    fn position(&self, key: &[u8]) -> usize {
        self.starts.partition_point(|&start| {
            let mut reader = Reader::new(&self.bytes[start as usize..]);
            reader.bytes("a key").expect("rows were decoded before") < key
        })
    }
}

/// Where the rows begin, of which there must be as many as the bytes begin with.
fn starts(bytes: &[u8]) -> Result<Vec<u32>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let mut starts = Vec::new();
    for _ in 0..reader.u32("a number of rows")? {
        let start = u32::try_from(reader.offset());
        starts.push(start.map_err(|_| reader.error("less than 4 GiB"))?);
        reader.bytes("a key")?;
        reader.optional_bytes("a value")?;
    }
    reader.finish()?;
    Ok(starts)
}

/// Key of a part: height and number of the part, both big-endian.
pub(super) fn key(height: Height, part: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&height.number().to_be_bytes());
    key[8..].copy_from_slice(&part.to_be_bytes());
    key
}

/// The leaves of an older version: those of the table, taken back block by block.
pub(super) struct LeavesAt<'a, S> {
    pub(super) store: &'a S,
    /// What the blocks above that version replaced, oldest block first.
    pub(super) above: Vec<Arc<[LeafChange]>>,
}

impl<S: Store> Leaves for LeavesAt<'_, S> {
    fn leaves(
        &self,
        first: &KeyHash,
        last: &KeyHash,
        out: &mut Vec<Leaf>,
    ) -> Result<(), StoreError> {
        let mut leaves = stored_leaves(self.store, first, last)?;
        // The newest block is taken back first, the oldest has the last word.
        for block in self.above.iter().rev() {
            let from = block.partition_point(|(key, _)| key < first);
            for (key, value) in block[from..].iter().take_while(|(key, _)| key <= last) {
                put_back(&mut leaves, key, *value);
            }
        }
        out.extend(leaves);
        Ok(())
    }
}

/// The leaves of an older version, where what later blocks changed has been gathered: better than
/// [`LeavesAt`] where many are asked for.
pub(super) struct LeavesOver<'a, S> {
    pub(super) store: &'a S,
    /// What leaves were at that version, where it is not what they are.
    pub(super) changed: &'a BTreeMap<KeyHash, Option<ValueHash>>,
}

impl<S: Store> Leaves for LeavesOver<'_, S> {
    fn leaves(
        &self,
        first: &KeyHash,
        last: &KeyHash,
        out: &mut Vec<Leaf>,
    ) -> Result<(), StoreError> {
        let mut leaves = stored_leaves(self.store, first, last)?;
        for (key, value) in self.changed.range::<KeyHash, _>(first..=last) {
            put_back(&mut leaves, key, *value);
        }
        out.extend(leaves);
        Ok(())
    }
}

/// The leaves of the table with these keys, both included.
fn stored_leaves<S: Store>(
    store: &S,
    first: &KeyHash,
    last: &KeyHash,
) -> Result<Vec<Leaf>, StoreError> {
    let mut leaves: Vec<Leaf> = Vec::new();
    let range = (Bound::Included(&first[..]), Bound::Included(&last[..]));
    let mut outcome = Ok(());
    store.scan(Table::Leaves, range, Order::Ascending, &mut |key, value| {
        outcome = leaf_of_row(key, value).map(|leaf| leaves.push(leaf));
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    outcome.map(|()| leaves)
}

/// Makes a leaf what it was.
fn put_back(leaves: &mut Vec<Leaf>, key: &KeyHash, value: Option<ValueHash>) {
    match (leaves.binary_search_by_key(key, |leaf| leaf.key), value) {
        (Ok(at), Some(value)) => leaves[at].value = value,
        (Ok(at), None) => _ = leaves.remove(at),
        (Err(at), Some(value)) => leaves.insert(at, Leaf { key: *key, value }),
        (Err(_), None) => {}
    }
}

/// Bytes of a value that was shared.
pub(super) fn shared(value: Option<&[u8]>) -> Option<Bytes> {
    value.map(Bytes::from)
}
