//! Numeric operators, comparisons and conversions.

use super::Translator;
use super::emit::{Source, Step, What, split};
use super::fuse::is_shift;
use super::stack::Value;
use crate::ir::op::{Class, Op, OpKind, Shape};
use crate::wasm::Operator;

/// A relation and whether it also exists as a value.
pub(super) struct Inverse {
    pub(super) kind: OpKind,
    pub(super) is_value: bool,
}

/// The relation that holds exactly where `kind` does not.
pub(super) fn invert(kind: OpKind) -> Inverse {
    use OpKind::*;
    let (kind, is_value) = match kind {
        I32Eq => (I32Ne, true),
        I32Ne => (I32Eq, true),
        I32LtS => (I32GeS, true),
        I32LtU => (I32GeU, true),
        I32GtS => (I32LeS, true),
        I32GtU => (I32LeU, true),
        I32LeS => (I32GtS, true),
        I32LeU => (I32GtU, true),
        I32GeS => (I32LtS, true),
        I32GeU => (I32LtU, true),
        I64Eq => (I64Ne, true),
        I64Ne => (I64Eq, true),
        I64LtS => (I64GeS, true),
        I64LtU => (I64GeU, true),
        I64GtS => (I64LeS, true),
        I64GtU => (I64LeU, true),
        I64LeS => (I64GtS, true),
        I64LeU => (I64GtU, true),
        I64GeS => (I64LtS, true),
        I64GeU => (I64LtU, true),
        I32Test => (I32NoTest, false),
        I32NoTest => (I32Test, false),
        I64Test => (I64NoTest, false),
        I64NoTest => (I64Test, false),
        F32Eq => (F32Ne, true),
        F32Ne => (F32Eq, true),
        F32Lt => (F32NotLt, false),
        F32Gt => (F32NotGt, false),
        F32Le => (F32NotLe, false),
        F32Ge => (F32NotGe, false),
        F32NotLt => (F32Lt, true),
        F32NotGt => (F32Gt, true),
        F32NotLe => (F32Le, true),
        F32NotGe => (F32Ge, true),
        F64Eq => (F64Ne, true),
        F64Ne => (F64Eq, true),
        F64Lt => (F64NotLt, false),
        F64Gt => (F64NotGt, false),
        F64Le => (F64NotLe, false),
        F64Ge => (F64NotGe, false),
        F64NotLt => (F64Lt, true),
        F64NotGt => (F64Gt, true),
        F64NotLe => (F64Le, true),
        F64NotGe => (F64Ge, true),
        other => unreachable!("{} is no relation", other.name()),
    };
    Inverse { kind, is_value }
}

/// The relation that holds with its operands exchanged.
pub(super) fn swap(kind: OpKind) -> OpKind {
    use OpKind::*;
    match kind {
        I32LtS => I32GtS,
        I32LtU => I32GtU,
        I32GtS => I32LtS,
        I32GtU => I32LtU,
        I32LeS => I32GeS,
        I32LeU => I32GeU,
        I32GeS => I32LeS,
        I32GeU => I32LeU,
        I64LtS => I64GtS,
        I64LtU => I64GtU,
        I64GtS => I64LtS,
        I64GtU => I64LtU,
        I64LeS => I64GeS,
        I64LeU => I64GeU,
        I64GeS => I64LeS,
        I64GeU => I64LeU,
        F32Lt => F32Gt,
        F32Gt => F32Lt,
        F32Le => F32Ge,
        F32Ge => F32Le,
        F32NotLt => F32NotGt,
        F32NotGt => F32NotLt,
        F32NotLe => F32NotGe,
        F32NotGe => F32NotLe,
        F64Lt => F64Gt,
        F64Gt => F64Lt,
        F64Le => F64Ge,
        F64Ge => F64Le,
        F64NotLt => F64NotGt,
        F64NotGt => F64NotLt,
        F64NotLe => F64NotGe,
        F64NotGe => F64NotLe,
        symmetric => symmetric,
    }
}

