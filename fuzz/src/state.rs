//! The body of the target `state`: a history of blocks, with calls that nest and re-enter, comes to
//! the same on committed state (tree in memory and bounded) as on the model that clones everything,
//! at every retained height, with every root and proof.

use dytallix_spec_tests::ledger::{History, blocks};

use crate::stats;

/// Runs one input.
///
/// # Panics
///
/// Where state and model differ.
pub fn run(data: &[u8]) {
    stats::begin();
    let counts = History::run(&blocks(&crate::expand(data)));
    stats::VALID.note(counts.heights > 0);
    stats::LONG.note(counts.steps > 200);
    stats::STEPS.add(counts.steps);
    stats::REVERTED.add(counts.reverted);
    stats::PROOFS.add(counts.proofs);
}
