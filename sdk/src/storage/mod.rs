//! Storage handles: a contract's fields, each a place in its storage.
//!
//! | handle | keys | holds |
//! |---|---|---|
//! | [`Item<T>`] | prefix | one value |
//! | [`Map<K, V>`] | prefix, then the key so that byte order is key order | a value for each key |
//! | [`List<T>`] | prefix: length; prefix and big-endian index: an element | values by number |
//! | [`Transient<T>`] | prefix, in transient storage | one value, until the transaction ends |
//!
//! Values are in their canonical encoding. A handle has no value of its own and no cache: each
//! `get` asks the host, each `set` tells it. The prefix of a handle is its number in the contract's
//! struct, or what `#[prefix = N]` says.

mod item;
mod key;
mod list;
mod map;
mod transient;

pub use crate::buffer::KeyBuffer;
pub use item::Item;
pub use key::{AsKey, FixedKey, Key};
pub use list::{List, ListIter};
pub use map::{Keys, Map, MapIter};
pub use transient::Transient;

use dytallix_abi::describe::StorageKindDesc;
use dytallix_abi::{Address, Decode, Describe, Encode, SdkError};

use crate::buffer::{Room, encoded};
use crate::{entry, host};

/// A field of a contract's struct: a place in storage.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a storage handle",
    label = "a field of a contract is an Item, Map, List or Transient",
    note = "write `Item<{Self}>` to store one value of that type"
)]
pub trait Handle {
    /// What it holds, for the ABI section; nothing where it does not outlive the transaction.
    const KIND: Option<StorageKindDesc>;

    /// The handle of the place that begins with `prefix`.
    fn at(prefix: u8) -> Self;
}

/// A handle that says who may: what `#[call(only = field)]` asks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say who may call",
    label = "`only` names a field that holds addresses",
    note = "that is an Item<Address>, an Item<Option<Address>> or a Map<Address, bool>"
)]
pub trait Authority {
    /// Whether `who` may.
    fn permits(&self, who: &Address) -> bool;
}

impl Authority for Item<Address> {
    /// The one address; nobody before it was set.
    fn permits(&self, who: &Address) -> bool {
        self.find().is_some_and(|holder| holder == *who)
    }
}

impl Authority for Item<Option<Address>> {
    fn permits(&self, who: &Address) -> bool {
        self.get().is_some_and(|holder| holder == *who)
    }
}

impl Authority for Map<Address, bool> {
    /// Those who are mapped to `true`.
    fn permits(&self, who: &Address) -> bool {
        self.get(who)
    }
}

/// Reads stored bytes as what the handle says they are.
fn decode<T: Decode>(bytes: &[u8]) -> T {
    match T::from_bytes(bytes) {
        Ok(value) => value,
        Err(_) => entry::fail_with(SdkError::StoredBytes),
    }
}

/// The value at a storage key.
fn load<T: Decode>(key: &[u8]) -> Option<T> {
    host::storage_read(key, &mut Room::new()).map(decode)
}

/// Sets the value at a storage key.
fn store<T: Encode + Describe>(key: &[u8], value: &T) {
    encoded(value, |bytes| host::storage_set(key, bytes));
}
