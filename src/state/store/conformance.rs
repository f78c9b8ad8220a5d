//! What every store owes, as a test that anybody can run on their own.
//!
//! [`check`] takes a function that opens fresh, empty stores; [`check_durable`] one that can also
//! open the last one again. Both compare what the store shows with plain maps that are searched row
//! by row, so that the store and what it is compared with cannot share a mistake. What they cannot
//! do is make the medium fail or cut the power: `tests/store_faults.rs` shows how this crate does
//! that to its own store.
//!
//! ```
//! use dytallix::state::{MemoryStore, conformance};
//!
//! conformance::check(&mut || Ok(MemoryStore::new()))?;
//! # Ok::<(), conformance::ConformanceError>(())
//! ```

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Bound, ControlFlow};

use super::{Batch, Bytes, KeyRange, Order, Store, StoreError, Table};

/// The longest key that a store has to take.
pub const KEY_BYTES: usize = 300;

/// The longest value that a store has to take.
pub const VALUE_BYTES: usize = 1 << 20;

/// Opens a store.
type Open<'a, S> = dyn FnMut() -> Result<S, StoreError> + 'a;

/// Checks a store against everything that [`Store`] promises and that shows without a restart.
///
/// Each call of `open` has to give a store without a row in it. It takes about as long as writing
/// and reading 10 MB in 100 batches.
///
/// # Errors
///
/// The first promise that is found broken.
pub fn check<S: Store>(
    open: &mut dyn FnMut() -> Result<S, StoreError>,
) -> Result<(), ConformanceError> {
    fresh_is_empty(open)?;
    single_rows(open)?;
    tables_are_independent(open)?;
    order_within_a_batch(open)?;
    sizes(open)?;
    ranges(open)?;
    big_batch(open)?;
    leaves(open)?;
    for seed in 1..=4 {
        history(open, seed)?;
    }
    Ok(())
}

/// Which store [`check_durable`] asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// A new one, without a row in it.
    Fresh,
    /// The one that was opened last, which has been dropped since.
    Again,
}

/// Checks that what was written is there when the store is opened again.
///
/// # Errors
///
/// The first promise that is found broken.
pub fn check_durable<S: Store>(
    open: &mut dyn FnMut(Opening) -> Result<S, StoreError>,
) -> Result<(), ConformanceError> {
    let promise = "what a write has returned from is there when the store is opened again";
    let mut probe = Probe::new(open(Opening::Fresh)?);
    probe.all("a fresh store is empty")?;
    let mut random = Random(99);
    for round in 0..8 {
        probe = probe.with(|store| {
            drop(store);
            open(Opening::Again)
        })?;
        probe.all(promise)?;
        probe.medium()?;
        for _ in 0..round {
            probe.write(&random_batch(&mut random))?;
        }
        probe.all(promise)?;
    }
    let everything = probe.removal_of_everything();
    probe.write(&everything)?;
    probe = probe.with(|store| {
        drop(store);
        open(Opening::Again)
    })?;
    probe.all("what was removed stays removed when the store is opened again")?;
    probe.medium()
}

/// A promise that is not kept: by a store, or by a state machine
/// ([`chain::conformance`](crate::chain::conformance)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConformanceError {
    promise: &'static str,
    detail: String,
}

impl ConformanceError {
    /// That promise is not kept, as `detail` shows.
    pub(crate) fn new(promise: &'static str, detail: String) -> Self {
        ConformanceError { promise, detail }
    }

    /// The promise, as a sentence.
    #[must_use]
    pub fn promise(&self) -> &'static str {
        self.promise
    }

    /// What was seen instead.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for ConformanceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a promise is broken ({}): {}", self.promise, self.detail)
    }
}

impl core::error::Error for ConformanceError {}

impl From<StoreError> for ConformanceError {
    fn from(error: StoreError) -> Self {
        ConformanceError {
            promise: "nothing fails while the medium does not",
            detail: error.to_string(),
        }
    }
}

/// Rows of a table, in order.
type Rows = Vec<(Bytes, Bytes)>;

/// A store and what it should hold.
struct Probe<S> {
    store: S,
    model: [BTreeMap<Bytes, Bytes>; Table::ALL.len()],
}

impl<S: Store> Probe<S> {
    fn new(store: S) -> Self {
        Probe { store, model: Default::default() }
    }

