//! Reads one version: proofs of single keys, proofs of ranges, and neighbours.

use alloc::vec::Vec;

use super::arena::{Id, Kind};
use super::hash::{KeyHash, Leaf, NodeHash, PLACEHOLDER, are_within, bit, bounds, split, step};
use super::hash::{subtree_hash, with_bit};
use super::{Leaves, Neighbours, Tree, read_bucket};
use crate::state::StoreError;
use crate::state::proof::{Overlap, Proof, RangeProof, Step, overlap};

impl Tree {
    /// The proof of what `key` is at `version`: present with its value, or absent. `leaves` are
    /// those of `version`. `None` if that version is not held.
    ///
    /// # Errors
    ///
    /// The medium fails, or contradicts the tree: no proof is given out that would not verify.
    pub(crate) fn prove(
        &self,
        version: u64,
        key: &KeyHash,
        leaves: &dyn Leaves,
    ) -> Result<Option<Proof>, StoreError> {
        let Some(version) = self.find(version) else { return Ok(None) };
        // Deep enough for the path of a hashed key among a billion.
        let mut siblings = Vec::with_capacity(40);
        let mut id = version.root;
        let leaf = loop {
            match id.kind() {
                Kind::Inner(index) => {
                    let node = self.arena.inner(index);
                    let (child, sibling) = node.fork(bit(key, siblings.len()));
                    siblings.push(self.arena.hash(sibling));
                    id = child;
                }
                Kind::Leaf(index) => break Some(*self.arena.leaf(index)),
                Kind::Bucket(index) => {
                    let bucket = self.arena.bucket(index);
                    let mut read = Vec::with_capacity(bucket.count as usize);
                    read_bucket(leaves, key, siblings.len(), bucket.count, &mut read)?;
                    break descend(&read, key, &bucket.hash, &mut siblings)?;
                }
                Kind::Empty => break None,
            }
        };
        Ok(Some(Proof::new(leaf, siblings)))
    }

    /// All leaves of `version` with keys from `first` to `last`, both included, and the proof that
    /// they are all. `leaves` are those of `version`. `None` if that version is not held, or if the
    /// range ends before it starts.
    ///
    /// # Errors
    ///
    /// See [`Tree::prove`].
    pub(crate) fn prove_range(
        &self,
        version: u64,
        first: &KeyHash,
        last: &KeyHash,
        leaves: &dyn Leaves,
    ) -> Result<Option<(RangeProof, Vec<Leaf>)>, StoreError> {
        let Some(version) = self.find(version).filter(|_| first <= last) else { return Ok(None) };
        let (steps, listed) = (Vec::new(), Vec::new());
        let mut walk = RangeWalk { tree: self, leaves, first, last, steps, listed };
        walk.node(version.root, &[0; 32], 0)?;
        Ok(Some((RangeProof::new(walk.steps), walk.listed)))
    }

    /// The leaves of `version` next to `key` in key order, before and after it; the leaf of `key`
    /// itself is neither. `leaves` are those of `version`. `None` if that version is not held.
    ///
    /// # Errors
    ///
    /// The medium fails, or contradicts the tree.
    pub(crate) fn neighbours(
        &self,
        version: u64,
        key: &KeyHash,
        leaves: &dyn Leaves,
    ) -> Result<Option<Neighbours>, StoreError> {
        let Some(version) = self.find(version) else { return Ok(None) };
        let before = self.nearest(version.root, &[0; 32], 0, (key, false), leaves)?;
        let after = self.nearest(version.root, &[0; 32], 0, (key, true), leaves)?;
        Ok(Some((before, after)))
    }

    /// The leaf nearest to the key of `target`, on the side that `target` says (`true`: after it),
    /// within the subtree `id` at `depth` on the path of `place`.
    ///
    /// At most one child per level is tried in vain, the one on the path of the key. The depth of
    /// the recursion is that of the tree.
    fn nearest(
        &self,
        id: Id,
        place: &KeyHash,
        depth: usize,
        target: (&KeyHash, bool),
        leaves: &dyn Leaves,
    ) -> Result<Option<Leaf>, StoreError> {
        let (key, after) = target;
        let fits = |other: &KeyHash| if after { other > key } else { other < key };
        match id.kind() {
            Kind::Empty => Ok(None),
            Kind::Leaf(index) => {
                let leaf = *self.arena.leaf(index);
                Ok(fits(&leaf.key).then_some(leaf))
            }
            Kind::Bucket(index) => {
                let mut read = Vec::new();
                read_bucket(leaves, place, depth, self.arena.bucket(index).count, &mut read)?;
                let mut read = read.into_iter().filter(|leaf| fits(&leaf.key));
                Ok(if after { read.next() } else { read.next_back() })
            }
            Kind::Inner(index) => {
                for right in [!after, after] {
                    let place = with_bit(*place, depth, right);
                    let (first, last) = bounds(&place, depth + 1);
                    if fits(if after { &last } else { &first }) {
                        let (child, _) = self.arena.inner(index).fork(right);
                        let found = self.nearest(child, &place, depth + 1, target, leaves)?;
                        if found.is_some() {
                            return Ok(found);
                        }
                    }
                }
                Ok(None)
            }
        }
    }
}

