//! Numeric operators, comparisons and conversions.
//!
//! Floats are bit-exact on every machine: an arithmetic result that is NaN becomes the positive
//! canonical NaN (WebAssembly core spec, deterministic profile); min, max and rounding are written
//! out, since hardware and `libm` differ on them.

use core::marker::PhantomData;

use super::cells::{Dest, Lane, Metering, Regs, S, Source, ToSlot};
use super::dispatch::Handler;
use super::{Flow, Trapped};
use crate::vm::float;

/// `d = a ∘ b`.
pub(in crate::vm) struct Binary<O, X, Y, D>(PhantomData<(O, X, Y, D)>);
/// `d = (a ? b)`.
pub(in crate::vm) struct Compare<O, X, Y, D>(PhantomData<(O, X, Y, D)>);
/// Jumps where `a ? b`.
pub(in crate::vm) struct CompareBranch<O, X, Y, G>(PhantomData<(O, X, Y, G)>);
/// `d = a ∘ (b shifted by field 3)`.
pub(in crate::vm) struct Shifted<O, X, Y, D>(PhantomData<(O, X, Y, D)>);
/// `d = a * b ∘ c`: `b` and `c` are the slots that fields 2 and 3 name.
pub(in crate::vm) struct Product<O, X, D>(PhantomData<(O, X, D)>);
/// Adds the low half of cell 3 to the slot that field 0 names, and jumps by its relation to `y`.
pub(in crate::vm) struct StepBranch<O, Y, G>(PhantomData<(O, Y, G)>);
/// `d = ∘ a`.
pub(in crate::vm) struct Unary<O, X, D>(PhantomData<(O, X, D)>);

/// A two-operand operator.
pub(in crate::vm) trait BinaryOp {
    type Lane: Lane;
    fn apply(a: Self::Lane, b: Self::Lane) -> Result<Self::Lane, Trapped>;
}

/// An operator on a value and a shifted one.
pub(in crate::vm) trait ShiftedOp {
    type Lane: Lane;
    fn apply(a: Self::Lane, b: Self::Lane, amount: u32) -> Self::Lane;
}

/// An operator on a product and a third value.
pub(in crate::vm) trait ProductOp {
    type Lane: Lane;
    fn apply(a: Self::Lane, b: Self::Lane, c: Self::Lane) -> Self::Lane;
}

/// A relation.
pub(in crate::vm) trait Relation {
    type Lane: Lane;
    fn holds(a: Self::Lane, b: Self::Lane) -> bool;
}

/// A one-operand operator.
pub(in crate::vm) trait UnaryOp {
    type In: Lane;
    type Out: Lane;
    fn apply(a: Self::In) -> Result<Self::Out, Trapped>;
}

/// Whether an op with these operands has an immediate in a cell of its own.
const fn extra<T: Lane, X: Source, Y: Source>() -> usize {
    (T::WIDE && (X::IMMEDIATE || Y::IMMEDIATE)) as usize
}

impl<O: BinaryOp, X: Source, Y: Source, D: Dest> Handler for Binary<O, X, Y, D> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (a, b) = (X::get::<O::Lane>(r), Y::get::<O::Lane>(r));
        match O::apply(a, b) {
            Ok(value) => {
                D::put(r, value);
                r.skip(2 + extra::<O::Lane, X, Y>());
                Flow::Next
            }
            Err(why) => Flow::Exit(why),
        }
    }
}

impl<O: Relation, X: Source, Y: Source, D: Dest> Handler for Compare<O, X, Y, D> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let holds = O::holds(X::get::<O::Lane>(r), Y::get::<O::Lane>(r));
        D::put(r, u32::from(holds));
        r.skip(2 + extra::<O::Lane, X, Y>());
        Flow::Next
    }
}

impl<O: Relation, X: Source, Y: Source, G: Metering> Handler for CompareBranch<O, X, Y, G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let holds = O::holds(X::get::<O::Lane>(r), Y::get::<O::Lane>(r));
        let cells = 3 + usize::from(X::IMMEDIATE || Y::IMMEDIATE);
        super::control::branch::<G>(r, holds, cells)
    }
}

impl<O: ShiftedOp, X: Source, Y: Source, D: Dest> Handler for Shifted<O, X, Y, D> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (a, b) = (X::get::<O::Lane>(r), Y::get::<O::Lane>(r));
        D::put(r, O::apply(a, b, u32::from(r.field(3))));
        r.skip(2);
        Flow::Next
    }
}