    /// The same rows expected of what `reopen` makes of the store.
    fn with(
        self,
        reopen: impl FnOnce(S) -> Result<S, StoreError>,
    ) -> Result<Self, ConformanceError> {
        Ok(Probe { store: reopen(self.store)?, model: self.model })
    }

    fn write(&mut self, batch: &Batch) -> Result<(), ConformanceError> {
        self.store.write(batch)?;
        for table in Table::ALL {
            let rows = &mut self.model[table as usize - 1];
            for (key, value) in batch.writes(table) {
                match value {
                    Some(value) => _ = rows.insert(key.clone(), value.clone()),
                    None => _ = rows.remove(key),
                }
            }
        }
        Ok(())
    }

    /// One key.
    fn get(&self, promise: &'static str, table: Table, key: &[u8]) -> Result<(), ConformanceError> {
        let found = self.store.get(table, key)?;
        let expected = self.model[table as usize - 1].get(key);
        if found.as_ref() == expected {
            return Ok(());
        }
        let show = |value: Option<&Bytes>| value.map_or("no row".to_string(), |v| show(v));
        let (key, found, expected) = (self::show(key), show(found.as_ref()), show(expected));
        let detail = format!("{} at {key}: {found} instead of {expected}", table.name());
        Err(ConformanceError { promise, detail })
    }

    /// A range, left after `limit` rows.
    fn scan(
        &self,
        promise: &'static str,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        limit: usize,
    ) -> Result<(), ConformanceError> {
        let mut found = Rows::new();
        self.store.scan(table, range, order, &mut |key, value| {
            found.push((key.into(), value.into()));
            match found.len() < limit {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })?;
        let expected = self.expected(table, range, order, limit);
        if found == expected {
            return Ok(());
        }
        let at = found.iter().zip(&expected).take_while(|(a, b)| a == b).count();
        let show = |rows: &Rows| {
            let row = |(key, value): &(Bytes, Bytes)| format!("{} = {}", show(key), show(value));
            rows.get(at).map_or("no row".to_string(), row)
        };
        let detail = format!(
            "{} from {} to {}, {order:?}: {} rows instead of {}; row {at} is {} instead of {}",
            table.name(),
            show_bound(range.0),
            show_bound(range.1),
            found.len(),
            expected.len(),
            show(&found),
            show(&expected),
        );
        Err(ConformanceError { promise, detail })
    }

    /// The rows that a scan should show: at least one is shown before a visitor can break.
    fn expected(&self, table: Table, range: KeyRange<'_>, order: Order, limit: usize) -> Rows {
        let rows = self.model[table as usize - 1].iter();
        let rows = rows.filter(|(key, _)| is_within(key, range));
        let mut rows: Rows = rows.map(|(key, value)| (key.clone(), value.clone())).collect();
        if order == Order::Descending {
            rows.reverse();
        }
        rows.truncate(limit.max(1));
        rows
    }

    /// Every row of every table, by scan and by key.
    fn all(&self, promise: &'static str) -> Result<(), ConformanceError> {
        for table in Table::ALL {
            for order in [Order::Ascending, Order::Descending] {
                self.scan(promise, table, EVERYTHING, order, usize::MAX)?;
            }
            for key in self.model[table as usize - 1].keys() {
                self.get(promise, table, key)?;
            }
        }
        Ok(())
    }

    fn medium(&mut self) -> Result<(), ConformanceError> {
        self.store.verify_medium().map_err(|error| ConformanceError {
            promise: "a medium that was not damaged is not called so",
            detail: error.to_string(),
        })
    }

    fn removal_of_everything(&self) -> Batch {
        let mut batch = Batch::new();
        for table in Table::ALL {
            for key in self.model[table as usize - 1].keys() {
                batch.remove(table, key.clone());
            }
        }
        batch
    }
}

const EVERYTHING: KeyRange<'static> = (Bound::Unbounded, Bound::Unbounded);

/// Whether a key is in a range, from the words of the definition.
fn is_within(key: &[u8], (from, to): KeyRange<'_>) -> bool {
    let after = match from {
        Bound::Included(from) => key >= from,
        Bound::Excluded(from) => key > from,
        Bound::Unbounded => true,
    };
    let before = match to {
        Bound::Included(to) => key <= to,
        Bound::Excluded(to) => key < to,
        Bound::Unbounded => true,
    };
    after && before
}

/// Bytes for people: the first ones and how many there are.
fn show(bytes: &[u8]) -> String {
    let start: String = bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    match bytes.len() {
        0..=16 => format!("0x{start}"),
        length => format!("0x{start}... ({length} bytes)"),
    }
}

fn show_bound(bound: Bound<&[u8]>) -> String {
    match bound {
        Bound::Included(key) => format!("{} (included)", show(key)),
        Bound::Excluded(key) => format!("{} (excluded)", show(key)),
        Bound::Unbounded => "the end".to_string(),
    }
}

fn fresh_is_empty<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let mut probe = Probe::new(open()?);
    probe.all("a fresh store is empty")?;
    for table in Table::ALL {
        probe.get("a key that is not there has no value", table, &[7; 32])?;
    }
    probe.write(&Batch::new())?;
    probe.all("a batch without writes changes nothing")?;
    probe.medium()
}

