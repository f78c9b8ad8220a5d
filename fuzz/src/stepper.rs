//! The naive stepper as a machine.

use std::sync::Arc;

use dytallix::wasm::{ImportKind, Module};
use dytallix_spec_tests::Value;
use dytallix_spec_tests::stepper::{Execution, Extern, InstantiateError, Store, Trap};

use crate::input::{self, Input};
use crate::machine::{Machine, Observed};

/// An instance on the stepper.
pub(crate) struct Stepper {
    store: Store,
    instance: u32,
}

impl Stepper {
    /// A fresh instance, and the gas that its start function used; or how the instantiation ended.
    pub(crate) fn instantiate(
        input: &Input,
        module: &Arc<Module>,
        gas: u64,
    ) -> Result<(Stepper, u64), Observed> {
        let mut store = Store::new(input.limits.clone(), input.schedule.clone());
        let imports: Vec<_> = module
            .imports()
            .iter()
            .map(|import| (&*import.name, import_of(&mut store, module, import)))
            .collect();
        let resolve = |_: &str, name: &str| {
            imports.iter().find(|(offered, _)| *offered == name).map(|(_, item)| *item)
        };
        match store.instantiate(module.clone(), resolve, gas) {
            Ok((instance, gas_used)) => Ok((Stepper { store, instance }, gas_used)),
            Err(InstantiateError::Trap(execution)) => Err(observed(execution)),
            Err(InstantiateError::Link(error)) => panic!("does not link: {error}"),
        }
    }
}

fn import_of(store: &mut Store, module: &Module, import: &dytallix::wasm::Import) -> Extern {
    match import.kind {
        ImportKind::Function(ty) => {
            let number = input::host_function(&import.name).expect("an import that we offer");
            store.host_function(module.types()[ty as usize].clone(), move |args| {
                input::host_call(number, args).map_err(Trap::Host)
            })
        }
        ImportKind::Global(ty) => store.host_global(ty, input::host_global(&import.name)),
        ImportKind::Table(ty) => store.host_table(ty),
        ImportKind::Memory(ty) => store.host_memory(ty),
    }
}

fn observed(execution: Execution) -> Observed {
    let Execution { result, gas_used, location } = execution;
    Observed { result, gas_used, location }
}

impl Machine for Stepper {
    fn name(&self) -> &'static str {
        "stepper"
    }

    fn invoke(&mut self, export: &str, args: &[Value], gas: u64) -> Observed {
        match self.store.export(self.instance, export) {
            Some(Extern::Function(address)) => observed(self.store.invoke(address, args, gas)),
            _ => panic!("{export} is an exported function"),
        }
    }

    fn global(&self, export: &str) -> Value {
        match self.store.export(self.instance, export) {
            Some(Extern::Global(address)) => self.store.global(address).portable(),
            _ => panic!("{export} is an exported global"),
        }
    }

    fn memory(&self, _: &str) -> &[u8] {
        self.store.memory(self.instance, 0).unwrap_or_default()
    }
}
