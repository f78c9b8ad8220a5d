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
use crate::ir::pair::Pair;

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
    /// An op whose result is pending.
    Value(Fusible),
    /// A move of one slot.
    Copy { word: usize },
    /// A constant was added to a slot, which the accumulator holds too.
    Step(Step),
}

/// An op that can be taken back, since its result is only in the accumulator, for a later operator
/// that does its work too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fusible {
    /// Its word.
    pub(super) word: usize,
    /// What it does.
    pub(super) what: What,
    /// Slots that were known to hold the accumulators' bits before it.
    pub(super) acc_slot: [Option<u16>; 2],
}

/// What a [`Fusible`] op does.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// A relation, also of one operand and zero; the step just before it.
    Relation { kind: OpKind, a: Source, b: Source, step: Option<Step> },
    /// A product.
    Product { kind: OpKind, a: Source, b: Source },
    /// A shift by a constant.
    Shift { kind: OpKind, operand: Source, amount: u16 },
    /// A sum of a slot and an index, shifted left.
    Address { base: u16, index: Source, shift: u16 },
    /// A sum of what was in the accumulator and a constant.
    Constant(u32),
    /// A conjunction.
    And { kind: OpKind, a: Source, b: Source },
}

/// A slot that a constant was just added to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Word of the op that added.
    pub(super) word: usize,
    pub(super) slot: u16,
    pub(super) constant: u32,
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

