//! Floor 0: hashes and signature checks that contracts and transactions ask for.
//!
//! Everything here is a function of its bytes. A signature that is none is `false` or `None`,
//! whatever its lengths and contents: nothing panics. Nothing here signs, and nothing is secret, so
//! time may depend on the input.
//!
//! One verifier per scheme is pinned, by exact version: two that disagree about one signature fork
//! a chain. Why these: `docs/decisions/0008-signature-verifiers.md`. Others check them in
//! `tests/crypto`.

mod blake3;
mod cache;
mod dilithium;
mod ed25519;
mod hashes;
mod mldsa;
mod scheme;
mod secp256k1;
mod slhdsa;

pub use blake3::blake3;
pub use cache::KeyCache;
pub use ed25519::ed25519_verify;
pub use hashes::{keccak256, sha3_256, sha256};
pub use scheme::{MAX_CONTEXT_BYTES, Scheme, verify};
pub use secp256k1::recover_secp256k1;
