//! Our engine, with exact gas under a finite limit and with metering compiled out.

use dytallix::vm::{self, HostCall, HostError, HostTable, Value};
use dytallix::wasm::FuncType;

use super::machine::{part, part_mut};
use super::{Engine, Imported, Loaded, Machine, tick};
use crate::Error;

/// Ours in one of two configurations.
pub(crate) struct Dytallix {
    /// Whether it meters.
    pub(crate) metered: bool,
}

/// A limit that no kernel reaches, and that is finite all the same.
const GAS: u64 = 1 << 60;

impl Engine for Dytallix {
    fn name(&self) -> &'static str {
        if self.metered { "dytallix" } else { "dytallix-gas" }
    }

    fn load(&self, wasm: &[u8]) -> Result<Box<dyn Loaded>, Error> {
        let engine = vm::Engine::new(vm::Config::default().with_metering(self.metered))?;
        let program = engine.compile(wasm)?;
        let mut table = HostTable::<()>::new();
        table.add("env", "tick", |_: &mut (), _: &mut HostCall<'_>, value: i64| Ok(tick(value)))?;
        let mut gas = GAS;
        let instance = vm::Instance::new(&program, &mut table.with(&mut ()), &mut gas)?;
        Ok(Box::new(Instance { instance, table }))
    }

    fn open(&self, wasm: &[u8], imports: &[Imported]) -> Result<Box<dyn Machine>, Error> {
        let engine = vm::Engine::new(vm::Config::default().with_metering(self.metered))?;
        let program = engine.compile(wasm)?;
        let mut zeroes = Zeroes(
            imports.iter().map(|i| (i.module.clone(), i.name.clone(), i.ty.clone())).collect(),
        );
        let mut gas = GAS;
        let instance = vm::Instance::new(&program, &mut zeroes, &mut gas)?;
        Ok(Box::new(Opened { instance, zeroes }))
    }
}

struct Instance {
    instance: vm::Instance,
    table: HostTable<()>,
}

impl Loaded for Instance {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        let mut gas = GAS;
        let mut state = ();
        let mut host = self.table.with(&mut state);
        let results = self.instance.call(&mut host, "run", &[Value::I32(n)], &mut gas)?;
        match results[..] {
            [Value::I64(checksum)] => Ok(checksum),
            _ => Err("`run` does not give one i64".into()),
        }
    }
}

/// Functions by module and name that give zeroes back.
struct Zeroes(Vec<(String, String, FuncType)>);

impl vm::Host for Zeroes {
    fn resolve(&self, module: &str, name: &str) -> Option<(u32, FuncType)> {
        let index = self.0.iter().position(|(m, n, _)| m == module && n == name)?;
        Some((index as u32, self.0[index].2.clone()))
    }

    fn call(&mut self, function: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        for index in 0..self.0[function as usize].2.results().len() {
            call.set_result(index, 0);
        }
        Ok(())
    }
}

struct Opened {
    instance: vm::Instance,
    zeroes: Zeroes,
}

impl Machine for Opened {
    fn call(
        &mut self,
        name: &str,
        arguments: &[super::Value],
    ) -> Result<Option<super::Value>, Error> {
        let arguments: Vec<Value> = arguments.iter().map(|&value| value.into()).collect();
        let mut gas = GAS;
        let results = self.instance.call(&mut self.zeroes, name, &arguments, &mut gas)?;
        match results[..] {
            [] => Ok(None),
            [Value::I32(value)] => Ok(Some(super::Value::I32(value))),
            [Value::I64(value)] => Ok(Some(super::Value::I64(value))),
            _ => Err(format!("`{name}` does not give one integer").into()),
        }
    }

    fn global(&mut self, name: &str) -> Result<i32, Error> {
        match self.instance.global(name) {
            Some(Value::I32(value)) => Ok(value),
            _ => Err(format!("no i32 `{name}`").into()),
        }
    }

    fn read(&mut self, memory: &str, at: u32, bytes: &mut [u8]) -> Result<(), Error> {
        let memory = self.instance.memory(memory).ok_or("no such memory")?;
        bytes.copy_from_slice(part(memory.bytes(), at, bytes.len())?);
        Ok(())
    }

    fn write(&mut self, memory: &str, at: u32, bytes: &[u8]) -> Result<(), Error> {
        let memory = self.instance.memory_mut(memory).ok_or("no such memory")?;
        part_mut(memory.bytes_mut(), at, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }
}

impl From<super::Value> for Value {
    fn from(value: super::Value) -> Value {
        match value {
            super::Value::I32(value) => Value::I32(value),
            super::Value::I64(value) => Value::I64(value),
        }
    }
}
