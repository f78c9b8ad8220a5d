//! SLH-DSA-SHA2-128s (FIPS 205), by the crate `fips205`.

use fips205::slh_dsa_sha2_128s::{PK_LEN, PublicKey, SIG_LEN};
use fips205::traits::{SerDes, Verifier};

use super::scheme::SignatureScheme;

/// SLH-DSA-SHA2-128s, pure: the message is signed and not a hash of it.
pub(super) struct SlhDsaSha2_128s;

impl SignatureScheme for SlhDsaSha2_128s {
    const NAME: &'static str = "SLH-DSA-SHA2-128s";
    const PUBLIC_KEY_BYTES: usize = PK_LEN;
    const SIGNATURE_BYTES: usize = SIG_LEN;
    const TAKES_CONTEXT: bool = true;
    const IS_AVAILABLE: bool = true;

    /// A seed and a root: there is nothing to compute beforehand.
    type Key = PublicKey;

    fn decode(public_key: &[u8]) -> Option<Self::Key> {
        PublicKey::try_from_bytes(public_key.try_into().ok()?).ok()
    }

    fn verify(key: &Self::Key, message: &[u8], context: &[u8], signature: &[u8]) -> bool {
        // Every signature of the right length decodes in one way: hashes only.
        signature.try_into().is_ok_and(|signature| key.verify(message, signature, context))
    }
}
