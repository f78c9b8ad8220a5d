//! The options of commands that use keys.

use std::path::PathBuf;

use clap::Args;

use super::passphrase::{self, Passphrase, Purpose};
use super::{Kdf, Keystore, Signer};
use crate::exit::Exit;
use crate::failure::Failure;

/// Which folder.
#[derive(Args, Debug)]
pub(crate) struct KeystoreArgs {
    /// The folder of the keys. The default is that which the environment variable
    /// DYTALLIX_KEYSTORE names, else ~/.dytallix/keys.
    #[arg(long, value_name = "DIR")]
    keystore: Option<PathBuf>,
}

impl KeystoreArgs {
    /// The keys of the folder.
    pub(crate) fn open(&self) -> Result<Keystore, Failure> {
        match &self.keystore {
            Some(folder) => Keystore::open(folder),
            None => Keystore::open(Keystore::default_folder()?),
        }
    }
}

/// Where the passphrase is.
#[derive(Args, Debug)]
pub(crate) struct PassphraseArgs {
    /// A file with the passphrase. Without it the passphrase is that of the environment variable
    /// DYTALLIX_PASSPHRASE, else it is asked for on the terminal.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseArgs {
    /// The passphrase that opens a key.
    pub(crate) fn to_open(&self, name: &str) -> Result<Passphrase, Failure> {
        self.find(name, Purpose::Open)
    }

    /// The passphrase for a new key.
    pub(crate) fn to_close(&self, name: &str) -> Result<Passphrase, Failure> {
        self.find(name, Purpose::Close)
    }

    fn find(&self, name: &str, purpose: Purpose) -> Result<Passphrase, Failure> {
        let (file, variable) = (self.passphrase_file.as_deref(), passphrase::of_environment());
        Passphrase::find(file, variable, (name, purpose), &mut passphrase::of_terminal)
    }
}

/// Folder and passphrase, for commands that sign.
#[derive(Args, Debug)]
pub(crate) struct SignerArgs {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArgs,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

impl SignerArgs {
    /// The key of that name, open. A key that is missing or damaged is told before anybody is
    /// asked for its passphrase.
    pub(crate) fn signer(&self, name: &str) -> Result<Signer, Failure> {
        let keystore = self.keystore.open()?;
        keystore.read(name)?;
        keystore.load(name, &self.passphrase.to_open(name)?)
    }
}

/// What Argon2id spends. Hidden: whoever needs no strong passphrase for their keys, as tests do,
/// need not wait.
#[derive(Args, Debug)]
pub(crate) struct KdfArgs {
    /// Memory of Argon2id, in KiB.
    #[arg(long, value_name = "KIB", hide = true)]
    kdf_memory: Option<u64>,
    /// Passes of Argon2id over its memory.
    #[arg(long, value_name = "N", hide = true)]
    kdf_iterations: Option<u64>,
}

impl KdfArgs {
    /// The parameters, if they are within bounds.
    pub(crate) fn kdf(&self) -> Result<Kdf, Failure> {
        let memory = self.kdf_memory.unwrap_or(Kdf::DEFAULT.memory_kib.into());
        let iterations = self.kdf_iterations.unwrap_or(Kdf::DEFAULT.iterations.into());
        Kdf::new(memory, iterations, Kdf::DEFAULT.lanes.into()).map_err(|why| {
            Failure::new(Exit::Usage, why).way_out("the default, which is right for most")
        })
    }
}
