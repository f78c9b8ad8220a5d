//! Operators: the enum, the decoder and what else follows from the one table in `table.rs`.
//!
//! ```text
//! for_each_operator! ──┬─ Operator<'a>      decoded, with immediates, Copy
//!                      ├─ OperatorKind      the same without immediates
//!                      ├─ ROWS              opcode, name, shape, gas class, features per kind
//!                      ├─ decode            bytes → Operator
//!                      └─ Display           the text format
//! ```

pub mod immediates;
mod table;

use core::fmt;

use super::error::WasmErrorKind;
use super::reader::{Reader, Result};
use super::{Features, ValType, WasmError};
use crate::gas::{GasClass, GasSchedule};

pub use immediates::{BlockType, BrTable, MemArg};
use immediates::{read, show};
use table::for_each_operator;

/// What an operator pops and pushes, as far as it can be said in a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Pops and pushes these types.
    Plain {
        /// Popped, the last one first.
        params: &'static [ValType],
        /// Pushed.
        results: &'static [ValType],
    },
    /// Pops an address, pushes what is loaded.
    Load {
        /// Bytes that are read.
        bytes: u8,
        /// Type that is pushed.
        ty: ValType,
    },
    /// Pops a value, then an address.
    Store {
        /// Bytes that are written.
        bytes: u8,
        /// Type that is popped.
        ty: ValType,
    },
    /// Depends on immediates, declarations or context.
    Special,
}

/// What the table says of an operator.
#[derive(Clone, Copy, Debug)]
pub struct OperatorRow {
    /// The operator.
    pub kind: OperatorKind,
    /// Opcode; behind a prefix byte, `prefix << 16 | opcode`.
    pub code: u32,
    /// Name in the text format.
    pub name: &'static str,
    /// One line of documentation.
    pub doc: &'static str,
    /// Operands and results.
    pub shape: Shape,
    /// What it costs.
    pub gas_class: GasClass,
    /// What must be admitted for it.
    pub features: Features,
}

/// A [`Shape`] from its notation in the table.
macro_rules! shape {
    (plain [$($param:ident)* -> $($result:ident)*]) => {
        Shape::Plain { params: &[$(ValType::$param),*], results: &[$(ValType::$result),*] }
    };
    (load [$bytes:literal $ty:ident]) => { Shape::Load { bytes: $bytes, ty: ValType::$ty } };
    (store [$bytes:literal $ty:ident]) => { Shape::Store { bytes: $bytes, ty: ValType::$ty } };
    (special []) => { Shape::Special };
}

/// The address immediate of an operator of this shape.
macro_rules! memarg {
    (load $memarg:ident) => {
        Some($memarg)
    };
    (store $memarg:ident) => {
        Some($memarg)
    };
    ($shape:ident $($field:ident)*) => {
        None
    };
}

/// What is shown operators as they are decoded, by the shapes of their rows.
///
/// A method is called once per opcode: where it is inlined, the compiler knows the operator, and
/// what the table says of it is folded into the code. So an operator costs one dispatch, not one to
/// decode and another to validate.
pub(super) trait OperatorVisitor<'a> {
    /// Sees an operator whose row is `plain`.
    fn plain(&mut self, kind: OperatorKind, operator: &Operator<'a>, offset: u32) -> Result<()>;

    /// Sees an operator whose row is `load` or `store`.
    fn access(
        &mut self,
        kind: OperatorKind,
        memarg: &MemArg,
        operator: &Operator<'a>,
        offset: u32,
    ) -> Result<()>;

    /// Sees an operator whose row is `special`.
    fn special(&mut self, kind: OperatorKind, operator: &Operator<'a>, offset: u32) -> Result<()>;
}

/// Keeps the operator.
struct Keep<'a>(Operator<'a>);

impl<'a> OperatorVisitor<'a> for Keep<'a> {
    #[inline(always)]
    fn plain(&mut self, _: OperatorKind, operator: &Operator<'a>, _: u32) -> Result<()> {
        self.0 = *operator;
        Ok(())
    }

    #[inline(always)]
    fn access(
        &mut self,
        _: OperatorKind,
        _: &MemArg,
        operator: &Operator<'a>,
        _: u32,
    ) -> Result<()> {
        self.0 = *operator;
        Ok(())
    }

    #[inline(always)]
    fn special(&mut self, _: OperatorKind, operator: &Operator<'a>, _: u32) -> Result<()> {
        self.0 = *operator;
        Ok(())
    }
}

/// Calls the method of a visitor that an operator of this shape is for.
macro_rules! visit {
    (plain $visitor:ident, $kind:expr, $operator:ident, $offset:ident, $($field:ident)*) => {
        $visitor.plain($kind, &$operator, $offset)
    };
    (special $visitor:ident, $kind:expr, $operator:ident, $offset:ident, $($field:ident)*) => {
        $visitor.special($kind, &$operator, $offset)
    };
    ($shape:ident $visitor:ident, $kind:expr, $operator:ident, $offset:ident, $memarg:ident) => {
        $visitor.access($kind, &$memarg, &$operator, $offset)
    };
}

