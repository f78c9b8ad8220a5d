//! Loads, stores, and operators on whole memories.

use super::rules::{Form, Rule};
use super::{Operand, Result, Validator, WasmErrorKind};
use crate::wasm::error::Space;
use crate::wasm::{Operator, ValType};

impl Validator<'_> {
    /// The address type of a memory.
    fn address_type(&self, memory: u32) -> Result<Operand> {
        match self.context.module.memories.get(memory as usize) {
            Some(ty) if ty.index64 => Ok(Operand::new(ValType::I64)),
            Some(_) => Ok(Operand::I32),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Memory, index: memory })),
        }
    }

    /// A load or store.
    #[inline]
    pub(super) fn access(&mut self, rule: &Rule, operator: &Operator<'_>) -> Result<()> {
        let Some(memarg) = operator.memarg() else {
            return Err(self.error(WasmErrorKind::MalformedMemopFlags));
        };
        let address = self.address_type(memarg.memory)?;
        if memarg.align > rule.natural_align {
            return Err(self.error(WasmErrorKind::AlignmentTooLarge));
        }
        match rule.form {
            Form::Store => {
                self.pop(rule.params[0])?;
                self.pop(address)
            }
            _ => {
                self.pop(address)?;
                self.push(rule.result)
            }
        }
    }

    pub(super) fn memory_size(&mut self, memory: u32) -> Result<()> {
        let address = self.address_type(memory)?;
        self.push(address)
    }

    pub(super) fn memory_grow(&mut self, memory: u32) -> Result<()> {
        let address = self.address_type(memory)?;
        self.pop(address)?;
        self.push(address)
    }

    pub(super) fn memory_init(&mut self, data: u32, memory: u32) -> Result<()> {
        let address = self.address_type(memory)?;
        self.data_segment(data)?;
        self.pop(Operand::I32)?;
        self.pop(Operand::I32)?;
        self.pop(address)
    }

    pub(super) fn memory_copy(&mut self, to: u32, from: u32) -> Result<()> {
        let to = self.address_type(to)?;
        let from = self.address_type(from)?;
        // The length is of the narrower of the two address types.
        self.pop(if from == Operand::I32 { from } else { to })?;
        self.pop(from)?;
        self.pop(to)
    }

    pub(super) fn memory_fill(&mut self, memory: u32) -> Result<()> {
        let address = self.address_type(memory)?;
        self.pop(address)?;
        self.pop(Operand::I32)?;
        self.pop(address)
    }

    pub(super) fn data_drop(&mut self, data: u32) -> Result<()> {
        self.data_segment(data)
    }

    /// Data segments follow the code: their number is known from the data count section alone.
    fn data_segment(&self, index: u32) -> Result<()> {
        match self.context.data_count {
            None => Err(self.error(WasmErrorKind::DataCountRequired)),
            Some(count) if index < count => Ok(()),
            Some(_) => Err(self.error(WasmErrorKind::Unknown { space: Space::Data, index })),
        }
    }
}
