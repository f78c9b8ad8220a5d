//! Fusions: one op for what are several operators.
//!
//! A sum of a local and a constant is not emitted until something asks for it: addresses take it as
//! it is. An op whose result is still only in the accumulator is taken back when the operator that
//! consumes it has a form that does both ([`What`]): a shift or a product in an operand, a sum in
//! an address, a relation in a branch, a step in a loop's branch.

use super::Translator;
use super::emit::{Fusible, Source, Step, What, split};
use super::numeric::swap;
use super::stack::Value;
use crate::ir::op::{Class, Op, OpKind, Operand};

/// The greatest offset that an address of several pieces has room for.
const MAX_OFFSET: u32 = u16::MAX as u32;

/// Whether an op shifts, and some op does that to an operand.
pub(super) fn is_shift(kind: OpKind) -> bool {
    use OpKind as K;
    matches!(kind, K::I32Shl | K::I32ShrU | K::I32Rotl | K::I64Shl | K::I64ShrU | K::I64Rotl)
}

/// The op that is `kind` with an operand shifted.
fn shifted(kind: OpKind, shift: OpKind) -> Option<OpKind> {
    use OpKind as K;
    Some(match (kind, shift) {
        (K::I32Add, K::I32Shl) => K::I32AddShl,
        (K::I32Add, K::I32ShrU) => K::I32AddShrU,
        (K::I32Or, K::I32Shl) => K::I32OrShl,
        (K::I32Or, K::I32ShrU) => K::I32OrShrU,
        (K::I32Xor, K::I32Shl) => K::I32XorShl,
        (K::I32Xor, K::I32ShrU) => K::I32XorShrU,
        (K::I32Xor, K::I32Rotl) => K::I32XorRotl,
        (K::I64Add, K::I64Shl) => K::I64AddShl,
        (K::I64Add, K::I64ShrU) => K::I64AddShrU,
        (K::I64Or, K::I64Shl) => K::I64OrShl,
        (K::I64Or, K::I64ShrU) => K::I64OrShrU,
        (K::I64Xor, K::I64Shl) => K::I64XorShl,
        (K::I64Xor, K::I64ShrU) => K::I64XorShrU,
        (K::I64Xor, K::I64Rotl) => K::I64XorRotl,
        _ => return None,
    })
}

/// The op that is `kind` on a product, which is its first or its second operand.
fn product(kind: OpKind, product: OpKind, is_first: bool) -> Option<OpKind> {
    use OpKind as K;
    Some(match (kind, product) {
        (K::I32Add, K::I32Mul) => K::I32MulAdd,
        (K::I64Add, K::I64Mul) => K::I64MulAdd,
        (K::F64Add, K::F64Mul) => K::F64MulAdd,
        (K::F64Sub, K::F64Mul) if is_first => K::F64MulSub,
        (K::F64Sub, K::F64Mul) => K::F64SubMul,
        _ => return None,
    })
}

/// The branch by a relation to a slot that a step was just added to.
fn step_branch(kind: OpKind) -> Option<OpKind> {
    use OpKind as K;
    Some(match kind {
        K::I32Eq => K::I32StepEq,
        K::I32Ne => K::I32StepNe,
        K::I32LtS => K::I32StepLtS,
        K::I32LtU => K::I32StepLtU,
        K::I32GtS => K::I32StepGtS,
        K::I32GtU => K::I32StepGtU,
        K::I32LeS => K::I32StepLeS,
        K::I32LeU => K::I32StepLeU,
        K::I32GeS => K::I32StepGeS,
        K::I32GeU => K::I32StepGeU,
        _ => return None,
    })
}

/// An address of several pieces, whose operands were popped.
pub(super) struct Address {
    /// Its form.
    pub(super) operand: Operand,
    /// Slot of the base.
    pub(super) base: u16,
    /// Slot of the index, if it is in one.
    pub(super) index: u16,
    /// The offset, or what a sum adds.
    pub(super) constant: u32,
}

impl Address {
    /// The last two fields of an access: the index and the offset, or a constant of 32 bits.
    pub(super) fn fields(&self) -> [u16; 2] {
        match self.operand {
            Operand::Add | Operand::AddA | Operand::Scale | Operand::ScaleA => {
                [self.index, self.constant as u16]
            }
            _ => split(self.constant),
        }
    }
}

