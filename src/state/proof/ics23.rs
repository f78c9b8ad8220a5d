//! Proofs in the form of ICS-23, which chains of the Cosmos family verify.
//!
//! The messages are those of `cosmos/ics23/v1/proofs.proto`, written by hand: four small messages
//! are no reason for a protobuf library. ICS-23 knows neither empty keys and values nor an empty
//! tree. Absence is shown by the two entries around the key, in the order of key hashes.

use alloc::vec::Vec;

use super::{Proof, ProofError};
use crate::state::tree::{INNER_TAG, LEAF_TAG, Leaf, PLACEHOLDER, bit, digest};

/// `HashOp.SHA256`; `LengthOp.NO_PREFIX` is zero, which protobuf leaves out.
const SHA256: u64 = 1;

/// The longest path that the published specification admits, far beyond that of any hashed key.
const SPEC_MAX_DEPTH: u64 = 64;

/// An entry of the state and the proof of its presence.
#[derive(Clone, Copy, Debug)]
pub struct Ics23Entry<'a> {
    /// The key itself, not its hash.
    pub key: &'a [u8],
    /// The value itself, not its hash.
    pub value: &'a [u8],
    /// The proof that the state has it.
    pub proof: &'a Proof,
}

/// The `CommitmentProof` that the state has `entry`.
///
/// # Errors
///
/// [`ProofError::Unsupported`] for an empty key or value; [`ProofError::Absent`] or
/// [`ProofError::Value`] if the proof is of something else. The root is for the verifier to check.
pub fn ics23_existence(entry: &Ics23Entry<'_>) -> Result<Vec<u8>, ProofError> {
    let mut out = Vec::new();
    put_bytes(&mut out, 1, &existence(entry)?);
    Ok(out)
}

/// The `CommitmentProof` that the state has nothing at `key`, from the entries next to it in the
/// order of key hashes: `None` where there is none on that side.
///
/// # Errors
///
/// [`ProofError::Unsupported`] for an empty key or if there is no entry at all;
/// [`ProofError::Neighbours`] if they are not on the two sides of the key; else see
/// [`ics23_existence`].
pub fn ics23_non_existence(
    key: &[u8],
    left: Option<&Ics23Entry<'_>>,
    right: Option<&Ics23Entry<'_>>,
) -> Result<Vec<u8>, ProofError> {
    if key.is_empty() || left.is_none() && right.is_none() {
        return Err(ProofError::Unsupported);
    }
    let hash = digest(key);
    let is_left = left.is_none_or(|entry| digest(entry.key) < hash);
    let is_right = right.is_none_or(|entry| digest(entry.key) > hash);
    if !is_left || !is_right {
        return Err(ProofError::Neighbours);
    }
    let mut body = Vec::new();
    put_bytes(&mut body, 1, key);
    for (field, entry) in [(2, left), (3, right)] {
        if let Some(entry) = entry {
            put_bytes(&mut body, field, &existence(entry)?);
        }
    }
    let mut out = Vec::new();
    put_bytes(&mut out, 2, &body);
    Ok(out)
}

/// The `ProofSpec` that a verifier of these proofs is set up with; the same as that of crate `jmt`.
#[must_use]
pub fn ics23_spec() -> Vec<u8> {
    let mut inner = Vec::new();
    // The children in order, left and right, as a packed list.
    put_bytes(&mut inner, 1, &[0, 1]);
    put_number(&mut inner, 2, 32);
    put_number(&mut inner, 3, INNER_TAG.len() as u64);
    put_number(&mut inner, 4, INNER_TAG.len() as u64);
    put_bytes(&mut inner, 5, &PLACEHOLDER);
    put_number(&mut inner, 6, SHA256);
    let mut out = Vec::new();
    put_bytes(&mut out, 1, &leaf_op());
    put_bytes(&mut out, 2, &inner);
    put_number(&mut out, 3, SPEC_MAX_DEPTH);
    // Keys are compared by their hashes.
    put_number(&mut out, 5, 1);
    out
}

/// The `ExistenceProof` of `entry`.
fn existence(entry: &Ics23Entry<'_>) -> Result<Vec<u8>, ProofError> {
    if entry.key.is_empty() || entry.value.is_empty() {
        return Err(ProofError::Unsupported);
    }
    let leaf = Leaf::of(entry.key, entry.value);
    match entry.proof.leaf() {
        Some(found) if *found == leaf => {}
        Some(found) if found.key == leaf.key => return Err(ProofError::Value),
        _ => return Err(ProofError::Absent),
    }
    let mut out = Vec::new();
    put_bytes(&mut out, 1, entry.key);
    put_bytes(&mut out, 2, entry.value);
    put_bytes(&mut out, 3, &leaf_op());
    for (depth, sibling) in entry.proof.siblings().iter().enumerate().rev() {
        let mut step = Vec::new();
        put_number(&mut step, 1, SHA256);
        if bit(&leaf.key, depth) {
            put_bytes(&mut step, 2, &[&INNER_TAG[..], sibling].concat());
        } else {
            put_bytes(&mut step, 2, INNER_TAG);
            put_bytes(&mut step, 3, sibling);
        }
        put_bytes(&mut out, 4, &step);
    }
    Ok(out)
}

/// The `LeafOp`: key and value are hashed, and follow the tag without lengths.
fn leaf_op() -> Vec<u8> {
    let mut out = Vec::new();
    for field in [1, 2, 3] {
        put_number(&mut out, field, SHA256);
    }
    put_bytes(&mut out, 5, LEAF_TAG);
    out
}

/// Writes a protobuf field of wire type 0.
fn put_number(out: &mut Vec<u8>, field: u8, number: u64) {
    out.push(field << 3);
    put_varint(out, number);
}

/// Writes a protobuf field of wire type 2.
fn put_bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
