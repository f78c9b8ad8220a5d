//! Builds a tree from leaves that come in key order, without ever going back.
//!
//! ```text
//!   keys 000 001 100 …      open = left children that wait for their right sibling,
//!                                  each with the depth of the fork, shallowest first
//!        └┬┘                current = the subtree that the last leaf is in
//! ```
//!
//! Leaf n + 1 leaves the path of leaf n at the fork of their keys; all forks of the old path below
//! that one are complete then, and close.

use alloc::vec::Vec;

use super::arena::{Arena, Part};
use super::hash::{KeyHash, Leaf, common_bits};
use super::weave::{BUCKET_LEAVES, Weaver};
use super::{Residence, Tree};
use crate::state::StoreError;

/// Takes the leaves of a tree one by one.
#[derive(Debug)]
pub(crate) struct TreeBuilder {
    residence: Residence,
    weaver: Weaver,
    open: Vec<(usize, Part)>,
    current: Part,
    last: Option<KeyHash>,
}

impl TreeBuilder {
    /// A builder without leaves.
    pub(crate) fn new(residence: Residence) -> Self {
        let weaver = Weaver::new(Arena::new(), residence, BUCKET_LEAVES);
        TreeBuilder { residence, weaver, open: Vec::new(), current: Part::EMPTY, last: None }
    }

    /// Adds `leaf`.
    ///
    /// # Errors
    ///
    /// The key is not larger than the one before: the medium gave its leaves out of order. Or the
    /// tree outgrows its ids.
    pub(crate) fn push(&mut self, leaf: Leaf) -> Result<(), StoreError> {
        if let Some(last) = self.last {
            if leaf.key <= last {
                return Err(StoreError::corrupt("the leaves of the state are not in key order"));
            }
            let fork = common_bits(&last, &leaf.key);
            let left = self.close(&last, fork + 1)?;
            self.open.push((fork, left));
        }
        self.current = self.weaver.leaf(leaf)?;
        // A build does not fail half-way and go on, so the list of what it made is of no use.
        self.weaver.fresh.clear();
        self.last = Some(leaf.key);
        Ok(())
    }

    /// The tree over all leaves, holding `version` alone.
    ///
    /// # Errors
    ///
    /// The tree outgrows its ids.
    pub(crate) fn finish(mut self, version: u64) -> Result<Tree, StoreError> {
        let last = self.last.unwrap_or_default();
        let root = self.close(&last, 0)?;
        let id = self.weaver.settle(root)?;
        Ok(Tree::of(self.residence, self.weaver.arena, version, id, root.hash))
    }

    /// The subtree at depth `to` around the leaf at `last`; closes the forks from that depth
    /// downwards.
    fn close(&mut self, last: &KeyHash, to: usize) -> Result<Part, StoreError> {
        let mut part = self.current;
        // A leaf is the same at all depths: where it starts from is of no matter.
        let mut depth = to;
        while let Some((fork, left)) = self.open.pop_if(|(fork, _)| *fork >= to) {
            let right = self.weaver.lift(part, last, depth, fork + 1)?;
            part = self.weaver.join(left, right)?;
            depth = fork;
        }
        self.weaver.lift(part, last, depth, to)
    }
}
