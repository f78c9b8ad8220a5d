//! Fuzzing: the bodies of the targets as a library, so that stable replays what the fuzzer found.
//!
//! ```text
//!   bytes ──► input: module, calls, limits ──► machines in lockstep ──► panic where they differ
//!             (wasm-smith or `program`)         ours × 2 · stepper · peer
//! ```
//!
//! * [`gas`]: the engine in both dispatches against the naive stepper, at full gas and at limits
//!   below.
//! * [`execute`]: the engine against a peer engine.
//! * [`state`]: committed state against the model that clones everything.
//! * [`decode`]: what strangers hand over, decoded and encoded again.
//! * [`validate`]: the validator against `wasmparser`, for several feature sets.

mod canonical;
pub mod decode;
pub mod execute;
pub mod gas;
mod input;
mod machine;
mod ours;
mod peer;
mod program;
pub mod state;
pub mod stats;
mod stepper;
pub mod validate;

/// The body of a target.
pub type Body = fn(&[u8]);

/// Every target, by name.
pub const TARGETS: &[(&str, Body)] = &[
    ("decode", decode::run),
    ("execute", execute::run),
    ("gas", gas::run),
    ("state", state::run),
    ("validate", validate::run),
];

/// Bytes of an input that a seed stands for: the same everywhere.
pub fn random(seed: u64, length: usize) -> Vec<u8> {
    input::Bytes::new(seed).take(length)
}

/// An input, and then what its first bytes expand to: so that short ones make long modules too.
fn expand(data: &[u8]) -> Vec<u8> {
    let mut seed = [0; 8];
    let length = data.len().min(8);
    seed[..length].copy_from_slice(&data[..length]);
    let seed = u64::from_le_bytes(seed);
    input::Bytes::new(seed).extend(data, data.len() + (seed % 8_192) as usize)
}
