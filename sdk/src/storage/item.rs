//! [`Item`]: one value.

use core::marker::PhantomData;

use dytallix_abi::describe::StorageKindDesc;
use dytallix_abi::{Decode, Describe, Encode};

use super::{Handle, decode, encode};
use crate::host;

/// One value in storage.
///
/// ```
/// use dytallix_sdk::mock::Mock;
/// use dytallix_sdk::prelude::*;
///
/// let _mock = Mock::new();
/// let mut count: Item<u64> = Item::at(0);
/// assert_eq!((count.get(), count.find()), (0, None));
/// count.set(7);
/// assert_eq!((count.get(), count.find()), (7, Some(7)));
/// ```
#[derive(Debug)]
pub struct Item<T> {
    prefix: u8,
    value: PhantomData<T>,
}

impl<T: Describe> Handle for Item<T> {
    const KIND: Option<StorageKindDesc> = Some(StorageKindDesc::Item(T::TYPE));

    #[inline]
    fn at(prefix: u8) -> Item<T> {
        Item { prefix, value: PhantomData }
    }
}

impl<T: Encode + Decode> Item<T> {
    fn key(&self) -> [u8; 1] {
        [self.prefix]
    }

    /// The value; the type's default where none was set.
    #[must_use]
    pub fn get(&self) -> T
    where
        T: Default,
    {
        self.find().unwrap_or_default()
    }

    /// The value, if one was set.
    #[must_use]
    pub fn find(&self) -> Option<T> {
        host::storage_read(&self.key()).map(|bytes| decode(&bytes))
    }

    /// Whether a value was set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        host::storage_has(&self.key())
    }

    /// Sets the value.
    pub fn set(&mut self, value: T) {
        host::storage_set(&self.key(), &encode(&value));
    }

    /// Removes the value; whether there was one.
    pub fn clear(&mut self) -> bool {
        host::storage_remove(&self.key())
    }

    /// Sets the value to what `change` makes of it (or of the default), and returns that.
    ///
    /// # Errors
    ///
    /// What `change` returns; then nothing is set.
    pub fn update<E>(&mut self, change: impl FnOnce(T) -> Result<T, E>) -> Result<T, E>
    where
        T: Default,
    {
        let value = change(self.get())?;
        host::storage_set(&self.key(), &encode(&value));
        Ok(value)
    }
}
