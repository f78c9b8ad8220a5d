//! The engine as a backend, in each of its dispatch modes.

use std::collections::BTreeMap;

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::vm::{
    self, Arena, Config, Dispatch, Engine, ExecError, Extern, Host, HostCall, HostError, Outcome,
    Stack, TrapCode,
};
use dytallix::wasm::{ExternIndex, Features, FuncType, Import};

use super::{Backend, Execution, InstanceId, InstantiateError, spectest};
use crate::stepper::Trap;
use crate::{Ref, Value};

/// An arena of the engine, and the names under which its instances are registered.
pub struct EngineBackend {
    engine: Engine,
    arena: Arena,
    stack: Stack,
    instances: Vec<vm::InstanceId>,
    registered: BTreeMap<String, InstanceId>,
    spectest: BTreeMap<&'static str, Extern>,
}

/// The functions of `spectest`: they take arguments and give nothing.
struct Printer;

impl Host for Printer {
    fn resolve(&self, _: &str, _: &str) -> Option<(u32, FuncType)> {
        None
    }

    fn call(&mut self, _: u32, _: &mut HostCall<'_>) -> Result<(), HostError> {
        Ok(())
    }
}

impl EngineBackend {
    /// An empty arena with the host module `spectest`.
    pub fn new(
        features: Features,
        limits: Limits,
        schedule: GasSchedule,
        dispatch: Dispatch,
    ) -> Self {
        let config = Config::default()
            .with_features(features)
            .with_limits(limits)
            .with_schedule(schedule)
            .with_dispatch(dispatch)
            .with_verification(true);
        let engine = Engine::new(config).expect("the configuration is sound");
        let mut arena = Arena::new(&engine);
        let spectest = define_spectest(&mut arena);
        let stack = engine.new_stack();
        let (instances, registered) = (Vec::new(), BTreeMap::new());
        EngineBackend { engine, arena, stack, instances, registered, spectest }
    }

    fn find(&self, import: &Import) -> Option<Extern> {
        match self.registered.get(&*import.module) {
            Some(id) => self.arena.export(self.instances[id.0 as usize], &import.name),
            None if &*import.module == spectest::NAME => self.spectest.get(&*import.name).copied(),
            None => None,
        }
    }
}

fn define_spectest(arena: &mut Arena) -> BTreeMap<&'static str, Extern> {
    let mut externs = BTreeMap::new();
    for (name, params) in spectest::FUNCTIONS {
        let function = arena.add_host_function(0, FuncType::new(params, &[]));
        externs.insert(*name, Extern::Func(function));
    }
    for (name, ty, value) in spectest::globals() {
        externs.insert(name, Extern::Global(arena.add_global(ty, to_engine(value))));
    }
    let table = arena.add_table(spectest::TABLE).expect("ten elements are within the limits");
    externs.insert("table", Extern::Table(table));
    let memory = arena.add_memory(spectest::MEMORY).expect("one page is within the limits");
    externs.insert("memory", Extern::Memory(memory));
    externs
}

/// Functions are not given as arguments: a script has no way to name one.
fn to_engine(value: Value) -> vm::Value {
    match value {
        Value::I32(v) => vm::Value::I32(v as i32),
        Value::I64(v) => vm::Value::I64(v as i64),
        Value::F32(bits) => vm::Value::F32(bits),
        Value::F64(bits) => vm::Value::F64(bits),
        Value::Ref(Ref::Extern(v)) => vm::Value::ExternRef(Some(v)),
        Value::Ref(Ref::Null | Ref::Func(_)) => vm::Value::ExternRef(None),
    }
}

/// The argument for a parameter: a null takes the parameter's type.
fn argument(value: Value, ty: dytallix::wasm::ValType) -> vm::Value {
    match value {
        Value::Ref(Ref::Null) => vm::Value::default_of(ty),
        other => to_engine(other),
    }
}

