//! Failing at every operation in every way, and what must hold afterwards.

use std::ops::RangeInclusive;

use dytallix::primitives::Height;
use dytallix::state::{DiskStore, Residence, State, StateOptions, StateRoot};

use super::fault::Operation::{self, SetLength, Sync, Write};
use super::fault::{Fault, FaultDisk, FaultKind, Kept};
use super::workload::{commit, other};

/// How far a script came.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    /// Steps that have returned in order.
    pub(crate) returned: usize,
    /// The same, when the fault happened.
    pub(crate) returned_before_the_fault: usize,
    /// Whether the next one failed.
    pub(crate) failed: bool,
}

impl Progress {
    pub(crate) fn step(&mut self, disk: &FaultDisk) {
        self.returned += 1;
        self.returned_before_the_fault += usize::from(!disk.was_hit());
    }

    /// How many steps may be there after a fault.
    pub(crate) fn allowed(&self, kind: FaultKind) -> RangeInclusive<usize> {
        match kind {
            // What returned since was promised by a disk that lied.
            FaultKind::LyingSync => {
                let first = self.returned_before_the_fault;
                first..=first + usize::from(self.failed || self.returned > first)
            }
            _ => self.returned..=self.returned + usize::from(self.failed),
        }
    }
}

/// The ways to fail at an operation: at each write two of the four in turn, else all.
fn kinds_at(at: usize, operation: Operation) -> Vec<FaultKind> {
    use FaultKind::{Error, LyingSync, PowerLoss, TornHalf, TornSectors};
    match operation {
        Write => match at % 2 {
            0 => vec![Error, TornSectors(at as u64)],
            _ => vec![PowerLoss, TornHalf],
        },
        SetLength => vec![Error, PowerLoss],
        Sync => vec![Error, PowerLoss, LyingSync],
    }
}

/// What a loss of power may leave of what was not synced.
fn kept_after(fault: Fault) -> Vec<Kept> {
    let some = Kept::Sectors(fault.at as u64);
    match fault.kind {
        // A disk that lies leaves anything at all; only that it loses everything is looked at.
        FaultKind::LyingSync => vec![Kept::Nothing],
        _ => vec![Kept::Nothing, Kept::Everything, some],
    }
}

/// Counts of cases by what failed.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    errors: usize,
    torn: usize,
    power: usize,
    lies: usize,
}

impl Cases {
    fn count(&mut self, kind: FaultKind) {
        match kind {
            FaultKind::Error | FaultKind::ReadError => self.errors += 1,
            FaultKind::TornHalf | FaultKind::TornSectors(_) => self.torn += 1,
            FaultKind::PowerLoss => self.power += 1,
            FaultKind::LyingSync => self.lies += 1,
        }
    }

    pub(crate) fn sum(&self) -> usize {
        self.errors + self.torn + self.power + self.lies
    }

    /// At least that many, and some of each.
    pub(crate) fn assert_at_least(&self, many: usize) {
        assert!(self.sum() >= many, "{self:?}");
        assert!([self.errors, self.torn, self.power, self.lies].iter().all(|n| *n > 0), "{self:?}");
    }
}

/// Looks at what survived: the disk, how many steps may be there, the number of the case, its name.
pub(crate) type Check<'a> = dyn FnMut(&FaultDisk, RangeInclusive<usize>, usize, &str) + 'a;

/// Fails at every operation in every way: `attempt` does the work on a disk and says how far it
/// came, `check` looks at what survived.
pub(crate) fn fail_everywhere(
    disk: &dyn Fn() -> FaultDisk,
    attempt: &dyn Fn(&FaultDisk) -> Progress,
    check: &mut Check<'_>,
) -> Cases {
    let sound = disk();
    attempt(&sound);
    let mut cases = Cases::default();
    let operations = sound.operations();
    for (at, operation) in operations.iter().enumerate() {
        for kind in kinds_at(at, *operation) {
            let (fault, disk) = (Fault { at, kind }, disk());
            disk.plan(fault);
            let progress = attempt(&disk);
            assert!(disk.was_hit(), "{fault:?} was never reached");
            for kept in kept_after(fault) {
                let case =
                    format!("{fault:?} of {}, {kept:?} kept, {progress:?}", operations.len());
                check(&disk.surviving(kept), progress.allowed(kind), cases.sum(), &case);
                cases.count(kind);
            }
        }
    }
    cases
}

/// State is sound, goes on with the next blocks, and is sound with the other residence too.
pub(crate) fn assert_goes_on(
    mut state: State<DiskStore>,
    roots: &[StateRoot],
    residence: Residence,
    case: &str,
) {
    let root_of = |height: Height| roots[height.number() as usize];
    let head = state.head().map_or(Height::default(), |head| head.height);
    assert_eq!(state.root(), root_of(head), "{case}");
    let heights = state.head().map_or(0, |head| head.height.number() - head.oldest.number() + 1);
    let report = state.check(&mut |_| {}).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(report.heights, heights, "{case}");
    let root = commit(&mut state).unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(root, root_of(head.next().expect("not the last")), "{case}");
    let state = State::open(state.into_store(), StateOptions::residence(other(residence)));
    let state = state.unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(state.root(), root, "{case}");
    state.check(&mut |_| {}).unwrap_or_else(|error| panic!("{case}: {error}"));
}
