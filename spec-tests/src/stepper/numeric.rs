//! Numeric operators: pop operands, push a result, perhaps trap.

use dytallix::wasm::{Operator, OperatorKind as Kind};

use super::Trap;
use super::float::{
    I32_RANGE, I64_RANGE, U32_RANGE, U64_RANGE, canonical32, canonical64, max, min, nearest,
    truncate, truncate_saturating,
};
use crate::{Ref, Value};

/// A Rust type that reads and writes one type of operand. Signed and unsigned integers are two
/// views of the same operand.
pub(super) trait Scalar: Sized {
    /// Reads an operand.
    fn read(value: Value) -> Self;
    /// Writes an operand.
    fn write(self) -> Value;
}

macro_rules! scalar {
    ($($ty:ty, $variant:ident, $read:expr, $write:expr;)*) => {
        $(impl Scalar for $ty {
            fn read(value: Value) -> Self {
                match value {
                    Value::$variant(v) => $read(v),
                    other => unreachable!("{other} where validation saw {}", stringify!($ty)),
                }
            }
            fn write(self) -> Value {
                Value::$variant($write(self))
            }
        })*
    };
}

scalar! {
    u32, I32, |v| v, |v| v;
    i32, I32, |v| v as i32, |v| v as u32;
    bool, I32, |v| v != 0, |v| v as u32;
    u64, I64, |v| v, |v| v;
    i64, I64, |v| v as i64, |v| v as u64;
    Bits32, F32, Bits32, |v: Bits32| v.0;
    Bits64, F64, Bits64, |v: Bits64| v.0;
    f32, F32, f32::from_bits, f32::to_bits;
    f64, F64, f64::from_bits, f64::to_bits;
    Ref, Ref, |v| v, |v| v;
}

/// An `f32` as its bits: what only moves bits never takes them through a float register.
struct Bits32(u32);

/// An `f64` as its bits.
struct Bits64(u64);

/// The operand stack of all activations together.
#[derive(Default)]
pub(super) struct Operands(pub(super) Vec<Value>);

impl Operands {
    /// Pops any value.
    pub(super) fn pop_value(&mut self) -> Value {
        self.0.pop().expect("validated code does not pop an empty stack")
    }

    /// Pops a value as `T`.
    pub(super) fn pop<T: Scalar>(&mut self) -> T {
        T::read(self.pop_value())
    }

    /// Pushes a value.
    pub(super) fn push<T: Scalar>(&mut self, value: T) {
        self.0.push(value.write());
    }

    fn unary<A: Scalar, R: Scalar>(&mut self, f: impl Fn(A) -> R) -> Result<(), Trap> {
        self.try_unary(|a| Ok(f(a)))
    }

    fn try_unary<A: Scalar, R: Scalar>(
        &mut self,
        f: impl Fn(A) -> Result<R, Trap>,
    ) -> Result<(), Trap> {
        let a = self.pop();
        self.push(f(a)?);
        Ok(())
    }

    fn binary<A: Scalar, R: Scalar>(&mut self, f: impl Fn(A, A) -> R) -> Result<(), Trap> {
        self.try_binary(|a, b| Ok(f(a, b)))
    }

    fn try_binary<A: Scalar, R: Scalar>(
        &mut self,
        f: impl Fn(A, A) -> Result<R, Trap>,
    ) -> Result<(), Trap> {
        let b = self.pop();
        let a = self.pop();
        self.push(f(a, b)?);
        Ok(())
    }

    /// Float arithmetic of one operand; a NaN becomes the canonical one.
    fn unary32(&mut self, f: impl Fn(f32) -> f32) -> Result<(), Trap> {
        self.unary(|a| Bits32(canonical32(f(a))))
    }

    /// Float arithmetic of two operands; a NaN becomes the canonical one.
    fn binary32(&mut self, f: impl Fn(f32, f32) -> f32) -> Result<(), Trap> {
        self.binary(|a, b| Bits32(canonical32(f(a, b))))
    }

