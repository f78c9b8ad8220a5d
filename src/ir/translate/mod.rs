//! Validated operators → register code, in a single pass with a symbolic operand stack.
//!
//! `local.get`, constants, `drop`, `nop` and `block` emit nothing: their effect is an entry of the
//! symbolic stack ([`stack`]). An operator that produces a value is emitted with its result in the
//! accumulator; when the accumulator is needed before the value is consumed, the op already emitted
//! is *patched* to store its result too ([`emit`]). At merges values lie in slots indexed by
//! operand height ([`control`]), so there are no parallel moves and no register allocation.
//!
//! Gas ([`gas`]) is summed over Wasm operators in code order and attached to the edges on which
//! control enters a region.
//!
//! The rooms carry the names of `wasm/validate` and `vm/exec`: whoever adds an operator opens the
//! same three doors.

mod calls;
mod control;
mod emit;
mod fuse;
mod gas;
mod memory;
mod numeric;
mod reference;
mod replay;
mod stack;
mod variable;

use alloc::vec::Vec;

use super::cell::{HandlerTable, pack, pack_half, patch_half};
use super::code::Code;
use super::op::Op;
use crate::gas::GasSchedule;
use crate::wasm::{
    CodeSink, FuncType, Module, Operator, OperatorKind, ValType, WasmError, WasmErrorKind,
};

use control::Labels;
use gas::Regions;
use stack::Stack;

pub use replay::{Replay, ReplayEnd, Site, SiteMap};

/// Translates function bodies as they pass validation.
pub struct Translator<'t> {
    handlers: &'t HandlerTable,
    schedule: &'t GasSchedule,
    /// What an operator costs, by kind.
    costs: Vec<u32>,
    code: Code,
    /// Number of each type: the first type equal to it.
    canonical: Vec<u32>,
    /// Calls of functions that are not translated yet: word to patch, word of the op, callee.
    calls: Vec<(u32, u32, u32)>,
    stack: Stack,
    labels: Labels,
    regions: Regions,
    /// Parameters and declared locals, as runs of equal type: six bytes can declare 32,000.
    locals: Vec<LocalRun>,
    /// Slots and types of the first locals, which are asked for most.
    near: Vec<(u16, ValType)>,
    header_slot: u16,
    /// Byte offset of the operator at hand.
    offset: u32,
    /// Byte offset of the operator before it.
    previous_offset: u32,
    pending: [Option<emit::Pending>; 2],
    acc_slot: [Option<u16>; 2],
    /// Words and ops of the function at hand.
    ops: Vec<(u32, Op)>,
    /// Word of the last op, where something may fuse with it.
    last: Option<emit::Last>,
    replay: Replay,
}

/// Locals that are found without a search. Few, so that they cost small functions little.
const NEAR_LOCALS: usize = 48;

/// Locals of equal type in adjacent slots.
#[derive(Clone, Copy)]
struct LocalRun {
    /// Index of the first.
    first: u32,
    /// Its slot, and the one after the last.
    slot: u32,
    slot_after: u32,
    ty: ValType,
}

impl<'t> Translator<'t> {
    /// A translator that writes the words of `handlers` and prices operators by `schedule`.
    pub fn new(handlers: &'t HandlerTable, schedule: &'t GasSchedule) -> Self {
        Translator {
            handlers,
            schedule,
            costs: OperatorKind::ALL.iter().map(|&kind| schedule.kind_cost(kind)).collect(),
            code: Code::default(),
            canonical: Vec::new(),
            calls: Vec::new(),
            stack: Stack::default(),
            labels: Labels::default(),
            regions: Regions::default(),
            locals: Vec::new(),
            near: Vec::with_capacity(NEAR_LOCALS),
            header_slot: 0,
            offset: 0,
            previous_offset: gas::FUNCTION_START,
            pending: [None; 2],
            acc_slot: [None; 2],
            ops: Vec::new(),
            last: None,
            replay: Replay::default(),
        }
    }

    /// The same, with a replay request or with site recording: see [`Replay`].
    #[must_use]
    pub fn with_replay(mut self, replay: Replay) -> Self {
        self.replay = replay;
        self
    }

    /// The same, with the [`canonical_types`] of the module where they are known.
    #[must_use]
    pub fn with_types(mut self, numbers: &[u32]) -> Self {
        self.canonical = numbers.to_vec();
        self
    }

