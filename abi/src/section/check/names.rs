//! Names that must differ from each other.

use super::super::cursor::{Cursor, checked, error};
use super::super::fault::{AbiError, AbiFault};
use super::super::text::equal;

/// Up to `N` names, no two of them equal.
pub(super) struct Names<'a, const N: usize> {
    names: [&'a [u8]; N],
    count: usize,
}

impl<'a, const N: usize> Names<'a, N> {
    pub(super) const fn new() -> Names<'a, N> {
        Names { names: [&[]; N], count: 0 }
    }

    /// Reads a name that has not been there before. At most `N` are read.
    pub(super) const fn read(
        &mut self,
        cursor: &mut Cursor<'a>,
        digit_first: bool,
    ) -> Result<(), AbiError> {
        let start = cursor.at();
        let name = checked!(cursor.name(digit_first));
        let mut at = 0;
        while at < self.count {
            if equal(self.names[at], name) {
                return Err(error(start, AbiFault::DuplicateName));
            }
            at += 1;
        }
        self.names[self.count] = name;
        self.count += 1;
        Ok(())
    }
}
