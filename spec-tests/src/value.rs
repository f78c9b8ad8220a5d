//! Values as the tests see them: bit patterns, so that comparing two of them compares every bit of
//! a NaN.

use std::fmt;

/// A value of WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// 32-bit integer.
    I32(u32),
    /// 64-bit integer.
    I64(u64),
    /// Bits of a 32-bit float.
    F32(u32),
    /// Bits of a 64-bit float.
    F64(u64),
    /// Reference.
    Ref(Ref),
}

/// A reference value. Nulls of all types are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ref {
    /// The null reference.
    Null,
    /// The function with this address in the store that the value comes from.
    Func(u32),
    /// What the host means by this number.
    Extern(u32),
}

impl Value {
    /// The same value without what only its own store can know: the address of a function becomes
    /// 0.
    #[must_use]
    pub fn portable(self) -> Value {
        match self {
            Value::Ref(Ref::Func(_)) => Value::Ref(Ref::Func(0)),
            other => other,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::I32(v) => write!(f, "i32:{v:#x}"),
            Value::I64(v) => write!(f, "i64:{v:#x}"),
            Value::F32(v) => write!(f, "f32:{v:#010x} ({})", f32::from_bits(v)),
            Value::F64(v) => write!(f, "f64:{v:#018x} ({})", f64::from_bits(v)),
            Value::Ref(Ref::Null) => write!(f, "ref.null"),
            Value::Ref(Ref::Func(_)) => write!(f, "ref.func"),
            Value::Ref(Ref::Extern(v)) => write!(f, "ref.extern:{v}"),
        }
    }
}
