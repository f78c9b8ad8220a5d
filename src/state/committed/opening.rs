//! Opening: the tree is made from what is stored, and has to come to the root of the head.

use alloc::collections::VecDeque;
use alloc::format;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use super::{State, StateOptions, is_table_empty, meta};
use crate::state::store::{Batch, Order, Store, StoreError, StoreErrorKind, Table};
use crate::state::tree::{Leaf, Residence, StateRoot, Tree, TreeBuilder};

/// How many rows a batch has where many are written.
const BATCH_ROWS: usize = 50_000;

impl<S: Store> State<S> {
    /// Opens state over a store that is empty or holds state.
    ///
    /// With the tree in memory, every row is read, and the root of all compared with the one that
    /// was committed; with a bounded tree, every leaf is. A bounded tree keeps a table of leaves in
    /// the store, a tree in memory does without: opening a store the other way than it was makes
    /// the table or removes it, which takes a while for once. Making a tree from rows takes memory
    /// for all leaves, 64 bytes each, also where the tree is to be bounded.
    ///
    /// # Errors
    ///
    /// Where the store fails, is not ours or of another version, holds an unfinished restore, or
    /// does not come to its root; then nothing has been written.
    pub fn open(store: S, options: StateOptions) -> Result<State<S>, StoreError> {
        let mut store = store;
        let head = meta::read_head(&store)?;
        if store.get(Table::Meta, meta::RESTORE_KEY)?.is_some() {
            let message = "a restore of a snapshot has begun and not ended";
            return Err(StoreError::of(StoreErrorKind::Unfinished, message));
        }
        let StateOptions { residence, proof_heights } = options;
        let has_leaves = meta::has_leaves(&store)?;
        let as_it_is = if has_leaves { Residence::Bounded } else { Residence::Memory };
        let residence = residence.unwrap_or(as_it_is);
        let version = head.map_or(0, |head| head.height.number());
        let expected = head.map_or(StateRoot::EMPTY, |head| head.root);
        let mut leaves = Vec::new();
        let tree = if residence == Residence::Bounded && has_leaves {
            build_from_table(&store, version)?
        } else {
            leaves = collect_leaves(&store)?;
            build(residence, version, &leaves)?
        };
        let root = tree.root();
        // A bounded tree is that of the leaves: without a head there must be no rows either.
        if root != expected || (head.is_none() && !is_table_empty(&store, Table::State)?) {
            return Err(StoreError::corrupt(format!(
                "its rows have the root {root}, and {expected} was committed"
            )));
        }
        // Only what was found sound is made into something else.
        match residence {
            Residence::Memory => drop_leaves(&mut store)?,
            Residence::Bounded if head.is_some() && !has_leaves => {
                make_leaves(&mut store, &leaves)?;
            }
            Residence::Bounded => {}
        }
        let (recent, pins) = (VecDeque::new(), Vec::new());
        let prepared = None;
        Ok(State { store, residence, proof_heights, head, tree, prepared, recent, pins })
    }
}

/// The leaves of all rows, in order of their keys.
pub(super) fn collect_leaves<S: Store>(store: &S) -> Result<Vec<Leaf>, StoreError> {
    let mut leaves = Vec::new();
    let all = (Bound::Unbounded, Bound::Unbounded);
    store.scan(Table::State, all, Order::Ascending, &mut |key, value| {
        leaves.push(Leaf::of(key, value));
        ControlFlow::Continue(())
    })?;
    leaves.sort_unstable_by_key(|leaf| leaf.key);
    Ok(leaves)
}

/// The root of all rows.
pub(crate) fn root_of_rows<S: Store>(store: &S) -> Result<StateRoot, StoreError> {
    Ok(build(Residence::Bounded, 0, &collect_leaves(store)?)?.root())
}

/// A tree of leaves that are in order.
pub(super) fn build(
    residence: Residence,
    version: u64,
    leaves: &[Leaf],
) -> Result<Tree, StoreError> {
    let mut builder = TreeBuilder::new(residence);
    leaves.iter().try_for_each(|leaf| builder.push(*leaf))?;
    builder.finish(version)
}

/// A bounded tree from the table of leaves.
fn build_from_table<S: Store>(store: &S, version: u64) -> Result<Tree, StoreError> {
    let mut builder = TreeBuilder::new(Residence::Bounded);
    let mut outcome = Ok(());
    let all = (Bound::Unbounded, Bound::Unbounded);
    store.scan(Table::Leaves, all, Order::Ascending, &mut |key, value| {
        outcome = leaf_of_row(key, value).and_then(|leaf| builder.push(leaf));
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    outcome?;
    builder.finish(version)
}

/// The leaf that a row of the table of leaves holds.
pub(super) fn leaf_of_row(key: &[u8], value: &[u8]) -> Result<Leaf, StoreError> {
    match (key.try_into(), value.try_into()) {
        (Ok(key), Ok(value)) => Ok(Leaf { key, value }),
        _ => Err(StoreError::corrupt("a row of the table of leaves has another length")),
    }
}

/// Removes the table of leaves: first what says that it is complete, then its rows.
fn drop_leaves<S: Store>(store: &mut S) -> Result<(), StoreError> {
    if meta::has_leaves(store)? {
        let mut batch = Batch::new();
        meta::put_leaves(&mut batch, false);
        store.write(&batch)?;
    }
    clear(store, Table::Leaves)
}

/// Removes all rows of a table, in steps.
pub(crate) fn clear<S: Store>(store: &mut S, table: Table) -> Result<(), StoreError> {
    loop {
        let mut batch = Batch::new();
        let all = (Bound::Unbounded, Bound::Unbounded);
        store.scan(table, all, Order::Ascending, &mut |key, _| {
            batch.remove(table, key);
            match batch.len() < BATCH_ROWS {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })?;
        if batch.is_empty() {
            return Ok(());
        }
        store.write(&batch)?;
    }
}

/// Makes the table of leaves anew; what says that it is complete comes with its last rows.
fn make_leaves<S: Store>(store: &mut S, leaves: &[Leaf]) -> Result<(), StoreError> {
    drop_leaves(store)?;
    let mut parts = leaves.chunks(BATCH_ROWS).peekable();
    loop {
        let mut batch = Batch::new();
        let part = parts.next().unwrap_or_default();
        part.iter().for_each(|leaf| batch.put(Table::Leaves, leaf.key, leaf.value));
        let is_last = parts.peek().is_none();
        if is_last {
            meta::put_leaves(&mut batch, true);
        }
        store.write(&batch)?;
        if is_last {
            return Ok(());
        }
    }
}