    /// Float arithmetic of one operand; a NaN becomes the canonical one.
    fn unary64(&mut self, f: impl Fn(f64) -> f64) -> Result<(), Trap> {
        self.unary(|a| Bits64(canonical64(f(a))))
    }

    /// Float arithmetic of two operands; a NaN becomes the canonical one.
    fn binary64(&mut self, f: impl Fn(f64, f64) -> f64) -> Result<(), Trap> {
        self.binary(|a, b| Bits64(canonical64(f(a, b))))
    }

    /// Changes the bits of an `f32` without looking at what they mean.
    fn bits32(&mut self, f: impl Fn(u32) -> u32) -> Result<(), Trap> {
        self.unary(|a: Bits32| Bits32(f(a.0)))
    }

    /// Changes the bits of an `f64` without looking at what they mean.
    fn bits64(&mut self, f: impl Fn(u64) -> u64) -> Result<(), Trap> {
        self.unary(|a: Bits64| Bits64(f(a.0)))
    }
}

const SIGN32: u32 = 1 << 31;
const SIGN64: u64 = 1 << 63;

/// Executes `operator` if it is a numeric one; `None` if it is of another kind.
pub(super) fn execute(stack: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    constant(stack, operator)
        .or_else(|| integer32(stack, operator))
        .or_else(|| integer64(stack, operator))
        .or_else(|| float32(stack, operator))
        .or_else(|| float64(stack, operator))
        .or_else(|| conversion(stack, operator))
        .or_else(|| truncation(stack, operator))
}

fn constant(stack: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    match *operator {
        Operator::I32Const { value } => stack.push(value),
        Operator::I64Const { value } => stack.push(value),
        Operator::F32Const { value } => stack.0.push(Value::F32(value)),
        Operator::F64Const { value } => stack.0.push(Value::F64(value)),
        _ => return None,
    }
    Some(Ok(()))
}

fn integer32(s: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    Some(match operator.kind() {
        Kind::I32Eqz => s.unary(|a: u32| a == 0),
        Kind::I32Eq => s.binary(|a: u32, b| a == b),
        Kind::I32Ne => s.binary(|a: u32, b| a != b),
        Kind::I32LtS => s.binary(|a: i32, b| a < b),
        Kind::I32LtU => s.binary(|a: u32, b| a < b),
        Kind::I32GtS => s.binary(|a: i32, b| a > b),
        Kind::I32GtU => s.binary(|a: u32, b| a > b),
        Kind::I32LeS => s.binary(|a: i32, b| a <= b),
        Kind::I32LeU => s.binary(|a: u32, b| a <= b),
        Kind::I32GeS => s.binary(|a: i32, b| a >= b),
        Kind::I32GeU => s.binary(|a: u32, b| a >= b),
        Kind::I32Clz => s.unary(|a: u32| a.leading_zeros()),
        Kind::I32Ctz => s.unary(|a: u32| a.trailing_zeros()),
        Kind::I32Popcnt => s.unary(|a: u32| a.count_ones()),
        Kind::I32Add => s.binary(|a: u32, b| a.wrapping_add(b)),
        Kind::I32Sub => s.binary(|a: u32, b| a.wrapping_sub(b)),
        Kind::I32Mul => s.binary(|a: u32, b| a.wrapping_mul(b)),
        Kind::I32DivS => s.try_binary(|a: i32, b| match b {
            0 => Err(Trap::IntegerDivideByZero),
            _ => a.checked_div(b).ok_or(Trap::IntegerOverflow),
        }),
        Kind::I32DivU => {
            s.try_binary(|a: u32, b| a.checked_div(b).ok_or(Trap::IntegerDivideByZero))
        }
        Kind::I32RemS => s.try_binary(|a: i32, b| match b {
            0 => Err(Trap::IntegerDivideByZero),
            _ => Ok(a.wrapping_rem(b)),
        }),
        Kind::I32RemU => {
            s.try_binary(|a: u32, b| a.checked_rem(b).ok_or(Trap::IntegerDivideByZero))
        }
        Kind::I32And => s.binary(|a: u32, b| a & b),
        Kind::I32Or => s.binary(|a: u32, b| a | b),
        Kind::I32Xor => s.binary(|a: u32, b| a ^ b),
        Kind::I32Shl => s.binary(|a: u32, b| a << (b % 32)),
        Kind::I32ShrS => s.binary(|a: i32, b| a >> (b as u32 % 32)),
        Kind::I32ShrU => s.binary(|a: u32, b| a >> (b % 32)),
        Kind::I32Rotl => s.binary(|a: u32, b| a.rotate_left(b % 32)),
        Kind::I32Rotr => s.binary(|a: u32, b| a.rotate_right(b % 32)),
        Kind::I32Extend8S => s.unary(|a: u32| a as i8 as i32),
        Kind::I32Extend16S => s.unary(|a: u32| a as i16 as i32),
        _ => return None,
    })
}

