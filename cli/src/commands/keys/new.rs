//! `dytallix keys new`: a key of new randomness.

use clap::Args;
use dytallix::crypto::Scheme;

use super::added;
use crate::failure::Failure;
use crate::keystore::{KdfArgs, KeystoreArgs, PassphraseArgs, Seed, scheme_values};
use crate::report::Report;

/// Makes a key of new randomness.
#[derive(Args, Debug)]
pub(super) struct New {
    /// Name of the key: letters from a to z, digits, - and _.
    name: String,
    /// Signature scheme of the key.
    #[arg(long, default_value = "ml-dsa-65", value_parser = scheme_values())]
    scheme: Scheme,
    #[command(flatten)]
    keystore: KeystoreArgs,
    #[command(flatten)]
    passphrase: PassphraseArgs,
    #[command(flatten)]
    kdf: KdfArgs,
    /// Print one JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

impl New {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let keystore = self.keystore.open()?;
        keystore.check_free(&self.name)?;
        let kdf = self.kdf.kdf()?;
        let passphrase = self.passphrase.to_close(&self.name)?;
        let seed = Seed::generate(self.scheme)?;
        let key = keystore.add(&self.name, &seed, &passphrase, kdf)?;
        Ok(added("made", "dytallix.keys-new/1", &key, &keystore))
    }
}
