//! Fuzzing: the bodies of the targets as a library, so that stable replays what the fuzzer found.
//!
//! ```text
//!   bytes ──► input: module, calls, limits ──► machines in lockstep ──► panic where they differ
//!             (wasm-smith or `program`)         ours × 2 · stepper · peer
//! ```
//!
//! * [`gas`]: the engine in both dispatches against the naive stepper, at full gas and at limits below.
//! * [`execute`]: the engine against a peer engine.

pub mod execute;
pub mod gas;
mod input;
mod machine;
mod ours;
mod peer;
pub mod stats;
mod stepper;

/// The body of a target.
pub type Body = fn(&[u8]);

/// Every target, by name.
pub const TARGETS: &[(&str, Body)] = &[("execute", execute::run), ("gas", gas::run)];

/// Bytes of an input that a seed stands for: the same everywhere.
pub fn random(seed: u64, length: usize) -> Vec<u8> {
    input::Bytes::new(seed).take(length)
}
