//! The operator table in the form that validation reads: one small row per operator.

use super::Operand;
use crate::wasm::operators::ROWS;
use crate::wasm::{Features, OperatorKind, Shape};

/// How an operator is validated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// By its popped and pushed types alone.
    Plain,
    /// As a load: `result` is pushed.
    Load,
    /// As a store: the first of `params` is popped.
    Store,
    /// By a method of its own.
    Special,
}

/// What validation needs of an operator's row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) form: Form,
    /// Number of `params` in use.
    pub(super) arity: u8,
    /// Log2 of the natural alignment of a load or store.
    pub(super) natural_align: u8,
    /// Popped, the last one first.
    pub(super) params: [Operand; 3],
    /// Pushed, unless it is the unknown type.
    pub(super) result: Operand,
    pub(super) features: Features,
}

/// One rule per operator, in the order of [`OperatorKind`].
pub(super) static RULES: [Rule; OperatorKind::ALL.len()] = {
    let mut rules = [rule(Shape::Special, Features::NONE); OperatorKind::ALL.len()];
    let mut i = 0;
    while i < rules.len() {
        rules[i] = rule(ROWS[i].shape, ROWS[i].features);
        i += 1;
    }
    rules
};

const fn rule(shape: Shape, features: Features) -> Rule {
    let mut rule = Rule {
        form: Form::Special,
        arity: 0,
        natural_align: 0,
        params: [Operand::UNKNOWN; 3],
        result: Operand::UNKNOWN,
        features,
    };
    match shape {
        Shape::Plain { params, results } => {
            rule.form = Form::Plain;
            rule.arity = params.len() as u8;
            let mut i = 0;
            while i < params.len() {
                rule.params[i] = Operand::new(params[i]);
                i += 1;
            }
            assert!(results.len() <= 1, "a plain operator pushes at most one value");
            if let [result] = results {
                rule.result = Operand::new(*result);
            }
        }
        Shape::Load { bytes, ty } => {
            rule.form = Form::Load;
            access(&mut rule, bytes);
            rule.result = Operand::new(ty);
        }
        Shape::Store { bytes, ty } => {
            rule.form = Form::Store;
            access(&mut rule, bytes);
            rule.params[0] = Operand::new(ty);
        }
        Shape::Special => {}
    }
    rule
}

const fn access(rule: &mut Rule, bytes: u8) {
    assert!(bytes.is_power_of_two(), "an access is of 1, 2, 4, 8 or 16 bytes");
    rule.natural_align = bytes.trailing_zeros() as u8;
}
