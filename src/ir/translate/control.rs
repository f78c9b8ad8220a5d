//! Control: blocks, branches, returns.
//!
//! At a merge every value lies in the slot of its height. A block that nobody branches to merges
//! nothing, and its values stay symbolic.

use alloc::vec::Vec;

use super::emit::{Source, Step, What, split};
use super::numeric::{Inverse, invert};
use super::stack::Value;
use super::{Translator, byte_distance, pack, pack_half, patch_half};
use crate::ir::op::{Class, Op, OpKind};
use crate::wasm::{BlockType, BrTable, FuncType, Module, Operator, ValType};

/// Chains of cells that wait for a label to be placed end with this.
const NONE: u32 = u32::MAX;

/// What a label is the start or the end of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LabelKind {
    Function,
    Block,
    Loop { number: u32, word: u32 },
    If,
    Else,
}

struct Label {
    kind: LabelKind,
    /// Stack entries below the parameters.
    entries: usize,
    /// Slot of the first parameter or result.
    slot: u16,
    params: Vec<Class>,
    results: Vec<Class>,
    /// Branches to the end that wait for it.
    patches: u32,
    /// The branch of an `if` to its `else`.
    else_patches: u32,
}

impl Label {
    fn arity(&self) -> usize {
        match self.kind {
            LabelKind::Loop { .. } => self.params.len(),
            _ => self.results.len(),
        }
    }
}

/// A branch that waits: word with distance and cost, word of its op, next in the chain.
struct Patch {
    word: u32,
    op: u32,
    next: u32,
}

/// The control stack of the function at hand.
#[derive(Default)]
pub(super) struct Labels {
    labels: Vec<Label>,
    patches: Vec<Patch>,
    pub(super) reachable: bool,
    /// Words that branches lead to, ascending.
    pub(super) placed: Vec<u32>,
    /// Blocks opened in unreachable code.
    dead: u32,
    /// `br_table` thunks, by label: number of the table, word of the thunk.
    thunks: Vec<(u32, usize)>,
    tables: u32,
}

impl Labels {
    pub(super) fn begin(&mut self, slot: u16, ty: &FuncType) {
        self.labels.clear();
        self.patches.clear();
        self.placed.clear();
        self.reachable = true;
        self.dead = 0;
        self.labels.push(Label {
            kind: LabelKind::Function,
            entries: 0,
            slot,
            params: Vec::new(),
            results: classes(ty.results()),
            patches: NONE,
            else_patches: NONE,
        });
    }

    fn index(&self, depth: u32) -> usize {
        self.labels.len() - 1 - depth as usize
    }

    fn wait(&mut self, chain: u32, word: usize, op: usize) -> u32 {
        self.patches.push(Patch { word: word as u32, op: op as u32, next: chain });
        self.patches.len() as u32 - 1
    }
}

/// The class of values of a type.
pub(super) fn class_of(ty: ValType) -> Class {
    match ty {
        ValType::I32 => Class::u32,
        ValType::F32 => Class::f32,
        ValType::F64 => Class::f64,
        ValType::I64 | ValType::Ref(_) => Class::u64,
        ValType::V128 => unreachable!("no feature set admits v128"),
    }
}

fn classes(types: &[ValType]) -> Vec<Class> {
    types.iter().map(|&t| class_of(t)).collect()
}

fn block_classes(module: &Module, ty: BlockType) -> (Vec<Class>, Vec<Class>) {
    match ty {
        BlockType::Empty => (Vec::new(), Vec::new()),
        BlockType::Value(t) => (Vec::new(), classes(&[t])),
        BlockType::Type(index) => {
            let ty = &module.types()[index as usize];
            (classes(ty.params()), classes(ty.results()))
        }
    }
}

/// The condition of a branch.
#[derive(Clone, Copy)]
enum Condition {
    /// A relation between two operands.
    Relation { kind: OpKind, a: Source, b: Source },
    /// An operand that is not zero (`BrIf`) or zero (`BrUnless`), in 32 or 64 bits.
    Truth { kind: OpKind, operand: Source },
}

