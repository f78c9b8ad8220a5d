//! The peer engine as a backend. It meters in units of its own: its gas is always 0, and it knows
//! no trap locations.

use dytallix::wasm::ValType;
use dytallix_spec_tests::backend::{Backend, Execution, InstanceId, InstantiateError, spectest};
use dytallix_spec_tests::stepper::Trap;
use dytallix_spec_tests::{Ref, Value};
use wasmi::errors::ErrorKind;
use wasmi::{
    Config, Engine, Extern, ExternRef, Func, FuncType, Instance, Linker, Memory, MemoryType,
    Module, Mutability, Nullable, RefType, Store, Table, TableType, TrapCode, Val,
};

/// A store of the peer.
pub(crate) struct WasmiBackend {
    store: Store<()>,
    linker: Linker<()>,
    instances: Vec<Instance>,
}

impl WasmiBackend {
    /// An empty store with the host module `spectest`.
    pub(crate) fn new() -> Self {
        let mut config = Config::default();
        config.wasm_multi_memory(false).wasm_memory64(false).wasm_wide_arithmetic(false);
        let engine = Engine::new(&config);
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        for (name, item) in spectest_items(&mut store) {
            linker.define(spectest::NAME, name, item).expect("names are distinct");
        }
        WasmiBackend { store, linker, instances: Vec::new() }
    }

    fn peer_value(&mut self, value: Value) -> Val {
        match value {
            Value::I32(v) => Val::I32(v as i32),
            Value::I64(v) => Val::I64(v as i64),
            Value::F32(v) => Val::F32(wasmi::F32::from_bits(v)),
            Value::F64(v) => Val::F64(wasmi::F64::from_bits(v)),
            Value::Ref(Ref::Extern(v)) => {
                Val::ExternRef(Nullable::Val(ExternRef::new(&mut self.store, v)))
            }
            Value::Ref(_) => Val::ExternRef(Nullable::Null),
        }
    }

    fn our_value(&self, value: &Val) -> Value {
        match value {
            Val::I32(v) => Value::I32(*v as u32),
            Val::I64(v) => Value::I64(*v as u64),
            Val::F32(v) => Value::F32(v.to_bits()),
            Val::F64(v) => Value::F64(v.to_bits()),
            Val::FuncRef(Nullable::Val(_)) => Value::Ref(Ref::Func(0)),
            Val::ExternRef(Nullable::Val(v)) => {
                let number = v.data(&self.store).downcast_ref::<u32>().expect("made by us");
                Value::Ref(Ref::Extern(*number))
            }
            Val::FuncRef(Nullable::Null) | Val::ExternRef(Nullable::Null) => Value::Ref(Ref::Null),
            Val::V128(_) => unreachable!("vectors are not admitted"),
        }
    }
}

fn spectest_items(store: &mut Store<()>) -> Vec<(&'static str, Extern)> {
    let mut items: Vec<(&'static str, Extern)> = Vec::new();
    for (name, params) in spectest::FUNCTIONS {
        let ty = FuncType::new(params.iter().map(|ty| val_type(*ty)), []);
        items.push((name, Func::new(&mut *store, ty, |_, _, _| Ok(())).into()));
    }
    for (name, _, value) in spectest::globals() {
        let value = match value {
            Value::I32(v) => Val::I32(v as i32),
            Value::I64(v) => Val::I64(v as i64),
            Value::F32(v) => Val::F32(wasmi::F32::from_bits(v)),
            Value::F64(v) => Val::F64(wasmi::F64::from_bits(v)),
            Value::Ref(_) => unreachable!("no global of spectest is a reference"),
        };
        items.push((name, wasmi::Global::new(&mut *store, value, Mutability::Const).into()));
    }
    let null = wasmi::Ref::null(RefType::Func);
    let table = Table::new(&mut *store, TableType::new(RefType::Func, 10, Some(20)), null);
    items.push(("table", table.expect("a small table").into()));
    let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2)));
    items.push(("memory", memory.expect("a small memory").into()));
    items
}

