//! `dytallix keys show`: what is known of a key, and its seed to whoever has the passphrase.

use clap::Args;

use super::document;
use crate::bytes::hex;
use crate::failure::Failure;
use crate::keystore::SignerArgs;
use crate::report::{Report, facts};

/// Shows a key: its address and its public key, and with --secret its seed.
///
/// Without --secret no passphrase is needed; the file is then taken at its word, but for the
/// address, which is always that of the scheme and the public key.
#[derive(Args, Debug)]
pub(super) struct Show {
    /// Name of the key.
    name: String,
    /// Show the seed too, after the passphrase: whoever sees it has the key.
    #[arg(long)]
    secret: bool,
    #[command(flatten)]
    signer: SignerArgs,
    /// Print one JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

impl Show {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let keystore = self.signer.keystore.open()?;
        let key = keystore.read(&self.name)?;
        let file = keystore.path(&self.name).display().to_string();
        let kdf = key.kdf();
        let cost = format!(
            "argon2id, memory {} KiB, iterations {}, lanes {}",
            kdf["memory_kib"], kdf["iterations"], kdf["lanes"]
        );
        let mut lines = vec![
            ("name", key.name.clone()),
            ("scheme", key.scheme.name().to_owned()),
            ("address", key.address().to_string()),
            ("public key", hex(&key.public_key)),
            ("passphrase", cost),
            ("file", file.clone()),
        ];
        let mut json =
            document("dytallix.keys-show/1", &key, [("file", file.into()), ("kdf", kdf)]);
        if self.secret {
            let (seed, _) = key.unlock(&self.signer.passphrase.to_open(&self.name)?)?;
            // It is about to be on the screen: wiping what is printed would hide nothing.
            let seed = hex(seed.secret_bytes());
            json["seed"] = seed.clone().into();
            lines.push(("seed", seed));
        }
        Ok(Report { text: facts(&lines), json })
    }
}
