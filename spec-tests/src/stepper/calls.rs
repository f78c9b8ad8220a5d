//! Calls and returns.

use dytallix::wasm::Operator;

use super::code::slots;
use super::machine::{Activation, Label, Machine};
use super::store::{Body, Function, HostFunction, default_value};
use super::{HostCall, Store, Trap};
use crate::{Ref, Value};

/// Slots that each activation takes besides its values.
const HEADER_SLOTS: u64 = 2;

impl<'m> Machine<'m> {
    /// Executes `operator` if it is a call.
    pub(super) fn execute_call(&mut self, operator: &Operator<'m>) -> Option<Result<(), Trap>> {
        Some(match *operator {
            Operator::Call { function_index } => {
                let callee = self.instance().functions[function_index as usize];
                self.call(callee)
            }
            Operator::ReturnCall { function_index } => {
                let callee = self.instance().functions[function_index as usize];
                self.tail_call(callee)
            }
            Operator::CallIndirect { type_index, table_index } => {
                self.indirect_callee(type_index, table_index).and_then(|callee| self.call(callee))
            }
            Operator::ReturnCallIndirect { type_index, table_index } => self
                .indirect_callee(type_index, table_index)
                .and_then(|callee| self.tail_call(callee)),
            _ => return None,
        })
    }

    /// Pops an index and finds the function of this type at it.
    fn indirect_callee(&mut self, type_index: u32, table_index: u32) -> Result<u32, Trap> {
        let index: u32 = self.operands.pop();
        let instance = self.instance();
        let expected = instance.module.types()[type_index as usize].clone();
        let table = instance.tables[table_index as usize];
        let element = self.store.tables[table as usize].elements.get(index as usize);
        match element.ok_or(Trap::UndefinedElement)? {
            Ref::Func(callee) if self.store.functions[*callee as usize].ty == expected => {
                Ok(*callee)
            }
            Ref::Func(_) => Err(Trap::IndirectCallTypeMismatch),
            Ref::Null => Err(Trap::UninitializedElement),
            Ref::Extern(_) => {
                unreachable!("validated: indirect calls go through tables of functions")
            }
        }
    }

    /// Suspends the running activation and enters `callee`.
    fn call(&mut self, callee: u32) -> Result<(), Trap> {
        let arguments = self.store.functions[callee as usize].ty.params().len();
        let operands = self.operands.0.len();
        let caller = self.activation();
        // Every operand takes one slot as long as no profile admits vectors.
        let height_below_arguments = (operands - arguments - caller.operands_below) as u64;
        let slots_below = caller.slots_below + caller.fixed_slots + height_below_arguments;
        let instance = caller.instance;
        self.enter(callee, slots_below, Some(instance))
    }

    /// Enters `callee` in place of the running activation.
    fn tail_call(&mut self, callee: u32) -> Result<(), Trap> {
        let arguments = self.store.functions[callee as usize].ty.params().len();
        let caller = self.activations.pop().expect("something is running");
        self.keep(arguments, caller.operands_below);
        self.enter(callee, caller.slots_below, Some(caller.instance))
    }

    /// Enters `callee`, whose arguments are on top of the operands, above `slots_below` slots of
    /// suspended activations. It is called by code of instance `caller`, or from outside.
    pub(super) fn enter(
        &mut self,
        callee: u32,
        slots_below: u64,
        caller: Option<u32>,
    ) -> Result<(), Trap> {
        let Function { ty, body } = self.store.functions[callee as usize].clone();
        let head = slots(ty.params()).max(slots(ty.results()));
        match body {
            Body::Host(host) => {
                self.check_stack(slots_below + head)?;
                let args = self.operands.0.split_off(self.operands.0.len() - ty.params().len());
                let results = self.ask_host(&*host, &args, caller)?;
                self.operands.0.extend(results);
            }
            Body::Wasm { instance, index } => {
                let code = self.code(callee, instance, index);
                let fixed_slots = head + HEADER_SLOTS + code.local_slots();
                self.check_stack(slots_below + fixed_slots + code.greatest_height)?;
                self.location = Some((index, code.start));
                let price = self.store.schedule.local;
                self.meter.charge_each(price.into(), code.locals.len() as u64)?;

                let operands_below = self.operands.0.len() - ty.params().len();
                let mut locals = self.operands.0.split_off(operands_below);
                locals.extend(code.locals.iter().map(|ty| default_value(*ty)));
                let label = Label {
                    target: code.operators.len(),
                    arity: ty.results().len(),
                    operands_below,
                    is_loop: false,
                };
                let labels = vec![label];
                self.activations.push(Activation {
                    instance,
                    index,
                    code,
                    next: 0,
                    locals,
                    labels,
                    operands_below,
                    slots_below,
                    fixed_slots,
                });
            }
        }
        Ok(())
    }

    fn ask_host(
        &mut self,
        host: &HostFunction,
        args: &[Value],
        caller: Option<u32>,
    ) -> Result<Vec<Value>, Trap> {
        let Store { instances, memories, .. } = &mut *self.store;
        let first = caller.and_then(|caller| instances[caller as usize].memories.first());
        let memory = match first {
            Some(&address) => &mut memories[address as usize].bytes[..],
            None => &mut [],
        };
        host(&mut HostCall { args, meter: &mut self.meter, memory })
    }

    fn check_stack(&self, slots: u64) -> Result<(), Trap> {
        match slots <= u64::from(self.store.limits.stack_slots) {
            true => Ok(()),
            false => Err(Trap::CallStackExhausted),
        }
    }

    /// Returns with the topmost operands as results; others of the activation are forgotten.
    pub(super) fn leave(&mut self) {
        let function = self.activation().labels[0];
        self.keep(function.arity, function.operands_below);
        self.activations.pop();
    }

    /// Returns from the end of the body, where nothing but the results is left.
    pub(super) fn leave_with_results_in_place(&mut self) {
        self.activations.pop();
    }
}
