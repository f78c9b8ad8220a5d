//! [`SnapshotWriter`]: gives the chunks of a snapshot one by one.

use alloc::format;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use super::manifest::Manifest;
use super::{Kind, write_row};
use crate::primitives::{Hash, Height, Writer};
use crate::state::committed::{Above, Rows, State};
use crate::state::rows::StateKey;
use crate::state::store::{Bytes, Order, Store, StoreError, StoreErrorKind};
use crate::state::tree::StateRoot;

/// Gives the chunks of a snapshot one by one. Between two chunks the state may go on, and
/// blocks above be dropped: the height has to stay retained, for which it can be
/// [pinned](State::pin).
#[derive(Clone, Debug)]
pub struct SnapshotWriter {
    height: Height,
    root: StateRoot,
    chunk_bytes: usize,
    /// Whether rows of state come next, or code.
    kind: Kind,
    /// The last key that was written, of state or of a record of code.
    last: Option<Bytes>,
    is_finished: bool,
    rows: u64,
    chunks: Vec<Hash>,
    /// What later blocks replaced, as far as it has been read.
    above: Above,
}

impl SnapshotWriter {
    /// Bytes of a chunk, about, unless other ones are wanted.
    pub const CHUNK_BYTES: usize = 1 << 20;

    /// A writer of the state of `height`. A chunk ends with the row that takes it to `chunk_bytes`,
    /// so it has at least one row.
    ///
    /// # Errors
    ///
    /// Where the height is not retained or the store fails.
    pub fn new<S: Store>(
        state: &State<S>,
        height: Height,
        chunk_bytes: usize,
    ) -> Result<Self, StoreError> {
        Ok(SnapshotWriter {
            height,
            root: state.root_at(height)?,
            chunk_bytes: chunk_bytes.max(1),
            kind: Kind::State,
            last: None,
            is_finished: false,
            rows: 0,
            chunks: Vec::new(),
            above: Above::default(),
        })
    }

    /// The next chunk; none when there is no more. After an error it can be asked for again.
    ///
    /// # Errors
    ///
    /// Where the height is no longer retained, or its block was dropped and is another one now, or
    /// the store fails.
    pub fn next_chunk<S: Store>(
        &mut self,
        state: &State<S>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let before = (self.kind, self.last.clone(), self.is_finished, self.rows);
        let chunk = self.try_next_chunk(state);
        if chunk.is_err() {
            (self.kind, self.last, self.is_finished, self.rows) = before;
        }
        chunk
    }

    fn try_next_chunk<S: Store>(
        &mut self,
        state: &State<S>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut chunk = Writer::new();
        let view = state.at_with(self.height, &mut self.above)?;
        if view.root() != self.root {
            let message = format!("the block of {} was dropped, and there is another", self.height);
            return Err(StoreError::of(StoreErrorKind::NotRetained, message));
        }
        while !self.is_finished && chunk.len() < self.chunk_bytes {
            let is_exhausted = match self.kind {
                Kind::State => self.add_state(&view, &mut chunk)?,
                Kind::Code => self.add_code(&view, &mut chunk)?,
            };
            if is_exhausted {
                self.is_finished = self.kind == Kind::Code;
                (self.kind, self.last) = (Kind::Code, None);
            }
        }
        if chunk.len() == 0 {
            return Ok(None);
        }
        let chunk = chunk.finish();
        let number = self.chunks.len() as u32;
        self.chunks.push(Manifest::hash_of_chunk(number, &chunk));
        Ok(Some(chunk))
    }

    /// A writer that goes on from here, and knows nothing of the chunks before: the next chunk can
    /// be given again without those before it.
    pub(crate) fn place(&self) -> SnapshotWriter {
        SnapshotWriter {
            height: self.height,
            root: self.root,
            chunk_bytes: self.chunk_bytes,
            kind: self.kind,
            last: self.last.clone(),
            is_finished: self.is_finished,
            rows: self.rows,
            chunks: Vec::new(),
            above: self.above.clone(),
        }
    }

    /// The manifest of the chunks so far: of the snapshot, once there is no more chunk.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        let chunks = self.chunks.clone();
        Manifest { height: self.height, root: self.root, rows: self.rows, chunks }
    }

    /// How many rows have been written.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds rows of state until the chunk is full. Returns whether there are no more.
    fn add_state(&mut self, view: &impl Rows, chunk: &mut Writer) -> Result<bool, StoreError> {
        let mut is_exhausted = true;
        let after = self.last.take();
        let from = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        view.scan((from, Bound::Unbounded), Order::Ascending, &mut |key, value| {
            write_row(chunk, Kind::State, key, value);
            self.rows += 1;
            if chunk.len() < self.chunk_bytes {
                return ControlFlow::Continue(());
            }
            self.last = Some(key.into());
            is_exhausted = false;
            ControlFlow::Break(())
        })?;
        Ok(is_exhausted)
    }

    /// Adds the code of the next record. Returns whether there is none.
    fn add_code(&mut self, view: &impl Rows, chunk: &mut Writer) -> Result<bool, StoreError> {
        let first = Bytes::from(&[StateKey::CODE][..]);
        let end = [StateKey::HISTORY];
        let after = self.last.take().unwrap_or(first);
        let range = (Bound::Excluded(&after[..]), Bound::Excluded(&end[..]));
        view.scan(range, Order::Ascending, &mut |key, _| {
            self.last = Some(key.into());
            ControlFlow::Break(())
        })?;
        let Some(hash) = self.last.as_ref().and_then(|key| key.last_chunk::<32>()) else {
            return Ok(true);
        };
        let code = view.code_bytes(&Hash::from_bytes(*hash))?;
        let code = code.ok_or_else(|| StoreError::corrupt("code of a record is missing"))?;
        write_row(chunk, Kind::Code, hash, &code);
        self.rows += 1;
        Ok(false)
    }
}
