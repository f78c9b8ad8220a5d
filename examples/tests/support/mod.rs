//! What tests of the built modules share: where the modules are, and keys that sign.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use dytallix_testkit::Address;
use dytallix_testkit::sdk::{Bytes, CallError, CallStatus, Scheme, SdkError};
use fips204::ml_dsa_65::{KG, PrivateKey};
use fips204::traits::{KeyGen, SerDes, Signer};

/// The built module of a contract: the checked-in one, or that in the folder that
/// `DYTALLIX_CONTRACTS` names.
pub fn module(name: &str) -> PathBuf {
    let built = std::env::var_os("DYTALLIX_CONTRACTS").map(PathBuf::from);
    let checked_in = || Path::new(env!("CARGO_MANIFEST_DIR")).join("wasm");
    built.unwrap_or_else(checked_in).join(format!("{name}.wasm"))
}

/// Its bytes.
pub fn code(name: &str) -> Vec<u8> {
    let path = module(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// An ML-DSA-65 key, which is the same for the same number.
#[derive(Clone)]
pub struct Key {
    /// The account that it opens.
    pub account: Address,
    /// The public key.
    pub public: Bytes,
    secret: PrivateKey,
}

impl Key {
    pub fn new(number: u8) -> Key {
        let (public, secret) = KG::keygen_from_seed(&[number; 32]);
        let public = public.into_bytes();
        let account = dytallix::Address::of_account(Scheme::MlDsa65 as u8, &public).into();
        Key { account, public: public.to_vec().into(), secret }
    }

    /// Signs a message under a context; always in the same way.
    pub fn sign(&self, message: &[u8], context: &[u8]) -> Bytes {
        let signature = self.secret.try_sign_with_seed(&[0; 32], message, context);
        signature.expect("a context of at most 255 bytes").to_vec().into()
    }
}

/// What a call inside of a call failed with, which its caller passed on.
///
/// # Panics
///
/// If the call did not fail so.
pub fn failed<T: Debug>(result: Result<T, CallError>) -> CallError {
    let error = result.expect_err("a call that fails");
    match error.data.split_first_chunk::<5>() {
        Some(([code, status @ ..], data)) if *code == SdkError::CallFailed.code() => {
            let status = CallStatus::from_code(i32::from_le_bytes(*status));
            CallError::new(status.expect("a status"), data.to_vec())
        }
        _ => panic!("{error:?}"),
    }
}
