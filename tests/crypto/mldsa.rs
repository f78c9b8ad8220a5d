//! ML-DSA against `fips204`: who signs does not matter, and on what is nearly a signature both say
//! the same.

use dytallix::crypto::{Scheme, verify};
use fips204::traits::{KeyGen as _, SerDes as _, Signer as _};

use crate::support::{LATTICE, Random, Sample, oracle, sign_by_fips204, sign_by_ml_dsa};

#[test]
fn both_libraries_sign_what_both_verify() {
    let mut random = Random(2);
    let mut cases = 0;
    for scheme in LATTICE {
        for length in [0, 1, 32, 100, 135, 136, 137, 1000, 10_000] {
            let (message, context) = (random.bytes(length), random.bytes(length % 256));
            let seed = random.array();
            let samples = [
                sign_by_fips204(scheme, seed, &message, &context, random.array()),
                sign_by_fips204(scheme, seed, &message, &context, [0; 32]),
                sign_by_ml_dsa(scheme, seed, &message, &context),
            ];
            for sample in &samples {
                assert!(sample.is_valid(), "{} of {length} bytes", scheme.name());
                assert!(sample.is_valid_by_oracle(), "{} of {length} bytes", scheme.name());
                cases += 1;
            }
            // Without randomness there is one signature.
            assert_eq!(samples[1].key, samples[2].key);
            assert_eq!(samples[1].signature, samples[2].signature);
        }
    }
    println!("ML-DSA: {cases} signatures by either library");
    assert_eq!(cases, 81);
}

/// Overwrites a few bytes somewhere, with bytes that are random or extreme.
fn damage(random: &mut Random, bytes: &mut [u8]) {
    let at = random.below(bytes.len());
    let length = (1 + random.below(8)).min(bytes.len() - at);
    let fill = [0x00, 0xff, 0x01, 0x80][random.below(4)];
    let is_random = random.below(2) == 0;
    for byte in &mut bytes[at..at + length] {
        *byte = if is_random { random.next() as u8 } else { fill };
    }
}

/// Most of these fail at the end, in the comparison of hashes, so that all of the arithmetic runs
/// on values that no signer makes; hints are damaged as often as all the rest.
#[test]
fn damaged_signatures_and_keys_get_the_same_answer_from_both_libraries() {
    let mut random = Random(3);
    for scheme in LATTICE {
        let (message, context) = (random.bytes(48), random.bytes(3));
        let sample = sign_by_fips204(scheme, random.array(), &message, &context, random.array());
        let mut valid = 0;
        for case in 0..600 {
            let Sample { mut key, mut signature, .. } = sample.clone();
            match case % 3 {
                0 => damage(&mut random, &mut signature),
                1 => {
                    let hints = signature.len() - 84;
                    damage(&mut random, &mut signature[hints..]);
                }
                _ => damage(&mut random, &mut key),
            }
            let ours = verify(scheme, &key, &message, &context, &signature);
            let theirs = oracle(scheme, &key, &message, &context, &signature);
            assert_eq!(Some(ours), theirs, "{}, case {case}", scheme.name());
            let is_same = key == sample.key && signature == sample.signature;
            assert_eq!(ours, is_same, "{}, case {case}", scheme.name());
            valid += u32::from(ours);
        }
        println!("{}: 600 damaged, {valid} of them undamaged by chance", scheme.name());
    }
}

#[test]
fn bytes_at_random_get_the_same_answer_from_both_libraries() {
    let mut random = Random(4);
    for scheme in LATTICE {
        for _ in 0..50 {
            let key = random.bytes(scheme.public_key_bytes());
            let mut signature = random.bytes(scheme.signature_bytes());
            // Without hints, so that what follows the decoding of hints is reached.
            let hints = signature.len() - 88;
            signature[hints..].fill(0);
            let ours = verify(scheme, &key, b"m", b"", &signature);
            assert_eq!(Some(ours), oracle(scheme, &key, b"m", b"", &signature));
            assert!(!ours);
        }
    }
}

/// Keys of all zeros and all ones decode, and sign nothing.
#[test]
fn extreme_keys_and_signatures_are_refused_by_both_libraries() {
    for scheme in LATTICE {
        for (key, signature) in [(0x00, 0x00), (0x00, 0xff), (0xff, 0x00), (0xff, 0xff)] {
            let key = vec![key; scheme.public_key_bytes()];
            let signature = vec![signature; scheme.signature_bytes()];
            assert!(!verify(scheme, &key, b"", b"", &signature));
            assert_eq!(oracle(scheme, &key, b"", b"", &signature), Some(false));
        }
    }
}

/// A signature over the hash of a message (HashML-DSA) is none of the message, nor of the hash.
#[test]
fn pre_hashed_signatures_are_not_pure_ones() {
    use fips204::ml_dsa_65::KG;
    let (key, secret) = KG::keygen_from_seed(&[6; 32]);
    let key = key.into_bytes();
    let digest = dytallix::crypto::sha256(b"message");
    let oid = &fips204::pre_hash::SHA2_256;
    let signature = secret.try_hash_sign_with_seed(&[0; 32], &digest, b"", oid).expect("signs");
    for message in [&b"message"[..], &digest] {
        assert!(!verify(Scheme::MlDsa65, &key, message, b"", &signature));
    }
}
