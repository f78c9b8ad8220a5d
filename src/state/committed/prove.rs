//! Proofs of keys and ranges at heights.
//!
//! The tree holds the versions of the last blocks. An older one that is retained is made by taking
//! the oldest version back, block by block, and let go of afterwards.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::{Bound, ControlFlow};

use super::undo::{LeafChange, LeavesAt, LeavesOver};
use super::{Recent, Rows, State, StateRoot};
use crate::primitives::Height;
use crate::state::proof::{Ics23Entry, Proof, ProofError, RangeProof};
use crate::state::proof::{ics23_existence, ics23_non_existence};
use crate::state::rows::StateKey;
use crate::state::store::{Bytes, Order, Store, StoreError};
use crate::state::tree::{KeyHash, Leaf, Residence, digest};

/// A key with what state holds there at a height, and the proof of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyProof {
    /// The height.
    pub height: Height,
    /// The root of state at that height, which the proof is against.
    pub root: StateRoot,
    /// The state key.
    pub key: Bytes,
    /// What is there; none where the proof is one of absence.
    pub value: Option<Bytes>,
    /// The proof.
    pub proof: Proof,
}

impl<S: Store> State<S> {
    /// Proves what state holds at a key, or that it holds nothing there.
    ///
    /// # Errors
    ///
    /// Where the height is not retained or the store fails.
    pub fn prove(&mut self, height: Height, key: StateKey<'_>) -> Result<KeyProof, StoreError> {
        self.prove_row(height, &key.to_bytes())
    }

    /// The same for a state key in its bytes.
    ///
    /// # Errors
    ///
    /// See [`State::prove`].
    pub fn prove_row(&mut self, height: Height, key: &[u8]) -> Result<KeyProof, StoreError> {
        self.with_tree(height, |state| state.prove_reached(height, key))
    }

    /// Proves a key at a height whose tree is there.
    fn prove_reached(&self, height: Height, key: &[u8]) -> Result<KeyProof, StoreError> {
        let root = self.root_at(height)?;
        let leaves = self.leaves_at(height)?;
        let hash = digest(key);
        let proof = self.tree.prove(height.number(), &hash, &leaves)?;
        let proof = proof.filter(|_| self.tree.root_at(height.number()) == Some(root));
        let proof = proof.ok_or_else(|| StoreError::corrupt("a height has another root"))?;
        let leaf = proof.leaf().filter(|leaf| leaf.key == hash).map(|leaf| leaf.value);
        let mut value = self.row(key)?;
        // What the head has there is mostly what there was: then no undo needs to be searched.
        if value.as_deref().map(digest) != leaf {
            value = self.at(height)?.row(key)?;
        }
        if value.as_deref().map(digest) != leaf {
            return Err(StoreError::corrupt("a row is not the one that its leaf was made from"));
        }
        Ok(KeyProof { height, root, key: key.into(), value, proof })
    }

    /// Proves which leaves there are with key hashes from `first` to `last`, both included: their
    /// key hashes and value hashes, and the proof that these are all.
    ///
    /// # Errors
    ///
    /// Where the height is not retained, the range ends before it starts, or the store fails.
    pub fn prove_range(
        &mut self,
        height: Height,
        first: &KeyHash,
        last: &KeyHash,
    ) -> Result<(RangeProof, Vec<Leaf>), StoreError> {
        self.require_retained(height)?;
        if first > last {
            return Err(StoreError::refused("the range ends before it starts"));
        }
        let proof = self.with_tree(height, |state| {
            let leaves = state.leaves_at(height)?;
            state.tree.prove_range(height.number(), first, last, &leaves)
        })?;
        proof.ok_or_else(|| StoreError::corrupt("a height of the tree is missing"))
    }

    /// The proof of a key as an ICS-23 `CommitmentProof`, for light clients that know that
    /// encoding. The proof of an absent key names its neighbours, and finding their keys takes a
    /// walk over all of state; all other proofs take what [`State::prove`] takes.
    ///
    /// # Errors
    ///
    /// Where the height is not retained or the store fails. Inside, [`ProofError::Unsupported`]
    /// where ICS-23 has no form for what is there: absence from state that holds nothing.
    pub fn prove_ics23(
        &mut self,
        height: Height,
        key: StateKey<'_>,
    ) -> Result<Result<Vec<u8>, ProofError>, StoreError> {
        self.with_tree(height, |state| state.prove_ics23_reached(height, &key.to_bytes()))
    }

