//! Keys that sign, each in a file of its own that only a passphrase opens.
//!
//! ```text
//!  args ──► Keystore ──► KeyFile ──► Signer        a command that signs goes this way:
//!           a folder     one file    a key         `SignerArgs::signer(name)`
//!              │            │           │
//!             disk         seal       scheme       modes and atomic writes · KDF and cipher · keys
//! ```
//!
//! The format, and what it protects against, is in `docs/keystore.md`.

mod args;
mod disk;
mod file;
mod passphrase;
mod scheme;
mod seal;
mod signer;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use dytallix::crypto::Scheme;
use zeroize::Zeroizing;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::plain;

pub(crate) use args::{KdfArgs, KeystoreArgs, PassphraseArgs, SignerArgs};
pub(crate) use file::KeyFile;
pub(crate) use passphrase::Passphrase;
pub(crate) use scheme::{Seed, label, scheme_values};
pub(crate) use seal::Kdf;
pub(crate) use signer::Signer;

/// Names the folder of keys, where the command line does not.
pub(crate) const VARIABLE: &str = "DYTALLIX_KEYSTORE";

/// How the name of a key's file ends.
const ENDING: &str = ".json";

/// A seed is at most 98 characters; what is around it may be a few more.
const LONGEST_SEED_TEXT: usize = 256;

/// The longest name of a key, in bytes.
const LONGEST_NAME: usize = 64;

/// A folder of keys.
#[derive(Debug)]
pub(crate) struct Keystore {
    folder: PathBuf,
}

/// What is in a folder of keys.
#[derive(Debug)]
pub(crate) struct Listing {
    /// The keys, in order of their names.
    pub(crate) keys: Vec<KeyFile>,
    /// Files that have the name of a key and are none, with the reason.
    pub(crate) damaged: Vec<(PathBuf, Failure)>,
}

impl Keystore {
    /// The keys of a folder, which need not be there yet: the first key makes it.
    ///
    /// # Errors
    ///
    /// If something else than a folder is there.
    pub(crate) fn open(folder: impl Into<PathBuf>) -> Result<Keystore, Failure> {
        let folder = folder.into();
        if folder.exists() && !folder.is_dir() {
            let cause = format!("{} is no folder", folder.display());
            return Err(Failure::new(Exit::Usage, cause).way_out("another --keystore"));
        }
        Ok(Keystore { folder })
    }

