//! Tables in a file, on redb: one durable transaction for each batch.
//!
//! redb writes pages copy-on-write and makes a commit visible by flipping one bit of the header.
//! Every write here is committed in two phases: first everything new is made durable, then the
//! bit. The rows are chosen by strangers, and redb's one-phase recovery would believe whatever
//! carries a checksum that is not cryptographic.
//!
//! ```text
//! open      path ─▶ redb file ─▶ exactly our tables? ─▶ reader
//!           (a file from before blocks and their index gets these two tables)
//! get/scan  reader: a read transaction with its tables kept open
//! write     drop the reader ─▶ write transaction ─▶ fsync ─▶ flip ─▶ fsync ─▶ new reader
//! ```
//!
//! All that the crate does with files is in this file.

#[cfg(test)]
mod tests;

use core::fmt;
use core::ops::{Bound, ControlFlow};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use redb::{
    Builder, Database, Durability, Key, ReadOnlyTable, ReadTransaction, ReadableDatabase,
    StorageBackend, TableDefinition, TableError, TableHandle, Value, WriteTransaction,
};

use super::{
    Batch, Bytes, KeyRange, Order, Store, StoreError, StoreErrorKind, Table, Visit, Write,
    is_empty_range,
};

/// Whether each commit also writes which pages are free, so that opening after a crash need not
/// walk the whole file.
///
/// It writes them for the whole file each time: the cost of every block would grow with the state
/// (about 260 KB for each 4 GiB of file), to shorten what happens after a crash alone (about a
/// second for each million rows). The walk also checks every page, which is worth having just then.
const QUICK_REPAIR: bool = false;

/// What is added to the name of a file while it is made.
const UNFINISHED: &str = ".unfinished";

/// Width of keys and values of [`Table::Leaves`].
const LEAF: usize = 32;

type Rows = TableDefinition<'static, &'static [u8], &'static [u8]>;
type LeafRows = TableDefinition<'static, &'static [u8; LEAF], &'static [u8; LEAF]>;

/// The tables of a file from before there were blocks and an index of them.
const FIRST_TABLES: [Table; 7] = [
    Table::State,
    Table::Code,
    Table::Leaves,
    Table::Undo,
    Table::Roots,
    Table::Receipts,
    Table::Meta,
];

const LEAVES: LeafRows = TableDefinition::new(Table::Leaves.name());

const fn rows(table: Table) -> Rows {
    TableDefinition::new(table.name())
}

/// How a [`DiskStore`] is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiskOptions {
    /// How much of the file is kept in memory, in bytes. 64 MiB unless it is set.
    pub cache_bytes: usize,
    /// Whether every page is checked when the store is opened, as by
    /// [`Store::verify_medium`]: the time grows with the file. Not unless it is set. Without it,
    /// damage that something other than this store did shows when it is met, or not at all.
    pub verify_on_open: bool,
}

impl Default for DiskOptions {
    fn default() -> Self {
        DiskOptions { cache_bytes: 64 << 20, verify_on_open: false }
    }
}

/// Tables in a file. What [`Store::write`] has returned from survives the loss of power.
///
/// One process at a time can have it open. After a write that failed, nobody can know whether it
/// will be there when the file is opened again, so the store then refuses everything until it is.
///
/// Damage that something else did to the file is a [`StoreError`] and no panic, except where panics
/// abort the process: redb panics on some of it unless [`DiskOptions::verify_on_open`] is set.
#[derive(Debug)]
pub struct DiskStore {
    name: String,
    path: Option<PathBuf>,
    /// Some until it is closed.
    database: Option<Database>,
    reader: Result<Reader, StoreError>,
}

