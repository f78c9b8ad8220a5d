//! What the example contracts share: safe wrappers around the raw host functions.
//!
//! There is no SDK yet, so this is what a contract author would write by hand: a few lines per host
//! function, no allocator, fixed-width little-endian arguments.
#![no_std]

/// The host functions, as declared by the one table.
mod raw {
    dytallix_abi::host_externs!();
}

/// Length of an address.
pub const ADDRESS: usize = 32;

/// An address, as the host writes it.
pub type Address = [u8; ADDRESS];

fn pointer(bytes: &[u8]) -> i32 {
    bytes.as_ptr() as usize as i32
}

fn pointer_mut(bytes: &mut [u8]) -> i32 {
    bytes.as_mut_ptr() as usize as i32
}

fn length(bytes: &[u8]) -> i32 {
    bytes.len() as i32
}

/// The arguments of this call, which must be exactly `N` bytes.
pub fn arguments<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // SAFETY: the host writes within `bytes` alone, whose length it is given.
    unsafe {
        if raw::input_size() != N as i32 {
            revert(b"arguments: wrong length");
        }
        raw::input_copy(pointer_mut(&mut bytes), 0, N as i32);
    }
    bytes
}

/// Sets what this call returns.
pub fn set_return(data: &[u8]) {
    // SAFETY: the host reads within `data` alone.
    unsafe { raw::set_return(pointer(data), length(data)) }
}

/// Ends this call and undoes all that it did.
pub fn revert(message: &[u8]) -> ! {
    // SAFETY: the host reads within `message` alone, and does not return.
    unsafe { raw::revert(pointer(message), length(message)) }
    abort()
}

/// Traps, which is what is left to do when something impossible has happened.
pub fn abort() -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    loop {
        core::hint::spin_loop();
    }
}

/// Who calls.
pub fn caller() -> Address {
    let mut address = [0; ADDRESS];
    // SAFETY: the host writes 32 bytes, the length of `address`.
    unsafe { raw::caller_address(pointer_mut(&mut address)) }
    address
}

/// The value of `N` bytes at `key`, if there is one.
pub fn load<const N: usize>(key: &[u8]) -> Option<[u8; N]> {
    let mut value = [0; N];
    // SAFETY: the host writes within `value` alone, whose length it is given.
    let found =
        unsafe { raw::storage_get(pointer(key), length(key), pointer_mut(&mut value), N as i32) };
    match found {
        ..0 => None,
        found if found == N as i64 => Some(value),
        _ => abort(),
    }
}

/// Sets the value at `key`.
pub fn store(key: &[u8], value: &[u8]) {
    // SAFETY: the host reads within `key` and `value` alone.
    unsafe { raw::storage_set(pointer(key), length(key), pointer(value), length(value)) }
}

/// Removes `key`.
pub fn remove(key: &[u8]) {
    // SAFETY: the host reads within `key` alone.
    unsafe {
        raw::storage_remove(pointer(key), length(key));
    }
}

/// Emits an event; `topics` are encoded as the host wants them.
pub fn emit(topics: &[u8], data: &[u8]) {
    // SAFETY: the host reads within `topics` and `data` alone.
    unsafe { raw::emit_event(pointer(topics), length(topics), pointer(data), length(data)) }
}

/// The part of `bytes` at `at`, as an array.
pub fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<N>()) {
        Some(field) => *field,
        None => abort(),
    }
}
