//! The stepper as a backend.

use std::collections::BTreeMap;
use std::sync::Arc;

use dytallix::Limits;
use dytallix::gas::GasSchedule;
use dytallix::wasm::{Features, FuncType, Module};

use super::{Backend, Execution, InstanceId, InstantiateError, spectest};
use crate::Value;
use crate::stepper::{self, Extern, Store};

/// A store of the stepper, and the names under which its instances are registered.
pub struct StepperBackend {
    store: Store,
    features: Features,
    limits: Limits,
    registered: BTreeMap<String, InstanceId>,
    spectest: BTreeMap<&'static str, Extern>,
    schedule: GasSchedule,
    /// The module that was last decoded.
    last: Option<(Vec<u8>, Arc<Module>)>,
}

impl StepperBackend {
    /// An empty store with the host module `spectest`.
    pub fn new(features: Features, limits: Limits, schedule: GasSchedule) -> Self {
        let mut store = Store::new(limits.clone(), schedule.clone());
        let spectest = define_spectest(&mut store);
        let registered = BTreeMap::new();
        StepperBackend { store, features, limits, registered, spectest, schedule, last: None }
    }

    fn decode(&mut self, wasm: &[u8]) -> Result<Arc<Module>, InstantiateError> {
        match &self.last {
            Some((bytes, module)) if bytes == wasm => Ok(module.clone()),
            _ => {
                let module = Module::decode(wasm, &self.features, &self.limits)
                    .map_err(|error| InstantiateError::Module(error.to_string()))?;
                let module = Arc::new(module);
                self.last = Some((wasm.to_vec(), module.clone()));
                Ok(module)
            }
        }
    }
}

fn define_spectest(store: &mut Store) -> BTreeMap<&'static str, Extern> {
    let mut externs = BTreeMap::new();
    for (name, params) in spectest::FUNCTIONS {
        let function = store.host_function(FuncType::new(params, &[]), |_| Ok(Vec::new()));
        externs.insert(*name, function);
    }
    for (name, ty, value) in spectest::globals() {
        externs.insert(name, store.host_global(ty, value));
    }
    externs.insert("table", store.host_table(spectest::TABLE));
    externs.insert("memory", store.host_memory(spectest::MEMORY));
    externs
}

impl From<stepper::Execution> for Execution {
    fn from(execution: stepper::Execution) -> Self {
        let stepper::Execution { result, gas_used, location } = execution;
        Execution { result, gas_used, location }
    }
}

impl Backend for StepperBackend {
    fn name(&self) -> String {
        "stepper".into()
    }

    fn fresh(&self) -> Box<dyn Backend> {
        let schedule = self.schedule.clone();
        let mut backend = StepperBackend::new(self.features, self.limits.clone(), schedule);
        backend.last.clone_from(&self.last);
        Box::new(backend)
    }

    fn instantiate(
        &mut self,
        wasm: &[u8],
        gas: u64,
    ) -> Result<(InstanceId, u64), InstantiateError> {
        let module = self.decode(wasm)?;
        let resolve: BTreeMap<(&str, &str), Extern> = module
            .imports()
            .iter()
            .filter_map(|import| {
                let (from, name) = (&*import.module, &*import.name);
                let found = match self.registered.get(from) {
                    Some(instance) => self.store.export(instance.0, name),
                    None if from == spectest::NAME => self.spectest.get(name).copied(),
                    None => None,
                };
                found.map(|found| ((from, name), found))
            })
            .collect();
        let made = self.store.instantiate(
            module.clone(),
            |from, name| resolve.get(&(from, name)).copied(),
            gas,
        );
        match made {
            Ok((instance, gas_used)) => Ok((InstanceId(instance), gas_used)),
            Err(stepper::InstantiateError::Link(error)) => {
                Err(InstantiateError::Link(error.to_string()))
            }
            Err(stepper::InstantiateError::Trap(execution)) => {
                Err(InstantiateError::Trap(execution.into()))
            }
        }
    }

    fn register(&mut self, name: &str, instance: InstanceId) {
        self.registered.insert(name.to_string(), instance);
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
        gas: u64,
    ) -> Option<Execution> {
        match self.store.export(instance.0, export)? {
            Extern::Function(address) => Some(self.store.invoke(address, args, gas).into()),
            _ => None,
        }
    }

    fn global(&mut self, instance: InstanceId, export: &str) -> Option<Value> {
        match self.store.export(instance.0, export)? {
            Extern::Global(address) => Some(self.store.global(address)),
            _ => None,
        }
    }

    fn memory(&self, instance: InstanceId, index: u32) -> Option<&[u8]> {
        self.store.memory(instance.0, index)
    }
}
