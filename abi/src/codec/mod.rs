//! The one encoding of arguments, results, events, errors and stored values.
//!
//! The rules are those of borsh: integers are little-endian and of fixed width, a length is a
//! `u32`, and every value has exactly one form. Reading is strict: whatever [`Decode`] accepts,
//! [`Encode`] writes again byte for byte.
//!
//! | type | bytes |
//! |---|---|
//! | `u8`…`u128`, `i8`…`i128` | little-endian, two's complement |
//! | `bool` | one byte, 0 or 1 |
//! | `()`, tuples, structs | their fields in order, nothing between |
//! | `[T; N]` | N elements |
//! | `Vec<T>` | count as `u32`, then the elements |
//! | `String`, [`Bytes`] | length as `u32`, then the bytes (UTF-8 for a string) |
//! | `Option<T>` | 0, or 1 and the value |
//! | `BTreeSet<T>`, `BTreeMap<K, V>` | count as `u32`, then elements or pairs, strictly ascending |
//! | [`Address`], [`struct@Hash`] | 32 bytes |
//! | enums | index of the variant as one byte, then its fields |
//!
//! A length is believed only as far as there are bytes: no input makes the decoder reserve much
//! more memory than the input has, and a list, set or map of a type without bytes does not compile:
//!
//! ```compile_fail
//! let _ = <Vec<()> as dytallix_abi::Decode>::from_bytes(&[0xFF, 0xFF, 0xFF, 0xFF]);
//! ```
//!
//! How deep decoding nests is a property of the Rust type, never of the input, as long as the type
//! does not contain itself; a type that does can not implement [`Describe`](crate::Describe).
//!
//! ```
//! use dytallix_abi::{Decode, Encode};
//!
//! let bytes = (7_u16, Some(String::from("hi"))).to_bytes();
//! assert_eq!(bytes, [7, 0, 1, 2, 0, 0, 0, b'h', b'i']);
//! assert_eq!(<(u16, Option<String>)>::from_bytes(&bytes), Ok((7, Some(String::from("hi")))));
//! let error = <(u16, Option<String>)>::from_bytes(&bytes[..8]).unwrap_err();
//! assert_eq!(error.to_string(), "at byte 3: expected a length that the input has bytes for");
//! ```

mod collections;
mod error;
mod input;
mod newtypes;
mod output;
mod primitives;
#[cfg(test)]
mod tests;

pub use error::{CodecError, Expected};
pub use input::Input;
pub use newtypes::{Address, Bytes, Hash};
pub use output::{Counter, Output};

use alloc::vec::Vec;

/// A value that has a canonical encoding.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no canonical encoding",
    note = "write `#[data]` above a struct or enum of your own, or derive Encode, Decode and Describe"
)]
pub trait Encode {
    /// Appends the encoding to `out`.
    ///
    /// # Panics
    ///
    /// If a collection has more than `u32::MAX` elements, which does not fit into a contract.
    fn encode<O: Output + ?Sized>(&self, out: &mut O);

    /// The encoding.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }

    /// Length of the encoding, in bytes.
    fn encoded_len(&self) -> u64 {
        let mut counter = Counter::default();
        self.encode(&mut counter);
        counter.bytes()
    }

    /// Appends elements one after another, without a count. Bytes are written at once.
    #[doc(hidden)]
    fn encode_slice<O: Output + ?Sized>(items: &[Self], out: &mut O)
    where
        Self: Sized,
    {
        for item in items {
            item.encode(out);
        }
    }
}

/// A value that can be read back from its canonical encoding.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can not be read from its encoding",
    note = "write `#[data]` above a struct or enum of your own, or derive Encode, Decode and Describe"
)]
pub trait Decode: Sized {
    /// Reads one value from the front of `input`.
    ///
    /// # Errors
    ///
    /// Where the bytes are not the canonical encoding of a value: its offset, and what was expected
    /// there.
    fn decode(input: &mut Input<'_>) -> Result<Self, CodecError>;

    /// The value that `bytes` encode, all of them.
    ///
    /// # Errors
    ///
    /// As [`Decode::decode`], and if bytes are left over.
    fn from_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut input = Input::new(bytes);
        let value = Self::decode(&mut input)?;
        input.finish()?;
        Ok(value)
    }

    /// Reads `count` elements, each of which takes at least one byte.
    #[doc(hidden)]
    fn decode_list(count: usize, input: &mut Input<'_>) -> Result<Vec<Self>, CodecError> {
        collections::decode_list(count, input)
    }

    /// Reads exactly `N` elements.
    #[doc(hidden)]
    fn decode_array<const N: usize>(input: &mut Input<'_>) -> Result<[Self; N], CodecError> {
        collections::decode_array(input)
    }
}
