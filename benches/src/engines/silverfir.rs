//! Silverfir-nano's interpreter (`sf-nano-core` without its JIT).

use super::{Engine, Loaded, tick};
use crate::Error;
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
