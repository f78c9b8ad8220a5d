//! Instantiation: linking, allocation, active segments, start function.
//!
//! Initialising from active segments costs no gas: their work is bounded by the module's size, and
//! loading a module is charged by its size elsewhere. The start function is charged like any
//! invocation.

use std::fmt;
use std::sync::Arc;

use dytallix::wasm::{
    ConstExpr, DataMode, ElementItems, ElementMode, Import, ImportKind, MemoryType, Module,
    Operator, TableType,
};

use super::memory::check_bounds as check_memory_bounds;
use super::numeric::{self, Operands};
use super::reference::check_bounds as check_table_bounds;
use super::store::{
    Body, Extern, Function, Global, Instance, Memory, PAGE_BYTES, Store, Table, push,
};
use super::{Execution, Trap};
use crate::{Ref, Value};

/// Why an instance could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstantiateError {
    /// An import could not be linked.
    Link(LinkError),
    /// An active segment did not fit, or the start function trapped.
    Trap(Execution),
}

/// Why an import could not be linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing of this name is offered.
    UnknownImport {
        /// Module and field name.
        name: String,
    },
    /// What is offered is of another kind or type.
    IncompatibleType {
        /// Module and field name.
        name: String,
    },
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::UnknownImport { name } => write!(f, "unknown import: {name}"),
            LinkError::IncompatibleType { name } => write!(f, "incompatible import type: {name}"),
        }
    }
}

impl Store {
    /// Makes an instance of `module`. Gives its number and the gas that the start function used.
    ///
    /// An instance whose initialisation traps has been allocated nevertheless: tables that it
    /// shares may refer to it.
    ///
    /// # Errors
    ///
    /// [`InstantiateError`].
    pub fn instantiate(
        &mut self,
        module: Arc<Module>,
        resolve: impl Fn(&str, &str) -> Option<Extern>,
        gas: u64,
    ) -> Result<(u32, u64), InstantiateError> {
        let imports = self.link(&module, resolve).map_err(InstantiateError::Link)?;
        let instance = self.allocate(&module, &imports);
        self.initialise_tables(&module, instance)
            .and_then(|()| self.initialise_memories(&module, instance))
            .map_err(|trap| {
                let execution = Execution { result: Err(trap), gas_used: 0, location: None };
                InstantiateError::Trap(execution)
            })?;
        let Some(start) = module.start() else { return Ok((instance, 0)) };
        let start = self.instances[instance as usize].functions[start as usize];
        let execution = self.invoke(start, &[], gas);
        match execution.result {
            Ok(_) => Ok((instance, execution.gas_used)),
            Err(_) => Err(InstantiateError::Trap(execution)),
        }
    }

    /// Finds every import.
    fn link(
        &self,
        module: &Module,
        resolve: impl Fn(&str, &str) -> Option<Extern>,
    ) -> Result<Vec<Extern>, LinkError> {
        let find = |import: &Import| {
            let name = format!("{}.{}", import.module, import.name);
            match resolve(&import.module, &import.name) {
                None => Err(LinkError::UnknownImport { name }),
                Some(found) if self.admits(module, import.kind, found) => Ok(found),
                Some(_) => Err(LinkError::IncompatibleType { name }),
            }
        };
        module.imports().iter().map(find).collect()
    }

    /// Whether something that exists may be imported as `wanted`.
    fn admits(&self, module: &Module, wanted: ImportKind, found: Extern) -> bool {
        match (wanted, found) {
            (ImportKind::Function(ty), Extern::Function(address)) => {
                module.types()[ty as usize] == self.functions[address as usize].ty
            }
            (ImportKind::Table(wanted), Extern::Table(address)) => {
                let table = &self.tables[address as usize];
                let TableType { element, max, index64, .. } = table.ty;
                element == wanted.element
                    && index64 == wanted.index64
                    && within(table.elements.len() as u64, max, wanted.min, wanted.max)
            }
            (ImportKind::Memory(wanted), Extern::Memory(address)) => {
                let memory = &self.memories[address as usize];
                let MemoryType { max, index64, shared, .. } = memory.ty;
                (index64, shared) == (wanted.index64, wanted.shared)
                    && within(memory.pages(), max, wanted.min, wanted.max)
            }
            (ImportKind::Global(wanted), Extern::Global(address)) => {
                self.globals[address as usize].ty == wanted
            }
            _ => false,
        }
    }

    /// Makes everything that the module defines, in an order in which constant expressions find
    /// what they name.
    fn allocate(&mut self, module: &Arc<Module>, imports: &[Extern]) -> u32 {
        let number = push(
            &mut self.instances,
            Instance {
                module: module.clone(),
                functions: Vec::new(),
                tables: Vec::new(),
                memories: Vec::new(),
                globals: Vec::new(),
                elements: Vec::new(),
                data: Vec::new(),
            },
        );
        for import in imports {
            let instance = &mut self.instances[number as usize];
            match *import {
                Extern::Function(address) => instance.functions.push(address),
                Extern::Table(address) => instance.tables.push(address),
                Extern::Memory(address) => instance.memories.push(address),
                Extern::Global(address) => instance.globals.push(address),
            }
        }
        self.allocate_functions(module, number);
        self.allocate_globals(module, number);
        self.allocate_tables_and_memories(module, number);
        self.allocate_segments(module, number);
        number
    }

