//! Why bytes and values do not fit a type.

use core::fmt;

use crate::codec::{CodecError, Expected};
use crate::schema::TypeId;

/// Where bytes or a value do not fit a type, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ValueError {
    /// Offset in the bytes that were read, or that had been written.
    pub offset: u32,
    /// Why they do not fit.
    pub fault: ValueFault,
}

/// Why bytes or a value do not fit a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueFault {
    /// The bytes are not a canonical encoding.
    Codec(Expected),
    /// There are more than [`VALUES`](super::VALUES) values, or more than 2³² − 1 bytes.
    TooMany,
    /// The table of types has no such entry, or is nested too deep; not in an ABI that was decoded.
    NoSuchType(TypeId),
    /// The value is of another type than this one.
    Mismatch(TypeId),
    /// There are more or fewer values than fields.
    FieldCount,
    /// The ABI has no event of this name.
    NoSuchEvent,
    /// The event has more or fewer topics.
    TopicCount,
    /// The ABI has no error of this index, and the SDK has none either.
    NoSuchError,
    /// The ABI has no storage handle of this name or prefix.
    NoSuchHandle,
    /// The kind of storage handle has no such key.
    NoSuchKey,
    /// The type has no key encoding.
    NotAKey(TypeId),
}

impl ValueError {
    pub(super) fn new(offset: u32, fault: ValueFault) -> ValueError {
        ValueError { offset, fault }
    }
}

impl From<CodecError> for ValueError {
    fn from(error: CodecError) -> ValueError {
        ValueError { offset: error.offset, fault: ValueFault::Codec(error.expected) }
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: ", self.offset)?;
        match self.fault {
            ValueFault::Codec(expected) => write!(f, "expected {}", expected.text()),
            ValueFault::TooMany => f.write_str("there are too many values"),
            ValueFault::NoSuchType(id) => write!(f, "the ABI has no usable type {}", id.0),
            ValueFault::Mismatch(id) => write!(f, "the value is not of type {} of the ABI", id.0),
            ValueFault::FieldCount => f.write_str("there are more or fewer values than fields"),
            ValueFault::NoSuchEvent => f.write_str("the ABI has no event of this name"),
            ValueFault::TopicCount => f.write_str("the event has another number of topics"),
            ValueFault::NoSuchError => f.write_str("neither the ABI nor the SDK has this error"),
            ValueFault::NoSuchHandle => f.write_str("the ABI has no such storage handle"),
            ValueFault::NoSuchKey => f.write_str("the storage handle has no such key"),
            ValueFault::NotAKey(id) => {
                write!(f, "type {} of the ABI has no key encoding", id.0)
            }
        }
    }
}

impl core::error::Error for ValueError {}
