//! Locals and globals.

use alloc::vec::Vec;

use super::{Operand, Reader, Result, Validator, WasmErrorKind, check_limit, read_value_type};
use crate::Limits;
use crate::wasm::error::Space;
use crate::wasm::{GlobalType, ValType, WasmError};

/// Locals up to this index are found by index, those above by binary search: a declaration of a few
/// bytes may stand for thousands of locals, and writing each of them out would cost more than its
/// bytes account for.
const EXPANDED: usize = 64;

/// The types of parameters and locals of a function.
#[derive(Default)]
pub(super) struct Locals {
    /// The first ones, written out.
    first: Vec<Operand>,
    /// All of them: type and end of each run.
    runs: Vec<(u32, Operand)>,
}

impl Locals {
    fn clear(&mut self) {
        self.first.clear();
        self.runs.clear();
    }

    fn len(&self) -> u32 {
        self.runs.last().map_or(0, |&(end, _)| end)
    }

    /// Appends locals; their number in all has been checked.
    fn push(&mut self, count: u32, ty: ValType) {
        let ty = Operand::new(ty);
        let room = EXPANDED - self.first.len();
        super::count_steps(1 + room.min(count as usize));
        self.first.extend(core::iter::repeat_n(ty, room.min(count as usize)));
        self.runs.push((self.len() + count, ty));
    }

    #[inline(always)]
    fn get(&self, index: u32) -> Option<Operand> {
        match self.first.get(index as usize) {
            Some(&ty) => Some(ty),
            None => self.search(index),
        }
    }

    #[inline(never)]
    fn search(&self, index: u32) -> Option<Operand> {
        let run = self.runs.partition_point(|&(end, _)| {
            super::count_steps(1);
            end <= index
        });
        self.runs.get(run).map(|&(_, ty)| ty)
    }
}

impl Validator<'_> {
    /// Reads the declared locals of a function into `buffers.runs` and, with the parameters, into
    /// `buffers.locals`.
    pub(super) fn locals(&mut self, reader: &mut Reader<'_>, function: u32) -> Result<()> {
        let params = self.context.module.type_of(function).params();
        let limit = self.context.limits.function_slots.min(Limits::MAX_FUNCTION_SLOTS);
        self.buffers.runs.clear();
        self.buffers.locals.clear();
        self.offset = reader.offset();
        check_limit("function_slots", params.len() as u64, limit.into(), self.offset)?;
        for &ty in params {
            self.buffers.locals.push(1, ty);
        }
        let mut slots = params.iter().map(|ty| u64::from(ty.slots())).sum::<u64>();
        let mut declared = 0u64;
        for _ in 0..reader.count("function_slots", u32::MAX, 2)? {
            let offset = reader.offset();
            let count = reader.u32()?;
            let ty = read_value_type(reader)?;
            declared += u64::from(count);
            if declared > u64::from(u32::MAX) {
                return Err(WasmError::new(WasmErrorKind::TooManyLocals, offset));
            }
            slots += u64::from(count) * u64::from(ty.slots());
            // The sum is checked to its end before the limit is: too many locals are malformed
            // whatever the limit.
            if slots <= u64::from(limit) {
                self.buffers.runs.push((count, ty));
                self.buffers.locals.push(count, ty);
            }
        }
        check_limit("function_slots", slots, limit.into(), self.offset)?;
        self.max_height = (u64::from(limit) - slots) as usize;
        Ok(())
    }

    #[inline(always)]
    fn local(&self, index: u32) -> Result<Operand> {
        match self.buffers.locals.get(index) {
            Some(ty) => Ok(ty),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Local, index })),
        }
    }

    #[inline(always)]
    pub(super) fn local_get(&mut self, index: u32) -> Result<()> {
        let ty = self.local(index)?;
        self.push(ty)
    }

    #[inline(always)]
    pub(super) fn local_set(&mut self, index: u32) -> Result<()> {
        let ty = self.local(index)?;
        self.pop(ty)
    }

    #[inline(always)]
    pub(super) fn local_tee(&mut self, index: u32) -> Result<()> {
        let ty = self.local(index)?;
        self.pop(ty)?;
        self.push(ty)
    }

    fn global(&self, index: u32) -> Result<GlobalType> {
        match self.context.module.globals.get(index as usize) {
            Some(global) => Ok(global.ty),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Global, index })),
        }
    }

    pub(super) fn global_get(&mut self, index: u32) -> Result<()> {
        let ty = self.global(index)?;
        // A constant expression may read what is known before the module's own globals are.
        if self.constant && (ty.mutable || index >= self.context.module.imported_globals) {
            return Err(self.error(WasmErrorKind::ConstantExpressionRequired));
        }
        self.push(Operand::new(ty.content))
    }

    pub(super) fn global_set(&mut self, index: u32) -> Result<()> {
        let ty = self.global(index)?;
        if !ty.mutable {
            return Err(self.error(WasmErrorKind::ImmutableGlobal));
        }
        self.pop(Operand::new(ty.content))
    }
}
