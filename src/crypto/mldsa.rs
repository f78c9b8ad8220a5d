//! ML-DSA (FIPS 204), by the crate `ml-dsa`.

use core::marker::PhantomData;

use ml_dsa::{EncodedSignature, EncodedVerifyingKey, MlDsaParams, Signature, VerifyingKey};

use super::scheme::SignatureScheme;

/// ML-DSA-44.
pub(super) type MlDsa44 = MlDsa<ml_dsa::MlDsa44>;
/// ML-DSA-65.
pub(super) type MlDsa65 = MlDsa<ml_dsa::MlDsa65>;
/// ML-DSA-87.
pub(super) type MlDsa87 = MlDsa<ml_dsa::MlDsa87>;

/// ML-DSA with a parameter set, pure: the message is signed and not a hash of it.
pub(super) struct MlDsa<P>(PhantomData<P>);

/// Names and lengths of table 2 of FIPS 204, which the crate has as types only.
trait Lengths: MlDsaParams {
    const NAME: &'static str;
    const PUBLIC_KEY_BYTES: usize;
    const SIGNATURE_BYTES: usize;
}

impl Lengths for ml_dsa::MlDsa44 {
    const NAME: &'static str = "ML-DSA-44";
    const PUBLIC_KEY_BYTES: usize = 1312;
    const SIGNATURE_BYTES: usize = 2420;
}

impl Lengths for ml_dsa::MlDsa65 {
    const NAME: &'static str = "ML-DSA-65";
    const PUBLIC_KEY_BYTES: usize = 1952;
    const SIGNATURE_BYTES: usize = 3309;
}

impl Lengths for ml_dsa::MlDsa87 {
    const NAME: &'static str = "ML-DSA-87";
    const PUBLIC_KEY_BYTES: usize = 2592;
    const SIGNATURE_BYTES: usize = 4627;
}

impl<P: Lengths> SignatureScheme for MlDsa<P> {
    const NAME: &'static str = P::NAME;
    const PUBLIC_KEY_BYTES: usize = P::PUBLIC_KEY_BYTES;
    const SIGNATURE_BYTES: usize = P::SIGNATURE_BYTES;
    const TAKES_CONTEXT: bool = true;
    const IS_AVAILABLE: bool = true;

    /// Holds the matrix `A` expanded, which is half of the work of a check.
    type Key = VerifyingKey<P>;

    /// Every key of the right length is one (FIPS 204, algorithm 23): coefficients have no bits to
    /// spare.
    fn decode(public_key: &[u8]) -> Option<Self::Key> {
        let encoded = EncodedVerifyingKey::<P>::try_from(public_key).ok()?;
        Some(VerifyingKey::decode(&encoded))
    }

    fn verify(key: &Self::Key, message: &[u8], context: &[u8], signature: &[u8]) -> bool {
        // Refuses hints that are not in the one order and a response that is too large.
        let decoded = EncodedSignature::<P>::try_from(signature)
            .ok()
            .and_then(|encoded| Signature::decode(&encoded));
        decoded.is_some_and(|decoded| key.verify_with_context(message, context, &decoded))
    }
}
