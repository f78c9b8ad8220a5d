//! The state tree: a Jellyfish Merkle tree over the hashes of keys and values, for a window of
//! versions.
//!
//! The *definition* (see `hash`) is that of Diem and Penumbra, with SHA-256, so that ICS-23 proofs
//! and other people's verifiers fit; the engine is our own. It is a binary trie in slabs, updated
//! in batches, where a new version copies the paths that changed and shares the rest:
//!
//! ```text
//!   version 7 ─▶ inner ─────────┐           Memory    leaves are nodes in memory
//!                 │             ▼           Bounded   memory stops at buckets of up to 16
//!   version 8 ─▶ inner ─▶ … ─▶ shared                 leaves, a hash and a count: the leaves
//!                 │                                   are read from the medium ([`Leaves`])
//!                 └─▶ … ─▶ fresh leaf                 when they change or are proved
//! ```
//!
//! A node lives for an unbroken run of versions. So each step from one version to the next lists
//! the nodes that only the older side uses and those that only the newer side uses, and whoever
//! forgets a version at either end of the window frees one of the lists: no counts, no search.
//!
//! Recursion here is over the depth of the tree, which the 256 bits of a key bound.

mod arena;
mod build;
mod hash;
mod prove;
mod update;
mod weave;

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::mem::{replace, size_of, take};

use super::StoreError;
use arena::{Arena, Id};
use update::Edit;

pub(crate) use build::TreeBuilder;
pub(crate) use hash::{
    INNER_TAG, LEAF_TAG, MAX_DEPTH, NodeHash, PLACEHOLDER, are_within, bit, bounds, common_bits,
    digest, inner_hash, split, step, subtree_hash, with_bit,
};
pub use hash::{KeyHash, Leaf, StateRoot, ValueHash};

/// Where the leaves of a tree live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Residence {
    /// In memory, like the rest of the tree: about 125 bytes per leaf, and the fastest.
    #[default]
    Memory,
    /// With the medium: memory holds the levels above buckets of up to 16 leaves, about 10 bytes
    /// per leaf.
    Bounded,
}

/// The leaves of one version in key order: what a bounded tree reads its buckets from.
pub(crate) trait Leaves {
    /// Appends the leaves with keys from `first` to `last`, both included, in key order to `out`.
    ///
    /// # Errors
    ///
    /// The medium fails.
    fn leaves(
        &self,
        first: &KeyHash,
        last: &KeyHash,
        out: &mut Vec<Leaf>,
    ) -> Result<(), StoreError>;
}

/// A change of one key: its new value hash, `None` where the entry is gone.
pub(crate) type Change = (KeyHash, Option<ValueHash>);

/// The leaves before and after a key in key order, where there are any.
pub(crate) type Neighbours = (Option<Leaf>, Option<Leaf>);

/// The state tree at a window of versions.
#[derive(Debug)]
pub(crate) struct Tree {
    residence: Residence,
    arena: Arena,
    /// Never empty, ordered by number.
    versions: VecDeque<Version>,
}

/// One version, and the step to it from the one before (empty lists at the oldest).
#[derive(Debug)]
struct Version {
    number: u64,
    root: Id,
    hash: StateRoot,
    /// Nodes that the version before uses and this one does not.
    older_only: Vec<Id>,
    /// Nodes that this version uses and the one before does not.
    newer_only: Vec<Id>,
}

impl Tree {
    fn of(residence: Residence, arena: Arena, number: u64, root: Id, hash: NodeHash) -> Self {
        Tree { residence, arena, versions: VecDeque::from([Version::alone(number, root, hash)]) }
    }

    /// The root of the newest version.
    pub(crate) fn root(&self) -> StateRoot {
        self.versions[self.versions.len() - 1].hash
    }

    /// The root of `version`, if it is held.
    pub(crate) fn root_at(&self, version: u64) -> Option<StateRoot> {
        self.find(version).map(|version| version.hash)
    }

    /// The newest version.
    pub(crate) fn newest(&self) -> u64 {
        self.versions[self.versions.len() - 1].number
    }

    /// The oldest version.
    pub(crate) fn oldest(&self) -> u64 {
        self.versions[0].number
    }

    /// Makes `version` from the newest one; `changes` are in strictly increasing key order and
    /// `leaves` are those of the version that is the newest so far.
    ///
    /// # Errors
    ///
    /// The medium fails, or contradicts what the tree knows; `version` is not above the newest; the
    /// changes are out of order; the tree outgrows its ids. The tree is unchanged then.
    pub(crate) fn push(
        &mut self,
        version: u64,
        changes: &[Change],
        leaves: &dyn Leaves,
    ) -> Result<StateRoot, StoreError> {
        if version <= self.newest() {
            return Err(StoreError::refused("a version of the state is not above the newest"));
        }
        let newest = self.versions[self.versions.len() - 1].root;
        let mut made = self.edit(newest, version, changes, leaves)?;
        // Copies that fit: the window keeps these lists for long.
        made.older_only.shrink_to_fit();
        made.newer_only.shrink_to_fit();
        let hash = made.hash;
        self.versions.push_back(made);
        Ok(hash)
    }

