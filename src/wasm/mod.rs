//! Floor 1: bytes → validated [`Module`].
//!
//! An own parser and validator, one pass over the binary, limits first, iterative, with the byte
//! offset in every error.

mod body;
mod error;
mod features;
mod module;
mod names;
mod operators;
mod reader;
mod sections;
#[cfg(test)]
mod tests;
mod types;
mod validate;

pub use body::{Locals, Operators};
pub use error::{ErrorClass, SectionId, Space, WasmError, WasmErrorKind};
pub use features::Features;
pub use module::{
    CodeSink, ConstExpr, CustomSection, DataMode, DataSegment, ElementItems, ElementMode,
    ElementSegment, Export, ExternIndex, Function, Global, Import, ImportKind, Module, NoSink,
    Section, Table,
};
pub use operators::immediates;
pub use operators::{BlockType, BrTable, MemArg, Operator, OperatorKind, OperatorRow, Shape};
pub use types::{FuncType, GlobalType, HeapType, MemoryType, RefType, TableType, ValType};
