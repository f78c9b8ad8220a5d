//! The validated module: what the binary declares, index spaces resolved, bodies kept as byte
//! ranges.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use super::types::{FuncType, GlobalType, MemoryType, RefType, TableType, ValType};
use super::{Features, Operator, SectionId, WasmError};

/// A parsed and validated module. Independent of any engine.
#[derive(Clone, Debug)]
pub struct Module {
    pub(super) bytes: Arc<[u8]>,
    pub(super) features: Features,
    pub(super) types: Vec<FuncType>,
    pub(super) imports: Vec<Import>,
    pub(super) functions: Vec<Function>,
    pub(super) imported_functions: u32,
    pub(super) tables: Vec<Table>,
    pub(super) imported_tables: u32,
    pub(super) memories: Vec<MemoryType>,
    pub(super) imported_memories: u32,
    pub(super) globals: Vec<Global>,
    pub(super) imported_globals: u32,
    pub(super) exports: Vec<Export>,
    /// Indices of the exports, ordered by name.
    pub(super) exports_by_name: Vec<u32>,
    pub(super) start: Option<u32>,
    pub(super) elements: Vec<ElementSegment>,
    pub(super) data: Vec<DataSegment>,
    pub(super) customs: Vec<CustomSection>,
    pub(super) used: Features,
}

/// An import, in order of appearance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Module name.
    pub module: Box<str>,
    /// Field name.
    pub name: Box<str>,
    /// What is imported.
    pub kind: ImportKind,
    /// Byte offset of the entry, for errors at link time.
    pub offset: u32,
}

/// What an import asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// A function of the type with this index.
    Function(u32),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
}

/// A function, imported or defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Index of its type.
    pub type_index: u32,
    /// Byte range of its body in the module (locals and expression, without the size prefix); empty
    /// for an import.
    pub body: Range<u32>,
}

/// A table, imported or defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its type.
    pub ty: TableType,
    /// Initial value of the elements; `None` is null.
    pub init: Option<ConstExpr>,
}

/// A global, imported or defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Global {
    /// Its type.
    pub ty: GlobalType,
    /// Initial value; `None` for an import.
    pub init: Option<ConstExpr>,
}

/// A constant expression, kept as the byte range of its operators, the final `end` included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstExpr {
    /// Byte range in the module.
    pub range: Range<u32>,
}

/// An export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: Box<str>,
    /// What it exports.
    pub index: ExternIndex,
}

/// An index into one of the four index spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExternIndex {
    /// Function index.
    Function(u32),
    /// Table index.
    Table(u32),
    /// Memory index.
    Memory(u32),
    /// Global index.
    Global(u32),
}

/// An element segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementSegment {
    /// When and where it is applied.
    pub mode: ElementMode,
    /// Type of its items.
    pub ty: RefType,
    /// Its items.
    pub items: ElementItems,
    /// Byte offset of the segment, for errors at instantiation.
    pub offset: u32,
}

/// When an element segment is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ElementMode {
    /// Copied into `table` at `offset` by instantiation, then dropped.
    Active {
        /// Table index.
        table: u32,
        /// First element, a constant expression.
        offset: ConstExpr,
    },
    /// Used by `table.init`.
    Passive,
    /// Only declares functions that `ref.func` may name.
    Declared,
}

/// Items of an element segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ElementItems {
    /// Function indices.
    Functions(Box<[u32]>),
    /// Constant expressions.
    Expressions(Box<[ConstExpr]>),
}

/// A data segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSegment {
    /// When and where it is applied.
    pub mode: DataMode,
    /// Byte range of its contents in the module.
    pub range: Range<u32>,
    /// Byte offset of the segment, for errors at instantiation.
    pub offset: u32,
}

/// When a data segment is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataMode {
    /// Copied into `memory` at `offset` by instantiation, then dropped.
    Active {
        /// Memory index.
        memory: u32,
        /// First byte, a constant expression.
        offset: ConstExpr,
    },
    /// Used by `memory.init`.
    Passive,
}

/// A custom section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomSection {
    /// Its name.
    pub name: Box<str>,
    /// Byte range of its contents (after the name) in the module.
    pub range: Range<u32>,
}

