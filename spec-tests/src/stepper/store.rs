//! The store: everything that instances own or share, by address.

use std::rc::Rc;
use std::sync::Arc;

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::wasm::{ExternIndex, FuncType, GlobalType, MemoryType, Module, TableType, ValType};

use super::{Meter, Trap};
use crate::{Ref, Value};

/// Bytes of a page of linear memory.
pub(super) const PAGE_BYTES: u64 = 65_536;

/// All functions, tables, memories, globals and instances, each named by its address, which is its
/// position here.
pub struct Store {
    pub(super) limits: Limits,
    pub(super) schedule: GasSchedule,
    pub(super) instances: Vec<Instance>,
    pub(super) functions: Vec<Function>,
    pub(super) tables: Vec<Table>,
    pub(super) memories: Vec<Memory>,
    pub(super) globals: Vec<Global>,
    /// Pages that memories of others hold, and what all may hold together.
    pub(super) budget: Option<(u64, u64)>,
}

/// A module instance: which address each index stands for, and what is left of its segments.
pub(super) struct Instance {
    pub(super) module: Arc<Module>,
    pub(super) functions: Vec<u32>,
    pub(super) tables: Vec<u32>,
    pub(super) memories: Vec<u32>,
    pub(super) globals: Vec<u32>,
    /// Items of each element segment; none once it is dropped.
    pub(super) elements: Vec<Vec<Ref>>,
    /// Contents of each data segment; none once it is dropped.
    pub(super) data: Vec<Vec<u8>>,
}

/// A function.
#[derive(Clone)]
pub(super) struct Function {
    pub(super) ty: FuncType,
    pub(super) body: Body,
}

/// What a function does.
#[derive(Clone)]
pub(super) enum Body {
    /// It runs the code of the function with this index in this instance.
    Wasm { instance: u32, index: u32 },
    /// It asks the host.
    Host(Rc<HostFunction>),
}

/// A call of a function of the host, which may charge gas and change memory.
pub struct HostCall<'a> {
    /// The arguments.
    pub args: &'a [Value],
    /// The gas of the execution.
    pub meter: &'a mut Meter,
    /// The first memory of the instance that calls; empty where there is none.
    pub memory: &'a mut [u8],
}

/// A function of the host: a call to results.
pub(super) type HostFunction = dyn Fn(&mut HostCall<'_>) -> Result<Vec<Value>, Trap>;

/// A table.
pub(super) struct Table {
    pub(super) ty: TableType,
    pub(super) elements: Vec<Ref>,
}

/// A linear memory.
pub(super) struct Memory {
    pub(super) ty: MemoryType,
    pub(super) bytes: Vec<u8>,
}

/// A global.
pub(super) struct Global {
    pub(super) ty: GlobalType,
    pub(super) value: Value,
}

/// The address of something that can be imported and exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extern {
    /// A function.
    Function(u32),
    /// A table.
    Table(u32),
    /// A memory.
    Memory(u32),
    /// A global.
    Global(u32),
}

impl Store {
    /// An empty store.
    pub fn new(limits: Limits, schedule: GasSchedule) -> Self {
        Store {
            limits,
            schedule,
            instances: Vec::new(),
            functions: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            budget: None,
        }
    }

    /// Lets memories grow only as far as `limit_pages` hold them and the `held_pages` of others;
    /// `memory.grow` is priced by where a page comes in that limit.
    pub fn set_memory_budget(&mut self, held_pages: u64, limit_pages: u64) {
        self.budget = Some((held_pages, limit_pages));
    }

    /// Adds a function of the host that neither charges gas nor knows memory.
    pub fn host_function(
        &mut self,
        ty: FuncType,
        body: impl Fn(&[Value]) -> Result<Vec<Value>, Trap> + 'static,
    ) -> Extern {
        self.host_function_with(ty, move |call| body(call.args))
    }

    /// Adds a function of the host.
    pub fn host_function_with(
        &mut self,
        ty: FuncType,
        body: impl Fn(&mut HostCall<'_>) -> Result<Vec<Value>, Trap> + 'static,
    ) -> Extern {
        Extern::Function(push(
            &mut self.functions,
            Function { ty, body: Body::Host(Rc::new(body)) },
        ))
    }

    /// Adds a table of nulls.
    pub fn host_table(&mut self, ty: TableType) -> Extern {
        let elements = vec![Ref::Null; ty.min as usize];
        Extern::Table(push(&mut self.tables, Table { ty, elements }))
    }

    /// Adds a zeroed memory.
    pub fn host_memory(&mut self, ty: MemoryType) -> Extern {
        let bytes = vec![0; (ty.min * PAGE_BYTES) as usize];
        Extern::Memory(push(&mut self.memories, Memory { ty, bytes }))
    }

    /// Adds a global.
    pub fn host_global(&mut self, ty: GlobalType, value: Value) -> Extern {
        Extern::Global(push(&mut self.globals, Global { ty, value }))
    }

    /// What `instance` exports as `name`.
    pub fn export(&self, instance: u32, name: &str) -> Option<Extern> {
        let instance = &self.instances[instance as usize];
        let export = instance.module.exports().iter().find(|e| &*e.name == name)?;
        Some(instance.address(export.index))
    }

    /// The address of the function with an index in `instance`.
    pub fn function(&self, instance: u32, index: u32) -> u32 {
        self.instances[instance as usize].functions[index as usize]
    }

    /// Value of the global at an address.
    pub fn global(&self, address: u32) -> Value {
        self.globals[address as usize].value
    }

    /// Type of the function at an address.
    pub fn function_type(&self, address: u32) -> &FuncType {
        &self.functions[address as usize].ty
    }

    /// Contents of the memory with an index in `instance`, if it has that many.
    pub fn memory(&self, instance: u32, index: u32) -> Option<&[u8]> {
        let address = *self.instances[instance as usize].memories.get(index as usize)?;
        Some(&self.memories[address as usize].bytes)
    }
}

impl Instance {
    fn address(&self, index: ExternIndex) -> Extern {
        match index {
            ExternIndex::Function(i) => Extern::Function(self.functions[i as usize]),
            ExternIndex::Table(i) => Extern::Table(self.tables[i as usize]),
            ExternIndex::Memory(i) => Extern::Memory(self.memories[i as usize]),
            ExternIndex::Global(i) => Extern::Global(self.globals[i as usize]),
        }
    }
}

impl Memory {
    /// Size in pages.
    pub(super) fn pages(&self) -> u64 {
        self.bytes.len() as u64 / PAGE_BYTES
    }
}

/// The value that a local or a table of type `ty` begins with.
pub(super) fn default_value(ty: ValType) -> Value {
    match ty {
        ValType::I32 => Value::I32(0),
        ValType::I64 => Value::I64(0),
        ValType::F32 => Value::F32(0),
        ValType::F64 => Value::F64(0),
        ValType::Ref(_) => Value::Ref(Ref::Null),
        ValType::V128 => unreachable!("no profile admits vectors yet"),
    }
}

/// Appends to one of the store's lists and gives the address.
pub(super) fn push<T>(list: &mut Vec<T>, item: T) -> u32 {
    list.push(item);
    list.len() as u32 - 1
}
