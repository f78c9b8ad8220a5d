//! Our engine as a backend, in one of its dispatch modes.

use std::collections::BTreeMap;

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::vm::{
    self, Arena, Config, Dispatch, Engine, ExecError, Extern, Host, HostCall, HostError, Outcome,
    Program, Stack, TrapCode,
};
use dytallix::wasm::{ExternIndex, Features, FuncType, Module, ValType};

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
    /// The module that was last translated.
    last: Option<(Vec<u8>, Program)>,
}

/// The functions of `spectest`, none of which does anything.
struct Spectest;

impl Host for Spectest {
    fn resolve(&self, module: &str, name: &str) -> Option<(u32, FuncType)> {
        let number = spectest::FUNCTIONS.iter().position(|(known, _)| *known == name)?;
        let ty = FuncType::new(spectest::FUNCTIONS[number].1, &[]);
        (module == spectest::NAME).then_some((number as u32, ty))
    }

    fn call(&mut self, _: u32, _: &mut HostCall<'_>) -> Result<(), HostError> {
        Ok(())
    }
}

impl EngineBackend {
    /// An empty arena with the host module `spectest`. Every translation is verified.
    ///
    /// # Panics
    ///
    /// The engine refuses its configuration.
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
        let engine = Engine::new(config).expect("a configuration that the engine accepts");
        EngineBackend::with_engine(engine, None)
    }

    fn with_engine(engine: Engine, last: Option<(Vec<u8>, Program)>) -> Self {
        let mut arena = Arena::new(&engine);
        let stack = engine.new_stack();
        let spectest = define_spectest(&mut arena);
        let (instances, registered) = (Vec::new(), BTreeMap::new());
        EngineBackend { engine, arena, stack, instances, registered, spectest, last }
    }

    fn compile(&mut self, wasm: &[u8]) -> Result<Program, InstantiateError> {
        match &self.last {
            Some((bytes, program)) if bytes == wasm => Ok(program.clone()),
            _ => {
                let program = self.engine.compile(wasm);
                let program =
                    program.map_err(|error| InstantiateError::Module(error.to_string()))?;
                self.last = Some((wasm.to_vec(), program.clone()));
                Ok(program)
            }
        }
    }

    /// What each import of a module finds, in order, up to the first that finds nothing.
    fn find_imports(&self, module: &Module) -> Vec<Extern> {
        let find = |from: &str, name: &str| match self.registered.get(from) {
            Some(instance) => self.arena.export(self.instances[instance.0 as usize], name),
            None if from == spectest::NAME => self.spectest.get(name).copied(),
            None => None,
        };
        module.imports().iter().map_while(|i| find(&i.module, &i.name)).collect()
    }
}

fn define_spectest(arena: &mut Arena) -> BTreeMap<&'static str, Extern> {
    let mut externs = BTreeMap::new();
    for (number, (name, params)) in spectest::FUNCTIONS.iter().enumerate() {
        let function = arena.add_host_function(number as u32, FuncType::new(params, &[]));
        externs.insert(*name, Extern::Func(function));
    }
    for (name, ty, value) in spectest::globals() {
        let global = arena.add_global(ty, to_engine(value, ty.content)).expect("of its type");
        externs.insert(name, Extern::Global(global));
    }
    let table = arena.add_table(spectest::TABLE).expect("a small table");
    externs.insert("table", Extern::Table(table));
    let memory = arena.add_memory(spectest::MEMORY).expect("a small memory");
    externs.insert("memory", Extern::Memory(memory));
    externs
}

fn to_engine(value: Value, ty: ValType) -> vm::Value {
    match value {
        Value::I32(v) => vm::Value::I32(v as i32),
        Value::I64(v) => vm::Value::I64(v as i64),
        Value::F32(v) => vm::Value::F32(v),
        Value::F64(v) => vm::Value::F64(v),
        Value::Ref(Ref::Extern(v)) => vm::Value::ExternRef(Some(v)),
        Value::Ref(Ref::Null) => vm::Value::default_of(ty),
        Value::Ref(Ref::Func(_)) => unreachable!("no script passes functions"),
    }
}

