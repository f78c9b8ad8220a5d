//! A cursor over the bytes of a section that also works where the compiler evaluates.

use super::fault::{AbiError, AbiFault};
use super::limits;
use super::text::{wrong_in_docs, wrong_in_name};

/// Returns early with the error; `?` is not for `const fn`.
macro_rules! checked {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Err(error),
        }
    };
}
pub(super) use checked;

/// Reads a section from front to back.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { bytes, at: 0 }
    }

    /// Offset of the next byte.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// The bytes between two places that have been read.
    pub(super) const fn between(&self, start: usize, end: usize) -> &'a [u8] {
        let (_, from_start) = self.bytes.split_at(start);
        from_start.split_at(end - start).0
    }

    pub(super) const fn take(&mut self, count: usize) -> Result<&'a [u8], AbiError> {
        let (_, rest) = self.bytes.split_at(self.at);
        match rest.split_at_checked(count) {
            Some((taken, _)) => {
                self.at += count;
                Ok(taken)
            }
            None => Err(error(self.at, AbiFault::Truncated)),
        }
    }

    pub(super) const fn byte(&mut self) -> Result<u8, AbiError> {
        Ok(checked!(self.take(1))[0])
    }

    pub(super) const fn u16(&mut self) -> Result<u16, AbiError> {
        let bytes = checked!(self.take(2));
        Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    pub(super) const fn u32(&mut self) -> Result<u32, AbiError> {
        let bytes = checked!(self.take(4));
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub(super) const fn flag(&mut self) -> Result<bool, AbiError> {
        let start = self.at;
        match checked!(self.byte()) {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(error(start, AbiFault::Flag)),
        }
    }

    /// A count of at most `cap`.
    pub(super) const fn count(&mut self, cap: usize, fault: AbiFault) -> Result<usize, AbiError> {
        let start = self.at;
        let count = checked!(self.u32());
        // The caps are far below 2^32.
        if count > cap as u32 { Err(error(start, fault)) } else { Ok(count as usize) }
    }

    /// A name of letters, digits and `_`.
    pub(super) const fn name(&mut self, digit_first: bool) -> Result<&'a [u8], AbiError> {
        let start = self.at;
        let length = checked!(self.count(limits::NAME_BYTES, AbiFault::NameLength));
        if length == 0 {
            return Err(error(start, AbiFault::NameLength));
        }
        let name = checked!(self.take(length));
        match wrong_in_name(name, digit_first) {
            Some(wrong) => Err(error(start + 4 + wrong, AbiFault::NameCharacter)),
            None => Ok(name),
        }
    }

    /// A doc text.
    pub(super) const fn docs(&mut self) -> Result<(), AbiError> {
        let length = checked!(self.count(limits::DOCS_BYTES, AbiFault::DocsLength));
        let start = self.at;
        match wrong_in_docs(checked!(self.take(length))) {
            Some(wrong) => Err(error(start + wrong, AbiFault::DocsCharacter)),
            None => Ok(()),
        }
    }
}

/// An error at `offset`, which is at most [`limits::SECTION_BYTES`].
pub(super) const fn error(offset: usize, fault: AbiFault) -> AbiError {
    AbiError { offset: offset as u32, fault }
}
