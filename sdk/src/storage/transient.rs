//! [`Transient`]: one value until the end of the transaction.

use core::marker::PhantomData;

use dytallix_abi::describe::StorageKindDesc;
use dytallix_abi::{Decode, Describe, Encode};

use super::{Handle, decode};
use crate::buffer::{Room, encoded};
use crate::host;

/// One value that all calls of a transaction share and that is gone after it: a lock, a counter.
///
/// ```
/// use dytallix_sdk::mock::Mock;
/// use dytallix_sdk::prelude::*;
///
/// let _mock = Mock::new();
/// let mut locked: Transient<bool> = Transient::at(0);
/// locked.set(true);
/// assert!(locked.get());
/// locked.clear();
/// assert_eq!(locked.find(), None);
/// ```
#[derive(Debug)]
pub struct Transient<T> {
    prefix: u8,
    value: PhantomData<T>,
}

impl<T: Describe> Handle for Transient<T> {
    const KIND: Option<StorageKindDesc> = None;

    #[inline]
    fn at(prefix: u8) -> Transient<T> {
        Transient { prefix, value: PhantomData }
    }
}

impl<T: Encode + Decode + Describe> Transient<T> {
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

    /// The value, if one was set in this transaction.
    #[must_use]
    pub fn find(&self) -> Option<T> {
        host::transient_read(&self.key(), &mut Room::new()).map(decode)
    }

    /// Sets the value. A value whose encoding is empty, as that of `()`, counts as none.
    pub fn set(&mut self, value: T) {
        encoded(&value, |bytes| host::transient_set(&self.key(), bytes));
    }

    /// Removes the value.
    pub fn clear(&mut self) {
        host::transient_set(&self.key(), &[]);
    }
}
