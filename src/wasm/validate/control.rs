//! Blocks, branches, `select`, and the control stack.

use super::{Operand, Result, Types, Validator, WasmErrorKind, check_limit};
use crate::wasm::error::Space;
use crate::wasm::{BlockType, BrTable, Features, ValType};

/// What kind of block an entry of the control stack is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ControlKind {
    /// A block, the second arm of an `if`, or the outermost block of a body.
    Block,
    /// A loop: branches go to its beginning.
    Loop,
    /// The first arm of an `if`.
    If,
}

/// An entry of the control stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    kind: ControlKind,
    ty: BlockType,
    /// Height of the operand stack below the block's parameters.
    height: u32,
    /// Whether the rest of the block cannot be reached; true of the innermost block is in
    /// `Validator::unreachable`.
    unreachable: bool,
    /// Offset of the last `br_table` that was checked against this block's label.
    checked_at: u32,
}

impl Control {
    /// The block that is a whole body or constant expression.
    pub(super) fn outermost(ty: BlockType) -> Control {
        Control { kind: ControlKind::Block, ty, height: 0, unreachable: false, checked_at: 0 }
    }
}

impl<'m> Validator<'m> {
    /// Enters a block whose parameters have been popped, and pushes them again.
    fn enter(&mut self, kind: ControlKind, ty: BlockType) -> Result<()> {
        let depth = self.buffers.controls.len() as u64;
        check_limit("nesting", depth, self.context.limits.nesting.into(), self.offset)?;
        if let Some(parent) = self.buffers.controls.last_mut() {
            parent.unreachable = self.unreachable;
        }
        self.height = self.buffers.operands.len();
        self.unreachable = false;
        self.buffers.controls.push(Control {
            kind,
            ty,
            height: self.height as u32,
            unreachable: false,
            checked_at: 0,
        });
        self.push_all(self.block_types(ty).0)
    }

    /// Leaves the innermost block: its results are popped, and nothing may be left above its
    /// height.
    fn leave(&mut self) -> Result<Control> {
        let Some(&control) = self.buffers.controls.last() else {
            return Err(self.error(WasmErrorKind::EndExpected));
        };
        self.pop_all(self.block_types(control.ty).1)?;
        if self.buffers.operands.len() != self.height {
            let left = self.buffers.operands.last().copied();
            return Err(self.mismatch(None, left));
        }
        self.buffers.controls.pop();
        if let Some(parent) = self.buffers.controls.last() {
            self.height = parent.height as usize;
            self.unreachable = parent.unreachable;
        }
        Ok(control)
    }

    /// Checks a block type and pops the condition or parameters that precede the block.
    fn block_type(&mut self, ty: BlockType) -> Result<()> {
        if let BlockType::Type(index) = ty {
            self.features.require(Features::MULTI_VALUE, self.offset)?;
            self.used = self.used.with(Features::MULTI_VALUE);
            self.function_type(index)?;
        }
        Ok(())
    }

    pub(super) fn block(&mut self, ty: BlockType) -> Result<()> {
        self.block_type(ty)?;
        self.pop_all(self.block_types(ty).0)?;
        self.enter(ControlKind::Block, ty)
    }

    pub(super) fn loop_(&mut self, ty: BlockType) -> Result<()> {
        self.block_type(ty)?;
        self.pop_all(self.block_types(ty).0)?;
        self.enter(ControlKind::Loop, ty)
    }

    pub(super) fn if_(&mut self, ty: BlockType) -> Result<()> {
        self.block_type(ty)?;
        self.pop(Operand::I32)?;
        self.pop_all(self.block_types(ty).0)?;
        self.enter(ControlKind::If, ty)
    }

    pub(super) fn else_(&mut self) -> Result<()> {
        if !self.buffers.controls.last().is_some_and(|control| control.kind == ControlKind::If) {
            return Err(self.error(WasmErrorKind::MisplacedElse));
        }
        let control = self.leave()?;
        self.enter(ControlKind::Block, control.ty)
    }

