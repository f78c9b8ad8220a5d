//! What a contract's file begins with: `use dytallix_sdk::prelude::*;`.

pub use alloc::borrow::ToOwned;
pub use alloc::boxed::Box;
pub use alloc::collections::{BTreeMap, BTreeSet};
pub use alloc::string::{String, ToString};
pub use alloc::vec;
pub use alloc::vec::Vec;

pub use dytallix_abi::{Address, Admin, Bytes, CallStatus, Decode, Describe, Encode, Hash};
pub use dytallix_sdk_macros::{
    Decode, Describe, Encode, contract, data, error, event, interface, methods,
};

pub use crate::call::{CallError, CallSpec, Callable, Chain, OrRevert, Transport};
pub use crate::contract::Contract;
pub use crate::cx::{BadSignature, Cx, Instantiate, Scheme};
pub use crate::event::Event;
pub use crate::storage::{Handle, Item, List, Map, Transient};
pub use crate::{Checked, ensure};

/// The result of a method. `#[error]` defines one that shadows this, with the contract's own enum
/// as the default error.
pub type Result<T = (), E = CallError> = core::result::Result<T, E>;
