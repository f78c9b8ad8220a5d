//! Floor 0: the words that every floor above shares. Newtypes, so that a height is never a nonce,
//! and domain-separated hashing, so that a hash made for one purpose never fits another.

mod address;
mod bech32m;
#[cfg(feature = "ledger")]
mod codec;
mod hash;
mod numbers;

pub use address::{Address, AddressError};
#[cfg(feature = "ledger")]
pub use codec::DecodeError;
#[cfg(feature = "ledger")]
pub(crate) use codec::{Reader, Writer};
pub use hash::{Domain, Hash};
pub use numbers::{Amount, Height, Nonce};