impl DiskStore {
    /// Opens the store in this file, and makes an empty one where there is no file.
    ///
    /// It is made under the same name with `.unfinished` behind it, and gets its own when it is
    /// whole: what a crash leaves of one does not prevent the next attempt.
    ///
    /// # Errors
    ///
    /// - `Foreign`: there is something else of that name.
    /// - `Corrupt`: it was a store, and is damaged.
    /// - `InUse`: it is open already, here or in another process.
    /// - `Medium`: the system refuses.
    pub fn open(path: impl AsRef<Path>, options: &DiskOptions) -> Result<Self, StoreError> {
        let path = path.as_ref();
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path, options),
            _ => Self::open_existing(path, options),
        }
    }

    /// Opens the store in this file.
    ///
    /// # Errors
    ///
    /// As [`DiskStore::open`]; `Medium` where there is no file.
    pub fn open_existing(
        path: impl AsRef<Path>,
        options: &DiskOptions,
    ) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let file = fs::metadata(path).map_err(|error| medium(&name, &error))?;
        if !file.is_file() {
            return Err(foreign(&name, "it is not a file"));
        }
        if file.len() == 0 {
            // An empty file may be what is left of a store: filling it would hide the loss.
            return Err(foreign(&name, "it is empty; a store is only made where there is no file"));
        }
        let database = caught(&name, || builder(options).open(path))?;
        let mut store = Self::with_database(name, database)?;
        store.path = Some(path.to_owned());
        Ok(store)
    }

    /// Opens or makes a store in anything that redb can write to.
    ///
    /// # Errors
    ///
    /// As [`DiskStore::open`].
    #[doc(hidden)]
    pub fn with_backend(
        backend: impl StorageBackend,
        options: &DiskOptions,
    ) -> Result<Self, StoreError> {
        let name = "the backend".to_string();
        let database = caught(&name, || builder(options).create_with_backend(backend))?;
        make_tables(&name, &database, &[])?;
        Self::with_database(name, database)
    }

    /// How long the file is, in bytes.
    ///
    /// # Errors
    ///
    /// `Medium` where the system does not say; `Refused` where there is no file.
    pub fn file_bytes(&self) -> Result<u64, StoreError> {
        let Some(path) = &self.path else {
            return Err(StoreError::refused(format!("{} is no file", self.name)));
        };
        fs::metadata(path).map(|file| file.len()).map_err(|error| medium(&self.name, &error))
    }

    /// Closes the store, as dropping it does, and says what went wrong with it. Nothing that was
    /// written depends on it.
    ///
    /// # Errors
    ///
    /// `Medium` where the last words could not be written.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.reader = Err(closed(&self.name));
        match self.database.take() {
            Some(database) => caught(&self.name, || database.close()),
            None => Ok(()),
        }
    }

    fn create(path: &Path, options: &DiskOptions) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let mut unfinished = OsString::from(path);
        unfinished.push(UNFINISHED);
        let unfinished = PathBuf::from(unfinished);
        remove_left_over(&name, &unfinished, options)?;
        let database = caught(&name, || builder(options).create(&unfinished))?;
        let made =
            make_tables(&name, &database, &[]).and_then(|()| publish(&name, &unfinished, path));
        if let Err(error) = made {
            // The first failure is the one to tell.
            _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        let mut store = Self::with_database(name, database)?;
        store.path = Some(path.to_owned());
        Ok(store)
    }

    fn with_database(name: String, database: Database) -> Result<Self, StoreError> {
        make_tables(&name, &database, &FIRST_TABLES)?;
        let mut store =
            DiskStore { reader: Err(closed(&name)), path: None, database: Some(database), name };
        store.reader = store.read();
        match &store.reader {
            Ok(_) => Ok(store),
            Err(error) => Err(error.clone()),
        }
    }

    fn database(&self) -> Result<&Database, StoreError> {
        self.database.as_ref().ok_or_else(|| closed(&self.name))
    }

    /// A new reader, of a database that has our tables and nothing else.
    fn read(&self) -> Result<Reader, StoreError> {
        let database = self.database()?;
        let transaction = caught(&self.name, || database.begin_read())?;
        check_tables(&self.name, &transaction)?;
        caught(&self.name, || Reader::new(&transaction))
    }

    fn reader(&self) -> Result<&Reader, StoreError> {
        self.reader.as_ref().map_err(Clone::clone)
    }

    /// Does something without a reader, after which there is a new one.
    ///
    /// Failure of either leaves the store without, so that it refuses everything: a commit that
    /// failed may have become durable or not, and only opening the file again decides it.
    fn without_reader(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.reader()?;
        // Pages that a reader can see are not used again, so it has to go before the commit.
        self.reader = Err(closed(&self.name));
        let changed = change(self).and_then(|()| self.read());
        self.reader = match &changed {
            Err(error) => {
                let message = format!("it failed before and must be opened again ({error})");
                Err(StoreError::of(error.kind(), message))
            }
            Ok(_) => Err(closed(&self.name)),
        };
        self.reader = Ok(changed?);
        Ok(())
    }
}