/// One key through its life, one batch for each step, in every table.
fn single_rows<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let mut probe = Probe::new(open()?);
    let (key, other) = ([0x61; 32], [0x62; 32]);
    let step = |value: Option<[u8; 32]>, table| {
        let mut batch = Batch::new();
        match value {
            Some(value) => batch.put(table, key, value),
            None => batch.remove(table, key),
        }
        batch
    };
    let steps = [
        ("removing a key that is not there is no error and changes nothing", None),
        ("a key has the value that was put", Some([1; 32])),
        ("a key has the value that was put last", Some([2; 32])),
        ("putting the value that is there changes nothing", Some([2; 32])),
        ("a removed key has no value", None),
        ("a removed key can be put again", Some([3; 32])),
    ];
    for table in Table::ALL {
        for (promise, value) in steps {
            probe.write(&step(value, table))?;
            probe.get(promise, table, &key)?;
            probe.get("a key that is not there has no value", table, &other)?;
            probe.all(promise)?;
        }
    }
    Ok(())
}

/// Keys and values of the least and the greatest size, and some between.
fn sizes<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let mut probe = Probe::new(open()?);
    let promise = "keys of 1 to 300 bytes and values of 0 bytes to 1 MiB come back as they were";
    let mut random = Random(5);
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Leaves) {
        for key_bytes in [1, 2, 31, 32, 33, 64, 65, 255, 256, KEY_BYTES] {
            let mut batch = Batch::new();
            batch.put(table, random.bytes(key_bytes), random.bytes(key_bytes * 3));
            probe.write(&batch)?;
        }
        probe.all(promise)?;
    }
    for value_bytes in [0, 1, 4095, 4096, 4097, 65_535, 65_536, VALUE_BYTES - 1, VALUE_BYTES] {
        let mut batch = Batch::new();
        batch.put(Table::State, random.bytes(33), random.bytes(value_bytes));
        batch.put(Table::Code, random.bytes(KEY_BYTES), vec![0; value_bytes]);
        probe.write(&batch)?;
        probe.all(promise)?;
    }
    // A value that shrinks and grows in place.
    for value_bytes in [VALUE_BYTES, 0, 100, VALUE_BYTES, 5000] {
        let mut batch = Batch::new();
        batch.put(Table::Undo, *b"one", random.bytes(value_bytes));
        probe.write(&batch)?;
        probe.get("a key has the value that was put last", Table::Undo, b"one")?;
    }
    let everything = probe.removal_of_everything();
    probe.write(&everything)?;
    probe.all("a removed key has no value")
}

/// Keys that an order by length, by text or by signed bytes would put elsewhere.
fn tricky_keys() -> Vec<Bytes> {
    let short: [&[u8]; 17] = [
        b"\x00",
        b"\x00\x00",
        b"\x00\x01",
        b"\x00\xff",
        b"\x01",
        b"A",
        b"a",
        b"a\x00",
        b"a\x00\x00",
        b"a\x7f",
        b"a\x80",
        b"a\xff",
        b"ab",
        b"b",
        b"\x7f",
        b"\x80",
        b"\xff",
    ];
    let long = [vec![0; KEY_BYTES], vec![0xff; KEY_BYTES - 1], vec![0xff; KEY_BYTES]];
    let mut keys: Vec<Bytes> = short.into_iter().map(Bytes::from).collect();
    keys.extend(long.into_iter().map(Bytes::from));
    keys
}

