//! Why a change of state was not made.

use core::fmt;

use crate::state::store::StoreError;

/// Why a change of state was not made. Nothing has been changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The account has less than that.
    InsufficientBalance,
    /// The balance would be too great.
    BalanceOverflow,
    /// The account has sent as many transactions as can be counted.
    NonceOverflow,
    /// There is a contract at that address already.
    ContractExists,
    /// There is no contract at that address.
    NoContract,
    /// State holds no code of that hash.
    NoCode,
    /// Contracts refer to the code.
    CodeInUse,
    /// The code is not that of the hash.
    OtherCode,
    /// The record of a contract is none: a threshold without enough admins, a score above 10,000.
    UnsoundContract,
    /// The contract has been upgraded as often as can be counted.
    VersionOverflow,
    /// A storage key has no bytes.
    EmptyKey,
    /// The contract would have more storage entries than the limit.
    TooManyItems,
    /// The contract would have more bytes in storage than the limit.
    TooManyBytes,
    /// The transaction would write more often than the limit.
    TooManyWrites,
    /// The store failed: a fault of the node.
    Store(StoreError),
}

impl From<StoreError> for StateError {
    fn from(error: StoreError) -> Self {
        StateError::Store(error)
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StateError::InsufficientBalance => "the balance is less than the amount",
            StateError::BalanceOverflow => "the balance would be too great",
            StateError::NonceOverflow => "the nonce has reached its end",
            StateError::ContractExists => "there is a contract at that address",
            StateError::NoContract => "there is no contract at that address",
            StateError::NoCode => "state holds no code of that hash",
            StateError::CodeInUse => "contracts refer to the code",
            StateError::OtherCode => "the code is not that of the hash",
            StateError::UnsoundContract => "the record of the contract is unsound",
            StateError::VersionOverflow => "the version of the contract has reached its end",
            StateError::EmptyKey => "a storage key has no bytes",
            StateError::TooManyItems => "the contract has as many storage entries as it may",
            StateError::TooManyBytes => "the contract has as many bytes in storage as it may",
            StateError::TooManyWrites => "the transaction has written as often as it may",
            StateError::Store(error) => return error.fmt(f),
        })
    }
}

impl core::error::Error for StateError {}
