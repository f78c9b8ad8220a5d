//! The body of the target `decode`: whatever strangers hand over (proofs, manifests, rows,
//! receipts, descriptions of contracts) is decoded without a panic, and what decodes is the one
//! encoding of what it decodes to; and keys and signatures of strangers are checked without one.

use dytallix::Receipt;
use dytallix::abi::Abi;
use dytallix::crypto::{KeyCache, Scheme, ed25519_verify, recover_secp256k1, verify};
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
    let again = match kind % 8 {
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
        6 => Abi::decode(bytes).ok().map(|abi| {
            // What it says of bytes that are not its own is an error, never a panic.
            let _ = (abi.decode_revert(bytes), abi.decode_storage(bytes, bytes));
            let _ = abi.to_json();
            abi.encode().expect("what decodes encodes")
        }),
        7 => {
            check_signatures(bytes);
            return;
        }
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

/// Bytes as a key, a message, a context and a signature, cut where two of them say.
fn check_signatures(bytes: &[u8]) {
    let Some((&[number, context], rest)) = bytes.split_first_chunk() else { return };
    if let (Some(key), Some(signature)) = (rest.first_chunk(), rest.last_chunk()) {
        let _ = ed25519_verify(key, rest, signature);
    }
    if let (Some(hash), Some(signature)) = (rest.first_chunk(), rest.last_chunk()) {
        let _ = recover_secp256k1(hash, signature);
    }
    let Some(scheme) = Scheme::from_number(number % 6) else { return };
    let context = &rest[..usize::from(context).min(rest.len())];
    // Keys and signatures of the right length are made of the bytes as often as it takes.
    let cycled = |length: usize| -> Vec<u8> { rest.iter().copied().cycle().take(length).collect() };
    let key = cycled(scheme.public_key_bytes());
    let mut signature = cycled(scheme.signature_bytes());
    let by = rest.len().min(17).min(signature.len());
    signature.rotate_left(by);
    let answer = verify(scheme, &key, rest, context, &signature);
    let mut cache = KeyCache::default();
    for _ in 0..2 {
        assert_eq!(cache.verify(scheme, &key, rest, context, &signature), answer, "from the cache");
    }
    let _ = verify(scheme, rest, rest, context, rest);
}
