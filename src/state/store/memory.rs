//! Tables in memory: for tests, for simulation, and for chains that fit.

use alloc::collections::BTreeMap;
use core::ops::ControlFlow;

use super::{Batch, Bytes, KeyRange, Order, Store, StoreError, Table, Visit, is_empty_range};

/// Ordered maps. Two of them are equal if and only if they hold the same rows. It survives nothing:
/// "durable" is as long as the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    tables: [BTreeMap<Bytes, Bytes>; Table::ALL.len()],
}

impl MemoryStore {
    /// A store without anything in it.
    #[must_use]
    pub fn new() -> Self {
        MemoryStore::default()
    }

    fn table(&self, table: Table) -> &BTreeMap<Bytes, Bytes> {
        &self.tables[table as usize - 1]
    }
}

impl Store for MemoryStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Ok(self.table(table).get(key).cloned())
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        // `BTreeMap::range` panics on a range that is inside out.
        if is_empty_range(&range) {
            return Ok(());
        }
        let mut rows = self.table(table).range::<[u8], _>(range);
        loop {
            let row = match order {
                Order::Ascending => rows.next(),
                Order::Descending => rows.next_back(),
            };
            let Some((key, value)) = row else { return Ok(()) };
            if let ControlFlow::Break(()) = visit(key, value) {
                return Ok(());
            }
        }
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        for table in Table::ALL {
            let rows = &mut self.tables[table as usize - 1];
            for (key, value) in batch.writes(table) {
                match value {
                    Some(value) => _ = rows.insert(key.clone(), value.clone()),
                    None => _ = rows.remove(key),
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::conformance;
    use super::*;

    #[test]
    fn conforms_to_what_a_store_owes() {
        conformance::check(&mut || Ok(MemoryStore::new())).expect("it conforms");
    }

    #[test]
    fn removing_everything_leaves_an_equal_empty_store() {
        let mut store = MemoryStore::new();
        let mut batch = Batch::new();
        batch.put(Table::State, *b"a", *b"1");
        store.write(&batch).expect("memory does not fail");
        assert_ne!(store, MemoryStore::new());
        let mut batch = Batch::new();
        batch.remove(Table::State, *b"a");
        store.write(&batch).expect("memory does not fail");
        assert_eq!(store, MemoryStore::new());
    }
}
