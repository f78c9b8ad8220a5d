//! Sections that declare: types, imports, functions, tables, memories, globals, exports, start.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{Decoder, Features, Reader, Result, WasmError, WasmErrorKind, check_limit};
use crate::wasm::error::Space;
use crate::wasm::types::{read_ref_type, read_value_type};
use crate::wasm::{
    Export, ExternIndex, FuncType, Function, Global, GlobalType, Import, ImportKind, MemoryType,
    Table, TableType, ValType,
};

/// Pages that a 32-bit memory can have.
const MAX_PAGES: u64 = 65_536;

impl Decoder<'_> {
    pub(super) fn types(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let mut params = Vec::new();
        let mut results = Vec::new();
        let count = part.count("types", self.limits.types, 3)?;
        self.module.types.reserve_exact(count as usize);
        for _ in 0..count {
            let offset = part.offset();
            match part.byte()? {
                0x60 => {}
                byte => return Err(WasmError::new(WasmErrorKind::MalformedType(byte), offset)),
            }
            value_types(part, &mut params, "params", self.limits.params)?;
            let offset = part.offset();
            value_types(part, &mut results, "results", self.limits.results)?;
            if results.len() > 1 {
                part.require(Features::MULTI_VALUE, offset)?;
            }
            self.module.types.push(FuncType::new(&params, &results));
        }
        Ok(())
    }

    pub(super) fn imports(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let count = part.count("imports", self.limits.imports, 4)?;
        self.module.imports.reserve_exact(count as usize);
        for _ in 0..count {
            let offset = part.offset();
            let module = part.name(self.limits)?.into();
            let name = part.name(self.limits)?.into();
            let kind = self.import_kind(part)?;
            self.module.imports.push(Import { module, name, kind, offset });
        }
        Ok(())
    }

    fn import_kind(&mut self, part: &mut Reader<'_>) -> Result<ImportKind> {
        let offset = part.offset();
        Ok(match part.byte()? {
            0 => {
                let type_index = self.type_index(part)?;
                self.add_function(type_index, offset)?;
                self.module.imported_functions += 1;
                ImportKind::Function(type_index)
            }
            1 => {
                let ty = self.table_type(part)?;
                self.add_table(ty, offset)?;
                self.module.imported_tables += 1;
                ImportKind::Table(ty)
            }
            2 => {
                let ty = self.memory_type(part)?;
                self.add_memory(ty, offset)?;
                self.module.imported_memories += 1;
                ImportKind::Memory(ty)
            }
            3 => {
                let ty = global_type(part)?;
                if ty.mutable {
                    part.require(Features::MUTABLE_GLOBALS, offset)?;
                }
                self.add_global(Global { ty, init: None }, offset)?;
                self.module.imported_globals += 1;
                ImportKind::Global(ty)
            }
            _ => return Err(WasmError::new(WasmErrorKind::MalformedImportKind, offset)),
        })
    }

    pub(super) fn functions(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let count = part.count("functions", self.limits.functions, 1)?;
        self.module.functions.reserve_exact(count as usize);
        for _ in 0..count {
            let offset = part.offset();
            let type_index = self.type_index(part)?;
            self.add_function(type_index, offset)?;
        }
        Ok(())
    }

    pub(super) fn tables(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let count = part.count("tables", self.limits.tables, 3)?;
        self.module.tables.reserve_exact(count as usize);
        for _ in 0..count {
            let offset = part.offset();
            let ty = self.table_type(part)?;
            self.add_table(ty, offset)?;
        }
        Ok(())
    }

    pub(super) fn memories(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let count = part.count("memories", self.limits.memories, 2)?;
        self.module.memories.reserve_exact(count as usize);
        for _ in 0..count {
            let offset = part.offset();
            let ty = self.memory_type(part)?;
            self.add_memory(ty, offset)?;
        }
        Ok(())
    }

    pub(super) fn globals(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let count = part.count("globals", self.limits.globals, 3)?;
        self.module.globals.reserve_exact(count as usize);
        for _ in 0..count {
            let offset = part.offset();
            let ty = global_type(part)?;
            let init = Some(self.const_expr(part, ty.content)?);
            self.add_global(Global { ty, init }, offset)?;
        }
        Ok(())
    }

    pub(super) fn exports(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let mut names = BTreeMap::new();
        let count = part.count("exports", self.limits.exports, 3)?;
        self.module.exports.reserve_exact(count as usize);
        for number in 0..count {
            let offset = part.offset();
            let name = part.name(self.limits)?;
            if names.insert(name, number).is_some() {
                return Err(WasmError::new(WasmErrorKind::DuplicateExport, offset));
            }
            let index = self.export_index(part)?;
            self.module.exports.push(Export { name: name.into(), index });
        }
        self.module.exports_by_name = names.into_values().collect();
        Ok(())
    }

    fn export_index(&mut self, part: &mut Reader<'_>) -> Result<ExternIndex> {
        let offset = part.offset();
        let kind = part.byte()?;
        let index_offset = part.offset();
        let index = part.u32()?;
        let module = &self.module;
        let (space, count, export) = match kind {
            0 => (Space::Function, module.functions.len(), ExternIndex::Function(index)),
            1 => (Space::Table, module.tables.len(), ExternIndex::Table(index)),
            2 => (Space::Memory, module.memories.len(), ExternIndex::Memory(index)),
            3 => (Space::Global, module.globals.len(), ExternIndex::Global(index)),
            _ => return Err(WasmError::new(WasmErrorKind::MalformedExportKind, offset)),
        };
        if index as usize >= count {
            return Err(WasmError::new(WasmErrorKind::Unknown { space, index }, index_offset));
        }
        match export {
            ExternIndex::Function(function) => self.declare(function),
            ExternIndex::Global(global) if module.globals[global as usize].ty.mutable => {
                part.require(Features::MUTABLE_GLOBALS, offset)?;
            }
            _ => {}
        }
        Ok(export)
    }

    pub(super) fn start(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let offset = part.offset();
        let index = self.function_index(part)?;
        let ty = self.module.type_of(index);
        if !ty.params().is_empty() || !ty.results().is_empty() {
            return Err(WasmError::new(WasmErrorKind::BadStartFunction, offset));
        }
        self.module.start = Some(index);
        Ok(())
    }

    fn type_index(&self, part: &mut Reader<'_>) -> Result<u32> {
        index(part, Space::Type, self.module.types.len())
    }

    pub(super) fn function_index(&self, part: &mut Reader<'_>) -> Result<u32> {
        index(part, Space::Function, self.module.functions.len())
    }

    fn add_function(&mut self, type_index: u32, offset: u32) -> Result<()> {
        self.module.functions.push(Function { type_index, body: 0..0 });
        let count = self.module.functions.len() as u64;
        check_limit("functions", count, self.limits.functions.into(), offset)
    }

    fn add_table(&mut self, ty: TableType, offset: u32) -> Result<()> {
        self.module.tables.push(Table { ty, init: None });
        let count = self.module.tables.len();
        if count > 1 {
            if !self.module.features.contains(Features::REFERENCE_TYPES) {
                return Err(WasmError::new(WasmErrorKind::MultipleTables, offset));
            }
            self.module.used = self.module.used.with(Features::REFERENCE_TYPES);
        }
        check_limit("tables", count as u64, self.limits.tables.into(), offset)
    }

    fn add_memory(&mut self, ty: MemoryType, offset: u32) -> Result<()> {
        self.module.memories.push(ty);
        let count = self.module.memories.len();
        if count > 1 {
            return Err(WasmError::new(WasmErrorKind::MultipleMemories, offset));
        }
        check_limit("memories", count as u64, self.limits.memories.into(), offset)
    }

    fn add_global(&mut self, global: Global, offset: u32) -> Result<()> {
        self.module.globals.push(global);
        let count = self.module.globals.len() as u64;
        check_limit("globals", count, self.limits.globals.into(), offset)
    }

    fn table_type(&self, part: &mut Reader<'_>) -> Result<TableType> {
        let element = read_ref_type(part)?;
        let offset = part.offset();
        let (min, max) = size_limits(part)?;
        check_limit("table_elements", min, self.limits.table_elements.into(), offset)?;
        Ok(TableType { element, min, max, index64: false })
    }

    fn memory_type(&self, part: &mut Reader<'_>) -> Result<MemoryType> {
        let offset = part.offset();
        let (min, max) = size_limits(part)?;
        if min > MAX_PAGES || max.is_some_and(|max| max > MAX_PAGES) {
            return Err(WasmError::new(WasmErrorKind::MemoryTooLarge, offset));
        }
        check_limit("memory_pages", min, self.limits.memory_pages.into(), offset)?;
        Ok(MemoryType { min, max, index64: false, shared: false })
    }
}