    fn allocate_functions(&mut self, module: &Module, number: u32) {
        let imported = self.instances[number as usize].functions.len() as u32;
        for index in imported..module.functions().len() as u32 {
            let ty = module.type_of(index).clone();
            let body = Body::Wasm { instance: number, index };
            let address = push(&mut self.functions, Function { ty, body });
            self.instances[number as usize].functions.push(address);
        }
    }

    fn allocate_globals(&mut self, module: &Module, number: u32) {
        for global in module.globals() {
            if let Some(init) = &global.init {
                let value = self.evaluate(module, number, init);
                let address = push(&mut self.globals, Global { ty: global.ty, value });
                self.instances[number as usize].globals.push(address);
            }
        }
    }

    fn allocate_tables_and_memories(&mut self, module: &Module, number: u32) {
        let imported = self.instances[number as usize].tables.len();
        for table in &module.tables()[imported..] {
            let value = table
                .init
                .as_ref()
                .map_or(Ref::Null, |init| self.evaluate_ref(module, number, init));
            let elements = vec![value; table.ty.min as usize];
            let address = push(&mut self.tables, Table { ty: table.ty, elements });
            self.instances[number as usize].tables.push(address);
        }
        let imported = self.instances[number as usize].memories.len();
        for ty in &module.memories()[imported..] {
            let bytes = vec![0; (ty.min * PAGE_BYTES) as usize];
            let address = push(&mut self.memories, Memory { ty: *ty, bytes });
            self.instances[number as usize].memories.push(address);
        }
    }

    fn allocate_segments(&mut self, module: &Module, number: u32) {
        for segment in module.element_segments() {
            let items = match &segment.items {
                ElementItems::Functions(indices) => {
                    let functions = &self.instances[number as usize].functions;
                    indices.iter().map(|i| Ref::Func(functions[*i as usize])).collect()
                }
                ElementItems::Expressions(items) => {
                    items.iter().map(|item| self.evaluate_ref(module, number, item)).collect()
                }
            };
            self.instances[number as usize].elements.push(items);
        }
        for segment in module.data_segments() {
            let bytes = module.data_bytes(segment).to_vec();
            self.instances[number as usize].data.push(bytes);
        }
    }

    /// Copies active element segments into their tables, in order, and drops them and the declared
    /// ones.
    fn initialise_tables(&mut self, module: &Module, number: u32) -> Result<(), Trap> {
        for (i, segment) in module.element_segments().iter().enumerate() {
            if let ElementMode::Active { table, offset } = &segment.mode {
                let at = self.evaluate_offset(module, number, offset);
                let instance = &self.instances[number as usize];
                let items = &instance.elements[i];
                let elements = &mut self.tables[instance.tables[*table as usize] as usize].elements;
                check_table_bounds(at, items.len() as u64, elements.len())?;
                elements[at as usize..][..items.len()].copy_from_slice(items);
            }
            if segment.mode != ElementMode::Passive {
                self.instances[number as usize].elements[i].clear();
            }
        }
        Ok(())
    }

    /// Copies active data segments into their memories, in order, and drops them.
    fn initialise_memories(&mut self, module: &Module, number: u32) -> Result<(), Trap> {
        for (i, segment) in module.data_segments().iter().enumerate() {
            if let DataMode::Active { memory, offset } = &segment.mode {
                let at = self.evaluate_offset(module, number, offset);
                let instance = &mut self.instances[number as usize];
                let data = std::mem::take(&mut instance.data[i]);
                let bytes = &mut self.memories[instance.memories[*memory as usize] as usize].bytes;
                check_memory_bounds(at, data.len() as u64, bytes.len())?;
                bytes[at as usize..][..data.len()].copy_from_slice(&data);
            }
        }
        Ok(())
    }

    /// Value of a constant expression.
    fn evaluate(&self, module: &Module, number: u32, expression: &ConstExpr) -> Value {
        let instance = &self.instances[number as usize];
        let mut stack = Operands::default();
        for (_, operator) in module.const_operators(expression) {
            match operator {
                Operator::GlobalGet { global_index } => {
                    let address = instance.globals[global_index as usize];
                    stack.0.push(self.globals[address as usize].value);
                }
                Operator::RefNull { .. } => stack.push(Ref::Null),
                Operator::RefFunc { function_index } => {
                    stack.push(Ref::Func(instance.functions[function_index as usize]));
                }
                Operator::End { .. } => break,
                _ => {
                    let executed = numeric::execute(&mut stack, &operator);
                    assert_eq!(
                        executed,
                        Some(Ok(())),
                        "validated: {} is constant",
                        operator.name()
                    );
                }
            }
        }
        stack.pop_value()
    }

    fn evaluate_ref(&self, module: &Module, number: u32, expression: &ConstExpr) -> Ref {
        match self.evaluate(module, number, expression) {
            Value::Ref(reference) => reference,
            other => unreachable!("validated: an element is a reference, not {other}"),
        }
    }

    fn evaluate_offset(&self, module: &Module, number: u32, expression: &ConstExpr) -> u64 {
        match self.evaluate(module, number, expression) {
            Value::I32(offset) => u64::from(offset),
            other => unreachable!("validated: an offset is an i32, not {other}"),
        }
    }
}

/// Whether something of this size and maximum satisfies an import's minimum and maximum.
fn within(size: u64, max: Option<u64>, wanted_min: u64, wanted_max: Option<u64>) -> bool {
    let max_fits = match (max, wanted_max) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(max), Some(wanted)) => max <= wanted,
    };
    size >= wanted_min && max_fits
}
