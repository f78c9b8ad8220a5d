//! One trait over whatever can run a module: the stepper, and the engine in each of its dispatch
//! modes.
//!
//! A script of the suite, or a program of the corpus, is written against [`Backend`] alone.
//! [`Lockstep`] is a backend made of several: it asks each of them and notes where they differ.

mod engine;
mod lockstep;
pub mod spectest;
mod stepper;

pub use engine::EngineBackend;
pub use lockstep::Lockstep;
pub use stepper::StepperBackend;

use crate::Value;
use crate::stepper::Trap;

/// An instance, numbered by the backend that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstanceId(pub u32);

/// What an invocation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Results in order, or the trap.
    pub result: Result<Vec<Value>, Trap>,
    /// Gas used; the whole limit if the trap is [`Trap::OutOfGas`].
    pub gas_used: u64,
    /// Function index and byte offset of the operator that trapped, where one did.
    pub location: Option<(u32, u32)>,
}

/// Why an instantiation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstantiateError {
    /// The module itself was refused.
    Module(String),
    /// An import is missing or of another type.
    Link(String),
    /// An active segment or the start function trapped.
    Trap(Execution),
}

/// Something that runs modules.
pub trait Backend {
    /// Name in reports.
    fn name(&self) -> String;

    /// One like this with no instances in it. It may remember the module that was last decoded, so
    /// that running one program at a thousand gas limits does not translate it a thousand times.
    fn fresh(&self) -> Box<dyn Backend>;

    /// Decodes, validates, links with what is registered, and initialises. Gives the gas that the
    /// start function used.
    ///
    /// # Errors
    ///
    /// [`InstantiateError`] names the stage that failed.
    fn instantiate(&mut self, wasm: &[u8], gas: u64)
    -> Result<(InstanceId, u64), InstantiateError>;

    /// Makes the exports of `instance` importable as the module `name`.
    fn register(&mut self, name: &str, instance: InstanceId);

    /// Calls an exported function, or `None` if there is no such export.
    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
        gas: u64,
    ) -> Option<Execution>;

    /// Value of an exported global, or `None` if there is no such export.
    fn global(&mut self, instance: InstanceId, export: &str) -> Option<Value>;

    /// Contents of a memory by its index, or `None` if there is no such memory.
    fn memory(&self, instance: InstanceId, index: u32) -> Option<&[u8]>;

    /// What has differed since the last time this was asked, if this backend is made of several.
    fn take_differences(&mut self) -> Vec<String> {
        Vec::new()
    }
}
