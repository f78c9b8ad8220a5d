//! The host functions as safe functions, one each: what the rest of the SDK stands on.
//!
//! On wasm32 they are the imports of the module; natively the [`mock`](crate::mock) answers. Contract
//! authors use [`Cx`](crate::Cx) and the storage handles; this module is for what those do not offer.

use alloc::vec;
use alloc::vec::Vec;

#[cfg(target_arch = "wasm32")]
mod imports;

#[cfg(target_arch = "wasm32")]
pub use imports::*;

#[cfg(not(target_arch = "wasm32"))]
pub use crate::mock::functions::*;

/// The length to try first when a value of unknown length is read: most are not longer.
const FIRST_TRY: usize = 64;

/// Reads a value of unknown length by `read`, which writes it where it fits and says how long it is,
/// or something negative where there is none.
fn variable(read: impl Fn(&mut [u8]) -> i64) -> Option<Vec<u8>> {
    let mut value = vec![0; FIRST_TRY];
    let length = usize::try_from(read(&mut value)).ok()?;
    if length > value.len() {
        value.resize(length, 0);
        read(&mut value);
    }
    value.truncate(length);
    Some(value)
}

/// The value at `key` of this contract's storage.
#[must_use]
pub fn storage_read(key: &[u8]) -> Option<Vec<u8>> {
    variable(|out| storage_get(key, out))
}

/// The first key that begins with `prefix` and is greater than `after`.
#[must_use]
pub fn storage_key_after(prefix: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    variable(|out| storage_next(prefix, after, out))
}

/// The value at `key` of this contract's transient storage.
#[must_use]
pub fn transient_read(key: &[u8]) -> Option<Vec<u8>> {
    variable(|out| transient_get(key, out))
}

/// The arguments of this call.
#[must_use]
pub fn input() -> Vec<u8> {
    let mut input = vec![0; input_size() as usize];
    if !input.is_empty() {
        input_copy(&mut input, 0);
    }
    input
}

/// The data that the last call from here gave back.
#[must_use]
pub fn return_data() -> Vec<u8> {
    let mut data = vec![0; return_size() as usize];
    if !data.is_empty() {
        return_copy(&mut data, 0);
    }
    data
}
