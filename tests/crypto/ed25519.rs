//! Ed25519 where implementations differ: points of small order, points with a part of small order,
//! encodings that are not canonical ("Taming the many EdDSAs", Chalkias, Garillot, Nikolaenko).
//!
//! The cases are made here from the group law, and what each has to be is computed from it.

use curve25519_dalek::constants::{ED25519_BASEPOINT_TABLE, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use dytallix::crypto::ed25519_verify;
use ed25519_dalek::Signer as _;
use sha2::{Digest, Sha512};

use crate::support::Random;

fn challenge(r: &[u8; 32], key: &[u8; 32], message: &[u8]) -> Scalar {
    let digest = Sha512::new().chain_update(r).chain_update(key).chain_update(message).finalize();
    Scalar::from_bytes_mod_order_wide(&digest.into())
}

fn join(r: &[u8; 32], s: &[u8; 32]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(r);
    signature[32..].copy_from_slice(s);
    signature
}

fn random_scalar(random: &mut Random) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&random.array())
}

/// Encodings of points of small order: the eight canonical ones, and those with a `y` of `p` or
/// more or a sign on `x = 0` that decode to one.
fn small_encodings() -> Vec<[u8; 32]> {
    let mut encodings: Vec<_> = EIGHT_TORSION.iter().map(|p| p.compress().to_bytes()).collect();
    let mut candidates = Vec::new();
    for sign in [0x00, 0x80] {
        for low in 0xed..=0xff {
            let mut y = [0xff; 32];
            (y[0], y[31]) = (low, 0x7f | sign);
            candidates.push(y);
        }
    }
    let (mut one, mut minus_one) = ([0; 32], [0xff; 32]);
    (one[0], one[31]) = (1, 0x80);
    (minus_one[0], minus_one[31]) = (0xec, 0xff);
    candidates.extend([one, minus_one]);
    let is_small = |bytes: &[u8; 32]| {
        CompressedEdwardsY(*bytes).decompress().is_some_and(|point| point.is_small_order())
    };
    encodings.extend(candidates.into_iter().filter(is_small));
    encodings
}

/// The equation with the cofactor holds for all of these, whatever the message, and the one without
/// for some; keys and `R` of small order are refused all the same.
#[test]
fn points_of_small_order_are_refused() {
    let encodings = small_encodings();
    assert_eq!(encodings.len(), 14);
    let mut without_cofactor = 0;
    for key in &encodings {
        for r in &encodings {
            for message in [&b"Zcash"[..], b"", b"another"] {
                let signature = join(r, &[0; 32]);
                assert!(!ed25519_verify(key, message, &signature));
                let point = |bytes| CompressedEdwardsY(bytes).decompress().expect("a point");
                let sum = point(*r) + point(*key) * challenge(r, key, message);
                without_cofactor += u32::from(sum == EdwardsPoint::default());
            }
        }
    }
    println!(
        "Ed25519: {without_cofactor} of 588 of small order fulfil the equation, none verifies"
    );
    assert!(without_cofactor > 50);
}

/// `A = aB + T`, `R = rB + T'` for every two points of small order: with the cofactor all verify,
/// without it those with `T' + kT = 0`.
#[test]
fn signatures_verify_without_the_cofactor() {
    let mut random = Random(16);
    let (mut valid, mut cases) = (0, 0);
    for torsion_of_key in EIGHT_TORSION {
        for torsion_of_r in EIGHT_TORSION {
            for _ in 0..4 {
                let (secret, nonce) = (random_scalar(&mut random), random_scalar(&mut random));
                let message = random.bytes(20);
                let base = ED25519_BASEPOINT_TABLE;
                let key = (base * &secret + torsion_of_key).compress().to_bytes();
                let r = (base * &nonce + torsion_of_r).compress().to_bytes();
                let k = challenge(&r, &key, &message);
                let signature = join(&r, (nonce + k * secret).as_bytes());
                // In the group of eight, `k` counts as a number and not as a scalar of the field.
                let residue = torsion_of_r + torsion_of_key * Scalar::from(k.as_bytes()[0] & 7);
                let expected = residue == EdwardsPoint::default();
                assert_eq!(ed25519_verify(&key, &message, &signature), expected);
                valid += u32::from(expected);
                cases += 1;
            }
        }
    }
    println!("Ed25519: {cases} with parts of small order, {valid} of them valid without cofactor");
    assert!(cases == 256 && valid > 20 && valid < 100);
}

/// Small order on one side only: a signer who knows the key can make these.
#[test]
fn a_small_key_or_a_small_r_alone_is_refused() {
    let mut random = Random(17);
    for torsion in EIGHT_TORSION {
        for _ in 0..8 {
            let (secret, nonce) = (random_scalar(&mut random), random_scalar(&mut random));
            // The key is small: k times it vanishes for one message in up to eight.
            let key = torsion.compress().to_bytes();
            let r = (ED25519_BASEPOINT_TABLE * &nonce).compress().to_bytes();
            assert!(!ed25519_verify(&key, &random.bytes(4), &join(&r, nonce.as_bytes())));
            // R is small: s = k a.
            let key = (ED25519_BASEPOINT_TABLE * &secret).compress().to_bytes();
            let (r, message) = (torsion.compress().to_bytes(), random.bytes(4));
            let s = challenge(&r, &key, &message) * secret;
            assert!(!ed25519_verify(&key, &message, &join(&r, s.as_bytes())));
        }
    }
}

/// The group order, little-endian (RFC 8032, section 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn add(a: &[u8; 32], b: &[u8; 32]) -> Option<[u8; 32]> {
    let mut carry = 0;
    let sum = core::array::from_fn(|i| {
        carry += u16::from(a[i]) + u16::from(b[i]);
        let byte = carry as u8;
        carry >>= 8;
        byte
    });
    (carry == 0).then_some(sum)
}

/// `s + n`, `s + 2n`, … mean the same scalar.
#[test]
fn an_s_of_the_order_or_more_is_refused() {
    let mut random = Random(18);
    let mut cases = 0;
    for _ in 0..10 {
        let secret = ed25519_dalek::SigningKey::from_bytes(&random.array());
        let key = secret.verifying_key().to_bytes();
        let message = random.bytes(50);
        let signature = secret.sign(&message).to_bytes();
        assert!(ed25519_verify(&key, &message, &signature));
        let (r, s) = signature.split_at(32);
        let (r, mut s): ([u8; 32], [u8; 32]) =
            (r.try_into().expect("32 bytes"), s.try_into().expect("32 bytes"));
        while let Some(next) = add(&s, &ORDER) {
            s = next;
            assert_eq!(Scalar::from_bytes_mod_order(s).as_bytes()[..], signature[32..]);
            assert!(!ed25519_verify(&key, &message, &join(&r, &s)));
            cases += 1;
        }
    }
    assert!(cases > 140, "{cases}");
}

#[test]
fn no_flipped_bit_leaves_an_ed25519_signature() {
    let secret = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    let (key, message) = (secret.verifying_key().to_bytes(), *b"thirty-two bytes of a message ..");
    let signature = secret.sign(&message).to_bytes();
    let flipped = |bytes: &[u8], bit: usize| {
        let mut bytes = bytes.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    };
    for bit in 0..512 {
        let other = flipped(&signature, bit).try_into().expect("64 bytes");
        assert!(!ed25519_verify(&key, &message, &other));
    }
    for bit in 0..256 {
        let other = flipped(&key, bit).try_into().expect("32 bytes");
        assert!(!ed25519_verify(&other, &message, &signature));
        assert!(!ed25519_verify(&key, &flipped(&message, bit), &signature));
    }
}
