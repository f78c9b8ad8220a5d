//! tinywasm with its default features and engine settings.

use super::{Engine, Loaded, tick};
use crate::Error;
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
