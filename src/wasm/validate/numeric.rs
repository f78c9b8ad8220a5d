//! Plain operators: those that their popped and pushed types describe in full.

use super::rules::Rule;
use super::{Operand, Result, Validator};

impl Validator<'_> {
    #[inline]
    pub(super) fn plain(&mut self, rule: &Rule) -> Result<()> {
        let operands = &mut self.buffers.operands;
        let arity = usize::from(rule.arity);
        let base = operands.len().wrapping_sub(arity);
        // With operands there and of the right types, the result takes the place of the first.
        if arity != 0
            && operands.len() >= self.height + arity
            && operands[base..] == rule.params[..arity]
            && rule.result != Operand::UNKNOWN
        {
            operands.truncate(base + 1);
            operands[base] = rule.result;
            return Ok(());
        }
        self.plain_slow(rule)
    }

    #[inline(never)]
    fn plain_slow(&mut self, rule: &Rule) -> Result<()> {
        for &param in rule.params[..usize::from(rule.arity)].iter().rev() {
            self.pop(param)?;
        }
        match rule.result {
            Operand::UNKNOWN => Ok(()),
            result => self.push(result),
        }
    }
}
