//! The peer engine as a machine. It meters in units of its own, and knows no places of traps.

use std::collections::BTreeMap;

use dytallix::wasm::ValType;
use dytallix_spec_tests::stepper::Trap;
use dytallix_spec_tests::{Ref, Value};
use wasmi::errors::{ErrorKind, InstantiationError, MemoryError, TableError};
use wasmi::{
    Config, Engine, Error, Extern, ExternRef, F32, F64, Func, FuncType, Global, Instance, Linker,
    Module, Mutability, Ref as Nullable, Store, StoreLimits, StoreLimitsBuilder, TrapCode, Val,
};

use crate::input::{self, Input};
use crate::machine::{Machine, Observed};

/// Fuel per gas: its prices are lower than ours, and it should be the last one to stop.
const FUEL_PER_GAS: u64 = 4;

/// An instance on the peer.
pub(crate) struct Peer {
    store: Store<StoreLimits>,
    instance: Instance,
    /// Its exported functions, which are looked up once.
    functions: BTreeMap<String, Func>,
}

impl Peer {
    /// A fresh instance; or how the instantiation ended.
    ///
    /// # Panics
    ///
    /// Where it refuses the module itself: it has been validated.
    pub(crate) fn instantiate(input: &Input, gas: u64) -> Result<Peer, Observed> {
        let mut config = Config::default();
        config.wasm_multi_memory(false).wasm_wide_arithmetic(false);
        config.consume_fuel(true);
        let engine = Engine::new(&config);
        let limits = StoreLimitsBuilder::new()
            .memory_size((input.limits.memory_pages as usize) << 16)
            .table_elements(input.limits.table_elements as usize)
            .build();
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits| limits);
        store.set_fuel(gas.saturating_mul(FUEL_PER_GAS)).expect("fuel is consumed");
        let module = Module::new(&engine, &input.wasm);
        let module = module.unwrap_or_else(|error| panic!("the peer refuses a module: {error}"));
        let mut linker = Linker::new(&engine);
        define_imports(input, &mut store, &mut linker);
        match linker.instantiate_and_start(&mut store, &module) {
            Ok(instance) => {
                let functions = instance
                    .exports(&store)
                    .filter_map(|e| Some((e.name().to_string(), e.into_func()?)))
                    .collect();
                Ok(Peer { store, instance, functions })
            }
            Err(error) => match trap(&error) {
                Some(trap) => Err(ended(Err(trap))),
                None => panic!("the peer does not instantiate: {error}"),
            },
        }
    }

    fn to_peer(&mut self, value: Value, ty: wasmi::ValType) -> Val {
        match value {
            Value::Ref(Ref::Extern(v)) => {
                Val::ExternRef(Nullable::Val(ExternRef::new(&mut self.store, v)))
            }
            Value::Ref(_) => Val::default(ty),
            number => number_to_peer(number),
        }
    }

    fn to_common(&self, value: &Val) -> Value {
        match value {
            Val::FuncRef(Nullable::Val(_)) => Value::Ref(Ref::Func(0)),
            Val::ExternRef(Nullable::Val(v)) => {
                let number = v.data(&self.store).downcast_ref::<u32>().expect("made by us");
                Value::Ref(Ref::Extern(*number))
            }
            Val::FuncRef(Nullable::Null) | Val::ExternRef(Nullable::Null) => Value::Ref(Ref::Null),
            number => number_to_common(number),
        }
    }
}

fn define_imports(input: &Input, store: &mut Store<StoreLimits>, linker: &mut Linker<StoreLimits>) {
    use dytallix::wasm::ImportKind;
    for import in input.module.imports() {
        let item: Extern = match import.kind {
            ImportKind::Function(_) => host_function(&import.name, store).into(),
            ImportKind::Global(ty) => {
                let mutability = if ty.mutable { Mutability::Var } else { Mutability::Const };
                let value = number_to_peer(input::host_global(&import.name));
                Global::new(&mut *store, value, mutability).into()
            }
            ImportKind::Table(ty) => {
                let ty = wasmi::TableType::new(
                    wasmi::ValType::FuncRef,
                    ty.min as u32,
                    ty.max.map(|max| max as u32),
                );
                let null = Val::default(wasmi::ValType::FuncRef);
                wasmi::Table::new(&mut *store, ty, null).expect("a small table").into()
            }
            ImportKind::Memory(ty) => {
                let ty = wasmi::MemoryType::new(ty.min as u32, ty.max.map(|max| max as u32));
                wasmi::Memory::new(&mut *store, ty).expect("a small memory").into()
            }
        };
        // An import that occurs twice is the same thing twice.
        let _ = linker.define(&import.module, &import.name, item);
    }
}

