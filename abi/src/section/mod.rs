//! The bytes of the custom section `dytallix.abi`: their caps, their tags and the one check of
//! them.
//!
//! The check is a `const fn` over bytes. [`Abi::decode`](crate::Abi::decode) runs it before it
//! builds anything, and [`describe::encode`](crate::describe::encode) runs it where the contract is
//! compiled, so a contract that compiles has a section that decodes.

mod check;
mod cursor;
mod fault;
pub mod limits;
mod numbers;
pub(crate) mod text;

pub(crate) use check::check;
pub use fault::{AbiError, AbiFault};
pub use numbers::{Capabilities, MethodKind, Reentry};
pub(crate) use numbers::{storage, tag};

/// Name of the custom section.
pub const ABI_SECTION: &str = "dytallix.abi";

/// Version of the section's format: its first byte.
pub const ABI_FORMAT: u8 = 1;