    /// Ends translation: resolves calls between functions and hands out the code.
    pub fn finish_module(mut self, module: &Module) -> (Code, Replay) {
        self.code.imported = module.imported_function_count();
        for (word, op, callee) in core::mem::take(&mut self.calls) {
            // In a replay of one function the others have no code; their calls are never reached.
            if let Some(entry) = self.code.entry(callee) {
                let distance = byte_distance(op as usize, entry);
                patch_half(&mut self.code.words[word as usize], 0, distance);
            }
        }
        self.code.words.shrink_to_fit();
        (self.code, self.replay)
    }

    fn begin_function(&mut self, module: &Module, function: u32, locals: &[(u32, ValType)]) {
        if self.canonical.is_empty() {
            self.canonical = canonical_types(module.types());
        }
        let ty = module.type_of(function);
        self.code.imported = module.imported_function_count();
        self.code.entries.push(self.code.words.len() as u32);
        self.locals.clear();
        self.near.clear();
        let (mut index, mut slot) = (0, 0);
        for &param in ty.params() {
            (index, slot) = self.declare_locals(index, slot, 1, param);
        }
        let header = slot.max(ty.result_slots());
        self.header_slot = header as u16;
        slot = header + 2;
        let first = slot;
        for &(count, local) in locals {
            (index, slot) = self.declare_locals(index, slot, count, local);
        }
        self.stack.reset(slot as u16);
        self.pending = [None; 2];
        self.acc_slot = [None; 2];
        self.last = None;
        self.ops.clear();
        self.regions.reset();
        let declared: u32 = locals.iter().map(|&(count, _)| count).sum();
        let word = self.code.words.len();
        self.code.words.push(0);
        let [low, high] = emit::split(function);
        self.code.words.push(pack([header as u16, (slot - first) as u16, low, high]));
        self.charge_at(word, gas::FUNCTION_START);
        self.add_cost(self.schedule.locals_price(declared));
        self.labels.begin(self.stack.next_slot(), ty);
        self.offset = module.functions()[function as usize].body.start;
        self.previous_offset = self.offset;
        self.start_replay_at_entry(self.schedule.locals_price(declared));
    }

    /// Declares `count` locals of a type from local `index` and slot `slot` on; gives the next of
    /// each.
    fn declare_locals(&mut self, index: u32, slot: u32, count: u32, ty: ValType) -> (u32, u32) {
        let after = slot + count * ty.slots();
        for i in 0..count.min((NEAR_LOCALS - self.near.len()) as u32) {
            self.near.push(((slot + i * ty.slots()) as u16, ty));
        }
        match self.locals.last_mut() {
            Some(run) if run.ty == ty && run.slot_after == slot => run.slot_after = after,
            _ => self.locals.push(LocalRun { first: index, slot, slot_after: after, ty }),
        }
        (index + count, after)
    }

    /// Slot and type of a local.
    #[inline]
    fn local(&self, index: u32) -> (u16, ValType) {
        match self.near.get(index as usize) {
            Some(&local) => local,
            None => self.far_local(index),
        }
    }

    #[inline(never)]
    fn far_local(&self, index: u32) -> (u16, ValType) {
        let run = self.locals.partition_point(|l| l.first <= index) - 1;
        let LocalRun { first, slot, ty, .. } = self.locals[run];
        ((slot + (index - first) * ty.slots()) as u16, ty)
    }

    fn finish_function(&mut self) -> Result<(), WasmError> {
        self.join_pairs();
        let entry = *self.code.entries.last().expect("a function is open") as usize;
        let frame = u32::from(self.stack.base()) + self.stack.max_height();
        patch_half(&mut self.code.words[entry], 0, frame);
        // Calls and branches reach that far. Only limits of many megabytes for a module let one
        // come here.
        match self.code.words.len() <= i32::MAX as usize / 8 {
            true => Ok(()),
            false => {
                let kind = WasmErrorKind::Refused("register code of more than 2 GiB");
                Err(WasmError::new(kind, self.offset))
            }
        }
    }
}

