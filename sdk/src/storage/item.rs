//! [`Item`]: one value.

use core::marker::PhantomData;

use dytallix_abi::describe::StorageKindDesc;
use dytallix_abi::{Decode, Describe, Encode};

use super::{Handle, load, store};
use crate::{Checked, host};

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

impl<T: Encode + Decode + Describe> Item<T> {
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
        load(&self.key())
    }

    /// Whether a value was set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        host::storage_has(&self.key())
    }

    /// Sets the value.
    pub fn set(&mut self, value: T) {
        store(&self.key(), &value);
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
        store(&self.key(), &value);
        Ok(value)
    }

    /// Adds an amount to the value (or to zero); the sum.
    ///
    /// # Errors
    ///
    /// `error` if it does not fit; then nothing is set.
    pub fn add_or<E>(&mut self, amount: T, error: E) -> Result<T, E>
    where
        T: Checked + Default,
    {
        self.update(|value| value.add_or(amount, error))
    }

    /// Takes an amount off the value (or off zero); what is left.
    ///
    /// # Errors
    ///
    /// `error` if there is less; then nothing is set.
    pub fn sub_or<E>(&mut self, amount: T, error: E) -> Result<T, E>
    where
        T: Checked + Default,
    {
        self.update(|value| value.sub_or(amount, error))
    }
}
