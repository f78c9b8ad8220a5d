//! Floor 4, the joint: the only floor that sees both the machine and the ledger.
//!
//! Host functions are bound to the one table of `dytallix-abi`.

mod fns;
mod frame;
mod guest;
mod interface;
mod tree;

pub use interface::{Interface, InterfaceError, InterfaceErrorKind};

use frame::Stop;
