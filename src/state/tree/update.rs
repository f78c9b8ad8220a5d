//! Applies a batch of changes to one version of the tree.

use alloc::vec::Vec;
use core::hint::black_box;
use core::mem::take;

use super::arena::{Arena, Id, Kind, Part};
use super::hash::{Leaf, MAX_DEPTH, NodeHash, bit};
use super::weave::{MERGED_LEAVES, Weaver};
use super::{Change, Leaves, Residence, read_bucket};
use crate::state::StoreError;

/// The paths of so many changes are read ahead of the work on them: enough for waits to overlap,
/// and few enough for what was read to be still at hand.
const AHEAD: usize = 64;

/// One batch at work.
pub(super) struct Edit<'a> {
    weaver: Weaver,
    leaves: &'a dyn Leaves,
    /// The leaves of the place at hand before and after the changes; kept for their capacity.
    before: Vec<Leaf>,
    after: Vec<Leaf>,
}

impl<'a> Edit<'a> {
    pub(super) fn new(arena: Arena, residence: Residence, leaves: &'a dyn Leaves) -> Self {
        let weaver = Weaver::new(arena, residence, MERGED_LEAVES);
        Edit { weaver, leaves, before: Vec::new(), after: Vec::new() }
    }

    /// Applies `changes` to the tree at `root`: the new root and its hash.
    pub(super) fn run(
        &mut self,
        root: Id,
        changes: &[Change],
    ) -> Result<(Id, NodeHash), StoreError> {
        if changes.len() <= AHEAD {
            self.touch(root, 0, changes);
        }
        match self.update(root, 0, changes)? {
            Some(part) => Ok((self.weaver.settle(part)?, part.hash)),
            None => Ok((root, self.weaver.arena.hash(root))),
        }
    }

    /// Reads the paths of changes below `id` level by level, before the work goes down each.
    ///
    /// Nodes are scattered over memory, and each level of a path waits for the one above: here the
    /// waits of different paths overlap. It changes nothing but the time that is taken.
    fn touch(&self, id: Id, depth: usize, changes: &[Change]) {
        let arena = &self.weaver.arena;
        let mut paths: Vec<(Id, &Change)> = changes.iter().map(|change| (id, change)).collect();
        let mut seen = 0;
        for depth in depth..MAX_DEPTH {
            paths.retain_mut(|(id, (key, _))| {
                let Kind::Inner(index) = id.kind() else { return false };
                let (child, sibling) = arena.inner(index).fork(bit(key, depth));
                seen ^= arena.touch(child) ^ arena.touch(sibling);
                *id = child;
                true
            });
            if paths.is_empty() {
                break;
            }
        }
        black_box(seen);
    }

    /// Ends the work; after a failure nothing of it is left.
    pub(super) fn end(mut self, failed: bool) -> Weaver {
        if failed {
            self.weaver.undo();
        }
        self.weaver
    }

    /// The subtree at `depth` that `changes`, all within it, make of `id`; `None` if none of them
    /// changes anything.
    ///
    /// It calls itself once per level, so never deeper than the 256 bits of a key: two leaves fork
    /// at depth 255 at the latest.
    fn update(
        &mut self,
        id: Id,
        depth: usize,
        changes: &[Change],
    ) -> Result<Option<Part>, StoreError> {
        let Some((key, _)) = changes.first() else { return Ok(None) };
        self.before.clear();
        match id.kind() {
            Kind::Inner(index) => return self.update_inner(id, index, depth, changes),
            Kind::Empty => {}
            Kind::Leaf(index) => self.before.push(*self.weaver.arena.leaf(index)),
            Kind::Bucket(index) => {
                let count = self.weaver.arena.bucket(index).count;
                read_bucket(self.leaves, key, depth, count, &mut self.before)?;
            }
        }
        self.after.clear();
        merge(&self.before, changes, &mut self.after);
        if self.before == self.after {
            return Ok(None);
        }
        self.weaver.retire(id);
        let after = take(&mut self.after);
        let part = self.weaver.build(&after, depth)?;
        self.after = after;
        Ok(Some(part))
    }

    fn update_inner(
        &mut self,
        id: Id,
        index: u32,
        depth: usize,
        changes: &[Change],
    ) -> Result<Option<Part>, StoreError> {
        let node = *self.weaver.arena.inner(index);
        let middle = changes.partition_point(|(key, _)| !bit(key, depth));
        let (to_left, to_right) = changes.split_at(middle);
        // Once on each path, where it comes to so few changes.
        let is_ahead = |part: &[Change]| changes.len() > AHEAD && part.len() <= AHEAD;
        if is_ahead(to_left) {
            self.touch(node.left, depth + 1, to_left);
        }
        let left = self.update(node.left, depth + 1, to_left)?;
        if is_ahead(to_right) {
            self.touch(node.right, depth + 1, to_right);
        }
        let right = self.update(node.right, depth + 1, to_right)?;
        if left.is_none() && right.is_none() {
            return Ok(None);
        }
        self.weaver.retire(id);
        let left = left.unwrap_or_else(|| self.weaver.arena.part(node.left));
        let right = right.unwrap_or_else(|| self.weaver.arena.part(node.right));
        self.weaver.join(left, right).map(Some)
    }
}

/// Appends to `after` what `changes` make of `before`; both are in key order.
fn merge(before: &[Leaf], changes: &[Change], after: &mut Vec<Leaf>) {
    let mut rest = before;
    for (key, value) in changes {
        let kept = rest.partition_point(|leaf| leaf.key < *key);
        after.extend_from_slice(&rest[..kept]);
        rest = &rest[kept..];
        if rest.first().is_some_and(|leaf| leaf.key == *key) {
            rest = &rest[1..];
        }
        after.extend(value.map(|value| Leaf { key: *key, value }));
    }
    after.extend_from_slice(rest);
}
