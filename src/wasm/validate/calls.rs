//! Calls and tail calls.

use super::{Operand, Result, Types, Validator, WasmErrorKind};
use crate::wasm::error::Space;
use crate::wasm::{FuncType, RefType, ValType};

impl<'m> Validator<'m> {
    /// The function type with this index.
    pub(super) fn function_type(&self, index: u32) -> Result<&'m FuncType> {
        let types = &self.context.module.types;
        types
            .get(index as usize)
            .ok_or_else(|| self.error(WasmErrorKind::Unknown { space: Space::Type, index }))
    }

    /// The type of the function with this index.
    fn callee(&self, index: u32) -> Result<&'m FuncType> {
        match self.context.module.functions.get(index as usize) {
            Some(function) => self.function_type(function.type_index),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Function, index })),
        }
    }

    pub(super) fn call(&mut self, function: u32) -> Result<()> {
        let ty = self.callee(function)?;
        self.pop_all(Types::Many(ty.params()))?;
        self.push_all(Types::Many(ty.results()))
    }

    /// Pops the index of an indirect call; gives the type that the callee must have.
    fn indirect(&mut self, type_index: u32, table: u32) -> Result<&'m FuncType> {
        let table = self.table(table)?;
        if table.element != RefType::FUNC {
            let expected = Operand::new(ValType::FUNCREF);
            let found = Operand::new(ValType::Ref(table.element));
            return Err(self.mismatch(Some(expected), Some(found)));
        }
        let ty = self.function_type(type_index)?;
        self.pop(self.index_type(table))?;
        Ok(ty)
    }

    pub(super) fn call_indirect(&mut self, type_index: u32, table: u32) -> Result<()> {
        let ty = self.indirect(type_index, table)?;
        self.pop_all(Types::Many(ty.params()))?;
        self.push_all(Types::Many(ty.results()))
    }

    pub(super) fn return_call(&mut self, function: u32) -> Result<()> {
        let ty = self.callee(function)?;
        self.tail(ty)
    }

    pub(super) fn return_call_indirect(&mut self, type_index: u32, table: u32) -> Result<()> {
        let ty = self.indirect(type_index, table)?;
        self.tail(ty)
    }

    /// A call whose results are those of the function at hand.
    fn tail(&mut self, ty: &FuncType) -> Result<()> {
        let expected = self.function_results();
        let found = Types::Many(ty.results());
        if expected != found {
            let differs = |(expected, found)| expected != found;
            let at = expected.iter().zip(found.iter()).position(differs);
            let at = at.unwrap_or(expected.len().min(found.len()));
            return Err(self.mismatch(expected.iter().nth(at), found.iter().nth(at)));
        }
        self.pop_all(Types::Many(ty.params()))?;
        self.unreachable()
    }
}
