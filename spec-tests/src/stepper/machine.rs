//! The machine: activations, operands and the meter of one call tree, and the loop that steps
//! through it.
//!
//! A guest's call depth is a length of `activations`, never a depth of native recursion.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use dytallix::wasm::{Module, Operator};

use super::code::Code;
use super::numeric::{self, Operands};
use super::store::Instance;
use super::{Meter, Store, Trap};
use crate::Value;

/// What an invocation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Results in order, or the trap.
    pub result: Result<Vec<Value>, Trap>,
    /// Gas used; the whole limit if the trap is [`Trap::OutOfGas`].
    pub gas_used: u64,
    /// The operator that trapped: its function's index and its byte offset, both in its own module.
    /// Where the stack has no room for a function, this is the call; there is none for the
    /// outermost one. Where gas runs out on the price of a function's locals, it is the beginning
    /// of that function's body.
    pub location: Option<(u32, u32)>,
}

/// One call tree being executed.
pub(super) struct Machine<'m> {
    pub(super) store: &'m mut Store,
    pub(super) meter: Meter,
    pub(super) operands: Operands,
    pub(super) activations: Vec<Activation<'m>>,
    modules: &'m [Arc<Module>],
    codes: HashMap<u32, Rc<Code<'m>>>,
    pub(super) location: Option<(u32, u32)>,
}

/// A function being executed.
pub(super) struct Activation<'m> {
    /// Its instance.
    pub(super) instance: u32,
    /// Its index in the module of its instance.
    pub(super) index: u32,
    pub(super) code: Rc<Code<'m>>,
    /// Position of the next operator in `code`.
    pub(super) next: usize,
    /// Parameters, then declared locals.
    pub(super) locals: Vec<Value>,
    /// Labels of the blocks around the next operator, the function's own first.
    pub(super) labels: Vec<Label>,
    /// Number of operands below this activation's own.
    pub(super) operands_below: usize,
    /// Slots that the suspended activations below take.
    pub(super) slots_below: u64,
    /// Slots of this activation without its operands: `max(params, results) + 2 + locals`.
    pub(super) fixed_slots: u64,
}

/// The target of branches.
#[derive(Clone, Copy)]
pub(super) struct Label {
    /// Position where a branch to it continues.
    pub(super) target: usize,
    /// Number of values that a branch to it carries.
    pub(super) arity: usize,
    /// Number of operands below the values of its block.
    pub(super) operands_below: usize,
    /// Whether it is a loop, which a branch to it begins anew rather than leaves.
    pub(super) is_loop: bool,
}

impl Store {
    /// Calls the function at an address with arguments of its parameter types, spending at most
    /// `gas`.
    pub fn invoke(&mut self, function: u32, args: &[Value], gas: u64) -> Execution {
        let modules: Vec<_> = self.instances.iter().map(|i| i.module.clone()).collect();
        let mut machine = Machine {
            store: self,
            meter: Meter::new(gas),
            operands: Operands(args.to_vec()),
            activations: Vec::new(),
            modules: &modules,
            codes: HashMap::new(),
            location: None,
        };
        let result = machine.run(function);
        let location = machine.location.filter(|_| result.is_err());
        Execution {
            result: result.map(|()| machine.operands.0),
            gas_used: machine.meter.used(),
            location,
        }
    }
}

impl<'m> Machine<'m> {
    /// Calls `function`, whose arguments are on the operand stack, and steps until it has returned
    /// or something trapped.
    fn run(&mut self, function: u32) -> Result<(), Trap> {
        self.enter(function, 0, None)?;
        while !self.activations.is_empty() {
            self.step()?;
        }
        Ok(())
    }

    /// One operator: decoded, charged, executed.
    fn step(&mut self) -> Result<(), Trap> {
        let activation = self.activation();
        let (offset, operator) = activation.code.operators[activation.next];
        activation.next += 1;
        self.location = Some((activation.index, offset));
        let price = self.store.schedule.operator_cost(&operator);
        self.meter.charge(u64::from(price))?;
        self.execute(&operator)
    }

    /// Each family of operators has a room of its own; the first that knows the operator executes
    /// it.
    fn execute(&mut self, operator: &Operator<'m>) -> Result<(), Trap> {
        numeric::execute(&mut self.operands, operator)
            .or_else(|| self.execute_variable(operator))
            .or_else(|| self.execute_control(operator))
            .or_else(|| self.execute_call(operator))
            .or_else(|| self.execute_memory(operator))
            .or_else(|| self.execute_bulk_memory(operator))
            .or_else(|| self.execute_reference(operator))
            .or_else(|| self.execute_table(operator))
            .unwrap_or_else(|| unreachable!("no room knows {}", operator.name()))
    }

    /// The activation that is running.
    pub(super) fn activation(&mut self) -> &mut Activation<'m> {
        self.activations.last_mut().expect("something is running")
    }

    /// The instance whose code is running.
    pub(super) fn instance(&mut self) -> &mut Instance {
        let instance = self.activation().instance;
        &mut self.store.instances[instance as usize]
    }

    /// The body of the function with an index in an instance.
    pub(super) fn code(&mut self, address: u32, instance: u32, index: u32) -> Rc<Code<'m>> {
        let module = &self.modules[instance as usize];
        self.codes.entry(address).or_insert_with(|| Rc::new(Code::new(module, index))).clone()
    }
}
