//! [`Map`]: a value for each key, in key order.

use core::marker::PhantomData;

use dytallix_abi::describe::StorageKindDesc;
use dytallix_abi::{Decode, Describe, Encode, Input, SdkError};

use super::key::{AsKey, FixedKey, Key};
use super::{Handle, KeyBuffer, load, store};
use crate::{Checked, entry, host};

/// A value for each key.
///
/// Keys are taken by value or by reference, a `String` also as `&str`. Iteration is in key order
/// and reads each entry when it is asked for.
///
/// ```
/// use dytallix_sdk::mock::Mock;
/// use dytallix_sdk::prelude::*;
///
/// let _mock = Mock::new();
/// let mut ages: Map<String, u8> = Map::at(0);
/// ages.set("bob", 40);
/// ages.set("ann", 30);
/// assert_eq!((ages.get("bob"), ages.get("eve"), ages.find("eve")), (40, 0, None));
/// let names: Vec<String> = ages.keys().collect();
/// assert_eq!(names, ["ann", "bob"]);
/// ```
#[derive(Debug)]
pub struct Map<K, V> {
    prefix: u8,
    entry: PhantomData<(K, V)>,
}

impl<K: Key + Describe, V: Describe> Handle for Map<K, V> {
    const KIND: Option<StorageKindDesc> = Some(StorageKindDesc::Map(K::TYPE, V::TYPE));

    #[inline]
    fn at(prefix: u8) -> Map<K, V> {
        Map { prefix, entry: PhantomData }
    }
}

/// The storage key of an entry: the prefix, then the key.
fn storage_key<K>(prefix: u8, key: &impl AsKey<K>) -> KeyBuffer {
    let mut bytes = KeyBuffer::new();
    bytes.push(&[prefix]);
    key.encode_to(&mut bytes);
    bytes
}

impl<K: Key, V: Encode + Decode + Describe> Map<K, V> {
    /// The value of `key`; the type's default where it has none.
    #[must_use]
    pub fn get(&self, key: impl AsKey<K>) -> V
    where
        V: Default,
    {
        self.find(key).unwrap_or_default()
    }

    /// The value of `key`, if it has one.
    #[must_use]
    pub fn find(&self, key: impl AsKey<K>) -> Option<V> {
        load(storage_key(self.prefix, &key).as_slice())
    }

    /// Whether `key` has a value.
    #[must_use]
    pub fn has(&self, key: impl AsKey<K>) -> bool {
        host::storage_has(storage_key(self.prefix, &key).as_slice())
    }

    /// Sets the value of `key`.
    pub fn set(&mut self, key: impl AsKey<K>, value: V) {
        store(storage_key(self.prefix, &key).as_slice(), &value);
    }

    /// Sets the value of `key`, or removes it where the value is the type's default: what is not
    /// stored costs no deposit, and `get` gives the same.
    pub fn set_or_remove(&mut self, key: impl AsKey<K>, value: V)
    where
        V: Default + PartialEq,
    {
        if value == V::default() {
            self.remove(key);
        } else {
            self.set(key, value);
        }
    }

    /// Removes `key` and its value; whether it had one.
    pub fn remove(&mut self, key: impl AsKey<K>) -> bool {
        host::storage_remove(storage_key(self.prefix, &key).as_slice())
    }

    /// Removes `key` and returns its value.
    pub fn take(&mut self, key: impl AsKey<K>) -> Option<V> {
        let key = storage_key(self.prefix, &key);
        let value = load(key.as_slice());
        host::storage_remove(key.as_slice());
        value
    }

    /// Sets the value of `key` to what `change` makes of it (or of the default), and returns that.
    ///
    /// # Errors
    ///
    /// What `change` returns; then nothing is set.
    pub fn update<E>(
        &mut self,
        key: impl AsKey<K>,
        change: impl FnOnce(V) -> Result<V, E>,
    ) -> Result<V, E>
    where
        V: Default,
    {
        let key = storage_key(self.prefix, &key);
        let value = change(load(key.as_slice()).unwrap_or_default())?;
        store(key.as_slice(), &value);
        Ok(value)
    }

    /// Adds an amount to the value of `key`; the sum.
    ///
    /// # Errors
    ///
    /// `error` if it does not fit; then nothing is changed.
    pub fn add_or<E>(&mut self, key: impl AsKey<K>, amount: V, error: E) -> Result<V, E>
    where
        V: Checked + Default + PartialEq,
    {
        self.amount(key, |value| value.add_or(amount, error))
    }

