//! Calls and tail calls.
//!
//! Arguments are settled in the slots of their heights, which become the callee's first slots;
//! results appear there.

use super::Translator;
use super::control::class_of;
use super::emit::split;
use super::{pack, pack_half};
use crate::ir::op::{Op, OpKind};
use crate::wasm::{FuncType, Module};

impl Translator<'_> {
    /// Settles and pops the arguments: the callee's first slot.
    fn pop_arguments(&mut self, ty: &FuncType) -> u16 {
        let count = ty.params().len();
        self.settle_top(count);
        for _ in 0..count {
            self.stack.pop();
        }
        self.spill_all();
        self.stack.next_slot()
    }

    /// The results stand in the callee's first slots. `word` carries the cost of the region after
    /// the call.
    fn push_results(&mut self, ty: &FuncType, word: usize) {
        self.terminator();
        self.charge_at(word, self.offset);
        self.forget_accumulators();
        for &result in ty.results() {
            self.push_written(class_of(result));
        }
        if let &[result] = ty.results() {
            let slot = self.stack.next_slot() - 1;
            self.acc_holds(class_of(result), slot);
        }
    }

    pub(super) fn call(&mut self, module: &Module, function: u32) {
        let ty = module.type_of(function);
        let base = self.pop_arguments(ty);
        let op = if function < module.imported_function_count() {
            let op = self.op(Op::fixed(OpKind::CallImport));
            self.word(pack([base, 0, 0, 0]));
            self.word(pack_half(function, 0));
            op
        } else {
            let op = self.op(Op::fixed(OpKind::Call));
            self.word(pack([base, 0, 0, 0]));
            self.word(0);
            self.calls.push((op as u32 + 2, op as u32, function));
            op
        };
        self.push_results(ty, op + 2);
    }

    pub(super) fn call_indirect(&mut self, module: &Module, type_index: u32, table: u32) {
        let ty = &module.types()[type_index as usize];
        let index = self.pop_slot();
        let base = self.pop_arguments(ty);
        let op = self.op(Op::fixed(OpKind::CallIndirect));
        let [low, high] = split(self.canonical[type_index as usize]);
        self.word(pack([base, index, low, high]));
        self.word(pack_half(table, 0));
        self.push_results(ty, op + 2);
    }

    pub(super) fn return_call(&mut self, module: &Module, function: u32) {
        let ty = module.type_of(function);
        let base = self.pop_arguments(ty);
        let imported = function < module.imported_function_count();
        let kind = if imported { OpKind::ReturnCallImport } else { OpKind::ReturnCall };
        let op = self.op(Op::fixed(kind));
        self.word(pack([base, 0, self.header_slot, ty.param_slots() as u16]));
        self.word(pack_half(function, 0));
        if !imported {
            self.calls.push((op as u32 + 2, op as u32, function));
        }
        self.end_path();
    }

    pub(super) fn return_call_indirect(&mut self, module: &Module, type_index: u32, table: u32) {
        let ty = &module.types()[type_index as usize];
        let index = self.pop_slot();
        let base = self.pop_arguments(ty);
        self.op(Op::fixed(OpKind::ReturnCallIndirect));
        self.word(pack([base, index, self.header_slot, ty.param_slots() as u16]));
        self.word(pack_half(table, self.canonical[type_index as usize]));
        self.end_path();
    }
}
