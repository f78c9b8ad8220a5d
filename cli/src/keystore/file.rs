//! The file of a key: what it says openly, and the seed that it seals.

use std::path::Path;

use dytallix::Address;
use dytallix::crypto::Scheme;
use serde_json::{Map, Value as Json, json};

use super::failure;
use super::passphrase::Passphrase;
use super::scheme::{self, Seed, fill_with_randomness, label, seed_bytes};
use super::seal::{Kdf, NONCE_BYTES, SALT_BYTES, Seal, TAG_BYTES};
use super::signer::Signer;
use crate::bytes::{hex, parse_hex};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::plain;

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Names of the two algorithms, as version 1 has them.
const KDF: &str = "argon2id";
const CIPHER: &str = "xchacha20-poly1305";

/// What stands before a header where it is authenticated, so that it is nothing else.
const DOMAIN: &[u8] = b"dytallix/keystore";

/// A key as its file has it: open to all but for the seed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeyFile {
    /// Its name.
    pub(crate) name: String,
    /// Its scheme.
    pub(crate) scheme: Scheme,
    /// Its public key, as its standard encodes it.
    pub(crate) public_key: Vec<u8>,
    seal: Seal,
    /// The sealed seed.
    ciphertext: Vec<u8>,
}

/// Why a file is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Flaw {
    /// It is no file of a key, or does not fit itself.
    Damaged(String),
    /// It may be whole, and asks for what we do not do.
    Refused(String),
}

impl Flaw {
    /// The failure for the file at a path.
    pub(super) fn failure(self, path: &Path) -> Failure {
        let (class, why, way_out) = match self {
            Flaw::Damaged(why) => ("damaged", why, "a copy of the file, or import the seed again"),
            Flaw::Refused(why) => ("refused", why, "the version of dytallix that made the file"),
        };
        let cause = format!("{} is no key that can be used: {why}", path.display());
        failure(class, cause).way_out(way_out)
    }
}

impl KeyFile {
    /// Seals a seed.
    pub(super) fn seal(
        name: &str,
        seed: &Seed,
        passphrase: &Passphrase,
        kdf: Kdf,
    ) -> Result<KeyFile, Failure> {
        let signer = Signer::of(seed).ok_or_else(|| {
            let cause = format!("there are no keys of {} here", seed.scheme().name());
            Failure::new(Exit::Usage, cause).way_out("another --scheme")
        })?;
        KeyFile::seal_as(name, &signer, seed, passphrase, kdf)
    }

    /// Seals a seed under what a key says openly.
    pub(super) fn seal_as(
        name: &str,
        signer: &Signer,
        seed: &Seed,
        passphrase: &Passphrase,
        kdf: Kdf,
    ) -> Result<KeyFile, Failure> {
        let mut seal = Seal { kdf, salt: [0; SALT_BYTES], nonce: [0; NONCE_BYTES] };
        fill_with_randomness(&mut seal.salt)?;
        fill_with_randomness(&mut seal.nonce)?;
        let mut key = KeyFile {
            name: name.to_owned(),
            scheme: signer.scheme,
            public_key: signer.public_key.clone(),
            seal,
            ciphertext: Vec::new(),
        };
        key.ciphertext = key.seal.close(passphrase, &key.header(), seed.secret_bytes())?;
        Ok(key)
    }

    /// The seed, and the key of it, which is that of the file.
    ///
    /// # Errors
    ///
    /// If the passphrase is another, or the file was altered.
    pub(crate) fn unlock(&self, passphrase: &Passphrase) -> Result<(Seed, Signer), Failure> {
        let opened = self.seal.open(passphrase, &self.header(), &self.ciphertext)?;
        let bytes = opened.ok_or_else(|| {
            let name = &self.name;
            let cause = format!("the passphrase does not open the key \"{name}\"");
            failure("locked", cause)
                .note("or", "its file was altered: the two look the same")
                .way_out("the passphrase that it was made with, or a copy of the file")
        })?;
        let opened = Seed::new(self.scheme, bytes)
            .and_then(|seed| Signer::of(&seed).map(|signer| (seed, signer)))
            .filter(|(_, signer)| signer.public_key == self.public_key);
        opened.ok_or_else(|| {
            let cause =
                format!("the seed of the key \"{}\" is not that of its public key", self.name);
            failure("damaged", cause).way_out("a copy of the file, or import the seed again")
        })
    }

    /// The account that the key opens.
    pub(crate) fn address(&self) -> Address {
        Address::of_account(self.scheme.number(), &self.public_key)
    }

    /// What a guess of the passphrase costs.
    pub(crate) fn kdf(&self) -> Json {
        let Kdf { memory_kib, iterations, lanes } = self.seal.kdf;
        json!({ "name": KDF, "memory_kib": memory_kib, "iterations": iterations, "lanes": lanes })
    }

    /// What is authenticated: all that the file says but the ciphertext, in this one form whatever
    /// the spelling of the file. Each part is its length (4 bytes, little-endian) and its bytes.
    fn header(&self) -> Vec<u8> {
        let Kdf { memory_kib, iterations, lanes } = self.seal.kdf;
        let [version, memory_kib, iterations, lanes] =
            [VERSION, memory_kib, iterations, lanes].map(u32::to_le_bytes);
        let address = self.address().to_string();
        let parts: [&[u8]; 13] = [
            DOMAIN,
            &version,
            self.name.as_bytes(),
            label(self.scheme).as_bytes(),
            address.as_bytes(),
            &self.public_key,
            KDF.as_bytes(),
            &memory_kib,
            &iterations,
            &lanes,
            &self.seal.salt,
            CIPHER.as_bytes(),
            &self.seal.nonce,
        ];
        parts.iter().fold(Vec::new(), |mut header, part| {
            header.extend((part.len() as u32).to_le_bytes());
            header.extend(*part);
            header
        })
    }

