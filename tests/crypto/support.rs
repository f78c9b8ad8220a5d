//! What the tests share: numbers that look random, samples of signatures, and the verifiers of
//! other libraries by scheme.

use dytallix::crypto::{Scheme, verify};
use fips204::traits::{KeyGen as _, SerDes as _, Signer as _, Verifier as _};

/// The schemes whose verifiers are always built.
pub(crate) const PURE: [Scheme; 4] =
    [Scheme::MlDsa44, Scheme::MlDsa65, Scheme::MlDsa87, Scheme::SlhDsaSha2_128s];

/// The schemes of FIPS 204.
pub(crate) const LATTICE: [Scheme; 3] = [Scheme::MlDsa44, Scheme::MlDsa65, Scheme::MlDsa87];

/// Numbers that look random and are the same in each run (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.next() as u8)
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }
}

/// A signature with all that it depends on.
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) scheme: Scheme,
    pub(crate) key: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) context: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Sample {
    /// What the library says.
    pub(crate) fn is_valid(&self) -> bool {
        verify(self.scheme, &self.key, &self.message, &self.context, &self.signature)
    }

    /// What the other library says, for lengths that its types allow.
    pub(crate) fn is_valid_by_oracle(&self) -> bool {
        oracle(self.scheme, &self.key, &self.message, &self.context, &self.signature)
            .expect("lengths of the scheme")
    }
}

/// Calls a macro with the module of `fips204` for a scheme.
macro_rules! with_fips204 {
    ($scheme:expr, $module:ident => $body:expr) => {
        match $scheme {
            Scheme::MlDsa44 => {
                use fips204::ml_dsa_44 as $module;
                $body
            }
            Scheme::MlDsa65 => {
                use fips204::ml_dsa_65 as $module;
                $body
            }
            Scheme::MlDsa87 => {
                use fips204::ml_dsa_87 as $module;
                $body
            }
            other => panic!("{} is not of FIPS 204", other.name()),
        }
    };
}

/// A key pair of ML-DSA from a seed, its secret half used to sign by `fips204`.
pub(crate) fn sign_by_fips204(
    scheme: Scheme,
    seed: [u8; 32],
    message: &[u8],
    context: &[u8],
    randomness: [u8; 32],
) -> Sample {
    let (key, signature) = with_fips204!(scheme, module => {
        let (key, secret) = module::KG::keygen_from_seed(&seed);
        let signature = secret.try_sign_with_seed(&randomness, message, context).expect("signs");
        (key.into_bytes().to_vec(), signature.to_vec())
    });
    Sample { scheme, key, message: message.into(), context: context.into(), signature }
}

/// The same by the pinned library.
pub(crate) fn sign_by_ml_dsa(
    scheme: Scheme,
    seed: [u8; 32],
    message: &[u8],
    context: &[u8],
) -> Sample {
    fn sign<P: ml_dsa::MlDsaParams>(
        seed: [u8; 32],
        message: &[u8],
        context: &[u8],
    ) -> (Vec<u8>, Vec<u8>) {
        use ml_dsa::Keypair;
        let secret = ml_dsa::SigningKey::<P>::from_seed(&seed.into());
        let signature = secret.expanded_key().sign_deterministic(message, context);
        let signature = signature.expect("signs").encode().to_vec();
        (secret.verifying_key().encode().to_vec(), signature)
    }
    let (key, signature) = match scheme {
        Scheme::MlDsa44 => sign::<ml_dsa::MlDsa44>(seed, message, context),
        Scheme::MlDsa65 => sign::<ml_dsa::MlDsa65>(seed, message, context),
        Scheme::MlDsa87 => sign::<ml_dsa::MlDsa87>(seed, message, context),
        other => panic!("{} is not of FIPS 204", other.name()),
    };
    Sample { scheme, key, message: message.into(), context: context.into(), signature }
}

/// A sample of SLH-DSA, signed by `slh-dsa`.
pub(crate) fn sign_by_slh_dsa(random: &mut Random, message: &[u8], context: &[u8]) -> Sample {
    use ::slh_dsa::signature::Keypair;
    let [secret, prf, public] = [random.array::<16>(), random.array(), random.array()];
    let key =
        ::slh_dsa::SigningKey::<::slh_dsa::Sha2_128s>::slh_keygen_internal(&secret, &prf, &public);
    let signature = key.try_sign_with_context(message, context, Some(&random.array::<16>()));
    Sample {
        scheme: Scheme::SlhDsaSha2_128s,
        key: key.verifying_key().to_bytes().to_vec(),
        message: message.into(),
        context: context.into(),
        signature: signature.expect("signs").to_bytes().to_vec(),
    }
}

/// One sample for each scheme of [`PURE`].
pub(crate) fn samples() -> Vec<Sample> {
    let mut random = Random(0x5a5a);
    let mut samples: Vec<_> = LATTICE
        .iter()
        .map(|&scheme| {
            let (message, context) = (random.bytes(33), random.bytes(7));
            sign_by_fips204(scheme, random.array(), &message, &context, random.array())
        })
        .collect();
    let (message, context) = (random.bytes(33), random.bytes(7));
    samples.push(sign_by_slh_dsa(&mut random, &message, &context));
    samples
}

/// What the other library says: `fips204` for ML-DSA, `slh-dsa` for SLH-DSA. Nothing where its
/// types do not take the lengths.
pub(crate) fn oracle(
    scheme: Scheme,
    key: &[u8],
    message: &[u8],
    context: &[u8],
    signature: &[u8],
) -> Option<bool> {
    if scheme == Scheme::SlhDsaSha2_128s {
        let key = ::slh_dsa::VerifyingKey::<::slh_dsa::Sha2_128s>::try_from(key).ok()?;
        let signature = ::slh_dsa::Signature::try_from(signature).ok()?;
        return Some(key.try_verify_with_context(message, context, &signature).is_ok());
    }
    with_fips204!(scheme, module => {
        let key = module::PublicKey::try_from_bytes(key.try_into().ok()?).ok()?;
        Some(key.verify(message, signature.try_into().ok()?, context))
    })
}
