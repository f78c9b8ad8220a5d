//! Float arithmetic that is not the host's: NaNs, zeros, rounding, truncation.

use super::Trap;

/// Bits of `x`, or of the positive canonical NaN if it is any NaN.
///
/// The choice is made between integers. Made between floats, the compiler may drop it: to it, what
/// NaN a computation gives is open, and rustc 1.95 turns `if sqrt(x).is_nan() { nan } else {
/// sqrt(x) }` into `sqrt(x)`.
pub(super) fn canonical32(x: f32) -> u32 {
    let bits = x.to_bits();
    let is_nan = bits & 0x7fff_ffff > 0x7f80_0000;
    if is_nan { 0x7fc0_0000 } else { bits }
}

/// Bits of `x`, or of the positive canonical NaN if it is any NaN.
pub(super) fn canonical64(x: f64) -> u64 {
    let bits = x.to_bits();
    let is_nan = bits & 0x7fff_ffff_ffff_ffff > 0x7ff0_0000_0000_0000;
    if is_nan { 0x7ff8_0000_0000_0000 } else { bits }
}

/// The lesser one; −0 is less than +0, a NaN beats everything.
pub(super) fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 && b == 0.0 {
        if a.is_sign_negative() { a } else { b }
    } else if a < b {
        a
    } else {
        b
    }
}

/// The greater one; +0 is greater than −0, a NaN beats everything.
pub(super) fn max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 && b == 0.0 {
        if a.is_sign_negative() { b } else { a }
    } else if a > b {
        a
    } else {
        b
    }
}

/// The nearest integer, the even one of two that are equally near; keeps the sign of zero.
pub(super) fn nearest(x: f64) -> f64 {
    // From 2^52 on every float is an integer.
    if x.is_nan() || x.abs() >= 4_503_599_627_370_496.0 {
        return x;
    }
    let below = x.floor();
    let distance = x - below;
    let below_is_even = below % 2.0 == 0.0;
    let rounded =
        if distance < 0.5 || (distance == 0.5 && below_is_even) { below } else { below + 1.0 };
    rounded.copysign(x)
}

/// An integer type as a range of floats: what truncates into it lies strictly between `below` and
/// `above`.
///
/// Where `below` is not itself a float (one less than the minimum of `i64`), the bound is the next
/// float down, which no float lies between.
pub(super) struct IntRange {
    below: f64,
    above: f64,
}

/// Range of `i32`.
pub(super) const I32_RANGE: IntRange = IntRange { below: -2_147_483_649.0, above: 2_147_483_648.0 };
/// Range of `u32`.
pub(super) const U32_RANGE: IntRange = IntRange { below: -1.0, above: 4_294_967_296.0 };
/// Range of `i64`.
pub(super) const I64_RANGE: IntRange =
    IntRange { below: -9_223_372_036_854_777_856.0, above: 9_223_372_036_854_775_808.0 };
/// Range of `u64`.
pub(super) const U64_RANGE: IntRange =
    IntRange { below: -1.0, above: 18_446_744_073_709_551_616.0 };

/// `x` without its fraction, if it lies in the range.
pub(super) fn truncate(x: f64, range: &IntRange) -> Result<f64, Trap> {
    if x.is_nan() {
        Err(Trap::InvalidConversionToInteger)
    } else if x > range.below && x < range.above {
        Ok(x.trunc())
    } else {
        Err(Trap::IntegerOverflow)
    }
}

/// Truncates `x`, or gives zero for NaN and the nearer end for what is out of range.
pub(super) fn truncate_saturating<T>(
    x: f64,
    range: &IntRange,
    convert: impl Fn(f64) -> T,
    ends: (T, T),
) -> T {
    match truncate(x, range) {
        Ok(integer) => convert(integer),
        Err(Trap::InvalidConversionToInteger) => convert(0.0),
        Err(_) if x < 0.0 => ends.0,
        Err(_) => ends.1,
    }
}
