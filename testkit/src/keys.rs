//! [`Key`]: keys that sign, for contracts that check signatures.

use std::fmt;

use dytallix::crypto::{Scheme, sha3_256, verify};
use dytallix_abi::{Address, Bytes};
use ml_dsa::{MlDsa65, SigningKey};

use crate::accounts;

/// An ML-DSA-65 key (FIPS 204) that is the same for the same name, and whose signatures are the
/// same in every run. It is for tests: whoever knows the name has the key.
///
/// ```
/// use dytallix_testkit::Key;
///
/// let key = Key::new("holder");
/// let signature = key.sign(b"a message", b"a context");
/// assert!(key.verifies(b"a message", b"a context", &signature));
/// assert!(!key.verifies(b"a message", b"another", &signature));
/// ```
#[derive(Clone)]
pub struct Key {
    name: String,
    secret: Box<SigningKey<MlDsa65>>,
    public: Bytes,
}

impl Key {
    /// The key of this name.
    #[must_use]
    pub fn new(name: &str) -> Key {
        let seed = sha3_256(&[b"dytallix/testkit/key/", name.as_bytes()].concat());
        let secret = Box::new(SigningKey::from_seed(&seed.into()));
        let public = secret.expanded_key().verifying_key().encode();
        let public = Bytes::from(public.as_slice());
        let key = Key { name: name.to_owned(), secret, public };
        accounts::remember(key.account(), format!("{name}'s key"));
        key
    }

    /// The number of its scheme, as contracts and addresses have it.
    pub const SCHEME: u8 = Scheme::MlDsa65 as u8;

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account that it opens. Unlike that of [`Suite::account`](crate::Suite::account), it has
    /// no balance until it is dealt one.
    #[must_use]
    pub fn account(&self) -> Address {
        dytallix::Address::of_account(Key::SCHEME, &self.public).into()
    }

    /// The public key, 1,952 bytes.
    #[must_use]
    pub fn public(&self) -> Bytes {
        self.public.clone()
    }

    /// Signs a message under a context; the signature has 3,309 bytes.
    ///
    /// # Panics
    ///
    /// If the context is longer than 255 bytes.
    #[must_use]
    #[track_caller]
    pub fn sign(&self, message: &[u8], context: &[u8]) -> Bytes {
        match self.secret.expanded_key().sign_deterministic(message, context) {
            Ok(signature) => Bytes::from(signature.encode().as_slice()),
            Err(_) => panic!("a context has at most 255 bytes, this one has {}", context.len()),
        }
    }

    /// Whether a signature is one of this key, as the chain checks it.
    #[must_use]
    pub fn verifies(&self, message: &[u8], context: &[u8], signature: &[u8]) -> bool {
        verify(Scheme::MlDsa65, &self.public, message, context, signature)
    }
}

/// By its name.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_name_are_one_key() {
        let (one, same, other) = (Key::new("one"), Key::new("one"), Key::new("other"));
        assert_eq!((one.public(), one.account()), (same.public(), same.account()));
        assert_eq!(one.sign(b"m", b"c"), same.sign(b"m", b"c"));
        assert_ne!(one.account(), other.account());
        assert_eq!((one.public().len(), one.sign(b"m", b"").len()), (1_952, 3_309));
        assert_eq!(accounts::shown(&one.account()), "one's key");
        assert_eq!((format!("{one:?}"), one.name()), ("Key(\"one\")".into(), "one"));
    }

    #[test]
    fn the_chain_accepts_what_a_key_signs_and_nothing_else() {
        let (key, other) = (Key::new("one"), Key::new("other"));
        let signature = key.sign(b"message", b"context");
        assert!(key.verifies(b"message", b"context", &signature));
        assert!(!key.verifies(b"massage", b"context", &signature));
        assert!(!key.verifies(b"message", b"", &signature));
        assert!(!other.verifies(b"message", b"context", &signature));
        assert!(!key.verifies(b"message", b"context", &signature[1..]));
    }

    #[test]
    fn a_context_that_is_too_long_is_told() {
        let sign = || Key::new("one").sign(b"m", &[0; 256]);
        let panic = std::panic::catch_unwind(sign).expect_err("it is too long");
        let message = panic.downcast::<String>().expect("a message");
        assert_eq!(*message, "a context has at most 255 bytes, this one has 256");
    }
}
