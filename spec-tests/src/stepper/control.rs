//! Blocks and branches.

use dytallix::wasm::{BlockType, Operator};

use super::Trap;
use super::code::block_signature;
use super::machine::{Label, Machine};

impl<'m> Machine<'m> {
    /// Executes `operator` if it is a block, a branch, or does nothing.
    pub(super) fn execute_control(&mut self, operator: &Operator<'m>) -> Option<Result<(), Trap>> {
        match *operator {
            Operator::Unreachable { .. } => return Some(Err(Trap::Unreachable)),
            Operator::Nop { .. } => {}
            Operator::Block { blockty } => self.begin_block(blockty, false),
            Operator::Loop { blockty } => self.begin_block(blockty, true),
            Operator::If { blockty } => self.begin_if(blockty),
            // Reached from the first arm, which is thereby done: the `end` is jumped over, not
            // executed.
            Operator::Else { .. } => self.branch(0),
            Operator::End { .. } => self.end_block(),
            Operator::Br { relative_depth } => self.branch(relative_depth),
            Operator::BrIf { relative_depth } => {
                if self.operands.pop() {
                    self.branch(relative_depth);
                }
            }
            Operator::BrTable { targets } => {
                let index: u32 = self.operands.pop();
                let label = targets.targets().nth(index as usize);
                self.branch(label.unwrap_or(targets.default()));
            }
            Operator::Return { .. } => self.leave(),
            _ => return None,
        }
        Some(Ok(()))
    }

    /// Opens the block, loop or if whose operator has just been executed.
    fn begin_block(&mut self, ty: BlockType, is_loop: bool) {
        let (params, results) = block_signature(&self.instance().module, ty);
        let operands_below = self.operands.0.len() - params.len();
        let activation = self.activation();
        let begin = activation.next - 1;
        let after_end = activation.code.ends[&begin] + 1;
        let (target, arity) =
            if is_loop { (activation.next, params.len()) } else { (after_end, results.len()) };
        activation.labels.push(Label { target, arity, operands_below, is_loop });
    }

    fn begin_if(&mut self, ty: BlockType) {
        let condition: bool = self.operands.pop();
        let activation = self.activation();
        let begin = activation.next - 1;
        let second_arm = activation.code.elses.get(&begin).map(|position| position + 1);
        let after_end = activation.code.ends[&begin] + 1;
        match (condition, second_arm) {
            (true, _) => self.begin_block(ty, false),
            (false, Some(second_arm)) => {
                self.begin_block(ty, false);
                self.activation().next = second_arm;
            }
            // Without a second arm, parameters and results are the same, and nothing is left to do.
            (false, None) => activation.next = after_end,
        }
    }

    /// Falls out of the innermost block, or out of the function; the results are already on top.
    fn end_block(&mut self) {
        self.activation().labels.pop();
        if self.activation().labels.is_empty() {
            self.leave_with_results_in_place();
        }
    }

    /// Branches to the label that `depth` blocks are around.
    fn branch(&mut self, depth: u32) {
        let activation = self.activation();
        let position = activation.labels.len() - 1 - depth as usize;
        if position == 0 {
            return self.leave();
        }
        let label = activation.labels[position];
        activation.next = label.target;
        // A loop stays open when it begins anew, other blocks are left.
        activation.labels.truncate(if label.is_loop { position + 1 } else { position });
        self.keep(label.arity, label.operands_below);
    }

    /// Moves the topmost `count` operands down, so that they lie upon `below` others.
    pub(super) fn keep(&mut self, count: usize, below: usize) {
        let top = self.operands.0.len() - count;
        self.operands.0.drain(below..top);
    }
}
