//! Emission: cells, accumulators, moves.
//!
//! Invariants, per accumulator (integer, float):
//!
//! * at most one entry of the stack has its only copy there (`pending`); the op that produced it is
//!   known and can be patched to store its result into the entry's own slot as well;
//! * `acc_slot` names a slot that is known to hold the same bits as the accumulator, if any.

use super::stack::{Entry, Value};
use super::{Translator, pack, pack_half};
use crate::ir::cell::unpack;
use crate::ir::op::{Class, Op, OpKind};

/// A value that is only in an accumulator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    /// Stack index of the entry.
    entry: usize,
    /// Word of the op that produced it.
    word: usize,
    /// That op, in its accumulator-only variant.
    op: Op,
}

/// The last op, where a later operator may fuse with it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Last {
    /// A relation whose result is pending.
    Compare { word: usize, kind: OpKind, a: Source, b: Source, acc_slot: Option<u16> },
    /// A move of one slot.
    Copy { word: usize },
}

/// Where an operand comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Source {
    /// A slot.
    S(u16),
    /// The accumulator, and the slot that holds the same bits, if any.
    A(Option<u16>),
    /// A constant.
    I(u64),
}

/// A 32-bit value as two 16-bit fields in memory order.
pub(super) fn split(value: u32) -> [u16; 2] {
    let [.., c, d] = unpack(pack_half(0, value));
    [c, d]
}

