//! The arena: instances and what they share. (The WebAssembly spec calls it the store; here a store
//! keeps the ledger.)
//!
//! Functions, tables, memories and globals are named by their index in the arena, their *address*
//! in the spec's sense. A reference to a function is its address + 1; null is 0.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::engine::Engine;
use super::error::{ExecError, LinkError, LinkErrorKind};
use super::host::Host;
use super::memory::{MAX_PAGES, Memory};
use super::program::Program;
use super::run::Suspension;
use super::stack::Stack;
use super::trap::{Trap, TrapCode};
use super::value::{Func, Value};
use crate::wasm::{
    ConstExpr, DataMode, ElementItems, ElementMode, ExternIndex, FuncType, GlobalType, Import,
    ImportKind, MemoryType, Operator, RefType, TableType,
};

/// `Function::instance` of host functions.
const HOST: u32 = u32::MAX;

/// A function of the arena.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    /// The instance that it belongs to.
    pub(super) instance: u32,
    /// Index in its module, or the host's number.
    pub(super) index: u32,
    /// Word of its header in the instance's code.
    pub(super) entry: u32,
    /// Number of its type in its module, or index of its type among those of host functions.
    pub(super) type_number: u32,
    /// Slots.
    pub(super) params: u32,
    pub(super) results: u32,
}

impl Function {
    #[inline(always)]
    pub(super) fn is_host(self) -> bool {
        self.instance == HOST
    }
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) elements: Vec<u64>,
    ty: TableType,
    /// Elements that it may reach.
    pub(super) limit: u32,
}

/// What an instance is made of.
#[derive(Debug)]
pub(super) struct InstanceData {
    pub(super) program: Program,
    pub(super) imported_functions: Vec<u32>,
    first_function: u32,
    pub(super) tables: Vec<u32>,
    pub(super) memories: Vec<u32>,
    pub(super) imported_globals: Vec<u32>,
    pub(super) globals_start: u32,
    pub(super) dropped_elements: Vec<bool>,
    pub(super) dropped_data: Vec<bool>,
}

impl InstanceData {
    /// Address of a function.
    pub(super) fn function(&self, index: u32) -> u32 {
        match self.imported_functions.get(index as usize) {
            Some(&address) => address,
            None => self.first_function + index - self.imported_functions.len() as u32,
        }
    }

    fn global(&self, index: u32) -> u32 {
        match self.imported_globals.get(index as usize) {
            Some(&address) => address,
            None => self.globals_start + index - self.imported_globals.len() as u32,
        }
    }

    /// Items of an element segment that is not dropped.
    pub(super) fn segment_len(&self, segment: u32) -> u64 {
        if self.dropped_elements[segment as usize] {
            return 0;
        }
        match &self.program.module().element_segments()[segment as usize].items {
            ElementItems::Functions(items) => items.len() as u64,
            ElementItems::Expressions(items) => items.len() as u64,
        }
    }
}

/// A reference to a function as it stands in slots and tables.
pub(super) fn null_or_address(address: Option<u32>) -> u64 {
    address.map_or(0, |a| u64::from(a) + 1)
}

/// Something that can be imported or exported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A table.
    Table(TableAddr),
    /// A memory.
    Memory(MemoryAddr),
    /// A global.
    Global(GlobalAddr),
}

/// A table of an arena.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TableAddr(u32);
/// A memory of an arena.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryAddr(u32);
/// A global of an arena.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GlobalAddr(u32);
/// An instance of an arena.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceId(pub(super) u32);

/// How far the memories of an arena may grow where other arenas hold memory too: they draw on one
/// budget, and each page is priced by how many are held in all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryBudget {
    /// Pages that the others hold.
    pub held_pages: u32,
    /// Pages that all of them may hold; `memory.grow` beyond it returns −1, and beyond half of it
    /// pages are dearer.
    pub limit_pages: u32,
}

