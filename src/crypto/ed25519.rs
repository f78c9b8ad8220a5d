//! Ed25519 with the strictest of the rules in use, by the crate `ed25519-dalek`.

use ed25519_dalek::{Signature, VerifyingKey};

/// Whether `signature` (`R ‖ s`) is one of `message` by `public_key`: RFC 8032 without cofactor,
/// and strict.
///
/// The equation is `[s]B = R + [k]A` and not eight times that. Keys and `R` of small order are
/// refused, as are encodings that are not canonical: a `y` of `p` or more, an `s` of the group
/// order or more. So one key and message have no second signature that a stranger could make from
/// the first.
#[must_use]
pub fn ed25519_verify(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let signature = Signature::from_bytes(signature);
    if !is_canonical(public_key) || !is_canonical(signature.r_bytes()) {
        return false;
    }
    VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

/// Whether the `y` of an encoded point is below `p = 2^255 - 19`. Decompression would reduce it.
///
/// The other encoding that is not canonical, a sign on `x = 0`, belongs to points of small order.
fn is_canonical(point: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = point;
    *first < 0xed || middle.iter().any(|&byte| byte != 0xff) || last & 0x7f != 0x7f
}

#[cfg(test)]
mod tests {
    //! Which encodings are canonical.

    use super::*;

    /// `p + k` for each `k` that fits in 255 bits, of either sign, and the largest below `p`.
    #[test]
    fn y_from_p_on_is_not_canonical() {
        let mut point = [0xff; 32];
        let mut decoded = 0;
        for sign in [0x7f, 0xff] {
            point[31] = sign;
            point[0] = 0xec;
            assert!(is_canonical(&point));
            for low in 0xed..=0xff {
                point[0] = low;
                assert!(!is_canonical(&point), "{low:02x}");
                let key = VerifyingKey::from_bytes(&point);
                decoded += u32::from(key.is_ok_and(|key| !key.is_weak()));
            }
        }
        assert!(decoded > 4, "the library takes {decoded} of them, so that the check is needed");
        assert!(is_canonical(&[0; 32]));
    }
}
