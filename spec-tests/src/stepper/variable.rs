//! Locals, globals, and the operators that only move operands.

use dytallix::wasm::Operator;

use super::Trap;
use super::machine::Machine;

impl<'m> Machine<'m> {
    /// Executes `operator` if it moves values between operands, locals and globals.
    pub(super) fn execute_variable(&mut self, operator: &Operator<'m>) -> Option<Result<(), Trap>> {
        match *operator {
            Operator::LocalGet { local_index } => {
                let value = self.activation().locals[local_index as usize];
                self.operands.0.push(value);
            }
            Operator::LocalSet { local_index } => {
                let value = self.operands.pop_value();
                self.activation().locals[local_index as usize] = value;
            }
            Operator::LocalTee { local_index } => {
                let value = self.operands.pop_value();
                self.operands.0.push(value);
                self.activation().locals[local_index as usize] = value;
            }
            Operator::GlobalGet { global_index } => {
                let address = self.instance().globals[global_index as usize];
                let value = self.store.globals[address as usize].value;
                self.operands.0.push(value);
            }
            Operator::GlobalSet { global_index } => {
                let address = self.instance().globals[global_index as usize];
                self.store.globals[address as usize].value = self.operands.pop_value();
            }
            Operator::Drop { .. } => {
                self.operands.pop_value();
            }
            Operator::Select { .. } | Operator::TypedSelect { .. } => {
                let condition: bool = self.operands.pop();
                let second = self.operands.pop_value();
                let first = self.operands.pop_value();
                self.operands.0.push(if condition { first } else { second });
            }
            _ => return None,
        }
        Some(Ok(()))
    }
}
