//! The full check: everything that is stored against everything it must agree with.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow, RangeInclusive};

use super::State;
use super::meta::{self, Totals};
use super::opening::{build, collect_leaves};
use super::reading::damaged;
use super::undo::{LeavesAt, Undo};
use crate::primitives::{Address, Domain, Hash, Height};
use crate::state::account::{CodeInfo, Usage};
use crate::state::rows::{
    Place, StateKey, decode_account, decode_code_info, decode_history, decode_value, place,
};
use crate::state::store::{Order, Store, StoreError, Table};
use crate::state::tree::{Leaf, Residence};

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checking {
    /// That many rows of state have been read.
    Rows(u64),
    /// State as of that height has been made again.
    Height(Height),
}

/// What a check has looked at, all of it sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckReport {
    /// Rows of state.
    pub rows: u64,
    /// What they hold.
    pub totals: Totals,
    /// Heights whose roots were made again.
    pub heights: u64,
    /// Rows of the table of leaves.
    pub leaves: u64,
}

/// What rows say, gathered in one walk.
#[derive(Default)]
pub(crate) struct Survey {
    rows: u64,
    totals: Totals,
    /// Usage that each contract's record tells, and what was found.
    contracts: BTreeMap<Address, (Usage, Usage)>,
    /// The version that each contract's record tells, less those that its history has.
    versions: BTreeMap<Address, u64>,
    /// Contracts by code.
    references: BTreeMap<Hash, u64>,
    code: BTreeMap<Hash, CodeInfo>,
}

impl<S: Store> State<S> {
    /// Checks everything that is stored: that every row decodes, that usage, references and totals
    /// are what is found, that code has its hash, that all rows come to the root, that the table of
    /// leaves is theirs, and that every retained height comes to the root that it was committed
    /// with. Blocks and receipts have to be of retained heights; what they and the index hold is
    /// for the chain above to say. Tells `progress` every 10,000 rows and at every height.
    ///
    /// # Errors
    ///
    /// Where something is not as it must be, with [`StoreErrorKind::Corrupt`] and what and where;
    /// or where the store fails.
    ///
    /// [`StoreErrorKind::Corrupt`]: crate::state::StoreErrorKind::Corrupt
    pub fn check(&self, progress: &mut dyn FnMut(Checking)) -> Result<CheckReport, StoreError> {
        let survey = Survey::of(&self.store, progress)?;
        if survey.totals != self.totals() {
            let (found, told) = (survey.totals, self.totals());
            return Err(StoreError::corrupt(format!("{told:?} was committed, not {found:?}")));
        }
        let leaves = collect_leaves(&self.store)?;
        let leaf_rows = self.check_leaves(&leaves)?;
        let heights = self.check_history(&leaves, survey.held_code(), progress)?;
        let (rows, totals) = (survey.rows, survey.totals);
        Ok(CheckReport { rows, totals, heights, leaves: leaf_rows })
    }

