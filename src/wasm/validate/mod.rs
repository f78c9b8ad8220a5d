//! Validation of function bodies and constant expressions (the algorithm of the specification's
//! appendix).
//!
//! Two stacks. The operand stack holds the types of the values that the code would have on its
//! stack; the control stack holds the blocks that enclose the operator at hand, each with the
//! height of the operand stack at its entry. After an operator that never falls through, the
//! operand stack is cut to that height and the block is marked unreachable: from there on, pops
//! below the height succeed with the unknown type, which matches any.
//!
//! ```text
//! operands   i32 i64 │ i32 f32        a `block` was entered at height 2
//! controls   function │ block
//! ```
//!
//! One room per subject, as in the translator and the interpreter: `control`, `numeric`, `memory`,
//! `variable`, `calls`, `reference`. Nothing recurses; all buffers are kept from function to
//! function.

mod calls;
mod control;
mod memory;
mod numeric;
mod operand;
mod reference;
mod rules;
mod variable;

use alloc::vec::Vec;
use core::ops::Range;

use super::error::WasmErrorKind;
use super::operators::OperatorVisitor;
use super::reader::{Reader, Result, check_limit};
use super::types::read_value_type;
use super::{
    BlockType, CodeSink, Features, MemArg, Module, Operator, OperatorKind, ValType, WasmError,
};
use crate::Limits;
use control::Control;
use operand::{Operand, Types};
use rules::{RULES, Rule};

/// What validation of a body refers to.
#[derive(Clone, Copy)]
pub(super) struct Context<'m> {
    pub(super) module: &'m Module,
    /// Per function: whether `ref.func` may refer to it.
    pub(super) declared: &'m [bool],
    pub(super) data_count: Option<u32>,
    pub(super) limits: &'m Limits,
}

/// The stacks and lists that are kept from function to function.
#[derive(Default)]
pub(super) struct Buffers {
    operands: Vec<Operand>,
    controls: Vec<Control>,
    /// The declared locals of the function at hand.
    runs: Vec<(u32, ValType)>,
    locals: variable::Locals,
}

/// Counts steps for the test that validation is linear; nothing outside of tests.
#[inline(always)]
fn count_steps(_steps: usize) {
    #[cfg(test)]
    super::tests::count_steps(_steps);
}

/// Validates bodies, one after the other.
pub(super) struct Validator<'m> {
    context: Context<'m>,
    features: Features,
    /// Height that the operand stack may not exceed.
    max_height: usize,
    /// Height of the operand stack at the entry of the innermost block, kept at hand.
    height: usize,
    /// Whether the code at hand cannot be reached, kept at hand.
    unreachable: bool,
    /// Whether a constant expression is being validated.
    constant: bool,
    /// The function that a constant expression refers to.
    referenced: Option<u32>,
    /// Byte offset of the operator at hand.
    offset: u32,
    used: Features,
    buffers: Buffers,
}

/// Validates an operator, then hands it to the sink.
struct Step<'v, 'm> {
    validator: &'v mut Validator<'m>,
    sink: &'v mut dyn CodeSink,
}

impl Step<'_, '_> {
    #[inline(always)]
    fn hand_over(&mut self, operator: &Operator<'_>, offset: u32) -> Result<()> {
        self.sink.operator(self.validator.context.module, operator, offset)
    }
}

impl<'a> OperatorVisitor<'a> for Step<'_, '_> {
    #[inline(always)]
    fn plain(&mut self, kind: OperatorKind, operator: &Operator<'a>, offset: u32) -> Result<()> {
        self.validator.plain_operator(kind, offset)?;
        self.hand_over(operator, offset)
    }

    #[inline(always)]
    fn access(
        &mut self,
        kind: OperatorKind,
        memarg: &MemArg,
        operator: &Operator<'a>,
        offset: u32,
    ) -> Result<()> {
        self.validator.access_operator(kind, memarg, offset)?;
        self.hand_over(operator, offset)
    }

    #[inline(always)]
    fn special(&mut self, kind: OperatorKind, operator: &Operator<'a>, offset: u32) -> Result<()> {
        self.validator.special_operator(kind, operator, offset)?;
        self.hand_over(operator, offset)
    }
}

/// Validates the operators of a constant expression.
struct ConstStep<'v, 'm> {
    validator: &'v mut Validator<'m>,
    count: u32,
}