fn integer64(s: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    Some(match operator.kind() {
        Kind::I64Eqz => s.unary(|a: u64| a == 0),
        Kind::I64Eq => s.binary(|a: u64, b| a == b),
        Kind::I64Ne => s.binary(|a: u64, b| a != b),
        Kind::I64LtS => s.binary(|a: i64, b| a < b),
        Kind::I64LtU => s.binary(|a: u64, b| a < b),
        Kind::I64GtS => s.binary(|a: i64, b| a > b),
        Kind::I64GtU => s.binary(|a: u64, b| a > b),
        Kind::I64LeS => s.binary(|a: i64, b| a <= b),
        Kind::I64LeU => s.binary(|a: u64, b| a <= b),
        Kind::I64GeS => s.binary(|a: i64, b| a >= b),
        Kind::I64GeU => s.binary(|a: u64, b| a >= b),
        Kind::I64Clz => s.unary(|a: u64| u64::from(a.leading_zeros())),
        Kind::I64Ctz => s.unary(|a: u64| u64::from(a.trailing_zeros())),
        Kind::I64Popcnt => s.unary(|a: u64| u64::from(a.count_ones())),
        Kind::I64Add => s.binary(|a: u64, b| a.wrapping_add(b)),
        Kind::I64Sub => s.binary(|a: u64, b| a.wrapping_sub(b)),
        Kind::I64Mul => s.binary(|a: u64, b| a.wrapping_mul(b)),
        Kind::I64DivS => s.try_binary(|a: i64, b| match b {
            0 => Err(Trap::IntegerDivideByZero),
            _ => a.checked_div(b).ok_or(Trap::IntegerOverflow),
        }),
        Kind::I64DivU => {
            s.try_binary(|a: u64, b| a.checked_div(b).ok_or(Trap::IntegerDivideByZero))
        }
        Kind::I64RemS => s.try_binary(|a: i64, b| match b {
            0 => Err(Trap::IntegerDivideByZero),
            _ => Ok(a.wrapping_rem(b)),
        }),
        Kind::I64RemU => {
            s.try_binary(|a: u64, b| a.checked_rem(b).ok_or(Trap::IntegerDivideByZero))
        }
        Kind::I64And => s.binary(|a: u64, b| a & b),
        Kind::I64Or => s.binary(|a: u64, b| a | b),
        Kind::I64Xor => s.binary(|a: u64, b| a ^ b),
        Kind::I64Shl => s.binary(|a: u64, b| a << (b % 64)),
        Kind::I64ShrS => s.binary(|a: i64, b| a >> (b as u64 % 64)),
        Kind::I64ShrU => s.binary(|a: u64, b| a >> (b % 64)),
        Kind::I64Rotl => s.binary(|a: u64, b| a.rotate_left((b % 64) as u32)),
        Kind::I64Rotr => s.binary(|a: u64, b| a.rotate_right((b % 64) as u32)),
        Kind::I64Extend8S => s.unary(|a: u64| i64::from(a as i8)),
        Kind::I64Extend16S => s.unary(|a: u64| i64::from(a as i16)),
        Kind::I64Extend32S => s.unary(|a: u64| i64::from(a as i32)),
        _ => return None,
    })
}

