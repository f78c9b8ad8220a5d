//! [`Manifest`]: what a snapshot is of, and the hash of each of its chunks.

use alloc::format;
use alloc::vec::Vec;

use super::SnapshotError;
use crate::primitives::{DecodeError, Domain, Hash, Height, Reader, Writer};
use crate::state::tree::StateRoot;

/// The version of the encoding.
const VERSION: u8 = 1;

/// What a snapshot is of, and the hash of each of its chunks.
///
/// Encoding: `01` ‖ height (LEB128) ‖ root (32 bytes) ‖ rows (LEB128) ‖ number of chunks (LEB128) ‖
/// their hashes (32 bytes each) ‖ [`Manifest::id`] (32 bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The height of the state.
    pub height: Height,
    /// The root of the state.
    pub root: StateRoot,
    /// Rows in all chunks: of state and of code.
    pub rows: u64,
    /// The hash of each chunk, SHA3-256 with its number.
    pub chunks: Vec<Hash>,
}

impl Manifest {
    /// The hash of everything in it, by which a snapshot is named.
    #[must_use]
    pub fn id(&self) -> Hash {
        Hash::of(Domain::SnapshotManifest, &[&self.body()])
    }

    /// Its encoding.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let body = self.body();
        [&body[..], Hash::of(Domain::SnapshotManifest, &[&body]).as_bytes()].concat()
    }

    /// The manifest that these bytes encode.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Manifest`] where they are not an encoding or a bit of it was changed.
    pub fn decode(bytes: &[u8]) -> Result<Manifest, SnapshotError> {
        let wrong = |problem| Err(SnapshotError::Manifest(problem));
        let Some((body, id)) = bytes.split_last_chunk::<32>() else {
            return wrong(format!("{} bytes are too few", bytes.len()));
        };
        if Hash::of(Domain::SnapshotManifest, &[body]) != Hash::from_bytes(*id) {
            return wrong("its hash does not fit: it is incomplete or was changed".into());
        }
        match Manifest::decode_body(body) {
            Ok(manifest) => Ok(manifest),
            Err(error) => wrong(format!("{error}")),
        }
    }

    /// The hash of a chunk.
    #[must_use]
    pub fn hash_of_chunk(number: u32, chunk: &[u8]) -> Hash {
        Hash::of(Domain::SnapshotChunk, &[&number.to_le_bytes(), chunk])
    }

    fn body(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION);
        writer.number(self.height.number().into());
        writer.fixed(self.root.as_bytes());
        writer.number(self.rows.into());
        writer.number(self.chunks.len() as u128);
        self.chunks.iter().for_each(|hash| writer.fixed(hash.as_bytes()));
        writer.finish()
    }

    fn decode_body(body: &[u8]) -> Result<Manifest, DecodeError> {
        let mut reader = Reader::new(body);
        if reader.byte("a version")? != VERSION {
            return Err(DecodeError { offset: 0, expected: "version 1 of a manifest" });
        }
        let height = Height::new(reader.u64("a height")?);
        let root = StateRoot::from_bytes(reader.fixed("a root")?);
        let rows = reader.u64("a number of rows")?;
        let count = reader.u32("a number of chunks")?;
        // No capacity in advance: the count is believed as far as there are bytes for it.
        let mut chunks = Vec::new();
        for _ in 0..count {
            chunks.push(Hash::from_bytes(reader.fixed("the hash of a chunk")?));
        }
        reader.finish()?;
        Ok(Manifest { height, root, rows, chunks })
    }
}