    /// The text of the file.
    pub(super) fn to_json(&self) -> String {
        let mut kdf = self.kdf();
        kdf["salt"] = hex(&self.seal.salt).into();
        let document = json!({
            "version": VERSION,
            "name": self.name,
            "scheme": label(self.scheme),
            "address": self.address().to_string(),
            "public_key": hex(&self.public_key),
            "kdf": kdf,
            "cipher": {
                "name": CIPHER,
                "nonce": hex(&self.seal.nonce),
                "ciphertext": hex(&self.ciphertext),
            },
        });
        format!("{document:#}\n")
    }

    /// The key of that name out of the text of its file. All that can be checked without the
    /// passphrase is checked, so that an address that is shown is that of the public key.
    pub(super) fn from_json(name: &str, text: &[u8]) -> Result<KeyFile, Flaw> {
        let document = serde_json::from_slice::<Json>(text);
        let document = document.map_err(|error| damaged(format!("it is no JSON: {error}")))?;
        let key = Object::of(&document, "it")?;
        let version = key.number("version")?;
        if version != u64::from(VERSION) {
            return Err(Flaw::Refused(format!("it is of version {version}, not {VERSION}")));
        }
        key.has_only(&["version", "name", "scheme", "address", "public_key", "kdf", "cipher"])?;
        let named = key.text("name")?;
        if named != name {
            return Err(damaged(format!("it is the key \"{}\" and not \"{name}\"", plain(named))));
        }
        let scheme = key.text("scheme")?;
        let scheme = scheme::parse(scheme)
            .ok_or_else(|| Flaw::Refused(format!("there is no scheme \"{}\"", plain(scheme))))?;
        let public_key = key.bytes("public_key", scheme.public_key_bytes())?;
        let (seal, ciphertext) = seal(&key, seed_bytes(scheme) + TAG_BYTES)?;
        let file = KeyFile { name: name.to_owned(), scheme, public_key, seal, ciphertext };
        if key.text("address")? != file.address().to_string() {
            return Err(damaged("its address is not that of its public key and scheme".to_owned()));
        }
        Ok(file)
    }
}

/// The members `kdf` and `cipher`.
fn seal(key: &Object<'_>, ciphertext_bytes: usize) -> Result<(Seal, Vec<u8>), Flaw> {
    let kdf = Object::of(key.member("kdf")?, "its kdf")?;
    kdf.is_named(KDF)?;
    kdf.has_only(&["name", "memory_kib", "iterations", "lanes", "salt"])?;
    let [memory, iterations, lanes] =
        [kdf.number("memory_kib")?, kdf.number("iterations")?, kdf.number("lanes")?];
    let parameters = Kdf::new(memory, iterations, lanes).map_err(Flaw::Refused)?;
    let cipher = Object::of(key.member("cipher")?, "its cipher")?;
    cipher.is_named(CIPHER)?;
    cipher.has_only(&["name", "nonce", "ciphertext"])?;
    let seal = Seal { kdf: parameters, salt: kdf.array("salt")?, nonce: cipher.array("nonce")? };
    Ok((seal, cipher.bytes("ciphertext", ciphertext_bytes)?))
}

fn damaged(why: String) -> Flaw {
    Flaw::Damaged(why)
}

/// An object of the document, with what messages call it.
struct Object<'a> {
    members: &'a Map<String, Json>,
    what: &'static str,
}

impl<'a> Object<'a> {
    fn of(value: &'a Json, what: &'static str) -> Result<Object<'a>, Flaw> {
        let members = value.as_object();
        let members = members.ok_or_else(|| damaged(format!("{what} is no object of JSON")))?;
        Ok(Object { members, what })
    }

    fn member(&self, name: &str) -> Result<&'a Json, Flaw> {
        let Object { members, what } = self;
        members.get(name).ok_or_else(|| damaged(format!("{what} has no member \"{name}\"")))
    }

    /// What is not authenticated is not there.
    fn has_only(&self, names: &[&str]) -> Result<(), Flaw> {
        match self.members.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => {
                let (what, name) = (self.what, plain(name));
                Err(damaged(format!("{what} has a member \"{name}\", which has no meaning")))
            }
            None => Ok(()),
        }
    }

    fn is_named(&self, expected: &str) -> Result<(), Flaw> {
        match self.text("name")? {
            name if name == expected => Ok(()),
            name => {
                let (what, name) = (self.what, plain(name));
                Err(Flaw::Refused(format!("{what} is \"{name}\", not \"{expected}\"")))
            }
        }
    }

    fn text(&self, name: &str) -> Result<&'a str, Flaw> {
        let text = self.member(name)?.as_str();
        text.ok_or_else(|| damaged(format!("the member \"{name}\" of {} is no text", self.what)))
    }

    fn number(&self, name: &str) -> Result<u64, Flaw> {
        let number = self.member(name)?.as_u64();
        let what = self.what;
        number.ok_or_else(|| damaged(format!("the member \"{name}\" of {what} is no whole number")))
    }

    fn bytes(&self, name: &str, length: usize) -> Result<Vec<u8>, Flaw> {
        let bytes = parse_hex(self.text(name)?).filter(|bytes| bytes.len() == length);
        bytes.ok_or_else(|| {
            let what = self.what;
            damaged(format!("the member \"{name}\" of {what} is not {length} bytes in hexadecimal"))
        })
    }

    fn array<const N: usize>(&self, name: &str) -> Result<[u8; N], Flaw> {
        let bytes = self.bytes(name, N)?;
        let what = self.what;
        bytes.try_into().map_err(|_| damaged(format!("{what} has a \"{name}\" that is too long")))
    }
}