/// Every pair of bounds, on and between the keys, both ways.
fn ranges<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let mut probe = Probe::new(open()?);
    let table = Table::State;
    let mut batch = Batch::new();
    let keys = tricky_keys();
    // Neither in order nor in the opposite one.
    for at in 0..keys.len() {
        let at = at * 7 % keys.len();
        batch.put(table, keys[at].clone(), vec![u8::try_from(at).unwrap_or(0); at]);
    }
    probe.write(&batch)?;
    probe.all("keys are ordered as bytes, a prefix before what it begins")?;
    let between: [&[u8]; 4] = [b"", b"\x00\x80", b"a\x00\x01", b"\xff\x00"];
    let places: Vec<&[u8]> = keys.iter().map(|key| &**key).chain(between).collect();
    let mut bounds = vec![Bound::Unbounded];
    for place in places {
        bounds.extend([Bound::Included(place), Bound::Excluded(place)]);
    }
    for from in &bounds {
        for to in &bounds {
            let promise = match super::is_empty_range(&(*from, *to)) {
                true => "a range that is empty or inside out shows nothing",
                false => "a scan shows exactly the rows with keys in the range, in its order",
            };
            for order in [Order::Ascending, Order::Descending] {
                probe.scan(promise, table, (*from, *to), order, usize::MAX)?;
            }
        }
    }
    let promise = "a scan ends when its visitor breaks";
    for limit in 1..=keys.len() {
        for order in [Order::Ascending, Order::Descending] {
            probe.scan(promise, table, EVERYTHING, order, limit)?;
            let from = Bound::Excluded(&b"\x00"[..]);
            probe.scan(promise, table, (from, Bound::Included(b"b")), order, limit)?;
        }
    }
    Ok(())
}

fn tables_are_independent<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let promise = "tables have nothing to do with each other";
    let mut probe = Probe::new(open()?);
    let mut all = Batch::new();
    for table in Table::ALL {
        all.put(table, [0xaa; 32], [table as u8; 32]);
        let mut batch = Batch::new();
        batch.put(table, [table as u8; 32], [0xbb; 32]);
        probe.write(&batch)?;
        probe.all(promise)?;
    }
    probe.write(&all)?;
    probe.all("a batch applies its writes to every table")?;
    for table in Table::ALL {
        let mut batch = Batch::new();
        batch.remove(table, [0xaa; 32]);
        probe.write(&batch)?;
        probe.all(promise)?;
    }
    Ok(())
}

fn order_within_a_batch<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let promise = "the writes of a batch take effect in the order in which they were added";
    // For each history of one key: what is there before does not matter to what is there after.
    let histories: [&[Option<u8>]; 6] = [
        &[Some(1), Some(2)],
        &[Some(2), Some(1)],
        &[Some(1), None],
        &[None, Some(1)],
        &[Some(1), None, Some(2), None],
        &[None, Some(2), None, Some(1), Some(3)],
    ];
    let mut probe = Probe::new(open()?);
    for _ in 0..2 {
        for history in histories {
            let mut batch = Batch::new();
            for table in Table::ALL {
                for (step, value) in (1..).zip(history) {
                    let key = [0x10; 32];
                    match value {
                        Some(value) => batch.put(table, key, [*value; 32]),
                        None => batch.remove(table, key),
                    }
                    // Another key between two writes of the same.
                    batch.put(table, [0x20; 32], [step; 32]);
                }
            }
            probe.write(&batch)?;
            probe.all(promise)?;
        }
    }
    Ok(())
}

/// More rows and bytes than fit one page, one buffer or one statement of anything.
fn big_batch<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let promise = "a batch is applied as a whole, however big it is";
    let mut probe = Probe::new(open()?);
    let mut random = Random(17);
    let mut batch = Batch::new();
    for number in 0..20_000_u32 {
        batch.put(Table::State, random.bytes(40), number.to_be_bytes());
        batch.put(Table::Leaves, random.hash(), random.hash());
    }
    for number in 0..8_u8 {
        batch.put(Table::Code, [number; 32], random.bytes(200_000));
    }
    probe.write(&batch)?;
    probe.all(promise)?;
    let everything = probe.removal_of_everything();
    probe.write(&everything)?;
    probe.all(promise)
}

