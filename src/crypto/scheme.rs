//! The signature schemes of transactions and of `pqc_verify`, by number.

use super::dilithium::Dilithium3;
use super::mldsa::{MlDsa44, MlDsa65, MlDsa87};
use super::slhdsa::SlhDsaSha2_128s;

/// The longest context that a scheme with contexts takes, in bytes (FIPS 204 and 205).
pub const MAX_CONTEXT_BYTES: usize = 255;

/// A signature scheme. The numbers are part of transactions and of the contract ABI.
///
/// Which of them a chain admits is chain state. A chain must not admit one that a node has not:
/// whoever builds a runtime asks [`Scheme::is_available`] for each scheme that is admitted, and
/// refuses to start otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Scheme {
    /// Dilithium3 as the package `pqcrypto-dilithium` has it, which is ML-DSA-65 of the draft of
    /// FIPS 204 from August 2023 without a context. Needs the feature `dilithium3`.
    Dilithium3 = 1,
    /// ML-DSA-65 (FIPS 204), the default of accounts.
    MlDsa65 = 2,
    /// ML-DSA-87 (FIPS 204).
    MlDsa87 = 3,
    /// ML-DSA-44 (FIPS 204).
    MlDsa44 = 4,
    /// SLH-DSA-SHA2-128s (FIPS 205), pure.
    SlhDsaSha2_128s = 5,
}

/// What a scheme has to offer: the one seam between the library and whoever checks signatures.
///
/// Lengths are checked before: see [`fits`].
pub(super) trait SignatureScheme {
    /// Name, as its standard writes it.
    const NAME: &'static str;
    /// Length of a public key.
    const PUBLIC_KEY_BYTES: usize;
    /// Length of a signature: the only one, for each scheme here.
    const SIGNATURE_BYTES: usize;
    /// Whether a context can be signed along with the message.
    const TAKES_CONTEXT: bool;
    /// Whether the verifier is part of this build.
    const IS_AVAILABLE: bool;

    /// A public key, decoded and with all that does not depend on the signature computed.
    type Key;

    /// Decodes a public key. Nothing if it is none.
    fn decode(public_key: &[u8]) -> Option<Self::Key>;

    /// Whether this is a signature of the message by the key.
    fn verify(key: &Self::Key, message: &[u8], context: &[u8], signature: &[u8]) -> bool;
}

/// Evaluates an expression with the type that implements a scheme.
macro_rules! with_scheme {
    ($scheme:expr, $S:ident => $body:expr) => {
        match $scheme {
            Scheme::Dilithium3 => {
                type $S = Dilithium3;
                $body
            }
            Scheme::MlDsa65 => {
                type $S = MlDsa65;
                $body
            }
            Scheme::MlDsa87 => {
                type $S = MlDsa87;
                $body
            }
            Scheme::MlDsa44 => {
                type $S = MlDsa44;
                $body
            }
            Scheme::SlhDsaSha2_128s => {
                type $S = SlhDsaSha2_128s;
                $body
            }
        }
    };
}

impl Scheme {
    /// Every scheme, in order of number.
    pub const ALL: [Scheme; 5] = [
        Scheme::Dilithium3,
        Scheme::MlDsa65,
        Scheme::MlDsa87,
        Scheme::MlDsa44,
        Scheme::SlhDsaSha2_128s,
    ];

    /// The number in transactions and in the contract ABI.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The scheme with a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Scheme> {
        Scheme::ALL.into_iter().find(|scheme| scheme.number() == number)
    }

    /// Name, as its standard writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        with_scheme!(self, S => <S as SignatureScheme>::NAME)
    }

    /// Length of a public key, in bytes.
    #[must_use]
    pub const fn public_key_bytes(self) -> usize {
        with_scheme!(self, S => <S as SignatureScheme>::PUBLIC_KEY_BYTES)
    }

    /// Length of a signature, in bytes.
    #[must_use]
    pub const fn signature_bytes(self) -> usize {
        with_scheme!(self, S => <S as SignatureScheme>::SIGNATURE_BYTES)
    }

    /// Whether a context of up to [`MAX_CONTEXT_BYTES`] can be signed along with the message. Where
    /// not, a context that is not empty makes every signature wrong.
    #[must_use]
    pub const fn takes_context(self) -> bool {
        with_scheme!(self, S => <S as SignatureScheme>::TAKES_CONTEXT)
    }

    /// Whether the verifier is part of this build. Where not, every signature is wrong, so that
    /// such a build must not run a chain that admits the scheme.
    #[must_use]
    pub const fn is_available(self) -> bool {
        with_scheme!(self, S => <S as SignatureScheme>::IS_AVAILABLE)
    }
}

/// Whether the lengths are those of the scheme.
pub(super) fn fits<S: SignatureScheme>(
    public_key: &[u8],
    context: &[u8],
    signature: &[u8],
) -> bool {
    let longest = if S::TAKES_CONTEXT { MAX_CONTEXT_BYTES } else { 0 };
    public_key.len() == S::PUBLIC_KEY_BYTES
        && signature.len() == S::SIGNATURE_BYTES
        && context.len() <= longest
}

/// Whether `signature` is one of `message` with `context` by `public_key`.
///
/// Anything else is `false`: wrong lengths, a context that the scheme does not take, an encoding
/// that is not the only one, a scheme that is not part of the build.
#[must_use]
pub fn verify(
    scheme: Scheme,
    public_key: &[u8],
    message: &[u8],
    context: &[u8],
    signature: &[u8],
) -> bool {
    with_scheme!(scheme, S => verify_cold::<S>(public_key, message, context, signature))
}

/// Decodes the key and verifies.
fn verify_cold<S: SignatureScheme>(
    public_key: &[u8],
    message: &[u8],
    context: &[u8],
    signature: &[u8],
) -> bool {
    fits::<S>(public_key, context, signature)
        && S::decode(public_key).is_some_and(|key| S::verify(&key, message, context, signature))
}
