//! tinywasm with its default features and engine settings.

use super::{Engine, Imported, Loaded, Machine, Value, tick};
use crate::Error;
use dytallix::wasm::ValType;
use tinywasm::types::{FuncType, WasmType, WasmValue};
use tinywasm::{FuncContext, FunctionTyped, HostFunction, Imports, ModuleInstance, Store};

/// tinywasm as its README sets it up.
pub(crate) struct TinyWasm;

impl Engine for TinyWasm {
    fn name(&self) -> &'static str {
        "tinywasm"
    }

    fn load(&self, wasm: &[u8]) -> Result<Box<dyn Loaded>, Error> {
        let module = tinywasm::parse_bytes(wasm)?;
        let mut store = Store::default();
        let mut imports = Imports::new();
        let tick = HostFunction::from(&mut store, |_: FuncContext<'_>, value: i64| Ok(tick(value)));
        imports.define("env", "tick", tick);
        let instance = ModuleInstance::instantiate(&mut store, &module, Some(imports))?;
        let run = instance.func::<i32, i64>(&store, "run")?;
        Ok(Box::new(Instance { store, run }))
    }

    fn open(&self, wasm: &[u8], list: &[Imported]) -> Result<Box<dyn Machine>, Error> {
        let module = tinywasm::parse_bytes(wasm)?;
        let mut store = Store::default();
        let mut imports = Imports::new();
        for import in list {
            let [params, results] = [import.ty.params(), import.ty.results()]
                .map(|types| types.iter().copied().map(number).collect::<Vec<_>>());
            let zero = |ty: &WasmType| match ty {
                WasmType::I64 => WasmValue::I64(0),
                _ => WasmValue::I32(0),
            };
            let zeroes: Vec<WasmValue> = results.iter().map(zero).collect();
            let ty = FuncType::new(&params, &results);
            let give = move |_: FuncContext<'_>, _: &[WasmValue]| Ok(zeroes.clone());
            let function = HostFunction::from_untyped(&mut store, &ty, give);
            imports.define(&import.module, &import.name, function);
        }
        let instance = ModuleInstance::instantiate(&mut store, &module, Some(imports))?;
        Ok(Box::new(Opened { store, instance }))
    }
}

/// Imports of the kernels have numbers only, and give integers.
fn number(ty: ValType) -> WasmType {
    match ty {
        ValType::I64 => WasmType::I64,
        ValType::F32 => WasmType::F32,
        ValType::F64 => WasmType::F64,
        _ => WasmType::I32,
    }
}

struct Instance {
    store: Store,
    run: FunctionTyped<i32, i64>,
}

impl Loaded for Instance {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        Ok(self.run.call(&mut self.store, n)?)
    }
}

struct Opened {
    store: Store,
    instance: ModuleInstance,
}

impl Machine for Opened {
    fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
        let function = self.instance.func_untyped(&self.store, name)?;
        let arguments: Vec<WasmValue> = arguments
            .iter()
            .map(|&value| match value {
                Value::I32(value) => WasmValue::I32(value),
                Value::I64(value) => WasmValue::I64(value),
            })
            .collect();
        match function.call(&mut self.store, &arguments)?[..] {
            [] => Ok(None),
            [WasmValue::I32(value)] => Ok(Some(Value::I32(value))),
            [WasmValue::I64(value)] => Ok(Some(Value::I64(value))),
            _ => Err(format!("`{name}` does not give one integer").into()),
        }
    }

    fn global(&mut self, name: &str) -> Result<i32, Error> {
        match self.instance.global_get(&self.store, name)? {
            WasmValue::I32(value) => Ok(value),
            _ => Err(format!("`{name}` is no i32").into()),
        }
    }

    fn read(&mut self, memory: &str, at: u32, bytes: &mut [u8]) -> Result<(), Error> {
        Ok(self.instance.memory(memory)?.read_exact(&self.store, at as usize, bytes)?)
    }

    fn write(&mut self, memory: &str, at: u32, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.instance.memory(memory)?.copy_from_slice(&mut self.store, at as usize, bytes)?)
    }
}