impl<O: ProductOp, X: Source, D: Dest> Handler for Product<O, X, D> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (a, b, c) =
            (X::get::<O::Lane>(r), S::<2>::get::<O::Lane>(r), S::<3>::get::<O::Lane>(r));
        D::put(r, O::apply(a, b, c));
        r.skip(2);
        Flow::Next
    }
}

impl<O: Relation<Lane = u32>, Y: Source, G: Metering> Handler for StepBranch<O, Y, G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let value = S::<0>::get::<u32>(r).wrapping_add(r.low(3));
        let holds = O::holds(value, Y::get::<u32>(r));
        ToSlot::put(r, value);
        super::control::branch::<G>(r, holds, 4)
    }
}

impl<O: UnaryOp, X: Source, D: Dest> Handler for Unary<O, X, D> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        match O::apply(X::get::<O::In>(r)) {
            Ok(value) => {
                D::put(r, value);
                r.skip(2);
                Flow::Next
            }
            Err(why) => Flow::Exit(why),
        }
    }
}

macro_rules! binary {
    ($($name:ident $lane:ty: |$a:ident, $b:ident| $value:expr;)*) => {
        $(
            pub(in crate::vm) struct $name;
            impl BinaryOp for $name {
                type Lane = $lane;
                #[inline(always)]
                fn apply($a: $lane, $b: $lane) -> Result<$lane, Trapped> {
                    $value
                }
            }
        )*
    };
}

macro_rules! shifted {
    ($($name:ident $lane:ty: |$a:ident, $b:ident, $k:ident| $value:expr;)*) => {
        $(
            pub(in crate::vm) struct $name;
            impl ShiftedOp for $name {
                type Lane = $lane;
                #[inline(always)]
                fn apply($a: $lane, $b: $lane, $k: u32) -> $lane {
                    $value
                }
            }
        )*
    };
}

macro_rules! products {
    ($($name:ident $lane:ty: |$a:ident, $b:ident, $c:ident| $value:expr;)*) => {
        $(
            pub(in crate::vm) struct $name;
            impl ProductOp for $name {
                type Lane = $lane;
                #[inline(always)]
                fn apply($a: $lane, $b: $lane, $c: $lane) -> $lane {
                    $value
                }
            }
        )*
    };
}

macro_rules! relations {
    ($($name:ident $lane:ty: |$a:ident, $b:ident| $value:expr;)*) => {
        $(
            pub(in crate::vm) struct $name;
            impl Relation for $name {
                type Lane = $lane;
                #[inline(always)]
                fn holds($a: $lane, $b: $lane) -> bool {
                    $value
                }
            }
        )*
    };
}

macro_rules! unary {
    ($($name:ident $from:ty => $to:ty: |$a:ident| $value:expr;)*) => {
        $(
            pub(in crate::vm) struct $name;
            impl UnaryOp for $name {
                type In = $from;
                type Out = $to;
                #[inline(always)]
                fn apply($a: $from) -> Result<$to, Trapped> {
                    $value
                }
            }
        )*
    };
}

/// Division and remainder of one width.
macro_rules! divisions {
    ($($div_s:ident $div_u:ident $rem_s:ident $rem_u:ident $u:ty, $s:ty;)*) => {
        $(
            binary! {
                $div_s $u: |a, b| {
                    if b == 0 {
                        return Err(Trapped::IntegerDivideByZero);
                    }
                    (a as $s).checked_div(b as $s).map(|q| q as $u).ok_or(Trapped::IntegerOverflow)
                };
                $div_u $u: |a, b| a.checked_div(b).ok_or(Trapped::IntegerDivideByZero);
                $rem_s $u: |a, b| {
                    if b == 0 {
                        return Err(Trapped::IntegerDivideByZero);
                    }
                    Ok((a as $s).wrapping_rem(b as $s) as $u)
                };
                $rem_u $u: |a, b| a.checked_rem(b).ok_or(Trapped::IntegerDivideByZero);
            }
        )*
    };
}

divisions! {
    I32DivS I32DivU I32RemS I32RemU u32, i32;
    I64DivS I64DivU I64RemS I64RemU u64, i64;
}

