//! Dilithium3 against the draft of FIPS 204 in Rust: `fips204` 0.2.2, which is that of August 2023
//! and has no contexts yet. The package of the C code ships no vectors.

#[cfg(not(feature = "dilithium3"))]
#[test]
fn without_its_feature_dilithium3_is_not_available_and_verifies_nothing() {
    use dytallix::crypto::{KeyCache, Scheme, verify};
    let scheme = Scheme::Dilithium3;
    assert!(!scheme.is_available());
    let (key, signature) = ([0; 1952], [0; 3309]);
    assert!(!verify(scheme, &key, b"", b"", &signature));
    assert!(!KeyCache::default().verify(scheme, &key, b"", b"", &signature));
}

#[cfg(feature = "dilithium3")]
mod with_c {
    //! With the C code.

    use dytallix::crypto::{KeyCache, Scheme, verify};
    use fips204_draft::ml_dsa_65 as draft;
    use fips204_draft::traits::{KeyGen as _, SerDes as _, Signer as _, Verifier as _};
    use pqcrypto_dilithium::dilithium3;
    use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _};

    use crate::support::{Random, sign_by_fips204};

    const SCHEME: Scheme = Scheme::Dilithium3;

    impl rand_core::RngCore for Random {
        fn next_u32(&mut self) -> u32 {
            self.next() as u32
        }

        fn next_u64(&mut self) -> u64 {
            self.next()
        }

        fn fill_bytes(&mut self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.next() as u8);
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
            self.fill_bytes(bytes);
            Ok(())
        }
    }

    impl rand_core::CryptoRng for Random {}

    fn sign(random: &mut Random, message: &[u8]) -> ([u8; 1952], [u8; 3309]) {
        let (key, secret) = draft::KG::try_keygen_with_rng(random).expect("a key");
        let signature = secret.try_sign_with_rng(random, message).expect("signs");
        (key.into_bytes(), signature)
    }

    fn by_draft(key: &[u8; 1952], message: &[u8], signature: &[u8; 3309]) -> bool {
        let key = draft::PublicKey::try_from_bytes(*key).expect("a key");
        key.verify(message, signature)
    }

    #[test]
    fn dilithium3_signatures_of_either_library_verify_by_both() {
        let mut random = Random(19);
        for length in [0, 1, 100, 136, 5000] {
            let message = random.bytes(length);
            let (key, signature) = sign(&mut random, &message);
            assert!(verify(SCHEME, &key, &message, b"", &signature));
            assert!(by_draft(&key, &message, &signature));
            // The C code signs with the randomness of the system.
            let (key, secret) = dilithium3::keypair();
            let signature = dilithium3::detached_sign(&message, &secret);
            let (key, signature) = (key.as_bytes(), signature.as_bytes());
            assert!(verify(SCHEME, key, &message, b"", signature));
            let (key, signature) = (key.try_into(), signature.try_into());
            assert!(by_draft(key.expect("a key"), &message, signature.expect("a signature")));
        }
    }

    #[test]
    fn no_flipped_bit_leaves_a_dilithium3_signature() {
        let mut random = Random(20);
        let (mut key, mut signature) = sign(&mut random, b"message");
        for bit in 0..3309 * 8 {
            signature[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(SCHEME, &key, b"message", b"", &signature), "bit {bit}");
            if bit % 11 == 0 {
                assert!(!by_draft(&key, b"message", &signature), "bit {bit}");
            }
            signature[bit / 8] ^= 1 << (bit % 8);
        }
        for bit in 0..1952 * 8 {
            key[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(SCHEME, &key, b"message", b"", &signature), "bit {bit}");
            key[bit / 8] ^= 1 << (bit % 8);
        }
        assert!(verify(SCHEME, &key, b"message", b"", &signature));
    }

    #[test]
    fn dilithium3_takes_no_context_and_no_other_length() {
        let mut random = Random(21);
        let (key, signature) = sign(&mut random, b"message");
        let mut cache = KeyCache::default();
        assert!(cache.verify(SCHEME, &key, b"message", b"", &signature));
        assert!(!verify(SCHEME, &key, b"message", b"c", &signature));
        assert!(!cache.verify(SCHEME, &key, b"message", b"c", &signature));
        for length in (0..3309).step_by(13).chain([3293, 3308]) {
            assert!(!verify(SCHEME, &key, b"message", b"", &signature[..length]));
        }
        for length in (0..1952).step_by(13).chain([1951]) {
            assert!(!verify(SCHEME, &key[..length], b"message", b"", &signature));
        }
        assert!(!verify(SCHEME, &key, b"message", b"", &[&signature[..], &[0]].concat()));
    }

    /// The sizes are equal, and yet neither verifies the other.
    #[test]
    fn dilithium3_and_ml_dsa_65_are_two_schemes() {
        let mut random = Random(22);
        for _ in 0..10 {
            let (key, signature) = sign(&mut random, b"message");
            assert!(!verify(Scheme::MlDsa65, &key, b"message", b"", &signature));
            let sample =
                sign_by_fips204(Scheme::MlDsa65, random.array(), b"message", b"", random.array());
            assert!(!verify(SCHEME, &sample.key, b"message", b"", &sample.signature));
        }
    }

    /// Hints in another order or with something behind them mean the same, and are refused.
    #[test]
    fn dilithium3_hints_are_taken_in_one_form_only() {
        let mut random = Random(23);
        let mut swaps = 0;
        for _ in 0..5 {
            let (key, signature) = sign(&mut random, b"message");
            let hints = 3309 - 61;
            let cuts: [u8; 6] = signature[3303..].try_into().expect("six cuts");
            let used = usize::from(cuts[5]);
            for i in 1..used {
                let mut other = signature;
                other.swap(hints + i - 1, hints + i);
                // Across two polynomials it is another set.
                assert!(!verify(SCHEME, &key, b"message", b"", &other));
                swaps += u32::from(!cuts.contains(&(i as u8)));
            }
            for i in used..55 {
                let mut other = signature;
                other[hints + i] = 1;
                assert!(!verify(SCHEME, &key, b"message", b"", &other));
            }
        }
        assert!(swaps > 50, "{swaps}");
    }
}
