//! Decoded public keys of those who sign often.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use core::fmt;

use super::mldsa::{MlDsa44, MlDsa65, MlDsa87};
use super::scheme::{Scheme, SignatureScheme, fits, verify};

/// Keeps decoded public keys of the lattice schemes: half of a check is the expansion of the key.
///
/// It answers as [`verify`] does, always: gas is that of a key seen for the first time. Keys are
/// compared in full. Only a key by which something verified is kept, so that garbage does not
/// push out what is used. Bounded: when half of it is new, what was not used since the half before
/// is forgotten. Nothing walks over it.
///
/// Memory for each key: 26 KiB for ML-DSA-44, 44 KiB for ML-DSA-65, 75 KiB for ML-DSA-87. The other
/// schemes have nothing to keep: SLH-DSA's keys are a seed and a hash, and the C code of Dilithium3
/// takes bytes.
pub struct KeyCache {
    ml_dsa_44: Keys<MlDsa44>,
    ml_dsa_65: Keys<MlDsa65>,
    ml_dsa_87: Keys<MlDsa87>,
}

impl KeyCache {
    /// Keys of each parameter set that a cache keeps if nobody says otherwise: at most 37 MiB.
    pub const DEFAULT_KEYS: u32 = 256;

    /// A cache of at most `keys` public keys of each parameter set, rounded down to an even number.
    #[must_use]
    pub fn new(keys: u32) -> KeyCache {
        KeyCache {
            ml_dsa_44: Keys::new(keys),
            ml_dsa_65: Keys::new(keys),
            ml_dsa_87: Keys::new(keys),
        }
    }

    /// What [`verify`] says, sooner where the key is known.
    pub fn verify(
        &mut self,
        scheme: Scheme,
        public_key: &[u8],
        message: &[u8],
        context: &[u8],
        signature: &[u8],
    ) -> bool {
        let (m, c, s) = (message, context, signature);
        match scheme {
            Scheme::MlDsa44 => self.ml_dsa_44.verify(public_key, m, c, s),
            Scheme::MlDsa65 => self.ml_dsa_65.verify(public_key, m, c, s),
            Scheme::MlDsa87 => self.ml_dsa_87.verify(public_key, m, c, s),
            Scheme::Dilithium3 | Scheme::SlhDsaSha2_128s => verify(scheme, public_key, m, c, s),
        }
    }

    /// Keys that are kept.
    #[must_use]
    pub fn len(&self) -> u32 {
        let lengths = [self.ml_dsa_44.len(), self.ml_dsa_65.len(), self.ml_dsa_87.len()];
        lengths.iter().map(|&length| length as u32).sum()
    }

    /// Whether no key is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for KeyCache {
    fn default() -> KeyCache {
        KeyCache::new(KeyCache::DEFAULT_KEYS)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("keys", &self.len()).finish()
    }
}

/// Decoded keys of one scheme, by their bytes, in two generations.
struct Keys<S: SignatureScheme> {
    /// Keys that a generation may have.
    capacity: usize,
    /// Used since the generation began.
    young: BTreeMap<Box<[u8]>, S::Key>,
    /// Used in the generation before, and not since.
    old: BTreeMap<Box<[u8]>, S::Key>,
}

impl<S: SignatureScheme> Keys<S> {
    fn new(keys: u32) -> Keys<S> {
        Keys { capacity: keys as usize / 2, young: BTreeMap::new(), old: BTreeMap::new() }
    }

    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    fn verify(
        &mut self,
        public_key: &[u8],
        message: &[u8],
        context: &[u8],
        signature: &[u8],
    ) -> bool {
        if !fits::<S>(public_key, context, signature) {
            return false;
        }
        if let Some(key) = self.young.get(public_key) {
            return S::verify(key, message, context, signature);
        }
        let known = self.old.remove_entry(public_key);
        let (bytes, key) = match known {
            Some((bytes, key)) => (Some(bytes), key),
            None => match S::decode(public_key) {
                Some(key) => (None, key),
                None => return false,
            },
        };
        let is_valid = S::verify(&key, message, context, signature);
        if is_valid || bytes.is_some() {
            self.keep(bytes.unwrap_or_else(|| public_key.into()), key);
        }
        is_valid
    }

    /// Keeps a key that is in neither generation.
    fn keep(&mut self, bytes: Box<[u8]>, key: S::Key) {
        if self.capacity == 0 {
            return;
        }
        if self.young.len() == self.capacity {
            self.old = core::mem::take(&mut self.young);
        }
        self.young.insert(bytes, key);
    }
}
