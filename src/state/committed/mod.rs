//! [`State`]: committed state over a store, with a root for every block.
//!
//! ```text
//!   ChangeSet ──▶ rows ──▶ tree (new root) ──▶ one Batch ──▶ Store::write, durable
//!                  │                             ├ state     the rows
//!                  │                             ├ code      code by hash
//!                  │                             ├ leaves    key hash → value hash (bounded)
//!                  └ what they replace ──────────┼ undo      for older heights
//!                                                ├ roots, receipts
//!                                                └ meta      head: height, root, totals
//! ```
//!
//! The store holds rows and no tree nodes: the tree is made when a store is opened, from the rows
//! or, where it is bounded, from the leaves, and it must come to the root of the head. So an
//! opening with the tree in memory checks every row of state; one with a bounded tree checks the
//! leaves, and whether they are those of the rows is for [`State::check`] to say.

mod at;
mod check;
mod meta;
#[cfg(feature = "metrics")]
mod metrics;
mod opening;
mod prove;
mod prune;
mod reading;
mod undo;

use alloc::collections::VecDeque;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::{Bound, ControlFlow};

use super::changes::{ChangeSet, RowChange};
use super::store::{Batch, Bytes, Order, Store, StoreError, StoreErrorKind, Table};
use super::tree::{Leaf, Residence, StateRoot, Tree, digest};
use super::view::View;
use crate::primitives::Height;
pub(crate) use undo::Undo;
use undo::{LeafChange, LeavesAt};

pub use at::StateAt;
pub use check::{CheckReport, Checking};
pub(crate) use check::{Survey, check_no_other_code};
pub use meta::{Head, Totals};
pub(crate) use meta::{RESTORE_KEY, put_format, put_roots, read_head};
pub(crate) use opening::{clear, root_of_rows};
pub use prove::KeyProof;
pub use prune::Pruned;
pub(crate) use reading::Rows;

/// Committed state over a store.
///
/// ```
/// use dytallix::primitives::{Address, Amount};
/// use dytallix::state::{Block, Overlay, State, StateKey, StateOptions, View};
/// use dytallix::MemoryStore;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut state = State::open(MemoryStore::new(), StateOptions::default())?;
/// let alice = Address::from_bytes([1; 32]);
///
/// let mut overlay = Overlay::new(&state);
/// overlay.credit(&alice, Amount::new(5))?;
/// let changes = overlay.changes();
/// let height = state.next_height()?;
/// let root = state.commit(Block::new(height, &changes))?;
///
/// // Whoever trusts the root needs nothing else to verify what state holds.
/// let proved = state.prove(height, StateKey::Account(&alice))?;
/// let row = proved.value.ok_or("alice has an account")?;
/// proved.proof.verify_inclusion(&root, &proved.key, &row)?;
/// assert_eq!(state.at(height)?.account(&alice)?.map(|a| a.balance), Some(Amount::new(5)));
/// # Ok(())
/// # }
/// ```
pub struct State<S> {
    store: S,
    residence: Residence,
    proof_heights: u32,
    head: Option<Head>,
    tree: Tree,
    /// What the last blocks replaced, oldest first; the last is that of the head.
    recent: VecDeque<Recent>,
    /// Heights that must not be pruned, one for each pin.
    pins: Vec<Height>,
}

/// What a block replaced.
#[derive(Clone, Debug)]
struct Recent {
    undo: Arc<Undo>,
    /// The same as leaves, where the tree reads them.
    leaves: Arc<[LeafChange]>,
}

impl Recent {
    fn of(undo: Arc<Undo>, residence: Residence) -> Recent {
        let leaves = match residence {
            Residence::Memory => Arc::from([]),
            Residence::Bounded => undo.leaves().into(),
        };
        Recent { undo, leaves }
    }
}

/// How committed state is held.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateOptions {
    /// Where the leaves of the tree are; none means as the store has it, and in memory where it is
    /// empty.
    pub residence: Option<Residence>,
    /// At how many heights, the head included, keys can be proved at once; older ones that are
    /// retained are proved too, after their tree has been made again.
    pub proof_heights: u32,
}

impl Default for StateOptions {
    /// The tree where the store has it, proofs at 128 heights.
    fn default() -> Self {
        StateOptions { residence: None, proof_heights: 128 }
    }
}

impl StateOptions {
    /// The defaults with the tree there.
    #[must_use]
    pub fn residence(residence: Residence) -> Self {
        StateOptions { residence: Some(residence), ..StateOptions::default() }
    }
}

