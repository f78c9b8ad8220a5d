//! Loads, stores and bulk operators of linear memory.

use super::Translator;
use super::emit::{Source, split};
use super::fuse::Address;
use super::stack::Value;
use super::{pack, pack_half};
use crate::ir::op::{Class, Op, OpKind, Operand};
use crate::wasm::{MemArg, Operator};

/// The offset of an access.
fn offset_of(memarg: MemArg) -> u32 {
    u32::try_from(memarg.offset).expect("validated for 32-bit memories")
}

impl Translator<'_> {
    /// The operator, where it is a load or a store.
    pub(super) fn memory_access(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match *operator {
            O::I32Load { memarg } => self.load(OpKind::I32Load, Class::u32, memarg),
            O::I64Load { memarg } => self.load(OpKind::I64Load, Class::u64, memarg),
            O::F32Load { memarg } => self.load(OpKind::F32Load, Class::f32, memarg),
            O::F64Load { memarg } => self.load(OpKind::F64Load, Class::f64, memarg),
            O::I32Load8S { memarg } => self.load(OpKind::I32Load8S, Class::u32, memarg),
            O::I32Load8U { memarg } => self.load(OpKind::I32Load8U, Class::u32, memarg),
            O::I32Load16S { memarg } => self.load(OpKind::I32Load16S, Class::u32, memarg),
            O::I32Load16U { memarg } => self.load(OpKind::I32Load16U, Class::u32, memarg),
            O::I64Load8S { memarg } => self.load(OpKind::I64Load8S, Class::u64, memarg),
            O::I64Load8U { memarg } => self.load(OpKind::I32Load8U, Class::u64, memarg),
            O::I64Load16S { memarg } => self.load(OpKind::I64Load16S, Class::u64, memarg),
            O::I64Load16U { memarg } => self.load(OpKind::I32Load16U, Class::u64, memarg),
            O::I64Load32S { memarg } => self.load(OpKind::I64Load32S, Class::u64, memarg),
            O::I64Load32U { memarg } => self.load(OpKind::I32Load, Class::u64, memarg),
            O::I32Store { memarg } => self.store(OpKind::I32Store, memarg),
            O::I64Store { memarg } => self.store(OpKind::I64Store, memarg),
            O::F32Store { memarg } => self.store(OpKind::F32Store, memarg),
            O::F64Store { memarg } => self.store(OpKind::F64Store, memarg),
            O::I32Store8 { memarg } => self.store(OpKind::I32Store8, memarg),
            O::I32Store16 { memarg } => self.store(OpKind::I32Store16, memarg),
            O::I64Store8 { memarg } => self.store(OpKind::I32Store8, memarg),
            O::I64Store16 { memarg } => self.store(OpKind::I32Store16, memarg),
            O::I64Store32 { memarg } => self.store(OpKind::I32Store, memarg),
            _ => return false,
        }
        true
    }

    /// Pops an address. A constant one is added to the offset, unless the sum leaves 32 bits.
    fn pop_address(&mut self, memarg: MemArg) -> (Source, u16, u32) {
        let offset = offset_of(memarg);
        let top = self.stack.len() - 1;
        if let Value::Const(bits) = self.stack.entry(top).value {
            match offset.checked_add(bits as u32) {
                Some(address) => {
                    let (_, slot) = self.pop_operand();
                    return (Source::I(0), slot, address);
                }
                None => self.settle(top),
            }
        }
        let (source, slot) = self.pop_operand();
        (source, slot, offset)
    }

    fn load(&mut self, kind: OpKind, class: Class, memarg: MemArg) {
        if let Some(address) = self.pop_pieces(kind, offset_of(memarg)) {
            let pattern = kind.shape().pattern_of(&[address.operand]);
            let [low, high] = address.fields();
            let fields = [address.base, low, high];
            self.produce(Op::value(kind, pattern, false), class, fields, None);
            return;
        }
        let (address, _, offset) = self.pop_address(memarg);
        let (pattern, slot) = match address {
            Source::S(slot) => (0, slot),
            Source::A(_) => (1, 0),
            Source::I(_) => (2, 0),
        };
        let [low, high] = split(offset);
        self.produce(Op::value(kind, pattern, false), class, [slot, low, high], None);
    }

    fn store(&mut self, kind: OpKind, memarg: MemArg) {
        let float = self.stack.top().is_some_and(|e| e.class.is_float());
        // A sum stays one where it is the address and nothing else is added to it.
        self.resolve_top(if offset_of(memarg) == 0 { 1 } else { 2 });
        let value = self.pop_stored();
        // In a slot or as a constant, a float is bits like any other.
        let in_facc = float && matches!(value.0, Source::A(_));
        let bits = match kind {
            OpKind::F32Store if !in_facc => OpKind::I32Store,
            OpKind::F64Store if !in_facc => OpKind::I64Store,
            other => other,
        };
        if let Some(address) = self.pop_pieces(kind, offset_of(memarg)) {
            return self.store_in_pieces(bits, &address, value.0);
        }
        let (address, address_slot, offset) = self.pop_address(memarg);
        let [low, high] = split(offset);
        if in_facc {
            let (pattern, slot) = match address {
                Source::S(slot) => (0, slot),
                Source::A(_) => (1, 0),
                Source::I(_) => (2, 0),
            };
            self.op(Op::new(kind, pattern));
            return self.word(pack([slot, 0, low, high]));
        }
        let (address, value) = match (address, value.0) {
            (Source::A(_), Source::A(_)) => self.untangle((address, address_slot), value),
            other => other,
        };
        let (pattern, fields) = match (address, value) {
            (Source::S(a), Source::S(v)) => (0, [a, v]),
            (Source::S(a), Source::A(_)) => (1, [a, 0]),
            (Source::S(a), Source::I(v)) => (2, [a, v as u16]),
            (Source::A(_), Source::S(v)) => (3, [0, v]),
            (Source::A(_), Source::I(v)) => (4, [0, v as u16]),
            (Source::I(_), Source::S(v)) => (5, [0, v]),
            (Source::I(_), Source::A(_)) => (6, [0, 0]),
            (Source::I(_), Source::I(v)) => (7, [0, v as u16]),
            (Source::A(_), Source::A(_)) => unreachable!("operands were untangled"),
        };
        self.op(Op::new(bits, pattern));
        self.word(pack([fields[0], fields[1], low, high]));
    }

    /// A store to an address of several pieces.
    fn store_in_pieces(&mut self, kind: OpKind, address: &Address, value: Source) {
        let (operand, value) = match value {
            Source::S(slot) => (Operand::S, slot),
            Source::A(_) => (Operand::A, 0),
            Source::I(bits) => (Operand::I, bits as u16),
        };
        let pattern = kind.shape().pattern_of(&[address.operand, operand]);
        let [low, high] = address.fields();
        self.op(Op::new(kind, pattern));
        self.word(pack([address.base, value, low, high]));
    }

    /// Pops the value of a store. A constant stays one where it is 16 bits, sign-extended.
    fn pop_stored(&mut self) -> (Source, u16) {
        let top = self.stack.len() - 1;
        let entry = self.stack.entry(top);
        if let Value::Const(bits) = entry.value {
            let short = bits as i16;
            let fits = match entry.class.is_wide() {
                true => i64::from(short) as u64 == bits,
                false => i32::from(short) as u32 == bits as u32,
            };
            if !fits {
                self.settle(top);
            }
        }
        self.pop_operand()
    }

    /// The operator, where it concerns memory as a whole.
    pub(super) fn memory_bulk(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match *operator {
            O::MemorySize { .. } => {
                self.produce(Op::new(OpKind::MemorySize, 0), Class::u32, [0; 3], None);
            }
            O::MemoryGrow { .. } => {
                let pages = self.pop_slot();
                self.spill_all();
                let to = self.stack.next_slot();
                let op = self.op(Op::fixed(OpKind::MemoryGrow));
                self.word(pack([to, pages, 0, 0]));
                self.dynamic(op + 1);
                self.push_written(Class::u32);
            }
            O::MemoryCopy { .. } => self.bulk(OpKind::MemoryCopy, 0, None),
            O::MemoryFill { .. } => self.bulk(OpKind::MemoryFill, 0, None),
            O::MemoryInit { data_index, .. } => self.bulk(OpKind::MemoryInit, data_index, None),
            O::DataDrop { data_index } => {
                self.op(Op::fixed(OpKind::DataDrop));
                self.word(pack_half(data_index, 0));
            }
            _ => return false,
        }
        true
    }

    /// A dynamically priced operator ends its region; `word` carries the cost of the next one.
    pub(super) fn dynamic(&mut self, word: usize) {
        self.terminator();
        self.charge_at(word, self.offset);
    }

    /// Pushes a result that the op has written to its slot.
    pub(super) fn push_written(&mut self, class: Class) {
        let slot = self.stack.next_slot();
        self.wrote(slot);
        self.last = None;
        self.stack.push(Value::Temp, class);
    }

    /// A bulk operator on three operands, with one or two indices.
    pub(super) fn bulk(&mut self, kind: OpKind, index: u32, second: Option<u32>) {
        let count = self.pop_slot();
        let from = self.pop_slot();
        let to = self.pop_slot();
        self.spill_all();
        let op = self.op(Op::fixed(kind));
        self.word(pack([to, from, count, 0]));
        self.word(pack_half(index, 0));
        if let Some(second) = second {
            self.word(pack_half(second, 0));
        }
        self.dynamic(op + 2);
    }
}