/// The number of each function type: the index of the first one that equals it. Two types of a
/// module are equal exactly where their numbers are.
pub fn canonical_types(types: &[FuncType]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..types.len() as u32).collect();
    order.sort_by(|&a, &b| types[a as usize].cmp(&types[b as usize]).then(a.cmp(&b)));
    let mut numbers = order.clone();
    let mut first = 0;
    for (i, &index) in order.iter().enumerate() {
        if i == 0 || types[index as usize] != types[first as usize] {
            first = index;
        }
        numbers[index as usize] = first;
    }
    numbers
}

/// Distance in bytes between two words of the buffer, as the low half of a branch cell.
#[inline]
fn byte_distance(from: usize, to: usize) -> u32 {
    (to.wrapping_sub(from) as u32).wrapping_mul(8)
}

impl CodeSink for Translator<'_> {
    fn begin(
        &mut self,
        module: &Module,
        function: u32,
        locals: &[(u32, ValType)],
    ) -> Result<(), WasmError> {
        self.begin_function(module, function, locals);
        Ok(())
    }

    fn operator(
        &mut self,
        module: &Module,
        operator: &Operator<'_>,
        offset: u32,
    ) -> Result<(), WasmError> {
        self.offset = offset;
        if self.replay.cuts() {
            self.replayed_operator(module, operator);
        } else if self.labels.reachable {
            self.add_cost(u64::from(self.costs[operator.kind() as usize]));
            self.translate(module, operator);
        } else {
            self.skip_unreachable(operator);
        }
        self.previous_offset = offset;
        Ok(())
    }

    fn finish(&mut self, _module: &Module) -> Result<(), WasmError> {
        self.finish_function()
    }
}

impl Translator<'_> {
    /// An operator of a function that is translated up to a region, which is then paid operator by
    /// operator.
    #[cold]
    fn replayed_operator(&mut self, module: &Module, operator: &Operator<'_>) {
        if self.replay.is_over() {
            return;
        }
        if self.labels.reachable {
            let cost = u64::from(self.costs[operator.kind() as usize]);
            if !self.replay.pay(cost) {
                return self.emit_out_of_gas();
            }
            if !self.replay.is_running() {
                self.add_cost(cost);
            }
            self.translate(module, operator);
        } else {
            self.skip_unreachable(operator);
        }
        if self.replay.starts_after(self.offset) {
            self.start_replay();
        }
    }

    /// One operator in reachable code. Families that share a treatment live in the room of their
    /// name.
    fn translate(&mut self, module: &Module, operator: &Operator<'_>) {
        use Operator as O;
        match *operator {
            O::Nop {} => {}
            O::Unreachable {} => self.unreachable(),
            O::Block { blockty } => self.block(module, blockty),
            O::Loop { blockty } => self.loop_start(module, blockty),
            O::If { blockty } => self.if_start(module, blockty),
            O::Else {} => self.else_start(),
            O::End {} => self.end(),
            O::Br { relative_depth } => self.br(relative_depth),
            O::BrIf { relative_depth } => self.br_if(relative_depth),
            O::BrTable { targets } => self.br_table(targets),
            O::Return {} => self.return_values(),
            O::Call { function_index } => self.call(module, function_index),
            O::CallIndirect { type_index, table_index } => {
                self.call_indirect(module, type_index, table_index)
            }
            O::ReturnCall { function_index } => self.return_call(module, function_index),
            O::ReturnCallIndirect { type_index, table_index } => {
                self.return_call_indirect(module, type_index, table_index)
            }
            O::Drop {} => self.drop_value(),
            O::Select {} | O::TypedSelect { .. } => self.select(),
            O::LocalGet { local_index } => self.local_get(local_index),
            O::LocalSet { local_index } => self.local_set(local_index),
            O::LocalTee { local_index } => self.local_tee(local_index),
            O::GlobalGet { global_index } => self.global_get(module, global_index),
            O::GlobalSet { global_index } => self.global_set(module, global_index),
            O::I32Const { value } => self.constant(u64::from(value as u32), super::Class::u32),
            O::I64Const { value } => self.constant(value as u64, super::Class::u64),
            O::F32Const { value } => self.constant(u64::from(value), super::Class::f32),
            O::F64Const { value } => self.constant(value, super::Class::f64),
            ref other => {
                let done = self.numeric(other)
                    || self.memory_access(other)
                    || self.memory_bulk(other)
                    || self.reference(other);
                debug_assert!(done, "operator without translation: {}", other.name());
            }
        }
    }
}
