//! Checked arithmetic that fails with an error of the contract's choice.

/// Arithmetic that gives `error` instead of a wrong number.
///
/// ```
/// use dytallix_sdk::prelude::*;
///
/// assert_eq!(200_u8.add_or(55, "too much"), Ok(255));
/// assert_eq!(200_u8.add_or(56, "too much"), Err("too much"));
/// assert_eq!(1_u128.sub_or(2, "too little"), Err("too little"));
/// assert_eq!(7_i64.div_or(0, "zero"), Err("zero"));
/// ```
pub trait Checked: Sized {
    /// The sum.
    ///
    /// # Errors
    ///
    /// `error` if it does not fit.
    fn add_or<E>(self, other: Self, error: E) -> Result<Self, E>;

    /// The difference.
    ///
    /// # Errors
    ///
    /// `error` if it does not fit.
    fn sub_or<E>(self, other: Self, error: E) -> Result<Self, E>;

    /// The product.
    ///
    /// # Errors
    ///
    /// `error` if it does not fit.
    fn mul_or<E>(self, other: Self, error: E) -> Result<Self, E>;

    /// The quotient, rounded towards zero.
    ///
    /// # Errors
    ///
    /// `error` if `other` is zero, or the quotient does not fit.
    fn div_or<E>(self, other: Self, error: E) -> Result<Self, E>;

    /// The power.
    ///
    /// # Errors
    ///
    /// `error` if it does not fit.
    fn pow_or<E>(self, exponent: u32, error: E) -> Result<Self, E>;

    /// The same number in another type of integer.
    ///
    /// # Errors
    ///
    /// `error` if it does not fit.
    fn to_or<T: TryFrom<Self>, E>(self, error: E) -> Result<T, E> {
        T::try_from(self).map_err(|_| error)
    }
}

macro_rules! checked {
    ($($ty:ty),*) => { $(
        impl Checked for $ty {
            #[inline]
            fn add_or<E>(self, other: $ty, error: E) -> Result<$ty, E> {
                self.checked_add(other).ok_or(error)
            }

            #[inline]
            fn sub_or<E>(self, other: $ty, error: E) -> Result<$ty, E> {
                self.checked_sub(other).ok_or(error)
            }

            #[inline]
            fn mul_or<E>(self, other: $ty, error: E) -> Result<$ty, E> {
                self.checked_mul(other).ok_or(error)
            }

            #[inline]
            fn div_or<E>(self, other: $ty, error: E) -> Result<$ty, E> {
                self.checked_div(other).ok_or(error)
            }

            #[inline]
            fn pow_or<E>(self, exponent: u32, error: E) -> Result<$ty, E> {
                self.checked_pow(exponent).ok_or(error)
            }
        }
    )* };
}

checked!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

/// `a * b / c`, rounded down, with all 256 bits of the product in between; `None` where `c` is zero
/// or the result does not fit.
///
/// ```
/// use dytallix_sdk::mul_div;
///
/// assert_eq!(mul_div(u128::MAX, 3, 4), Some(u128::MAX / 4 * 3 + 2));
/// assert_eq!(mul_div(u128::MAX, 3, 2), None);
/// assert_eq!(mul_div(1, 1, 0), None);
/// ```
#[must_use]
pub fn mul_div(a: u128, b: u128, c: u128) -> Option<u128> {
    divide(multiply(a, b), c).map(|(quotient, _)| quotient)
}

/// `a * b / c`, rounded up, with all 256 bits of the product in between; `None` where `c` is zero
/// or the result does not fit.
///
/// ```
/// assert_eq!(dytallix_sdk::mul_div_up(10, 10, 3), Some(34));
/// assert_eq!(dytallix_sdk::mul_div_up(9, 10, 3), Some(30));
/// ```
#[must_use]
pub fn mul_div_up(a: u128, b: u128, c: u128) -> Option<u128> {
    let (quotient, rest) = divide(multiply(a, b), c)?;
    if rest == 0 { Some(quotient) } else { quotient.checked_add(1) }
}

/// The square root, rounded down.
///
/// ```
/// assert_eq!(dytallix_sdk::sqrt(99), 9);
/// assert_eq!(dytallix_sdk::sqrt(u128::MAX), u64::MAX.into());
/// ```
#[must_use]
pub fn sqrt(number: u128) -> u128 {
    number.isqrt()
}

/// The product of two numbers: its upper and its lower half.
fn multiply(a: u128, b: u128) -> (u128, u128) {
    const HALF: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & HALF, b >> 64, b & HALF);
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 64);
    let other = a0 * b1 + (middle & HALF);
    (a1 * b1 + (middle >> 64) + (other >> 64), (other << 64) | (low & HALF))
}

/// Quotient and rest of a number of 256 bits, bit by bit; `None` where the quotient has more than
/// 128.
fn divide((high, low): (u128, u128), by: u128) -> Option<(u128, u128)> {
    // This refuses a division by zero as well.
    if high >= by {
        return None;
    }
    if high == 0 {
        return Some((low / by, low % by));
    }
    let (mut rest, mut quotient) = (high, 0);
    for bit in (0..128).rev() {
        let carries = rest >> 127 != 0;
        rest = (rest << 1) | ((low >> bit) & 1);
        quotient <<= 1;
        if carries || rest >= by {
            rest = rest.wrapping_sub(by);
            quotient |= 1;
        }
    }
    Some((quotient, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_have_all_their_bits() {
        assert_eq!(multiply(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(multiply(1 << 127, 6), (3, 0));
        assert_eq!(multiply(u64::MAX.into(), u64::MAX.into()), (0, u128::MAX - (1 << 65) + 2));
    }

    #[test]
    fn division_undoes_multiplication() {
        let numbers =
            [1, 2, 3, 10, u64::MAX.into(), 1 << 64, (1 << 100) + 7, u128::MAX - 1, u128::MAX];
        for a in numbers {
            for b in numbers {
                assert_eq!(mul_div(a, b, b), Some(a), "{a} * {b} / {b}");
                assert_eq!(mul_div_up(a, b, a), Some(b), "{a} * {b} / {a}");
                let (high, low) = multiply(a, b);
                // One more, where it fits, leaves a rest of one.
                if b > 1 && low < u128::MAX {
                    assert_eq!(divide((high, low + 1), b), Some((a, 1)));
                }
            }
        }
    }
}