impl Store for DiskStore {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let reader = self.reader()?;
        if table != Table::Leaves {
            let rows = &reader.rows[table as usize - 1];
            return caught(&self.name, || Ok::<_, redb::Error>(rows.get(key)?.map(to_bytes)));
        }
        let Ok(key) = <&[u8; LEAF]>::try_from(key) else { return Ok(None) };
        caught(&self.name, || Ok::<_, redb::Error>(reader.leaves.get(key)?.map(to_bytes)))
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        let reader = self.reader()?;
        if is_empty_range(&range) {
            return Ok(());
        }
        if table != Table::Leaves {
            let rows = &reader.rows[table as usize - 1];
            return walk(&self.name, || rows.range::<&[u8]>(range), order, visit);
        }
        let (mut from, mut to) = ([0; LEAF], [0; LEAF]);
        let range = (leaf_start(range.0, &mut from), leaf_end(range.1, &mut to));
        if is_empty_range(&(range.0.map(|key| &key[..]), range.1.map(|key| &key[..]))) {
            return Ok(());
        }
        walk(&self.name, || reader.leaves.range::<&[u8; LEAF]>(range), order, visit)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let is_leaf = |(key, value): &Write| {
            key.len() == LEAF && value.as_ref().is_none_or(|value| value.len() == LEAF)
        };
        if !batch.writes(Table::Leaves).iter().all(is_leaf) {
            return Err(StoreError::refused("a leaf has a key and a value of 32 bytes each"));
        }
        if batch.is_empty() {
            return self.reader().map(|_| ());
        }
        self.without_reader(|store| {
            caught(&store.name, || {
                commit(store.database.as_ref(), |transaction| apply(transaction, batch))
            })
        })
    }

    fn verify_medium(&mut self) -> Result<(), StoreError> {
        self.without_reader(|store| {
            let Some(database) = store.database.as_mut() else { return Err(closed(&store.name)) };
            let is_sound = caught(&store.name, || database.check_integrity())?;
            match is_sound {
                true => Ok(()),
                false => Err(StoreError::corrupt(format!(
                    "{}: damage was found, and repaired with what is whole; what was written last \
                     may be missing",
                    store.name
                ))),
            }
        })
    }
}

impl Drop for DiskStore {
    fn drop(&mut self) {
        self.reader = Err(closed(&self.name));
        let database = self.database.take();
        // redb writes when it is closed, and may panic on damage then too. Everything that matters
        // is durable already.
        _ = catch_unwind(AssertUnwindSafe(|| drop(database)));
    }
}

/// A read transaction, as its open tables. They keep it alive.
struct Reader {
    /// By number of table, less one; that of the leaves is a second handle of the first table, and
    /// is not used.
    rows: Vec<ReadOnlyTable<&'static [u8], &'static [u8]>>,
    leaves: ReadOnlyTable<&'static [u8; LEAF], &'static [u8; LEAF]>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    fn new(transaction: &ReadTransaction) -> Result<Self, TableError> {
        let open = |table: Table| {
            let table = if table == Table::Leaves { Table::State } else { table };
            transaction.open_table(rows(table))
        };
        Ok(Reader {
            rows: Table::ALL.into_iter().map(open).collect::<Result<_, _>>()?,
            leaves: transaction.open_table(LEAVES)?,
        })
    }
}

fn builder(options: &DiskOptions) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(options.cache_bytes);
    builder.set_check_integrity_on_open(options.verify_on_open);
    builder
}

/// Removes what a crash left of a file that was being made, and nothing that is being made now.
fn remove_left_over(name: &str, path: &Path, options: &DiskOptions) -> Result<(), StoreError> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    // Opening it asks for its lock. Whether it is whole does not matter: nothing was ever written
    // to a store that did not yet have its name.
    match caught(name, || builder(options).open(path)) {
        Err(error) if error.kind() == StoreErrorKind::InUse => return Err(error),
        opened => drop(opened),
    }
    fs::remove_file(path).map_err(|error| medium(name, &error))
}