/// Instances that may share functions, tables, memories and globals.
///
/// One instance on its own is easier to handle as [`Instance`](super::Instance).
#[derive(Debug)]
pub struct Arena {
    pub(super) engine: Engine,
    pub(super) instances: Vec<InstanceData>,
    pub(super) functions: Vec<Function>,
    host_types: Vec<Arc<FuncType>>,
    pub(super) tables: Vec<Table>,
    pub(super) memories: Vec<Memory>,
    memory_types: Vec<MemoryType>,
    pub(super) globals: Vec<u64>,
    global_types: Vec<GlobalType>,
    pub(super) suspended: Option<Suspension>,
    /// What its memory may grow to beside the memories of others; none where it is alone.
    pub(super) memory_budget: Option<MemoryBudget>,
    /// Gas that `memory.grow` has used for pages.
    pub(super) grow_gas: u64,
}

impl Arena {
    /// An empty arena.
    pub fn new(engine: &Engine) -> Self {
        Arena {
            engine: engine.clone(),
            instances: Vec::new(),
            functions: Vec::new(),
            host_types: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            memory_types: Vec::new(),
            globals: Vec::new(),
            global_types: Vec::new(),
            suspended: None,
            memory_budget: None,
            grow_gas: 0,
        }
    }

    /// Lets the arena's memory draw on a budget that it shares with other arenas. The arena has one
    /// memory.
    pub fn set_memory_budget(&mut self, budget: MemoryBudget) {
        self.memory_budget = Some(budget);
    }

    /// Gas that `memory.grow` has used for the pages that it added.
    pub fn grow_gas(&self) -> u64 {
        self.grow_gas
    }

    /// A function of the host: `number` is what [`Host::call`] will be told.
    pub fn add_host_function(&mut self, number: u32, ty: impl Into<Arc<FuncType>>) -> Func {
        let ty = ty.into();
        let (params, results) = (ty.param_slots(), ty.result_slots());
        self.host_types.push(ty);
        self.functions.push(Function {
            instance: HOST,
            index: number,
            entry: 0,
            type_number: self.host_types.len() as u32 - 1,
            params,
            results,
        });
        Func(self.functions.len() as u32 - 1)
    }

    /// A table of nulls.
    ///
    /// # Errors
    ///
    /// When it is larger than the limits allow.
    pub fn add_table(&mut self, ty: TableType) -> Result<TableAddr, ExecError> {
        let most = self.engine.config().limits.table_elements;
        let limit = ty.max.map_or(most, |max| max.min(most.into()) as u32);
        if ty.min > u64::from(most) {
            return Err(ExecError::Limit("table", ty.min, most.into()));
        }
        self.tables.push(Table { elements: alloc::vec![0; ty.min as usize], ty, limit });
        Ok(TableAddr(self.tables.len() as u32 - 1))
    }

    /// A zeroed memory.
    ///
    /// # Errors
    ///
    /// When it is larger than the limits allow.
    pub fn add_memory(&mut self, ty: MemoryType) -> Result<MemoryAddr, ExecError> {
        let most = self.engine.config().limits.memory_pages.min(MAX_PAGES);
        let limit = ty.max.map_or(most, |max| max.min(most.into()) as u32);
        if ty.min > u64::from(most) {
            return Err(ExecError::Limit("memory", ty.min, most.into()));
        }
        self.memories.push(Memory::new(ty.min as u32, limit));
        self.memory_types.push(ty);
        Ok(MemoryAddr(self.memories.len() as u32 - 1))
    }

    /// A global.
    ///
    /// # Errors
    ///
    /// When the value is not of the type, or refers to a function that is not in this arena.
    pub fn add_global(&mut self, ty: GlobalType, value: Value) -> Result<GlobalAddr, ExecError> {
        if value.ty() != ty.content || !self.knows(&value) {
            return Err(ExecError::Arguments(alloc::format!("{value} is no {}", ty.content)));
        }
        self.globals.push(value.to_slot());
        self.global_types.push(ty);
        Ok(GlobalAddr(self.globals.len() as u32 - 1))
    }

    /// Type of a function.
    pub fn func_type(&self, func: Func) -> &FuncType {
        self.function_type(self.functions[func.0 as usize])
    }

    pub(super) fn function_type(&self, function: Function) -> &FuncType {
        if function.is_host() {
            return &self.host_types[function.type_number as usize];
        }
        let module = self.instances[function.instance as usize].program.module();
        &module.types()[function.type_number as usize]
    }

    /// Value of a global.
    pub fn global(&self, global: GlobalAddr) -> Value {
        let index = global.0 as usize;
        Value::from_slot(self.globals[index], self.global_types[index].content)
    }

