//! Element segments, the data count, data segments.

use alloc::vec::Vec;

use super::declarations::index;
use super::{Decoder, Features, Reader, Result, WasmError, WasmErrorKind};
use crate::wasm::error::Space;
use crate::wasm::types::read_ref_type;
use crate::wasm::{
    DataMode, DataSegment, ElementItems, ElementMode, ElementSegment, RefType, ValType,
};

impl Decoder<'_> {
    pub(super) fn elements(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let count = part.count("element_segments", self.limits.element_segments, 3)?;
        self.module.elements.reserve_exact(count as usize);
        for _ in 0..count {
            let segment = self.element_segment(part)?;
            self.module.elements.push(segment);
        }
        Ok(())
    }

    /// Bit 0 of the flags: not active. Bit 1: an explicit table, or declared. Bit 2: items are
    /// expressions.
    fn element_segment(&mut self, part: &mut Reader<'_>) -> Result<ElementSegment> {
        let offset = part.offset();
        let flags = part.u32()?;
        if flags > 7 {
            return Err(WasmError::new(WasmErrorKind::MalformedSegmentFlags, offset));
        }
        let expressions = flags & 4 != 0;
        let mut table_offset = part.offset();
        let mode = match flags & 3 {
            0 | 2 => {
                let table = match flags & 2 {
                    0 => self.implied_table(offset)?,
                    _ => {
                        table_offset = part.offset();
                        index(part, Space::Table, self.module.tables.len())?
                    }
                };
                ElementMode::Active { table, offset: self.const_expr(part, ValType::I32)? }
            }
            1 => ElementMode::Passive,
            _ => ElementMode::Declared,
        };
        if !matches!(mode, ElementMode::Active { .. }) {
            part.require(Features::BULK_MEMORY, offset)?;
        }
        if expressions {
            part.require(Features::REFERENCE_TYPES, offset)?;
        }
        let ty = match (flags & 3, expressions) {
            (0, _) => RefType::FUNC,
            (_, true) => read_ref_type(part)?,
            (_, false) => element_kind(part)?,
        };
        if let ElementMode::Active { table, .. } = &mode {
            let expected = self.module.tables[*table as usize].ty.element;
            if ty != expected {
                let kind = WasmErrorKind::TypeMismatch {
                    expected: Some(ValType::Ref(expected)),
                    found: Some(ValType::Ref(ty)),
                };
                return Err(WasmError::new(kind, table_offset));
            }
        }
        let items = match expressions {
            true => self.element_expressions(part, ty)?,
            false => self.element_functions(part)?,
        };
        Ok(ElementSegment { mode, ty, items, offset })
    }

    fn implied_table(&self, offset: u32) -> Result<u32> {
        match self.module.tables.is_empty() {
            false => Ok(0),
            true => {
                let kind = WasmErrorKind::Unknown { space: Space::Table, index: 0 };
                Err(WasmError::new(kind, offset))
            }
        }
    }

    fn element_functions(&mut self, part: &mut Reader<'_>) -> Result<ElementItems> {
        let count = part.count("element_items", self.limits.element_items, 1)?;
        let mut functions = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let function = self.function_index(part)?;
            self.declare(function);
            functions.push(function);
        }
        Ok(ElementItems::Functions(functions.into_boxed_slice()))
    }

    fn element_expressions(&mut self, part: &mut Reader<'_>, ty: RefType) -> Result<ElementItems> {
        let count = part.count("element_items", self.limits.element_items, 1)?;
        let mut expressions = Vec::with_capacity(count as usize);
        for _ in 0..count {
            expressions.push(self.const_expr(part, ValType::Ref(ty))?);
        }
        Ok(ElementItems::Expressions(expressions.into_boxed_slice()))
    }

    pub(super) fn data_count(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let offset = part.offset();
        part.require(Features::BULK_MEMORY, offset)?;
        let count = part.u32()?;
        super::check_limit(
            "data_segments",
            count.into(),
            self.limits.data_segments.into(),
            offset,
        )?;
        self.data_count = Some(count);
        Ok(())
    }

    pub(super) fn data(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let offset = part.offset();
        let count = part.count("data_segments", self.limits.data_segments, 2)?;
        if self.data_count.is_some_and(|announced| announced != count) {
            return Err(WasmError::new(WasmErrorKind::DataCountMismatch, offset));
        }
        self.module.data.reserve_exact(count as usize);
        for _ in 0..count {
            let segment = self.data_segment(part)?;
            self.module.data.push(segment);
        }
        Ok(())
    }

    fn data_segment(&mut self, part: &mut Reader<'_>) -> Result<DataSegment> {
        let offset = part.offset();
        let flags = part.u32()?;
        let mode = match flags {
            1 => {
                part.require(Features::BULK_MEMORY, offset)?;
                DataMode::Passive
            }
            0 | 2 => {
                let memory = match flags {
                    0 => 0,
                    _ => part.u32()?,
                };
                if memory as usize >= self.module.memories.len() {
                    let kind = WasmErrorKind::Unknown { space: Space::Memory, index: memory };
                    return Err(WasmError::new(kind, offset));
                }
                DataMode::Active { memory, offset: self.const_expr(part, ValType::I32)? }
            }
            _ => return Err(WasmError::new(WasmErrorKind::MalformedSegmentFlags, offset)),
        };
        let length = part.u32()?;
        let start = part.offset();
        part.take(length)?;
        Ok(DataSegment { mode, range: start..part.offset(), offset })
    }
}

/// The kind byte of a segment of function indices.
fn element_kind(part: &mut Reader<'_>) -> Result<RefType> {
    let offset = part.offset();
    match part.byte()? {
        0 => Ok(RefType::FUNC),
        _ => Err(WasmError::new(WasmErrorKind::MalformedElementKind, offset)),
    }
}
