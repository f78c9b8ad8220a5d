//! Loads, stores, and operators on whole memories.

use super::rules::{Form, Rule};
use super::{Operand, Result, Validator, WasmErrorKind};
use crate::wasm::error::Space;
use crate::wasm::{MemArg, ValType};

impl Validator<'_> {
    /// The address type of a memory.
    #[inline]
    fn address_type(&self, memory: u32) -> Result<Operand> {
        match self.context.module.memories.get(memory as usize) {
            Some(ty) if ty.index64 => Ok(Operand::new(ValType::I64)),
            Some(_) => Ok(Operand::I32),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Memory, index: memory })),
        }
    }

    /// A load or store. Expanded once per opcode, as plain operators are.
    #[inline(always)]
    pub(super) fn access(&mut self, rule: &Rule, memarg: &MemArg) -> Result<()> {
        match rule.form {
            Form::Store => self.store(memarg, rule.natural_align, rule.params[0]),
            _ => self.load(memarg, rule.natural_align, rule.result),
        }
    }

    #[inline(never)]
    fn load(&mut self, memarg: &MemArg, natural_align: u8, result: Operand) -> Result<()> {
        let address = self.address(memarg, natural_align)?;
        if let [.., top] = &mut self.buffers.operands[self.height..]
            && *top == address
        {
            *top = result;
            return Ok(());
        }
        self.pop(address)?;
        self.push(result)
    }

    #[inline(never)]
    fn store(&mut self, memarg: &MemArg, natural_align: u8, value: Operand) -> Result<()> {
        let address = self.address(memarg, natural_align)?;
        self.pop(value)?;
        self.pop(address)
    }

    /// The address type of an access, whose immediates are checked.
    #[inline(always)]
    fn address(&self, memarg: &MemArg, natural_align: u8) -> Result<Operand> {
        let address = self.address_type(memarg.memory)?;
        match memarg.align > natural_align {
            true => Err(self.error(WasmErrorKind::AlignmentTooLarge)),
            false => Ok(address),
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
