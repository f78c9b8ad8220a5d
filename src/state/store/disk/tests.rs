//! Stores in files: what a store owes, what is no store, what is damaged, and how one is made.

use std::collections::BTreeMap;

use redb::MultimapTableDefinition;
use redb::backends::InMemoryBackend;
use tempfile::{TempDir, tempdir};

use super::super::conformance::{self, Opening};
use super::*;

const OPTIONS: DiskOptions = DiskOptions { cache_bytes: 4 << 20, verify_on_open: false };

fn folder() -> TempDir {
    tempdir().expect("a folder")
}

fn open(path: &Path) -> Result<DiskStore, StoreError> {
    DiskStore::open(path, &OPTIONS)
}

#[track_caller]
fn assert_fails(path: &Path, kind: StoreErrorKind) -> StoreError {
    let error = open(path).expect_err("there is no store to open");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(&path.display().to_string()), "{error} names no file");
    error
}

/// A file with some rows in every table.
fn make(path: &Path) -> Batch {
    let mut batch = Batch::new();
    for table in Table::ALL {
        for number in 0..100_u8 {
            batch.put(table, [number; LEAF], [table as u8; LEAF]);
        }
    }
    batch.put(Table::Code, *b"long", vec![7; 30_000]);
    let mut store = open(path).expect("a new file");
    store.write(&batch).expect("it can be written");
    store.close().expect("and closed");
    batch
}

/// Every row, or the first failure.
fn contents(store: &DiskStore) -> Result<Batch, StoreError> {
    let mut batch = Batch::new();
    for table in Table::ALL {
        let everything = (Bound::Unbounded, Bound::Unbounded);
        store.scan(table, everything, Order::Ascending, &mut |key, value| {
            batch.put(table, key, value);
            ControlFlow::Continue(())
        })?;
    }
    Ok(batch)
}

#[test]
fn conforms_to_what_a_store_owes() {
    let folder = folder();
    let mut number = 0;
    conformance::check(&mut || {
        number += 1;
        open(&folder.path().join(number.to_string()))
    })
    .expect("it conforms");
}

#[test]
fn conforms_when_it_is_opened_again() {
    let folder = folder();
    for verify_on_open in [false, true] {
        let path = folder.path().join(verify_on_open.to_string());
        let options = DiskOptions { verify_on_open, ..OPTIONS };
        conformance::check_durable(&mut |opening| match opening {
            Opening::Fresh => DiskStore::open(&path, &options),
            Opening::Again => DiskStore::open_existing(&path, &options),
        })
        .expect("it conforms");
    }
}

#[test]
fn only_open_makes_a_file() {
    let folder = folder();
    let path = folder.path().join("store");
    let error = DiskStore::open_existing(&path, &OPTIONS).expect_err("there is none");
    assert_eq!(error.kind(), StoreErrorKind::Medium);
    assert!(!path.exists());
    let store = open(&path).expect("now there is");
    assert!(store.file_bytes().expect("it has a length") > 0);
    drop(store);
    DiskStore::open_existing(&path, &OPTIONS).expect("and it stays");
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 1, "nothing else is left in the folder");
}

#[test]
fn a_folder_that_is_missing_is_the_mediums_failure() {
    let folder = folder();
    assert_fails(&folder.path().join("missing/store"), StoreErrorKind::Medium);
    fs::write(folder.path().join("file"), "x").expect("it can be written");
    assert_fails(&folder.path().join("file/store"), StoreErrorKind::Medium);
}

#[test]
fn what_is_no_store_is_foreign_and_left_alone() {
    let folder = folder();
    assert_fails(folder.path(), StoreErrorKind::Foreign);
    let path = folder.path().join("file");
    for text in ["", "x", "a text that is no store", &"a longer one. ".repeat(10_000)] {
        fs::write(&path, text).expect("it can be written");
        assert_fails(&path, StoreErrorKind::Foreign);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), text);
    }
}

/// Makes tables.
type Making<'a> = &'a dyn Fn(&WriteTransaction);

