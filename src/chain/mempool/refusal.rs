//! Why a mempool does not take a transaction, and why it lets one go.

use core::fmt;

use crate::primitives::{Address, Hash, Nonce};

/// Why a mempool does not take a transaction. The numbers do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u16)]
pub enum Refusal {
    /// It is there already, by its id: another signature does not make another transaction.
    Known = 1,
    /// Its nonce has been used.
    NonceUsed = 2,
    /// Its nonce is further ahead of the account's than transactions are kept for.
    NonceTooFar = 3,
    /// There is one of the same nonce, and its tip is not a tenth and 1 higher.
    Underpriced = 4,
    /// The account can not pay for it together with its others.
    CannotPay = 5,
    /// The pool is full, and it is worth less than what would have to go for it.
    PoolFull = 6,
    /// It is longer than all that the pool may hold.
    TooLong = 7,
    /// Its last height is over.
    Expired = 8,
}

/// Why a transaction is no longer in a mempool. The numbers do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u16)]
pub enum Reason {
    /// Its nonce has been used: it was committed, or another one of the same nonce.
    NonceUsed = 1,
    /// Its last height is over.
    Expired = 2,
    /// The account can no longer pay for it together with those before it.
    CannotPay = 3,
    /// One of the same nonce with a higher tip has taken its place.
    Replaced = 4,
    /// It was worth less than one for which there was no room.
    Evicted = 5,
    /// The account's nonce went back, as blocks were dropped, and it is too far ahead now.
    NonceTooFar = 6,
}

/// A transaction that is no longer in a mempool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removed {
    /// Its id.
    pub id: Hash,
    /// Whose it was.
    pub signer: Address,
    /// Its nonce.
    pub nonce: Nonce,
    /// Why.
    pub reason: Reason,
}

impl Refusal {
    /// Its number.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }
}

impl Reason {
    /// Its number.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Known => "the transaction is in the pool already",
            Refusal::NonceUsed => "the nonce has been used",
            Refusal::NonceTooFar => "the nonce is too far ahead of the account's",
            Refusal::Underpriced => "the tip is too low to replace the one of the same nonce",
            Refusal::CannotPay => "the account can not pay for it together with its others",
            Refusal::PoolFull => "the pool is full of transactions with higher tips",
            Refusal::TooLong => "the transaction is longer than the pool may be",
            Refusal::Expired => "the last height of the transaction is over",
        })
    }
}

impl core::error::Error for Refusal {}
