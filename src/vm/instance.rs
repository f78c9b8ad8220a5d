//! One instance on its own: a program, its arena and its value stack.

use alloc::vec::Vec;

use super::arena::{Arena, Extern, InstanceId};
use super::error::ExecError;
use super::host::Host;
use super::memory::Memory;
use super::program::Program;
use super::run::Outcome;
use super::stack::Stack;
use super::value::Value;

/// An instance with everything that it owns.
#[derive(Debug)]
pub struct Instance {
    arena: Arena,
    stack: Stack,
    id: InstanceId,
}

impl Instance {
    /// Instantiates a program whose imports are functions of `host`; applies its segments and runs
    /// its start function. `gas` is the limit for that, and afterwards what is left.
    ///
    /// # Errors
    ///
    /// A missing or ill-typed import, a memory or table beyond the limits, a trap, or a start
    /// function that was suspended.
    pub fn new(program: &Program, host: &mut dyn Host, gas: &mut u64) -> Result<Self, ExecError> {
        let mut arena = Arena::new(program.engine());
        let mut stack = program.engine().new_stack();
        let imports = arena.link_host(program, host)?;
        let id = arena.instantiate(program, &imports, &mut stack, host, gas)?;
        if arena.suspended.is_some() {
            return Err(ExecError::Suspended);
        }
        Ok(Instance { arena, stack, id })
    }

    /// Calls an exported function. `gas` is the limit, and afterwards what is left of it.
    ///
    /// # Errors
    ///
    /// A trap, an unknown export, arguments that do not fit, or a fault.
    ///
    /// ```
    /// use dytallix::vm::{Config, Engine, Instance, NoHost, Value};
    ///
    /// let wasm = wat::parse_str(
    ///     r#"(module (func (export "add") (param i32 i32) (result i32)
    ///         local.get 0 local.get 1 i32.add))"#,
    /// )?;
    /// let engine = Engine::new(Config::default())?;
    /// let program = engine.compile(&wasm)?;
    /// let mut gas = 1_000;
    /// let mut instance = Instance::new(&program, &mut NoHost, &mut gas)?;
    /// let sum = instance.call(&mut NoHost, "add", &[Value::I32(2), Value::I32(3)], &mut gas)?;
    /// assert_eq!(sum, [Value::I32(5)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn call(
        &mut self,
        host: &mut dyn Host,
        name: &str,
        args: &[Value],
        gas: &mut u64,
    ) -> Result<Vec<Value>, ExecError> {
        let Some(Extern::Func(func)) = self.arena.export(self.id, name) else {
            return Err(Arena::unknown(name));
        };
        match self.arena.invoke(&mut self.stack, host, func, args, gas)? {
            Outcome::Returned(results) => Ok(results),
            Outcome::Suspended => {
                self.arena.abandon(&mut self.stack);
                Err(ExecError::Suspended)
            }
        }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        self.arena.program(self.id)
    }

    /// An exported memory.
    pub fn memory(&self, name: &str) -> Option<&Memory> {
        match self.arena.export(self.id, name)? {
            Extern::Memory(memory) => Some(self.arena.memory(memory)),
            _ => None,
        }
    }

    /// An exported memory, to write to.
    pub fn memory_mut(&mut self, name: &str) -> Option<&mut Memory> {
        match self.arena.export(self.id, name)? {
            Extern::Memory(memory) => Some(self.arena.memory_mut(memory)),
            _ => None,
        }
    }

    /// Value of an exported global.
    pub fn global(&self, name: &str) -> Option<Value> {
        match self.arena.export(self.id, name)? {
            Extern::Global(global) => Some(self.arena.global(global)),
            _ => None,
        }
    }
}
