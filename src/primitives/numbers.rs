//! Amounts, heights and nonces. Arithmetic is checked, and only what makes sense is there.

use core::fmt;

/// An amount of the chain's smallest unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(u128);

/// The number of a block. Genesis is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Height(u64);

/// How many transactions an account has sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce(u64);

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);
    /// The greatest amount.
    pub const MAX: Amount = Amount(u128::MAX);

    /// An amount of that many smallest units.
    #[must_use]
    pub const fn new(units: u128) -> Self {
        Amount(units)
    }

    /// How many smallest units it is.
    #[must_use]
    pub const fn units(self) -> u128 {
        self.0
    }

    /// The sum, or `None` if it is too great.
    #[must_use]
    pub const fn checked_add(self, other: Amount) -> Option<Amount> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Amount(sum)),
            None => None,
        }
    }

    /// The difference, or `None` if `other` is greater.
    #[must_use]
    pub const fn checked_sub(self, other: Amount) -> Option<Amount> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Amount(difference)),
            None => None,
        }
    }

    /// As contracts see it: 16 bytes, little-endian.
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The amount that contracts write as these bytes.
    #[must_use]
    pub const fn from_le_bytes(bytes: [u8; 16]) -> Self {
        Amount(u128::from_le_bytes(bytes))
    }
}

impl Height {
    /// The height of that number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Height(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The height after this one, or `None` at the last.
    #[must_use]
    pub const fn next(self) -> Option<Height> {
        match self.0.checked_add(1) {
            Some(number) => Some(Height(number)),
            None => None,
        }
    }
}

impl Nonce {
    /// The nonce of that number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Nonce(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The nonce after this one, or `None` at the last.
    #[must_use]
    pub const fn next(self) -> Option<Nonce> {
        match self.0.checked_add(1) {
            Some(number) => Some(Nonce(number)),
            None => None,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_checked_at_both_ends() {
        let one = Amount::new(1);
        assert_eq!(Amount::MAX.checked_add(one), None);
        assert_eq!(Amount::MAX.checked_add(Amount::ZERO), Some(Amount::MAX));
        assert_eq!(Amount::ZERO.checked_sub(one), None);
        assert_eq!(one.checked_sub(one), Some(Amount::ZERO));
    }

    #[test]
    fn amounts_are_little_endian() {
        let bytes = Amount::new(0x0102).to_le_bytes();
        assert_eq!(bytes[..3], [2, 1, 0]);
        assert_eq!(Amount::from_le_bytes(bytes), Amount::new(0x0102));
    }

    #[test]
    fn heights_and_nonces_end_at_the_last() {
        assert_eq!(Height::new(u64::MAX).next(), None);
        assert_eq!(Height::new(6).next(), Some(Height::new(7)));
        assert_eq!(Nonce::new(u64::MAX).next(), None);
        assert_eq!(Nonce::new(6).next(), Some(Nonce::new(7)));
    }
}