/// Goes on with a path at the leaves of the bucket that it ends in; the bucket must have `hash`.
fn descend(
    bucket: &[Leaf],
    key: &KeyHash,
    hash: &NodeHash,
    siblings: &mut Vec<NodeHash>,
) -> Result<Option<Leaf>, StoreError> {
    let top = siblings.len();
    let mut rest = bucket;
    while rest.len() > 1 {
        let depth = siblings.len();
        let (left, right) = split(rest, depth);
        let (child, sibling) = if bit(key, depth) { (right, left) } else { (left, right) };
        siblings.push(subtree_hash(sibling, depth + 1));
        rest = child;
    }
    let leaf = rest.first().copied();
    let mut found = leaf.map_or(PLACEHOLDER, |leaf| leaf.hash());
    for (depth, sibling) in siblings.iter().enumerate().skip(top).rev() {
        found = step(key, depth, &found, sibling);
    }
    if found != *hash {
        return Err(contradiction());
    }
    Ok(leaf)
}

fn contradiction() -> StoreError {
    StoreError::corrupt("the leaves of the state do not hash to its tree")
}

/// A range proof in the making: the same walk as its verifier's.
struct RangeWalk<'a> {
    tree: &'a Tree,
    leaves: &'a dyn Leaves,
    first: &'a KeyHash,
    last: &'a KeyHash,
    steps: Vec<Step>,
    listed: Vec<Leaf>,
}

impl RangeWalk<'_> {
    /// Walks the subtree `id` at `depth` on the path of `place`; the depth of the tree bounds the
    /// recursion.
    fn node(&mut self, id: Id, place: &KeyHash, depth: usize) -> Result<(), StoreError> {
        match (overlap(place, depth, self.first, self.last), id.kind()) {
            (Overlap::All, _) => return self.whole(id, place, depth),
            (_, Kind::Empty) => self.steps.push(Step::Empty),
            (Overlap::None, _) => self.steps.push(Step::Opaque(self.tree.arena.hash(id))),
            (Overlap::Part, Kind::Leaf(index)) => self.alone(*self.tree.arena.leaf(index)),
            (Overlap::Part, Kind::Inner(index)) => {
                let node = *self.tree.arena.inner(index);
                self.steps.push(Step::Inner);
                self.node(node.left, &with_bit(*place, depth, false), depth + 1)?;
                self.node(node.right, &with_bit(*place, depth, true), depth + 1)?;
            }
            (Overlap::Part, Kind::Bucket(_)) => {
                let mut read = Vec::new();
                self.read(id, place, depth, &mut read)?;
                self.bucket(&read, place, depth);
            }
        }
        Ok(())
    }

    /// The same walk over the leaves of a bucket.
    fn bucket(&mut self, leaves: &[Leaf], place: &KeyHash, depth: usize) {
        match (overlap(place, depth, self.first, self.last), leaves) {
            (Overlap::All, _) => self.listed.extend_from_slice(leaves),
            (_, []) => self.steps.push(Step::Empty),
            (Overlap::None, _) => self.steps.push(Step::Opaque(subtree_hash(leaves, depth))),
            (Overlap::Part, [leaf]) => self.alone(*leaf),
            (Overlap::Part, _) => {
                let (left, right) = split(leaves, depth);
                self.steps.push(Step::Inner);
                self.bucket(left, &with_bit(*place, depth, false), depth + 1);
                self.bucket(right, &with_bit(*place, depth, true), depth + 1);
            }
        }
    }

    /// The only leaf of a subtree that is partly in the range.
    fn alone(&mut self, leaf: Leaf) {
        if are_within(&[leaf], self.first, self.last) {
            self.steps.push(Step::Listed);
            self.listed.push(leaf);
        } else {
            self.steps.push(Step::Foreign(leaf));
        }
    }

    /// Lists all leaves of a subtree.
    fn whole(&mut self, id: Id, place: &KeyHash, depth: usize) -> Result<(), StoreError> {
        match id.kind() {
            Kind::Empty => Ok(()),
            Kind::Leaf(index) => {
                self.listed.push(*self.tree.arena.leaf(index));
                Ok(())
            }
            Kind::Inner(index) => {
                let node = *self.tree.arena.inner(index);
                self.whole(node.left, &with_bit(*place, depth, false), depth + 1)?;
                self.whole(node.right, &with_bit(*place, depth, true), depth + 1)
            }
            Kind::Bucket(_) => {
                let mut listed = core::mem::take(&mut self.listed);
                self.read(id, place, depth, &mut listed)?;
                self.listed = listed;
                Ok(())
            }
        }
    }

    /// Appends to `out` the leaves of the bucket `id`, which must hash to it.
    fn read(
        &self,
        id: Id,
        place: &KeyHash,
        depth: usize,
        out: &mut Vec<Leaf>,
    ) -> Result<(), StoreError> {
        let part = self.tree.arena.part(id);
        let start = out.len();
        read_bucket(self.leaves, place, depth, part.count, out)?;
        if subtree_hash(&out[start..], depth) != part.hash {
            return Err(contradiction());
        }
        Ok(())
    }
}