    /// The folder that is used where none is named.
    pub(crate) fn default_folder() -> Result<PathBuf, Failure> {
        if let Some(folder) = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty()) {
            return Ok(folder.into());
        }
        let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
        home.map(|home| home.join(".dytallix").join("keys")).ok_or_else(|| {
            Failure::new(Exit::Usage, "there is no home folder to keep keys in")
                .way_out(format!("--keystore DIR, or the environment variable {VARIABLE}"))
        })
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a key.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{ENDING}"))
    }

    /// Checks that a key could have this name: it is possible, and no file has it.
    ///
    /// # Errors
    ///
    /// If it is no name, or is taken.
    pub(crate) fn check_free(&self, name: &str) -> Result<(), Failure> {
        check_name(name)?;
        match self.path(name).symlink_metadata() {
            Ok(_) => Err(self.taken(name)),
            Err(_) => Ok(()),
        }
    }

    /// Adds a key. What has its name already stays as it is.
    ///
    /// # Errors
    ///
    /// If the name is none or taken, or the file cannot be written.
    pub(crate) fn add(
        &self,
        name: &str,
        seed: &Seed,
        passphrase: &Passphrase,
        kdf: Kdf,
    ) -> Result<KeyFile, Failure> {
        self.check_free(name)?;
        let key = KeyFile::seal(name, seed, passphrase, kdf)?;
        let path = self.path(name);
        match disk::write_new(&path, key.to_json().as_bytes()) {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(self.taken(name))
            }
            Err(error) => {
                let cause = format!("cannot write {}: {error}", path.display());
                Err(Failure::new(Exit::Failed, cause).way_out(
                    "check the path, its permissions, the space that is left, and that the file \
                     system has hard links",
                ))
            }
        }
    }

    /// What the file of a key says without its passphrase.
    ///
    /// # Errors
    ///
    /// If there is no such key, or its file is damaged or of another version.
    pub(crate) fn read(&self, name: &str) -> Result<KeyFile, Failure> {
        check_name(name)?;
        let path = self.path(name);
        match disk::read(&path) {
            Ok(bytes) => KeyFile::from_json(name, &bytes).map_err(|flaw| flaw.failure(&path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let folder = self.folder.display();
                let cause = format!("there is no key \"{name}\" in {folder}");
                Err(failure("missing", cause).way_out("dytallix keys list, or another --keystore"))
            }
            Err(error) => {
                let cause = format!("cannot read {}: {error}", path.display());
                let failure = Failure::new(Exit::Failed, cause);
                Err(failure.way_out("check the path and its permissions"))
            }
        }
    }

    /// The key that a passphrase opens.
    ///
    /// # Errors
    ///
    /// As [`Keystore::read`], or if the passphrase is another or the file was altered.
    pub(crate) fn load(&self, name: &str, passphrase: &Passphrase) -> Result<Signer, Failure> {
        Ok(self.read(name)?.unlock(passphrase)?.1)
    }

    /// All keys, and the files that should be some.
    ///
    /// # Errors
    ///
    /// If the folder is there and cannot be read.
    pub(crate) fn list(&self) -> Result<Listing, Failure> {
        let mut listing = Listing { keys: Vec::new(), damaged: Vec::new() };
        let files = disk::names(&self.folder, ENDING).map_err(|error| {
            let cause = format!("cannot read {}: {error}", self.folder.display());
            Failure::new(Exit::Failed, cause).way_out("check the path and its permissions")
        })?;
        for file in files {
            match self.read(&file) {
                Ok(key) => listing.keys.push(key),
                Err(failure) => listing.damaged.push((self.path(&file), failure)),
            }
        }
        Ok(listing)
    }

    fn taken(&self, name: &str) -> Failure {
        let cause = format!("there is a key \"{name}\" in {} already", self.folder.display());
        failure("taken", cause).way_out("another name: nothing is ever overwritten")
    }
}

/// A failure of the kind `key`, with its class for programs.
fn failure(class: &str, cause: String) -> Failure {
    Failure::new(Exit::Key, cause).fact("class", class)
}

/// Checks the name of a key. It is part of the name of a file, on systems that tell capitals from
/// small letters and on such that do not.
fn check_name(name: &str) -> Result<(), Failure> {
    let is_possible =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let rule = if name.is_empty() || name.len() > LONGEST_NAME {
        "a name has between 1 and 64 letters"
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        "a name begins with a letter from a to z or a digit"
    } else if !name.chars().all(is_possible) {
        "a name has letters from a to z, digits, - and _"
    } else {
        return Ok(());
    };
    let cause = format!("\"{}\" is no name for a key: {rule}", plain(name));
    Err(Failure::new(Exit::Usage, cause).way_out("another name, such as alice"))
}

/// Reads a seed from a file, else from the standard input; a terminal does not show it.
///
/// # Errors
///
/// If it cannot be read or is none of the scheme.
pub(crate) fn read_seed(scheme: Scheme, file: Option<&Path>) -> Result<Seed, Failure> {
    let stdin = || Path::new("the standard input");
    let text = match file {
        Some(path) => std::fs::File::open(path)
            .and_then(|file| passphrase::read_secret(file, LONGEST_SEED_TEXT))
            .map_err(|error| passphrase::cannot_read(path, &error))?,
        None if std::io::stdin().is_terminal() => passphrase::of_terminal("Seed: ")
            .map(|text| Zeroizing::new(text.into_bytes()))
            .map_err(|error| passphrase::cannot_read(stdin(), &error))?,
        None => passphrase::read_secret(std::io::stdin().lock(), LONGEST_SEED_TEXT)
            .map_err(|error| passphrase::cannot_read(stdin(), &error))?,
    };
    Seed::parse(scheme, &text)
}

#[cfg(test)]
mod tests;
