//! The body of the target `decode`: whatever strangers hand over (proofs, manifests, rows,
//! receipts) is decoded without a panic, and what decodes is the one encoding of what it decodes
//! to.

use dytallix::Receipt;
use dytallix::state::{Manifest, Proof, RangeProof, StateRoot, StateRow};

use crate::stats;

/// Runs one input. Its first byte says what the rest claims to be.
///
/// # Panics
///
/// Where something decodes that encodes to other bytes.
pub fn run(data: &[u8]) {
    stats::begin();
    let Some((kind, bytes)) = data.split_first() else { return };
    let again = match kind % 6 {
        0 => Proof::decode(bytes).ok().map(|proof| {
            // The verdict on a stranger's proof is an error, never a panic.
            let _ = proof.verify_inclusion(&StateRoot::EMPTY, b"key", b"value");
            let _ = proof.verify_exclusion(&StateRoot::EMPTY, b"key");
            proof.encode()
        }),
        1 => RangeProof::decode(bytes).ok().map(|proof| {
            let _ = proof.verify(&StateRoot::EMPTY, &[0; 32], &[255; 32], &[]);
            let _ = proof.verify(&StateRoot::EMPTY, &[1; 32], &[1; 32], &[]);
            proof.encode()
        }),
        2 => Manifest::decode(bytes).ok().map(|manifest| manifest.encode()),
        3 => Receipt::decode(bytes).ok().map(|receipt| receipt.encode()),
        _ => {
            // A row: the first byte is the length of its key.
            let Some((&length, rest)) = bytes.split_first() else { return };
            let Some((key, value)) = rest.split_at_checked(length.into()) else { return };
            stats::VALID.note(StateRow::decode(key, value).is_ok());
            return;
        }
    };
    stats::VALID.note(again.is_some());
    assert!(again.is_none_or(|again| again == bytes), "another encoding of the same");
}
