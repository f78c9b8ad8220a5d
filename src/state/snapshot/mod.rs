//! Snapshots: state at one height, in chunks that can be checked one by one and loaded elsewhere.
//!
//! ```text
//!   State at a height ──▶ SnapshotWriter ──▶ chunk 0, chunk 1, … ──▶ Manifest (hash of each)
//!   trusted height and root + Manifest + chunks ──▶ Restore ──▶ State, if it has that root
//! ```
//!
//! A chunk holds rows in key order: first all rows of state, then all code. The manifest is as
//! untrusted as the chunks: its hashes only tell early which chunk is bad. What decides is the
//! root, which the one who restores must have, with its height, from a source that they trust.

mod manifest;
mod restore;
#[cfg(test)]
mod tests;
mod write;

use alloc::string::String;
use core::fmt;

use super::store::StoreError;
use super::tree::StateRoot;
use crate::primitives::{DecodeError, Height, Reader, Writer};

pub use manifest::Manifest;
pub use restore::Restore;
pub use write::SnapshotWriter;

/// Why a snapshot was not restored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The manifest is not one, or has been changed.
    Manifest(String),
    /// The manifest is of another root than the trusted one.
    OtherRoot {
        /// The trusted root.
        trusted: StateRoot,
        /// The root of the manifest.
        found: StateRoot,
    },
    /// The manifest is of another height than the trusted one.
    OtherHeight {
        /// The trusted height.
        trusted: Height,
        /// The height of the manifest.
        found: Height,
    },
    /// A chunk is not the one that the manifest names, or is malformed.
    Chunk {
        /// Its number.
        number: u32,
        /// What is wrong with it.
        problem: String,
    },
    /// Another chunk is wanted, or none any more.
    Unexpected {
        /// The number that was given.
        number: u32,
        /// The number that is wanted.
        wanted: Option<u32>,
    },
    /// All chunks are there, and they are not the state of the trusted root.
    WrongState(String),
    /// The store that is to be restored into holds state.
    NotEmpty,
    /// It holds an unfinished restore of another snapshot.
    OtherRestore,
    /// The store failed.
    Store(StoreError),
}

/// Which table a row of a chunk is of. The numbers are part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    State = 1,
    Code = 2,
}

/// Adds a row to a chunk.
fn write_row(chunk: &mut Writer, kind: Kind, key: &[u8], value: &[u8]) {
    chunk.byte(kind as u8);
    chunk.bytes(key);
    chunk.bytes(value);
}

/// Takes the next row from a chunk.
fn read_row<'a>(chunk: &mut Reader<'a>) -> Result<(Kind, &'a [u8], &'a [u8]), DecodeError> {
    let start = chunk.clone();
    let kind = match chunk.byte("a row")? {
        1 => Kind::State,
        2 => Kind::Code,
        _ => return Err(start.error("a row of state or code")),
    };
    Ok((kind, chunk.bytes("a key")?, chunk.bytes("a value")?))
}

impl From<StoreError> for SnapshotError {
    fn from(error: StoreError) -> Self {
        SnapshotError::Store(error)
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnapshotError::Manifest(problem) => write!(f, "the manifest: {problem}"),
            SnapshotError::OtherRoot { trusted, found } => {
                write!(f, "the snapshot has the root {found}, and {trusted} is trusted")
            }
            SnapshotError::OtherHeight { trusted, found } => {
                write!(f, "the snapshot is of height {found}, and {trusted} is trusted")
            }
            SnapshotError::Chunk { number, problem } => write!(f, "chunk {number}: {problem}"),
            SnapshotError::Unexpected { number, wanted: Some(wanted) } => {
                write!(f, "chunk {number} was given, and chunk {wanted} is wanted")
            }
            SnapshotError::Unexpected { number, wanted: None } => {
                write!(f, "chunk {number} was given, and none is wanted any more")
            }
            SnapshotError::WrongState(problem) => {
                write!(f, "the chunks are not the state of the trusted root: {problem}")
            }
            SnapshotError::NotEmpty => f.write_str("the store is not empty"),
            SnapshotError::OtherRestore => {
                f.write_str("the store holds an unfinished restore of another snapshot")
            }
            SnapshotError::Store(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SnapshotError {}