fn from_engine(value: vm::Value) -> Value {
    match value {
        vm::Value::I32(v) => Value::I32(v as u32),
        vm::Value::I64(v) => Value::I64(v as u64),
        vm::Value::F32(v) => Value::F32(v),
        vm::Value::F64(v) => Value::F64(v),
        vm::Value::FuncRef(Some(_)) => Value::Ref(Ref::Func(0)),
        vm::Value::ExternRef(Some(v)) => Value::Ref(Ref::Extern(v)),
        vm::Value::FuncRef(None) | vm::Value::ExternRef(None) => Value::Ref(Ref::Null),
    }
}

fn trap(trap: &vm::Trap) -> Trap {
    match trap.code {
        TrapCode::Unreachable => Trap::Unreachable,
        TrapCode::IntegerDivideByZero => Trap::IntegerDivideByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::InvalidConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::UndefinedElement => Trap::UndefinedElement,
        TrapCode::UninitializedElement => Trap::UninitializedElement,
        TrapCode::IndirectCallTypeMismatch => Trap::IndirectCallTypeMismatch,
        TrapCode::CallStackExhausted => Trap::CallStackExhausted,
        TrapCode::OutOfGas => Trap::OutOfGas,
        TrapCode::Host => Trap::Host(trap.host),
        other => unreachable!("a trap that this test does not know: {other}"),
    }
}

fn trapped(error: &vm::Trap, gas_used: u64) -> Execution {
    let location = error.function.zip(error.offset);
    Execution { result: Err(trap(error)), gas_used, location }
}

impl Backend for EngineBackend {
    fn name(&self) -> String {
        format!("{:?}", self.engine.config().dispatch)
    }

    fn fresh(&self) -> Box<dyn Backend> {
        Box::new(EngineBackend::with_engine(self.engine.clone(), self.last.clone()))
    }

    fn instantiate(
        &mut self,
        wasm: &[u8],
        gas: u64,
    ) -> Result<(InstanceId, u64), InstantiateError> {
        let program = self.compile(wasm)?;
        let imports = self.find_imports(program.module());
        let mut left = gas;
        let (stack, host) = (&mut self.stack, &mut Spectest);
        match self.arena.instantiate(&program, &imports, stack, host, &mut left) {
            Ok(instance) => {
                self.instances.push(instance);
                Ok((InstanceId(self.instances.len() as u32 - 1), gas - left))
            }
            Err(ExecError::Trap(error)) => Err(InstantiateError::Trap(trapped(&error, gas - left))),
            Err(error) => Err(InstantiateError::Link(error.to_string())),
        }
    }

    fn register(&mut self, name: &str, instance: InstanceId) {
        self.registered.insert(name.to_string(), instance);
    }

    /// # Panics
    ///
    /// On a fault: nothing that a guest does may be one.
    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
        gas: u64,
    ) -> Option<Execution> {
        let instance = self.instances[instance.0 as usize];
        let Extern::Func(function) = self.arena.export(instance, export)? else { return None };
        let types = self.arena.func_type(function).params();
        let args: Vec<_> = args.iter().zip(types).map(|(v, ty)| to_engine(*v, *ty)).collect();
        let mut left = gas;
        let (stack, host) = (&mut self.stack, &mut Spectest);
        match self.arena.invoke(stack, host, function, &args, &mut left) {
            Ok(Outcome::Returned(results)) => Some(Execution {
                result: Ok(results.into_iter().map(from_engine).collect()),
                gas_used: gas - left,
                location: None,
            }),
            Ok(Outcome::Suspended) => unreachable!("no function of spectest suspends"),
            Err(ExecError::Trap(error)) => Some(trapped(&error, gas - left)),
            Err(error) => panic!("{export}: {error}"),
        }
    }

    fn global(&mut self, instance: InstanceId, export: &str) -> Option<Value> {
        match self.arena.export(self.instances[instance.0 as usize], export)? {
            Extern::Global(global) => Some(from_engine(self.arena.global(global))),
            _ => None,
        }
    }

    fn memory(&self, instance: InstanceId, index: u32) -> Option<&[u8]> {
        let instance = self.instances[instance.0 as usize];
        let memories = self.arena.program(instance).module().memories();
        memories.get(index as usize)?;
        match self.arena.resolve_index(instance, ExternIndex::Memory(index)) {
            Extern::Memory(memory) => Some(self.arena.memory(memory).bytes()),
            _ => None,
        }
    }
}
