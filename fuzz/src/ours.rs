//! The engine under test as a machine.

use dytallix::vm::{
    Arena, Config, Dispatch, Engine, ExecError, Extern, Host, HostCall, HostError, InstanceId,
    Outcome, Program, Stack, TrapCode, Value as V,
};
use dytallix::wasm::{FuncType, ImportKind, ValType};
use dytallix_spec_tests::stepper::Trap;
use dytallix_spec_tests::{Ref, Value};

use crate::input::{self, Input};
use crate::machine::{Machine, Observed};

/// A module translated for one way of dispatch.
pub(crate) struct Ours {
    name: &'static str,
    program: Program,
}

/// An instance of it.
pub(crate) struct Running {
    name: &'static str,
    arena: Arena,
    stack: Stack,
    id: InstanceId,
}

impl Ours {
    /// Tail dispatch, trampoline, and tail dispatch without metering.
    pub(crate) fn all(input: &Input) -> [Ours; 3] {
        [
            Ours::new("tail", input, Dispatch::Tail, true),
            Ours::new("trampoline", input, Dispatch::Trampoline, true),
            Ours::new("unmetered", input, Dispatch::Tail, false),
        ]
    }

    fn new(name: &'static str, input: &Input, dispatch: Dispatch, metered: bool) -> Ours {
        let config = Config::default()
            .with_limits(input.limits.clone())
            .with_schedule(input.schedule.clone())
            .with_dispatch(dispatch)
            .with_metering(metered)
            .with_verification(true);
        let engine = Engine::new(config).expect("an engine");
        let program = engine.compile(&input.wasm).expect("decoded before");
        Ours { name, program }
    }

    /// A fresh instance, and the gas that its start function used; or how the instantiation ended.
    pub(crate) fn instantiate(&self, gas: u64) -> Result<(Running, u64), Observed> {
        let mut arena = Arena::new(self.program.engine());
        let mut stack = self.program.engine().new_stack();
        let imports = imports(&mut arena, &self.program);
        let mut left = gas;
        let made = arena.instantiate(&self.program, &imports, &mut stack, &mut FuzzHost, &mut left);
        match made {
            Ok(id) => Ok((Running { name: self.name, arena, stack, id }, gas - left)),
            Err(error) => Err(observed(Err(error), gas - left)),
        }
    }
}

fn imports(arena: &mut Arena, program: &Program) -> Vec<Extern> {
    let module = program.module();
    let import = |import: &dytallix::wasm::Import| match import.kind {
        ImportKind::Function(ty) => {
            let number = input::host_function(&import.name).expect("an import that we offer");
            let ty: FuncType = module.types()[ty as usize].clone();
            Extern::Func(arena.add_host_function(number, ty))
        }
        ImportKind::Global(ty) => {
            let value = to_ours(input::host_global(&import.name), ty.content);
            Extern::Global(arena.add_global(ty, value).expect("a value of its type"))
        }
        ImportKind::Table(ty) => Extern::Table(arena.add_table(ty).expect("a small table")),
        ImportKind::Memory(ty) => Extern::Memory(arena.add_memory(ty).expect("a small memory")),
    };
    module.imports().iter().map(import).collect()
}

/// The functions of `input::HOST` for the engine.
struct FuzzHost;

impl Host for FuzzHost {
    fn resolve(&self, _: &str, _: &str) -> Option<(u32, FuncType)> {
        None
    }

    fn call(&mut self, function: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        let (params, _) = input::host_signature(function);
        let args: Vec<Value> =
            params.iter().enumerate().map(|(i, ty)| from_bits(call.arg(i), *ty)).collect();
        match input::host_call(function, &args) {
            Ok(results) => {
                for (i, result) in results.into_iter().enumerate() {
                    call.set_result(i, bits(result));
                }
                Ok(())
            }
            Err(code) => Err(HostError::Trap(code)),
        }
    }
}

fn from_bits(bits: u64, ty: ValType) -> Value {
    match ty {
        ValType::I32 => Value::I32(bits as u32),
        ValType::I64 => Value::I64(bits),
        ValType::F32 => Value::F32(bits as u32),
        ValType::F64 => Value::F64(bits),
        ValType::Ref(_) | ValType::V128 => unreachable!("host functions take numbers"),
    }
}

fn bits(value: Value) -> u64 {
    match value {
        Value::I32(v) | Value::F32(v) => u64::from(v),
        Value::I64(v) | Value::F64(v) => v,
        Value::Ref(_) => unreachable!("host functions give numbers"),
    }
}

fn to_ours(value: Value, ty: ValType) -> V {
    match value {
        Value::I32(v) => V::I32(v as i32),
        Value::I64(v) => V::I64(v as i64),
        Value::F32(v) => V::F32(v),
        Value::F64(v) => V::F64(v),
        Value::Ref(Ref::Extern(v)) => V::ExternRef(Some(v)),
        Value::Ref(_) => V::default_of(ty),
    }
}

fn to_common(value: V) -> Value {
    match value {
        V::I32(v) => Value::I32(v as u32),
        V::I64(v) => Value::I64(v as u64),
        V::F32(v) => Value::F32(v),
        V::F64(v) => Value::F64(v),
        V::FuncRef(Some(_)) => Value::Ref(Ref::Func(0)),
        V::ExternRef(Some(v)) => Value::Ref(Ref::Extern(v)),
        V::FuncRef(None) | V::ExternRef(None) => Value::Ref(Ref::Null),
    }
}

fn observed(outcome: Result<Vec<Value>, ExecError>, gas_used: u64) -> Observed {
    match outcome {
        Ok(results) => Observed { result: Ok(results), gas_used, location: None },
        Err(ExecError::Trap(trap)) => Observed {
            result: Err(trap_of(trap.code, trap.host)),
            gas_used,
            location: trap.function.zip(trap.offset),
        },
        Err(error) => panic!("neither a result nor a trap: {error}"),
    }
}

fn trap_of(code: TrapCode, host: u32) -> Trap {
    match code {
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
        TrapCode::Host => Trap::Host(host),
        other => panic!("a trap that the stepper does not know: {other}"),
    }
}

impl Machine for Running {
    fn name(&self) -> &'static str {
        self.name
    }

    fn invoke(&mut self, export: &str, args: &[Value], gas: u64) -> Observed {
        let Some(Extern::Func(func)) = self.arena.export(self.id, export) else {
            panic!("{export} is an exported function");
        };
        let params = self.arena.func_type(func).params();
        let args: Vec<V> = params.iter().zip(args).map(|(ty, arg)| to_ours(*arg, *ty)).collect();
        let mut left = gas;
        let outcome = self.arena.invoke(&mut self.stack, &mut FuzzHost, func, &args, &mut left);
        let outcome = outcome.map(|outcome| match outcome {
            Outcome::Returned(results) => results.into_iter().map(to_common).collect(),
            Outcome::Suspended => unreachable!("no host function suspends"),
        });
        observed(outcome, gas - left)
    }

    fn global(&self, export: &str) -> Value {
        match self.arena.export(self.id, export) {
            Some(Extern::Global(global)) => to_common(self.arena.global(global)),
            _ => panic!("{export} is an exported global"),
        }
    }

    fn memory(&self, export: &str) -> &[u8] {
        match self.arena.export(self.id, export) {
            Some(Extern::Memory(memory)) => self.arena.memory(memory).bytes(),
            _ => panic!("{export} is an exported memory"),
        }
    }
}