macro_rules! define_operators {
    ($(
        #[doc = $doc:literal]
        $code:literal $name:ident { $($field:ident: $kind:ident $(<$life:lifetime>)?),* }
        $text:literal $shape:ident $signature:tt $gas:ident [$($feature:ident)*];
    )*) => {
        /// A decoded operator.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(missing_docs, reason = "immediates are named by their kinds")]
        pub enum Operator<'a> {
            $(#[doc = $doc] $name { $($field: immediates::$kind $(<$life>)?),* },)*
        }

        /// An operator without its immediates.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u16)]
        pub enum OperatorKind {
            $(#[doc = $doc] $name,)*
        }

        /// One row per operator, in the order of [`OperatorKind`].
        pub(super) static ROWS: [OperatorRow; OperatorKind::ALL.len()] = [$(
            OperatorRow {
                kind: OperatorKind::$name,
                code: $code,
                name: $text,
                doc: $doc.trim_ascii(),
                shape: shape!($shape $signature),
                gas_class: GasClass::$gas,
                features: Features::NONE$(.with(Features::$feature))*,
            }
        ),*];

        impl OperatorKind {
            /// Every operator.
            pub const ALL: &'static [OperatorKind] = &[$(OperatorKind::$name),*];
        }

        impl<'a> Operator<'a> {
            /// The operator without its immediates.
            #[inline(always)]
            pub const fn kind(&self) -> OperatorKind {
                match self {
                    $(Operator::$name { .. } => OperatorKind::$name,)*
                }
            }

            /// Reads the immediates of the operator with this opcode, which stands at `offset`, and
            /// shows the operator to `visitor`.
            #[inline(always)]
            fn visit_opcode(
                code: u32,
                reader: &mut Reader<'a>,
                offset: u32,
                visitor: &mut impl OperatorVisitor<'a>,
            ) -> Result<()> {
                match code {
                    $($code => {
                        $(let $field = read::$kind(reader)?;)*
                        let operator = Operator::$name { $($field),* };
                        visit!($shape visitor, OperatorKind::$name, operator, offset, $($field)*)
                    })*
                    _ => Err(WasmError::new(WasmErrorKind::IllegalOpcode(code), offset)),
                }
            }

            /// The address immediate of a load or store.
            #[allow(unused_variables, reason = "other immediates are bound and passed over")]
            pub const fn memarg(&self) -> Option<&MemArg> {
                match self {
                    $(Operator::$name { $($field),* } => memarg!($shape $($field)*),)*
                }
            }

            /// Prints the immediates in the order of the binary format.
            fn show_immediates(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Operator::$name { $($field),* } => {
                        $(show::$kind(f, $field)?;)*
                    })*
                }
                Ok(())
            }
        }
    };
}

for_each_operator!(define_operators);

impl OperatorKind {
    /// What the table says of the operator.
    #[inline]
    pub fn row(self) -> &'static OperatorRow {
        &ROWS[self as usize]
    }

    /// Name in the text format, such as `i32.add`.
    pub fn name(self) -> &'static str {
        self.row().name
    }
}

impl<'a> Operator<'a> {
    /// Decodes one operator.
    #[inline]
    pub(super) fn decode(reader: &mut Reader<'a>) -> Result<Operator<'a>> {
        let mut keep = Keep(Operator::Nop {});
        Operator::decode_and_visit(reader, &mut keep)?;
        Ok(keep.0)
    }

    /// Decodes one operator and shows it to `visitor`.
    #[inline(always)]
    pub(super) fn decode_and_visit(
        reader: &mut Reader<'a>,
        visitor: &mut impl OperatorVisitor<'a>,
    ) -> Result<()> {
        let offset = reader.offset();
        let byte = reader.byte()?;
        let code = match byte {
            0xFB..=0xFE => {
                let sub = reader.u32()?;
                if sub > 0xFFFF {
                    let code = u32::from(byte) << 16 | 0xFFFF;
                    return Err(WasmError::new(WasmErrorKind::IllegalOpcode(code), offset));
                }
                u32::from(byte) << 16 | sub
            }
            _ => u32::from(byte),
        };
        Operator::visit_opcode(code, reader, offset, visitor)
    }

    /// What the table says of the operator.
    #[inline]
    pub fn row(&self) -> &'static OperatorRow {
        self.kind().row()
    }

    /// Name in the text format, such as `i32.add`.
    pub fn name(&self) -> &'static str {
        self.row().name
    }

    /// What the operator costs, as a class of the gas schedule.
    #[inline]
    pub fn gas_class(&self) -> GasClass {
        self.row().gas_class
    }
}

impl GasSchedule {
    /// Price of an operator without its dynamic part.
    #[inline]
    pub fn operator_cost(&self, operator: &Operator<'_>) -> u32 {
        self.kind_cost(operator.kind())
    }

    /// The same for every operator of a kind.
    #[inline]
    pub fn kind_cost(&self, kind: OperatorKind) -> u32 {
        self.price(kind.row().gas_class)
    }
}

/// The text format, such as `i32.load offset=4` or `call_indirect 1 (type 3)`.
impl fmt::Display for Operator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match *self {
            Operator::CallIndirect { type_index, table_index }
            | Operator::ReturnCallIndirect { type_index, table_index } => {
                show::CallTable(f, &table_index)?;
                write!(f, " (type {type_index})")
            }
            Operator::MemoryInit { data_index, mem } => {
                show::MemoryIndex(f, &mem)?;
                write!(f, " {data_index}")
            }
            Operator::MemoryCopy { dst_mem: 0, src_mem: 0 } => Ok(()),
            Operator::MemoryCopy { dst_mem, src_mem } => write!(f, " {dst_mem} {src_mem}"),
            Operator::TableInit { elem_index, table } => write!(f, " {table} {elem_index}"),
            _ => {
                self.show_immediates(f)?;
                match (self.memarg(), self.row().shape) {
                    (Some(memarg), Shape::Load { bytes, .. } | Shape::Store { bytes, .. })
                        if 1u64 << memarg.align != u64::from(bytes) =>
                    {
                        write!(f, " align={}", 1u64 << memarg.align)
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}