    /// Takes an amount off the value of `key`; what is left. An entry with nothing left is removed:
    /// what is not stored costs no deposit, and `get` gives the same.
    ///
    /// # Errors
    ///
    /// `error` if there is less; then nothing is changed.
    pub fn sub_or<E>(&mut self, key: impl AsKey<K>, amount: V, error: E) -> Result<V, E>
    where
        V: Checked + Default + PartialEq,
    {
        self.amount(key, |value| value.sub_or(amount, error))
    }

    /// As [`Map::update`], but a zero is removed.
    fn amount<E>(
        &mut self,
        key: impl AsKey<K>,
        change: impl FnOnce(V) -> Result<V, E>,
    ) -> Result<V, E>
    where
        V: Default + PartialEq,
    {
        let key = storage_key(self.prefix, &key);
        let value = change(load(key.as_slice()).unwrap_or_default())?;
        if value == V::default() {
            host::storage_remove(key.as_slice());
        } else {
            store(key.as_slice(), &value);
        }
        Ok(value)
    }

    /// All entries, in key order.
    #[must_use]
    pub fn iter(&self) -> MapIter<'_, K, V> {
        MapIter { keys: self.keys(), value: PhantomData }
    }

    /// All keys, in order.
    #[must_use]
    pub fn keys(&self) -> Keys<'_, K> {
        self.keys_with(KeyBuffer::new(), false)
    }

    /// The entries from `key` on, with its own if it has one.
    #[must_use]
    pub fn range_from(&self, key: impl AsKey<K>) -> MapIter<'_, K, V> {
        let keys = self.keys_with(storage_key(self.prefix, &key), true);
        MapIter { keys, value: PhantomData }
    }

    /// The entries behind `key`, without its own: where a page ended, the next begins.
    #[must_use]
    pub fn range_after(&self, key: impl AsKey<K>) -> MapIter<'_, K, V> {
        let keys = self.keys_with(storage_key(self.prefix, &key), false);
        MapIter { keys, value: PhantomData }
    }

    fn keys_with(&self, last: KeyBuffer, include_last: bool) -> Keys<'_, K> {
        let mut prefix = KeyBuffer::new();
        prefix.push(&[self.prefix]);
        Keys { prefix, last, include_last, map: PhantomData }
    }
}

impl<A: FixedKey, B, V> Map<(A, B), V>
where
    (A, B): Key,
    V: Encode + Decode + Describe,
{
    /// The entries whose key begins with `first`.
    #[must_use]
    pub fn iter_with(&self, first: impl AsKey<A>) -> MapIter<'_, (A, B), V> {
        let prefix = storage_key::<A>(self.prefix, &first);
        let keys = Keys { prefix, last: KeyBuffer::new(), include_last: false, map: PhantomData };
        MapIter { keys, value: PhantomData }
    }
}

impl<'a, K: Key, V: Encode + Decode + Describe> IntoIterator for &'a Map<K, V> {
    type Item = (K, V);
    type IntoIter = MapIter<'a, K, V>;

    fn into_iter(self) -> MapIter<'a, K, V> {
        self.iter()
    }
}

/// Keys of a [`Map`], each looked for when it is asked for.
#[derive(Debug)]
pub struct Keys<'a, K> {
    prefix: KeyBuffer,
    /// The storage key that was given last, or where to begin.
    last: KeyBuffer,
    /// Whether `last` itself is still to be given.
    include_last: bool,
    map: PhantomData<&'a K>,
}

impl<K: Key> Keys<'_, K> {
    /// Goes on to the next storage key.
    fn advance(&mut self) -> Option<()> {
        let includes = core::mem::take(&mut self.include_last);
        if includes && host::storage_has(self.last.as_slice()) {
            return Some(());
        }
        self.last = host::storage_key_after(self.prefix.as_slice(), self.last.as_slice())?;
        Some(())
    }

    fn key(&self) -> K {
        let mut input = Input::new(self.last.as_slice().get(1..).unwrap_or_default());
        match K::decode_key(&mut input).and_then(|key| input.finish().map(|()| key)) {
            Ok(key) => key,
            Err(_) => entry::fail_with(SdkError::StoredBytes),
        }
    }
}

impl<K: Key> Iterator for Keys<'_, K> {
    type Item = K;

    fn next(&mut self) -> Option<K> {
        self.advance()?;
        Some(self.key())
    }
}

/// Entries of a [`Map`], each read when it is asked for.
#[derive(Debug)]
pub struct MapIter<'a, K, V> {
    keys: Keys<'a, K>,
    value: PhantomData<V>,
}

impl<K: Key, V: Decode> Iterator for MapIter<'_, K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        self.keys.advance()?;
        // The host has just found the key, so it has a value.
        let value = load(self.keys.last.as_slice())?;
        Some((self.keys.key(), value))
    }
}
