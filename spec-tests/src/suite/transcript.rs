//! What a backend said in a run, as one number: runs with the same number said the same.

use sha3::{Digest, Sha3_256};

use crate::backend::{Execution, InstantiateError};
use crate::stepper::Trap;
use crate::{Ref, Value};

/// A SHA3-256 over the answers of a backend, in order. Nothing in it depends on the machine that
/// it is made on, nor on the backend: the wording of a refusal is each backend's own and left out,
/// as is the address of a function.
#[derive(Clone, Default)]
pub struct Transcript {
    hash: Sha3_256,
    /// Executions that there were.
    pub executions: u64,
    /// Gas that they used together.
    pub gas: u64,
}

impl Transcript {
    /// The hash of what has been said so far.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }

    fn number(&mut self, number: u64) {
        self.hash.update(number.to_le_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.hash.update(bytes);
    }

    fn kind(&mut self, kind: u8) {
        self.hash.update([kind]);
    }

    /// The line of a directive, and whether it came out as the script says.
    pub(super) fn verdict(&mut self, line: usize, passed: bool) {
        self.kind(b'D');
        self.number(line as u64);
        self.kind(passed.into());
    }

    /// Whether bytes were a module; if not, why not and at which byte.
    pub(super) fn decoded(&mut self, error: Option<&str>) {
        self.kind(b'M');
        self.bytes(error.unwrap_or_default().as_bytes());
    }

    pub(super) fn instantiated(&mut self, gas: Result<u64, &InstantiateError>) {
        self.kind(b'I');
        match gas {
            Ok(gas) => {
                self.kind(0);
                self.used(gas);
            }
            Err(InstantiateError::Module(_)) => self.kind(1),
            Err(InstantiateError::Link(_)) => self.kind(2),
            Err(InstantiateError::Trap(execution)) => {
                self.kind(3);
                self.executed(execution);
            }
        }
    }

    /// Results bit by bit or the trap, the gas, and the place of the trap.
    pub(super) fn executed(&mut self, execution: &Execution) {
        self.kind(b'E');
        match &execution.result {
            Ok(values) => {
                self.number(values.len() as u64);
                values.iter().for_each(|value| self.value(*value));
            }
            Err(trap) => self.trap(*trap),
        }
        let (function, offset) = execution.location.unwrap_or((u32::MAX, u32::MAX));
        self.number(function.into());
        self.number(offset.into());
        self.used(execution.gas_used);
    }

    fn used(&mut self, gas: u64) {
        self.number(gas);
        self.executions += 1;
        self.gas += gas;
    }

    fn trap(&mut self, trap: Trap) {
        self.kind(b'T');
        self.bytes(format!("{trap:?}").as_bytes());
    }

    /// The value of a global, if there is such a global.
    pub(super) fn global(&mut self, value: Option<Value>) {
        self.kind(b'G');
        if let Some(value) = value {
            self.value(value);
        }
    }

    fn value(&mut self, value: Value) {
        let (kind, bits) = match value.portable() {
            Value::I32(v) => (0, v.into()),
            Value::I64(v) => (1, v),
            Value::F32(v) => (2, v.into()),
            Value::F64(v) => (3, v),
            Value::Ref(Ref::Null) => (4, 0),
            Value::Ref(Ref::Func(v)) => (5, v.into()),
            Value::Ref(Ref::Extern(v)) => (6, v.into()),
        };
        self.kind(kind);
        self.number(bits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(execution: &Execution) -> [u8; 32] {
        let mut transcript = Transcript::default();
        transcript.executed(execution);
        assert_eq!((transcript.executions, transcript.gas), (1, execution.gas_used));
        transcript.digest()
    }

    #[test]
    fn each_part_of_an_execution_changes_the_digest() {
        let execution = |result, gas_used, location| Execution { result, gas_used, location };
        let executions = [
            execution(Ok(vec![Value::I32(1)]), 5, None),
            execution(Ok(vec![Value::I32(1)]), 6, None),
            execution(Ok(vec![Value::I32(2)]), 5, None),
            execution(Ok(vec![Value::I64(1)]), 5, None),
            execution(Ok(vec![]), 5, None),
            execution(Err(Trap::Unreachable), 5, None),
            execution(Err(Trap::OutOfGas), 5, None),
            execution(Err(Trap::Unreachable), 5, Some((0, 1))),
            execution(Err(Trap::Unreachable), 5, Some((1, 0))),
        ];
        let mut digests: Vec<_> = executions.iter().map(digest).collect();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), executions.len());
    }
}
