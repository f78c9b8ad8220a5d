//! The body of the target `validate`: accept and refuse equal `wasmparser`'s, for several feature
//! sets.

use dytallix_spec_tests::validate_oracle::{accepts_like_wasmparser, module_from};

use crate::stats;

/// Runs one input. Its first byte says what follows: a module as it is, or what one is generated
/// from and then changed.
///
/// # Panics
///
/// Where the validators disagree.
pub fn run(data: &[u8]) {
    stats::begin();
    let Some((kind, rest)) = data.split_first() else { return };
    let module = match kind % 4 {
        0 => Some(rest.to_vec()),
        _ => module_from(&crate::expand(rest)),
    };
    let Some(module) = module else { return };
    let outcome = accepts_like_wasmparser(&module);
    stats::VALID.note(outcome.accepted > 0);
    stats::LONG.note(outcome.operators > 1_000);
}