binary! {
    I32Add u32: |a, b| Ok(a.wrapping_add(b));
    I32Sub u32: |a, b| Ok(a.wrapping_sub(b));
    I32Mul u32: |a, b| Ok(a.wrapping_mul(b));
    I32And u32: |a, b| Ok(a & b);
    I32Or u32: |a, b| Ok(a | b);
    I32Xor u32: |a, b| Ok(a ^ b);
    I32Shl u32: |a, b| Ok(a.wrapping_shl(b));
    I32ShrS u32: |a, b| Ok((a as i32).wrapping_shr(b) as u32);
    I32ShrU u32: |a, b| Ok(a.wrapping_shr(b));
    I32Rotl u32: |a, b| Ok(a.rotate_left(b & 31));
    I32Rotr u32: |a, b| Ok(a.rotate_right(b & 31));
    I64Add u64: |a, b| Ok(a.wrapping_add(b));
    I64Sub u64: |a, b| Ok(a.wrapping_sub(b));
    I64Mul u64: |a, b| Ok(a.wrapping_mul(b));
    I64And u64: |a, b| Ok(a & b);
    I64Or u64: |a, b| Ok(a | b);
    I64Xor u64: |a, b| Ok(a ^ b);
    I64Shl u64: |a, b| Ok(a.wrapping_shl(b as u32));
    I64ShrS u64: |a, b| Ok((a as i64).wrapping_shr(b as u32) as u64);
    I64ShrU u64: |a, b| Ok(a.wrapping_shr(b as u32));
    I64Rotl u64: |a, b| Ok(a.rotate_left(b as u32 & 63));
    I64Rotr u64: |a, b| Ok(a.rotate_right(b as u32 & 63));
    F32Add f32: |a, b| Ok(float::canonical32(a + b));
    F32Sub f32: |a, b| Ok(float::canonical32(a - b));
    F32Mul f32: |a, b| Ok(float::canonical32(a * b));
    F32Div f32: |a, b| Ok(float::canonical32(a / b));
    F32Min f32: |a, b| Ok(float::min32(a, b));
    F32Max f32: |a, b| Ok(float::max32(a, b));
    F32Copysign f32: |a, b| Ok(float::copysign32(a, b));
    F64Add f64: |a, b| Ok(float::canonical64(a + b));
    F64Sub f64: |a, b| Ok(float::canonical64(a - b));
    F64Mul f64: |a, b| Ok(float::canonical64(a * b));
    F64Div f64: |a, b| Ok(float::canonical64(a / b));
    F64Min f64: |a, b| Ok(float::min64(a, b));
    F64Max f64: |a, b| Ok(float::max64(a, b));
    F64Copysign f64: |a, b| Ok(float::copysign64(a, b));
}

shifted! {
    I32AddShl u32: |a, b, k| a.wrapping_add(b.wrapping_shl(k));
    I32AddShrU u32: |a, b, k| a.wrapping_add(b.wrapping_shr(k));
    I32OrShl u32: |a, b, k| a | b.wrapping_shl(k);
    I32OrShrU u32: |a, b, k| a | b.wrapping_shr(k);
    I32XorShl u32: |a, b, k| a ^ b.wrapping_shl(k);
    I32XorShrU u32: |a, b, k| a ^ b.wrapping_shr(k);
    I32XorRotl u32: |a, b, k| a ^ b.rotate_left(k);
    I64AddShl u64: |a, b, k| a.wrapping_add(b.wrapping_shl(k));
    I64AddShrU u64: |a, b, k| a.wrapping_add(b.wrapping_shr(k));
    I64OrShl u64: |a, b, k| a | b.wrapping_shl(k);
    I64OrShrU u64: |a, b, k| a | b.wrapping_shr(k);
    I64XorShl u64: |a, b, k| a ^ b.wrapping_shl(k);
    I64XorShrU u64: |a, b, k| a ^ b.wrapping_shr(k);
    I64XorRotl u64: |a, b, k| a ^ b.rotate_left(k);
}

products! {
    I32MulAdd u32: |a, b, c| a.wrapping_mul(b).wrapping_add(c);
    I64MulAdd u64: |a, b, c| a.wrapping_mul(b).wrapping_add(c);
    // A product that is NaN leaves a NaN, which is made canonical after the second operator.
    F64MulAdd f64: |a, b, c| float::canonical64(a * b + c);
    F64MulSub f64: |a, b, c| float::canonical64(a * b - c);
    F64SubMul f64: |a, b, c| float::canonical64(c - a * b);
}

