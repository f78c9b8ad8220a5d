//! A cursor over the bytes that are being decoded.

use super::error::{CodecError, Expected};

/// The bytes that are being decoded, and how far decoding has come.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    rest: &'a [u8],
    total: usize,
}

impl<'a> Input<'a> {
    /// Begins at the first of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Input<'a> {
        Input { rest: bytes, total: bytes.len() }
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    ///
    /// If fewer are left; then none is taken.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], CodecError> {
        match self.rest.split_at_checked(count) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.error(Expected::MoreBytes)),
        }
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    ///
    /// If fewer are left; then none is taken.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        match self.rest.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(self.error(Expected::MoreBytes)),
        }
    }

    /// The next byte.
    ///
    /// # Errors
    ///
    /// If none is left.
    pub fn byte(&mut self) -> Result<u8, CodecError> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// A byte that is 0 or 1: a `bool`, or the tag of an `Option`.
    ///
    /// # Errors
    ///
    /// If none is left, or it is something else.
    pub fn flag(&mut self) -> Result<bool, CodecError> {
        match self.rest.first() {
            Some(0 | 1) => Ok(self.byte()? == 1),
            Some(_) => Err(self.error(Expected::ZeroOrOne)),
            None => Err(self.error(Expected::MoreBytes)),
        }
    }

    /// A count of things that take at least one byte each.
    ///
    /// # Errors
    ///
    /// If the input ends, or the count is larger than the number of bytes that follow it.
    pub fn length(&mut self) -> Result<usize, CodecError> {
        let start = self.clone();
        let count = u32::from_le_bytes(self.array()?);
        match usize::try_from(count) {
            Ok(count) if count <= self.rest.len() => Ok(count),
            _ => Err(start.error(Expected::Length)),
        }
    }

    /// How many bytes are left.
    #[must_use]
    pub const fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// All bytes that are left; nothing is left then.
    pub fn take_rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    /// How many bytes have been taken.
    #[must_use]
    pub fn offset(&self) -> u32 {
        u32::try_from(self.total - self.rest.len()).unwrap_or(u32::MAX)
    }

    /// The end of decoding.
    ///
    /// # Errors
    ///
    /// If bytes are left.
    pub fn finish(self) -> Result<(), CodecError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error(Expected::End)) }
    }

    /// An error at the next byte.
    #[must_use]
    pub fn error(&self, expected: Expected) -> CodecError {
        CodecError { offset: self.offset(), expected }
    }
}
