//! Plain operators: those that their popped and pushed types describe in full.

use super::rules::Rule;
use super::{Operand, Result, Validator};

impl Validator<'_> {
    /// A plain operator. Expanded once per opcode: the arms fold into a call of one shape each.
    #[inline(always)]
    pub(super) fn plain(&mut self, rule: &Rule) -> Result<()> {
        match (rule.arity, rule.result != Operand::UNKNOWN) {
            (0, true) => self.push(rule.result),
            (1, true) => self.unary(rule.params[0], rule.result),
            (2, true) if rule.params[0] == rule.params[1] => {
                self.binary(rule.params[0], rule.result)
            }
            _ => self.general(rule),
        }
    }

    #[inline(never)]
    fn unary(&mut self, param: Operand, result: Operand) -> Result<()> {
        // With an operand there and of the right type, the result takes its place.
        if let [.., top] = &mut self.buffers.operands[self.height..]
            && *top == param
        {
            *top = result;
            return Ok(());
        }
        self.pop(param)?;
        self.push(result)
    }

    #[inline(never)]
    fn binary(&mut self, param: Operand, result: Operand) -> Result<()> {
        if let [.., first, second] = &mut self.buffers.operands[self.height..]
            && *first == param
            && *second == param
        {
            *first = result;
            self.buffers.operands.pop();
            return Ok(());
        }
        self.pop(param)?;
        self.pop(param)?;
        self.push(result)
    }

    #[inline(never)]
    fn general(&mut self, rule: &Rule) -> Result<()> {
        for &param in rule.params[..usize::from(rule.arity)].iter().rev() {
            self.pop(param)?;
        }
        match rule.result {
            Operand::UNKNOWN => Ok(()),
            result => self.push(result),
        }
    }
}
