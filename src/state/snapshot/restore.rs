//! [`Restore`]: loads the chunks of a snapshot into an empty store.
//!
//! Each chunk is written with how far it takes the restore, in one batch, so that a restore that
//! was interrupted goes on with the chunk after the last one that it wrote. Until
//! [`Restore::finish`] has found the trusted root, the store has no head and does not open.

use alloc::format;
use alloc::vec::Vec;

use super::manifest::Manifest;
use super::{Kind, SnapshotError, read_row};
use crate::primitives::{DecodeError, Domain, Hash, Height, Reader, Writer};
use crate::state::committed::{
    Checking, Head, RESTORE_KEY, State, StateOptions, Survey, check_no_other_code, clear,
    put_format, put_roots, read_head, root_of_rows,
};
use crate::state::store::{Batch, Store, StoreError, StoreErrorKind, Table};
use crate::state::tree::StateRoot;

/// Loads the chunks of a snapshot into an empty store.
#[derive(Debug)]
pub struct Restore<S> {
    store: S,
    manifest: Manifest,
    progress: Progress,
}

/// How far a restore has come.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Progress {
    /// Which snapshot it is of.
    snapshot: Hash,
    /// The next chunk.
    next: u32,
    /// Rows that were written.
    rows: u64,
    /// Table and key of the last row, since rows come in order.
    last: Option<(u8, Vec<u8>)>,
}

impl<S: Store> Restore<S> {
    /// Begins a restore into an empty store, or goes on with one of the same snapshot. `height` and
    /// `root` are from a source that is trusted: the root is that of the rows and does not tell
    /// the height, which blocks to come depend on too.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::OtherRoot`], [`SnapshotError::OtherHeight`], [`SnapshotError::NotEmpty`],
    /// [`SnapshotError::OtherRestore`], and where the store fails.
    pub fn begin(
        store: S,
        manifest: Manifest,
        height: Height,
        root: &StateRoot,
    ) -> Result<Restore<S>, SnapshotError> {
        if manifest.root != *root {
            return Err(SnapshotError::OtherRoot { trusted: *root, found: manifest.root });
        }
        if manifest.height != height {
            return Err(SnapshotError::OtherHeight { trusted: height, found: manifest.height });
        }
        let mut store = store;
        if read_head(&store)?.is_some() {
            return Err(SnapshotError::NotEmpty);
        }
        let snapshot = manifest.id();
        let progress = match store.get(Table::Meta, RESTORE_KEY)? {
            Some(row) => {
                let progress = Progress::decode(&row).map_err(|error| {
                    StoreError::corrupt(format!("the row of the restore: {error}"))
                })?;
                if progress.snapshot != snapshot {
                    return Err(SnapshotError::OtherRestore);
                }
                progress
            }
            None => {
                let progress = Progress::start(snapshot);
                let mut batch = Batch::new();
                put_format(&mut batch);
                batch.put(Table::Meta, RESTORE_KEY, progress.encode());
                store.write(&batch)?;
                progress
            }
        };
        Ok(Restore { store, manifest, progress })
    }

    /// The number of the chunk that is wanted next; none when all are there.
    #[must_use]
    pub fn wanted(&self) -> Option<u32> {
        let next = self.progress.next;
        ((next as usize) < self.manifest.chunks.len()).then_some(next)
    }

    /// Takes the chunk that is wanted. When this returns, it is durable.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Unexpected`], [`SnapshotError::Chunk`] with its number where it is not what
    /// the manifest says, of which nothing is kept, and where the store fails.
    pub fn add(&mut self, number: u32, chunk: &[u8]) -> Result<(), SnapshotError> {
        let wanted = self.wanted();
        if wanted != Some(number) {
            return Err(SnapshotError::Unexpected { number, wanted });
        }
        let wrong = |problem| SnapshotError::Chunk { number, problem };
        if Manifest::hash_of_chunk(number, chunk) != self.manifest.chunks[number as usize] {
            return Err(wrong("its hash is not the one in the manifest".into()));
        }
        let mut progress = self.progress.clone();
        let mut batch = Batch::new();
        let mut reader = Reader::new(chunk);
        while !reader.is_at_end() {
            let (kind, key, value) = read_row(&mut reader).map_err(|e| wrong(format!("{e}")))?;
            if kind == Kind::Code && Hash::of(Domain::Code, &[value]).as_bytes() != key {
                return Err(wrong(format!("code is other code, before byte {}", reader.offset())));
            }
            let place = Some((kind as u8, key.to_vec()));
            if place <= progress.last {
                return Err(wrong(format!("a row is out of order at byte {}", reader.offset())));
            }
            progress.last = place;
            progress.rows += 1;
            let table = match kind {
                Kind::State => Table::State,
                Kind::Code => Table::Code,
            };
            batch.put(table, key, value);
        }
        progress.next += 1;
        batch.put(Table::Meta, RESTORE_KEY, progress.encode());
        self.store.write(&batch)?;
        self.progress = progress;
        Ok(())
    }

