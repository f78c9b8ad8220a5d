//! The store in a file when its disk fails: after every failure at every operation, the file holds
//! exactly what it held after one of the batches, the right one.
//!
//! A workload of batches runs once on a sound disk to count what it does to it; then once for each
//! operation and each way to fail there. What survives is opened again and compared with plain maps
//! after each batch.

#[path = "support/fault.rs"]
mod fault;

use std::ops::{Bound, ControlFlow, RangeInclusive};

use dytallix::state::{
    Batch, DiskOptions, DiskStore, MemoryStore, Order, Store, StoreErrorKind, Table,
};
use fault::Operation::{self, SetLength, Sync, Write};
use fault::{Fault, FaultDisk, FaultKind, Kept, Random};

/// The batch before which the store is closed and opened again.
const REOPENED_BEFORE: usize = 5;

/// Batches, and what a store holds after each number of them.
struct Workload {
    batches: Vec<Batch>,
    states: Vec<MemoryStore>,
}

impl Workload {
    /// Small batches, one that makes the file grow, and one that lets it shrink.
    fn new() -> Self {
        let mut random = Random(2024);
        let mut batches: Vec<Batch> = (0..9).map(|_| small_batch(&mut random)).collect();
        for number in 0..6_u8 {
            batches[3].put(Table::Code, [number; 32], vec![number; 200_000]);
            batches[7].remove(Table::Code, [number; 32]);
        }
        let mut states = vec![MemoryStore::new()];
        for batch in &batches {
            let mut state = states[states.len() - 1].clone();
            state.write(batch).expect("memory does not fail");
            states.push(state);
        }
        for (before, after) in states.iter().zip(&states[1..]) {
            assert_ne!(before, after, "batches that change nothing cannot be told apart");
        }
        Workload { batches, states }
    }
}

fn small_batch(random: &mut Random) -> Batch {
    let mut batch = Batch::new();
    for _ in 0..1 + random.below(30) {
        let key = [random.below(40) as u8; 32];
        let value = [random.next() as u8; 32];
        let table = Table::ALL[random.below(Table::ALL.len() as u64) as usize];
        match random.below(4) {
            0 => batch.remove(table, key),
            _ if table == Table::Leaves => batch.put(table, key, value),
            _ => batch.put(table, key, value.repeat(random.below(9) as usize)),
        }
    }
    batch.put(Table::Meta, *b"number", random.next().to_be_bytes());
    batch
}

/// How far a workload came.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    /// Whether the store was ever open.
    was_made: bool,
    /// Batches whose write has returned in order.
    returned: usize,
    /// The same, when the fault happened.
    returned_before_the_fault: usize,
    /// Whether the write of the next one failed.
    failed_in_a_write: bool,
}

fn open(disk: &FaultDisk) -> Result<DiskStore, dytallix::state::StoreError> {
    let mut options = DiskOptions::default();
    options.cache_bytes = 1 << 20;
    DiskStore::with_backend(disk.backend(), &options)
}

/// Runs the batches until something fails, and closes the store.
fn run(disk: &FaultDisk, workload: &Workload) -> Progress {
    let mut progress = Progress::default();
    let Ok(mut store) = open(disk) else { return progress };
    progress.was_made = true;
    for (number, batch) in workload.batches.iter().enumerate() {
        if number == REOPENED_BEFORE {
            drop(store);
            store = match open(disk) {
                Ok(store) => store,
                Err(_) => return progress,
            };
        }
        if store.write(batch).is_err() {
            progress.failed_in_a_write = true;
            assert_refuses_everything(&mut store, batch);
            return progress;
        }
        progress.returned += 1;
        if !disk.was_hit() {
            progress.returned_before_the_fault += 1;
        }
    }
    progress
}

/// A store whose write has failed does not know what is durable, and must not pretend to.
fn assert_refuses_everything(store: &mut DiskStore, batch: &Batch) {
    let error = store.get(Table::Meta, b"number").expect_err("it does not know");
    assert!(error.to_string().contains("opened again"), "{error}");
    let everything = (Bound::Unbounded, Bound::Unbounded);
    let mut visit = |_: &[u8], _: &[u8]| ControlFlow::Continue(());
    store.scan(Table::State, everything, Order::Ascending, &mut visit).expect_err("nor here");
    store.write(batch).expect_err("nor does it go on");
    store.verify_medium().expect_err("nor can it say that all is well");
}

/// Everything in a store, as a store in memory.
fn contents(store: &DiskStore) -> MemoryStore {
    let mut batch = Batch::new();
    for table in Table::ALL {
        let everything = (Bound::Unbounded, Bound::Unbounded);
        let mut visit = |key: &[u8], value: &[u8]| {
            batch.put(table, key, value);
            ControlFlow::Continue(())
        };
        store.scan(table, everything, Order::Ascending, &mut visit).expect("it can be read");
    }
    let mut rows = MemoryStore::new();
    rows.write(&batch).expect("memory does not fail");
    rows
}

