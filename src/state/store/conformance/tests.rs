//! Stores that break one promise each: the check has to find every one.

use core::cell::Cell;
use std::sync::Mutex;

use super::*;
use crate::state::store::{MemoryStore, StoreErrorKind, Visit};

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    NotEmptyAtFirst,
    ForgetsRemovals,
    RemovalOfAbsentKeyFails,
    KeepsTheFirstValue,
    OrdersByLength,
    OrdersAsSignedBytes,
    IgnoresDescending,
    IncludesTheExcludedStart,
    IncludesTheExcludedEnd,
    ExcludesTheIncludedEnd,
    TurnsInsideOutRanges,
    GoesOnAfterABreak,
    SharesOneTable,
    LosesTheLastTable,
    LosesHalfOfABigBatch,
    RemovesAfterPutting,
    FirstOfABatchWins,
    CutsLongKeys,
    CutsLongValues,
    TakesEmptyForAbsent,
    PadsBoundsOfLeaves,
    CallsItselfDamaged,
}

const FAULTS: [Fault; 22] = [
    Fault::NotEmptyAtFirst,
    Fault::ForgetsRemovals,
    Fault::RemovalOfAbsentKeyFails,
    Fault::KeepsTheFirstValue,
    Fault::OrdersByLength,
    Fault::OrdersAsSignedBytes,
    Fault::IgnoresDescending,
    Fault::IncludesTheExcludedStart,
    Fault::IncludesTheExcludedEnd,
    Fault::ExcludesTheIncludedEnd,
    Fault::TurnsInsideOutRanges,
    Fault::GoesOnAfterABreak,
    Fault::SharesOneTable,
    Fault::LosesTheLastTable,
    Fault::LosesHalfOfABigBatch,
    Fault::RemovesAfterPutting,
    Fault::FirstOfABatchWins,
    Fault::CutsLongKeys,
    Fault::CutsLongValues,
    Fault::TakesEmptyForAbsent,
    Fault::PadsBoundsOfLeaves,
    Fault::CallsItselfDamaged,
];

/// Rows in memory, with a fault.
struct Broken {
    fault: Fault,
    rows: [BTreeMap<Bytes, Bytes>; Table::ALL.len()],
}

impl Broken {
    fn new(fault: Fault) -> Self {
        let mut store = Broken { fault, rows: Default::default() };
        if fault == Fault::NotEmptyAtFirst {
            store.rows[6].insert(Bytes::from(*b"version"), Bytes::from(*b"1"));
        }
        store
    }

    fn table(&self, table: Table) -> usize {
        match self.fault {
            Fault::SharesOneTable if table != Table::Leaves => 0,
            _ => table as usize - 1,
        }
    }

    fn key(&self, key: &[u8]) -> Bytes {
        match self.fault {
            Fault::CutsLongKeys => key[..key.len().min(255)].into(),
            _ => key.into(),
        }
    }

    /// The rows in the order in which this store holds them.
    fn sorted(&self, table: Table) -> Rows {
        let rows = self.rows[self.table(table)].iter();
        let mut rows: Rows = rows.map(|(key, value)| (key.clone(), value.clone())).collect();
        match self.fault {
            Fault::OrdersByLength => rows.sort_by_key(|(key, _)| key.len()),
            Fault::OrdersAsSignedBytes => rows.sort_by_key(|(key, _)| {
                key.iter().map(|byte| byte.cast_signed()).collect::<Vec<_>>()
            }),
            _ => {}
        }
        rows
    }

    fn is_within(&self, table: Table, key: &[u8], (from, to): KeyRange<'_>) -> bool {
        let (from, to) = match (self.fault, from, to) {
            (Fault::IncludesTheExcludedStart, Bound::Excluded(from), to) => {
                (Bound::Included(from), to)
            }
            (Fault::IncludesTheExcludedEnd, from, Bound::Excluded(to)) => {
                (from, Bound::Included(to))
            }
            (Fault::ExcludesTheIncludedEnd, from, Bound::Included(to)) => {
                (from, Bound::Excluded(to))
            }
            (Fault::TurnsInsideOutRanges, Bound::Included(a), Bound::Included(b)) if a > b => {
                (Bound::Included(b), Bound::Included(a))
            }
            _ => (from, to),
        };
        let pad = |key: &[u8]| {
            let mut padded = key.to_vec();
            padded.resize(32, 0);
            padded
        };
        if self.fault == Fault::PadsBoundsOfLeaves && table == Table::Leaves {
            let (from, to) = (from.map(pad), to.map(pad));
            let as_slices = (from.as_ref().map(|k| &k[..]), to.as_ref().map(|k| &k[..]));
            return super::is_within(key, as_slices);
        }
        super::is_within(key, (from, to))
    }

    fn apply(&mut self, table: Table, writes: &[(Bytes, Option<Bytes>)]) -> Result<(), StoreError> {
        let at = self.table(table);
        for (key, value) in writes {
            let key = self.key(key);
            let rows = &mut self.rows[at];
            match value {
                Some(_) if self.fault == Fault::KeepsTheFirstValue && rows.contains_key(&key) => {}
                Some(value) if self.fault == Fault::CutsLongValues => {
                    rows.insert(key, value[..value.len().min(VALUE_BYTES - 1)].into());
                }
                Some(value) => _ = rows.insert(key, value.clone()),
                None if self.fault == Fault::ForgetsRemovals => {}
                None => {
                    let was_there = rows.remove(&key).is_some();
                    if !was_there && self.fault == Fault::RemovalOfAbsentKeyFails {
                        return Err(StoreError::new("no such row"));
                    }
                }
            }
        }
        Ok(())
    }
}

