//! Values at the machine's border.

use core::fmt;

use crate::wasm::{HeapType, ValType};

/// A WebAssembly value. Floats are their bits, so that a NaN passes unchanged on every machine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of a 32-bit float.
    F32(u32),
    /// Bits of a 64-bit float.
    F64(u64),
    /// Reference to a function of the arena, or null.
    FuncRef(Option<Func>),
    /// Reference that means something to the host, or null.
    ExternRef(Option<u32>),
}

/// A function of an arena: its address in the sense of the spec's store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Func(pub(super) u32);

impl Value {
    /// Its type.
    pub fn ty(&self) -> ValType {
        match self {
            Value::I32(_) => ValType::I32,
            Value::I64(_) => ValType::I64,
            Value::F32(_) => ValType::F32,
            Value::F64(_) => ValType::F64,
            Value::FuncRef(_) => ValType::FUNCREF,
            Value::ExternRef(_) => ValType::EXTERNREF,
        }
    }

    /// The zero or null of a type.
    pub fn default_of(ty: ValType) -> Value {
        Value::from_slot(0, ty)
    }

    /// As it stands in a slot.
    pub(super) fn to_slot(self) -> u64 {
        match self {
            Value::I32(v) => u64::from(v as u32),
            Value::I64(v) => v as u64,
            Value::F32(bits) => u64::from(bits),
            Value::F64(bits) => bits,
            Value::FuncRef(f) => f.map_or(0, |f| u64::from(f.0) + 1),
            Value::ExternRef(e) => e.map_or(0, |e| u64::from(e) + 1),
        }
    }

    /// From a slot of a type.
    pub(super) fn from_slot(bits: u64, ty: ValType) -> Value {
        let handle = bits.checked_sub(1).map(|h| h as u32);
        match ty {
            ValType::I32 => Value::I32(bits as i32),
            ValType::I64 => Value::I64(bits as i64),
            ValType::F32 => Value::F32(bits as u32),
            ValType::F64 => Value::F64(bits),
            ValType::Ref(r) if r.heap == HeapType::Func => Value::FuncRef(handle.map(Func)),
            ValType::Ref(_) => Value::ExternRef(handle),
            ValType::V128 => unreachable!("no feature set admits v128"),
        }
    }
}

impl From<i32> for Value {
    fn from(v: i32) -> Self {
        Value::I32(v)
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::I64(v)
    }
}

impl From<f32> for Value {
    fn from(v: f32) -> Self {
        Value::F32(v.to_bits())
    }
}

impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Value::F64(v.to_bits())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::I32(v) => v.fmt(f),
            Value::I64(v) => v.fmt(f),
            Value::F32(bits) => write!(f, "{:?}", f32::from_bits(bits)),
            Value::F64(bits) => write!(f, "{:?}", f64::from_bits(bits)),
            Value::FuncRef(None) | Value::ExternRef(None) => f.write_str("null"),
            Value::FuncRef(Some(func)) => write!(f, "func:{}", func.0),
            Value::ExternRef(Some(handle)) => write!(f, "extern:{handle}"),
        }
    }
}