    /// Compares what was loaded with the trusted root and everything with each other; only then is
    /// it state. Tells `progress` every 10,000 rows.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Unexpected`] where chunks are missing, [`SnapshotError::WrongState`] where
    /// the rows do not come to the root or contradict each other, and where the store fails.
    pub fn finish(
        mut self,
        options: StateOptions,
        progress: &mut dyn FnMut(Checking),
    ) -> Result<State<S>, SnapshotError> {
        if let Some(wanted) = self.wanted() {
            let number = self.manifest.chunks.len() as u32;
            return Err(SnapshotError::Unexpected { number, wanted: Some(wanted) });
        }
        let wrong = |problem| Err(SnapshotError::WrongState(problem));
        if self.progress.rows != self.manifest.rows {
            let (found, told) = (self.progress.rows, self.manifest.rows);
            return wrong(format!("they have {found} rows, the manifest tells {told}"));
        }
        let found = root_of_rows(&self.store)?;
        if found != self.manifest.root {
            return wrong(format!("they have the root {found}"));
        }
        let survey = Survey::of(&self.store, progress).and_then(|survey| {
            check_no_other_code(&self.store, &survey.held_code()).map(|()| survey)
        });
        let survey = match survey {
            Err(error) if error.kind() == StoreErrorKind::Corrupt => {
                return wrong(format!("{error}"));
            }
            survey => survey?,
        };
        let Manifest { height, root, .. } = self.manifest;
        let head = Head { height, root, totals: survey.totals(), oldest: height };
        let mut batch = Batch::new();
        batch.remove(Table::Meta, RESTORE_KEY);
        put_roots(&mut batch, &head);
        head.put(&mut batch);
        self.store.write(&batch)?;
        Ok(State::open(self.store, options)?)
    }

    /// Gives the store back, with the restore unfinished: it can be gone on with later.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// Gives up an unfinished restore in a store, whichever it is of: removes what it loaded, in
    /// steps, and gives the empty store back. A store without one is left as it is.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub fn abandon(mut store: S) -> Result<S, StoreError> {
        let Some(row) = store.get(Table::Meta, RESTORE_KEY)? else { return Ok(store) };
        if let Ok(progress) = Progress::decode(&row) {
            // Where this is cut off, a restore of the same snapshot must not go on in the middle.
            let progress = Progress::start(progress.snapshot);
            let mut batch = Batch::new();
            batch.put(Table::Meta, RESTORE_KEY, progress.encode());
            store.write(&batch)?;
        }
        for table in [Table::State, Table::Code, Table::Leaves] {
            clear(&mut store, table)?;
        }
        let mut batch = Batch::new();
        batch.remove(Table::Meta, RESTORE_KEY);
        store.write(&batch)?;
        Ok(store)
    }
}

impl Progress {
    /// Nothing has been loaded.
    fn start(snapshot: Hash) -> Progress {
        Progress { snapshot, next: 0, rows: 0, last: None }
    }

    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.fixed(self.snapshot.as_bytes());
        writer.number(self.next.into());
        writer.number(self.rows.into());
        if let Some((kind, key)) = &self.last {
            writer.byte(*kind);
            writer.bytes(key);
        }
        writer.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Progress, DecodeError> {
        let mut reader = Reader::new(bytes);
        let snapshot = Hash::from_bytes(reader.fixed("the id of a snapshot")?);
        let next = reader.u32("a number of chunks")?;
        let rows = reader.u64("a number of rows")?;
        let mut last = None;
        if !reader.is_at_end() {
            let kind = reader.byte("a kind of rows")?;
            last = Some((kind, reader.bytes("a key")?.to_vec()));
        }
        reader.finish()?;
        Ok(Progress { snapshot, next, rows, last })
    }
}
