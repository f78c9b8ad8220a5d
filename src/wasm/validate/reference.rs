//! References and tables.

use super::{Operand, Result, Validator, WasmErrorKind};
use crate::wasm::error::Space;
use crate::wasm::{HeapType, RefType, TableType, ValType};

impl Validator<'_> {
    /// The type of a table.
    pub(super) fn table(&self, index: u32) -> Result<TableType> {
        match self.context.module.tables.get(index as usize) {
            Some(table) => Ok(table.ty),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Table, index })),
        }
    }

    /// The type of a table's indices.
    pub(super) fn index_type(&self, table: TableType) -> Operand {
        match table.index64 {
            true => Operand::new(ValType::I64),
            false => Operand::I32,
        }
    }

    /// The type of an element segment's items.
    fn element_segment(&self, index: u32) -> Result<RefType> {
        match self.context.module.elements.get(index as usize) {
            Some(segment) => Ok(segment.ty),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Element, index })),
        }
    }

    /// Items of one type go where another is wanted.
    fn check_items(&self, expected: RefType, found: RefType) -> Result<()> {
        let [expected, found] = [expected, found].map(|ty| Operand::new(ValType::Ref(ty)));
        match found.matches(expected) {
            true => Ok(()),
            false => Err(self.mismatch(Some(expected), Some(found))),
        }
    }

    pub(super) fn ref_null(&mut self, heap: HeapType) -> Result<()> {
        self.push(Operand::new(ValType::Ref(RefType { nullable: true, heap })))
    }

    pub(super) fn ref_is_null(&mut self) -> Result<()> {
        let found = self.pop_any()?;
        if !found.is_ref() && found != Operand::UNKNOWN {
            return Err(self.mismatch(Some(Operand::new(ValType::FUNCREF)), Some(found)));
        }
        self.push(Operand::I32)
    }

    pub(super) fn ref_func(&mut self, function: u32) -> Result<()> {
        let index = function as usize;
        if index >= self.context.module.functions.len() {
            let kind = WasmErrorKind::Unknown { space: Space::Function, index: function };
            return Err(self.error(kind));
        }
        if self.constant {
            // A constant expression declares what it refers to.
            self.referenced = Some(function);
        } else if !self.context.declared.get(index).copied().unwrap_or(false) {
            return Err(self.error(WasmErrorKind::UndeclaredFunctionReference));
        }
        self.push(Operand::new(ValType::FUNCREF))
    }

    pub(super) fn table_get(&mut self, table: u32) -> Result<()> {
        let table = self.table(table)?;
        self.pop(self.index_type(table))?;
        self.push(Operand::new(ValType::Ref(table.element)))
    }

    pub(super) fn table_set(&mut self, table: u32) -> Result<()> {
        let table = self.table(table)?;
        self.pop(Operand::new(ValType::Ref(table.element)))?;
        self.pop(self.index_type(table))
    }

    pub(super) fn table_grow(&mut self, table: u32) -> Result<()> {
        let table = self.table(table)?;
        let index = self.index_type(table);
        self.pop(index)?;
        self.pop(Operand::new(ValType::Ref(table.element)))?;
        self.push(index)
    }

    pub(super) fn table_size(&mut self, table: u32) -> Result<()> {
        let table = self.table(table)?;
        self.push(self.index_type(table))
    }

    pub(super) fn table_fill(&mut self, table: u32) -> Result<()> {
        let table = self.table(table)?;
        let index = self.index_type(table);
        self.pop(index)?;
        self.pop(Operand::new(ValType::Ref(table.element)))?;
        self.pop(index)
    }

    pub(super) fn table_init(&mut self, segment: u32, table: u32) -> Result<()> {
        let table = self.table(table)?;
        let items = self.element_segment(segment)?;
        self.check_items(table.element, items)?;
        self.pop(Operand::I32)?;
        self.pop(Operand::I32)?;
        self.pop(self.index_type(table))
    }

    pub(super) fn table_copy(&mut self, to: u32, from: u32) -> Result<()> {
        let from = self.table(from)?;
        let to = self.table(to)?;
        self.check_items(to.element, from.element)?;
        let (to, from) = (self.index_type(to), self.index_type(from));
        // The length is of the narrower of the two index types.
        self.pop(if from == Operand::I32 { from } else { to })?;
        self.pop(from)?;
        self.pop(to)
    }

    pub(super) fn elem_drop(&mut self, segment: u32) -> Result<()> {
        self.element_segment(segment).map(drop)
    }
}
