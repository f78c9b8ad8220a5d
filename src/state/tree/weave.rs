//! Joins subtrees to larger ones, by the rules that decide what becomes a node of its own.
//!
//! The root never depends on these rules: they say where leaves live, not what they hash to.

use alloc::vec::Vec;

use super::Residence;
use super::arena::{Arena, Bucket, Id, Inner, Part};
use super::hash::{KeyHash, Leaf, bit, common_bits, inner_hash, split, subtree_hash};
use crate::state::StoreError;

/// No bucket is larger: with one leaf more it splits. Whoever changes one leaf reads and hashes the
/// whole bucket, and half as many leaves take twice the memory.
pub(super) const BUCKET_LEAVES: u32 = 16;

/// Sibling buckets with at most so many leaves together become one. Half of [`BUCKET_LEAVES`], lest
/// an entry that comes and goes splits and merges the same bucket for ever.
pub(super) const MERGED_LEAVES: u32 = BUCKET_LEAVES / 2;

/// Makes nodes, and remembers which it made and which it replaced.
#[derive(Debug)]
pub(super) struct Weaver {
    pub(super) arena: Arena,
    residence: Residence,
    /// Subtrees with at most so many leaves merge into one bucket.
    merge_leaves: u32,
    /// The nodes that were made.
    pub(super) fresh: Vec<Id>,
    /// The nodes that the new version uses no more.
    pub(super) retired: Vec<Id>,
}

impl Weaver {
    pub(super) fn new(arena: Arena, residence: Residence, merge_leaves: u32) -> Self {
        Weaver { arena, residence, merge_leaves, fresh: Vec::new(), retired: Vec::new() }
    }

    /// The subtree over `left` and `right`.
    ///
    /// Two buckets merge without a look at their leaves: the hash of the merged bucket is that of
    /// the inner node which it stands for.
    pub(super) fn join(&mut self, left: Part, right: Part) -> Result<Part, StoreError> {
        let count = left.count.saturating_add(right.count);
        if count <= 1 {
            return Ok(if left.count == 0 { right } else { left });
        }
        let hash = inner_hash(&left.hash, &right.hash);
        if self.residence == Residence::Bounded && count <= self.merge_leaves {
            self.retire(left.id);
            self.retire(right.id);
            return Ok(Part::pending(hash, count));
        }
        let (left, right) = (self.settle(left)?, self.settle(right)?);
        let id = self.arena.add_inner(Inner { hash, left, right })?;
        self.fresh.push(id);
        Ok(Part { id, hash, count: Part::MANY })
    }

    /// The subtree at depth `to` that holds nothing but `part`, which is at depth `from` on the
    /// path of `key`.
    pub(super) fn lift(
        &mut self,
        mut part: Part,
        key: &KeyHash,
        from: usize,
        to: usize,
    ) -> Result<Part, StoreError> {
        if part.count <= 1 {
            return Ok(part);
        }
        for depth in (to..from).rev() {
            part = if bit(key, depth) {
                self.join(Part::EMPTY, part)?
            } else {
                self.join(part, Part::EMPTY)?
            };
        }
        Ok(part)
    }

    /// The subtree at `depth` over `leaves`, which are in strictly increasing key order and agree
    /// on the first `depth` bits.
    ///
    /// It calls itself once per fork of the keys, so never deeper than the 256 bits of a key.
    pub(super) fn build(&mut self, leaves: &[Leaf], depth: usize) -> Result<Part, StoreError> {
        match (leaves, self.residence) {
            ([], _) => Ok(Part::EMPTY),
            (_, Residence::Bounded) if leaves.len() <= BUCKET_LEAVES as usize => {
                Ok(Part::pending(subtree_hash(leaves, depth), leaves.len() as u32))
            }
            ([leaf], _) => self.leaf(*leaf),
            ([first, .., last], _) => {
                let fork = common_bits(&first.key, &last.key);
                let (left, right) = split(leaves, fork);
                let (left, right) = (self.build(left, fork + 1)?, self.build(right, fork + 1)?);
                let part = self.join(left, right)?;
                self.lift(part, &first.key, fork, depth)
            }
        }
    }

    /// The subtree of one leaf.
    pub(super) fn leaf(&mut self, leaf: Leaf) -> Result<Part, StoreError> {
        if self.residence == Residence::Bounded {
            return Ok(Part::pending(leaf.hash(), 1));
        }
        let id = self.arena.add_leaf(leaf)?;
        self.fresh.push(id);
        Ok(Part { id, hash: leaf.hash(), count: 1 })
    }

    /// Gives `part` a place in memory, where it has none yet.
    pub(super) fn settle(&mut self, part: Part) -> Result<Id, StoreError> {
        if part.id != Id::PENDING {
            return Ok(part.id);
        }
        let id = self.arena.add_bucket(Bucket { hash: part.hash, count: part.count })?;
        self.fresh.push(id);
        Ok(id)
    }

    /// Notes that the new version does without `id`.
    pub(super) fn retire(&mut self, id: Id) {
        if id != Id::EMPTY && id != Id::PENDING {
            self.retired.push(id);
        }
    }

    /// Frees all that was made, after a failure half-way.
    pub(super) fn undo(&mut self) {
        for id in self.fresh.drain(..) {
            self.arena.free(id);
        }
        self.retired.clear();
    }
}