relations! {
    I32Eq u32: |a, b| a == b;
    I32Ne u32: |a, b| a != b;
    I32LtS u32: |a, b| (a as i32) < b as i32;
    I32LtU u32: |a, b| a < b;
    I32GtS u32: |a, b| a as i32 > b as i32;
    I32GtU u32: |a, b| a > b;
    I32LeS u32: |a, b| a as i32 <= b as i32;
    I32LeU u32: |a, b| a <= b;
    I32GeS u32: |a, b| a as i32 >= b as i32;
    I32GeU u32: |a, b| a >= b;
    I64Eq u64: |a, b| a == b;
    I64Ne u64: |a, b| a != b;
    I64LtS u64: |a, b| (a as i64) < b as i64;
    I64LtU u64: |a, b| a < b;
    I64GtS u64: |a, b| a as i64 > b as i64;
    I64GtU u64: |a, b| a > b;
    I64LeS u64: |a, b| a as i64 <= b as i64;
    I64LeU u64: |a, b| a <= b;
    I64GeS u64: |a, b| a as i64 >= b as i64;
    I64GeU u64: |a, b| a >= b;
    I32Test u32: |a, b| a & b != 0;
    I32NoTest u32: |a, b| a & b == 0;
    I64Test u64: |a, b| a & b != 0;
    I64NoTest u64: |a, b| a & b == 0;
    I32StepEq u32: |a, b| a == b;
    I32StepNe u32: |a, b| a != b;
    I32StepLtS u32: |a, b| (a as i32) < b as i32;
    I32StepLtU u32: |a, b| a < b;
    I32StepGtS u32: |a, b| a as i32 > b as i32;
    I32StepGtU u32: |a, b| a > b;
    I32StepLeS u32: |a, b| a as i32 <= b as i32;
    I32StepLeU u32: |a, b| a <= b;
    I32StepGeS u32: |a, b| a as i32 >= b as i32;
    I32StepGeU u32: |a, b| a >= b;
    F32Eq f32: |a, b| a == b;
    F32Ne f32: |a, b| a != b;
    F32Lt f32: |a, b| a < b;
    F32Gt f32: |a, b| a > b;
    F32Le f32: |a, b| a <= b;
    F32Ge f32: |a, b| a >= b;
    F32NotLt f32: |a, b| a >= b || float::unordered32(a, b);
    F32NotGt f32: |a, b| a <= b || float::unordered32(a, b);
    F32NotLe f32: |a, b| a > b || float::unordered32(a, b);
    F32NotGe f32: |a, b| a < b || float::unordered32(a, b);
    F64Eq f64: |a, b| a == b;
    F64Ne f64: |a, b| a != b;
    F64Lt f64: |a, b| a < b;
    F64Gt f64: |a, b| a > b;
    F64Le f64: |a, b| a <= b;
    F64Ge f64: |a, b| a >= b;
    F64NotLt f64: |a, b| a >= b || float::unordered64(a, b);
    F64NotGt f64: |a, b| a <= b || float::unordered64(a, b);
    F64NotLe f64: |a, b| a > b || float::unordered64(a, b);
    F64NotGe f64: |a, b| a < b || float::unordered64(a, b);
}

