//! Random sequences of calls, made from a contract's ABI, and invariants that hold after each.

mod invariant;
mod run;
pub mod strategy;

use std::fmt;

use dytallix_abi::{Address, Value};

use crate::accounts;

pub use invariant::Invariant;
pub use run::{Step, run_sequence};

/// A call to be made.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedCall {
    /// Who calls.
    pub from: Address,
    /// The method.
    pub method: String,
    /// Its arguments by name.
    pub fields: Vec<(String, Value)>,
    /// The same, encoded.
    pub arguments: Vec<u8>,
    /// The value that is sent along.
    pub value: u128,
}

/// Calls of one contract, one after the other.
///
/// `Debug` lists them as `alice: transfer(to: bob, amount: 5)`, which is what `proptest` shows of
/// the shortest sequence that fails.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sequence {
    /// The calls.
    pub calls: Vec<PlannedCall>,
}

impl PlannedCall {
    /// The call as text, with each address as `name` writes it.
    pub(crate) fn shown(&self, name: &dyn Fn(&Address) -> String) -> String {
        let show = |(field, value): &(String, Value)| format!("{field}: {}", value.shown(name));
        let fields: Vec<String> = self.fields.iter().map(show).collect();
        let value = match self.value {
            0 => String::new(),
            value => format!(" with {value}"),
        };
        format!("{}: {}({}){value}", name(&self.from), self.method, fields.join(", "))
    }
}

/// As `alice: transfer(to: bob, amount: 5)`.
impl fmt::Debug for PlannedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(&accounts::shown))
    }
}

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} calls:", self.calls.len())?;
        self.calls
            .iter()
            .enumerate()
            .try_for_each(|(at, call)| write!(f, "\n  {}. {call:?}", at + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account;

    #[test]
    fn a_sequence_reads_as_calls() {
        let call = PlannedCall {
            from: account("alice"),
            method: "transfer".into(),
            fields: vec![
                ("to".into(), Value::Address(account("bob"))),
                ("amount".into(), Value::U128(5)),
            ],
            arguments: vec![],
            value: 7,
        };
        let plain = PlannedCall { fields: vec![], value: 0, ..call.clone() };
        assert_eq!(
            format!("{:?}", Sequence { calls: vec![call, plain] }),
            "2 calls:\n  1. alice: transfer(to: bob, amount: 5) with 7\n  2. alice: transfer()"
        );
    }
}