impl Translator<'_> {
    /// Adds a constant to, or subtracts it from, a local or a sum without emitting anything.
    pub(super) fn add_symbolically(&mut self, subtract: bool) -> bool {
        let len = self.stack.len();
        let (a, b) = (self.stack.entry(len - 2).value, self.stack.entry(len - 1).value);
        let (value, added) = match (a, b) {
            (value, Value::Const(bits)) if subtract => (value, (bits as u32).wrapping_neg()),
            (value, Value::Const(bits)) => (value, bits as u32),
            (Value::Const(bits), value) if !subtract => (value, bits as u32),
            _ => return false,
        };
        let (local, constant) = match value {
            Value::Local(local) => (local, added),
            Value::Sum { local, constant } => (local, constant.wrapping_add(added)),
            _ => return false,
        };
        self.stack.pop();
        self.stack.pop();
        self.stack.push(
            match constant {
                0 => Value::Local(local),
                constant => Value::Sum { local, constant },
            },
            Class::u32,
        );
        true
    }

    /// Adds a sum that waits to a shift or a product that was the last op: first the local, with
    /// which that has a form, then the constant, which an address may take.
    pub(super) fn add_constant_last(&mut self) -> bool {
        let len = self.stack.len();
        for below in 0..2 {
            let other = len - 2 + below;
            let Value::Sum { constant, .. } = self.stack.entry(other).value else { continue };
            let Some(What::Shift { kind, .. } | What::Product { kind, .. }) =
                self.fusible(below).map(|op| op.what)
            else {
                continue;
            };
            if !matches!(kind, OpKind::I32Shl | OpKind::I32ShrU | OpKind::I32Mul) {
                continue;
            }
            self.stack.drop_constant(other);
            self.commutative(OpKind::I32Add);
            self.stack.push(Value::Const(constant.into()), Class::u32);
            self.commutative(OpKind::I32Add);
            return true;
        }
        false
    }

    /// The operator, where one of its operands is a shift or a product that was the last op and the
    /// other is in a slot.
    pub(super) fn fuse_operand(&mut self, kind: OpKind) -> bool {
        for below in 0..2 {
            let Some(op) = self.fusible(below) else { continue };
            let other = self.stack.len() - if below == 0 { 2 } else { 1 };
            let Some(other) = self.slot_of(other) else { continue };
            match op.what {
                What::Shift { kind: shift, operand, amount } => {
                    if let Some(fused) = shifted(kind, shift) {
                        self.pop_both(op);
                        self.emit_shifted(fused, other, operand, amount);
                        return true;
                    }
                }
                What::Product { kind: times, a, b } => {
                    if let Some(fused) = product(kind, times, below == 1) {
                        self.pop_both(op);
                        self.emit_product(fused, a, b, other);
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Pops both operands of an operator that takes the place of the one that made one of them.
    fn pop_both(&mut self, op: Fusible) {
        self.pop_source();
        self.pop_source();
        self.take_back(op);
    }

    fn emit_shifted(&mut self, kind: OpKind, other: u16, operand: Source, amount: u16) {
        let known = self.acc_slot;
        let (pattern, fields) = match operand {
            Source::A(_) => (1, [other, 0, amount]),
            Source::S(slot) if known[0] == Some(other) => (2, [slot, 0, amount]),
            Source::S(slot) => (0, [other, slot, amount]),
            Source::I(_) => unreachable!("what is shifted is no constant"),
        };
        let word = self.produce(Op::value(kind, pattern, false), kind.output(), fields, None);
        if kind == OpKind::I32AddShl {
            let what = What::Address { base: other, index: operand, shift: amount };
            self.may_fuse(word, what, known);
        }
    }

    fn emit_product(&mut self, kind: OpKind, a: Source, b: Source, other: u16) {
        let (pattern, fields) = match (a, b) {
            (Source::S(a), Source::S(b)) => (0, [a, b, other]),
            (Source::A(_), Source::S(b)) | (Source::S(b), Source::A(_)) => (1, [0, b, other]),
            _ => unreachable!("factors are no constants, and one at most is in the accumulator"),
        };
        self.produce(Op::value(kind, pattern, false), kind.output(), fields, None);
    }

    /// Pops the address on top of the stack, where an access of this kind takes it in pieces.
    pub(super) fn pop_pieces(&mut self, kind: OpKind, offset: u32) -> Option<Address> {
        if let Value::Sum { local, constant } = self.stack.top()?.value {
            if offset != 0 {
                return None;
            }
            self.stack.pop();
            // Stores have no form with the accumulator: there it seldom holds the address's local.
            let operand = match self.acc_slot[0] == Some(local) && kind.shape().has_result() {
                true => Operand::SumA,
                false => Operand::Sum,
            };
            return Some(Address { operand, base: local, index: 0, constant });
        }
        let op = self.fusible(0)?;
        if let What::Shift { kind: OpKind::I32Shl, operand, amount } = op.what {
            // Stores have no such form: seldom is one address a scaled index alone.
            if !kind.shape().has_result() || u32::from(amount) != kind.scale() {
                return None;
            }
            self.pop_source();
            self.take_back(op);
            let (operand, base) = match operand {
                Source::S(slot) => (Operand::Left, slot),
                _ => (Operand::LeftA, 0),
            };
            return Some(Address { operand, base, index: 0, constant: offset });
        }
        if let What::Constant(constant) = op.what {
            if !kind.shape().has_result() || offset != 0 {
                return None;
            }
            self.pop_source();
            self.take_back(op);
            return Some(Address { operand: Operand::SumA, base: 0, index: 0, constant });
        }
        let What::Address { base, index, shift } = op.what else { return None };
        let scaled = u32::from(shift) == kind.scale();
        if offset > MAX_OFFSET || !(shift == 0 || scaled) {
            return None;
        }
        self.pop_source();
        self.take_back(op);
        let (operand, index) = match (index, shift) {
            (Source::S(index), 0) => (Operand::Add, index),
            (Source::S(index), _) => (Operand::Scale, index),
            (_, 0) => (Operand::AddA, 0),
            _ => (Operand::ScaleA, 0),
        };
        Some(Address { operand, base, index, constant: offset })
    }

    /// Takes back a step that was the last op, for a branch by this relation. Gives the branch and
    /// the slot or immediate that it compares with.
    pub(super) fn take_step(
        &mut self,
        step: Step,
        kind: OpKind,
        a: Source,
        b: Source,
    ) -> Option<(OpKind, Source)> {
        let (kind, limit) = match (a, b) {
            (Source::A(_), limit) => (kind, limit),
            (limit, Source::A(_)) => (swap(kind), limit),
            _ => return None,
        };
        let kind = step_branch(kind)?;
        // What it compares with is read before the step is written.
        if limit == Source::S(step.slot) || self.code.words.len() != step.word + 2 {
            return None;
        }
        self.code.words.truncate(step.word);
        Some((kind, limit))
    }
}
