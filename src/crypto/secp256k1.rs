//! Recovery of secp256k1 public keys from ECDSA signatures (SEC 1, 4.1.6), by the crate `k256`.

use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::group::Group;
use k256::elliptic_curve::ops::{LinearCombination, Reduce};
use k256::elliptic_curve::point::DecompressPoint;
use k256::elliptic_curve::scalar::IsHigh;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};

/// The public key, `x ‖ y` big-endian, that signed `hash` with `signature`, which is
/// `r ‖ s ‖ v`, big-endian, `v` the parity of the `y` of the point with `x = r`.
///
/// `v` is 0 or 1 and nothing else: points whose `x` is the group order or more, one in 2^127, have
/// no form here. A high `s` is refused, so that a signature has no twin, and so are an `r` or `s`
/// of zero or of the group order or more.
#[must_use]
pub fn recover_secp256k1(hash: &[u8; 32], signature: &[u8; 65]) -> Option<[u8; 64]> {
    let (r_bytes, rest) = signature.split_first_chunk::<32>()?;
    let (s_bytes, parity) = rest.split_first_chunk::<32>()?;
    let is_odd = match parity {
        [0] => 0u8,
        [1] => 1,
        _ => return None,
    };
    let r_bytes = FieldBytes::from(*r_bytes);
    let r = scalar(r_bytes)?;
    let s = scalar(FieldBytes::from(*s_bytes))?;
    if s.is_high().into() {
        return None;
    }
    let point = AffinePoint::decompress(&r_bytes, is_odd.into()).into_option()?;
    let inverse = r.invert().into_option()?;
    let z = <Scalar as Reduce<FieldBytes>>::reduce(&FieldBytes::from(*hash));
    let key = ProjectivePoint::lincomb_vartime(&[
        (ProjectivePoint::GENERATOR, -(z * inverse)),
        (point.into(), s * inverse),
    ]);
    if key.is_identity().into() {
        return None;
    }
    // The first byte says that both coordinates follow.
    key.to_affine().to_sec1_point(false).as_bytes().get(1..)?.try_into().ok()
}

/// A scalar that is neither zero nor reduced.
fn scalar(bytes: FieldBytes) -> Option<Scalar> {
    Scalar::from_repr(bytes).into_option().filter(|scalar| !bool::from(scalar.is_zero()))
}
