//! Floor 1: bytes → validated [`Module`].
//!
//! An own parser and validator, one pass over the binary, limits first, iterative, with the byte offset in every error.

mod features;
mod module;
mod types;

pub use features::Features;
pub use module::{
    CodeSink, ConstExpr, CustomSection, DataMode, DataSegment, ElementItems, ElementMode,
    ElementSegment, Export, ExternIndex, Function, Global, Import, ImportKind, Module, Table,
};
pub use types::{FuncType, GlobalType, HeapType, MemoryType, RefType, TableType, ValType};