/// The patterns of a commutative op on a slot or the accumulator, and an immediate.
const SLOT_AND_IMMEDIATE: u16 = 2;
const ACC_AND_IMMEDIATE: u16 = 3;

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
        // A fused op takes the place of the ops that it was fused from.
        while self.ops.last().is_some_and(|&(last, _)| last as usize >= word) {
            self.ops.pop();
        }
        self.ops.push((word as u32, op));
        word
    }

    /// Makes an op that was emitted another one.
    fn replace_op(&mut self, word: usize, op: Op) {
        self.code.words[word] = self.handlers.word(op);
        // It is seldom far back: what it left in its accumulator was there until now.
        let found = self.ops.iter_mut().rev().find(|(at, _)| *at as usize <= word);
        if let Some((_, known)) = found {
            *known = op;
        }
    }

    /// Gives neighbours a common handler where there is one. An op that branches lead to begins
    /// anew: the pair that it makes with the next is the one that loops run.
    pub(super) fn join_pairs(&mut self) {
        let mut labels = self.labels.placed.iter().copied().peekable();
        let mut i = 0;
        while i + 1 < self.ops.len() {
            let ((word, first), (next, second)) = (self.ops[i], self.ops[i + 1]);
            while labels.next_if(|&label| label < next).is_some() {}
            let pair = Pair::of(first, second).filter(|_| labels.peek() != Some(&next));
            i += match pair {
                Some(pair) => {
                    self.code.words[word as usize] = self.handlers.pair_word(pair);
                    2
                }
                None => 1,
            };
        }
    }

    /// Appends a cell.
    #[inline]
    pub(super) fn word(&mut self, word: u64) {
        self.code.words.push(word);
    }

    /// Says that the op at `word`, whose result is pending, may fuse with what consumes it. `known`
    /// are the slots that held the accumulators' bits before it.
    pub(super) fn may_fuse(&mut self, word: usize, what: What, known: [Option<u16>; 2]) {
        self.last = Some(Last::Value(Fusible { word, what, acc_slot: known }));
    }

    /// The op whose pending result is the entry `below` the top, if nothing was emitted after it.
    pub(super) fn fusible(&self, below: usize) -> Option<Fusible> {
        let Some(Last::Value(fusible)) = self.last else { return None };
        let index = self.stack.len().checked_sub(below + 1)?;
        let pending = self.pending[usize::from(self.stack.entry(index).class.is_float())]?;
        (pending.entry == index && pending.word >= fusible.word).then_some(fusible)
    }

    /// Takes back an op whose result was popped: what is emitted next does its work.
    pub(super) fn take_back(&mut self, op: Fusible) {
        self.code.words.truncate(op.word);
        self.last = None;
        self.acc_slot = op.acc_slot;
    }

    /// The slot of an entry that is in one.
    pub(super) fn slot_of(&self, index: usize) -> Option<u16> {
        let entry = self.stack.entry(index);
        match entry.value {
            Value::Local(slot) => Some(slot),
            Value::Temp => Some(entry.slot),
            _ => None,
        }
    }

    /// The step that was the last op, where an operand is what it left.
    pub(super) fn step_of(&self, operands: [Source; 2]) -> Option<Step> {
        let Some(Last::Step(step)) = self.last else { return None };
        operands.contains(&Source::A(Some(step.slot))).then_some(step)
    }

    /// Emits what the entry at `index` stands for, where it is a sum. Entries above it that alias
    /// the same local must be settled first.
    pub(super) fn resolve(&mut self, index: usize) {
        let entry = self.stack.entry(index);
        let Value::Sum { local, constant } = entry.value else { return };
        self.spill(false);
        let op = self.add_constant(local);
        let word = self.op(op);
        let [low, high] = split(constant);
        self.word(pack([entry.slot, local, low, high]));
        self.pending[0] = Some(Pending { entry: index, word, op });
        self.acc_slot[0] = None;
        self.stack.hold(index);
    }

    /// The op that adds a constant to a local.
    fn add_constant(&self, local: u16) -> Op {
        let pattern = match self.acc_slot[0] == Some(local) {
            true => ACC_AND_IMMEDIATE,
            false => SLOT_AND_IMMEDIATE,
        };
        Op::value(OpKind::I32Add, pattern, false)
    }

    /// The same for the top `count` entries.
    pub(super) fn resolve_top(&mut self, count: usize) {
        for below in (0..count).rev() {
            let index = self.stack.len() - 1 - below;
            if let Value::Sum { local, .. } = self.stack.entry(index).value {
                self.settle_above(index, local);
                self.resolve(index);
            }
        }
    }

    /// The same for all sums, before something is popped that has to stay in the accumulator while
    /// other entries are settled.
    pub(super) fn settle_sums(&mut self) {
        while let Some(index) = self.stack.top_sum() {
            if let Value::Sum { local, .. } = self.stack.entry(index).value {
                self.settle_above(index, local);
            }
            self.settle(index);
        }
    }

    /// Settles the entries above `index` that alias the same local.
    fn settle_above(&mut self, index: usize, local: u16) {
        while let Some(alias) = self.stack.alias_of(local).filter(|&alias| alias > index) {
            self.settle(alias);
        }
    }

    /// Pops an operand and says where it comes from. Its pending accumulator, if it is there, is
    /// consumed. A sum is emitted: of several operands, those are resolved before one is popped.
    pub(super) fn pop_source(&mut self) -> Source {
        if self.stack.top().is_some_and(|e| matches!(e.value, Value::Sum { .. })) {
            self.resolve(self.stack.len() - 1);
        }
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
            Value::Sum { .. } => unreachable!("sums are resolved before they are popped"),
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
        self.replace_op(pending.word, pending.op.to_slot());
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
            Value::Sum { .. } => {
                self.resolve(index);
                self.spill(false);
            }
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
        if !matches!(self.stack.entry(index).value, Value::Local(_) | Value::Temp) {
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
            self.replace_op(word, Op::fixed(OpKind::Copy2));
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
        if self.stack.top().is_some_and(|e| e.value == Value::Acc) && to < self.stack.base() {
            // It aliases nothing, and what settles others may take its accumulator.
            self.preserve(to);
        }
        let entry = self.stack.pop();
        if to < self.stack.base() {
            self.preserve(to);
        }
        if let Value::Sum { local, constant } = entry.value {
            return self.add_into(to, local, constant);
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

    /// `to := local + constant`.
    fn add_into(&mut self, to: u16, local: u16, constant: u32) {
        self.spill(false);
        let op = self.add_constant(local).to_slot();
        let word = self.op(op);
        let [low, high] = split(constant);
        self.word(pack([to, local, low, high]));
        self.wrote(to);
        self.acc_slot[0] = Some(to);
        if to == local {
            self.last = Some(Last::Step(Step { word, slot: to, constant }));
        }
    }
}
