//! `dytallix keys import`: a key of a seed that is there already.

use std::path::PathBuf;

use clap::Args;
use dytallix::crypto::Scheme;

use super::added;
use crate::failure::Failure;
use crate::keystore::{KdfArgs, KeystoreArgs, PassphraseArgs, read_seed, scheme_values};
use crate::report::Report;

/// Makes a key of a seed, which is read from a file or from the standard input.
///
/// A seed is 32 bytes, and 48 for SLH-DSA-SHA2-128s, written in hexadecimal as `keys show --secret`
/// prints it. The same seed is the same key wherever the standards are followed: it is ξ of FIPS
/// 204, or SK.seed, SK.prf and PK.seed of FIPS 205 behind each other.
#[derive(Args, Debug)]
pub(super) struct Import {
    /// Name of the key: letters from a to z, digits, - and _.
    name: String,
    /// A file with the seed. Without it the seed is read from the standard input, or asked for
    /// where that is a terminal.
    #[arg(long, value_name = "FILE")]
    seed_file: Option<PathBuf>,
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

impl Import {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let keystore = self.keystore.open()?;
        keystore.check_free(&self.name)?;
        let kdf = self.kdf.kdf()?;
        let seed = read_seed(self.scheme, self.seed_file.as_deref())?;
        let passphrase = self.passphrase.to_close(&self.name)?;
        let key = keystore.add(&self.name, &seed, &passphrase, kdf)?;
        Ok(added("imported", "dytallix.keys-import/1", &key, &keystore))
    }
}