#[test]
fn databases_with_other_tables_are_foreign() {
    type Numbers = TableDefinition<'static, u64, u64>;
    let folder = folder();
    let all = || Table::ALL.into_iter().filter(|table| *table != Table::Leaves);
    let ours = |transaction: &WriteTransaction| {
        for table in all() {
            transaction.open_table(rows(table)).expect("a table");
        }
    };
    let cases: [(&str, Making<'_>); 7] = [
        ("without tables", &|_| {}),
        ("with one of theirs", &|transaction| {
            transaction.open_table(Numbers::new("theirs")).expect("a table");
        }),
        ("without leaves", &ours),
        ("with one of the last two tables alone", &|transaction| {
            for table in FIRST_TABLES.into_iter().filter(|table| *table != Table::Leaves) {
                transaction.open_table(rows(table)).expect("a table");
            }
            transaction.open_table(LEAVES).expect("a table");
            transaction.open_table(rows(Table::Index)).expect("a table");
        }),
        ("with leaves of another type", &|transaction| {
            ours(transaction);
            transaction.open_table(rows(Table::Leaves)).expect("a table");
        }),
        ("with one too many", &|transaction| {
            ours(transaction);
            transaction.open_table(LEAVES).expect("a table");
            transaction.open_table(Numbers::new("zebra")).expect("a table");
        }),
        ("with many values for a key", &|transaction| {
            ours(transaction);
            transaction.open_table(LEAVES).expect("a table");
            let table = MultimapTableDefinition::<u64, u64>::new("many");
            transaction.open_multimap_table(table).expect("a table");
        }),
    ];
    for (name, make) in cases {
        let path = folder.path().join(name);
        let database = Database::create(&path).expect("a database");
        let transaction = database.begin_write().expect("a transaction");
        make(&transaction);
        transaction.commit().expect("a commit");
        drop(database);
        assert_fails(&path, StoreErrorKind::Foreign);
    }
}

#[test]
fn a_file_from_before_blocks_and_index_gets_these_tables_and_keeps_its_rows() {
    let folder = folder();
    let path = folder.path().join("store");
    let mut expected = make(&path);
    let database = Database::open(&path).expect("a database");
    let transaction = database.begin_write().expect("a transaction");
    for table in [Table::Blocks, Table::Index] {
        assert!(transaction.delete_table(rows(table)).expect("it is there"));
    }
    transaction.commit().expect("a commit");
    drop(database);
    let mut old = Batch::new();
    for table in FIRST_TABLES {
        for (key, value) in expected.writes(table) {
            old.put(table, key.clone(), value.clone().expect("it is put"));
        }
    }
    for _ in 0..2 {
        let store = open(&path).expect("it is one of ours");
        assert_eq!(contents(&store).expect("it can be read").len(), old.len());
    }
    let mut store = open(&path).expect("it is one of ours");
    let mut batch = Batch::new();
    for number in 0..100_u8 {
        for table in [Table::Blocks, Table::Index] {
            batch.put(table, [number; LEAF], [table as u8; LEAF]);
        }
    }
    store.write(&batch).expect("it can be written");
    drop(store);
    let sorted = |batch: &mut Batch| {
        let mut rows = Vec::new();
        for table in Table::ALL {
            rows.extend(batch.writes(table).iter().map(|row| (table, row.clone())));
        }
        rows.sort();
        rows
    };
    let mut found = contents(&open(&path).expect("it is there")).expect("it can be read");
    assert_eq!(sorted(&mut found), sorted(&mut expected));
}

#[test]
fn a_store_is_open_once() {
    let folder = folder();
    let path = folder.path().join("store");
    let store = open(&path).expect("a new file");
    assert_fails(&path, StoreErrorKind::InUse);
    drop(store);
    open(&path).expect("nobody has it open");
}

#[test]
fn a_file_that_is_being_made_is_in_use() {
    let folder = folder();
    let path = folder.path().join("store");
    let unfinished = folder.path().join("store.unfinished");
    let maker = Database::create(&unfinished).expect("somebody makes it");
    assert_fails(&path, StoreErrorKind::InUse);
    assert!(unfinished.exists(), "it is not ours to remove");
    drop(maker);
    open(&path).expect("nobody makes it");
    assert!(!unfinished.exists());
}

#[test]
fn what_a_crash_left_of_a_file_is_made_anew() {
    let folder = folder();
    let path = folder.path().join("store");
    let unfinished = folder.path().join("store.unfinished");
    make(&path);
    let whole = fs::read(&path).expect("it is there");
    for length in [0, 1, 9, 320, 4096, whole.len() / 2, whole.len()] {
        fs::remove_file(&path).expect("it is there");
        fs::write(&unfinished, &whole[..length]).expect("it can be written");
        let store = open(&path).expect("a new file");
        assert_eq!(contents(&store).expect("it can be read"), Batch::new());
        assert!(!unfinished.exists());
    }
}

#[test]
fn a_file_that_ends_early_is_no_store_or_damaged() {
    let folder = folder();
    let path = folder.path().join("store");
    make(&path);
    let whole = fs::read(&path).expect("it is there");
    for length in [1, 8, 9, 10, 64, 319, 320, 511, 4095, 4096, 4097, 65_536, whole.len() - 1] {
        fs::write(&path, &whole[..length]).expect("it can be written");
        let error = open(&path).expect_err("some of it is missing");
        let expected = if length < 9 { StoreErrorKind::Foreign } else { StoreErrorKind::Corrupt };
        assert_eq!(error.kind(), expected, "{length} bytes of it: {error}");
    }
}

#[test]
fn a_leaf_of_another_length_is_refused_and_changes_nothing() {
    let folder = folder();
    let mut store = open(&folder.path().join("store")).expect("a new file");
    for (key, value) in [(31, 32), (33, 32), (32, 31), (32, 33), (0, 0)] {
        let mut batch = Batch::new();
        batch.put(Table::State, *b"key", *b"value");
        batch.put(Table::Leaves, vec![1; key], vec![1; value]);
        let error = store.write(&batch).expect_err("it is no leaf");
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert_eq!(contents(&store).expect("it goes on"), Batch::new());
    }
}

#[test]
fn a_visitor_that_panics_is_not_the_stores_failure() {
    let folder = folder();
    let path = folder.path().join("store");
    let batch = make(&path);
    let store = open(&path).expect("it is there");
    let everything = (Bound::Unbounded, Bound::Unbounded);
    let mut visit = |_: &[u8], _: &[u8]| panic!("of the visitor");
    let panic = catch_unwind(AssertUnwindSafe(|| {
        _ = store.scan(Table::State, everything, Order::Ascending, &mut visit);
    }));
    let text = panic.expect_err("it comes through");
    assert_eq!(text.downcast_ref::<&str>(), Some(&"of the visitor"));
    assert_eq!(contents(&store).expect("the store goes on").len(), batch.len());
}

/// What a store with a changed byte does.
fn outcome(bytes: &[u8], options: &DiskOptions, expected: &Batch) -> &'static str {
    let said = |error: &StoreError| match error.to_string().contains("panicked") {
        true => "redb panicked",
        false => "an error",
    };
    let backend = InMemoryBackend::new();
    backend.set_len(bytes.len() as u64).expect("memory does not fail");
    StorageBackend::write(&backend, 0, bytes).expect("memory does not fail");
    let mut store = match DiskStore::with_backend(backend, options) {
        Ok(store) => store,
        Err(error) => return said(&error),
    };
    match contents(&store) {
        Err(error) => return said(&error),
        Ok(found) if found != *expected => return "other rows, unnoticed",
        Ok(_) => {}
    }
    let mut batch = Batch::new();
    batch.put(Table::State, *b"new", vec![1; 5000]);
    match store.write(&batch).and_then(|()| store.verify_medium()) {
        Err(error) => said(&error),
        Ok(()) => "all rows",
    }
}

#[test]
fn a_changed_byte_anywhere_is_no_panic_and_found_by_a_check() {
    let folder = folder();
    let path = folder.path().join("store");
    make(&path);
    let expected = contents(&open(&path).expect("it is there")).expect("it can be read");
    let whole = fs::read(&path).expect("it is there");
    let checked = DiskOptions { verify_on_open: true, ..OPTIONS };
    let used = (0..whole.len()).filter(|at| {
        let page = at / 4096 * 4096;
        whole[page..page + 4096].iter().any(|byte| *byte != 0)
    });
    // Every byte of the header, and every 211th elsewhere, each with another bit changed.
    let places = used.filter(|at| *at < 320 || at % 211 == 0);
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for at in places {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        for (name, options) in [("trusting", OPTIONS), ("verifying", checked)] {
            *seen.entry((name, outcome(&changed, &options, &expected))).or_default() += 1;
        }
    }
    println!("{seen:#?}");
    assert!(seen.contains_key(&("verifying", "an error")));
    for found in ["other rows, unnoticed", "redb panicked"] {
        assert_eq!(seen.get(&("verifying", found)), None, "{seen:#?}");
    }
}