fn val_type(ty: ValType) -> wasmi::ValType {
    match ty {
        ValType::I32 => wasmi::ValType::I32,
        ValType::I64 => wasmi::ValType::I64,
        ValType::F32 => wasmi::ValType::F32,
        ValType::F64 => wasmi::ValType::F64,
        ValType::Ref(_) | ValType::V128 => unreachable!("no parameter of spectest is one"),
    }
}

fn trap(error: &wasmi::Error) -> Option<Trap> {
    Some(match error.as_trap_code()? {
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::UninitializedElement,
        TrapCode::IntegerDivisionByZero => Trap::IntegerDivideByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::BadConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::StackOverflow => Trap::CallStackExhausted,
        TrapCode::BadSignature => Trap::IndirectCallTypeMismatch,
        TrapCode::OutOfFuel => Trap::OutOfGas,
        TrapCode::GrowthOperationLimited | TrapCode::OutOfSystemMemory => return None,
    })
}

fn execution(result: Result<Vec<Value>, Trap>) -> Execution {
    Execution { result, gas_used: 0, location: None }
}

impl Backend for WasmiBackend {
    fn name(&self) -> String {
        "wasmi".into()
    }

    fn fresh(&self) -> Box<dyn Backend> {
        Box::new(WasmiBackend::new())
    }

    fn instantiate(
        &mut self,
        wasm: &[u8],
        _gas: u64,
    ) -> Result<(InstanceId, u64), InstantiateError> {
        let module = Module::new(self.linker.engine(), wasm)
            .map_err(|error| InstantiateError::Module(error.to_string()))?;
        match self.linker.instantiate_and_start(&mut self.store, &module) {
            Ok(instance) => {
                self.instances.push(instance);
                Ok((InstanceId(self.instances.len() as u32 - 1), 0))
            }
            Err(error) => match trap(&error) {
                Some(trap) => Err(InstantiateError::Trap(execution(Err(trap)))),
                // Segments that do not fit are errors of instantiation rather than traps here.
                None => match error.kind() {
                    ErrorKind::Linker(_) => Err(InstantiateError::Link(error.to_string())),
                    _ => Err(InstantiateError::Module(error.to_string())),
                },
            },
        }
    }

    fn register(&mut self, name: &str, instance: InstanceId) {
        let instance = self.instances[instance.0 as usize];
        self.linker.instance(&mut self.store, name, instance).expect("names are distinct");
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
        _gas: u64,
    ) -> Option<Execution> {
        let function = self.instances[instance.0 as usize].get_func(&self.store, export)?;
        let ty = function.ty(&self.store);
        let args: Vec<Val> = args
            .iter()
            .zip(ty.params())
            .map(|(arg, ty)| match (arg, ty) {
                (Value::Ref(Ref::Null), wasmi::ValType::FuncRef) => Val::FuncRef(Nullable::Null),
                _ => self.peer_value(*arg),
            })
            .collect();
        let mut results: Vec<Val> =
            ty.results().iter().map(|ty| Val::default_for_ty(*ty)).collect();
        let outcome = function.call(&mut self.store, &args, &mut results);
        Some(execution(match outcome {
            Ok(()) => Ok(results.iter().map(|value| self.our_value(value)).collect()),
            Err(error) => Err(trap(&error).unwrap_or_else(|| panic!("not a trap: {error}"))),
        }))
    }

    fn global(&mut self, instance: InstanceId, export: &str) -> Option<Value> {
        let global = self.instances[instance.0 as usize].get_global(&self.store, export)?;
        Some(self.our_value(&global.get(&self.store)))
    }

    /// The memory with this number among the exported ones, which are all that a peer shows.
    fn memory(&self, instance: InstanceId, index: u32) -> Option<&[u8]> {
        let memories = self.instances[instance.0 as usize]
            .exports(&self.store)
            .filter_map(|export| export.into_memory());
        let memory = memories.into_iter().nth(index as usize)?;
        Some(memory.data(&self.store))
    }
}
