//! wasmi 2.0, translated eagerly, with and without its fuel metering.

use super::{Engine, Loaded, tick};
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
        let mut config = wasmi::Config::default();
        config.consume_fuel(self.fuel);
        config.compilation_mode(wasmi::CompilationMode::Eager);
        let engine = wasmi::Engine::new(&config);
        let module = wasmi::Module::new(&engine, wasm)?;
        let mut store = wasmi::Store::new(&engine, ());
        let mut linker = wasmi::Linker::<()>::new(&engine);
        linker.func_wrap("env", "tick", tick)?;
        let instance = linker.instantiate_and_start(&mut store, &module)?;
        let run = instance.get_typed_func::<i32, i64>(&store, "run")?;
        Ok(Box::new(Instance { store, run, fuel: self.fuel }))
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