fn float32(s: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    Some(match operator.kind() {
        Kind::F32Eq => s.binary(|a: f32, b| a == b),
        Kind::F32Ne => s.binary(|a: f32, b| a != b),
        Kind::F32Lt => s.binary(|a: f32, b| a < b),
        Kind::F32Gt => s.binary(|a: f32, b| a > b),
        Kind::F32Le => s.binary(|a: f32, b| a <= b),
        Kind::F32Ge => s.binary(|a: f32, b| a >= b),
        Kind::F32Abs => s.bits32(|a| a & !SIGN32),
        Kind::F32Neg => s.bits32(|a| a ^ SIGN32),
        Kind::F32Copysign => {
            let sign = s.pop::<Bits32>().0 & SIGN32;
            s.bits32(|a| (a & !SIGN32) | sign)
        }
        Kind::F32Ceil => s.unary32(f32::ceil),
        Kind::F32Floor => s.unary32(f32::floor),
        Kind::F32Trunc => s.unary32(f32::trunc),
        // Widening to f64 and back loses nothing where the result is one of the operands or an
        // integer of 24 bits.
        Kind::F32Nearest => s.unary32(|a| nearest(f64::from(a)) as f32),
        Kind::F32Min => s.binary32(|a, b| min(f64::from(a), f64::from(b)) as f32),
        Kind::F32Max => s.binary32(|a, b| max(f64::from(a), f64::from(b)) as f32),
        Kind::F32Sqrt => s.unary32(f32::sqrt),
        Kind::F32Add => s.binary32(|a, b| a + b),
        Kind::F32Sub => s.binary32(|a, b| a - b),
        Kind::F32Mul => s.binary32(|a, b| a * b),
        Kind::F32Div => s.binary32(|a, b| a / b),
        _ => return None,
    })
}

fn float64(s: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    Some(match operator.kind() {
        Kind::F64Eq => s.binary(|a: f64, b| a == b),
        Kind::F64Ne => s.binary(|a: f64, b| a != b),
        Kind::F64Lt => s.binary(|a: f64, b| a < b),
        Kind::F64Gt => s.binary(|a: f64, b| a > b),
        Kind::F64Le => s.binary(|a: f64, b| a <= b),
        Kind::F64Ge => s.binary(|a: f64, b| a >= b),
        Kind::F64Abs => s.bits64(|a| a & !SIGN64),
        Kind::F64Neg => s.bits64(|a| a ^ SIGN64),
        Kind::F64Copysign => {
            let sign = s.pop::<Bits64>().0 & SIGN64;
            s.bits64(|a| (a & !SIGN64) | sign)
        }
        Kind::F64Ceil => s.unary64(f64::ceil),
        Kind::F64Floor => s.unary64(f64::floor),
        Kind::F64Trunc => s.unary64(f64::trunc),
        Kind::F64Nearest => s.unary64(nearest),
        Kind::F64Min => s.binary64(min),
        Kind::F64Max => s.binary64(max),
        Kind::F64Sqrt => s.unary64(f64::sqrt),
        Kind::F64Add => s.binary64(|a, b| a + b),
        Kind::F64Sub => s.binary64(|a, b| a - b),
        Kind::F64Mul => s.binary64(|a, b| a * b),
        Kind::F64Div => s.binary64(|a, b| a / b),
        _ => return None,
    })
}

