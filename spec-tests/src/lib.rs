//! Specification tests: the executable specification of semantics and gas, and everything that is
//! compared with it.
//!
//! * [`stepper`]: executes one operator at a time and charges it first. What it says is right by
//!   definition.
//! * [`backend`]: one trait over whatever can run a module, so that scripts and programs run on
//!   each alike.
//! * [`corpus`]: small programs that are run at every gas limit.
//! * [`fused`]: operators that the translator makes one op of.
//! * [`generate`]: modules and arguments out of a seed.
//! * [`ledger`]: state as plain maps that are cloned, and histories that compare it with the real
//!   one.
//! * [`load`]: frames of a chain, recorded and replayed on the stepper.
//! * [`suite`]: the official WebAssembly test suite, its profile, its totals and its report.
//! * [`validate_oracle`]: the validator against another one, on any bytes.

pub mod backend;
pub mod corpus;
pub mod fused;
pub mod generate;
pub mod ledger;
pub mod load;
pub mod stepper;
pub mod suite;
pub mod validate_oracle;
mod value;
pub mod variants;

pub use value::{Ref, Value};
