//! Scripts of openings, blocks, drops and steps of pruning over a disk that fails.

use std::ops::RangeInclusive;

use dytallix::state::{
    DiskStore, Head, MemoryStore, Residence, State, StateError, StateOptions, StateRoot,
};

use super::fault::{Fault, FaultDisk, FaultKind, Kept};
use super::faults::{Progress, assert_goes_on, fail_everywhere};
use super::workload::{commit, contents, drop_head, empty, new_disk, open, roots, unindex};

/// Something that happens to state.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// State is opened over the store that is open already, where there is one.
    Open(Residence),
    /// The store is closed and opened again before.
    Reopen(Residence),
    Commit,
    /// The last block is dropped.
    Drop,
    /// What the lowest height put in the index is taken out.
    Unindex,
    /// At most two heights are pruned, down to two.
    Prune,
}

use Residence::{Bounded, Memory};
use Step::{Commit, Drop, Open, Prune, Reopen, Unindex};

/// Each goes through both residences, and from either to the other. A letter opens state in memory
/// or bounded, and the store anew where it is a capital; a point is a block, a cross drops it, a
/// question mark takes rows out of the index, a dash prunes.
const SCRIPTS: [&str; 2] = ["m....xb.?--.mx..", "b.....x-M.?--Bx."];

fn steps(script: &str) -> Vec<Step> {
    let step = |letter| match letter {
        'm' => Open(Memory),
        'b' => Open(Bounded),
        'M' => Reopen(Memory),
        'B' => Reopen(Bounded),
        '.' => Commit,
        'x' => Drop,
        '?' => Unindex,
        '-' => Prune,
        other => panic!("{other:?} is no step"),
    };
    script.chars().map(step).collect()
}

/// What has to be there after each number of steps, and the roots of more heights than are reached.
struct Model {
    stores: Vec<MemoryStore>,
    heads: Vec<Option<Head>>,
    roots: Vec<StateRoot>,
}

impl Model {
    fn of(script: &[Step]) -> Self {
        let mut state = empty();
        let mut model = Model { stores: Vec::new(), heads: Vec::new(), roots: roots() };
        for step in script.iter().map(Some).chain([None]) {
            model.stores.push(contents(state.store()));
            model.heads.push(state.head().copied());
            match step {
                Some(Commit) => _ = commit(&mut state).expect("memory does not fail"),
                Some(Drop) => drop_head(&mut state).expect("the height below is retained"),
                Some(Unindex) => unindex(&mut state).expect("memory does not fail"),
                Some(Prune) => _ = state.prune(2, 2).expect("nothing is pinned"),
                _ => {}
            }
        }
        model
    }
}

/// Runs a script until something fails, and closes the store.
fn run(disk: &FaultDisk, script: &[Step]) -> Progress {
    let mut progress = Progress::default();
    let mut state = None;
    for step in script {
        match take_step(disk, state, *step) {
            Ok(next) => state = Some(next),
            Err(error) => {
                assert!(disk.was_hit(), "{step:?}: {error}");
                progress.failed = true;
                return progress;
            }
        }
        progress.step(disk);
    }
    progress
}

fn take_step(
    disk: &FaultDisk,
    state: Option<State<DiskStore>>,
    step: Step,
) -> Result<State<DiskStore>, StateError> {
    match (step, state) {
        (Open(residence), Some(state)) => {
            Ok(State::open(state.into_store(), StateOptions::residence(residence))?)
        }
        (Open(residence) | Reopen(residence), state) => {
            drop(state);
            Ok(State::open(open(disk)?, StateOptions::residence(residence))?)
        }
        (Commit, Some(mut state)) => {
            commit(&mut state)?;
            Ok(state)
        }
        (Drop, Some(mut state)) => {
            drop_head(&mut state)?;
            Ok(state)
        }
        (Unindex, Some(mut state)) => {
            unindex(&mut state)?;
            Ok(state)
        }
        (Prune, Some(mut state)) => {
            state.prune(2, 2)?;
            Ok(state)
        }
        (step, None) => panic!("{step:?} before there is state"),
    }
}

/// Opens what survived, and checks that it is what was there after one of these numbers of steps,
/// that all of it is sound, and that blocks go on.
fn assert_recovers(
    survivor: &FaultDisk,
    model: &Model,
    allowed: RangeInclusive<usize>,
    residence: Residence,
    case: &str,
) {
    let store = open(survivor).unwrap_or_else(|error| panic!("{case}: {error}"));
    let found = contents(&store);
    let step = allowed.clone().find(|step| model.stores[*step] == found);
    let step = step.unwrap_or_else(|| panic!("{case}: not what is there after {allowed:?} steps"));
    let state = State::open(store, StateOptions::residence(residence));
    let state = state.unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(state.head().copied(), model.heads[step], "{case}");
    assert!(contents(state.store()) == found, "{case}: opening changed something");
    assert_goes_on(state, &model.roots, residence, case);
}

fn run_script_with_faults(script: &str) {
    let script = &steps(script)[..];
    let model = Model::of(script);
    let sound = new_disk();
    assert_eq!(run(&sound, script).returned, script.len());
    let bytes = new_disk().contents();
    let cases = fail_everywhere(
        &|| FaultDisk::holding(bytes.clone()),
        &|disk| run(disk, script),
        &mut |survivor, allowed, number, case| {
            let residence = if number.is_multiple_of(2) { Memory } else { Bounded };
            assert_recovers(survivor, &model, allowed, residence, case);
        },
    );
    println!("{} cases: {cases:?}", cases.sum());
    cases.assert_at_least(400);
}

#[test]
fn state_that_begins_in_memory_is_the_last_block_or_the_next_after_any_fault() {
    run_script_with_faults(SCRIPTS[0]);
}

#[test]
fn state_that_begins_bounded_is_the_last_block_or_the_next_after_any_fault() {
    run_script_with_faults(SCRIPTS[1]);
}

/// Reads happen where a store is opened; what fails there has changed nothing that was committed.
#[test]
fn a_read_that_fails_leaves_the_last_block_or_the_next() {
    let script = &steps(SCRIPTS[1])[..];
    let model = Model::of(script);
    let disk = new_disk();
    run(&disk, script);
    let bytes = new_disk().contents();
    let mut cases = 0;
    for at in (0..disk.reads()).step_by(3) {
        let disk = FaultDisk::holding(bytes.clone());
        disk.plan(Fault { at, kind: FaultKind::ReadError });
        let progress = run(&disk, script);
        let allowed = progress.allowed(FaultKind::ReadError);
        let case = format!("read {at}, {progress:?}");
        assert_recovers(&disk.surviving(Kept::Everything), &model, allowed, Memory, &case);
        cases += 1;
    }
    println!("{cases} failing reads");
    assert!(cases > 10, "{cases}");
}
