//! A backend made of several, which notes each difference between them.

use super::{Backend, Execution, InstanceId, InstantiateError};
use crate::Value;

/// Runs everything on each of its backends and answers with the first one's outcome.
///
/// Compared: success or the stage of failure, results bit by bit, trap, gas used, trap location,
/// and the memories of every instance after each invocation.
pub struct Lockstep {
    backends: Vec<Box<dyn Backend>>,
    /// For each instance its number in each backend.
    instances: Vec<Vec<InstanceId>>,
    differences: Vec<String>,
    comparisons: u64,
}

impl Lockstep {
    /// A backend of `backends`, the first of which is the reference.
    pub fn new(backends: Vec<Box<dyn Backend>>) -> Self {
        Lockstep { backends, instances: Vec::new(), differences: Vec::new(), comparisons: 0 }
    }

    /// The same backends with nothing in them.
    #[must_use]
    pub fn fresh_lockstep(&self) -> Lockstep {
        Lockstep::new(self.backends.iter().map(|backend| backend.fresh()).collect())
    }

    /// How many outcomes have been compared with the reference's.
    pub fn comparisons(&self) -> u64 {
        self.comparisons
    }

    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, outcomes: &[T]) {
        for (i, outcome) in outcomes.iter().enumerate().skip(1) {
            self.comparisons += 1;
            if *outcome != outcomes[0] {
                let (reference, name) = (self.backends[0].name(), self.backends[i].name());
                self.differences.push(format!(
                    "{what}: {reference} says {:?}, {name} says {outcome:?}",
                    outcomes[0]
                ));
            }
        }
    }

    /// Compares the memories of every instance: an invocation may write into those of others.
    fn compare_memories(&mut self, what: &str) {
        for (number, ids) in self.instances.iter().enumerate() {
            for index in 0.. {
                let memory = self.backends[0].memory(ids[0], index);
                for (backend, id) in self.backends.iter().zip(ids).skip(1) {
                    self.comparisons += 1;
                    if backend.memory(*id, index) != memory {
                        let name = backend.name();
                        self.differences.push(format!(
                            "{what}: memory {index} of instance {number} differs on {name}"
                        ));
                    }
                }
                if memory.is_none() {
                    break;
                }
            }
        }
    }
}

/// An execution without what only one store can know.
fn comparable(execution: &Execution) -> Execution {
    let mut execution = execution.clone();
    if let Ok(results) = &mut execution.result {
        for value in results {
            *value = value.portable();
        }
    }
    execution
}

/// The stage at which an instantiation failed; the wording of refusals is each backend's own.
fn stage(error: &InstantiateError) -> (&'static str, Option<Execution>) {
    match error {
        InstantiateError::Module(_) => ("module refused", None),
        InstantiateError::Link(_) => ("unlinkable", None),
        InstantiateError::Trap(execution) => ("trap", Some(comparable(execution))),
    }
}

impl Backend for Lockstep {
    fn name(&self) -> String {
        self.backends.iter().map(|b| b.name()).collect::<Vec<_>>().join("+")
    }

    fn fresh(&self) -> Box<dyn Backend> {
        Box::new(self.fresh_lockstep())
    }

    fn instantiate(
        &mut self,
        wasm: &[u8],
        gas: u64,
    ) -> Result<(InstanceId, u64), InstantiateError> {
        let outcomes: Vec<_> = self.backends.iter_mut().map(|b| b.instantiate(wasm, gas)).collect();
        let comparables: Vec<_> = outcomes
            .iter()
            .map(|o| o.as_ref().map(|(_, gas_used)| *gas_used).map_err(stage))
            .collect();
        self.compare("instantiation", &comparables);
        let ids: Option<Vec<_>> =
            outcomes.iter().map(|o| o.as_ref().ok().map(|(id, _)| *id)).collect();
        let number = InstanceId(self.instances.len() as u32);
        let all_succeeded = ids.is_some();
        self.instances.extend(ids);
        self.compare_memories("after an instantiation");
        match outcomes.into_iter().next() {
            Some(Ok(_)) if !all_succeeded => {
                Err(InstantiateError::Module("refused by some backends only".into()))
            }
            Some(Ok((_, gas_used))) => Ok((number, gas_used)),
            Some(Err(error)) => Err(error),
            None => Err(InstantiateError::Module("no backend".into())),
        }
    }

    fn register(&mut self, name: &str, instance: InstanceId) {
        let ids = &self.instances[instance.0 as usize];
        for (backend, id) in self.backends.iter_mut().zip(ids) {
            backend.register(name, *id);
        }
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
        gas: u64,
    ) -> Option<Execution> {
        let ids = self.instances[instance.0 as usize].clone();
        let outcomes: Vec<_> = self
            .backends
            .iter_mut()
            .zip(&ids)
            .map(|(b, id)| b.invoke(*id, export, args, gas))
            .collect();
        let what = format!("invoke {export:?} with gas {gas}");
        let comparables: Vec<_> = outcomes.iter().map(|o| o.as_ref().map(comparable)).collect();
        self.compare(&what, &comparables);
        self.compare_memories(&what);
        outcomes.into_iter().next().flatten()
    }

    fn global(&mut self, instance: InstanceId, export: &str) -> Option<Value> {
        let ids = self.instances[instance.0 as usize].clone();
        let values: Vec<_> = self
            .backends
            .iter_mut()
            .zip(&ids)
            .map(|(b, id)| b.global(*id, export).map(Value::portable))
            .collect();
        self.compare(&format!("get {export:?}"), &values);
        values[0]
    }

    fn memory(&self, instance: InstanceId, index: u32) -> Option<&[u8]> {
        let ids = &self.instances[instance.0 as usize];
        self.backends.first().and_then(|b| b.memory(ids[0], index))
    }

    fn take_differences(&mut self) -> Vec<String> {
        std::mem::take(&mut self.differences)
    }
}