impl ConstStep<'_, '_> {
    /// Refuses what a constant expression may not contain, and too much of what it may.
    fn check(&mut self, kind: OperatorKind, offset: u32) -> Result<()> {
        self.count += 1;
        let limit = self.validator.context.limits.const_operators.into();
        check_limit("const_operators", self.count.into(), limit, offset)?;
        self.validator.check_constant(kind, offset)
    }
}

impl<'a> OperatorVisitor<'a> for ConstStep<'_, '_> {
    #[inline(always)]
    fn plain(&mut self, kind: OperatorKind, _: &Operator<'a>, offset: u32) -> Result<()> {
        self.check(kind, offset)?;
        self.validator.plain_operator(kind, offset)
    }

    #[inline(always)]
    fn access(
        &mut self,
        kind: OperatorKind,
        _: &MemArg,
        _: &Operator<'a>,
        offset: u32,
    ) -> Result<()> {
        // No access is constant.
        self.check(kind, offset)
    }

    #[inline(always)]
    fn special(&mut self, kind: OperatorKind, operator: &Operator<'a>, offset: u32) -> Result<()> {
        self.check(kind, offset)?;
        self.validator.special_operator(kind, operator, offset)
    }
}

impl<'m> Validator<'m> {
    pub(super) fn new(context: Context<'m>, buffers: Buffers) -> Self {
        Validator {
            context,
            features: context.module.features,
            max_height: 0,
            height: 0,
            unreachable: false,
            constant: false,
            referenced: None,
            offset: 0,
            used: Features::NONE,
            buffers,
        }
    }

    /// Gives the buffers back, and the features that the validated code makes use of.
    pub(super) fn into_parts(self) -> (Buffers, Features) {
        (self.buffers, self.used)
    }

    /// Validates the body of a function and feeds it to `sink`.
    pub(super) fn body(&mut self, function: u32, sink: &mut dyn CodeSink) -> Result<()> {
        let module = self.context.module;
        let Range { start, end } = module.functions[function as usize].body;
        let mut reader = Reader::new(&module.bytes, start, end, self.features);
        self.locals(&mut reader, function)?;
        sink.begin(module, function, &self.buffers.runs)?;
        self.begin(BlockType::Type(module.functions[function as usize].type_index));
        let mut step = Step { validator: self, sink };
        while !step.validator.buffers.controls.is_empty() {
            Operator::decode_and_visit(&mut reader, &mut step)?;
        }
        if !reader.is_empty() {
            return Err(reader.error(WasmErrorKind::BodySizeMismatch));
        }
        self.used = self.used.with(reader.used());
        sink.finish(module)
    }

    /// Validates a constant expression; gives its extent, and the function that it refers to.
    pub(super) fn const_expr(
        &mut self,
        reader: &mut Reader<'_>,
        ty: ValType,
    ) -> Result<(Range<u32>, Option<u32>)> {
        let start = reader.offset();
        self.constant = true;
        self.max_height = usize::MAX;
        self.begin(BlockType::Value(ty));
        let mut step = ConstStep { validator: self, count: 0 };
        while !step.validator.buffers.controls.is_empty() {
            Operator::decode_and_visit(reader, &mut step)?;
        }
        Ok((start..reader.offset(), self.referenced))
    }

    /// Begins a body or constant expression: its outermost block has no parameters on the stack.
    fn begin(&mut self, ty: BlockType) {
        self.buffers.operands.clear();
        self.buffers.controls.clear();
        self.height = 0;
        self.unreachable = false;
        self.buffers.controls.push(Control::outermost(ty));
    }

