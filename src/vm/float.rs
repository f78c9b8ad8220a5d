//! Float arithmetic that must be the same bits everywhere.
//!
//! Hardware agrees on add, sub, mul, div and sqrt but for NaN bits: x86 makes negative NaNs, Arm
//! positive ones. Rounding to integers, minimum and maximum are written out: WebAssembly core spec,
//! section 4.3.3.

const NAN32: f32 = f32::from_bits(0x7fc0_0000);
const NAN64: f64 = f64::from_bits(0x7ff8_0000_0000_0000);

macro_rules! float {
    (
        $f:ident $bits:ident $int:ident $nan:ident $sign:literal $whole:literal
        $canonical:ident $unordered:ident $copysign:ident $min:ident $max:ident
        $trunc:ident $floor:ident $ceil:ident $nearest:ident $sqrt:ident
    ) => {
        /// The positive canonical NaN for any NaN.
        ///
        /// Decided on bits: LLVM takes NaN bits for unspecified, and drops `if x.is_nan() { NAN }
        /// else { x }` after a square root. The shift takes the sign away.
        #[inline(always)]
        pub(super) fn $canonical(x: $f) -> $f {
            if x.to_bits() << 1 > $f::INFINITY.to_bits() << 1 { $nan } else { x }
        }

        /// Whether either is NaN.
        #[inline(always)]
        pub(super) fn $unordered(a: $f, b: $f) -> bool {
            a.is_nan() || b.is_nan()
        }

        /// `a` with the sign of `b`, on bits.
        #[inline(always)]
        pub(super) fn $copysign(a: $f, b: $f) -> $f {
            $f::from_bits((a.to_bits() & !$sign) | (b.to_bits() & $sign))
        }

        /// NaN if either is; -0 is below +0.
        #[inline(always)]
        pub(super) fn $min(a: $f, b: $f) -> $f {
            if a < b {
                a
            } else if b < a {
                b
            } else if a == b {
                $f::from_bits(a.to_bits() | b.to_bits())
            } else {
                $nan
            }
        }

        /// NaN if either is; +0 is above -0.
        #[inline(always)]
        pub(super) fn $max(a: $f, b: $f) -> $f {
            if a > b {
                a
            } else if b > a {
                b
            } else if a == b {
                $f::from_bits(a.to_bits() & b.to_bits())
            } else {
                $nan
            }
        }

        /// Towards zero. From `$whole` on every number is whole.
        #[inline(always)]
        pub(super) fn $trunc(x: $f) -> $f {
            let size = $f::from_bits(x.to_bits() & !$sign);
            if size < $whole { $copysign(x as $int as $f, x) } else { $canonical(x) }
        }

        /// Down.
        #[inline(always)]
        pub(super) fn $floor(x: $f) -> $f {
            let whole = $trunc(x);
            if whole > x { $copysign(whole - 1.0, x) } else { whole }
        }

        /// Up.
        #[inline(always)]
        pub(super) fn $ceil(x: $f) -> $f {
            let whole = $trunc(x);
            if whole < x { $copysign(whole + 1.0, x) } else { whole }
        }

        /// To the nearest, half to even: adding and taking away `$whole` rounds to whole numbers.
        #[inline(always)]
        pub(super) fn $nearest(x: $f) -> $f {
            let size = $f::from_bits(x.to_bits() & !$sign);
            if size < $whole { $copysign((size + $whole) - $whole, x) } else { $canonical(x) }
        }

        /// Correctly rounded, as IEEE 754 demands.
        #[inline(always)]
        pub(super) fn $sqrt(x: $f) -> $f {
            #[cfg(feature = "std")]
            return x.sqrt();
            #[cfg(not(feature = "std"))]
            return libm::Libm::<$f>::sqrt(x);
        }
    };
}

float! {
    f32 u32 i32 NAN32 0x8000_0000 8_388_608.0
    canonical32 unordered32 copysign32 min32 max32 trunc32 floor32 ceil32 nearest32 sqrt32
}
float! {
    f64 u64 i64 NAN64 0x8000_0000_0000_0000 4_503_599_627_370_496.0
    canonical64 unordered64 copysign64 min64 max64 trunc64 floor64 ceil64 nearest64 sqrt64
}