impl Translator<'_> {
    /// Appends the first cell of an op.
    pub(super) fn op(&mut self, op: Op) -> usize {
        let word = self.code.words.len();
        self.last = None;
        self.replay.record_op(word, self.offset, self.regions.paid());
        self.code.words.push(self.handlers.word(op));
        word
    }

    /// Appends a cell.
    #[inline]
    pub(super) fn word(&mut self, word: u64) {
        self.code.words.push(word);
    }

    /// Pops an operand and says where it comes from. Its pending accumulator, if it is there, is
    /// consumed.
    pub(super) fn pop_source(&mut self) -> Source {
        let entry = self.stack.pop();
        self.source_of(entry)
    }

    fn source_of(&mut self, entry: Entry) -> Source {
        let acc = &mut self.pending[usize::from(entry.class.is_float())];
        let slot = match entry.value {
            Value::Const(bits) => return Source::I(bits),
            Value::Acc => {
                *acc = None;
                return Source::A(None);
            }
            Value::Local(slot) => slot,
            Value::Temp => entry.slot,
        };
        match self.acc_slot[usize::from(entry.class.is_float())] == Some(slot) {
            true => Source::A(Some(slot)),
            false => Source::S(slot),
        }
    }

    /// Pops an operand into a slot: where it is, or its own.
    pub(super) fn pop_slot(&mut self) -> u16 {
        self.settle_const_or_acc(self.stack.len() - 1);
        let entry = self.stack.pop();
        match entry.value {
            Value::Local(slot) => slot,
            _ => entry.slot,
        }
    }

    /// Pops an operand into a slot or the accumulator.
    pub(super) fn pop_slot_or_acc(&mut self) -> Source {
        let top = self.stack.len() - 1;
        if let Value::Const(_) = self.stack.entry(top).value {
            self.settle(top);
        }
        self.pop_source()
    }

    /// Emits an op with a result: `fields` follow the destination, `extra` is its immediate cell.
    pub(super) fn produce(
        &mut self,
        op: Op,
        class: Class,
        fields: [u16; 3],
        extra: Option<u64>,
    ) -> usize {
        let float = class.is_float();
        self.spill(float);
        let word = self.op(op);
        let slot = self.stack.next_slot();
        self.word(pack([slot, fields[0], fields[1], fields[2]]));
        if let Some(extra) = extra {
            self.word(extra);
        }
        self.pending[usize::from(float)] = Some(Pending { entry: self.stack.len(), word, op });
        self.acc_slot[usize::from(float)] = None;
        self.stack.push(Value::Acc, class);
        word
    }

    /// Makes the op that produced a pending accumulator store its result, so that the accumulator
    /// may be overwritten.
    pub(super) fn spill(&mut self, float: bool) {
        if let Some(pending) = self.pending[usize::from(float)].take() {
            let slot = self.stack.entry(pending.entry).slot;
            self.store_result(pending, slot);
            self.stack.settle(pending.entry);
        }
    }

    fn store_result(&mut self, pending: Pending, slot: u16) {
        let fields = &mut self.code.words[pending.word + 1];
        let [_, a, b, c] = unpack(*fields);
        *fields = pack([slot, a, b, c]);
        self.code.words[pending.word] = self.handlers.word(pending.op.to_slot());
        let class = usize::from(pending.op.kind().output().is_float());
        self.wrote(slot);
        self.acc_slot[class] = Some(slot);
    }

    /// A slot was overwritten.
    pub(super) fn wrote(&mut self, slot: u16) {
        for known in &mut self.acc_slot {
            if *known == Some(slot) {
                *known = None;
            }
        }
    }

    /// Both accumulators hold nothing known: a merge, or a call.
    pub(super) fn forget_accumulators(&mut self) {
        debug_assert!(self.pending.iter().all(Option::is_none));
        self.acc_slot = [None; 2];
        self.last = None;
    }

    /// Drops what is pending: control does not come back to it.
    pub(super) fn abandon_pending(&mut self) {
        self.pending = [None; 2];
    }

    /// Spills both accumulators: before anything after which a replay may begin.
    pub(super) fn spill_all(&mut self) {
        self.spill(false);
        self.spill(true);
    }

    /// After a call with one result, the accumulator of its class holds it too.
    pub(super) fn acc_holds(&mut self, class: Class, slot: u16) {
        self.acc_slot[usize::from(class.is_float())] = Some(slot);
    }

    /// Brings the entry at `index` into its own slot. Entries above it that alias the same local
    /// must be settled first.
    pub(super) fn settle(&mut self, index: usize) {
        let entry = self.stack.entry(index);
        match entry.value {
            Value::Temp => {}
            Value::Acc => self.spill(entry.class.is_float()),
            Value::Local(local) => {
                self.copy(entry.slot, local);
                self.stack.settle(index);
            }
            Value::Const(bits) => {
                self.write_const(entry.slot, bits);
                self.stack.settle(index);
            }
        }
    }

    fn settle_const_or_acc(&mut self, index: usize) {
        if let Value::Const(_) | Value::Acc = self.stack.entry(index).value {
            self.settle(index);
        }
    }

    /// Brings the top `count` entries into their own slots.
    pub(super) fn settle_top(&mut self, count: usize) {
        let len = self.stack.len();
        for index in (len - count..len).rev() {
            self.settle(index);
        }
    }

    /// Brings every entry that aliases a local or is in an accumulator into its own slot; constants
    /// stay.
    pub(super) fn flush(&mut self) {
        for index in (self.stack.first_unflushed()..self.stack.len()).rev() {
            if !matches!(self.stack.entry(index).value, Value::Const(_)) {
                self.settle(index);
            }
        }
        self.stack.mark_flushed();
    }

    /// Settles all entries that alias a local which is about to be overwritten.
    fn preserve(&mut self, local: u16) {
        while let Some(index) = self.stack.alias_of(local) {
            self.settle(index);
        }
    }

    /// `to := from`, paired with a preceding move.
    pub(super) fn copy(&mut self, to: u16, from: u16) {
        if to == from {
            return;
        }
        self.wrote(to);
        if let Some(Last::Copy { word }) = self.last {
            let [d, s, ..] = unpack(self.code.words[word + 1]);
            self.code.words[word] = self.handlers.word(Op::fixed(OpKind::Copy2));
            self.code.words[word + 1] = pack([d, s, to, from]);
            self.last = None;
            return;
        }
        let word = self.op(Op::fixed(OpKind::Copy));
        self.word(pack([to, from, 0, 0]));
        self.last = Some(Last::Copy { word });
    }

    /// `to := bits`.
    pub(super) fn write_const(&mut self, to: u16, bits: u64) {
        self.wrote(to);
        if let Ok(small) = u32::try_from(bits) {
            self.op(Op::fixed(OpKind::Const32));
            let [low, high] = split(small);
            self.word(pack([to, 0, low, high]));
        } else {
            self.op(Op::fixed(OpKind::Const64));
            self.word(pack([to, 0, 0, 0]));
            self.word(bits);
        }
    }

    /// Writes an operand that was popped (`source`, of `class`) to a slot. `producer` is the
    /// pending op it came from.
    pub(super) fn write(&mut self, to: u16, source: Source, class: Class) {
        match source {
            Source::S(from) => self.copy(to, from),
            Source::I(bits) => self.write_const(to, bits),
            Source::A(_) => {
                let float = class.is_float();
                self.wrote(to);
                let kind = if float { OpKind::StoreFacc } else { OpKind::StoreAcc };
                self.op(Op::fixed(kind));
                self.word(pack([to, 0, 0, 0]));
                self.acc_slot[usize::from(float)] = Some(to);
            }
        }
    }

    /// Pops a value into a slot, by patching the op that produced it where nothing was emitted
    /// since.
    pub(super) fn pop_into(&mut self, to: u16) {
        let entry = self.stack.pop();
        if to < self.stack.base() {
            self.preserve(to);
        }
        if entry.value == Value::Acc {
            let pending = self.pending[usize::from(entry.class.is_float())].take();
            let pending = pending.expect("an accumulator entry is pending");
            let end = pending.word + pending.op.cells(0);
            if end == self.code.words.len() {
                self.last = None;
                self.store_result(pending, to);
                return;
            }
            return self.write(to, Source::A(None), entry.class);
        }
        let source = self.source_of(entry);
        self.write(to, source, entry.class);
    }
}
