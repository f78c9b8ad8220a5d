//! Addresses, hashes and byte strings as types of their own.

use alloc::vec::Vec;
use core::fmt;

use super::{CodecError, Decode, Encode, Input, Output};

/// Writes `0x` and two lower-case digits for each byte.
pub(crate) fn write_hex(bytes: &[u8], f: &mut impl fmt::Write) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

macro_rules! thirty_two_bytes {
    ($( $(#[$meta:meta])* $name:ident )*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name([u8; 32]);

        impl $name {
            /// All bytes zero.
            pub const ZERO: $name = $name([0; 32]);

            /// From its bytes.
            #[must_use]
            pub const fn new(bytes: [u8; 32]) -> $name {
                $name(bytes)
            }

            /// Its bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// Whether all bytes are zero.
            #[must_use]
            pub fn is_zero(&self) -> bool {
                self.0 == [0; 32]
            }
        }

        impl From<[u8; 32]> for $name {
            fn from(bytes: [u8; 32]) -> $name {
                $name(bytes)
            }
        }

        impl From<$name> for [u8; 32] {
            fn from(value: $name) -> [u8; 32] {
                value.0
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl Encode for $name {
            #[inline]
            fn encode<O: Output + ?Sized>(&self, out: &mut O) {
                out.write(&self.0);
            }
        }

        impl Decode for $name {
            #[inline]
            fn decode(input: &mut Input<'_>) -> Result<$name, CodecError> {
                Ok($name(input.array()?))
            }
        }
    )* };
}

thirty_two_bytes! {
    /// The address of an account or contract: 32 bytes, shown in hexadecimal.
    Address
    /// A hash of 32 bytes, of whichever function; shown in hexadecimal.
    Hash
}

/// A string of bytes. It is encoded as a `Vec<u8>` is, and shown in hexadecimal.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// From its bytes.
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Bytes {
        Bytes(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// Its bytes, without a copy.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes(bytes.to_vec())
    }
}

impl core::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl Encode for Bytes {
    #[inline]
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        self.0.encode(out);
    }
}

impl Decode for Bytes {
    #[inline]
    fn decode(input: &mut Input<'_>) -> Result<Bytes, CodecError> {
        Ok(Bytes(Vec::decode(input)?))
    }
}
