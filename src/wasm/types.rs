//! Types of WebAssembly (spec section 2.3): values, functions, tables, memories, globals.

use alloc::boxed::Box;
use core::fmt;

use super::Features;
use super::error::{WasmError, WasmErrorKind};
use super::reader::{Reader, Result};

/// The type of a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit IEEE 754 float.
    F32,
    /// 64-bit IEEE 754 float.
    F64,
    /// 128-bit vector; takes two stack slots.
    V128,
    /// Reference.
    Ref(RefType),
}

/// What a reference may point to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HeapType {
    /// Any function.
    Func,
    /// Any host reference.
    Extern,
}

/// The type of a reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RefType {
    /// Whether `null` belongs to the type.
    pub nullable: bool,
    /// What it points to.
    pub heap: HeapType,
}

impl RefType {
    /// `funcref`, that is `(ref null func)`.
    pub const FUNC: RefType = RefType { nullable: true, heap: HeapType::Func };
    /// `externref`, that is `(ref null extern)`.
    pub const EXTERN: RefType = RefType { nullable: true, heap: HeapType::Extern };
}

impl ValType {
    /// `funcref`.
    pub const FUNCREF: ValType = ValType::Ref(RefType::FUNC);
    /// `externref`.
    pub const EXTERNREF: ValType = ValType::Ref(RefType::EXTERN);

    /// Number of 64-bit stack slots a value of this type takes.
    pub const fn slots(self) -> u32 {
        match self {
            ValType::V128 => 2,
            _ => 1,
        }
    }

    /// Whether values of this type live in the float accumulator.
    pub const fn is_float(self) -> bool {
        matches!(self, ValType::F32 | ValType::F64)
    }

    /// Whether this is a reference type.
    pub const fn is_ref(self) -> bool {
        matches!(self, ValType::Ref(_))
    }
}

/// A value type.
#[inline]
pub(super) fn read_value_type(reader: &mut Reader<'_>) -> Result<ValType> {
    let offset = reader.offset();
    let (ty, needs) = match reader.byte()? {
        0x7F => (ValType::I32, Features::NONE),
        0x7E => (ValType::I64, Features::NONE),
        0x7D => (ValType::F32, Features::FLOATS),
        0x7C => (ValType::F64, Features::FLOATS),
        0x70 => (ValType::FUNCREF, Features::REFERENCE_TYPES),
        0x6F => (ValType::EXTERNREF, Features::REFERENCE_TYPES),
        byte => return Err(WasmError::new(WasmErrorKind::MalformedType(byte), offset)),
    };
    reader.require(needs, offset)?;
    Ok(ty)
}

/// A reference type, as tables and element segments have it: `funcref` needs no feature there.
pub(super) fn read_ref_type(reader: &mut Reader<'_>) -> Result<RefType> {
    Ok(RefType { nullable: true, heap: read_heap_type(reader)? })
}

/// A heap type.
pub(super) fn read_heap_type(reader: &mut Reader<'_>) -> Result<HeapType> {
    let offset = reader.offset();
    match reader.byte()? {
        0x70 => Ok(HeapType::Func),
        0x6F => {
            reader.require(Features::REFERENCE_TYPES, offset)?;
            Ok(HeapType::Extern)
        }
        byte => Err(WasmError::new(WasmErrorKind::MalformedType(byte), offset)),
    }
}

impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HeapType::Func => "func",
            HeapType::Extern => "extern",
        })
    }
}

impl fmt::Display for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nullable {
            true => write!(f, "{}ref", self.heap),
            false => write!(f, "(ref {})", self.heap),
        }
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValType::I32 => "i32",
            ValType::I64 => "i64",
            ValType::F32 => "f32",
            ValType::F64 => "f64",
            ValType::V128 => "v128",
            ValType::Ref(r) => return r.fmt(f),
        })
    }
}

/// The type of a function: parameters, then results.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FuncType {
    types: Box<[ValType]>,
    params: u32,
}

impl FuncType {
    /// A function type from its parameters and results.
    pub fn new(params: &[ValType], results: &[ValType]) -> Self {
        let types = params.iter().chain(results).copied().collect();
        FuncType { types, params: params.len() as u32 }
    }

    /// Parameter types, in order.
    pub fn params(&self) -> &[ValType] {
        &self.types[..self.params as usize]
    }

    /// Result types, in order.
    pub fn results(&self) -> &[ValType] {
        &self.types[self.params as usize..]
    }

    /// Stack slots that the parameters take.
    pub fn param_slots(&self) -> u32 {
        self.params().iter().map(|t| t.slots()).sum()
    }

    /// Stack slots that the results take.
    pub fn result_slots(&self) -> u32 {
        self.results().iter().map(|t| t.slots()).sum()
    }
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, types: &[ValType]| -> fmt::Result {
            f.write_str("[")?;
            for (i, t) in types.iter().enumerate() {
                write!(f, "{}{t}", if i == 0 { "" } else { " " })?;
            }
            f.write_str("]")
        };
        list(f, self.params())?;
        f.write_str(" -> ")?;
        list(f, self.results())
    }
}

/// The type of a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TableType {
    /// Type of its elements.
    pub element: RefType,
    /// Initial number of elements.
    pub min: u64,
    /// Declared maximum number of elements.
    pub max: Option<u64>,
    /// Whether indices are 64 bits wide.
    pub index64: bool,
}

/// The type of a linear memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MemoryType {
    /// Initial size in pages of 64 KiB.
    pub min: u64,
    /// Declared maximum size in pages.
    pub max: Option<u64>,
    /// Whether addresses are 64 bits wide.
    pub index64: bool,
    /// Whether the memory is declared shared (decoded, refused by every profile).
    pub shared: bool,
}

/// The type of a global.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GlobalType {
    /// Type of the value.
    pub content: ValType,
    /// Whether it can be set.
    pub mutable: bool,
}
