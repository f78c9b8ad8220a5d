//! The kinds of immediates: for each its type, how it is read, and how it is printed.
//!
//! The operator table names a kind per immediate; the modules `read` and `show` have one
//! function per kind, of the kind's name. Kinds of one Rust type differ in their encoding.

use core::fmt;

use crate::wasm::ValType;
use crate::wasm::reader::{Reader, Result};

pub use crate::wasm::HeapType;

/// Relative depth of a label.
pub type Label = u32;
/// Index of a function.
pub type FunctionIndex = u32;
/// Index of a type.
pub type TypeIndex = u32;
/// Index of a table.
pub type TableIndex = u32;
/// Index of a table as indirect calls have it: a zero byte unless reference types are admitted.
pub type CallTable = u32;
/// Index of a local.
pub type LocalIndex = u32;
/// Index of a global.
pub type GlobalIndex = u32;
/// Index of a memory.
pub type MemoryIndex = u32;
/// Index of a memory, encoded as a zero byte.
pub type MemoryByte = u32;
/// Index of a data segment.
pub type DataIndex = u32;
/// Index of an element segment.
pub type ElemIndex = u32;
/// A signed 32-bit constant.
pub type I32 = i32;
/// A signed 64-bit constant.
pub type I64 = i64;
/// Bits of a 32-bit float.
pub type F32Bits = u32;
/// Bits of a 64-bit float.
pub type F64Bits = u64;
/// The one type of a typed `select`.
pub type SelectType = ValType;

/// What a block takes and gives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BlockType {
    /// `[] -> []`.
    Empty,
    /// `[] -> [t]`.
    Value(ValType),
    /// The function type with this index.
    Type(u32),
}

/// Address immediates of a load or store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MemArg {
    /// Added to the address.
    pub offset: u64,
    /// Promised alignment, as a power of two. A hint without meaning.
    pub align: u8,
    /// Index of the memory.
    pub memory: u32,
}

/// Labels of a `br_table`, decoded as they are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BrTable<'a> {
    /// The module up to the last target's end.
    bytes: &'a [u8],
    start: u32,
    count: u32,
    default: Label,
}

impl<'a> BrTable<'a> {
    /// Number of labels, the default not included.
    #[allow(clippy::len_without_is_empty, reason = "a table always has its default label")]
    pub fn len(&self) -> u32 {
        self.count
    }

    /// The label for an index that has none.
    pub fn default(&self) -> Label {
        self.default
    }

    /// The labels in order, without the default.
    pub fn targets(&self) -> impl Iterator<Item = Label> + use<'a> {
        let mut reader = Reader::whole(self.bytes, self.start);
        // They were read once: an error cannot come up here.
        (0..self.count).map_while(move |_| reader.u32().ok())
    }

    /// The labels in order, the default last.
    pub fn targets_and_default(&self) -> impl Iterator<Item = Label> + use<'a> {
        self.targets().chain(core::iter::once(self.default))
    }
}

impl fmt::Debug for BrTable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.targets_and_default()).finish()
    }
}

/// How each kind is read.
#[allow(non_snake_case, reason = "functions bear the names of the kinds, which are types")]
pub(super) mod read {
    use super::{BrTable, MemArg, Reader, Result};
    use crate::wasm::error::WasmErrorKind;
    use crate::wasm::types::{read_heap_type, read_value_type};
    use crate::wasm::{Features, HeapType, ValType, WasmError};

    macro_rules! indices {
        ($($name:ident)*) => {
            $(
                #[inline]
                pub(in super::super) fn $name(reader: &mut Reader<'_>) -> Result<u32> {
                    reader.u32()
                }
            )*
        };
    }
    indices!(
        Label FunctionIndex TypeIndex TableIndex LocalIndex GlobalIndex MemoryIndex DataIndex
        ElemIndex
    );

    pub(in super::super) fn CallTable(reader: &mut Reader<'_>) -> Result<u32> {
        let offset = reader.offset();
        if !reader.features().contains(Features::REFERENCE_TYPES) {
            return MemoryByte(reader);
        }
        let index = reader.u32()?;
        // Compilers write zero in five bytes, for a linker to fill in: that takes the feature too.
        if index != 0 || reader.offset() > offset + 1 {
            reader.require(Features::REFERENCE_TYPES, offset)?;
        }
        Ok(index)
    }

    pub(in super::super) fn MemoryByte(reader: &mut Reader<'_>) -> Result<u32> {
        let offset = reader.offset();
        match reader.byte()? {
            0 => Ok(0),
            _ => Err(WasmError::new(WasmErrorKind::ZeroByteExpected, offset)),
        }
    }

    #[inline]
    pub(in super::super) fn I32(reader: &mut Reader<'_>) -> Result<i32> {
        reader.i32()
    }

    #[inline]
    pub(in super::super) fn I64(reader: &mut Reader<'_>) -> Result<i64> {
        reader.i64()
    }

    pub(in super::super) fn F32Bits(reader: &mut Reader<'_>) -> Result<u32> {
        reader.fixed_u32()
    }

    pub(in super::super) fn F64Bits(reader: &mut Reader<'_>) -> Result<u64> {
        reader.fixed_u64()
    }

    /// One type; other numbers of types are well-formed but never valid.
    pub(in super::super) fn SelectType(reader: &mut Reader<'_>) -> Result<ValType> {
        let offset = reader.offset();
        match reader.u32()? {
            1 => read_value_type(reader),
            _ => Err(WasmError::new(WasmErrorKind::InvalidResultArity, offset)),
        }
    }

