//! Keccak-256, SHA3-256 and SHA-256.

use sha2::Sha256;
use sha3::{Digest, Keccak256, Sha3_256};

/// Keccak-256 with the padding from before FIPS 202, as Ethereum has it.
#[must_use]
pub fn keccak256(data: &[u8]) -> [u8; 32] {
    Keccak256::digest(data).into()
}

/// SHA3-256 (FIPS 202).
#[must_use]
pub fn sha3_256(data: &[u8]) -> [u8; 32] {
    Sha3_256::digest(data).into()
}

/// SHA-256 (FIPS 180-4).
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}
