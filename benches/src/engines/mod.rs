//! The machines under measurement, behind one small trait: load a module, call `run`.
//!
//! An engine is listed only where its crate is in the build, so the default build measures ours
//! alone.

mod dytallix;
mod machine;
#[cfg(feature = "peers")]
mod silverfir;
#[cfg(feature = "peers")]
mod tinywasm;
#[cfg(feature = "peers")]
mod wasmi;

use crate::Error;
pub(crate) use machine::{Imported, Machine, Value};

/// The engine that every ratio refers to.
pub(crate) const REFERENCE: &str = "wasmi";

/// A way to run a module.
pub(crate) trait Engine {
    /// The name in tables and on the command line.
    fn name(&self) -> &'static str;

    /// Validates, translates and instantiates `wasm`, with `env.tick` to import.
    ///
    /// # Errors
    /// Whatever the engine reports.
    fn load(&self, wasm: &[u8]) -> Result<Box<dyn Loaded>, Error>;

    /// The same for a module that we did not write: `imports` are its own, and all that they do is
    /// to give zeroes back.
    ///
    /// # Errors
    /// Whatever the engine reports.
    fn open(&self, wasm: &[u8], imports: &[Imported]) -> Result<Box<dyn Machine>, Error>;
}

/// An instance whose export `run: (i32) -> i64` can be called again and again.
pub(crate) trait Loaded {
    /// One run; its result is a checksum that depends on `n` alone.
    ///
    /// # Errors
    /// A trap, which no kernel raises.
    fn run(&mut self, n: i32) -> Result<i64, Error>;
}

/// Every engine of this build, in the order of the table.
pub(crate) fn all() -> Vec<Box<dyn Engine>> {
    vec![
        Box::new(dytallix::Dytallix { metered: true }),
        Box::new(dytallix::Dytallix { metered: false }),
        #[cfg(feature = "peers")]
        Box::new(wasmi::Wasmi { fuel: false }),
        #[cfg(feature = "peers")]
        Box::new(wasmi::Wasmi { fuel: true }),
        #[cfg(feature = "peers")]
        Box::new(silverfir::Silverfir),
        #[cfg(feature = "peers")]
        Box::new(tinywasm::TinyWasm),
    ]
}

/// The host function `env.tick` of the host-call kernel: cheap, so the call itself is what is
/// measured.
fn tick(value: i64) -> i64 {
    value.wrapping_mul(3).wrapping_add(1)
}