/// Opens what survived, and checks that it is the state after one of these numbers of batches, that
/// it is sound, and that life goes on.
fn assert_recovers(
    disk: &FaultDisk,
    workload: &Workload,
    allowed: RangeInclusive<usize>,
    case: &str,
) {
    let store = open(disk).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_sound(store, disk, workload, allowed, case);
}

fn assert_sound(
    mut store: DiskStore,
    disk: &FaultDisk,
    workload: &Workload,
    allowed: RangeInclusive<usize>,
    case: &str,
) {
    let found = contents(&store);
    let number = workload.states.iter().position(|state| *state == found);
    let number = number.unwrap_or_else(|| panic!("{case}: a state between two batches"));
    assert!(allowed.contains(&number), "{case}: state {number}, not one of {allowed:?}");
    store.verify_medium().unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(contents(&store), found, "{case}: checking changed something");
    let mut expected = found;
    for batch in workload.batches.iter().take(2) {
        store.write(batch).unwrap_or_else(|error| panic!("{case}: {error}"));
        expected.write(batch).expect("memory does not fail");
    }
    drop(store);
    let store = open(disk).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert!(contents(&store) == expected, "{case}: not what was written after recovery");
}

/// Runs one fault and checks everything that can be left. Says how many cases these were.
fn check(workload: &Workload, fault: Fault, kept: &[Kept]) -> usize {
    let disk = FaultDisk::new();
    disk.plan(fault);
    let progress = run(&disk, workload);
    assert!(disk.was_hit(), "{fault:?} was never reached");
    let first = match fault.kind {
        // What returned since was promised by a disk that lied.
        FaultKind::LyingSync => progress.returned_before_the_fault,
        _ => progress.returned,
    };
    let last = match fault.kind {
        FaultKind::LyingSync => first + 1,
        _ => first + usize::from(progress.failed_in_a_write),
    };
    for kept in kept {
        let survivor = disk.surviving(*kept);
        let case = format!("{fault:?}, {kept:?} kept, {progress:?}");
        // A backend that was never a store may be none; files get their name when they are whole.
        match open(&survivor) {
            Err(error) if !progress.was_made => {
                assert_eq!(error.kind(), StoreErrorKind::Foreign, "{case}: {error}");
            }
            Err(error) => panic!("{case}: {error}"),
            Ok(store) => assert_sound(store, &survivor, workload, first..=last, &case),
        }
    }
    kept.len()
}

/// The operations of the workload on a sound disk, closing included, and its reads.
fn reference(workload: &Workload) -> (Vec<Operation>, usize) {
    let disk = FaultDisk::new();
    let progress = run(&disk, workload);
    assert_eq!(progress.returned, workload.batches.len());
    let operations = disk.operations();
    let reads = disk.reads();
    let last = workload.batches.len();
    assert_recovers(&disk.surviving(Kept::Nothing), workload, last..=last, "no fault");
    for kind in [Write, SetLength, Sync] {
        assert!(operations.contains(&kind), "no {kind:?} at all");
    }
    (operations, reads)
}

/// Checks faults of these kinds wherever they can happen, and that there were some
/// of each.
fn check_everywhere(workload: &Workload, faults: &[(FaultKind, Operation)]) {
    let (operations, _) = reference(workload);
    let mut cases = vec![0; faults.len()];
    for (at, operation) in operations.iter().enumerate() {
        for ((kind, on), cases) in faults.iter().zip(&mut cases) {
            if on != operation {
                continue;
            }
            let seed = |number| Kept::Sectors((at * 3 + number) as u64);
            let kept = match kind {
                FaultKind::LyingSync => vec![Kept::Nothing],
                FaultKind::PowerLoss => {
                    vec![Kept::Nothing, Kept::Everything, seed(0), seed(1), seed(2)]
                }
                _ => vec![Kept::Nothing, Kept::Everything, seed(0)],
            };
            // Each tear is another one.
            let kind = match *kind {
                FaultKind::TornSectors(_) => FaultKind::TornSectors(at as u64),
                kind => kind,
            };
            *cases += check(workload, Fault { at, kind }, &kept);
        }
    }
    println!("{} operations; cases of {faults:?}: {cases:?}", operations.len());
    assert!(cases.iter().all(|number| *number > 0), "{cases:?} of {faults:?}");
}

#[test]
fn an_error_at_any_operation_leaves_the_last_batch_or_the_one_in_progress() {
    let error = FaultKind::Error;
    let workload = Workload::new();
    check_everywhere(&workload, &[(error, Write), (error, SetLength), (error, Sync)]);
}

#[test]
fn an_error_at_any_read_leaves_the_last_batch_or_the_one_in_progress() {
    let workload = Workload::new();
    let (_, reads) = reference(&workload);
    assert!(reads > 0);
    for at in 0..reads {
        let fault = Fault { at, kind: FaultKind::ReadError };
        check(&workload, fault, &[Kept::Nothing, Kept::Everything]);
    }
    println!("{} cases of failing reads", 2 * reads);
}

#[test]
fn loss_of_power_at_any_operation_leaves_the_last_batch_or_the_one_in_progress() {
    let loss = FaultKind::PowerLoss;
    let workload = Workload::new();
    check_everywhere(&workload, &[(loss, Write), (loss, SetLength), (loss, Sync)]);
}

