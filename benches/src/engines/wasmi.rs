//! wasmi 2.0, translated eagerly, with and without its fuel metering.

use super::{Engine, Imported, Loaded, Machine, Value, tick};
use crate::Error;

/// wasmi in one of two configurations.
pub(crate) struct Wasmi {
    /// Whether it meters.
    pub(crate) fuel: bool,
}

impl Engine for Wasmi {
    fn name(&self) -> &'static str {
        if self.fuel { "wasmi+fuel" } else { "wasmi" }
    }

    fn load(&self, wasm: &[u8]) -> Result<Box<dyn Loaded>, Error> {
        let engine = self.engine();
        let module = wasmi::Module::new(&engine, wasm)?;
        let mut store = wasmi::Store::new(&engine, ());
        let mut linker = wasmi::Linker::<()>::new(&engine);
        linker.func_wrap("env", "tick", tick)?;
        let instance = linker.instantiate_and_start(&mut store, &module)?;
        let run = instance.get_typed_func::<i32, i64>(&store, "run")?;
        Ok(Box::new(Instance { store, run, fuel: self.fuel }))
    }

    fn open(&self, wasm: &[u8], imports: &[Imported]) -> Result<Box<dyn Machine>, Error> {
        let engine = self.engine();
        let module = wasmi::Module::new(&engine, wasm)?;
        let mut store = wasmi::Store::new(&engine, ());
        let mut linker = wasmi::Linker::<()>::new(&engine);
        for import in module.imports() {
            let ty = import.ty().func().ok_or("not a function")?.clone();
            // Results are zero before the call.
            linker.func_new(import.module(), import.name(), ty, |_, _, _| Ok(()))?;
        }
        debug_assert_eq!(module.imports().count(), imports.len());
        if self.fuel {
            store.set_fuel(u64::MAX / 2)?;
        }
        let instance = linker.instantiate_and_start(&mut store, &module)?;
        Ok(Box::new(Opened { store, instance, fuel: self.fuel }))
    }
}

impl Wasmi {
    fn engine(&self) -> wasmi::Engine {
        let mut config = wasmi::Config::default();
        config.consume_fuel(self.fuel);
        config.compilation_mode(wasmi::CompilationMode::Eager);
        wasmi::Engine::new(&config)
    }
}

struct Instance {
    store: wasmi::Store<()>,
    run: wasmi::TypedFunc<i32, i64>,
    fuel: bool,
}

impl Loaded for Instance {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        if self.fuel {
            self.store.set_fuel(u64::MAX / 2)?;
        }
        Ok(self.run.call(&mut self.store, n)?)
    }
}

struct Opened {
    store: wasmi::Store<()>,
    instance: wasmi::Instance,
    fuel: bool,
}

impl Opened {
    fn memory(&self, name: &str) -> Result<wasmi::Memory, Error> {
        self.instance.get_memory(&self.store, name).ok_or("no such memory".into())
    }
}

impl Machine for Opened {
    fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
        if self.fuel {
            self.store.set_fuel(u64::MAX / 2)?;
        }
        let function = self.instance.get_func(&self.store, name).ok_or("no such export")?;
        let arguments: Vec<wasmi::Val> = arguments
            .iter()
            .map(|&value| match value {
                Value::I32(value) => wasmi::Val::I32(value),
                Value::I64(value) => wasmi::Val::I64(value),
            })
            .collect();
        let mut results = vec![wasmi::Val::I32(0); function.ty(&self.store).results().len()];
        function.call(&mut self.store, &arguments, &mut results)?;
        match results[..] {
            [] => Ok(None),
            [wasmi::Val::I32(value)] => Ok(Some(Value::I32(value))),
            [wasmi::Val::I64(value)] => Ok(Some(Value::I64(value))),
            _ => Err(format!("`{name}` does not give one integer").into()),
        }
    }

    fn global(&mut self, name: &str) -> Result<i32, Error> {
        let global = self.instance.get_global(&self.store, name).ok_or("no such global")?;
        global.get(&self.store).i32().ok_or("not an i32".into())
    }

    fn read(&mut self, memory: &str, at: u32, bytes: &mut [u8]) -> Result<(), Error> {
        Ok(self.memory(memory)?.read(&self.store, at as usize, bytes)?)
    }

    fn write(&mut self, memory: &str, at: u32, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.memory(memory)?.write(&mut self.store, at as usize, bytes)?)
    }
}