    fn prove_ics23_reached(
        &self,
        height: Height,
        key: &[u8],
    ) -> Result<Result<Vec<u8>, ProofError>, StoreError> {
        let found = self.prove_reached(height, key)?;
        if let Some(value) = &found.value {
            let entry = Ics23Entry { key: &found.key, value, proof: &found.proof };
            return Ok(ics23_existence(&entry));
        }
        let leaves = self.leaves_at(height)?;
        let neighbours = self.tree.neighbours(height.number(), &digest(&found.key), &leaves)?;
        let (left, right) =
            neighbours.ok_or_else(|| StoreError::corrupt("a height of the tree is missing"))?;
        let mut wanted = [left.map(|leaf| (leaf.key, None)), right.map(|leaf| (leaf.key, None))];
        self.find_keys(height, &mut wanted)?;
        let mut proofs = [None, None];
        for (proof, wanted) in proofs.iter_mut().zip(wanted) {
            let Some((_, key)) = wanted else { continue };
            let key = key.ok_or_else(|| StoreError::corrupt("a leaf of the tree has no row"))?;
            *proof = Some(self.prove_reached(height, &key)?);
        }
        let [left, right] = proofs.each_ref().map(|proof| proof.as_ref().and_then(entry));
        Ok(ics23_non_existence(&found.key, left.as_ref(), right.as_ref()))
    }

    /// Finds the state keys of key hashes.
    fn find_keys(
        &self,
        height: Height,
        wanted: &mut [Option<(KeyHash, Option<Bytes>)>],
    ) -> Result<(), StoreError> {
        let mut missing = wanted.iter().flatten().count();
        let all = (Bound::Unbounded, Bound::Unbounded);
        self.at(height)?.scan(all, Order::Ascending, &mut |key, _| {
            let hash = digest(key);
            for (_, found) in wanted.iter_mut().flatten().filter(|(wanted, _)| *wanted == hash) {
                *found = Some(key.into());
                missing -= 1;
            }
            if missing > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    }

    /// Does something while the tree has the version of `height`, and then lets go of what is not
    /// to be at hand.
    fn with_tree<T>(
        &mut self,
        height: Height,
        act: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.require_retained(height)?;
        let result = self.reach(height).and_then(|()| act(self));
        self.trim();
        result
    }

    /// Makes older versions of the tree until it has that of `height`.
    pub(super) fn reach(&mut self, height: Height) -> Result<(), StoreError> {
        let is_bounded = self.residence == Residence::Bounded;
        // What leaves were at the version that is the oldest so far, where it is not what they are.
        let mut changed = BTreeMap::new();
        if self.tree.oldest() > height.number() && is_bounded {
            for block in self.blocks_above(Height::new(self.tree.oldest())).rev() {
                changed.extend(self.leaf_changes_of(block)?.iter().copied());
            }
        }
        while self.tree.oldest() > height.number() {
            let oldest = Height::new(self.tree.oldest());
            self.recall(oldest)?;
            let changes = self.undo(oldest)?.leaves();
            let leaves = LeavesOver { store: &self.store, changed: &changed };
            self.tree.push_oldest(oldest.number() - 1, &changes, &leaves)?;
            if is_bounded {
                changed.extend(changes);
            }
        }
        Ok(())
    }

    /// Reads what a block replaced, unless it is at hand already, and keeps it at hand, so that the
    /// next proof after opening need not read it again. [`State::trim`] lets go of it.
    fn recall(&mut self, height: Height) -> Result<(), StoreError> {
        let head = self.head.map_or(height, |head| head.height);
        let is_next = head.number() - height.number() == self.recent.len() as u64;
        if is_next {
            self.recent.push_front(Recent::of(self.undo(height)?, self.residence));
        }
        Ok(())
    }

    /// The leaves of an older version, for a tree that reads them.
    fn leaves_at(&self, height: Height) -> Result<LeavesAt<'_, S>, StoreError> {
        Ok(LeavesAt { store: &self.store, above: self.leaf_changes_above(height)? })
    }

    /// The leaves that the undos above a height put back, where the tree reads leaves.
    fn leaf_changes_above(&self, height: Height) -> Result<Vec<Arc<[LeafChange]>>, StoreError> {
        if self.residence == Residence::Memory {
            return Ok(Vec::new());
        }
        self.blocks_above(height).map(|block| self.leaf_changes_of(block)).collect()
    }

    /// The leaves that the undo of a height puts back.
    fn leaf_changes_of(&self, height: Height) -> Result<Arc<[LeafChange]>, StoreError> {
        match self.recent_of(height) {
            Some(recent) => Ok(recent.leaves.clone()),
            None => Ok(self.undo(height)?.leaves().into()),
        }
    }
}

/// The entry that a proof of presence is of.
fn entry(proof: &KeyProof) -> Option<Ics23Entry<'_>> {
    let value = proof.value.as_deref()?;
    Some(Ics23Entry { key: &proof.key, value, proof: &proof.proof })
}