/// Gives a file its name, durably.
fn publish(name: &str, unfinished: &Path, path: &Path) -> Result<(), StoreError> {
    // Whoever else made the store under the same unfinished name has given it its own by now, since
    // its lock is ours. Renaming would put an empty one in its place.
    if fs::symlink_metadata(path).is_ok() {
        let message = format!("{name}: somebody else has just made it");
        return Err(StoreError::of(StoreErrorKind::InUse, message));
    }
    let renamed = fs::rename(unfinished, path).and_then(|()| sync_folder(path));
    renamed.map_err(|error| medium(name, &error))
}

/// A new name is durable when its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Folders cannot be synced everywhere.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes our tables in a database that has exactly `before` of them and nothing else: any other one
/// is left as it is, since what is missing there may have been lost.
fn make_tables(name: &str, database: &Database, before: &[Table]) -> Result<(), StoreError> {
    let transaction = caught(name, || database.begin_read())?;
    if found_tables(name, &transaction)? != (names(before), 0) {
        return Ok(());
    }
    drop(transaction);
    caught(name, || {
        commit(Some(database), |transaction| {
            for table in Table::ALL.into_iter().filter(|table| *table != Table::Leaves) {
                transaction.open_table(rows(table))?;
            }
            transaction.open_table(LEAVES)?;
            Ok(())
        })
    })
}

/// The names of all tables in order, and how many there are with many values for a key.
fn found_tables(
    name: &str,
    transaction: &ReadTransaction,
) -> Result<(Vec<String>, usize), StoreError> {
    let mut found = caught(name, || {
        let tables = transaction.list_tables()?.map(|table| table.name().to_string());
        Ok::<Vec<_>, redb::Error>(tables.collect())
    })?;
    found.sort();
    let many = caught(name, || Ok::<_, redb::Error>(transaction.list_multimap_tables()?.count()))?;
    Ok((found, many))
}

/// The names of tables in order.
fn names(tables: &[Table]) -> Vec<String> {
    let mut names: Vec<String> = tables.iter().map(|table| table.name().to_string()).collect();
    names.sort();
    names
}

/// Whether the tables are ours, all of them and no other.
fn check_tables(name: &str, transaction: &ReadTransaction) -> Result<(), StoreError> {
    let (found, many) = found_tables(name, transaction)?;
    if found == names(&Table::ALL) && many == 0 {
        return Ok(());
    }
    let found = match found.len() + many {
        0 => "no table".to_string(),
        _ => format!("the tables {} and {many} of another kind", found.join(", ")),
    };
    Err(foreign(name, &format!("it is a redb database with {found}")))
}

/// One durable transaction.
fn commit(
    database: Option<&Database>,
    change: impl FnOnce(&WriteTransaction) -> Result<(), redb::Error>,
) -> Result<(), redb::Error> {
    let mut transaction = database.ok_or(redb::Error::DatabaseClosed)?.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    transaction.set_two_phase_commit(true);
    transaction.set_quick_repair(QUICK_REPAIR);
    change(&transaction)?;
    Ok(transaction.commit()?)
}

fn apply(transaction: &WriteTransaction, batch: &Batch) -> Result<(), redb::Error> {
    for table in Table::ALL {
        let writes = batch.writes(table);
        if writes.is_empty() {
            continue;
        }
        if table == Table::Leaves {
            apply_leaves(transaction, writes)?;
            continue;
        }
        let mut rows = transaction.open_table(rows(table))?;
        for (key, value) in writes {
            match value {
                Some(value) => _ = rows.insert(&**key, &**value)?,
                None => _ = rows.remove(&**key)?,
            }
        }
    }
    Ok(())
}

/// As for the other tables; the lengths have been checked.
fn apply_leaves(transaction: &WriteTransaction, writes: &[Write]) -> Result<(), redb::Error> {
    let mut rows = transaction.open_table(LEAVES)?;
    for (key, value) in writes {
        let Ok(key) = <&[u8; LEAF]>::try_from(&**key) else { continue };
        match value.as_deref().map(<&[u8; LEAF]>::try_from) {
            Some(Ok(value)) => _ = rows.insert(key, value)?,
            Some(Err(_)) => {}
            None => _ = rows.remove(key)?,
        }
    }
    Ok(())
}

/// The least leaf key that a range from `bound` can hold: keys have 32 bytes, bounds any length.
fn leaf_start<'a>(bound: Bound<&[u8]>, leaf: &'a mut [u8; LEAF]) -> Bound<&'a [u8; LEAF]> {
    let (Bound::Included(key) | Bound::Excluded(key)) = bound else { return Bound::Unbounded };
    let taken = key.len().min(LEAF);
    leaf[..taken].copy_from_slice(&key[..taken]);
    match (key.len(), bound) {
        // A prefix comes before all that it begins.
        (..LEAF, _) | (LEAF, Bound::Included(_)) => Bound::Included(leaf),
        // What goes on comes after what it begins with.
        _ => Bound::Excluded(leaf),
    }
}

