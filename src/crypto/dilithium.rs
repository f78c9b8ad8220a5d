//! Dilithium3, by the crate `pqcrypto-dilithium`: C code of PQClean, so behind a feature.
//!
//! The portable C is used on every processor, never the code for AVX2 or NEON.

use super::scheme::SignatureScheme;

/// Dilithium3, without contexts.
pub(super) struct Dilithium3;

const PUBLIC_KEY_BYTES: usize = 1952;

impl SignatureScheme for Dilithium3 {
    const NAME: &'static str = "Dilithium3";
    const PUBLIC_KEY_BYTES: usize = PUBLIC_KEY_BYTES;
    const SIGNATURE_BYTES: usize = 3309;
    const TAKES_CONTEXT: bool = false;
    const IS_AVAILABLE: bool = cfg!(feature = "dilithium3");

    /// The C code takes bytes.
    type Key = [u8; PUBLIC_KEY_BYTES];

    fn decode(public_key: &[u8]) -> Option<Self::Key> {
        public_key.try_into().ok()
    }

    fn verify(key: &Self::Key, message: &[u8], _: &[u8], signature: &[u8]) -> bool {
        verify_by_c(key, message, signature)
    }
}

#[cfg(feature = "dilithium3")]
fn verify_by_c(key: &[u8; PUBLIC_KEY_BYTES], message: &[u8], signature: &[u8]) -> bool {
    use pqcrypto_dilithium::dilithium3::{DetachedSignature, PublicKey, verify_detached_signature};
    use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _};

    let Ok(key) = PublicKey::from_bytes(key) else { return false };
    let Ok(signature) = DetachedSignature::from_bytes(signature) else { return false };
    verify_detached_signature(&signature, message, &key).is_ok()
}

#[cfg(not(feature = "dilithium3"))]
fn verify_by_c(_: &[u8; PUBLIC_KEY_BYTES], _: &[u8], _: &[u8]) -> bool {
    false
}