unary! {
    I32Clz u32 => u32: |a| Ok(a.leading_zeros());
    I32Ctz u32 => u32: |a| Ok(a.trailing_zeros());
    I32Popcnt u32 => u32: |a| Ok(a.count_ones());
    I32Eqz u32 => u32: |a| Ok(u32::from(a == 0));
    I32Extend8S u32 => u32: |a| Ok(a as i8 as u32);
    I32Extend16S u32 => u32: |a| Ok(a as i16 as u32);
    I64Clz u64 => u64: |a| Ok(u64::from(a.leading_zeros()));
    I64Ctz u64 => u64: |a| Ok(u64::from(a.trailing_zeros()));
    I64Popcnt u64 => u64: |a| Ok(u64::from(a.count_ones()));
    I64Eqz u64 => u32: |a| Ok(u32::from(a == 0));
    I64Extend8S u64 => u64: |a| Ok(a as i8 as u64);
    I64Extend16S u64 => u64: |a| Ok(a as i16 as u64);
    I64Extend32S u64 => u64: |a| Ok(a as i32 as u64);
    I32WrapI64 u64 => u32: |a| Ok(a as u32);
    F32Abs f32 => f32: |a| Ok(f32::from_bits(a.to_bits() & 0x7fff_ffff));
    F32Neg f32 => f32: |a| Ok(f32::from_bits(a.to_bits() ^ 0x8000_0000));
    F32Ceil f32 => f32: |a| Ok(float::ceil32(a));
    F32Floor f32 => f32: |a| Ok(float::floor32(a));
    F32Trunc f32 => f32: |a| Ok(float::trunc32(a));
    F32Nearest f32 => f32: |a| Ok(float::nearest32(a));
    F32Sqrt f32 => f32: |a| Ok(float::canonical32(float::sqrt32(a)));
    F64Abs f64 => f64: |a| Ok(f64::from_bits(a.to_bits() & (u64::MAX >> 1)));
    F64Neg f64 => f64: |a| Ok(f64::from_bits(a.to_bits() ^ (1 << 63)));
    F64Ceil f64 => f64: |a| Ok(float::ceil64(a));
    F64Floor f64 => f64: |a| Ok(float::floor64(a));
    F64Trunc f64 => f64: |a| Ok(float::trunc64(a));
    F64Nearest f64 => f64: |a| Ok(float::nearest64(a));
    F64Sqrt f64 => f64: |a| Ok(float::canonical64(float::sqrt64(a)));
    I32TruncSatF32S f32 => u32: |a| Ok(a as i32 as u32);
    I32TruncSatF32U f32 => u32: |a| Ok(a as u32);
    I32TruncSatF64S f64 => u32: |a| Ok(a as i32 as u32);
    I32TruncSatF64U f64 => u32: |a| Ok(a as u32);
    I64TruncSatF32S f32 => u64: |a| Ok(a as i64 as u64);
    I64TruncSatF32U f32 => u64: |a| Ok(a as u64);
    I64TruncSatF64S f64 => u64: |a| Ok(a as i64 as u64);
    I64TruncSatF64U f64 => u64: |a| Ok(a as u64);
    F32ConvertI32S u32 => f32: |a| Ok(a as i32 as f32);
    F32ConvertI32U u32 => f32: |a| Ok(a as f32);
    F32ConvertI64S u64 => f32: |a| Ok(a as i64 as f32);
    F32ConvertI64U u64 => f32: |a| Ok(a as f32);
    F64ConvertI32S u32 => f64: |a| Ok(f64::from(a as i32));
    F64ConvertI32U u32 => f64: |a| Ok(f64::from(a));
    F64ConvertI64S u64 => f64: |a| Ok(a as i64 as f64);
    F64ConvertI64U u64 => f64: |a| Ok(a as f64);
    F32DemoteF64 f64 => f32: |a| Ok(float::canonical32(a as f32));
    F64PromoteF32 f32 => f64: |a| Ok(float::canonical64(f64::from(a)));
}

/// Truncations that trap: `$low` and `$high` are the greatest value too small and the smallest too
/// great.
macro_rules! truncations {
    ($($name:ident $from:ty => $to:ty as $int:ty: $above:expr, $below:expr;)*) => {
        unary! {
            $($name $from => $to: |a| {
                if $above(a) && a < $below {
                    Ok(a as $int as $to)
                } else if a.is_nan() {
                    Err(Trapped::InvalidConversionToInteger)
                } else {
                    Err(Trapped::IntegerOverflow)
                }
            };)*
        }
    };
}

truncations! {
    I32TruncF32S f32 => u32 as i32: |a| a >= -2_147_483_648.0, 2_147_483_648.0;
    I32TruncF32U f32 => u32 as u32: |a| a > -1.0, 4_294_967_296.0;
    I32TruncF64S f64 => u32 as i32: |a| a > -2_147_483_649.0, 2_147_483_648.0;
    I32TruncF64U f64 => u32 as u32: |a| a > -1.0, 4_294_967_296.0;
    I64TruncF32S f32 => u64 as i64: |a| a >= -9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0;
    I64TruncF32U f32 => u64 as u64: |a| a > -1.0, 18_446_744_073_709_551_616.0;
    I64TruncF64S f64 => u64 as i64: |a| a >= -9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0;
    I64TruncF64U f64 => u64 as u64: |a| a > -1.0, 18_446_744_073_709_551_616.0;
}