/// Fields and immediate of a two-operand op: slots in operand order, then an immediate of the
/// operands' class.
struct Fields {
    pattern: u16,
    slots: [u16; 2],
    immediate: Option<u64>,
}

impl Translator<'_> {
    /// The operator, where it belongs to this room.
    pub(super) fn numeric(&mut self, operator: &Operator<'_>) -> bool {
        macro_rules! by_name {
            ($($name:ident)*) => {
                match operator {
                    $(Operator::$name {} => OpKind::$name,)*
                    other => return self.alias(other),
                }
            };
        }
        let kind = by_name! {
            I32Add I32Sub I32Mul I32DivS I32DivU I32RemS I32RemU I32And I32Or I32Xor I32Shl I32ShrS
            I32ShrU I32Rotl I32Rotr I64Add I64Sub I64Mul I64DivS I64DivU I64RemS I64RemU I64And
            I64Or I64Xor I64Shl I64ShrS I64ShrU I64Rotl I64Rotr F32Add F32Sub F32Mul F32Div F32Min
            F32Max F32Copysign F64Add F64Sub F64Mul F64Div F64Min F64Max F64Copysign I32Eq I32Ne
            I32LtS I32LtU I32GtS I32GtU I32LeS I32LeU I32GeS I32GeU I64Eq I64Ne I64LtS I64LtU
            I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU F32Eq F32Ne F32Lt F32Gt F32Le F32Ge F64Eq
            F64Ne F64Lt F64Gt F64Le F64Ge I32Clz I32Ctz I32Popcnt I32Eqz I32Extend8S I32Extend16S
            I64Clz I64Ctz I64Popcnt I64Eqz I64Extend8S I64Extend16S I64Extend32S I32WrapI64 F32Abs
            F32Neg F32Ceil F32Floor F32Trunc F32Nearest F32Sqrt F64Abs F64Neg F64Ceil F64Floor
            F64Trunc F64Nearest F64Sqrt I32TruncF32S I32TruncF32U I32TruncF64S I32TruncF64U
            I64TruncF32S I64TruncF32U I64TruncF64S I64TruncF64U I32TruncSatF32S I32TruncSatF32U
            I32TruncSatF64S I32TruncSatF64U I64TruncSatF32S I64TruncSatF32U I64TruncSatF64S
            I64TruncSatF64U F32ConvertI32S F32ConvertI32U F32ConvertI64S F32ConvertI64U
            F64ConvertI32S F64ConvertI32U F64ConvertI64S F64ConvertI64U F32DemoteF64 F64PromoteF32
        };
        match kind.shape() {
            Shape::commutative => self.commutative(kind),
            Shape::binary => self.binary(kind),
            Shape::compare => self.compare(kind),
            _ => self.unary(kind),
        }
        true
    }

    /// Operators that are another op under a different name, or that keep the bits as they are.
    fn alias(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::I64ExtendI32S {} => self.unary(OpKind::I64Extend32S),
            // Slots hold 32-bit integers zero-extended.
            Operator::I64ExtendI32U {} => {
                self.resolve_top(1);
                self.stack.retype_top(Class::u64);
            }
            Operator::I32ReinterpretF32 {} => self.reinterpret(Class::u32),
            Operator::I64ReinterpretF64 {} => self.reinterpret(Class::u64),
            Operator::F32ReinterpretI32 {} => self.reinterpret(Class::f32),
            Operator::F64ReinterpretI64 {} => self.reinterpret(Class::f64),
            _ => return false,
        }
        true
    }

    /// The bits stay in their slot and change their accumulator.
    fn reinterpret(&mut self, class: Class) {
        if self.stack.top().is_some_and(|e| matches!(e.value, Value::Acc | Value::Sum { .. })) {
            self.settle_top(1);
        }
        self.stack.retype_top(class);
    }

    pub(super) fn unary(&mut self, kind: OpKind) {
        if matches!(kind, OpKind::I32Eqz) && self.negate_last_relation() {
            return;
        }
        let conjunction = self.fusible(0);
        let known = self.acc_slot;
        let operand = self.pop_slot_or_acc();
        let (pattern, slot) = match operand {
            Source::A(_) => (1, 0),
            Source::S(slot) => (0, slot),
            Source::I(_) => unreachable!("constants were settled"),
        };
        let step = self.step_of([operand, operand]);
        let op = Op::value(kind, pattern, false);
        let word = self.produce(op, kind.output(), [slot, 0, 0], None);
        if !matches!(kind, OpKind::I32Eqz | OpKind::I64Eqz) {
            return;
        }
        match conjunction.map(|c| (c, c.what)) {
            Some((op, What::And { kind, a, b })) => {
                let kind =
                    if kind == OpKind::I32And { OpKind::I32NoTest } else { OpKind::I64NoTest };
                let what = What::Relation { kind, a, b, step: None };
                self.may_fuse(op.word, what, op.acc_slot);
            }
            _ => self.may_fuse(word, What::Relation { kind, a: operand, b: operand, step }, known),
        }
    }

    /// `i32.eqz` of a relation that was the last op: the inverse relation, where it is a value.
    fn negate_last_relation(&mut self) -> bool {
        let Some(op) = self.fusible(0) else { return false };
        let What::Relation { kind, a, b, step } = op.what else { return false };
        if matches!(kind, OpKind::I32Eqz | OpKind::I64Eqz) || !invert(kind).is_value {
            return false;
        }
        self.pop_source();
        self.take_back(op);
        self.relation(invert(kind).kind, a, b, step);
        true
    }

    fn compare(&mut self, kind: OpKind) {
        self.resolve_top(2);
        let b_entry = self.pop_operand();
        let a_entry = self.pop_operand();
        let (a, b) = self.untangle(a_entry, b_entry);
        let step = self.step_of([a, b]);
        self.relation(kind, a, b, step);
    }

    fn relation(&mut self, kind: OpKind, a: Source, b: Source, step: Option<Step>) {
        let known = self.acc_slot;
        let (relation, pattern, slots, immediate) = self.relation_operands(kind, a, b);
        let fields = Fields { pattern, slots, immediate };
        let word = self.emit_binary(relation, fields);
        self.may_fuse(word, What::Relation { kind, a, b, step }, known);
    }

    /// Brings the operands of a relation into one of its patterns.
    pub(super) fn relation_operands(
        &mut self,
        kind: OpKind,
        a: Source,
        b: Source,
    ) -> (OpKind, u16, [u16; 2], Option<u64>) {
        use Source::{A, I, S};
        match (a, b) {
            (S(a), S(b)) => (kind, 0, [a, b], None),
            (A(_), S(b)) => (kind, 1, [b, 0], None),
            (S(a), A(_)) => (kind, 2, [a, 0], None),
            (S(a), I(bits)) => (kind, 3, [a, 0], Some(bits)),
            (A(_), I(bits)) => (kind, 4, [0, 0], Some(bits)),
            (I(bits), S(b)) => (swap(kind), 3, [b, 0], Some(bits)),
            (I(bits), A(_)) => (swap(kind), 4, [0, 0], Some(bits)),
            (A(_), A(_)) | (I(_), I(_)) => unreachable!("operands were untangled"),
        }
    }

    /// Pops an operand together with the slot of its height, for a constant that has to be
    /// materialised.
    pub(super) fn pop_operand(&mut self) -> (Source, u16) {
        let slot = self.stack.top().expect("validated").slot;
        (self.pop_source(), slot)
    }

    /// No op takes both operands from the accumulator or both as immediates.
    pub(super) fn untangle(&mut self, a: (Source, u16), b: (Source, u16)) -> (Source, Source) {
        use Source::{A, I, S};
        match (a.0, b.0) {
            (I(bits), I(_)) => {
                self.write_const(a.1, bits);
                (S(a.1), b.0)
            }
            (A(from), A(Some(slot))) => (A(from), S(slot)),
            (A(Some(slot)), A(None)) => (S(slot), A(None)),
            other => other,
        }
    }

    fn binary(&mut self, kind: OpKind) {
        use Source::{A, I, S};
        if kind == OpKind::I32Sub && self.add_symbolically(true) {
            return;
        }
        self.resolve_top(2);
        if self.fuse_operand(kind) {
            return;
        }
        let b = self.pop_operand();
        let a = self.pop_operand();
        let (a, b) = self.untangle(a, b);
        let (pattern, slots, immediate) = match (a, b) {
            (S(a), S(b)) => (0, [a, b], None),
            (A(_), S(b)) => (1, [b, 0], None),
            (S(a), A(_)) => (2, [a, 0], None),
            (S(a), I(bits)) => (3, [a, 0], Some(bits)),
            (A(_), I(bits)) => (4, [0, 0], Some(bits)),
            (I(bits), S(b)) => (5, [b, 0], Some(bits)),
            (I(bits), A(_)) => (6, [0, 0], Some(bits)),
            (A(_), A(_)) | (I(_), I(_)) => unreachable!("operands were untangled"),
        };
        let known = self.acc_slot;
        let word = self.emit_binary(kind, Fields { pattern, slots, immediate });
        match (kind, a, b) {
            (_, S(_) | A(_), I(amount)) if is_shift(kind) => {
                self.may_fuse(word, What::Shift { kind, operand: a, amount: amount as u16 }, known);
            }
            (OpKind::F64Mul, S(_) | A(_), S(_) | A(_)) => {
                self.may_fuse(word, What::Product { kind, a, b }, known);
            }
            _ => {}
        }
    }

    pub(super) fn commutative(&mut self, kind: OpKind) {
        use Source::{A, I, S};
        if kind == OpKind::I32Add && (self.add_symbolically(false) || self.add_constant_last()) {
            return;
        }
        self.resolve_top(2);
        if self.fuse_operand(kind) {
            return;
        }
        let b = self.pop_operand();
        let a = self.pop_operand();
        let (a, b) = self.untangle(a, b);
        let (pattern, slots, immediate) = match (a, b) {
            (S(a), S(b)) => (0, [a, b], None),
            (A(_), S(s)) | (S(s), A(_)) => (1, [s, 0], None),
            (S(s), I(bits)) | (I(bits), S(s)) => (2, [s, 0], Some(bits)),
            (A(_), I(bits)) | (I(bits), A(_)) => (3, [0, 0], Some(bits)),
            (A(_), A(_)) | (I(_), I(_)) => unreachable!("operands were untangled"),
        };
        let known = self.acc_slot;
        let word = self.emit_binary(kind, Fields { pattern, slots, immediate });
        let what = match (kind, a, b) {
            (OpKind::I32And | OpKind::I64And, ..) => What::And { kind, a, b },
            (OpKind::I32Add, A(None), I(bits)) | (OpKind::I32Add, I(bits), A(None)) => {
                What::Constant(bits as u32)
            }
            (_, I(_), _) | (_, _, I(_)) => return,
            (OpKind::I32Mul | OpKind::I64Mul, ..) => What::Product { kind, a, b },
            (OpKind::I32Add, index, S(base)) | (OpKind::I32Add, S(base), index) => {
                What::Address { base, index, shift: 0 }
            }
            _ => return,
        };
        self.may_fuse(word, what, known);
    }

    fn emit_binary(&mut self, kind: OpKind, fields: Fields) -> usize {
        let op = Op::value(kind, fields.pattern, false);
        let [first, second] = fields.slots;
        match fields.immediate {
            None => self.produce(op, kind.output(), [first, second, 0], None),
            Some(bits) if kind.input().is_wide() => {
                self.produce(op, kind.output(), [first, second, 0], Some(bits))
            }
            Some(bits) => {
                let [low, high] = split(bits as u32);
                self.produce(op, kind.output(), [first, low, high], None)
            }
        }
    }
}