/// A section as it lies in the binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Which section.
    pub id: SectionId,
    /// Byte range of its contents, without number and size.
    pub range: Range<u32>,
}

impl Module {
    /// The bytes that the module was decoded from.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The features that were admitted when the module was validated.
    pub fn features(&self) -> Features {
        self.features
    }

    /// The features that the module makes use of.
    pub fn features_used(&self) -> Features {
        self.used
    }

    /// The types of the type section.
    pub fn types(&self) -> &[FuncType] {
        &self.types
    }

    /// The type of a function.
    ///
    /// # Panics
    ///
    /// If the module has no such function.
    #[inline]
    pub fn type_of(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize].type_index as usize]
    }

    /// The imports, in order.
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// The functions, imported ones first.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Number of imported functions, which is also the index of the first defined one.
    pub fn imported_function_count(&self) -> u32 {
        self.imported_functions
    }

    /// The tables, imported ones first.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Number of imported tables.
    pub fn imported_table_count(&self) -> u32 {
        self.imported_tables
    }

    /// The memories, imported ones first.
    pub fn memories(&self) -> &[MemoryType] {
        &self.memories
    }

    /// Number of imported memories.
    pub fn imported_memory_count(&self) -> u32 {
        self.imported_memories
    }

    /// The globals, imported ones first.
    pub fn globals(&self) -> &[Global] {
        &self.globals
    }

    /// Number of imported globals.
    pub fn imported_global_count(&self) -> u32 {
        self.imported_globals
    }

    /// The exports, in order.
    pub fn exports(&self) -> &[Export] {
        &self.exports
    }

    /// The export of this name.
    pub fn export(&self, name: &str) -> Option<ExternIndex> {
        let named = |&index: &u32| (*self.exports[index as usize].name).cmp(name);
        let found = self.exports_by_name.binary_search_by(named).ok()?;
        Some(self.exports[self.exports_by_name[found] as usize].index)
    }

    /// The start function.
    pub fn start(&self) -> Option<u32> {
        self.start
    }

    /// The element segments, in order.
    pub fn element_segments(&self) -> &[ElementSegment] {
        &self.elements
    }

    /// The data segments, in order.
    pub fn data_segments(&self) -> &[DataSegment] {
        &self.data
    }

    /// The contents of a data segment of this module.
    pub fn data_bytes(&self, segment: &DataSegment) -> &[u8] {
        &self.bytes[segment.range.start as usize..segment.range.end as usize]
    }

    /// The custom sections, in order.
    pub fn custom_sections(&self) -> &[CustomSection] {
        &self.customs
    }
}

/// What receives the operators of function bodies as they pass validation: the translator, a
/// counter, a printer.
///
/// One pass: each operator is decoded, validated, then handed over. Order per body: `begin`,
/// `operator` for each operator (unreachable ones and the final `end` included), `finish`. A sink
/// may refuse a body: its error ends decoding.
pub trait CodeSink {
    /// The body of `function` (index in the function index space) begins. `locals` are its declared
    /// locals in order, as runs of equal type, parameters not included. `module` has every section
    /// that precedes the code section.
    fn begin(
        &mut self,
        module: &Module,
        function: u32,
        locals: &[(u32, ValType)],
    ) -> Result<(), WasmError>;

    /// `operator`, which begins at byte `offset` of the module, has passed validation.
    fn operator(
        &mut self,
        module: &Module,
        operator: &Operator<'_>,
        offset: u32,
    ) -> Result<(), WasmError>;

    /// The body has ended.
    fn finish(&mut self, module: &Module) -> Result<(), WasmError>;
}

/// The sink that wants nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct NoSink;

impl CodeSink for NoSink {
    #[inline]
    fn begin(&mut self, _: &Module, _: u32, _: &[(u32, ValType)]) -> Result<(), WasmError> {
        Ok(())
    }

    #[inline]
    fn operator(&mut self, _: &Module, _: &Operator<'_>, _: u32) -> Result<(), WasmError> {
        Ok(())
    }

    #[inline]
    fn finish(&mut self, _: &Module) -> Result<(), WasmError> {
        Ok(())
    }
}