#[test]
fn a_torn_write_leaves_the_last_batch_or_the_one_in_progress() {
    let torn = [(FaultKind::TornHalf, Write), (FaultKind::TornSectors(0), Write)];
    check_everywhere(&Workload::new(), &torn);
}

#[test]
fn a_sync_that_lies_loses_no_batch_but_its_own() {
    check_everywhere(&Workload::new(), &[(FaultKind::LyingSync, Sync)]);
}

/// Power is lost in a write, and again at every operation of the recovery.
#[test]
fn a_recovery_that_is_cut_off_can_be_made_again() {
    let workload = Workload::new();
    let (operations, _) = reference(&workload);
    let mut cases = 0;
    for at in (0..operations.len()).step_by(11) {
        let disk = FaultDisk::new();
        disk.plan(Fault { at, kind: FaultKind::PowerLoss });
        let progress = run(&disk, &workload);
        if !progress.was_made {
            continue;
        }
        let kept = Kept::Sectors(at as u64);
        let allowed =
            progress.returned..=progress.returned + usize::from(progress.failed_in_a_write);
        let sound = disk.surviving(kept);
        drop(open(&sound).expect("it recovers"));
        for step in 0..sound.operations().len() {
            let again = disk.surviving(kept);
            again.plan(Fault { at: step, kind: FaultKind::PowerLoss });
            drop(open(&again));
            assert!(again.was_hit());
            let case = format!("power loss at {at}, and at step {step} of the recovery");
            for kept in [Kept::Nothing, Kept::Everything, Kept::Sectors(step as u64)] {
                assert_recovers(&again.surviving(kept), &workload, allowed.clone(), &case);
                cases += 1;
            }
        }
    }
    println!("{cases} recoveries cut off");
    assert!(cases > 100, "{cases}");
}

/// A disk with a store from before there were tables of blocks and of the index, and its rows.
fn disk_of_before() -> (FaultDisk, MemoryStore) {
    let disk = FaultDisk::new();
    let mut store = open(&disk).expect("a new store");
    let mut batch = Batch::new();
    for table in Table::ALL.into_iter().filter(|table| *table <= Table::Meta) {
        (0..50).for_each(|number| batch.put(table, [number; 32], [table as u8; 32]));
    }
    store.write(&batch).expect("it can be written");
    let rows = contents(&store);
    store.close().expect("and closed");
    let database = redb::Builder::new().create_with_backend(disk.backend()).expect("a database");
    let transaction = database.begin_write().expect("a transaction");
    for name in ["blocks", "index"] {
        let table = redb::TableDefinition::<&[u8], &[u8]>::new(name);
        assert!(transaction.delete_table(table).expect("it is there"));
    }
    transaction.commit().expect("it can be written");
    drop(database);
    (FaultDisk::holding(disk.contents()), rows)
}

#[test]
fn a_file_that_is_cut_off_while_it_gets_new_tables_gets_them_when_it_is_opened_again() {
    let (before, rows) = disk_of_before();
    let sound = FaultDisk::holding(before.contents());
    drop(open(&sound).expect("it gets its tables"));
    let operations = sound.operations();
    assert!(contents(&open(&sound).expect("it has them")) == rows);
    assert!(operations.contains(&Sync));
    for (at, operation) in operations.iter().enumerate() {
        for kind in [FaultKind::Error, FaultKind::PowerLoss, FaultKind::TornHalf] {
            if kind == FaultKind::TornHalf && *operation != Write {
                continue;
            }
            let disk = FaultDisk::holding(before.contents());
            disk.plan(Fault { at, kind });
            drop(open(&disk));
            assert!(disk.was_hit());
            for kept in [Kept::Nothing, Kept::Everything, Kept::Sectors(at as u64)] {
                let survivor = disk.surviving(kept);
                let case = format!("{kind:?} at {at} of {}, {kept:?} kept", operations.len());
                let store = open(&survivor).unwrap_or_else(|error| panic!("{case}: {error}"));
                assert!(contents(&store) == rows, "{case}: other rows");
            }
        }
    }
}

/// Whatever a loss of power leaves of a file that is being made, the next attempt makes it.
#[test]
fn a_file_whose_making_was_cut_off_is_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let unfinished = folder.path().join("store.unfinished");
    let sound = FaultDisk::new();
    let store = open(&sound).expect("a new store");
    let operations = sound.operations().len();
    drop(store);
    for at in 0..=operations {
        for kept in [Kept::Nothing, Kept::Everything, Kept::Sectors(at as u64)] {
            let disk = FaultDisk::new();
            disk.plan(Fault { at, kind: FaultKind::PowerLoss });
            drop(open(&disk));
            assert!(disk.was_hit());
            std::fs::write(&unfinished, disk.surviving(kept).contents()).expect("it is written");
            let options = DiskOptions::default();
            let store = DiskStore::open(&path, &options).expect("it is made anew");
            assert_eq!(contents(&store), MemoryStore::new());
            drop(store);
            assert!(!unfinished.exists());
            std::fs::remove_file(&path).expect("it is there");
        }
    }
    println!("{} makings cut off", 3 * (operations + 1));
}
