//! Floor 0: the words that every floor above shares. Newtypes, so that a height is never a nonce,
//! and domain-separated hashing, so that a hash made for one purpose never fits another.

mod address;
mod bech32m;
mod hash;
mod numbers;

pub use address::{Address, AddressError};
pub use hash::{Domain, Hash};
pub use numbers::{Amount, Height, Nonce};
