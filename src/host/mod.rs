//! Floor 4, the joint: the only floor that sees both the machine and the ledger.
//!
//! ```text
//!   Machine::run ─▶ calls: loop over frames ─▶ vm: runs code ─▶ Host::call ─▶ fns: the bound table
//!                     │ tree: who may call      ▲                               │
//!                     │ whom, checkpoints       └── status, when a call ended ◀─┴▶ state: overlay
//! ```
//!
//! Host functions are bound to the one table of `dytallix-abi`; [`Interface`] checks a module
//! against it.

mod calls;
mod fns;
mod frame;
mod guest;
mod interface;
mod machine;
mod outcome;
mod tree;

pub(crate) use calls::{Entry, Root};
pub use interface::{Interface, InterfaceError, InterfaceErrorKind};
pub use machine::CodeError;
pub(crate) use machine::{Machine, Rules};
pub(crate) use outcome::Outcome;
pub use outcome::{CallTrap, Fault};

use frame::Stop;
