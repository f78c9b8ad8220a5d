//! What only our state does, and so has no ratio: proofs at heights, and undoing a journal.

use super::contestants::ours::{RETENTION, place, write};
use super::contestants::{Key, UPDATES};
use super::measure::Words;
use super::workload;
use crate::Error;
use cpu_time::ProcessTime;
use dytallix::Height;
use dytallix::state::{DiskStore, Overlay, State, StateKey, StateOptions};
use std::fmt::Display;
use std::time::Duration;

/// Entries of the journal that is undone.
const JOURNAL_BLOCKS: u64 = 10;
/// How often a single thing is repeated to be measured.
const REPEATS: u32 = 100;

/// CPU times, each of one operation.
#[derive(Clone, Copy, Default)]
pub(crate) struct Extras {
    /// Memory of the tree with its 128 versions, in bytes.
    pub(crate) tree_bytes: u64,
    /// Proof of a key at the head, of another key each time.
    pub(crate) prove_fresh: Duration,
    /// Proof of the same key at the head again.
    pub(crate) prove_again: Duration,
    /// Proof of a key 127 blocks back, of another key each time.
    pub(crate) prove_old_fresh: Duration,
    /// Proof of the same key 127 blocks back again.
    pub(crate) prove_old_again: Duration,
    /// The first proof 127 blocks back after opening: 127 trees are made.
    pub(crate) prove_old_first: Duration,
    /// The proofs after that one.
    pub(crate) prove_old_reopened: Duration,
    /// Undoing a journal of 10,000 writes, of which each place has its own.
    pub(crate) revert: Duration,
}

/// Measures after the rounds, when 128 heights are at hand.
///
/// # Errors
/// Whatever the state reports, and a proof that does not verify.
pub(crate) fn measure(
    state: State<DiskStore>,
    options: StateOptions,
    keys: u64,
    last: u64,
) -> Result<Extras, Error> {
    let mut state = state;
    let mut extras = Extras { tree_bytes: state.tree_bytes() as u64, ..Extras::default() };
    extras.revert = revert(&state, keys, last)?;
    let updates: Vec<Key> =
        workload::updates(keys, last + 1).into_iter().map(|update| update.0).collect();
    let again = [updates[0]; REPEATS as usize];
    let found = *state.head().ok_or("nothing was committed")?;
    let head = found.height;
    // After few blocks, the oldest height that there is.
    let back = head.number().saturating_sub(RETENTION - 1);
    let old = Height::new(back.max(found.oldest.number()));
    extras.prove_fresh = prove(&mut state, head, &updates)?;
    extras.prove_again = prove(&mut state, head, &again)?;
    extras.prove_old_fresh = prove(&mut state, old, &updates)?;
    extras.prove_old_again = prove(&mut state, old, &again)?;
    let mut state = State::open(state.into_store(), options)?;
    extras.prove_old_first = prove(&mut state, old, &updates[..1])?;
    extras.prove_old_reopened = prove(&mut state, old, &updates[..REPEATS as usize])?;
    Ok(extras)
}

/// The mean time of a proof. Each is verified, which is not measured.
fn prove(state: &mut State<DiskStore>, at: Height, keys: &[Key]) -> Result<Duration, Error> {
    let mut sum = Duration::ZERO;
    for key in keys {
        let (contract, storage_key) = place(key);
        let start = ProcessTime::try_now()?;
        let proof = state.prove(at, StateKey::Storage(&contract, storage_key))?;
        sum += start.try_elapsed()?;
        let value = proof.value.as_deref().ok_or("a row is proved to be absent")?;
        proof.proof.verify_inclusion(&proof.root, &proof.key, value)?;
    }
    Ok(sum / keys.len() as u32)
}

/// The time of undoing 10,000 writes, the middle of some.
fn revert(state: &State<DiskStore>, keys: u64, last: u64) -> Result<Duration, Error> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let mut overlay = Overlay::new(state);
        let checkpoint = overlay.checkpoint();
        for block in 1..=JOURNAL_BLOCKS {
            write(&mut overlay, &workload::updates(keys, last + block))?;
        }
        if u64::from(overlay.writes()) != JOURNAL_BLOCKS * UPDATES as u64 {
            return Err("the journal has another length".into());
        }
        let start = ProcessTime::try_now()?;
        overlay.revert(checkpoint);
        times.push(start.try_elapsed()?);
        if !overlay.changes().is_empty() {
            return Err("something was left after undoing all".into());
        }
    }
    Ok(super::median(times))
}

impl Extras {
    /// What [`Display`] wrote.
    ///
    /// # Errors
    /// As [`Words::value`].
    pub(crate) fn parse(words: &Words) -> Result<Self, Error> {
        let time = |name| words.value(name).map(Duration::from_nanos);
        Ok(Extras {
            tree_bytes: words.value("tree_bytes")?,
            prove_fresh: time("prove_fresh")?,
            prove_again: time("prove_again")?,
            prove_old_fresh: time("prove_old_fresh")?,
            prove_old_again: time("prove_old_again")?,
            prove_old_first: time("prove_old_first")?,
            prove_old_reopened: time("prove_old_reopened")?,
            revert: time("revert")?,
        })
    }

    /// The times with their names.
    pub(crate) fn times(&self) -> [(&'static str, Duration); 7] {
        [
            ("prove_fresh", self.prove_fresh),
            ("prove_again", self.prove_again),
            ("prove_old_fresh", self.prove_old_fresh),
            ("prove_old_again", self.prove_old_again),
            ("prove_old_first", self.prove_old_first),
            ("prove_old_reopened", self.prove_old_reopened),
            ("revert", self.revert),
        ]
    }
}

impl Display for Extras {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "tree_bytes={}", self.tree_bytes)?;
        self.times().iter().try_for_each(|(name, time)| write!(f, " {name}={}", time.as_nanos()))
    }
}
