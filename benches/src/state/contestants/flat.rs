//! Rows in redb and an undo row per block, without a tree: the least that a design over redb can
//! cost.

use super::{Contestant, Key, Settings, UNDO_BLOCKS, Value, backend, next_rows};
use crate::Error;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const ABOUT: &str =
    "key-value rows in redb and one undo row per block, no tree: the floor of designs over redb";

/// Keys as slices and not as arrays: only then does redb shorten the keys in its branch pages,
/// which makes fewer of them and saves a tenth of a block.
const ROWS: TableDefinition<'_, &[u8], &Value> = TableDefinition::new("rows");
/// What a block replaced: key and old value of each update, one after another.
const UNDO: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("undo");

struct Flat {
    database: Database,
    syncs: Arc<AtomicU64>,
    /// The number of the last block.
    height: u64,
}

pub(super) fn open(settings: &Settings) -> Result<Box<dyn Contestant>, Error> {
    let (database, syncs) = backend::open(settings)?;
    let transaction = database.begin_write()?;
    transaction.open_table(ROWS)?;
    let height = transaction.open_table(UNDO)?.last()?.map_or(0, |row| row.0.value());
    transaction.commit()?;
    Ok(Box::new(Flat { database, syncs, height }))
}

impl Contestant for Flat {
    fn load(&mut self, rows: &mut dyn Iterator<Item = (Key, Value)>) -> Result<(), Error> {
        loop {
            let chunk = next_rows(rows);
            if chunk.is_empty() {
                return Ok(());
            }
            let transaction = backend::begin_block(&self.database)?;
            let mut table = transaction.open_table(ROWS)?;
            for (key, value) in &chunk {
                table.insert(&key[..], value)?;
            }
            drop(table);
            transaction.commit()?;
        }
    }

    fn block(&mut self, updates: &[(Key, Value)]) -> Result<[u8; 32], Error> {
        let mut updates: Vec<&(Key, Value)> = updates.iter().collect();
        updates.sort_unstable();
        let mut undo = Vec::with_capacity(updates.len() * (size_of::<Key>() + size_of::<Value>()));
        let transaction = backend::begin_block(&self.database)?;
        let mut table = transaction.open_table(ROWS)?;
        for (key, value) in updates {
            if let Some(old) = table.insert(&key[..], value)? {
                undo.extend_from_slice(key);
                undo.extend_from_slice(old.value());
            }
        }
        drop(table);
        self.height += 1;
        let mut table = transaction.open_table(UNDO)?;
        table.insert(self.height, &undo[..])?;
        if let Some(old) = self.height.checked_sub(UNDO_BLOCKS) {
            table.remove(old)?;
        }
        drop(table);
        transaction.commit()?;
        Ok([0; 32])
    }

    fn read(&mut self, key: &Key) -> Result<Option<Value>, Error> {
        let table = self.database.begin_read()?.open_table(ROWS)?;
        Ok(table.get(&key[..])?.map(|value| *value.value()))
    }

    fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }
}
