//! [`StateAt`]: state as it was at an older height.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::undo::{Undo, shared};
use super::{Rows, State, StateRoot};
use crate::primitives::{Hash, Height};
use crate::state::store::{
    Bytes, KeyRange, Order, Store, StoreError, Table, Visit, after, is_empty_range, upto,
};
use crate::state::view::Base;

/// Rows of the store are looked at in windows of that many.
const WINDOW: usize = 512;

/// State at a height: the rows of the head with what later blocks replaced put back. Reading a key
/// costs one search in each later block. What these replaced is held in memory meanwhile: beyond
/// the last [`proof_heights`](super::StateOptions::proof_heights) it is read from the store first.
pub struct StateAt<'a, S> {
    state: &'a State<S>,
    height: Height,
    root: StateRoot,
    /// What the blocks above the height replaced, oldest first.
    above: Vec<Arc<Undo>>,
}

/// What the blocks above a height replaced, kept by whoever comes back to that height.
#[derive(Clone, Debug, Default)]
pub(crate) struct Above {
    /// Oldest block first.
    undos: Vec<Arc<Undo>>,
    /// The root of state after the last of these blocks. It has been dropped, and others with it,
    /// where that height has another root by now.
    root: Option<StateRoot>,
}

impl<S: Store> State<S> {
    /// State as it was after the block of `height`.
    ///
    /// # Errors
    ///
    /// Where the height is not retained or the store fails.
    pub fn at(&self, height: Height) -> Result<StateAt<'_, S>, StoreError> {
        self.at_with(height, &mut Above::default())
    }

    /// The same with the undos that were found before, to which those of newer blocks are added.
    pub(crate) fn at_with(
        &self,
        height: Height,
        above: &mut Above,
    ) -> Result<StateAt<'_, S>, StoreError> {
        let root = self.root_at(height)?;
        if !above.undos.is_empty() && !self.is_above(height, above)? {
            above.undos.clear();
        }
        for block in self.blocks_above(height).skip(above.undos.len()) {
            above.undos.push(self.undo(block)?);
        }
        above.root = Some(self.root());
        Ok(StateAt { state: self, height, root, above: above.undos.clone() })
    }

    /// Whether undos lead from blocks that are still there to `height`.
    fn is_above(&self, height: Height, above: &Above) -> Result<bool, StoreError> {
        let reached = Height::new(height.number() + above.undos.len() as u64);
        let is_there = self.head.is_some_and(|head| reached <= head.height);
        Ok(is_there && Some(self.root_at(reached)?) == above.root)
    }
}

impl<S: Store> StateAt<'_, S> {
    /// The root of state at that height.
    #[must_use]
    pub fn root(&self) -> StateRoot {
        self.root
    }

    /// Shows the rows with state keys in `range` to `visit`, one after the other, until it breaks:
    /// with [`StateRow::decode`](crate::state::StateRow::decode) it reads them.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub fn rows(
        &self,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        self.scan(range, order, visit)
    }
}

impl<S: Store> Rows for StateAt<'_, S> {
    fn committed(&self) -> Base {
        Base::Block(self.height, self.root)
    }

    fn row(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        match self.above.iter().find_map(|undo| undo.get(key)) {
            Some(previous) => Ok(shared(previous)),
            None => self.state.row(key),
        }
    }

    /// Walks over the rows of the head in windows; in each, what later blocks replaced is put back.
    fn scan(
        &self,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        if is_empty_range(&range) {
            return Ok(());
        }
        let mut reached: Option<Bytes> = None;
        loop {
            let rest = after(range, order, reached.as_deref());
            let mut rows: BTreeMap<Bytes, Bytes> = BTreeMap::new();
            let mut last: Option<Bytes> = None;
            self.state.scan(rest, order, &mut |key, value| {
                let key = Bytes::from(key);
                rows.insert(key.clone(), value.into());
                last = Some(key);
                match rows.len() < WINDOW {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            })?;
            // A window that was not filled reaches to the end of the range.
            let end = last.filter(|_| rows.len() == WINDOW);
            self.put_back(upto(rest, order, end.as_deref()), &mut rows);
            let mut walk = rows.iter();
            let mut step = || match order {
                Order::Ascending => walk.next(),
                Order::Descending => walk.next_back(),
            };
            while let Some((key, value)) = step() {
                if let ControlFlow::Break(()) = visit(key, value) {
                    return Ok(());
                }
            }
            match end {
                Some(end) => reached = Some(end),
                None => return Ok(()),
            }
        }
    }

    fn code_bytes(&self, hash: &Hash) -> Result<Option<Bytes>, StoreError> {
        self.state.store.get(Table::Code, hash.as_bytes())
    }
}

impl<S> StateAt<'_, S> {
    /// Puts back what later blocks replaced in a range: the newest first, so that the oldest has
    /// the last word.
    fn put_back(&self, range: KeyRange<'_>, rows: &mut BTreeMap<Bytes, Bytes>) {
        for undo in self.above.iter().rev() {
            for (key, previous) in undo.range(range) {
                match previous {
                    Some(value) => _ = rows.insert(key.into(), value.into()),
                    None => _ = rows.remove(key),
                }
            }
        }
    }
}
