//! Encoding of arrays, lists, strings, sets and maps.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::{CodecError, Decode, Encode, Expected, Input, Output};

/// Most bytes of memory that are reserved for a list before its elements have been seen.
const RESERVED_BYTES: usize = 4096;

/// Refuses lists of `T` where the program is built, for a `T` that has no bytes: a count alone
/// would make a list as long as it likes.
struct Element<T>(core::marker::PhantomData<T>);

impl<T> Element<T> {
    const HAS_BYTES: () =
        assert!(size_of::<T>() != 0, "a list, set or map of a type without bytes has no encoding");
}

fn write_count<O: Output + ?Sized>(count: usize, out: &mut O) {
    let count = u32::try_from(count).expect("a collection has at most u32::MAX elements");
    out.write(&count.to_le_bytes());
}

fn cautious_capacity<T>(count: usize) -> usize {
    count.min(RESERVED_BYTES / size_of::<T>().max(1))
}

pub(super) fn decode_list<T: Decode>(
    count: usize,
    input: &mut Input<'_>,
) -> Result<Vec<T>, CodecError> {
    let mut items = Vec::with_capacity(cautious_capacity::<T>(count));
    for _ in 0..count {
        let before = input.remaining();
        items.push(T::decode(input)?);
        if input.remaining() == before {
            return Err(input.error(Expected::ElementWithBytes));
        }
    }
    Ok(items)
}

pub(super) fn decode_array<T: Decode, const N: usize>(
    input: &mut Input<'_>,
) -> Result<[T; N], CodecError> {
    let mut items = Vec::with_capacity(cautious_capacity::<T>(N));
    for _ in 0..N {
        items.push(T::decode(input)?);
    }
    // There are N of them, so this does not fail.
    items.try_into().map_err(|_| input.error(Expected::MoreBytes))
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        T::encode_slice(self, out);
    }
}

impl<T: Decode, const N: usize> Decode for [T; N] {
    #[inline]
    fn decode(input: &mut Input<'_>) -> Result<[T; N], CodecError> {
        T::decode_array(input)
    }
}

impl<T: Encode> Encode for [T] {
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        const { Element::<T>::HAS_BYTES };
        write_count(self.len(), out);
        T::encode_slice(self, out);
    }
}

impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        self.as_slice().encode(out);
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(input: &mut Input<'_>) -> Result<Vec<T>, CodecError> {
        const { Element::<T>::HAS_BYTES };
        let count = input.length()?;
        T::decode_list(count, input)
    }
}

impl Encode for str {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        self.as_bytes().encode(out);
    }
}

impl Encode for String {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        self.as_bytes().encode(out);
    }
}

impl Decode for String {
    fn decode(input: &mut Input<'_>) -> Result<String, CodecError> {
        let length = input.length()?;
        let start = input.offset();
        let bytes = input.take(length)?;
        match core::str::from_utf8(bytes) {
            Ok(text) => Ok(String::from(text)),
            Err(error) => Err(CodecError {
                // Within the input, whose offsets are a u32.
                offset: start.saturating_add(error.valid_up_to() as u32),
                expected: Expected::Utf8,
            }),
        }
    }
}

impl<T: Encode> Encode for BTreeSet<T> {
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        const { Element::<T>::HAS_BYTES };
        write_count(self.len(), out);
        for item in self {
            item.encode(out);
        }
    }
}

impl<T: Decode + Ord> Decode for BTreeSet<T> {
    fn decode(input: &mut Input<'_>) -> Result<BTreeSet<T>, CodecError> {
        const { Element::<T>::HAS_BYTES };
        let mut set = BTreeSet::new();
        for _ in 0..input.length()? {
            let start = input.clone();
            let item = T::decode(input)?;
            if set.last().is_some_and(|last| *last >= item) {
                return Err(start.error(Expected::Ascending));
            }
            set.insert(item);
        }
        Ok(set)
    }
}

impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        const { Element::<K>::HAS_BYTES };
        write_count(self.len(), out);
        for (key, value) in self {
            key.encode(out);
            value.encode(out);
        }
    }
}

impl<K: Decode + Ord, V: Decode> Decode for BTreeMap<K, V> {
    fn decode(input: &mut Input<'_>) -> Result<BTreeMap<K, V>, CodecError> {
        const { Element::<K>::HAS_BYTES };
        let mut map = BTreeMap::new();
        for _ in 0..input.length()? {
            let start = input.clone();
            let key = K::decode(input)?;
            if map.last_key_value().is_some_and(|(last, _)| *last >= key) {
                return Err(start.error(Expected::Ascending));
            }
            let value = V::decode(input)?;
            map.insert(key, value);
        }
        Ok(map)
    }
}
