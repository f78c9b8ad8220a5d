//! What is compared: one trait over the engine, the stepper and the peer, each holding one
//! instance.

use dytallix::wasm::ExternIndex;
use dytallix_spec_tests::Value;
use dytallix_spec_tests::stepper::Trap;

use crate::input::Input;

/// What an invocation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observed {
    /// Results in order, or the trap.
    pub(crate) result: Result<Vec<Value>, Trap>,
    /// Gas used, in units of whoever ran it.
    pub(crate) gas_used: u64,
    /// Function and byte offset of the operator that trapped, where one did.
    pub(crate) location: Option<(u32, u32)>,
}

impl Observed {
    /// The same without what is not specified: where the stack ran out, and on the way into which
    /// function gas did.
    pub(crate) fn portable(mut self) -> Observed {
        if let Ok(results) = &mut self.result {
            for value in results {
                *value = value.portable();
            }
        }
        if matches!(self.result, Err(Trap::OutOfGas | Trap::CallStackExhausted)) {
            self.location = None;
        }
        self
    }
}

/// Something that has instantiated the module of an input.
pub(crate) trait Machine {
    /// Name in reports.
    fn name(&self) -> &'static str;

    /// Calls an exported function with arguments of its parameter types.
    fn invoke(&mut self, export: &str, args: &[Value], gas: u64) -> Observed;

    /// Value of an exported global.
    fn global(&self, export: &str) -> Value;

    /// The contents of an exported memory.
    fn memory(&self, export: &str) -> &[u8];
}

/// What one input's machines must agree on after each step: what differs is told with the module.
pub(crate) fn compare_state(input: &Input, what: &str, machines: &[&dyn Machine]) {
    let Some((first, others)) = machines.split_first() else { return };
    for export in input.module.exports() {
        let name = &*export.name;
        match export.index {
            ExternIndex::Global(_) => {
                let value = first.global(name);
                for other in others {
                    let theirs = other.global(name);
                    let who = (first.name(), other.name());
                    input.check(value == theirs, || {
                        format!("{what}: global {name} is {value} and {theirs} on {who:?}")
                    });
                }
            }
            ExternIndex::Memory(_) => {
                let bytes = first.memory(name);
                for other in others {
                    let who = (first.name(), other.name());
                    input.check(bytes == other.memory(name), || {
                        format!("{what}: memory differs on {who:?}")
                    });
                }
            }
            _ => {}
        }
    }
}
