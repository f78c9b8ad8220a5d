//! Keys of maps: an encoding whose byte order is the order of the keys.

use alloc::string::String;
use alloc::vec::Vec;

use dytallix_abi::{Address, Bytes, CodecError, Expected, Hash, Input};

use crate::buffer::KeyBuffer;

/// What a [`Map`](super::Map) can have as its key.
///
/// The bytes of two keys are in the order of the keys, so iteration is in key order. A key of no
/// fixed length (`String`, `Bytes`, `Vec<u8>`) has nothing behind it: in a tuple it comes last.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be the key of a map",
    note = "keys are integers, bool, [u8; N], Address, Hash, tuples of those, and, alone or as the \
            last part of a tuple, String, Bytes or Vec<u8>"
)]
pub trait Key: Sized {
    /// Appends the bytes of the key.
    fn encode_key(&self, out: &mut KeyBuffer);

    /// Reads a key from the front of `input`.
    ///
    /// # Errors
    ///
    /// If the bytes there are no key of this type.
    fn decode_key(input: &mut Input<'_>) -> Result<Self, CodecError>;
}

/// A key whose encoding has a fixed length, so that another can follow it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be followed by another part of a key",
    note = "only the last part of a tuple may be a String, Bytes or Vec<u8>"
)]
pub trait FixedKey: Key {}

/// A key, or a reference to it; `&str` for a `String`.
pub trait AsKey<K> {
    /// Appends the bytes of the key.
    fn encode_to(&self, out: &mut KeyBuffer);
}

impl<K: Key> AsKey<K> for K {
    fn encode_to(&self, out: &mut KeyBuffer) {
        self.encode_key(out);
    }
}

impl<K: Key> AsKey<K> for &K {
    fn encode_to(&self, out: &mut KeyBuffer) {
        self.encode_key(out);
    }
}

impl AsKey<String> for &str {
    fn encode_to(&self, out: &mut KeyBuffer) {
        out.push(self.as_bytes());
    }
}

macro_rules! integers {
    ($( $signed:ty, $unsigned:ty; )*) => { $(
        impl Key for $unsigned {
            fn encode_key(&self, out: &mut KeyBuffer) {
                out.push(&self.to_be_bytes());
            }

            fn decode_key(input: &mut Input<'_>) -> Result<Self, CodecError> {
                Ok(<$unsigned>::from_be_bytes(input.array()?))
            }
        }

        impl Key for $signed {
            fn encode_key(&self, out: &mut KeyBuffer) {
                // With the sign bit flipped, negative numbers come first.
                (self.cast_unsigned() ^ <$signed>::MIN.cast_unsigned()).encode_key(out);
            }

            fn decode_key(input: &mut Input<'_>) -> Result<Self, CodecError> {
                let flipped = <$unsigned>::decode_key(input)?;
                Ok((flipped ^ <$signed>::MIN.cast_unsigned()).cast_signed())
            }
        }

        impl FixedKey for $unsigned {}
        impl FixedKey for $signed {}
    )* };
}

integers! {
    i8, u8;
    i16, u16;
    i32, u32;
    i64, u64;
    i128, u128;
}

impl Key for bool {
    fn encode_key(&self, out: &mut KeyBuffer) {
        out.push(&[u8::from(*self)]);
    }

    fn decode_key(input: &mut Input<'_>) -> Result<bool, CodecError> {
        input.flag()
    }
}

impl FixedKey for bool {}

impl<const N: usize> Key for [u8; N] {
    fn encode_key(&self, out: &mut KeyBuffer) {
        out.push(self);
    }

    fn decode_key(input: &mut Input<'_>) -> Result<[u8; N], CodecError> {
        input.array()
    }
}

impl<const N: usize> FixedKey for [u8; N] {}

macro_rules! thirty_two_bytes {
    ($($name:ident),*) => { $(
        impl Key for $name {
            fn encode_key(&self, out: &mut KeyBuffer) {
                out.push(self.as_bytes());
            }

            fn decode_key(input: &mut Input<'_>) -> Result<$name, CodecError> {
                Ok($name::new(input.array()?))
            }
        }

        impl FixedKey for $name {}
    )* };
}

