//! Our engine, with exact gas under a finite limit and with metering compiled out.

use dytallix::vm::{self, HostCall, HostTable, Value};

use super::{Engine, Loaded, tick};
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
