//! Floor 3: the machine that executes register code.
//!
//! ```text
//!   Engine ── compile ──► Program ── instantiate ──► Arena { instances, memories, tables, globals }
//!   handlers, schedule    code, module                       │ invoke / resume, on a Stack, with a Host
//!                                                            ▼
//!                                                    exec: threaded handlers, exact gas
//! ```
//!
//! It never names an account. Unsafe code is in `memory`, `stack`, `exec::cells`, `exec::dispatch`
//! and `exec::frame`.

mod arena;
mod engine;
mod error;
#[allow(unsafe_code, reason = "the raw pointers of cells, dispatch and frames")]
mod exec;
mod float;
mod host;
mod instance;
#[allow(unsafe_code, reason = "owns the allocation that handlers point into")]
mod memory;
mod program;
#[allow(unsafe_code, reason = "takes bytes from the heap")]
mod region;
mod run;
#[allow(unsafe_code, reason = "owns the allocation that handlers point into")]
mod stack;
mod trap;
mod value;

pub use arena::{Arena, Extern, GlobalAddr, InstanceId, MemoryAddr, MemoryBudget, TableAddr};
pub use engine::{Config, Dispatch, Engine};
pub use error::{EngineError, ExecError, LinkError, LinkErrorKind};
pub use host::{
    BoundHost, DuplicateHostFunction, Host, HostCall, HostError, HostFunction, HostResult,
    HostTable, HostType, NoHost,
};
pub use instance::Instance;
pub use memory::{Memory, PAGE_BYTES};
pub use program::Program;
pub use run::Outcome;
pub use stack::Stack;
pub use trap::{Trap, TrapCode};
pub use value::{Func, Value};