fn conversion(s: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    Some(match operator.kind() {
        Kind::I32WrapI64 => s.unary(|a: u64| a as u32),
        Kind::I64ExtendI32S => s.unary(|a: i32| i64::from(a)),
        Kind::I64ExtendI32U => s.unary(|a: u32| u64::from(a)),
        // Rust rounds integers to the nearest float, ties to even, as WebAssembly does.
        Kind::F32ConvertI32S => s.unary(|a: i32| a as f32),
        Kind::F32ConvertI32U => s.unary(|a: u32| a as f32),
        Kind::F32ConvertI64S => s.unary(|a: i64| a as f32),
        Kind::F32ConvertI64U => s.unary(|a: u64| a as f32),
        Kind::F64ConvertI32S => s.unary(|a: i32| a as f64),
        Kind::F64ConvertI32U => s.unary(|a: u32| a as f64),
        Kind::F64ConvertI64S => s.unary(|a: i64| a as f64),
        Kind::F64ConvertI64U => s.unary(|a: u64| a as f64),
        Kind::F32DemoteF64 => s.unary(|a: f64| Bits32(canonical32(a as f32))),
        Kind::F64PromoteF32 => s.unary(|a: f32| Bits64(canonical64(f64::from(a)))),
        Kind::I32ReinterpretF32 => s.unary(|a: Bits32| a.0),
        Kind::I64ReinterpretF64 => s.unary(|a: Bits64| a.0),
        Kind::F32ReinterpretI32 => s.unary(Bits32),
        Kind::F64ReinterpretI64 => s.unary(Bits64),
        _ => return None,
    })
}

fn truncation(s: &mut Operands, operator: &Operator<'_>) -> Option<Result<(), Trap>> {
    let saturated_i32 = |a| truncate_saturating(a, &I32_RANGE, |x| x as i32, (i32::MIN, i32::MAX));
    let saturated_u32 = |a| truncate_saturating(a, &U32_RANGE, |x| x as u32, (0, u32::MAX));
    let saturated_i64 = |a| truncate_saturating(a, &I64_RANGE, |x| x as i64, (i64::MIN, i64::MAX));
    let saturated_u64 = |a| truncate_saturating(a, &U64_RANGE, |x| x as u64, (0, u64::MAX));
    Some(match operator.kind() {
        Kind::I32TruncF32S => s.try_unary(|a: f32| Ok(truncate(a.into(), &I32_RANGE)? as i32)),
        Kind::I32TruncF32U => s.try_unary(|a: f32| Ok(truncate(a.into(), &U32_RANGE)? as u32)),
        Kind::I32TruncF64S => s.try_unary(|a: f64| Ok(truncate(a, &I32_RANGE)? as i32)),
        Kind::I32TruncF64U => s.try_unary(|a: f64| Ok(truncate(a, &U32_RANGE)? as u32)),
        Kind::I64TruncF32S => s.try_unary(|a: f32| Ok(truncate(a.into(), &I64_RANGE)? as i64)),
        Kind::I64TruncF32U => s.try_unary(|a: f32| Ok(truncate(a.into(), &U64_RANGE)? as u64)),
        Kind::I64TruncF64S => s.try_unary(|a: f64| Ok(truncate(a, &I64_RANGE)? as i64)),
        Kind::I64TruncF64U => s.try_unary(|a: f64| Ok(truncate(a, &U64_RANGE)? as u64)),
        Kind::I32TruncSatF32S => s.unary(|a: f32| saturated_i32(a.into())),
        Kind::I32TruncSatF32U => s.unary(|a: f32| saturated_u32(a.into())),
        Kind::I32TruncSatF64S => s.unary(saturated_i32),
        Kind::I32TruncSatF64U => s.unary(saturated_u32),
        Kind::I64TruncSatF32S => s.unary(|a: f32| saturated_i64(a.into())),
        Kind::I64TruncSatF32U => s.unary(|a: f32| saturated_u64(a.into())),
        Kind::I64TruncSatF64S => s.unary(saturated_i64),
        Kind::I64TruncSatF64U => s.unary(saturated_u64),
        _ => return None,
    })
}
