//! [`ChangeSet`]: what differs between two states, sorted, with what was there before.

use alloc::vec::Vec;

use super::account::{Account, CodeInfo, PastVersion};
use super::rows::{StateKey, encode_account, encode_code_info, encode_history, encode_value};
use super::store::Bytes;
use super::view::Base;
use crate::primitives::{Address, Hash};

/// A change of what is at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change<P, V> {
    /// The place.
    pub place: P,
    /// What was there.
    pub previous: Option<V>,
    /// What is there now.
    pub current: Option<V>,
}

impl<P, V> Change<P, V> {
    /// At `place`, `current` replaces `previous`.
    #[must_use]
    pub const fn new(place: P, previous: Option<V>, current: Option<V>) -> Self {
        Change { place, previous, current }
    }
}

/// Changes against a state: sorted, one per place, and only where the contents differ.
///
/// It is a function of the two states, never of the order in which things happened between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeSet {
    /// The state that it changes. Only changes of the head can be committed, so those of a fork,
    /// which change what was never committed, can not.
    pub base: Base,
    /// Accounts by address.
    pub accounts: Vec<Change<Address, Account>>,
    /// Storage by contract and key.
    pub storage: Vec<Change<(Address, Bytes), Bytes>>,
    /// Records of code by hash.
    pub code_info: Vec<Change<Hash, CodeInfo>>,
    /// Histories by contract.
    pub histories: Vec<Change<Address, Vec<PastVersion>>>,
    /// Code that was not there, by hash.
    pub code: Vec<(Hash, Bytes)>,
}

/// A change of one row of state.
pub(crate) type RowChange = Change<Bytes, Bytes>;

impl ChangeSet {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
            && self.storage.is_empty()
            && self.code_info.is_empty()
            && self.histories.is_empty()
            && self.code.is_empty()
    }

    /// How many rows of state it changes.
    #[must_use]
    pub fn len(&self) -> usize {
        let rows = self.accounts.len() + self.storage.len() + self.code_info.len();
        rows + self.histories.len()
    }

    /// Whether it is sorted with one change per place.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.accounts.is_sorted_by(|a, b| a.place < b.place)
            && self.storage.is_sorted_by(|a, b| a.place < b.place)
            && self.code_info.is_sorted_by(|a, b| a.place < b.place)
            && self.histories.is_sorted_by(|a, b| a.place < b.place)
            && self.code.is_sorted_by(|a, b| a.0 < b.0)
    }

    /// The same as rows of state, in order of their keys.
    pub(crate) fn rows(&self) -> Vec<RowChange> {
        let mut rows = Vec::with_capacity(self.len());
        rows.extend(self.accounts.iter().map(|change| {
            let encode = |account: &Option<Account>| account.as_ref().and_then(encode_account);
            row(StateKey::Account(&change.place), change, encode)
        }));
        rows.extend(self.storage.iter().map(|change| {
            let (contract, key) = &change.place;
            let encode = |value: &Option<Bytes>| value.as_deref().map(encode_value);
            row(StateKey::Storage(contract, key), change, encode)
        }));
        rows.extend(self.code_info.iter().map(|change| {
            let encode = |info: &Option<CodeInfo>| info.as_ref().map(encode_code_info);
            row(StateKey::Code(&change.place), change, encode)
        }));
        rows.extend(self.histories.iter().map(|change| {
            let encode =
                |history: &Option<Vec<PastVersion>>| history.as_deref().and_then(encode_history);
            row(StateKey::History(&change.place), change, encode)
        }));
        rows
    }
}

fn row<P, V>(
    key: StateKey<'_>,
    change: &Change<P, V>,
    encode: impl Fn(&Option<V>) -> Option<Bytes>,
) -> RowChange {
    Change::new(key.to_bytes().into(), encode(&change.previous), encode(&change.current))
}