thirty_two_bytes!(Address, Hash);

impl Key for Vec<u8> {
    fn encode_key(&self, out: &mut KeyBuffer) {
        out.push(self);
    }

    fn decode_key(input: &mut Input<'_>) -> Result<Vec<u8>, CodecError> {
        Ok(input.take_rest().to_vec())
    }
}

impl Key for Bytes {
    fn encode_key(&self, out: &mut KeyBuffer) {
        out.push(self);
    }

    fn decode_key(input: &mut Input<'_>) -> Result<Bytes, CodecError> {
        Ok(Bytes::from(input.take_rest()))
    }
}

impl Key for String {
    fn encode_key(&self, out: &mut KeyBuffer) {
        out.push(self.as_bytes());
    }

    fn decode_key(input: &mut Input<'_>) -> Result<String, CodecError> {
        match core::str::from_utf8(input.take_rest()) {
            Ok(text) => Ok(String::from(text)),
            Err(_) => Err(input.error(Expected::Utf8)),
        }
    }
}

macro_rules! tuples {
    ($( ($($name:ident $index:tt,)* ; $last:ident $last_index:tt) )*) => { $(
        impl<$($name: FixedKey,)* $last: Key> Key for ($($name,)* $last,) {
            fn encode_key(&self, out: &mut KeyBuffer) {
                $( self.$index.encode_key(out); )*
                self.$last_index.encode_key(out);
            }

            fn decode_key(input: &mut Input<'_>) -> Result<Self, CodecError> {
                Ok(($($name::decode_key(input)?,)* $last::decode_key(input)?,))
            }
        }

        impl<$($name: FixedKey,)* $last: FixedKey> FixedKey for ($($name,)* $last,) {}
    )* };
}

tuples! {
    (; A 0)
    (A 0,; B 1)
    (A 0, B 1,; C 2)
    (A 0, B 1, C 2,; D 3)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn bytes<K: Key>(key: &K) -> Vec<u8> {
        let encoded = |key: &K| {
            let mut out = KeyBuffer::new();
            key.encode_key(&mut out);
            out.as_slice().to_vec()
        };
        let out = encoded(key);
        let mut input = Input::new(&out);
        let again = K::decode_key(&mut input).map(|key| encoded(&key));
        assert_eq!(again.as_ref(), Ok(&out), "a key is read back");
        assert_eq!(input.remaining(), 0, "and nothing is left");
        out
    }

    /// The keys are given in ascending order.
    fn keep_their_order<K: Key>(keys: &[K]) {
        assert!(keys.iter().map(bytes).is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn byte_order_is_key_order() {
        keep_their_order(&[0_u8, 1, 255]);
        keep_their_order(&[0_u32, 1, 255, 256, 65536, u32::MAX]);
        keep_their_order(&[i64::MIN, -256, -1, 0, 1, 256, i64::MAX]);
        keep_their_order(&[i128::MIN, -1, 0, i128::MAX]);
        keep_their_order(&[false, true]);
        keep_their_order(&[String::new(), "a".into(), "aa".into(), "b".into()]);
        keep_their_order(&[(1_u16, "z".into()), (2_u16, String::new()), (256_u16, String::new())]);
        keep_their_order(&[(-1_i8, 9_u64, true), (0, 0, false), (0, 0, true)]);
    }

    #[test]
    fn keys_are_as_the_storage_layout_says() {
        assert_eq!(bytes(&0x0102_u16), [1, 2]);
        assert_eq!(bytes(&-1_i16), [0x7f, 0xff]);
        assert_eq!(bytes(&(true, Bytes::new(vec![7, 8]))), [1, 7, 8]);
        assert_eq!(bytes(&(Address::new([3; 32]), Hash::new([4; 32]))).len(), 64);
    }

    #[test]
    fn bytes_that_are_no_key_are_refused() {
        assert!(u32::decode_key(&mut Input::new(&[1, 2, 3])).is_err());
        assert!(bool::decode_key(&mut Input::new(&[2])).is_err());
        assert!(String::decode_key(&mut Input::new(&[0xff])).is_err());
    }
}
