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
mod code_cache;
mod context;
mod fns;
mod frame;
mod guest;
mod interface;
mod machine;
mod observe;
mod outcome;
mod own;
mod system;
mod tree;

pub(crate) use calls::{Entry, Root};
pub use context::{BlockContext, records_address, system_address};
pub(crate) use context::{
    Context, TransactionHash, make_records_contract, make_system_contract, record_block_hash,
};
pub(crate) use fns::signature_kind;
pub use interface::{HostImport, Interface, InterfaceError, InterfaceErrorKind, Permissions};
pub use machine::CodeError;
pub(crate) use machine::{Machine, Rules, Watcher};
pub(crate) use observe::FrameObserver;
pub use observe::{FrameBegin, FrameEvent};
pub(crate) use outcome::Outcome;
pub use outcome::{CallTrap, Fault};
pub use own::{
    Buffer, HostAnswer, HostArgument, HostContext, HostTable, HostTableError, HostTrapped,
    OWN_TRAPS, OwnFunction,
};
pub(crate) use system::{ChainCalls, SystemAnswer};

use frame::Stop;
