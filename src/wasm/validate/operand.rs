//! Types as the stacks hold them: packed into one word, with the unknown type of unreachable code.

use crate::wasm::{HeapType, RefType, ValType};

/// A value type or the unknown type, packed so that comparing is one instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Operand(u32);

impl Operand {
    /// Matches every type.
    pub(super) const UNKNOWN: Operand = Operand(0);
    pub(super) const I32: Operand = Operand::new(ValType::I32);
    const REF: u32 = 8;

    /// The packed form of a value type.
    #[inline]
    pub(super) const fn new(ty: ValType) -> Operand {
        Operand(match ty {
            ValType::I32 => 1,
            ValType::I64 => 2,
            ValType::F32 => 3,
            ValType::F64 => 4,
            ValType::V128 => 5,
            ValType::Ref(RefType { nullable, heap }) => {
                Self::REF + heap as u32 * 2 + nullable as u32
            }
        })
    }

    /// The value type, unless it is unknown.
    pub(super) fn value_type(self) -> Option<ValType> {
        Some(match self.0 {
            0 => return None,
            1 => ValType::I32,
            2 => ValType::I64,
            3 => ValType::F32,
            4 => ValType::F64,
            5 => ValType::V128,
            packed => ValType::Ref(RefType {
                nullable: packed & 1 != 0,
                heap: match (packed - Self::REF) / 2 {
                    0 => HeapType::Func,
                    _ => HeapType::Extern,
                },
            }),
        })
    }

    /// Whether a value of this type may stand where `expected` is wanted.
    #[inline]
    pub(super) fn matches(self, expected: Operand) -> bool {
        self == expected || self == Operand::UNKNOWN
    }

    /// Whether this is a reference type.
    #[inline]
    pub(super) const fn is_ref(self) -> bool {
        self.0 >= Self::REF
    }
}

/// A sequence of types: that of a block or a function.
#[derive(Clone, Copy)]
pub(super) enum Types<'m> {
    One(ValType),
    Many(&'m [ValType]),
}

impl Types<'_> {
    pub(super) const NONE: Types<'static> = Types::Many(&[]);

    fn as_slice(&self) -> &[ValType] {
        match self {
            Types::One(ty) => core::slice::from_ref(ty),
            Types::Many(types) => types,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.as_slice().len()
    }

    #[inline]
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = Operand> {
        self.as_slice().iter().copied().map(Operand::new)
    }
}

impl PartialEq for Types<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}
