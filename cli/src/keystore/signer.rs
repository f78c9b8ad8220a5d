//! [`Signer`]: a key that is open.

use std::fmt;
use std::num::NonZeroU32;

use dytallix::Address;
use dytallix::crypto::{MAX_CONTEXT_BYTES, Scheme};
use fips205::slh_dsa_sha2_128s as slh_dsa;
use fips205::traits::{KeyGen, SerDes, Signer as _};
use fips205::{CryptoRng, RngCore, RngError};
use ml_dsa::{MlDsa44, MlDsa65, MlDsa87, MlDsaParams, SigningKey};

use super::scheme::Seed;

/// A key that signs. Its secret is wiped when it is dropped.
pub(crate) struct Signer {
    /// Its scheme.
    pub(crate) scheme: Scheme,
    /// Its public key, as its standard encodes it.
    pub(crate) public_key: Vec<u8>,
    /// The account that it opens.
    pub(crate) address: Address,
    secret: Secret,
}

/// The secret, expanded. These types wipe themselves.
enum Secret {
    MlDsa44(Box<SigningKey<MlDsa44>>),
    MlDsa65(Box<SigningKey<MlDsa65>>),
    MlDsa87(Box<SigningKey<MlDsa87>>),
    SlhDsa(Box<slh_dsa::PrivateKey>),
}

impl Signer {
    /// The key of a seed: `ML-DSA.KeyGen_internal` of FIPS 204 or `slh_keygen_internal` of FIPS
    /// 205. None if the scheme is one without keys here.
    pub(crate) fn of(seed: &Seed) -> Option<Signer> {
        let scheme = seed.scheme();
        let bytes = seed.secret_bytes();
        let (secret, public_key) = match scheme {
            Scheme::MlDsa44 => of_ml_dsa(bytes, Secret::MlDsa44)?,
            Scheme::MlDsa65 => of_ml_dsa(bytes, Secret::MlDsa65)?,
            Scheme::MlDsa87 => of_ml_dsa(bytes, Secret::MlDsa87)?,
            Scheme::SlhDsaSha2_128s => of_slh_dsa(bytes)?,
            _ => return None,
        };
        let address = Address::of_account(scheme.number(), &public_key);
        Some(Signer { scheme, public_key, address, secret })
    }

    /// Signs a message under a context. It is the deterministic variant of both standards: the
    /// same message has the same signature, so that what is sent twice is the same twice.
    ///
    /// # Panics
    ///
    /// If the context is longer than [`MAX_CONTEXT_BYTES`]: whoever takes one from outside checks.
    pub(crate) fn sign(&self, message: &[u8], context: &[u8]) -> Vec<u8> {
        let length = context.len();
        assert!(length <= MAX_CONTEXT_BYTES, "a context has at most 255 bytes, not {length}");
        let signature = match &self.secret {
            Secret::MlDsa44(key) => by_ml_dsa(key, message, context),
            Secret::MlDsa65(key) => by_ml_dsa(key, message, context),
            Secret::MlDsa87(key) => by_ml_dsa(key, message, context),
            Secret::SlhDsa(key) => {
                let signature = key.try_sign_with_rng(&mut NoRandomness, message, context, false);
                signature.ok().map(|signature| signature.to_vec())
            }
        };
        // ML-DSA tries again until a signature fits: that it never does has a chance of 2^-256.
        signature.expect("a context of this length can be signed")
    }
}

/// Without the secret.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.address).finish()
    }
}

fn of_ml_dsa<P: MlDsaParams>(
    seed: &[u8],
    secret: fn(Box<SigningKey<P>>) -> Secret,
) -> Option<(Secret, Vec<u8>)> {
    let seed: &[u8; 32] = seed.try_into().ok()?;
    let key = Box::new(SigningKey::<P>::from_seed(seed.into()));
    let public_key = key.expanded_key().verifying_key().encode().to_vec();
    Some((secret(key), public_key))
}

fn of_slh_dsa(seed: &[u8]) -> Option<(Secret, Vec<u8>)> {
    let (seed, []) = seed.as_chunks::<16>() else { return None };
    let [secret, prf, public] = seed else { return None };
    let (public_key, key) = slh_dsa::KG::keygen_from_seed(secret, prf, public);
    Some((Secret::SlhDsa(Box::new(key)), public_key.into_bytes().to_vec()))
}

fn by_ml_dsa<P: MlDsaParams>(
    key: &SigningKey<P>,
    message: &[u8],
    context: &[u8],
) -> Option<Vec<u8>> {
    let signature = key.expanded_key().sign_deterministic(message, context).ok()?;
    Some(signature.encode().to_vec())
}

/// What the deterministic variant asks for randomness, which it does not.
struct NoRandomness;

impl RngCore for NoRandomness {
    fn next_u32(&mut self) -> u32 {
        0
    }

    fn next_u64(&mut self) -> u64 {
        0
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), RngError> {
        Err(RngError::from(NonZeroU32::MIN))
    }
}

impl CryptoRng for NoRandomness {}