    pub(in super::super) fn HeapType(reader: &mut Reader<'_>) -> Result<HeapType> {
        read_heap_type(reader)
    }

    /// A negative number of 33 bits is a value type or the empty type, others are type indices.
    #[inline]
    pub(in super::super) fn BlockType(reader: &mut Reader<'_>) -> Result<super::BlockType> {
        match reader.peek() {
            Some(0x40) => {
                reader.byte()?;
                Ok(super::BlockType::Empty)
            }
            // One byte with the sign bit set and no continuation: the code of a type.
            Some(byte) if byte & 0xC0 == 0x40 => {
                Ok(super::BlockType::Value(read_value_type(reader)?))
            }
            _ => {
                let offset = reader.offset();
                let index = reader.s33()?;
                match u32::try_from(index) {
                    Ok(index) => Ok(super::BlockType::Type(index)),
                    Err(_) => Err(WasmError::new(WasmErrorKind::IntegerTooLarge, offset)),
                }
            }
        }
    }

    #[inline(always)]
    pub(in super::super) fn MemArg(reader: &mut Reader<'_>) -> Result<MemArg> {
        let at = reader.offset();
        let flags = reader.u32()?;
        if flags >= 64 {
            return Err(WasmError::new(WasmErrorKind::MalformedMemopFlags, at));
        }
        let offset = u64::from(reader.u32()?);
        Ok(MemArg { offset, align: flags as u8, memory: 0 })
    }

    pub(in super::super) fn BrTable<'a>(reader: &mut Reader<'a>) -> Result<BrTable<'a>> {
        let count = reader.count("br_table_labels", u32::MAX, 1)?;
        let start = reader.offset();
        for _ in 0..count {
            reader.u32()?;
        }
        let default = reader.u32()?;
        Ok(BrTable { bytes: reader.passed(), start, count, default })
    }
}

/// How each kind is printed, after its operator's name.
#[allow(non_snake_case, reason = "functions bear the names of the kinds, which are types")]
pub(super) mod show {
    use core::fmt::{Formatter, Result};

    use super::BrTable;
    use crate::wasm::{HeapType, ValType};

    macro_rules! plain {
        ($($name:ident: $ty:ty),*) => {
            $(
                pub(in super::super) fn $name(f: &mut Formatter<'_>, value: &$ty) -> Result {
                    write!(f, " {value}")
                }
            )*
        };
    }
    plain!(
        Label: u32, FunctionIndex: u32, TypeIndex: u32, TableIndex: u32, LocalIndex: u32,
        GlobalIndex: u32, DataIndex: u32, ElemIndex: u32, I32: i32, I64: i64
    );

    /// Table 0 goes without saying.
    pub(in super::super) fn CallTable(f: &mut Formatter<'_>, value: &u32) -> Result {
        match value {
            0 => Ok(()),
            _ => write!(f, " {value}"),
        }
    }

    /// Memory 0 goes without saying.
    pub(in super::super) fn MemoryIndex(f: &mut Formatter<'_>, value: &u32) -> Result {
        CallTable(f, value)
    }

    /// Memory 0 goes without saying.
    pub(in super::super) fn MemoryByte(f: &mut Formatter<'_>, value: &u32) -> Result {
        CallTable(f, value)
    }

    pub(in super::super) fn F32Bits(f: &mut Formatter<'_>, bits: &u32) -> Result {
        let value = f32::from_bits(*bits);
        match value.is_nan() {
            false => write!(f, " {value:?}"),
            true => nan(f, value.is_sign_negative(), u64::from(bits & 0x7F_FFFF)),
        }
    }

    pub(in super::super) fn F64Bits(f: &mut Formatter<'_>, bits: &u64) -> Result {
        let value = f64::from_bits(*bits);
        match value.is_nan() {
            false => write!(f, " {value:?}"),
            true => nan(f, value.is_sign_negative(), bits & 0xF_FFFF_FFFF_FFFF),
        }
    }

    fn nan(f: &mut Formatter<'_>, negative: bool, payload: u64) -> Result {
        write!(f, " {}nan:{payload:#x}", if negative { "-" } else { "" })
    }

    pub(in super::super) fn SelectType(f: &mut Formatter<'_>, ty: &ValType) -> Result {
        write!(f, " (result {ty})")
    }

    pub(in super::super) fn HeapType(f: &mut Formatter<'_>, ty: &HeapType) -> Result {
        write!(f, " {ty}")
    }

    pub(in super::super) fn BlockType(f: &mut Formatter<'_>, ty: &super::BlockType) -> Result {
        match ty {
            super::BlockType::Empty => Ok(()),
            super::BlockType::Value(ty) => write!(f, " (result {ty})"),
            super::BlockType::Type(index) => write!(f, " (type {index})"),
        }
    }

    /// The alignment is printed where it is not natural, which only the operator knows.
    pub(in super::super) fn MemArg(f: &mut Formatter<'_>, memarg: &super::MemArg) -> Result {
        MemoryIndex(f, &memarg.memory)?;
        match memarg.offset {
            0 => Ok(()),
            offset => write!(f, " offset={offset}"),
        }
    }

    pub(in super::super) fn BrTable(f: &mut Formatter<'_>, targets: &BrTable<'_>) -> Result {
        targets.targets_and_default().try_for_each(|label| write!(f, " {label}"))
    }
}