    /// Refuses an operator that needs a feature which is not admitted. Gives its rule.
    #[inline(always)]
    fn enter_operator(&mut self, kind: OperatorKind, offset: u32) -> Result<&'static Rule> {
        self.offset = offset;
        let rule = &RULES[kind as usize];
        if !self.features.contains(rule.features) {
            self.features.require(rule.features, offset)?;
        }
        self.used = self.used.with(rule.features);
        Ok(rule)
    }

    #[inline(always)]
    fn plain_operator(&mut self, kind: OperatorKind, offset: u32) -> Result<()> {
        let rule = self.enter_operator(kind, offset)?;
        self.plain(rule)
    }

    #[inline(always)]
    fn access_operator(&mut self, kind: OperatorKind, memarg: &MemArg, offset: u32) -> Result<()> {
        let rule = self.enter_operator(kind, offset)?;
        self.access(rule, memarg)
    }

    /// Operators that the table leaves to a method of their own.
    #[inline(always)]
    fn special_operator(
        &mut self,
        kind: OperatorKind,
        operator: &Operator<'_>,
        offset: u32,
    ) -> Result<()> {
        self.enter_operator(kind, offset)?;
        match *operator {
            Operator::LocalGet { local_index } => self.local_get(local_index),
            Operator::LocalSet { local_index } => self.local_set(local_index),
            Operator::LocalTee { local_index } => self.local_tee(local_index),
            Operator::GlobalGet { global_index } => self.global_get(global_index),
            Operator::GlobalSet { global_index } => self.global_set(global_index),

            Operator::Nop {} => Ok(()),
            Operator::Unreachable {} => self.unreachable(),
            Operator::Block { blockty } => self.block(blockty),
            Operator::Loop { blockty } => self.loop_(blockty),
            Operator::If { blockty } => self.if_(blockty),
            Operator::Else {} => self.else_(),
            Operator::End {} => self.end(),
            Operator::Br { relative_depth } => self.br(relative_depth),
            Operator::BrIf { relative_depth } => self.br_if(relative_depth),
            Operator::BrTable { targets } => self.br_table(&targets),
            Operator::Return {} => self.return_(),
            Operator::Drop {} => self.pop_any().map(drop),
            Operator::Select {} => self.select(),
            Operator::TypedSelect { ty } => self.typed_select(ty),

            Operator::Call { function_index } => self.call(function_index),
            Operator::CallIndirect { type_index, table_index } => {
                self.call_indirect(type_index, table_index)
            }
            Operator::ReturnCall { function_index } => self.return_call(function_index),
            Operator::ReturnCallIndirect { type_index, table_index } => {
                self.return_call_indirect(type_index, table_index)
            }

            Operator::MemorySize { mem } => self.memory_size(mem),
            Operator::MemoryGrow { mem } => self.memory_grow(mem),
            Operator::MemoryInit { data_index, mem } => self.memory_init(data_index, mem),
            Operator::MemoryCopy { dst_mem, src_mem } => self.memory_copy(dst_mem, src_mem),
            Operator::MemoryFill { mem } => self.memory_fill(mem),
            Operator::DataDrop { data_index } => self.data_drop(data_index),

            Operator::RefNull { hty } => self.ref_null(hty),
            Operator::RefIsNull {} => self.ref_is_null(),
            Operator::RefFunc { function_index } => self.ref_func(function_index),
            Operator::TableGet { table } => self.table_get(table),
            Operator::TableSet { table } => self.table_set(table),
            Operator::TableGrow { table } => self.table_grow(table),
            Operator::TableSize { table } => self.table_size(table),
            Operator::TableFill { table } => self.table_fill(table),
            Operator::TableInit { elem_index, table } => self.table_init(elem_index, table),
            Operator::TableCopy { dst_table, src_table } => self.table_copy(dst_table, src_table),
            Operator::ElemDrop { elem_index } => self.elem_drop(elem_index),

            // A test sees every operator validated: none comes here.
            _ => Err(self.error(WasmErrorKind::IllegalOpcode(operator.row().code))),
        }
    }

    /// An error at the operator at hand.
    #[cold]
    fn error(&self, kind: WasmErrorKind) -> WasmError {
        WasmError::new(kind, self.offset)
    }

    /// Pushes a type.
    #[inline(always)]
    fn push(&mut self, operand: Operand) -> Result<()> {
        count_steps(1);
        if self.buffers.operands.len() >= self.max_height {
            return Err(self.too_high());
        }
        self.buffers.operands.push(operand);
        Ok(())
    }

    #[cold]
    fn too_high(&self) -> WasmError {
        let limit = self.context.limits.function_slots.min(Limits::MAX_FUNCTION_SLOTS).into();
        self.error(WasmErrorKind::Limit { name: "function_slots", limit })
    }

    /// Pops a type that must match `expected`.
    #[inline]
    fn pop(&mut self, expected: Operand) -> Result<()> {
        count_steps(1);
        let operands = &mut self.buffers.operands;
        match operands.last() {
            Some(&found) if found == expected && operands.len() > self.height => {
                operands.pop();
                Ok(())
            }
            _ => self.pop_slow(expected),
        }
    }

    #[inline(never)]
    fn pop_slow(&mut self, expected: Operand) -> Result<()> {
        if self.buffers.operands.len() == self.height && !self.unreachable {
            return Err(self.mismatch(Some(expected), None));
        }
        let found = self.pop_any()?;
        match found.matches(expected) {
            true => Ok(()),
            false => Err(self.mismatch(Some(expected), Some(found))),
        }
    }

    /// Pops any type; below the height of an unreachable block, the unknown one.
    #[inline]
    fn pop_any(&mut self) -> Result<Operand> {
        if self.buffers.operands.len() > self.height {
            return Ok(self.buffers.operands.pop().unwrap_or(Operand::UNKNOWN));
        }
        match self.unreachable {
            true => Ok(Operand::UNKNOWN),
            false => Err(self.mismatch(None, None)),
        }
    }

    /// Pops types, the last first.
    #[inline]
    fn pop_all(&mut self, types: Types<'_>) -> Result<()> {
        match types {
            Types::One(ty) => self.pop(Operand::new(ty)),
            Types::Many(types) => types.iter().rev().try_for_each(|&ty| self.pop(Operand::new(ty))),
        }
    }

    /// Pushes types, the first first.
    #[inline]
    fn push_all(&mut self, types: Types<'_>) -> Result<()> {
        match types {
            Types::One(ty) => self.push(Operand::new(ty)),
            Types::Many(types) => types.iter().try_for_each(|&ty| self.push(Operand::new(ty))),
        }
    }

    /// Checks that the stack ends with these types, without popping them.
    fn peek_all(&self, types: Types<'_>) -> Result<()> {
        let operands = &self.buffers.operands[self.height..];
        for (depth, expected) in types.iter().rev().enumerate() {
            count_steps(1);
            match operands.len().checked_sub(depth + 1) {
                Some(index) if operands[index].matches(expected) => {}
                Some(index) => return Err(self.mismatch(Some(expected), Some(operands[index]))),
                None if self.unreachable => return Ok(()),
                None => return Err(self.mismatch(Some(expected), None)),
            }
        }
        Ok(())
    }

    /// A type mismatch at the operator at hand. `None` as the expected type stands for any.
    #[cold]
    fn mismatch(&self, expected: Option<Operand>, found: Option<Operand>) -> WasmError {
        let expected = expected.and_then(Operand::value_type);
        let found = found.and_then(Operand::value_type);
        self.error(WasmErrorKind::TypeMismatch { expected, found })
    }

    /// Types that a block takes and those that it gives.
    #[inline]
    fn block_types(&self, ty: BlockType) -> (Types<'m>, Types<'m>) {
        match ty {
            BlockType::Empty => (Types::NONE, Types::NONE),
            BlockType::Value(ty) => (Types::NONE, Types::One(ty)),
            BlockType::Type(index) => {
                let ty = &self.context.module.types[index as usize];
                (Types::Many(ty.params()), Types::Many(ty.results()))
            }
        }
    }

    /// Refuses what a constant expression may not contain.
    fn check_constant(&mut self, kind: OperatorKind, offset: u32) -> Result<()> {
        let needs = match kind {
            OperatorKind::I32Const
            | OperatorKind::I64Const
            | OperatorKind::F32Const
            | OperatorKind::F64Const
            | OperatorKind::RefNull
            | OperatorKind::RefFunc
            | OperatorKind::GlobalGet
            | OperatorKind::End => Features::NONE,
            OperatorKind::I32Add
            | OperatorKind::I32Sub
            | OperatorKind::I32Mul
            | OperatorKind::I64Add
            | OperatorKind::I64Sub
            | OperatorKind::I64Mul => Features::EXTENDED_CONST,
            _ => {
                return Err(WasmError::new(WasmErrorKind::ConstantExpressionRequired, offset));
            }
        };
        self.used = self.used.with(needs);
        match self.features.contains(needs) {
            true => Ok(()),
            false => Err(WasmError::new(WasmErrorKind::ConstantExpressionRequired, offset)),
        }
    }
}