fn from_engine(value: vm::Value) -> Value {
    match value {
        vm::Value::I32(v) => Value::I32(v as u32),
        vm::Value::I64(v) => Value::I64(v as u64),
        vm::Value::F32(bits) => Value::F32(bits),
        vm::Value::F64(bits) => Value::F64(bits),
        vm::Value::FuncRef(None) | vm::Value::ExternRef(None) => Value::Ref(Ref::Null),
        vm::Value::FuncRef(Some(_)) => Value::Ref(Ref::Func(0)),
        vm::Value::ExternRef(Some(v)) => Value::Ref(Ref::Extern(v)),
    }
}

fn trap(trap: &vm::Trap) -> Trap {
    match trap.code {
        TrapCode::Unreachable => Trap::Unreachable,
        TrapCode::IntegerDivideByZero => Trap::IntegerDivideByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::InvalidConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds | TrapCode::UndefinedElement => Trap::TableOutOfBounds,
        TrapCode::UninitializedElement => Trap::IndirectCallNull,
        TrapCode::IndirectCallTypeMismatch => Trap::IndirectCallTypeMismatch,
        TrapCode::CallStackExhausted => Trap::CallStackExhausted,
        TrapCode::OutOfGas => Trap::OutOfGas,
        _ => Trap::Host(trap.host),
    }
}

fn execution(result: Result<Vec<vm::Value>, vm::Trap>, gas_used: u64) -> Execution {
    match result {
        Ok(values) => {
            let values = values.into_iter().map(from_engine).collect();
            Execution { result: Ok(values), gas_used, location: None }
        }
        Err(error) => Execution {
            result: Err(trap(&error)),
            gas_used,
            location: error.function.zip(error.offset),
        },
    }
}

impl Backend for EngineBackend {
    fn name(&self) -> String {
        format!("{:?}", self.engine.config().dispatch).to_lowercase()
    }

    fn instantiate(
        &mut self,
        wasm: &[u8],
        gas: u64,
    ) -> Result<(InstanceId, u64), InstantiateError> {
        let program = self
            .engine
            .compile(wasm)
            .map_err(|error| InstantiateError::Module(error.to_string()))?;
        let imports: Option<Vec<Extern>> =
            program.module().imports().iter().map(|import| self.find(import)).collect();
        let Some(imports) = imports else {
            return Err(InstantiateError::Link("unknown import".into()));
        };
        let mut left = gas;
        let made =
            self.arena.instantiate(&program, &imports, &mut self.stack, &mut Printer, &mut left);
        match made {
            Ok(id) => {
                self.instances.push(id);
                Ok((InstanceId(self.instances.len() as u32 - 1), gas - left))
            }
            Err(ExecError::Trap(trap)) => {
                Err(InstantiateError::Trap(execution(Err(trap), gas - left)))
            }
            Err(other) => Err(InstantiateError::Link(other.to_string())),
        }
    }

    fn register(&mut self, name: &str, instance: InstanceId) {
        self.registered.insert(name.to_string(), instance);
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
        gas: u64,
    ) -> Option<Execution> {
        let id = self.instances[instance.0 as usize];
        let Extern::Func(func) = self.arena.export(id, export)? else { return None };
        let params = self.arena.func_type(func).params().to_vec();
        let args: Vec<_> = args.iter().zip(params).map(|(&a, ty)| argument(a, ty)).collect();
        let mut left = gas;
        let outcome = self.arena.invoke(&mut self.stack, &mut Printer, func, &args, &mut left);
        let result = match outcome {
            Ok(Outcome::Returned(values)) => Ok(values),
            Err(ExecError::Trap(trap)) => Err(trap),
            other => panic!("neither results nor a trap: {other:?}"),
        };
        Some(execution(result, gas - left))
    }

    fn global(&mut self, instance: InstanceId, export: &str) -> Option<Value> {
        match self.arena.export(self.instances[instance.0 as usize], export)? {
            Extern::Global(global) => Some(from_engine(self.arena.global(global))),
            _ => None,
        }
    }

    fn memory(&self, instance: InstanceId, index: u32) -> Option<&[u8]> {
        let id = self.instances[instance.0 as usize];
        if index as usize >= self.arena.program(id).module().memories().len() {
            return None;
        }
        match self.arena.resolve_index(id, ExternIndex::Memory(index)) {
            Extern::Memory(memory) => Some(self.arena.memory(memory).bytes()),
            _ => None,
        }
    }
}