impl Store for Broken {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let value = self.rows[self.table(table)].get(&self.key(key)).cloned();
        let hides_empty = self.fault == Fault::TakesEmptyForAbsent;
        Ok(value.filter(|value| !hides_empty || !value.is_empty()))
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        let mut rows = self.sorted(table);
        rows.retain(|(key, _)| self.is_within(table, key, range));
        if order == Order::Descending && self.fault != Fault::IgnoresDescending {
            rows.reverse();
        }
        for (key, value) in rows {
            let broke = visit(&key, &value).is_break();
            if broke && self.fault != Fault::GoesOnAfterABreak {
                break;
            }
        }
        Ok(())
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        for table in Table::ALL {
            let mut writes = batch.writes(table).to_vec();
            match self.fault {
                Fault::LosesTheLastTable if batch.len() >= 7 && table == Table::Index => continue,
                Fault::LosesHalfOfABigBatch if batch.len() > 10_000 => {
                    writes.truncate(writes.len() / 2);
                }
                Fault::RemovesAfterPutting => writes.sort_by_key(|(_, value)| value.is_none()),
                Fault::FirstOfABatchWins => writes.reverse(),
                _ => {}
            }
            self.apply(table, &writes)?;
        }
        Ok(())
    }

    fn verify_medium(&mut self) -> Result<(), StoreError> {
        match self.fault {
            Fault::CallsItselfDamaged => {
                Err(StoreError::of(StoreErrorKind::Corrupt, "page 7 looks odd"))
            }
            _ => Ok(()),
        }
    }
}

#[test]
fn the_store_without_a_fault_passes() {
    check(&mut || Ok(Broken::new(Fault::None))).expect("nothing is wrong with it");
}

#[test]
fn every_fault_is_found() {
    for fault in FAULTS {
        let error = check(&mut || Ok(Broken::new(fault))).expect_err("it is broken");
        assert!(!error.detail().is_empty());
        let expected = match fault {
            Fault::NotEmptyAtFirst => "a fresh store is empty",
            Fault::ForgetsRemovals => "a removed key has no value",
            Fault::RemovalOfAbsentKeyFails => "nothing fails while the medium does not",
            Fault::KeepsTheFirstValue => "a key has the value that was put last",
            Fault::OrdersByLength | Fault::OrdersAsSignedBytes | Fault::IgnoresDescending => {
                continue; // Several promises speak of order.
            }
            Fault::TurnsInsideOutRanges => "a range that is empty or inside out shows nothing",
            Fault::GoesOnAfterABreak => "a scan ends when its visitor breaks",
            Fault::LosesTheLastTable => "a batch applies its writes to every table",
            Fault::SharesOneTable => continue, // Found as rows that nobody wrote.
            Fault::LosesHalfOfABigBatch => "a batch is applied as a whole, however big it is",
            Fault::RemovesAfterPutting | Fault::FirstOfABatchWins => {
                "the writes of a batch take effect in the order in which they were added"
            }
            Fault::CutsLongKeys | Fault::CutsLongValues | Fault::TakesEmptyForAbsent => {
                "keys of 1 to 300 bytes and values of 0 bytes to 1 MiB come back as they were"
            }
            Fault::PadsBoundsOfLeaves => {
                "leaves are ordered and bounded as bytes, like every table"
            }
            Fault::CallsItselfDamaged => "a medium that was not damaged is not called so",
            _ => "a scan shows exactly the rows with keys in the range, in its order",
        };
        assert_eq!(error.promise(), expected, "{fault:?}: {error}");
    }
}

/// A store on a shelf: what was left there when it was dropped is there when it is opened again.
struct Shelved<'a> {
    store: MemoryStore,
    shelf: &'a Mutex<MemoryStore>,
    saves: bool,
}

impl Drop for Shelved<'_> {
    fn drop(&mut self) {
        if self.saves {
            *self.shelf.lock().expect("nobody panics") = self.store.clone();
        }
    }
}

impl Store for Shelved<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        self.store.get(table, key)
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        self.store.scan(table, range, order, visit)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.store.write(batch)
    }
}

/// Runs the durable check; `saves` says whether the store opened for the nth time saves itself.
fn check_shelved(saves: impl Fn(u32) -> bool) -> Result<(), ConformanceError> {
    let shelf = Mutex::new(MemoryStore::new());
    let opened = Cell::new(0);
    check_durable(&mut |opening| {
        if opening == Opening::Fresh {
            *shelf.lock().expect("nobody panics") = MemoryStore::new();
        }
        opened.set(opened.get() + 1);
        let store = shelf.lock().expect("nobody panics").clone();
        Ok(Shelved { store, shelf: &shelf, saves: saves(opened.get()) })
    })
}

#[test]
fn a_store_that_keeps_its_rows_is_durable() {
    check_shelved(|_| true).expect("it keeps them");
}

#[test]
fn a_store_that_forgets_once_is_not_durable() {
    for forgets in 3..=9 {
        let error = check_shelved(|opened| opened != forgets).expect_err("it forgets");
        assert!(error.promise().ends_with("when the store is opened again"), "{error}");
    }
}
