//! Hashes and signature checks against published vectors and second implementations.
//!
//! `cargo test --test crypto -- --nocapture` prints how many cases each set has. The counts are
//! asserted, so that a set that is empty or shrinks does not pass.

mod acvp;
mod cache;
mod dilithium;
mod ed25519;
mod flips;
mod hashes;
mod hints;
mod lengths;
mod mldsa;
mod secp256k1;
mod slhdsa;
mod stack;
mod support;
mod wycheproof;
