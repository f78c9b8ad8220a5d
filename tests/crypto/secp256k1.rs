//! Recovery of secp256k1 keys against the recovery of `k256`'s own ECDSA, which takes more.

use dytallix::crypto::recover_secp256k1;
use k256::ecdsa::{RecoveryId, Signature, SigningKey, VerifyingKey};

use crate::support::Random;

/// What `k256` recovers, without the rules for `s` and `v`.
fn by_k256(hash: &[u8; 32], signature: &[u8; 65]) -> Option<[u8; 64]> {
    let id = RecoveryId::from_byte(signature[64])?;
    let signature = Signature::from_slice(&signature[..64]).ok()?;
    let key = VerifyingKey::recover_from_prehash(hash, &signature, id).ok()?;
    key.to_sec1_point(false).as_bytes()[1..].try_into().ok()
}

fn sign(random: &mut Random) -> ([u8; 32], [u8; 65], [u8; 64]) {
    let hash = random.array();
    let secret = SigningKey::from_slice(&random.array::<32>()).expect("a scalar");
    let (signature, id) = secret.sign_prehash_recoverable(&hash);
    let mut bytes = [0; 65];
    bytes[..64].copy_from_slice(&signature.to_bytes());
    bytes[64] = id.to_byte();
    let key = secret.verifying_key().to_sec1_point(false).as_bytes()[1..].try_into();
    (hash, bytes, key.expect("64 bytes"))
}

#[test]
fn keys_that_signed_are_recovered() {
    let mut random = Random(11);
    for _ in 0..200 {
        let (hash, signature, key) = sign(&mut random);
        assert_eq!(recover_secp256k1(&hash, &signature), Some(key));
        assert_eq!(by_k256(&hash, &signature), Some(key));
        // With the other parity it is another key, by both.
        let mut other = signature;
        other[64] ^= 1;
        let recovered = recover_secp256k1(&hash, &other);
        assert_ne!(recovered, Some(key));
        assert_eq!(recovered, by_k256(&hash, &other));
    }
}

/// Bits at random: the same key or none, but for the rules that are stricter here.
#[test]
fn bytes_at_random_are_recovered_as_by_k256() {
    let mut random = Random(12);
    let (mut some, mut none) = (0, 0);
    for _ in 0..2000 {
        let hash = random.array();
        let mut signature: [u8; 65] = random.array();
        signature[64] &= 1;
        signature[32] &= 0x7f;
        let recovered = recover_secp256k1(&hash, &signature);
        let is_high = Signature::from_slice(&signature[..64]).is_ok_and(|s| s.normalize_s() != s);
        assert_eq!(recovered, by_k256(&hash, &signature).filter(|_| !is_high));
        if recovered.is_some() { some += 1 } else { none += 1 }
    }
    println!("secp256k1: {some} recovered, {none} with an r that is on no point");
    assert!(some > 800 && none > 800);
}

/// `n - s` with the other parity is the same key to ECDSA.
#[test]
fn a_high_s_is_refused() {
    let mut random = Random(13);
    for _ in 0..50 {
        let (hash, signature, key) = sign(&mut random);
        let (r, s) = Signature::from_slice(&signature[..64]).expect("a signature").split_scalars();
        let twin = Signature::from_scalars(r, -s).expect("a signature");
        let mut bytes = signature;
        bytes[..64].copy_from_slice(&twin.to_bytes());
        bytes[64] ^= 1;
        assert_eq!(by_k256(&hash, &bytes), Some(key), "the twin is a signature");
        assert_eq!(recover_secp256k1(&hash, &bytes), None);
    }
}

#[test]
fn v_is_zero_or_one() {
    let (hash, signature, _) = sign(&mut Random(14));
    for v in 0..=255 {
        let mut other = signature;
        other[64] = v;
        assert_eq!(recover_secp256k1(&hash, &other).is_some(), v < 2, "v = {v}");
    }
}

/// Zero, the group order and all ones, as `r` and as `s`; and half the order, the last low `s`.
#[test]
fn scalars_out_of_range_are_refused() {
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let half = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
    let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex");
    let (hash, signature, _) = sign(&mut Random(15));
    let with = |at: usize, scalar: &[u8]| {
        let mut other = signature;
        other[at..at + 32].copy_from_slice(scalar);
        recover_secp256k1(&hash, &other)
    };
    let bad = [vec![0; 32], hex(order), vec![0xff; 32]];
    for (at, scalar) in [0, 32].into_iter().flat_map(|at| bad.iter().map(move |s| (at, s))) {
        assert_eq!(with(at, scalar), None);
    }
    let mut above = hex(half);
    assert!(with(32, &above).is_some());
    above[31] += 1;
    assert_eq!(with(32, &above), None);
    // An x that is at most p and at least the order has no r.
    assert_eq!(
        with(0, &hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2c")),
        None
    );
}

/// A hash for which the recovered key would be the point at infinity: `s R = z G`.
#[test]
fn the_point_at_infinity_is_no_key() {
    use k256::elliptic_curve::PrimeField;
    use k256::elliptic_curve::sec1::ToSec1Point;
    use k256::{ProjectivePoint, Scalar};
    let nonce = Scalar::from(5u64);
    let point = (ProjectivePoint::GENERATOR * nonce).to_affine().to_sec1_point(true);
    let s = Scalar::from(3u64);
    let mut signature = [0; 65];
    signature[..32].copy_from_slice(&point.as_bytes()[1..]);
    signature[32..64].copy_from_slice(&s.to_repr());
    signature[64] = point.as_bytes()[0] & 1;
    let hash: [u8; 32] = (nonce * s).to_repr().into();
    assert_eq!(recover_secp256k1(&hash, &signature), None);
    assert_eq!(by_k256(&hash, &signature), None);
    let other = [1; 32];
    assert!(recover_secp256k1(&other, &signature).is_some());
}
