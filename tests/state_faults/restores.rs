//! Restores of a snapshot, and giving them up, over a disk that fails.

use std::ops::RangeInclusive;

use dytallix::primitives::Height;
use dytallix::state::Residence::{self, Bounded, Memory};
use dytallix::state::{
    DiskStore, Manifest, Restore, SnapshotError, SnapshotWriter, State, StateOptions,
    StoreErrorKind,
};

use super::fault::FaultDisk;
use super::faults::{Progress, assert_goes_on, fail_everywhere};
use super::workload::{after_blocks, new_disk, open, roots};

/// A snapshot in small chunks.
struct Snapshot {
    manifest: Manifest,
    chunks: Vec<Vec<u8>>,
}

impl Snapshot {
    /// Of the state of that height.
    fn of(height: u64) -> Self {
        let state = after_blocks(height);
        let writer = SnapshotWriter::new(&state, Height::new(height), 4 << 10);
        let mut writer = writer.expect("it is retained");
        let mut chunks = Vec::new();
        while let Some(chunk) = writer.next_chunk(&state).expect("memory does not fail") {
            chunks.push(chunk);
        }
        assert!(chunks.len() > 3, "too few chunks to be cut off between");
        Snapshot { manifest: writer.manifest(), chunks }
    }

    fn begin(&self, store: DiskStore) -> Result<Restore<DiskStore>, SnapshotError> {
        let Manifest { height, root, .. } = self.manifest;
        Restore::begin(store, self.manifest.clone(), height, &root)
    }

    /// Beginning, each chunk and finishing are a step each.
    fn restore(&self, disk: &FaultDisk, residence: Residence) -> Progress {
        let mut progress = Progress::default();
        progress.failed = self.restore_counted(disk, residence, &mut progress).is_err();
        assert!(!progress.failed || disk.was_hit(), "{progress:?}");
        progress
    }

    fn restore_counted(
        &self,
        disk: &FaultDisk,
        residence: Residence,
        progress: &mut Progress,
    ) -> Result<(), SnapshotError> {
        let mut restore = self.begin(open(disk)?)?;
        progress.step(disk);
        for (number, chunk) in (0..).zip(&self.chunks) {
            restore.add(number, chunk)?;
            progress.step(disk);
        }
        restore.finish(StateOptions::residence(residence), &mut |_| {})?;
        progress.step(disk);
        Ok(())
    }

    /// Goes on with a restore and finishes it.
    fn complete(&self, mut restore: Restore<DiskStore>, residence: Residence) -> State<DiskStore> {
        while let Some(wanted) = restore.wanted() {
            restore.add(wanted, &self.chunks[wanted as usize]).expect("the chunk that is wanted");
        }
        restore
            .finish(StateOptions::residence(residence), &mut |_| {})
            .expect("the chunks of the root")
    }

    /// A restore resumes with the chunk that is wanted, or is complete.
    fn assert_resumes(
        &self,
        survivor: &FaultDisk,
        allowed: &RangeInclusive<usize>,
        residence: Residence,
        case: &str,
    ) -> State<DiskStore> {
        let reopen = || open(survivor).unwrap_or_else(|error| panic!("{case}: {error}"));
        let options = StateOptions::residence(residence);
        match self.begin(reopen()) {
            Ok(restore) => {
                let taken = restore.wanted().map_or(self.chunks.len(), |wanted| wanted as usize);
                // Resuming what was not begun begins it.
                let fits = allowed.contains(&(1 + taken)) || (taken == 0 && allowed.contains(&0));
                assert!(fits, "{case}: {taken} chunks");
                drop(restore);
                let error = State::open(reopen(), options).expect_err("it is not finished");
                assert_eq!(error.kind(), StoreErrorKind::Unfinished, "{case}: {error}");
                self.complete(self.begin(reopen()).expect("it resumes"), residence)
            }
            Err(SnapshotError::NotEmpty) => {
                assert_eq!(*allowed.end(), self.chunks.len() + 2, "{case}: it is complete");
                State::open(reopen(), options).unwrap_or_else(|error| panic!("{case}: {error}"))
            }
            Err(error) => panic!("{case}: {error}"),
        }
    }
}

#[test]
fn a_restore_that_is_cut_off_resumes_with_the_wanted_chunk_or_is_complete() {
    let (snapshot, roots) = (Snapshot::of(9), roots());
    let bytes = new_disk().contents();
    let disk = || FaultDisk::holding(bytes.clone());
    for residence in [Memory, Bounded] {
        let steps = snapshot.restore(&disk(), residence).returned;
        assert_eq!(steps, snapshot.chunks.len() + 2);
        let cases = fail_everywhere(
            &disk,
            &|disk| snapshot.restore(disk, residence),
            &mut |survivor, allowed, number, case| {
                let residence = if number.is_multiple_of(2) { Memory } else { Bounded };
                let state = snapshot.assert_resumes(survivor, &allowed, residence, case);
                assert_eq!(state.head().map(|head| head.height), Some(Height::new(9)), "{case}");
                assert_goes_on(state, &roots, residence, case);
            },
        );
        println!("{} cases of {steps} steps: {cases:?}", cases.sum());
        cases.assert_at_least(100);
    }
}

/// Gives up a restore, in one step.
fn abandon(disk: &FaultDisk) -> Progress {
    let mut progress = Progress::default();
    match open(disk).and_then(Restore::abandon) {
        Ok(_) => progress.step(disk),
        Err(_) => progress.failed = true,
    }
    progress
}

#[test]
fn a_restore_whose_abandoning_was_cut_off_can_be_abandoned_again_and_made_again() {
    let (snapshot, roots) = (Snapshot::of(9), roots());
    let disk = new_disk();
    let mut restore = snapshot.begin(open(&disk).expect("a store")).expect("it is empty");
    for (number, chunk) in (0..3).zip(&snapshot.chunks) {
        restore.add(number, chunk).expect("the chunk that is wanted");
    }
    drop(restore);
    let bytes = disk.contents();
    let disk = || FaultDisk::holding(bytes.clone());
    let cases = fail_everywhere(&disk, &abandon, &mut |survivor, _, _, case| {
        let reopen = |disk: &FaultDisk| open(disk).unwrap_or_else(|e| panic!("{case}: {e}"));
        let copy = FaultDisk::holding(survivor.contents());
        let restore = snapshot.begin(reopen(&copy)).unwrap_or_else(|e| panic!("{case}: {e}"));
        assert_goes_on(snapshot.complete(restore, Memory), &roots, Memory, case);
        let store = Restore::abandon(reopen(survivor)).unwrap_or_else(|e| panic!("{case}: {e}"));
        let state = State::open(store, StateOptions::default());
        assert_goes_on(state.unwrap_or_else(|e| panic!("{case}: {e}")), &roots, Memory, case);
    });
    println!("{} cases: {cases:?}", cases.sum());
    cases.assert_at_least(20);
}
