//! Signatures to check: keys, messages of zeros, and what verifies.

use crate::Error;
use dytallix::crypto::{self, Scheme};

/// What is signed along with the message, where a scheme takes it.
pub(super) const CONTEXT: &[u8] = b"calibrate";

/// A public key and its signature of a message.
pub(super) struct Signed {
    pub(super) key: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

/// Signs `message` with key number `number` of a scheme, and checks it.
///
/// # Errors
/// Where a library refuses, or the signature does not verify here.
pub(super) fn pqc(scheme: Scheme, number: u8, message: &[u8]) -> Result<Signed, Error> {
    let signed = match scheme {
        Scheme::Dilithium3 => dilithium(message)?,
        Scheme::MlDsa44 => ml_dsa_signed::<ml_dsa::MlDsa44>(number, message)?,
        Scheme::MlDsa65 => ml_dsa_signed::<ml_dsa::MlDsa65>(number, message)?,
        Scheme::MlDsa87 => ml_dsa_signed::<ml_dsa::MlDsa87>(number, message)?,
        Scheme::SlhDsaSha2_128s => slh_dsa(number, message)?,
        other => return Err(format!("{other:?} is new here").into()),
    };
    match crypto::verify(scheme, &signed.key, message, context(scheme), &signed.signature) {
        true => Ok(signed),
        false => Err(format!("a signature of {scheme:?} does not verify").into()),
    }
}

/// The context that a scheme is used with.
pub(super) fn context(scheme: Scheme) -> &'static [u8] {
    if scheme == Scheme::Dilithium3 { &[] } else { CONTEXT }
}

fn ml_dsa_signed<P: ml_dsa::MlDsaParams>(number: u8, message: &[u8]) -> Result<Signed, Error> {
    let key = ml_dsa::SigningKey::<P>::from_seed(&[number; 32].into());
    let key = key.expanded_key();
    let signature = key.sign_deterministic(message, CONTEXT);
    let signature = signature.map_err(|error| format!("ml-dsa: {error}"))?;
    let public = key.verifying_key().encode();
    Ok(Signed { key: public.to_vec(), signature: signature.encode().to_vec() })
}

/// Its library takes keys from the system's randomness alone.
fn dilithium(message: &[u8]) -> Result<Signed, Error> {
    use pqcrypto_dilithium::dilithium3::{detached_sign, keypair};
    use pqcrypto_traits::sign::{DetachedSignature as _, PublicKey as _};
    let (public, secret) = keypair();
    let signature = detached_sign(message, &secret).as_bytes().to_vec();
    Ok(Signed { key: public.as_bytes().to_vec(), signature })
}

fn slh_dsa(number: u8, message: &[u8]) -> Result<Signed, Error> {
    use fips205::slh_dsa_sha2_128s::KG;
    use fips205::traits::{KeyGen, SerDes, Signer};
    let (public, secret) = KG::keygen_from_seed(&[number; 16], &[1; 16], &[2; 16]);
    let signature = secret.try_sign(message, CONTEXT, false)?.to_vec();
    Ok(Signed { key: public.into_bytes().to_vec(), signature })
}

/// An Ed25519 key and its signature.
///
/// # Errors
/// A signature that does not verify here.
pub(super) fn ed25519(number: u8, message: &[u8]) -> Result<Signed, Error> {
    use ed25519_dalek::{Signer, SigningKey};
    let secret = SigningKey::from_bytes(&[number; 32]);
    let (key, signature) = (secret.verifying_key().to_bytes(), secret.sign(message).to_bytes());
    match crypto::ed25519_verify(&key, message, &signature) {
        true => Ok(Signed { key: key.into(), signature: signature.into() }),
        false => Err("a signature of Ed25519 does not verify".into()),
    }
}

/// A recoverable signature of a hash of zeros, by a secp256k1 key.
///
/// # Errors
/// A signature from which another key comes back.
pub(super) fn secp256k1(number: u8) -> Result<Vec<u8>, Error> {
    use k256::ecdsa::SigningKey;
    let hash = [0; 32];
    let secret = SigningKey::from_slice(&[number + 1; 32])?;
    let (signature, parity) = secret.sign_prehash_recoverable(&hash);
    let bytes: [u8; 65] =
        [&signature.to_bytes()[..], &[parity.to_byte()]].concat()[..].try_into()?;
    let key = secret.verifying_key().to_sec1_point(false);
    match crypto::recover_secp256k1(&hash, &bytes) {
        Some(found) if found[..] == key.as_bytes()[1..] => Ok(bytes.into()),
        _ => Err("another key came back".into()),
    }
}