/// The table whose keys and values all have 32 bytes; bounds may have any length there too.
fn leaves<S: Store>(open: &mut Open<'_, S>) -> Result<(), ConformanceError> {
    let promise = "leaves are ordered and bounded as bytes, like every table";
    let mut probe = Probe::new(open()?);
    let mut batch = Batch::new();
    let mut keys = vec![[0; 32], [0xff; 32]];
    for byte in [0, 1, 0x7f, 0x80, 0xff] {
        for at in [0, 1, 31] {
            let mut key = [0x55; 32];
            key[at] = byte;
            keys.push(key);
        }
    }
    for key in &keys {
        batch.put(Table::Leaves, *key, key.map(|byte| !byte));
    }
    probe.write(&batch)?;
    probe.all(promise)?;
    let mut bounds = vec![Bound::Unbounded];
    let mut longer: Vec<[u8; 33]> = Vec::new();
    for key in &keys {
        let mut long = [0; 33];
        long[..32].copy_from_slice(key);
        longer.push(long);
    }
    for key in &longer {
        for length in [0, 1, 2, 31, 32, 33] {
            bounds.extend([Bound::Included(&key[..length]), Bound::Excluded(&key[..length])]);
        }
    }
    for from in &bounds {
        for to in &bounds {
            for order in [Order::Ascending, Order::Descending] {
                probe.scan(promise, Table::Leaves, (*from, *to), order, usize::MAX)?;
            }
        }
    }
    for length in [0, 31, 33] {
        probe.get("a key that is not there has no value", Table::Leaves, &longer[0][..length])?;
    }
    Ok(())
}

/// Batches at random, and random questions after each.
fn history<S: Store>(open: &mut Open<'_, S>, seed: u64) -> Result<(), ConformanceError> {
    let promise = "after any history the store shows what a plain map shows";
    let mut probe = Probe::new(open()?);
    let mut random = Random(seed);
    for _ in 0..24 {
        probe.write(&random_batch(&mut random))?;
        for _ in 0..40 {
            let table = random.table();
            let (from, to) = (random.key(table), random.key(table));
            probe.get(promise, table, &from)?;
            let range = (random.bound(&from), random.bound(&to));
            let limit = match random.below(4) {
                0 => 1 + random.below(5),
                _ => usize::MAX,
            };
            let order = [Order::Ascending, Order::Descending][random.below(2)];
            probe.scan(promise, table, range, order, limit)?;
        }
    }
    probe.all(promise)?;
    let everything = probe.removal_of_everything();
    probe.write(&everything)?;
    probe.all(promise)
}

/// Up to 60 writes to keys that meet again.
fn random_batch(random: &mut Random) -> Batch {
    let mut batch = Batch::new();
    for _ in 0..random.below(60) {
        let table = random.table();
        let key = random.key(table);
        match random.below(3) {
            0 => batch.remove(table, key),
            _ if table == Table::Leaves => batch.put(table, key, random.hash()),
            _ => {
                let length = [0, 8, 64, 3000][random.below(4)];
                batch.put(table, key, random.bytes(length));
            }
        }
    }
    batch
}

/// A SplitMix64 sequence: the same everywhere, and good enough to choose cases.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.byte()).collect()
    }

    fn hash(&mut self) -> [u8; 32] {
        core::array::from_fn(|_| self.byte())
    }

    fn table(&mut self) -> Table {
        Table::ALL[self.below(Table::ALL.len())]
    }

    /// One of a few dozen keys: short ones over four bytes, or hashes of 32 where a table wants it.
    fn key(&mut self, table: Table) -> Vec<u8> {
        let byte = |random: &mut Random| [0x00, 0x61, 0x80, 0xff][random.below(4)];
        if table == Table::Leaves {
            let (first, last) = (byte(self), byte(self));
            let mut key = vec![first; 32];
            key[31] = last;
            return key;
        }
        let length = 1 + self.below(3);
        (0..length).map(|_| byte(self)).collect()
    }

    fn bound<'a>(&mut self, key: &'a [u8]) -> Bound<&'a [u8]> {
        match self.below(5) {
            0 => Bound::Unbounded,
            1 | 2 => Bound::Included(key),
            _ => Bound::Excluded(key),
        }
    }
}

#[cfg(test)]
mod tests;