    pub(super) fn end(&mut self) -> Result<()> {
        let control = self.leave()?;
        let (params, results) = self.block_types(control.ty);
        // An `if` without `else` passes its parameters on as its results.
        if control.kind == ControlKind::If && params != results {
            let at = params.iter().zip(results.iter()).position(|(p, r)| p != r);
            let at = at.unwrap_or(params.len().min(results.len()));
            return Err(self.mismatch(results.iter().nth(at), params.iter().nth(at)));
        }
        match self.buffers.controls.is_empty() {
            true => Ok(()),
            false => self.push_all(results),
        }
    }

    pub(super) fn unreachable(&mut self) -> Result<()> {
        self.buffers.operands.truncate(self.height);
        self.unreachable = true;
        Ok(())
    }

    /// The types that a branch to this label carries.
    fn label(&self, depth: u32) -> Result<Types<'m>> {
        let controls = &self.buffers.controls;
        match controls.len().checked_sub(depth as usize + 1) {
            Some(index) => Ok(self.label_types(controls[index])),
            None => Err(self.error(WasmErrorKind::Unknown { space: Space::Label, index: depth })),
        }
    }

    fn label_types(&self, control: Control) -> Types<'m> {
        let (params, results) = self.block_types(control.ty);
        match control.kind {
            ControlKind::Loop => params,
            _ => results,
        }
    }

    pub(super) fn br(&mut self, depth: u32) -> Result<()> {
        let types = self.label(depth)?;
        self.pop_all(types)?;
        self.unreachable()
    }

    pub(super) fn br_if(&mut self, depth: u32) -> Result<()> {
        self.pop(Operand::I32)?;
        let types = self.label(depth)?;
        self.pop_all(types)?;
        self.push_all(types)
    }

    pub(super) fn br_table(&mut self, targets: &BrTable<'_>) -> Result<()> {
        let labels = u64::from(targets.len()) + 1;
        let limit = self.context.limits.br_table_labels.into();
        check_limit("br_table_labels", labels, limit, self.offset)?;
        self.pop(Operand::I32)?;
        let arity = self.label(targets.default())?.len();
        for depth in targets.targets_and_default() {
            let types = self.label(depth)?;
            // A label that occurs again is not checked again, so that a table costs labels +
            // distinct labels × arity.
            let index = self.buffers.controls.len() - 1 - depth as usize;
            let checked_at = &mut self.buffers.controls[index].checked_at;
            if core::mem::replace(checked_at, self.offset) == self.offset {
                continue;
            }
            if types.len() != arity {
                return Err(self.error(WasmErrorKind::InvalidResultArity));
            }
            self.peek_all(types)?;
        }
        self.unreachable()
    }

    pub(super) fn return_(&mut self) -> Result<()> {
        let types = self.function_results();
        self.pop_all(types)?;
        self.unreachable()
    }

    /// The results of the function at hand.
    pub(super) fn function_results(&self) -> Types<'m> {
        match self.buffers.controls.first() {
            Some(control) => self.block_types(control.ty).1,
            None => Types::NONE,
        }
    }

    pub(super) fn select(&mut self) -> Result<()> {
        self.pop(Operand::I32)?;
        let second = self.pop_any()?;
        let first = self.pop_any()?;
        if first.is_ref() || second.is_ref() {
            return Err(self.error(WasmErrorKind::UntypedSelect));
        }
        match (first, second) {
            (Operand::UNKNOWN, other) | (other, Operand::UNKNOWN) => self.push(other),
            _ if first == second => self.push(first),
            _ => Err(self.mismatch(Some(first), Some(second))),
        }
    }

    pub(super) fn typed_select(&mut self, ty: ValType) -> Result<()> {
        let ty = Operand::new(ty);
        self.pop(Operand::I32)?;
        self.pop(ty)?;
        self.pop(ty)?;
        self.push(ty)
    }
}
