//! References and tables. A reference is one slot: null is 0.

use super::Translator;
use super::emit::split;
use super::{pack, pack_half};
use crate::ir::op::{Class, Op, OpKind};
use crate::wasm::Operator;

impl Translator<'_> {
    /// The operator, where it belongs to this room.
    pub(super) fn reference(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match *operator {
            O::RefNull { .. } => self.constant(0, Class::u64),
            O::RefIsNull {} => self.unary(OpKind::I64Eqz),
            O::RefFunc { function_index } => {
                let to = self.stack.next_slot();
                let [low, high] = split(function_index);
                self.op(Op::fixed(OpKind::RefFunc));
                self.word(pack([to, 0, low, high]));
                self.push_written(Class::u64);
            }
            O::TableGet { table } => {
                let index = self.pop_slot();
                let to = self.stack.next_slot();
                let [low, high] = split(table);
                self.op(Op::fixed(OpKind::TableGet));
                self.word(pack([to, index, low, high]));
                self.push_written(Class::u64);
            }
            O::TableSet { table } => {
                let value = self.pop_slot();
                let index = self.pop_slot();
                let [low, high] = split(table);
                self.op(Op::fixed(OpKind::TableSet));
                self.word(pack([index, value, low, high]));
            }
            O::TableSize { table } => {
                let to = self.stack.next_slot();
                let [low, high] = split(table);
                self.op(Op::fixed(OpKind::TableSize));
                self.word(pack([to, 0, low, high]));
                self.push_written(Class::u32);
            }
            O::TableGrow { table } => self.table_grow(table),
            O::TableFill { table } => self.bulk(OpKind::TableFill, table, None),
            O::TableCopy { dst_table, src_table } => {
                self.bulk(OpKind::TableCopy, dst_table, Some(src_table));
            }
            O::TableInit { elem_index, table } => {
                self.bulk(OpKind::TableInit, table, Some(elem_index));
            }
            O::ElemDrop { elem_index } => {
                self.op(Op::fixed(OpKind::ElemDrop));
                self.word(pack_half(elem_index, 0));
            }
            _ => return false,
        }
        true
    }

    fn table_grow(&mut self, table: u32) {
        let count = self.pop_slot();
        let value = self.pop_slot();
        self.spill_all();
        let to = self.stack.next_slot();
        let op = self.op(Op::fixed(OpKind::TableGrow));
        self.word(pack([to, value, count, 0]));
        self.word(pack_half(table, 0));
        self.dynamic(op + 2);
        self.push_written(Class::u32);
    }
}
