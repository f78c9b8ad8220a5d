//! The SDK of Dytallix contracts.
//!
//! ```
//! use dytallix_sdk::prelude::*;
//!
//! #[contract]
//! pub struct Counter {
//!     count: Item<u64>,
//! }
//!
//! #[error]
//! pub enum Error {
//!     Overflow,
//! }
//!
//! #[methods]
//! impl Counter {
//!     #[init]
//!     fn new(&mut self, start: u64) {
//!         self.count.set(start);
//!     }
//!
//!     #[call]
//!     fn add(&mut self, by: u64) -> Result<u64> {
//!         self.count.update(|count| count.add_or(by, Error::Overflow))
//!     }
//!
//!     #[view]
//!     fn count(&self) -> u64 {
//!         self.count.get()
//!     }
//! }
//!
//! // The same file runs natively: a test needs no chain.
//! let _mock = dytallix_sdk::mock::Mock::new();
//! let mut counter = Counter::open();
//! counter.new(40);
//! assert_eq!(counter.add(2), Ok(42));
//! assert_eq!(counter.add(u64::MAX), Err(Error::Overflow));
//! assert_eq!(counter.count(), 42);
//! ```
//!
//! A contract's file begins with `#![cfg_attr(target_arch = "wasm32", no_std, no_main)]`: for
//! wasm32 this crate brings the allocator and the panic handler. [`prelude`] has what contracts
//! use: attributes ([`contract`], [`methods`], [`event`], [`error`], [`interface`], [`data`]),
//! storage handles ([`Item`], [`Map`], [`List`], [`Transient`]), the context [`Cx`], checked
//! arithmetic ([`Checked`]) and calls ([`CallSpec`], [`CallError`]).
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;
extern crate self as dytallix_sdk;

mod arithmetic;
mod buffer;
pub mod call;
#[doc(hidden)]
pub mod contract;
mod cx;
#[doc(hidden)]
pub mod entry;
#[doc(hidden)]
pub mod event;
#[cfg(target_arch = "wasm32")]
mod heap;
pub mod host;
#[cfg(not(target_arch = "wasm32"))]
pub mod mock;
pub mod prelude;
pub mod storage;

pub use dytallix_abi as abi;
pub use dytallix_abi::{
    Address, Admin, Bytes, CallFlags, CallStatus, CodecError, Decode, Describe, Encode, Hash,
    Input, Output, SdkError,
};
pub use dytallix_sdk_macros::{
    Decode, Describe, Encode, contract, data, error, event, interface, methods,
};

pub use arithmetic::{Checked, mul_div, mul_div_up, sqrt};
pub use call::{CallError, CallSpec, Callable, Chain, OrRevert, Transport};
pub use contract::Contract;
pub use cx::{BadSignature, Cx, Instantiate, Scheme};
pub use entry::ContractError;
pub use event::Event;
pub use storage::{Authority, FixedKey, Handle, Item, Key, List, Map, Transient};

/// Returns `Err` of the second argument unless the first is true.
///
/// ```
/// use dytallix_sdk::prelude::*;
///
/// fn positive(amount: u64) -> Result<u64, &'static str> {
///     ensure!(amount > 0, "nothing to move");
///     Ok(amount)
/// }
/// assert_eq!(positive(0), Err("nothing to move"));
/// ```
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $error:expr $(,)?) => {
        if !$condition {
            return ::core::result::Result::Err($error);
        }
    };
}

/// The examples of the reference page are tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/smart-contracts/sdk.md")]
struct ReferencePage;