    /// Makes `version`, before the oldest one, by applying `changes` backwards: in strictly
    /// increasing key order, each with the value hash that the key had in `version`. `leaves` are
    /// those of the version that is the oldest so far.
    ///
    /// # Errors
    ///
    /// See [`Tree::push`]; `version` must be below the oldest here.
    pub(crate) fn push_oldest(
        &mut self,
        version: u64,
        changes: &[Change],
        leaves: &dyn Leaves,
    ) -> Result<StateRoot, StoreError> {
        if version >= self.oldest() {
            return Err(StoreError::refused("a version of the state is not below the oldest"));
        }
        let mut made = self.edit(self.versions[0].root, version, changes, leaves)?;
        // The step is seen from its other side: what was made is on the older one.
        let next = &mut self.versions[0];
        next.older_only = take(&mut made.newer_only);
        next.newer_only = take(&mut made.older_only);
        next.older_only.shrink_to_fit();
        next.newer_only.shrink_to_fit();
        let hash = made.hash;
        self.versions.push_front(made);
        Ok(hash)
    }

    /// Forgets the newest version, unless it is the only one; whether it did.
    pub(crate) fn pop_newest(&mut self) -> bool {
        if self.versions.len() < 2 {
            return false;
        }
        let newest = self.versions.pop_back();
        self.free(newest.map(|version| version.newer_only).unwrap_or_default());
        true
    }

    /// Forgets the oldest version, unless it is the only one; whether it did.
    pub(crate) fn drop_oldest(&mut self) -> bool {
        if self.versions.len() < 2 {
            return false;
        }
        self.versions.pop_front();
        let oldest = &mut self.versions[0];
        oldest.newer_only = Vec::new();
        let unused = take(&mut oldest.older_only);
        self.free(unused);
        true
    }

    /// How much memory the tree has taken.
    pub(crate) fn memory_bytes(&self) -> usize {
        let ids = |version: &Version| version.older_only.capacity() + version.newer_only.capacity();
        self.arena.memory_bytes()
            + self.versions.capacity() * size_of::<Version>()
            + self.versions.iter().map(ids).sum::<usize>() * size_of::<Id>()
    }

    /// What `changes` make of the tree at `root`, on nodes of its own where it differs.
    fn edit(
        &mut self,
        root: Id,
        number: u64,
        changes: &[Change],
        leaves: &dyn Leaves,
    ) -> Result<Version, StoreError> {
        if !changes.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(StoreError::refused("the changes of the state are not in key order"));
        }
        let arena = replace(&mut self.arena, Arena::new());
        let mut edit = Edit::new(arena, self.residence, leaves);
        let made = edit.run(root, changes);
        let weaver = edit.end(made.is_err());
        self.arena = weaver.arena;
        let (root, hash) = made?;
        let mut version = Version::alone(number, root, hash);
        (version.older_only, version.newer_only) = (weaver.retired, weaver.fresh);
        Ok(version)
    }

    fn free(&mut self, ids: Vec<Id>) {
        ids.into_iter().for_each(|id| self.arena.free(id));
    }

    fn find(&self, version: u64) -> Option<&Version> {
        let at = self.versions.binary_search_by_key(&version, |version| version.number).ok()?;
        self.versions.get(at)
    }
}

impl Version {
    /// A version with no step to it.
    fn alone(number: u64, root: Id, hash: NodeHash) -> Self {
        let hash = StateRoot::from_bytes(hash);
        Version { number, root, hash, older_only: Vec::new(), newer_only: Vec::new() }
    }
}

/// Appends to `out` the leaves of the bucket at `depth` on the path of `key`, which is known to
/// have `count` of them.
fn read_bucket(
    leaves: &dyn Leaves,
    key: &KeyHash,
    depth: usize,
    count: u32,
    out: &mut Vec<Leaf>,
) -> Result<(), StoreError> {
    let (first, last) = bounds(key, depth);
    let start = out.len();
    leaves.leaves(&first, &last, out)?;
    let read = out.get(start..).unwrap_or_default();
    if read.len() != count as usize || !are_within(read, &first, &last) {
        return Err(StoreError::corrupt("the leaves of the state do not fit its tree"));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;
