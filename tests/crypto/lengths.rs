//! Lengths: a scheme has one for keys and one for signatures, and contexts have a limit.

use dytallix::crypto::{KeyCache, MAX_CONTEXT_BYTES, Scheme, verify};

use crate::support::{LATTICE, PURE, Random, sign_by_fips204};
use crate::support::{Sample, oracle, samples};

/// Every length up to one more than the right one, made from a right one or padded with zeros.
fn resized(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut resized = bytes.to_vec();
    resized.resize(length, 0);
    resized
}

#[test]
fn other_lengths_of_keys_and_signatures_are_refused() {
    for sample in samples() {
        let Sample { scheme, key, message, context, signature } = &sample;
        assert!(sample.is_valid());
        assert_eq!(key.len(), scheme.public_key_bytes());
        assert_eq!(signature.len(), scheme.signature_bytes());
        let mut cache = KeyCache::default();
        assert!(cache.verify(*scheme, key, message, context, signature));
        let mut refused = |key: &[u8], signature: &[u8]| {
            assert!(!verify(*scheme, key, message, context, signature));
            assert!(!cache.verify(*scheme, key, message, context, signature));
        };
        for length in (0..=signature.len() + 2).filter(|&length| length != signature.len()) {
            refused(key, &resized(signature, length));
        }
        for length in (0..=key.len() + 2).filter(|&length| length != key.len()) {
            refused(&resized(key, length), signature);
        }
    }
}

/// Keys and signatures of one scheme for another, where the lengths fit and where not.
#[test]
fn a_signature_is_of_one_scheme_only() {
    for sample in samples() {
        for scheme in Scheme::ALL {
            let is_valid =
                verify(scheme, &sample.key, &sample.message, &sample.context, &sample.signature);
            assert_eq!(is_valid, scheme == sample.scheme);
        }
    }
}

#[test]
fn contexts_have_at_most_255_bytes() {
    let mut random = Random(8);
    for scheme in LATTICE {
        let context = random.bytes(MAX_CONTEXT_BYTES);
        let sample = sign_by_fips204(scheme, random.array(), b"m", &context, random.array());
        assert!(sample.is_valid());
        for length in [256, 257, 511, 512, 65_536, 65_791] {
            let longer = resized(&context, length);
            let is_valid = verify(scheme, &sample.key, b"m", &longer, &sample.signature);
            assert!(!is_valid, "{} with a context of {length}", scheme.name());
            let by_oracle = oracle(scheme, &sample.key, b"m", &longer, &sample.signature);
            assert_eq!(by_oracle, Some(false));
        }
    }
    let sample = samples().pop().expect("the sample of SLH-DSA");
    let longer = resized(&sample.context, 256);
    assert!(!verify(sample.scheme, &sample.key, &sample.message, &longer, &sample.signature));
}

/// The length of the context is signed, so that it cannot trade bytes with the message.
#[test]
fn contexts_do_not_run_into_messages() {
    for mut sample in samples() {
        let moved = sample.context.pop().expect("not empty");
        sample.message.insert(0, moved);
        assert!(!sample.is_valid(), "{}", sample.scheme.name());
        assert!(!sample.is_valid_by_oracle());
    }
}

#[test]
fn schemes_have_the_numbers_and_sizes_of_transactions() {
    let rows: Vec<_> = Scheme::ALL
        .iter()
        .map(|s| (s.number(), s.name(), s.public_key_bytes(), s.signature_bytes()))
        .collect();
    let expected = [
        (1, "Dilithium3", 1952, 3309),
        (2, "ML-DSA-65", 1952, 3309),
        (3, "ML-DSA-87", 2592, 4627),
        (4, "ML-DSA-44", 1312, 2420),
        (5, "SLH-DSA-SHA2-128s", 32, 7856),
    ];
    assert_eq!(rows, expected);
    for scheme in Scheme::ALL {
        assert_eq!(Scheme::from_number(scheme.number()), Some(scheme));
        assert_eq!(scheme.takes_context(), scheme != Scheme::Dilithium3);
        let is_pure = PURE.contains(&scheme);
        assert_eq!(scheme.is_available(), is_pure || cfg!(feature = "dilithium3"));
    }
    assert_eq!((0..=255).filter_map(Scheme::from_number).count(), 5);
}