impl Condition {
    fn not(self) -> Self {
        match self {
            Condition::Relation { kind, a, b } => {
                let Inverse { kind, .. } = invert(kind);
                Condition::Relation { kind, a, b }
            }
            Condition::Truth { kind, operand } => {
                let kind = match kind {
                    OpKind::BrIf => OpKind::BrUnless,
                    OpKind::BrUnless => OpKind::BrIf,
                    OpKind::BrIf64 => OpKind::BrUnless64,
                    _ => OpKind::BrIf64,
                };
                Condition::Truth { kind, operand }
            }
        }
    }
}

impl Translator<'_> {
    pub(super) fn skip_unreachable(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.labels.dead += 1;
            }
            Operator::End {} if self.labels.dead > 0 => self.labels.dead -= 1,
            Operator::End {} => self.end(),
            Operator::Else {} if self.labels.dead == 0 => self.else_start(),
            _ => {}
        }
    }

    fn push_label(&mut self, kind: LabelKind, params: Vec<Class>, results: Vec<Class>) {
        let entries = self.stack.len() - params.len();
        let slot = match params.is_empty() {
            true => self.stack.next_slot(),
            false => self.stack.entry(entries).slot,
        };
        let (patches, else_patches) = (NONE, NONE);
        let label = Label { kind, entries, slot, params, results, patches, else_patches };
        self.labels.labels.push(label);
    }

    pub(super) fn block(&mut self, module: &Module, ty: BlockType) {
        let (params, results) = block_classes(module, ty);
        self.settle_top(params.len());
        self.flush();
        self.push_label(LabelKind::Block, params, results);
    }

    pub(super) fn loop_start(&mut self, module: &Module, ty: BlockType) {
        let (params, results) = block_classes(module, ty);
        self.settle_top(params.len());
        self.flush();
        self.forget_accumulators();
        let number = self.regions.begin_loop(self.offset);
        let word = self.code.words.len() as u32;
        self.labels.placed.push(word);
        self.push_label(LabelKind::Loop { number, word }, params, results);
    }

    pub(super) fn if_start(&mut self, module: &Module, ty: BlockType) {
        let (params, results) = block_classes(module, ty);
        self.settle_sums();
        let (condition, step) = self.pop_condition();
        self.settle_top(params.len());
        self.flush();
        self.push_label(LabelKind::If, params, results);
        let (op, word) = self.emit_conditional(condition.not(), step);
        self.charge_at(op + 1, self.offset);
        let index = self.labels.index(0);
        let chain = self.labels.labels[index].else_patches;
        self.labels.labels[index].else_patches = self.labels.wait(chain, word, op);
    }

    pub(super) fn else_start(&mut self) {
        if self.labels.reachable {
            // The then-arm ends in a jump over the else-arm. Its operator price is the region's
            // last.
            let count = self.labels.labels[self.labels.index(0)].results.len();
            self.settle_top(count);
            self.emit_br(0);
        }
        let index = self.labels.index(0);
        let chain = core::mem::replace(&mut self.labels.labels[index].else_patches, NONE);
        self.labels.labels[index].kind = LabelKind::Else;
        self.reset_stack_to(index, false);
        self.place(chain);
        self.labels.reachable = true;
    }

    /// The stack as it is at the label: entries below, then parameters or results in their slots.
    fn reset_stack_to(&mut self, index: usize, results: bool) {
        self.abandon_pending();
        while self.stack.len() > self.labels.labels[index].entries {
            self.stack.pop();
        }
        let label = &self.labels.labels[index];
        for &class in if results { &label.results } else { &label.params } {
            self.stack.push(Value::Temp, class);
        }
        self.stack.mark_flushed();
        self.forget_accumulators();
    }

    /// The branches of a chain lead here.
    fn place(&mut self, mut chain: u32) {
        let here = self.code.words.len();
        if chain != NONE {
            self.labels.placed.push(here as u32);
        }
        while chain != NONE {
            let Patch { word, op, next } = self.labels.patches[chain as usize];
            let distance = byte_distance(op as usize, here);
            patch_half(&mut self.code.words[word as usize], 0, distance);
            self.charge_at(word as usize, self.offset);
            chain = next;
        }
    }

    pub(super) fn end(&mut self) {
        let index = self.labels.index(0);
        if self.labels.labels[index].kind == LabelKind::Function {
            return self.end_function(index);
        }
        let label = &self.labels.labels[index];
        let merges = label.patches != NONE || label.else_patches != NONE;
        let results = label.results.len();
        if self.labels.reachable && !merges {
            self.labels.labels.pop();
            return;
        }
        if self.labels.reachable {
            self.settle_top(results);
            self.spill_all();
        }
        self.reset_stack_to(index, true);
        let label = self.labels.labels.pop().expect("the label at hand");
        self.place(label.patches);
        self.place(label.else_patches);
        self.labels.reachable = true;
    }

    fn end_function(&mut self, index: usize) {
        if self.labels.reachable {
            self.emit_return();
            self.terminator();
        }
        let chain = self.labels.labels[index].patches;
        if chain != NONE {
            self.reset_stack_to(index, true);
            self.place(chain);
            self.emit_return();
            self.terminator();
        }
        self.labels.labels.pop();
    }

    pub(super) fn unreachable(&mut self) {
        self.op(Op::fixed(OpKind::Unreachable));
        self.end_path();
    }

    /// Control does not go on.
    pub(super) fn end_path(&mut self) {
        self.terminator();
        self.abandon_pending();
        self.labels.reachable = false;
    }

    pub(super) fn return_values(&mut self) {
        self.emit_return();
        self.end_path();
    }

    /// Emits the return of the values on top of the stack.
    fn emit_return(&mut self) {
        let header = self.header_slot;
        let count = self.labels.labels[0].results.len();
        match count {
            0 => {
                self.op(Op::fixed(OpKind::Return));
                self.word(pack([header, 0, 0, 0]));
            }
            1 => {
                let class = self.labels.labels[0].results[0];
                let kind = if class.is_float() { OpKind::FReturn1 } else { OpKind::Return1 };
                let (pattern, slot, extra) = match self.pop_source() {
                    Source::S(slot) => (0, slot, None),
                    Source::A(_) => (1, 0, None),
                    Source::I(bits) => (2, 0, Some(bits)),
                };
                self.op(Op::new(kind, pattern));
                self.word(pack([header, slot, 0, 0]));
                if let Some(bits) = extra {
                    self.word(bits);
                }
            }
            _ => {
                self.settle_top(count);
                let first = self.stack.entry(self.stack.len() - count).slot;
                self.copy_span(0, first, count);
                self.op(Op::fixed(OpKind::Return));
                self.word(pack([header, 0, 0, 0]));
            }
        }
    }

    pub(super) fn copy_span(&mut self, to: u16, from: u16, count: usize) {
        self.op(Op::fixed(OpKind::CopySpan));
        self.word(pack([to, from, count as u16, 0]));
    }

    pub(super) fn br(&mut self, depth: u32) {
        let index = self.labels.index(depth);
        if self.labels.labels[index].kind == LabelKind::Function {
            return self.return_values();
        }
        let count = self.labels.labels[index].arity();
        let to = self.labels.labels[index].slot;
        if count == 1 {
            // The path ends here: whatever else aliases the slot is dead.
            self.pop_into(to);
        } else if count > 1 {
            self.settle_top(count);
            let first = self.stack.entry(self.stack.len() - count).slot;
            if first != to {
                self.copy_span(to, first, count);
            }
        }
        self.emit_br(depth);
        self.abandon_pending();
        self.labels.reachable = false;
    }

    /// Emits a jump to a label whose values are in place.
    fn emit_br(&mut self, depth: u32) {
        self.abandon_pending();
        let op = self.op(Op::fixed(OpKind::Br));
        self.word(0);
        self.terminator();
        self.link(depth, op + 1, op);
    }

    /// Makes `word` of the branch `op` lead to a label. Regions before it have ended.
    fn link(&mut self, depth: u32, word: usize, op: usize) {
        let index = self.labels.index(depth);
        if let LabelKind::Loop { number, word: start } = self.labels.labels[index].kind {
            let distance = byte_distance(op, start as usize);
            patch_half(&mut self.code.words[word], 0, distance);
            self.charge_loop(word, number);
        } else {
            let chain = self.labels.labels[index].patches;
            self.labels.labels[index].patches = self.labels.wait(chain, word, op);
        }
    }

    /// Whether the top `count` entries are in the slots that the label wants. Several are settled:
    /// a look at the first says it of all.
    fn in_place(&self, count: usize, to: u16) -> bool {
        if count == 0 {
            return true;
        }
        let first = self.stack.entry(self.stack.len() - count);
        first.slot == to && first.value == Value::Temp
    }

    pub(super) fn br_if(&mut self, depth: u32) {
        self.settle_sums();
        let (condition, step) = self.pop_condition();
        let index = self.labels.index(depth);
        let count = self.labels.labels[index].arity();
        let to = self.labels.labels[index].slot;
        self.spill_all();
        if count > 1 {
            // Settled once, however many branches carry them: else each would repeat the moves.
            self.settle_top(count);
        }
        if self.in_place(count, to) {
            let (op, word) = self.emit_conditional(condition, step);
            self.link(depth, word, op);
            self.charge_at(op + 1, self.offset);
            return;
        }
        // Values have to move on the taken edge only: branch over the moves.
        let (op, word) = self.emit_conditional(condition.not(), step);
        // What falls through is the taken edge, which the jump below charges: nothing is due here.
        let known = self.acc_slot;
        let entry = self.stack.entry(self.stack.len() - count);
        match entry.value {
            _ if count > 1 => self.copy_span(to, entry.slot, count),
            Value::Local(slot) => self.copy(to, slot),
            Value::Const(bits) => self.write_const(to, bits),
            _ => self.copy(to, entry.slot),
        }
        let jump = self.op(Op::fixed(OpKind::Br));
        self.word(0);
        self.link(depth, jump + 1, jump);
        let here = self.code.words.len();
        patch_half(&mut self.code.words[word], 0, byte_distance(op, here));
        self.charge_at(word, self.offset);
        self.last = None;
        self.acc_slot = known;
    }

    /// Pops a condition, undoing the relation that made it where that was the last op. Gives the
    /// step too that it is about, where that came just before.
    fn pop_condition(&mut self) -> (Condition, Option<Step>) {
        if let Some(op) = self.fusible(0) {
            let found = match op.what {
                What::Relation { kind: OpKind::I32Eqz, a: operand, step, .. } => {
                    Some((Condition::Truth { kind: OpKind::BrUnless, operand }, step))
                }
                What::Relation { kind: OpKind::I64Eqz, a: operand, step, .. } => {
                    Some((Condition::Truth { kind: OpKind::BrUnless64, operand }, step))
                }
                What::Relation { kind, a, b, step } => {
                    Some((Condition::Relation { kind, a, b }, step))
                }
                What::And { kind: OpKind::I32And, a, b } => {
                    Some((Condition::Relation { kind: OpKind::I32Test, a, b }, None))
                }
                _ => None,
            };
            if let Some(condition) = found {
                self.pop_source();
                self.take_back(op);
                return condition;
            }
        }
        let operand = self.pop_slot_or_acc();
        let step = self.step_of([operand, operand]);
        (Condition::Truth { kind: OpKind::BrIf, operand }, step)
    }

    /// Emits a conditional branch. Gives its word, whose next cell carries the cost of falling
    /// through, and the word that a label must fill.
    fn emit_conditional(&mut self, condition: Condition, step: Option<Step>) -> (usize, usize) {
        self.spill_all();
        let op = match step.and_then(|step| self.emit_step(condition, step)) {
            Some(op) => op,
            None => self.emit_condition(condition),
        };
        self.terminator();
        (op, op + 2)
    }

    fn emit_condition(&mut self, condition: Condition) -> usize {
        match condition {
            Condition::Truth { kind, operand } => {
                let (pattern, slot) = match operand {
                    Source::A(_) => (1, 0),
                    Source::S(slot) => (0, slot),
                    Source::I(_) => unreachable!("constant conditions were settled"),
                };
                let op = self.op(Op::new(kind, pattern));
                self.word(pack([slot, 0, 0, 0]));
                self.word(0);
                op
            }
            Condition::Relation { kind, a, b } => {
                let (kind, pattern, slots, immediate) = self.relation_operands(kind, a, b);
                let op = self.op(Op::compare_branch(kind, pattern));
                self.word(pack([slots[0], slots[1], 0, 0]));
                self.word(0);
                if let Some(bits) = immediate {
                    self.word(bits);
                }
                op
            }
        }
    }

    /// A branch that takes the step before it, where there is one for this condition.
    fn emit_step(&mut self, condition: Condition, step: Step) -> Option<usize> {
        let (kind, a, b) = match condition {
            Condition::Relation { kind, a, b } => (kind, a, b),
            Condition::Truth { kind: OpKind::BrIf, operand } => {
                (OpKind::I32Ne, operand, Source::I(0))
            }
            Condition::Truth { kind: OpKind::BrUnless, operand } => {
                (OpKind::I32Eq, operand, Source::I(0))
            }
            Condition::Truth { .. } => return None,
        };
        let (kind, limit) = self.take_step(step, kind, a, b)?;
        let (pattern, slot, immediate) = match limit {
            Source::S(slot) => (0, slot, 0),
            Source::I(bits) => (1, 0, bits as u32),
            Source::A(_) => unreachable!("the step is in the accumulator"),
        };
        let op = self.op(Op::new(kind, pattern));
        self.word(pack([step.slot, slot, 0, 0]));
        self.word(0);
        self.word(pack_half(step.constant, immediate));
        Some(op)
    }

    pub(super) fn br_table(&mut self, targets: BrTable<'_>) {
        self.settle_sums();
        let operand = self.pop_slot_or_acc();
        let depth = targets.default();
        let count = self.labels.labels[self.labels.index(depth)].arity();
        self.spill_all();
        self.settle_top(count);
        let (pattern, slot) = match operand {
            Source::A(_) => (1, 0),
            Source::S(slot) => (0, slot),
            Source::I(_) => unreachable!("constants were settled"),
        };
        let op = self.op(Op::new(OpKind::BrTable, pattern));
        let [low, high] = split(targets.len() + 1);
        self.word(pack([slot, 0, low, high]));
        let first = op + 2;
        for _ in 0..=targets.len() {
            self.word(0);
        }
        self.terminator();
        self.labels.tables += 1;
        self.labels.thunks.resize(self.labels.labels.len(), (0, 0));
        for (i, depth) in targets.targets_and_default().enumerate() {
            self.br_table_entry(op, first + i, depth, count);
        }
        self.abandon_pending();
        self.labels.reachable = false;
    }

    fn br_table_entry(&mut self, op: usize, word: usize, depth: u32, count: usize) {
        let index = self.labels.index(depth);
        let to = self.labels.labels[index].slot;
        if self.in_place(count, to) {
            return self.link(depth, word, op);
        }
        // One shared thunk per label moves the values, then jumps.
        let table = self.labels.tables;
        let thunk = match self.labels.thunks[index] {
            (t, thunk) if t == table => thunk,
            _ => {
                let thunk = self.code.words.len();
                let from = self.stack.entry(self.stack.len() - count).slot;
                self.copy_span(to, from, count);
                let jump = self.op(Op::fixed(OpKind::Br));
                self.word(0);
                self.link(depth, jump + 1, jump);
                self.labels.thunks[index] = (table, thunk);
                thunk
            }
        };
        patch_half(&mut self.code.words[word], 0, byte_distance(op, thunk));
    }
}