/// An index into a space with `count` members.
pub(super) fn index(part: &mut Reader<'_>, space: Space, count: usize) -> Result<u32> {
    let offset = part.offset();
    let index = part.u32()?;
    match (index as usize) < count {
        true => Ok(index),
        false => Err(WasmError::new(WasmErrorKind::Unknown { space, index }, offset)),
    }
}

/// A vector of value types, into a buffer that is cleared first.
fn value_types(
    part: &mut Reader<'_>,
    types: &mut Vec<ValType>,
    name: &'static str,
    limit: u32,
) -> Result<()> {
    types.clear();
    for _ in 0..part.count(name, limit, 1)? {
        types.push(read_value_type(part)?);
    }
    Ok(())
}

fn global_type(part: &mut Reader<'_>) -> Result<GlobalType> {
    let content = read_value_type(part)?;
    let offset = part.offset();
    let mutable = match part.byte()? {
        0 => false,
        1 => true,
        _ => return Err(WasmError::new(WasmErrorKind::MalformedMutability, offset)),
    };
    Ok(GlobalType { content, mutable })
}

/// The minimum and the optional maximum of a table or memory.
fn size_limits(part: &mut Reader<'_>) -> Result<(u64, Option<u64>)> {
    let offset = part.offset();
    let flags = part.byte()?;
    if flags > 1 {
        return Err(WasmError::new(WasmErrorKind::MalformedLimitsFlags, offset));
    }
    let min = part.u32()?;
    let max = match flags {
        1 => Some(part.u32()?),
        _ => None,
    };
    if max.is_some_and(|max| min > max) {
        return Err(WasmError::new(WasmErrorKind::MinimumAboveMaximum, offset));
    }
    Ok((min.into(), max.map(u64::from)))
}
