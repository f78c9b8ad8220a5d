//! Why bytes are not a canonical encoding.

use core::fmt;

/// Where bytes stop being a canonical encoding, and what should have been there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodecError {
    /// Offset of the first byte that is wrong or missing, from the beginning of the input.
    pub offset: u32,
    /// What was expected there.
    pub expected: Expected,
}

/// What a decoder expected where it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expected {
    /// The input ends within a value.
    MoreBytes,
    /// The value is complete, but bytes are left over.
    End,
    /// A `bool`, or the tag of an `Option`, is neither 0 nor 1.
    ZeroOrOne,
    /// A length or count is larger than what is left of the input.
    Length,
    /// A string is not UTF-8.
    Utf8,
    /// An element of a set or a key of a map is not greater than the one before.
    Ascending,
    /// An enum has no variant of this index.
    Variant,
    /// An element of a list takes no bytes, so that its count could be anything.
    ElementWithBytes,
    /// A number outside of the range of its type.
    InRange,
}

impl Expected {
    /// What was expected, to be read after "expected".
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Expected::MoreBytes => "more bytes",
            Expected::End => "the end of the input",
            Expected::ZeroOrOne => "0 or 1",
            Expected::Length => "a length that the input has bytes for",
            Expected::Utf8 => "UTF-8",
            Expected::Ascending => "a key greater than the one before",
            Expected::Variant => "the index of a variant",
            Expected::ElementWithBytes => "an element that takes at least one byte",
            Expected::InRange => "a number in the range of its type",
        }
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: expected {}", self.offset, self.expected.text())
    }
}

impl core::error::Error for CodecError {}