fn host_function(name: &str, store: &mut Store<StoreLimits>) -> Func {
    let number = input::host_function(name).expect("an import that we offer");
    let (params, results) = input::host_signature(number);
    let types = |types: &[ValType]| types.iter().map(|ty| val_type(*ty)).collect::<Vec<_>>();
    let ty = FuncType::new(types(params), types(results));
    Func::new(store, ty, move |_, args, out| {
        let args: Vec<Value> = args.iter().map(number_to_common).collect();
        let results =
            input::host_call(number, &args).map_err(|code| Error::i32_exit(code as i32))?;
        for (slot, result) in out.iter_mut().zip(results) {
            *slot = number_to_peer(result);
        }
        Ok(())
    })
}

fn val_type(ty: ValType) -> wasmi::ValType {
    match ty {
        ValType::I32 => wasmi::ValType::I32,
        ValType::I64 => wasmi::ValType::I64,
        ValType::F32 => wasmi::ValType::F32,
        ValType::F64 => wasmi::ValType::F64,
        ValType::Ref(_) | ValType::V128 => unreachable!("host functions take numbers"),
    }
}

fn number_to_peer(value: Value) -> Val {
    match value {
        Value::I32(v) => Val::I32(v as i32),
        Value::I64(v) => Val::I64(v as i64),
        Value::F32(v) => Val::F32(F32::from_bits(v)),
        Value::F64(v) => Val::F64(F64::from_bits(v)),
        Value::Ref(_) => unreachable!("a number"),
    }
}

fn number_to_common(value: &Val) -> Value {
    match value {
        Val::I32(v) => Value::I32(*v as u32),
        Val::I64(v) => Value::I64(*v as u64),
        Val::F32(v) => Value::F32(v.to_bits()),
        Val::F64(v) => Value::F64(v.to_bits()),
        Val::FuncRef(_) | Val::ExternRef(_) | Val::V128(_) => unreachable!("a number"),
    }
}

fn trap(error: &Error) -> Option<Trap> {
    // Segments that do not fit are errors of instantiation rather than traps here.
    match error.kind() {
        ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
            return Some(Trap::TableOutOfBounds);
        }
        ErrorKind::Table(
            TableError::InitOutOfBounds
            | TableError::FillOutOfBounds
            | TableError::SetOutOfBounds
            | TableError::CopyOutOfBounds,
        ) => return Some(Trap::TableOutOfBounds),
        ErrorKind::Memory(MemoryError::OutOfBoundsAccess) => return Some(Trap::MemoryOutOfBounds),
        _ => {}
    }
    if let Some(code) = error.i32_exit_status() {
        return Some(Trap::Host(code as u32));
    }
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
        TrapCode::GrowthOperationLimited => return None,
    })
}

fn ended(result: Result<Vec<Value>, Trap>) -> Observed {
    Observed { result, gas_used: 0, location: None }
}

impl Machine for Peer {
    fn name(&self) -> &'static str {
        "peer"
    }

    fn invoke(&mut self, export: &str, args: &[Value], gas: u64) -> Observed {
        self.store.set_fuel(gas.saturating_mul(FUEL_PER_GAS)).expect("fuel is consumed");
        let function = self.functions[export];
        let ty = function.ty(&self.store);
        let args: Vec<Val> =
            args.iter().zip(ty.params()).map(|(arg, ty)| self.to_peer(*arg, *ty)).collect();
        let mut results: Vec<Val> = ty.results().iter().map(|ty| Val::default(*ty)).collect();
        match function.call(&mut self.store, &args, &mut results) {
            Ok(()) => ended(Ok(results.iter().map(|value| self.to_common(value)).collect())),
            Err(error) => match trap(&error) {
                Some(trap) => ended(Err(trap)),
                None => panic!("the peer's error is no trap: {error}"),
            },
        }
    }

    fn global(&self, export: &str) -> Value {
        let global = self.instance.get_global(&self.store, export).expect("an exported global");
        self.to_common(&global.get(&self.store))
    }

    fn memory(&self, export: &str) -> &[u8] {
        self.instance.get_memory(&self.store, export).expect("an exported memory").data(&self.store)
    }
}
