//! [`List`]: values by number.

use core::marker::PhantomData;

use dytallix_abi::describe::StorageKindDesc;
use dytallix_abi::{Decode, Describe, Encode};

use super::{Handle, load, store};
use crate::host;

/// Values with the numbers 0, 1, 2, …, each under a key of its own.
///
/// ```
/// use dytallix_sdk::mock::Mock;
/// use dytallix_sdk::prelude::*;
///
/// let _mock = Mock::new();
/// let mut names: List<String> = List::at(0);
/// assert_eq!(names.push("ann".into()), 0);
/// assert_eq!(names.push("bob".into()), 1);
/// assert_eq!(names.get(1), Some("bob".into()));
/// assert_eq!(names.iter().count(), 2);
/// assert_eq!((names.pop(), names.len()), (Some("bob".into()), 1));
/// ```
#[derive(Debug)]
pub struct List<T> {
    prefix: u8,
    value: PhantomData<T>,
}

impl<T: Describe> Handle for List<T> {
    const KIND: Option<StorageKindDesc> = Some(StorageKindDesc::List(T::TYPE));

    #[inline]
    fn at(prefix: u8) -> List<T> {
        List { prefix, value: PhantomData }
    }
}

impl<T: Encode + Decode + Describe> List<T> {
    fn key(&self, index: u32) -> [u8; 5] {
        let [a, b, c, d] = index.to_be_bytes();
        [self.prefix, a, b, c, d]
    }

    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> u32 {
        load(&[self.prefix]).unwrap_or_default()
    }

    fn set_len(&mut self, length: u32) {
        store(&[self.prefix], &length);
    }

    /// Whether it has no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element of that number.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<T> {
        // Keys at and beyond the length are removed, so the length need not be asked.
        load(&self.key(index))
    }

    /// Replaces the element of that number.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn set(&mut self, index: u32, value: T) {
        assert!(index < self.len(), "index out of bounds of a List");
        store(&self.key(index), &value);
    }

    /// Appends an element; its number.
    ///
    /// # Panics
    ///
    /// If there are `u32::MAX` elements.
    pub fn push(&mut self, value: T) -> u32 {
        let length = self.len();
        let Some(longer) = length.checked_add(1) else { panic!("a List is full") };
        store(&self.key(length), &value);
        self.set_len(longer);
        length
    }

    /// Removes the last element.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.len().checked_sub(1)?;
        let value = self.get(last);
        host::storage_remove(&self.key(last));
        self.set_len(last);
        value
    }

    /// Removes the element of that number and puts the last one into its place.
    pub fn swap_remove(&mut self, index: u32) -> Option<T> {
        let removed = self.get(index)?;
        let last = self.pop()?;
        if index < self.len() {
            self.set(index, last);
        }
        Some(removed)
    }

    /// The elements, in order of their numbers.
    #[must_use]
    pub fn iter(&self) -> ListIter<'_, T> {
        ListIter { list: self, next: 0, end: self.len() }
    }
}

impl<'a, T: Encode + Decode + Describe> IntoIterator for &'a List<T> {
    type Item = T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> ListIter<'a, T> {
        self.iter()
    }
}

/// The elements of a [`List`], each read when it is asked for.
#[derive(Debug)]
pub struct ListIter<'a, T> {
    list: &'a List<T>,
    next: u32,
    end: u32,
}

impl<T: Encode + Decode + Describe> Iterator for ListIter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.next == self.end {
            return None;
        }
        let value = self.list.get(self.next);
        self.next += 1;
        value
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.end - self.next) as usize;
        (left, Some(left))
    }
}

impl<T: Encode + Decode + Describe> DoubleEndedIterator for ListIter<'_, T> {
    fn next_back(&mut self) -> Option<T> {
        if self.next == self.end {
            return None;
        }
        self.end -= 1;
        self.list.get(self.end)
    }
}

impl<T: Encode + Decode + Describe> ExactSizeIterator for ListIter<'_, T> {}
