//! Reading state from outside, with proofs that lead up to the app hash.
//!
//! ```text
//!   row ── Proof ──▶ state root ┐
//!                               ├─▶ app hash, which the next header carries
//!              receipts root ───┘
//! ```

use alloc::vec::Vec;
use core::fmt;
use core::ops::{Bound, ControlFlow};

use crate::chain::block::app_hash;
use crate::chain::merkle::merkle_root;
use crate::chain::runtime::{BlockError, Error, Runtime};
use crate::primitives::{Address, DecodeError, Hash, Height};
use crate::state::{
    Bytes, Order, Proof, ProofError, StateKey, StateRoot, StateRow, Store, StoreError, View,
};

/// What of state is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Query {
    /// An account, that of a contract included.
    Account(Address),
    /// An entry of a contract's storage.
    Storage {
        /// The contract.
        contract: Address,
        /// The key.
        key: Bytes,
    },
    /// The record of code.
    Code(Hash),
    /// The versions that a contract had before upgrades.
    History(Address),
    /// The bytes of code. They need no proof: whoever has their hash can compare it.
    Module(Hash),
}

/// What state holds at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The height.
    pub height: Height,
    /// The root of state at that height.
    pub root: StateRoot,
    /// The state key; the hash, for [`Query::Module`].
    pub key: Bytes,
    /// What is there, as [`Answer::row`] reads it; the bytes, for [`Query::Module`]. None where
    /// nothing is.
    pub value: Option<Bytes>,
    /// The proof of it against the root, where one was asked for.
    pub proof: Option<Proof>,
    /// The root over the receipts of that height, where a proof was asked for and they are here:
    /// with the state root it makes the app hash.
    pub receipts_root: Option<Hash>,
}

/// Why an answer does not show what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// It has no proof, or not the root over the receipts.
    NoProof,
    /// Its roots are not those of the app hash.
    AppHash,
    /// The proof does not show it.
    Proof(ProofError),
}

impl Query {
    /// The state key of the place; none where there is none, as for a module.
    #[must_use]
    pub fn state_key(&self) -> Option<Vec<u8>> {
        let key = match self {
            Query::Account(address) => StateKey::Account(address),
            Query::Storage { contract, key } => StateKey::Storage(contract, key),
            Query::Code(hash) => StateKey::Code(hash),
            Query::History(contract) => StateKey::History(contract),
            Query::Module(_) => return None,
        };
        Some(key.to_bytes())
    }
}

impl Answer {
    /// Shows that this is what state held after the block that came to `app_hash`: the one that the
    /// header of the height above carries.
    ///
    /// # Errors
    ///
    /// Where it does not.
    pub fn verify(&self, app_hash: &Hash) -> Result<(), AnswerError> {
        let (Some(proof), Some(receipts_root)) = (&self.proof, &self.receipts_root) else {
            return Err(AnswerError::NoProof);
        };
        if super::super::block::app_hash(&self.root, receipts_root) != *app_hash {
            return Err(AnswerError::AppHash);
        }
        let verified = match &self.value {
            Some(value) => proof.verify_inclusion(&self.root, &self.key, value),
            None => proof.verify_exclusion(&self.root, &self.key),
        };
        verified.map_err(AnswerError::Proof)
    }

    /// What is there, read; none where nothing is.
    ///
    /// # Errors
    ///
    /// Where it is no row of state, as for a module.
    pub fn row(&self) -> Result<Option<StateRow>, DecodeError> {
        self.value.as_deref().map(|value| StateRow::decode(&self.key, value)).transpose()
    }
}

/// Answers a query.
pub(super) fn answer<S: Store>(
    runtime: &mut Runtime<S>,
    query: &Query,
    height: Option<Height>,
    prove: bool,
) -> Result<Answer, Error> {
    let head = runtime.state().head().ok_or(BlockError::NoChain)?.height;
    let height = height.unwrap_or(head);
    let key = match (query, query.state_key()) {
        (Query::Module(hash), _) => return module(runtime, hash, height),
        (_, Some(key)) => key,
        (_, None) => return Err(BlockError::Unknown(height).into()),
    };
    if prove {
        let proved = runtime.state_mut().prove_row(height, &key)?;
        let receipts_root = receipts_root(runtime, height, &proved.root)?;
        return Ok(Answer {
            height,
            root: proved.root,
            key: proved.key,
            value: proved.value,
            proof: Some(proved.proof),
            receipts_root,
        });
    }
    let at = runtime.state().at(height)?;
    let mut value = None;
    let only = (Bound::Included(&key[..]), Bound::Included(&key[..]));
    at.rows(only, Order::Ascending, &mut |_, row| {
        value = Some(Bytes::from(row));
        ControlFlow::Break(())
    })?;
    let (root, key) = (at.root(), key.into());
    Ok(Answer { height, root, key, value, proof: None, receipts_root: None })
}

fn module<S: Store>(runtime: &Runtime<S>, hash: &Hash, height: Height) -> Result<Answer, Error> {
    let at = runtime.state().at(height)?;
    let (root, key, value) = (at.root(), Bytes::from(&hash.as_bytes()[..]), at.code(hash)?);
    Ok(Answer { height, root, key, value, proof: None, receipts_root: None })
}

/// The root over the receipts of a height; none where they are not all here, as for the height of a
/// snapshot that was restored.
pub(super) fn receipts_root<S: Store>(
    runtime: &Runtime<S>,
    height: Height,
    state_root: &StateRoot,
) -> Result<Option<Hash>, Error> {
    let receipts = match runtime.state().receipts(height) {
        Err(error) if is_not_retained(&error) => return Ok(None),
        receipts => receipts?,
    };
    let root = merkle_root(receipts.iter().map(|receipt| &receipt[..]));
    let known = known_app_hash(runtime, height)?;
    Ok(Some(root).filter(|root| Some(app_hash(state_root, root)) == known))
}

/// What the block of a height came to.
fn known_app_hash<S: Store>(runtime: &Runtime<S>, height: Height) -> Result<Option<Hash>, Error> {
    let tip = runtime.tip().ok_or(BlockError::NoChain)?;
    if tip.height == height {
        return Ok(Some(tip.app_hash));
    }
    let Some(next) = height.next() else { return Ok(None) };
    Ok(runtime.block_at(next)?.map(|block| block.header.app_hash))
}

fn is_not_retained(error: &StoreError) -> bool {
    error.kind() == crate::state::StoreErrorKind::NotRetained
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnswerError::NoProof => f.write_str("the answer has no proof up to the app hash"),
            AnswerError::AppHash => f.write_str("the roots are not those of the app hash"),
            AnswerError::Proof(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for AnswerError {}
