//! Contract ABI of the Dytallix runtime: what a contract may import, and the numbers it gets back.
//!
//! One table, [`for_each_host_fn!`], lists every host function. Everything else that knows host
//! functions derives from it: [`HostFn`], the contract-side declarations ([`host_externs!`]),
//! import validation and binding in the runtime, prices by [`GasClass`], and the reference page.
//! The crate has no dependency and needs no operating system, only an allocator, so a contract uses
//! the same definitions as the runtime.
//!
//! [`codec`] is the encoding of everything that passes between contracts, runtime and tools. A
//! contract says what it is in its ABI section: [`describe`] makes it at compile time, [`schema`]
//! is what is read from it, and [`value`] holds arguments, events, errors and stored values by it.
//!
//! # Conventions
//!
//! All parameters are `i32` or `i64`; pointers and lengths are `i32` read as unsigned. Inputs are
//! `(pointer, length)`. An address is 32 bytes, an amount 16 bytes little-endian. A variable output
//! is `(out, capacity) -> i64`: the full length where it is not negative (nothing is written if
//! that exceeds the capacity), else an [`ErrorCode`]. A pointer out of bounds traps, as does
//! writing from a read-only frame.
#![no_std]

extern crate alloc;

mod admin;
pub mod codec;
mod codes;
pub mod describe;
mod host_fn;
mod json;
pub mod schema;
mod section;
mod table;
pub mod value;

pub use admin::{Admin, MOST_ADMINS};
pub use codec::{
    Address, Bytes, CodecError, Counter, Decode, Encode, Expected, Hash, Input, Output,
};
pub use codes::{CallFlags, CallStatus, ErrorCode, HostTrap, SdkError, Status};
pub use describe::Describe;
pub use host_fn::{AbiType, Effect, GasClass, HostFn, Param};
pub use schema::Abi;
pub use section::{ABI_FORMAT, ABI_SECTION, AbiError, AbiFault, limits};
pub use section::{Capabilities, MethodKind, Reentry};
pub use value::Value;

/// Version of this ABI. Functions are only ever added: each row of the table names the version that
/// brought it.
pub const ABI_VERSION: u32 = 1;

/// Name of the module that contracts import host functions from.
pub const IMPORT_MODULE: &str = "env";

/// Length of an address, in bytes.
pub const ADDRESS_BYTES: u32 = 32;

/// Length of an amount (a little-endian `u128`), in bytes.
pub const AMOUNT_BYTES: u32 = 16;

/// Longest name of a method, in bytes.
pub const METHOD_NAME_BYTES: u32 = 64;

/// Name of the method that runs once, at deployment, and can not be called.
pub const METHOD_INIT: &str = "init";

/// Name of the method that runs during an upgrade only, and can not be called.
pub const METHOD_MIGRATE: &str = "migrate";

/// Name of the optional export that runs first in every fresh instance, with writes refused.
pub const EXPORT_INITIALIZE: &str = "_initialize";

/// Name of the memory that a contract exports.
pub const EXPORT_MEMORY: &str = "memory";

/// Whether `name` may be called from outside as a method, going by the name alone.
#[must_use]
pub fn is_callable_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= METHOD_NAME_BYTES as usize
        && !name.starts_with('_')
        && name != METHOD_INIT
        && name != METHOD_MIGRATE
}
