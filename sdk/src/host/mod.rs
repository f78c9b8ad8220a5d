//! The host functions as safe functions, one each: what the rest of the SDK stands on.
//!
//! On wasm32 they are the imports of the module; natively the [`mock`](crate::mock) answers.
//! Contract authors use [`Cx`](crate::Cx) and the storage handles; this module is for what those do
//! not offer.

use alloc::vec;
use alloc::vec::Vec;

use crate::buffer::{KeyBuffer, Room};

#[cfg(target_arch = "wasm32")]
mod imports;

#[cfg(target_arch = "wasm32")]
pub use imports::*;

#[cfg(not(target_arch = "wasm32"))]
pub use crate::mock::functions::*;

/// The value at `key` of this contract's storage.
#[inline(never)]
pub fn storage_read<'a>(key: &[u8], room: &'a mut Room) -> Option<&'a [u8]> {
    room.fill(|out| storage_get(key, out))
}

/// The first key that begins with `prefix` and is greater than `after`.
#[must_use]
pub fn storage_key_after(prefix: &[u8], after: &[u8]) -> Option<KeyBuffer> {
    let mut key = KeyBuffer::new();
    key.fill(|out| storage_next(prefix, after, out)).then_some(key)
}

/// The value at `key` of this contract's transient storage.
pub fn transient_read<'a>(key: &[u8], room: &'a mut Room) -> Option<&'a [u8]> {
    room.fill(|out| transient_get(key, out))
}

/// The arguments of this call.
#[inline(never)]
pub fn input(room: &mut Room) -> &[u8] {
    room.exactly(input_size().cast_unsigned(), |out| input_copy(out, 0))
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