/// The greatest leaf key that a range up to `bound` can hold.
fn leaf_end<'a>(bound: Bound<&[u8]>, leaf: &'a mut [u8; LEAF]) -> Bound<&'a [u8; LEAF]> {
    let (Bound::Included(key) | Bound::Excluded(key)) = bound else { return Bound::Unbounded };
    let taken = key.len().min(LEAF);
    leaf[..taken].copy_from_slice(&key[..taken]);
    match (key.len(), bound) {
        (..LEAF, _) | (LEAF, Bound::Excluded(_)) => Bound::Excluded(leaf),
        _ => Bound::Included(leaf),
    }
}

fn to_bytes<V: Value + 'static>(value: redb::AccessGuard<'_, V>) -> Bytes {
    V::as_bytes(&value.value()).as_ref().into()
}

/// Shows rows one after the other. Only redb's own steps are guarded: what a visitor does is the
/// visitor's.
fn walk<K: Key + 'static, V: Value + 'static>(
    name: &str,
    range: impl FnOnce() -> Result<redb::Range<'static, K, V>, redb::StorageError>,
    order: Order,
    visit: &mut Visit<'_>,
) -> Result<(), StoreError> {
    let mut rows = caught(name, range)?;
    loop {
        let row = caught(name, || {
            let row = match order {
                Order::Ascending => rows.next(),
                Order::Descending => rows.next_back(),
            };
            row.transpose()
        })?;
        let Some((key, value)) = row else { return Ok(()) };
        let (key, value) = caught(name, || Ok::<_, redb::Error>((key.value(), value.value())))?;
        let (key, value) = (K::as_bytes(&key), V::as_bytes(&value));
        if let ControlFlow::Break(()) = visit(key.as_ref(), value.as_ref()) {
            return Ok(());
        }
    }
}

/// Lets redb do something, and makes a [`StoreError`] of how it fails.
///
/// redb trusts a file that was closed in order: on one that was damaged since, it may panic where
/// it decodes pages (its documentation says so, and flipping bytes shows it). A damaged file must
/// not take a node down without a word, so panics are caught here, at every way into redb. What
/// redb leaves behind then is never used for anything but being dropped or failing again, which is
/// why unwinding past it is sound.
fn caught<T, E: Into<redb::Error>>(
    name: &str,
    act: impl FnOnce() -> Result<T, E>,
) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(translated(name, &error.into())),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            let text = text.unwrap_or("without a message");
            Err(StoreError::corrupt(format!("{name}: reading it panicked: {text}")))
        }
    }
}

fn translated(name: &str, error: &redb::Error) -> StoreError {
    use redb::Error as E;
    let kind = match error {
        // redb says so of a file that does not begin as its files do.
        E::Io(error) if error.kind() == io::ErrorKind::InvalidData => StoreErrorKind::Foreign,
        // A file that ends before what it refers to.
        E::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => StoreErrorKind::Corrupt,
        E::Corrupted(_) => StoreErrorKind::Corrupt,
        E::DatabaseAlreadyOpen | E::LockProtocolMismatch => StoreErrorKind::InUse,
        E::UpgradeRequired(_)
        | E::TableTypeMismatch { .. }
        | E::TypeDefinitionChanged { .. }
        | E::TableIsMultimap(_)
        | E::TableIsNotMultimap(_)
        | E::TableDoesNotExist(_) => StoreErrorKind::Foreign,
        E::ValueTooLarge(_) => StoreErrorKind::Refused,
        _ => StoreErrorKind::Medium,
    };
    StoreError::of(kind, format!("{name}: {error}"))
}

fn medium(name: &str, error: &io::Error) -> StoreError {
    StoreError::new(format!("{name}: {error}"))
}

fn foreign(name: &str, message: &str) -> StoreError {
    StoreError::of(StoreErrorKind::Foreign, format!("{name}: {message}"))
}

fn closed(name: &str) -> StoreError {
    StoreError::new(format!("{name}: it is closed"))
}
