//! From a passphrase to a key, and what that key seals.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::passphrase::Passphrase;
use crate::exit::Exit;
use crate::failure::Failure;

/// Length of a salt, in bytes: RFC 9106 has 16 suffice for passwords.
pub(super) const SALT_BYTES: usize = 16;

/// Length of a nonce, in bytes: long enough to be chosen at random.
pub(super) const NONCE_BYTES: usize = 24;

/// Length of the tag behind what is sealed, in bytes.
pub(super) const TAG_BYTES: usize = 16;

/// What Argon2id (RFC 9106, version 0x13) is to spend on a guess.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Kdf {
    /// Memory, in KiB.
    pub(super) memory_kib: u32,
    /// Passes over the memory.
    pub(super) iterations: u32,
    /// Lanes that could be computed beside each other.
    pub(super) lanes: u32,
}

/// What a file may ask for: name, least and most. A file is not trusted before it is open, and
/// must not be able to take all memory or hours.
const BOUNDS: [(&str, u64, u64); 3] =
    [("memory_kib", 8, 1 << 20), ("iterations", 1, 32), ("lanes", 1, 16)];

impl Kdf {
    /// What keys are made with: 64 MiB and 3 passes, as the second recommended option of RFC 9106
    /// has them, but 1 lane and not 4. We compute lanes one after the other, so that more of them
    /// would cost us the same time and let whoever guesses compute them beside each other.
    pub(crate) const DEFAULT: Kdf = Kdf { memory_kib: 64 << 10, iterations: 3, lanes: 1 };

    /// These parameters, if they are within bounds; else what is wrong with them.
    pub(crate) fn new(memory_kib: u64, iterations: u64, lanes: u64) -> Result<Kdf, String> {
        for ((name, least, most), value) in BOUNDS.into_iter().zip([memory_kib, iterations, lanes])
        {
            if !(least..=most).contains(&value) {
                return Err(format!("{name} of argon2id is {value}, not from {least} to {most}"));
            }
        }
        if memory_kib < 8 * lanes {
            let least = 8 * lanes;
            return Err(format!(
                "memory_kib of argon2id is {memory_kib}, and {lanes} lanes need {least}"
            ));
        }
        // The bounds are far below what these hold.
        let [memory_kib, iterations, lanes] = [memory_kib, iterations, lanes].map(|n| n as u32);
        Ok(Kdf { memory_kib, iterations, lanes })
    }

    /// The key of a passphrase.
    fn key(
        self,
        passphrase: &Passphrase,
        salt: &[u8; SALT_BYTES],
    ) -> Result<Zeroizing<[u8; 32]>, Failure> {
        let fault = |error: argon2::Error| {
            let cause = format!("argon2id failed: {error}");
            Failure::new(Exit::Failed, cause).way_out("report it, with the file's kdf")
        };
        let params = Params::new(self.memory_kib, self.iterations, self.lanes, Some(32));
        let params = params.map_err(fault)?;
        // The memory is ours, since the library does not wipe its own.
        let mut memory = Zeroizing::new(Vec::<Block>::new());
        memory.try_reserve_exact(params.block_count()).map_err(|_| {
            let cause = format!("there are no {} KiB of memory for argon2id", self.memory_kib);
            Failure::new(Exit::Failed, cause).way_out("a machine with more memory")
        })?;
        memory.resize(params.block_count(), Block::default());
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                passphrase.secret_bytes(),
                salt,
                &mut *key,
                memory.as_mut_slice(),
            )
            .map_err(fault)?;
        Ok(key)
    }
}

/// What a file says of its seal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Seal {
    pub(super) kdf: Kdf,
    pub(super) salt: [u8; SALT_BYTES],
    pub(super) nonce: [u8; NONCE_BYTES],
}

impl Seal {
    /// Seals a secret together with what must not be altered, with XChaCha20-Poly1305.
    pub(super) fn close(
        &self,
        passphrase: &Passphrase,
        header: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, Failure> {
        let cipher = self.cipher(passphrase)?;
        let sealed = cipher.encrypt(&self.nonce(), Payload { msg: secret, aad: header });
        sealed.map_err(|_| Failure::new(Exit::Failed, "the cipher failed").way_out("report it"))
    }

    /// What was sealed; none if the passphrase, the header or the sealed bytes are others.
    pub(super) fn open(
        &self,
        passphrase: &Passphrase,
        header: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        let cipher = self.cipher(passphrase)?;
        let secret = cipher.decrypt(&self.nonce(), Payload { msg: sealed, aad: header });
        Ok(secret.ok().map(Zeroizing::new))
    }

    fn cipher(&self, passphrase: &Passphrase) -> Result<XChaCha20Poly1305, Failure> {
        let key = self.kdf.key(passphrase, &self.salt)?;
        let key: &Key = (&*key).into();
        Ok(XChaCha20Poly1305::new(key))
    }

    fn nonce(&self) -> XNonce {
        self.nonce.into()
    }
}