/// A block to commit.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Block<'a> {
    /// Its height: one above the head's; any where there is no head.
    pub height: Height,
    /// What it changes, from an overlay over the head.
    pub changes: &'a ChangeSet,
    /// Its receipts, encoded, in order.
    pub receipts: &'a [Bytes],
}

impl<'a> Block<'a> {
    /// A block without receipts.
    #[must_use]
    pub const fn new(height: Height, changes: &'a ChangeSet) -> Self {
        Block { height, changes, receipts: &[] }
    }

    /// The same with these receipts.
    #[must_use]
    pub const fn receipts(self, receipts: &'a [Bytes]) -> Self {
        Block { receipts, ..self }
    }
}

impl<S: Store> State<S> {
    /// The last committed block; none where nothing has been committed.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// The root of state at the head; that of empty state where nothing has been committed.
    #[must_use]
    pub fn root(&self) -> StateRoot {
        self.head.map_or(StateRoot::EMPTY, |head| head.root)
    }

    /// How much state holds.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.head.map(|head| head.totals).unwrap_or_default()
    }

    /// The height of the next block: one above the head's, 1 where nothing has been committed.
    ///
    /// # Errors
    ///
    /// Where there is no further height.
    pub fn next_height(&self) -> Result<Height, StoreError> {
        let head = self.head.map_or(Height::default(), |head| head.height);
        let next = head.next().filter(|height| height.next().is_some());
        next.ok_or_else(|| StoreError::refused("the head has the last height"))
    }

    /// Where the leaves of the tree are.
    #[must_use]
    pub fn residence(&self) -> Residence {
        self.residence
    }

    /// Memory that the tree takes, in bytes.
    #[must_use]
    pub fn tree_bytes(&self) -> usize {
        self.tree.memory_bytes()
    }

    /// What holds it.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Gives the store back.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// The root of state at a height that is retained.
    ///
    /// # Errors
    ///
    /// Where the height is not retained or the store fails.
    pub fn root_at(&self, height: Height) -> Result<StateRoot, StoreError> {
        self.require_retained(height)?;
        let row = self.store.get(Table::Roots, &height.number().to_be_bytes())?;
        let root = row.and_then(|row| <[u8; 32]>::try_from(&row[..]).ok());
        let root = root.ok_or_else(|| StoreError::corrupt(format!("there is no root of {height}")));
        root.map(StateRoot::from_bytes)
    }

    /// Commits a block and returns the root of state after it. When this returns, the block is
    /// durable; where it fails, this value is as it was before. A store that failed in the middle
    /// may want to be opened anew, and then has the block or has it not, as a whole.
    ///
    /// # Errors
    ///
    /// Where the block does not follow the head, its changes are not changes of the head, or the
    /// store fails.
    pub fn commit(&mut self, block: Block<'_>) -> Result<StateRoot, StoreError> {
        self.check_follows(&block)?;
        let totals = self.totals().after(block.changes)?;
        let rows = block.changes.rows();
        let undo = Arc::new(Undo::of(&rows));
        let leaves = leaf_changes(&rows);
        let root = self.push_version(block.height, &leaves)?;
        let oldest = self.head.map_or(block.height, |head| head.oldest);
        let head = Head { height: block.height, root, totals, oldest };
        let batch = self.batch(&block, rows, &leaves, &undo, &head);
        if let Err(error) = self.store.write(&batch) {
            match self.head {
                Some(_) => _ = self.tree.pop_newest(),
                None => self.tree = opening::build(self.residence, 0, &[])?,
            }
            return Err(error);
        }
        self.head = Some(head);
        self.remember(undo);
        // Last, since a recorder is the embedder's, and may panic.
        #[cfg(feature = "metrics")]
        metrics::committed(&head, block.changes.len(), self.tree_bytes());
        Ok(root)
    }

    /// Makes the next version of the tree.
    fn push_version(
        &mut self,
        height: Height,
        leaves: &[LeafChange],
    ) -> Result<StateRoot, StoreError> {
        if self.head.is_none() {
            // The first block may have any height, so there is no version below it.
            let leaf = |(key, value): &LeafChange| Some(Leaf { key: *key, value: (*value)? });
            let leaves: Vec<Leaf> = leaves.iter().filter_map(leaf).collect();
            self.tree = opening::build(self.residence, height.number(), &leaves)?;
            return Ok(self.tree.root());
        }
        let below = LeavesAt { store: &self.store, above: Vec::new() };
        self.tree.push(height.number(), leaves, &below)
    }

    fn check_follows(&self, block: &Block<'_>) -> Result<(), StoreError> {
        let head = self.head.map(|head| head.height);
        if head.is_some() && head.and_then(Height::next) != Some(block.height) {
            let head = head.unwrap_or_default();
            let height = block.height;
            return Err(StoreError::refused(format!("block {height} does not follow {head}")));
        }
        if block.height.next().is_none() {
            return Err(StoreError::refused("the last height of all has no next one"));
        }
        if block.changes.base != self.base() {
            return Err(StoreError::refused(
                "the changes are those of another state than the head",
            ));
        }
        if !block.changes.is_sorted() {
            return Err(StoreError::refused("the changes are not sorted with one for each place"));
        }
        Ok(())
    }

    fn batch(
        &self,
        block: &Block<'_>,
        rows: Vec<RowChange>,
        leaves: &[LeafChange],
        undo: &Undo,
        head: &Head,
    ) -> Batch {
        let mut batch = Batch::new();
        for row in rows {
            match row.current {
                Some(value) => batch.put(Table::State, row.place, value),
                None => batch.remove(Table::State, row.place),
            }
        }
        for (hash, code) in &block.changes.code {
            batch.put(Table::Code, *hash.as_bytes(), code.clone());
        }
        if self.residence == Residence::Bounded {
            for (key, value) in leaves {
                match value {
                    Some(value) => batch.put(Table::Leaves, *key, *value),
                    None => batch.remove(Table::Leaves, *key),
                }
            }
            if self.head.is_none() {
                meta::put_leaves(&mut batch, true);
            }
        }
        // Below the first block there is no height that could be read.
        if self.head.is_some() {
            undo.put(&mut batch, block.height);
        }
        meta::put_roots(&mut batch, head);
        for (index, receipt) in (0_u32..).zip(block.receipts) {
            batch.put(Table::Receipts, undo::key(block.height, index), receipt.clone());
        }
        head.put(&mut batch);
        batch
    }

    /// Keeps what the new head replaced, and forgets what is too old to be at hand.
    fn remember(&mut self, undo: Arc<Undo>) {
        self.recent.push_back(Recent::of(undo, self.residence));
        self.trim();
    }

    /// Lets go of trees and undos beyond the heights that are to be at hand.
    fn trim(&mut self) {
        let kept = self.proof_heights.max(1);
        while self.recent.len() > kept as usize {
            self.recent.pop_front();
        }
        while self.tree.newest() - self.tree.oldest() >= u64::from(kept) {
            self.tree.drop_oldest();
        }
    }

    /// What the block of `height` replaced: at hand, or read from the store.
    fn undo(&self, height: Height) -> Result<Arc<Undo>, StoreError> {
        match self.recent_of(height) {
            Some(recent) => Ok(recent.undo.clone()),
            None => Undo::load(&self.store, height).map(Arc::new),
        }
    }

    /// What the block of `height` replaced, where it is at hand.
    fn recent_of(&self, height: Height) -> Option<&Recent> {
        let behind = self.head?.height.number().checked_sub(height.number())?;
        let after = usize::try_from(behind).ok()?.checked_add(1)?;
        self.recent.get(self.recent.len().checked_sub(after)?)
    }

    /// The blocks above a height up to the head, lowest first.
    fn blocks_above(&self, height: Height) -> impl DoubleEndedIterator<Item = Height> + use<S> {
        let head = self.head.map_or(height, |head| head.height);
        (height.number()..head.number()).map(|below| Height::new(below + 1))
    }

    fn require_retained(&self, height: Height) -> Result<(), StoreError> {
        match self.head {
            Some(head) if height >= head.oldest && height <= head.height => Ok(()),
            Some(head) => Err(StoreError::of(
                StoreErrorKind::NotRetained,
                format!("height {height}: there are {} to {}", head.oldest, head.height),
            )),
            None => Err(StoreError::of(StoreErrorKind::NotRetained, "nothing has been committed")),
        }
    }
}

/// The leaves that rows change, in order of their keys.
fn leaf_changes(rows: &[RowChange]) -> Vec<LeafChange> {
    let change = |row: &RowChange| (digest(&row.place), row.current.as_deref().map(digest));
    let mut leaves: Vec<LeafChange> = rows.iter().map(change).collect();
    leaves.sort_unstable_by_key(|(key, _)| *key);
    leaves
}

/// Whether a table has no row.
fn is_table_empty<S: Store>(store: &S, table: Table) -> Result<bool, StoreError> {
    let mut is_empty = true;
    let all = (Bound::Unbounded, Bound::Unbounded);
    store.scan(table, all, Order::Ascending, &mut |_, _| {
        is_empty = false;
        ControlFlow::Break(())
    })?;
    Ok(is_empty)
}

impl<S: fmt::Debug> fmt::Debug for State<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("store", &self.store).field("head", &self.head).finish()
    }
}