    /// A memory.
    pub fn memory(&self, memory: MemoryAddr) -> &Memory {
        &self.memories[memory.0 as usize]
    }

    /// A memory, to write to.
    pub fn memory_mut(&mut self, memory: MemoryAddr) -> &mut Memory {
        &mut self.memories[memory.0 as usize]
    }

    /// Elements of a table, as values.
    pub fn table(&self, table: TableAddr) -> impl Iterator<Item = Value> + '_ {
        let table = &self.tables[table.0 as usize];
        let ty = crate::wasm::ValType::Ref(table.ty.element);
        table.elements.iter().map(move |&e| Value::from_slot(e, ty))
    }

    /// An export of an instance.
    pub fn export(&self, instance: InstanceId, name: &str) -> Option<Extern> {
        let instance = &self.instances[instance.0 as usize];
        instance.program.module().export(name).map(|index| self.resolve(instance, index))
    }

    /// The program of an instance.
    pub fn program(&self, instance: InstanceId) -> &Program {
        &self.instances[instance.0 as usize].program
    }

    /// Whatever an index of an instance's module names.
    pub fn resolve_index(&self, instance: InstanceId, index: ExternIndex) -> Extern {
        self.resolve(&self.instances[instance.0 as usize], index)
    }

    fn resolve(&self, instance: &InstanceData, index: ExternIndex) -> Extern {
        match index {
            ExternIndex::Function(i) => Extern::Func(Func(instance.function(i))),
            ExternIndex::Table(i) => Extern::Table(TableAddr(instance.tables[i as usize])),
            ExternIndex::Memory(i) => Extern::Memory(MemoryAddr(instance.memories[i as usize])),
            ExternIndex::Global(i) => Extern::Global(GlobalAddr(instance.global(i))),
        }
    }

    /// Instantiates a program: links its imports (one extern per import, in order), applies its
    /// segments, runs its start function.
    ///
    /// # Errors
    ///
    /// A link error changes nothing. A trap in a segment or in the start function leaves what was
    /// written to imported memories and tables, as the spec demands. A start function that a host
    /// function suspended is no error: the execution waits for [`Arena::resume`].
    pub fn instantiate(
        &mut self,
        program: &Program,
        imports: &[Extern],
        stack: &mut Stack,
        host: &mut dyn Host,
        gas: &mut u64,
    ) -> Result<InstanceId, ExecError> {
        if self.suspended.is_some() {
            return Err(ExecError::Suspended);
        }
        if !self.engine.is(program.engine()) {
            return Err(ExecError::Fault("the program was translated for another engine".into()));
        }
        let module = program.module();
        // One too many would shift what the module's own functions and tables are numbered by.
        let (wanted, given) = (module.imports().len(), imports.len());
        if given > wanted {
            let text = alloc::format!("{given} externs for {wanted} imports");
            return Err(ExecError::Arguments(text));
        }
        for (i, import) in module.imports().iter().enumerate() {
            let given = imports.get(i).copied();
            self.check_import(program, import, given)?;
        }
        let id = self.allocate(program, imports)?;
        self.apply_segments(id)?;
        if let Some(start) = module.start() {
            let start = Func(self.instances[id as usize].function(start));
            self.invoke(stack, host, start, &[], gas)?;
        }
        Ok(InstanceId(id))
    }

    fn check_import(
        &self,
        program: &Program,
        import: &Import,
        given: Option<Extern>,
    ) -> Result<(), LinkError> {
        let error = |kind| LinkError {
            module: import.module.clone(),
            name: import.name.clone(),
            offset: import.offset,
            kind,
        };
        let given = given.ok_or_else(|| error(LinkErrorKind::Unknown))?;
        let fits = match (import.kind, given) {
            (ImportKind::Function(ty), Extern::Func(func)) => {
                self.func_type(func) == &program.module().types()[ty as usize]
            }
            (ImportKind::Table(want), Extern::Table(table)) => {
                let have = &self.tables[table.0 as usize];
                have.ty.element == want.element
                    && have.elements.len() as u64 >= want.min
                    && max_fits(have.ty.max, want.max)
            }
            (ImportKind::Memory(want), Extern::Memory(memory)) => {
                let have = &self.memories[memory.0 as usize];
                u64::from(have.pages()) >= want.min
                    && max_fits(self.memory_types[memory.0 as usize].max, want.max)
            }
            (ImportKind::Global(want), Extern::Global(global)) => {
                self.global_types[global.0 as usize] == want
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(error(LinkErrorKind::IncompatibleType)) }
    }

    /// Makes the instance and what it owns.
    fn allocate(&mut self, program: &Program, imports: &[Extern]) -> Result<u32, ExecError> {
        let module = program.module();
        let id = self.instances.len() as u32;
        let own = module.globals().len() - module.imported_global_count() as usize;
        self.globals.reserve_exact(own);
        self.global_types.reserve_exact(own);
        let mut instance = InstanceData {
            program: program.clone(),
            imported_functions: Vec::new(),
            first_function: self.functions.len() as u32,
            tables: Vec::new(),
            memories: Vec::new(),
            imported_globals: Vec::new(),
            globals_start: 0,
            dropped_elements: alloc::vec![false; module.element_segments().len()],
            dropped_data: alloc::vec![false; module.data_segments().len()],
        };
        for &import in imports {
            match import {
                Extern::Func(func) => instance.imported_functions.push(func.0),
                Extern::Table(table) => instance.tables.push(table.0),
                Extern::Memory(memory) => instance.memories.push(memory.0),
                Extern::Global(global) => instance.imported_globals.push(global.0),
            }
        }
        for table in &module.tables()[module.imported_table_count() as usize..] {
            instance.tables.push(self.add_table(table.ty)?.0);
        }
        for &memory in &module.memories()[module.imported_memory_count() as usize..] {
            instance.memories.push(self.add_memory(memory)?.0);
        }
        self.add_functions(program, id);
        self.instances.push(instance);
        self.add_globals(id);
        Ok(id)
    }

    fn add_functions(&mut self, program: &Program, id: u32) {
        let first = self.functions.len();
        self.functions.reserve_exact(program.functions().len());
        self.functions.extend_from_slice(program.functions());
        for function in &mut self.functions[first..] {
            function.instance = id;
        }
    }

    /// Own globals lie in one piece. Their initial values may read globals before them.
    fn add_globals(&mut self, id: u32) {
        let program = self.instances[id as usize].program.clone();
        let module = program.module();
        self.instances[id as usize].globals_start = self.globals.len() as u32;
        for global in &module.globals()[module.imported_global_count() as usize..] {
            let value = global.init.as_ref().map_or(0, |init| self.evaluate(id, init));
            self.globals.push(value);
            self.global_types.push(global.ty);
        }
    }

    /// Value of a constant expression, which validation has seen.
    fn evaluate(&self, id: u32, expr: &ConstExpr) -> u64 {
        use Operator as O;
        let instance = &self.instances[id as usize];
        let mut stack: Vec<u64> = Vec::new();
        for (_, operator) in instance.program.module().const_operators(expr) {
            let value = match operator {
                O::I32Const { value } => u64::from(value as u32),
                O::I64Const { value } => value as u64,
                O::F32Const { value } => u64::from(value),
                O::F64Const { value } => value,
                O::GlobalGet { global_index } => {
                    self.globals[instance.global(global_index) as usize]
                }
                O::RefFunc { function_index } => {
                    null_or_address(Some(instance.function(function_index)))
                }
                O::RefNull { .. } => 0,
                O::End {} => break,
                other => {
                    let b = stack.pop().unwrap_or(0);
                    let a = stack.pop().unwrap_or(0);
                    let narrow = |v: u64| u64::from(v as u32);
                    match other {
                        O::I32Add {} => narrow(a.wrapping_add(b)),
                        O::I32Sub {} => narrow(a.wrapping_sub(b)),
                        O::I32Mul {} => narrow(a.wrapping_mul(b)),
                        O::I64Add {} => a.wrapping_add(b),
                        O::I64Sub {} => a.wrapping_sub(b),
                        O::I64Mul {} => a.wrapping_mul(b),
                        _ => unreachable!("{} is not constant", other.name()),
                    }
                }
            };
            stack.push(value);
        }
        stack.pop().unwrap_or(0)
    }

    fn apply_segments(&mut self, id: u32) -> Result<(), Trap> {
        let program = self.instances[id as usize].program.clone();
        let module = program.module();
        for (i, segment) in module.element_segments().iter().enumerate() {
            let instance = &self.instances[id as usize];
            if let ElementMode::Active { table, offset } = &segment.mode {
                let address = instance.tables[*table as usize];
                let to = self.evaluate(id, offset);
                let count = self.instances[id as usize].segment_len(i as u32);
                if to + count > self.tables[address as usize].elements.len() as u64 {
                    return Err(self.segment_trap(TrapCode::TableOutOfBounds, segment.offset));
                }
                self.copy_elements(id as usize, i as u32, address, to as usize, 0, count as usize);
            }
            if segment.mode != ElementMode::Passive {
                self.instances[id as usize].dropped_elements[i] = true;
            }
        }
        for (i, segment) in module.data_segments().iter().enumerate() {
            let DataMode::Active { memory, offset } = &segment.mode else { continue };
            let address = self.instances[id as usize].memories[*memory as usize];
            let to = self.evaluate(id, offset);
            let count = segment.range.len();
            if to + count as u64 > self.memories[address as usize].bytes().len() as u64 {
                return Err(self.segment_trap(TrapCode::MemoryOutOfBounds, segment.offset));
            }
            self.copy_data(id as usize, i as u32, to as usize, 0, count);
            self.instances[id as usize].dropped_data[i] = true;
        }
        Ok(())
    }

    fn segment_trap(&self, code: TrapCode, offset: u32) -> Trap {
        Trap { offset: Some(offset), ..Trap::nowhere(code) }
    }

    /// Copies from a data segment to memory 0 of an instance. Bounds have been checked.
    pub(super) fn copy_data(
        &mut self,
        instance: usize,
        segment: u32,
        to: usize,
        from: usize,
        count: usize,
    ) {
        if count == 0 {
            return;
        }
        let instance = &self.instances[instance];
        let module = instance.program.module();
        let bytes = module.data_bytes(&module.data_segments()[segment as usize]);
        let memory = &mut self.memories[instance.memories[0] as usize];
        memory.bytes_mut()[to..to + count].copy_from_slice(&bytes[from..from + count]);
    }

    /// Copies from an element segment to a table. Bounds have been checked.
    pub(super) fn copy_elements(
        &mut self,
        instance: usize,
        segment: u32,
        table: u32,
        to: usize,
        from: usize,
        count: usize,
    ) {
        let id = instance as u32;
        let program = self.instances[instance].program.clone();
        let items = &program.module().element_segments()[segment as usize].items;
        for i in 0..count {
            let value = match items {
                ElementItems::Functions(functions) => {
                    let function = self.instances[instance].function(functions[from + i]);
                    null_or_address(Some(function))
                }
                ElementItems::Expressions(items) => self.evaluate(id, &items[from + i]),
            };
            self.tables[table as usize].elements[to + i] = value;
        }
    }

    /// The externs that a host and the exports of other instances give for a module's imports, by
    /// name.
    ///
    /// # Errors
    ///
    /// The first import that the host does not know, or knows by another type.
    pub fn link_host(
        &mut self,
        program: &Program,
        host: &dyn Host,
    ) -> Result<Vec<Extern>, LinkError> {
        let mut externs = Vec::new();
        for import in program.module().imports() {
            let found = match import.kind {
                ImportKind::Function(_) => host.resolve(&import.module, &import.name),
                _ => None,
            };
            let Some((number, ty)) = found else {
                return Err(LinkError {
                    module: import.module.clone(),
                    name: import.name.clone(),
                    offset: import.offset,
                    kind: LinkErrorKind::Unknown,
                });
            };
            externs.push(Extern::Func(self.add_host_function(number, ty)));
        }
        Ok(externs)
    }

    /// Type of a table's elements.
    pub fn table_element(&self, table: TableAddr) -> RefType {
        self.tables[table.0 as usize].ty.element
    }

    pub(super) fn unknown(name: &str) -> ExecError {
        ExecError::UnknownExport(String::from(name))
    }
}

fn max_fits(have: Option<u64>, want: Option<u64>) -> bool {
    match (have, want) {
        (_, None) => true,
        (Some(have), Some(want)) => have <= want,
        (None, Some(_)) => false,
    }
}