    fn check_leaves(&self, leaves: &[Leaf]) -> Result<u64, StoreError> {
        let mut expected = leaves.iter();
        let (mut rows, mut differs) = (0, false);
        if !meta::has_leaves(&self.store)? && super::is_table_empty(&self.store, Table::Leaves)? {
            return Ok(rows);
        }
        let all = (Bound::Unbounded, Bound::Unbounded);
        self.store.scan(Table::Leaves, all, Order::Ascending, &mut |key, value| {
            rows += 1;
            differs |= !expected.next().is_some_and(|leaf| leaf.key == key && leaf.value == value);
            if differs { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if differs || expected.next().is_some() {
            return Err(StoreError::corrupt("the table of leaves is not that of the rows"));
        }
        Ok(rows)
    }

    /// Takes state back block by block and compares each root.
    fn check_history(
        &self,
        leaves: &[Leaf],
        mut held: BTreeSet<Hash>,
        progress: &mut dyn FnMut(Checking),
    ) -> Result<u64, StoreError> {
        let Some(head) = self.head else { return self.check_nothing_is_there() };
        let mut tree = build(Residence::Memory, head.height.number(), leaves)?;
        let mut height = head.height;
        loop {
            let (found, expected) = (tree.root(), self.root_at(height)?);
            let is_head = height == head.height;
            if found != expected || (is_head && found != head.root) {
                let message = format!("state of {height} has the root {found}, not {expected}");
                return Err(StoreError::corrupt(message));
            }
            progress(Checking::Height(height));
            if height == head.oldest {
                break;
            }
            let undo = Undo::load(&self.store, height)?;
            self.check_released_code(&undo, &mut held)?;
            let changes = undo.leaves();
            let below = LeavesAt { store: &self.store, above: Vec::new() };
            height = Height::new(height.number() - 1);
            tree.push_oldest(height.number(), &changes, &below)?;
            tree.pop_newest();
        }
        check_no_other_code(&self.store, &held)?;
        meta::check_names(&self.store)?;
        let retained = head.oldest.number()..=head.height.number();
        self.check_heights(Table::Roots, &retained)?;
        self.check_heights(Table::Receipts, &retained)?;
        self.check_heights(Table::Blocks, &retained)?;
        // Nothing takes the oldest height back further.
        self.check_heights(Table::Undo, &(head.oldest.number() + 1..=head.height.number()))?;
        Ok(head.height.number() - head.oldest.number() + 1)
    }

    /// The rows of a table are of these heights.
    fn check_heights(
        &self,
        table: Table,
        retained: &RangeInclusive<u64>,
    ) -> Result<(), StoreError> {
        let mut stray = None;
        let all = (Bound::Unbounded, Bound::Unbounded);
        self.store.scan(table, all, Order::Ascending, &mut |key, _| {
            let height = key.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes));
            let is_one_a_height = matches!(table, Table::Roots | Table::Blocks);
            let has_length = key.len() == if is_one_a_height { 8 } else { 12 };
            // What a chain began with stays, in the place of a block of height 0.
            let is_genesis = table == Table::Blocks && height == Some(0);
            let is_retained = height.is_some_and(|height| retained.contains(&height));
            if has_length && (is_retained || is_genesis) {
                return ControlFlow::Continue(());
            }
            stray = Some(height.unwrap_or_default());
            ControlFlow::Break(())
        })?;
        match stray {
            Some(height) => Err(StoreError::corrupt(format!(
                "the table {} has a row of height {height} that is not retained or has another key",
                table.name()
            ))),
            None => Ok(()),
        }
    }

    /// Code that a block replaced the record of is still there for the heights below it.
    fn check_released_code(
        &self,
        undo: &Undo,
        held: &mut BTreeSet<Hash>,
    ) -> Result<(), StoreError> {
        let codes =
            (Bound::Included(&[StateKey::CODE][..]), Bound::Excluded(&[StateKey::HISTORY][..]));
        for (key, record) in undo.range(codes) {
            if let (Ok(Place::Code(hash)), Some(record)) = (place(key), record) {
                let info = decode_code_info(record).map_err(|e| damaged("code", hash, e))?;
                check_code(&self.store, &hash, &info)?;
                held.insert(hash);
            }
        }
        Ok(())
    }

    fn check_nothing_is_there(&self) -> Result<u64, StoreError> {
        let all = Table::ALL.into_iter();
        for table in all.filter(|table| !matches!(table, Table::Leaves | Table::Meta)) {
            if !super::is_table_empty(&self.store, table)? {
                let name = table.name();
                return Err(StoreError::corrupt(format!("{name} has rows, and there is no head")));
            }
        }
        Ok(0)
    }
}

impl Survey {
    /// Reads all rows of state and all code, and checks that they agree with each other.
    pub(crate) fn of<S: Store>(
        store: &S,
        progress: &mut dyn FnMut(Checking),
    ) -> Result<Survey, StoreError> {
        let mut survey = Survey::default();
        let mut outcome = Ok(());
        let all = (Bound::Unbounded, Bound::Unbounded);
        store.scan(Table::State, all, Order::Ascending, &mut |key, value| {
            outcome = survey.row(key, value);
            if survey.rows.is_multiple_of(10_000) {
                progress(Checking::Rows(survey.rows));
            }
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        outcome?;
        survey.compare()?;
        survey.check_code(store)?;
        Ok(survey)
    }

    /// What state holds.
    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    /// Hashes of the code that state holds.
    pub(crate) fn held_code(&self) -> BTreeSet<Hash> {
        self.code.keys().copied().collect()
    }

    fn check_code<S: Store>(&self, store: &S) -> Result<(), StoreError> {
        self.code.iter().try_for_each(|(hash, info)| check_code(store, hash, info))
    }

    /// Takes a row in.
    fn row(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.rows += 1;
        let totals = &mut self.totals;
        match place(key).map_err(|e| damaged("state key", Hex(key), e))? {
            Place::Account(address) => {
                let account = decode_account(value).map_err(|e| damaged("account", address, e))?;
                totals.accounts += 1;
                if let Some(info) = account.contract {
                    totals.contracts += 1;
                    *self.references.entry(info.code_hash).or_default() += 1;
                    self.contracts.insert(address, (info.usage, Usage::default()));
                    self.versions.insert(address, info.version.into());
                }
            }
            Place::Storage(contract, storage_key) => {
                let value = decode_value(value).map_err(|e| damaged("storage", contract, e))?;
                let bytes = (storage_key.len() + value.len()) as u64;
                totals.items += 1;
                totals.bytes += bytes;
                let usage = self.contracts.get_mut(&contract);
                let missing =
                    || StoreError::corrupt(format!("storage without contract {contract}"));
                let (_, found) = usage.ok_or_else(missing)?;
                *found = Usage { items: found.items + 1, bytes: found.bytes + bytes };
            }
            Place::Code(hash) => {
                let info = decode_code_info(value).map_err(|e| damaged("code", hash, e))?;
                totals.codes += 1;
                totals.code_bytes += u64::from(info.length);
                self.code.insert(hash, info);
            }
            Place::History(contract) => {
                let history = decode_history(value);
                let history = history.map_err(|e| damaged("history", contract, e))?;
                let version = self.versions.get_mut(&contract);
                let missing = || StoreError::corrupt(format!("a history without {contract}"));
                let version = version.ok_or_else(missing)?;
                *version = version.saturating_sub(history.len() as u64);
            }
        }
        Ok(())
    }

    /// What rows tell of each other is what was found.
    fn compare(&self) -> Result<(), StoreError> {
        for (contract, (told, found)) in &self.contracts {
            if told != found {
                return Err(StoreError::corrupt(format!(
                    "contract {contract} tells {} entries of {} bytes, and has {} of {}",
                    told.items, told.bytes, found.items, found.bytes
                )));
            }
        }
        if let Some((contract, _)) = self.versions.iter().find(|(_, version)| **version != 1) {
            let message = format!("contract {contract} tells another version than its history");
            return Err(StoreError::corrupt(message));
        }
        for (hash, found) in &self.references {
            if !self.code.contains_key(hash) {
                return Err(StoreError::corrupt(format!("{found} contracts lack the code {hash}")));
            }
        }
        for (hash, info) in &self.code {
            let found = self.references.get(hash).copied().unwrap_or_default();
            if info.references != found {
                return Err(StoreError::corrupt(format!(
                    "code {hash} tells {} references, and has {found}",
                    info.references
                )));
            }
        }
        Ok(())
    }
}

/// There is no code that nothing holds: it would never be pruned.
pub(crate) fn check_no_other_code<S: Store>(
    store: &S,
    held: &BTreeSet<Hash>,
) -> Result<(), StoreError> {
    let mut stray = false;
    let all = (Bound::Unbounded, Bound::Unbounded);
    store.scan(Table::Code, all, Order::Ascending, &mut |key, _| {
        let hash = <[u8; 32]>::try_from(key).map(Hash::from_bytes);
        stray = !hash.is_ok_and(|hash| held.contains(&hash));
        if stray { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if stray {
        return Err(StoreError::corrupt("there is code that no retained height holds"));
    }
    Ok(())
}

/// The code of a record is there, and is that code.
fn check_code<S: Store>(store: &S, hash: &Hash, info: &CodeInfo) -> Result<(), StoreError> {
    let code = store.get(Table::Code, hash.as_bytes())?;
    let code = code.ok_or_else(|| StoreError::corrupt(format!("no code {hash}")))?;
    if Hash::of(Domain::Code, &[&code]) != *hash || code.len() != info.length as usize {
        return Err(StoreError::corrupt(format!("the code {hash} is other code")));
    }
    Ok(())
}

/// Bytes in hexadecimal.
struct Hex<'a>(&'a [u8]);

impl core::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
