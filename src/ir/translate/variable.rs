//! Locals, globals, constants, `drop` and `select`.

use super::Translator;
use super::control::class_of;
use super::emit::{Source, split};
use super::pack;
use super::stack::Value;
use crate::ir::op::{Class, Op, OpKind};
use crate::wasm::Module;

impl Translator<'_> {
    pub(super) fn constant(&mut self, bits: u64, class: Class) {
        self.stack.push(Value::Const(bits), class);
    }

    pub(super) fn drop_value(&mut self) {
        match self.stack.top().map(|e| e.value) {
            // Nothing was emitted for it.
            Some(Value::Sum { .. }) => _ = self.stack.pop(),
            _ => _ = self.pop_source(),
        }
    }

    pub(super) fn local_get(&mut self, local: u32) {
        let (slot, ty) = self.local(local);
        self.stack.push(Value::Local(slot), class_of(ty));
    }

    pub(super) fn local_set(&mut self, local: u32) {
        let (slot, _) = self.local(local);
        self.pop_into(slot);
    }

    pub(super) fn local_tee(&mut self, local: u32) {
        self.local_set(local);
        self.local_get(local);
    }

    pub(super) fn select(&mut self) {
        self.resolve_top(3);
        let condition = self.pop_slot_or_acc();
        let class = self.stack.top().expect("validated").class;
        let b = self.pop_slot();
        let a = self.pop_slot();
        let kind = if class.is_float() { OpKind::FSelect } else { OpKind::Select };
        let (pattern, slot) = match condition {
            Source::A(_) => (1, 0),
            Source::S(slot) => (0, slot),
            Source::I(_) => unreachable!("constants were settled"),
        };
        self.produce(Op::value(kind, pattern, false), class, [a, b, slot], None);
    }

    pub(super) fn global_get(&mut self, module: &Module, global: u32) {
        let class = class_of(module.globals()[global as usize].ty.content);
        let imported = global < module.imported_global_count();
        let kind = match (imported, class.is_float()) {
            (false, false) => OpKind::GlobalGet,
            (false, true) => OpKind::FGlobalGet,
            (true, false) => OpKind::GlobalGetImported,
            (true, true) => OpKind::FGlobalGetImported,
        };
        let [low, high] = split(Self::global_index(module, global));
        self.produce(Op::value(kind, 0, false), class, [0, low, high], None);
    }

    pub(super) fn global_set(&mut self, module: &Module, global: u32) {
        let float = self.stack.top().is_some_and(|e| e.class.is_float());
        let imported = global < module.imported_global_count();
        let kind = match (imported, float) {
            (false, false) => OpKind::GlobalSet,
            (false, true) => OpKind::FGlobalSet,
            (true, false) => OpKind::GlobalSetImported,
            (true, true) => OpKind::FGlobalSetImported,
        };
        let (pattern, slot, extra) = match self.pop_source() {
            Source::S(slot) => (0, slot, None),
            Source::A(_) => (1, 0, None),
            Source::I(bits) => (2, 0, Some(bits)),
        };
        let [low, high] = split(Self::global_index(module, global));
        self.op(Op::new(kind, pattern));
        self.word(pack([0, slot, low, high]));
        if let Some(bits) = extra {
            self.word(bits);
        }
    }

    /// Own globals are numbered from the first own one, imported ones by their index.
    fn global_index(module: &Module, global: u32) -> u32 {
        global.checked_sub(module.imported_global_count()).unwrap_or(global)
    }
}
