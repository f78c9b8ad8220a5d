//! [`State`]: committed state over a store, with a root for every block.
//!
//! ```text
//!   ChangeSet ──▶ rows ──▶ tree (new root) ──▶ one Batch ──▶ Store::write, durable
//!                  │                             ├ state     the rows
//!                  │                             ├ code      code by hash
//!                  │                             ├ leaves    key hash → value hash (bounded)
//!                  └ what they replace ──────────┼ undo      for older heights
//!                                                ├ roots, receipts, blocks, index
//!                                                └ meta      head: height, root, totals
//! ```
//!
//! The store holds rows and no tree nodes: the tree is made when a store is opened, from the rows
//! or, where it is bounded, from the leaves, and it must come to the root of the head. So an
//! opening with the tree in memory checks every row of state; one with a bounded tree checks the
//! leaves, and whether they are those of the rows is for [`State::check`] to say.

mod at;
mod check;
mod dropping;
mod meta;
#[cfg(feature = "metrics")]
mod metrics;
mod opening;
mod prepare;
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

use super::changes::ChangeSet;
use super::store::{Bytes, Order, Store, StoreError, StoreErrorKind, Table};
use super::tree::{Residence, StateRoot, Tree};
use crate::primitives::Height;
use prepare::Prepared;
use undo::LeafChange;
use undo::Undo;

pub(crate) use at::Above;
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
    /// Its newest version is the head's or, where a block is prepared, that of this block.
    tree: Tree,
    prepared: Option<Prepared>,
    /// What the last blocks replaced, oldest first; the last is that of the head.
    recent: VecDeque<Recent>,
    /// Heights that must be neither pruned nor dropped, one for each pin.
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

    /// Lets go of trees and undos beyond the heights that are to be at hand.
    fn trim(&mut self) {
        let kept = self.proof_heights.max(1);
        while self.recent.len() > kept as usize {
            self.recent.pop_front();
        }
        // Counted from the head: a prepared version is above it, and the head's must stay.
        let head = self.head.map_or(0, |head| head.height.number());
        while head.saturating_sub(self.tree.oldest()) >= u64::from(kept) {
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
