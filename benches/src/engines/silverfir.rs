//! Silverfir-nano's interpreter (`sf-nano-core` without its JIT).

use super::machine::{part, part_mut};
use super::{Engine, Imported, Loaded, Machine, tick};
use crate::Error;
use dytallix::wasm::ValType;
use sf_nano_core::{Import, Value};

/// The interpreter tier of `sf-nano-core`.
pub(crate) struct Silverfir;

impl Engine for Silverfir {
    fn name(&self) -> &'static str {
        "silverfir"
    }

    fn load(&self, wasm: &[u8]) -> Result<Box<dyn Loaded>, Error> {
        let tick = Import::func("env", "tick", |_, arguments, results| {
            if let Value::I64(value) = arguments[0] {
                results[0] = Value::I64(tick(value));
            }
            Ok(())
        });
        let engine = sf_nano_core::Engine::with_defaults();
        let instance = sf_nano_core::Instance::new(&engine, wasm, &[tick])
            .map_err(|error| format!("silverfir: {error:?}"))?;
        let run = instance.get_func("run").ok_or("silverfir: no export `run`")?;
        Ok(Box::new(Instance { instance, run }))
    }

    fn open(&self, wasm: &[u8], imports: &[Imported]) -> Result<Box<dyn Machine>, Error> {
        let import = |imported: &Imported| {
            let types = imported.ty.results().to_vec();
            Import::func(&imported.module, &imported.name, move |_, _, results| {
                for (result, ty) in results.iter_mut().zip(&types) {
                    *result = match ty {
                        ValType::I64 => Value::I64(0),
                        _ => Value::I32(0),
                    };
                }
                Ok(())
            })
        };
        let imports: Vec<Import> = imports.iter().map(import).collect();
        let engine = sf_nano_core::Engine::with_defaults();
        let instance = sf_nano_core::Instance::new(&engine, wasm, &imports).map_err(told)?;
        Ok(Box::new(Opened(instance)))
    }
}

fn told(error: impl std::fmt::Debug) -> Error {
    format!("silverfir: {error:?}").into()
}

struct Instance {
    instance: sf_nano_core::Instance,
    run: sf_nano_core::Func,
}

impl Loaded for Instance {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        let mut results = [Value::I64(0)];
        self.instance
            .call(&self.run, &[Value::I32(n)], &mut results)
            .map_err(|error| format!("silverfir: {error:?}"))?;
        match results {
            [Value::I64(sum)] => Ok(sum),
            other => Err(format!("silverfir: `run` returned {other:?}").into()),
        }
    }
}

struct Opened(sf_nano_core::Instance);

impl Machine for Opened {
    fn call(
        &mut self,
        name: &str,
        arguments: &[super::Value],
    ) -> Result<Option<super::Value>, Error> {
        let arguments: Vec<Value> = arguments
            .iter()
            .map(|&value| match value {
                super::Value::I32(value) => Value::I32(value),
                super::Value::I64(value) => Value::I64(value),
            })
            .collect();
        let results = self.0.invoke(name, &arguments).map_err(told)?;
        match results[..] {
            [] => Ok(None),
            [Value::I32(value)] => Ok(Some(super::Value::I32(value))),
            [Value::I64(value)] => Ok(Some(super::Value::I64(value))),
            _ => Err(format!("`{name}` does not give one integer").into()),
        }
    }

    fn global(&mut self, name: &str) -> Result<i32, Error> {
        match self.0.get_global(name).map_err(told)? {
            Some(Value::I32(value)) => Ok(value),
            _ => Err(format!("no i32 `{name}`").into()),
        }
    }

    fn read(&mut self, _: &str, at: u32, bytes: &mut [u8]) -> Result<(), Error> {
        let memory = self.0.memory().map_err(told)?;
        bytes.copy_from_slice(part(&memory, at, bytes.len())?);
        Ok(())
    }

    fn write(&mut self, _: &str, at: u32, bytes: &[u8]) -> Result<(), Error> {
        let mut memory = self.0.memory_mut().map_err(told)?;
        part_mut(&mut memory, at, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }
}
