//! The imports of a contract's module, as safe functions.
//!
//! The host reads and writes the guest's memory only within the pointers and lengths that it is
//! given, and traps otherwise; every function here takes both from one slice.
#![allow(unsafe_code, reason = "imports of a module have no safe form")]

/// As the one table declares them.
mod raw {
    dytallix_abi::host_externs!();
}

fn at(bytes: &[u8]) -> i32 {
    bytes.as_ptr() as usize as i32
}

fn at_mut(bytes: &mut [u8]) -> i32 {
    bytes.as_mut_ptr() as usize as i32
}

fn length(bytes: &[u8]) -> i32 {
    bytes.len() as i32
}

/// Functions that read slices and return what the host returns.
macro_rules! reading {
    ($(
        $(#[$meta:meta])*
        $name:ident($($slice:ident),*; $($number:ident: $ty:ty),*) $(-> $result:ty)?;
    )*) => { $(
        $(#[$meta])*
        #[inline]
        pub fn $name($($slice: &[u8],)* $($number: $ty),*) $(-> $result)? {
            // SAFETY: the host reads within the slices alone, whose lengths it is given.
            unsafe { raw::$name($(at($slice), length($slice),)* $($number),*) }
        }
    )* };
}

reading! {
    /// Sets the value at `key` of this contract's storage.
    storage_set(key, value;);
    /// Sets the value at `key` of this contract's transient storage; an empty one removes it.
    transient_set(key, value;);
    /// Sets what this call returns.
    set_return(data;);
    /// Emits an event; `topics` are encoded as the host wants them.
    emit_event(topics, data;);
    /// Hands a text to whoever watches.
    debug_log(text;);
    /// Number of bytes of this call's arguments.
    input_size(;) -> i32;
    /// Number of bytes that the last call gave back.
    return_size(;) -> i32;
    /// Height of the block.
    block_height(;) -> i64;
    /// Time of the block, in milliseconds.
    block_time_ms(;) -> i64;
    /// Number of the chain.
    chain_id(;) -> i64;
    /// Gas that is left to this call.
    gas_left(;) -> i64;
}

/// Functions that read a key and write a value of variable length.
macro_rules! variable {
    ($( $(#[$meta:meta])* $name:ident($($slice:ident),*); )*) => { $(
        $(#[$meta])*
        #[inline]
        pub fn $name($($slice: &[u8],)* out: &mut [u8]) -> i64 {
            // SAFETY: the host reads within the slices and writes within `out` alone.
            unsafe { raw::$name($(at($slice), length($slice),)* at_mut(out), length(out)) }
        }
    )* };
}

variable! {
    /// Reads the value at `key` into `out` if it fits; its length, or −1.
    storage_get(key);
    /// Writes the next key to `out` if it fits; its length, or −1.
    storage_next(prefix, after);
    /// Reads the transient value at `key` into `out` if it fits; its length, or −1.
    transient_get(key);
}

/// Functions that write 32 or 16 bytes.
macro_rules! fixed {
    ($( $(#[$meta:meta])* $name:ident -> [u8; $bytes:literal]; )*) => { $(
        $(#[$meta])*
        #[inline]
        #[must_use]
        pub fn $name() -> [u8; $bytes] {
            let mut out = [0; $bytes];
            // SAFETY: the host writes exactly the length of `out`.
            unsafe { raw::$name(at_mut(&mut out)) }
            out
        }
    )* };
}

fixed! {
    /// Who made this call.
    caller_address -> [u8; 32];
    /// This contract.
    self_address -> [u8; 32];
    /// Who signed the transaction.
    signer_address -> [u8; 32];
    /// Hash of the transaction.
    tx_hash -> [u8; 32];
    /// The value that came with this call.
    call_value -> [u8; 16];
    /// The balance of this contract.
    contract_balance -> [u8; 16];
}

/// Hash functions.
macro_rules! hashes {
    ($( $(#[$meta:meta])* $name:ident; )*) => { $(
        $(#[$meta])*
        #[inline]
        #[must_use]
        pub fn $name(data: &[u8]) -> [u8; 32] {
            let mut out = [0; 32];
            // SAFETY: the host reads within `data` and writes the 32 bytes of `out`.
            unsafe { raw::$name(at(data), length(data), at_mut(&mut out)) }
            out
        }
    )* };
}

hashes! {
    /// Keccak-256, as Ethereum has it.
    hash_keccak256;
    /// SHA3-256.
    hash_sha3_256;
    /// SHA-256.
    hash_sha256;
    /// BLAKE3.
    hash_blake3;
}

/// Removes `key` from this contract's storage; whether it was there.
#[inline]
pub fn storage_remove(key: &[u8]) -> bool {
    // SAFETY: the host reads within `key` alone.
    unsafe { raw::storage_remove(at(key), length(key)) != 0 }
}

/// Whether this contract's storage has `key`.
#[inline]
#[must_use]
pub fn storage_has(key: &[u8]) -> bool {
    // SAFETY: the host reads within `key` alone.
    unsafe { raw::storage_has(at(key), length(key)) != 0 }
}

/// Copies arguments, from `offset` on, to `out`.
#[inline]
pub fn input_copy(out: &mut [u8], offset: u32) {
    // SAFETY: the host writes within `out` alone.
    unsafe { raw::input_copy(at_mut(out), offset as i32, length(out)) }
}

/// Copies what the last call gave back, from `offset` on, to `out`.
#[inline]
pub fn return_copy(out: &mut [u8], offset: u32) {
    // SAFETY: the host writes within `out` alone.
    unsafe { raw::return_copy(at_mut(out), offset as i32, length(out)) }
}

/// Ends this call with `data` and undoes what it did.
#[inline]
pub fn revert(data: &[u8]) -> ! {
    // SAFETY: the host reads within `data` alone, and does not return.
    unsafe { raw::revert(at(data), length(data)) }
    core::arch::wasm32::unreachable()
}

/// Calls a contract; the status.
#[inline]
pub fn external_call(
    to: &[u8; 32],
    method: &[u8],
    arguments: &[u8],
    value: u128,
    gas: u64,
    flags: u32,
) -> i32 {
    let value = value.to_le_bytes();
    // SAFETY: the host reads within the slices alone, 32 bytes of `to` and 16 of `value`.
    unsafe {
        raw::external_call(
            at(to),
            at(method),
            length(method),
            at(arguments),
            length(arguments),
            at(&value),
            gas as i64,
            flags as i32,
        )
    }
}

/// Calls a contract in a read-only frame; the status.
#[inline]
pub fn staticcall(to: &[u8; 32], method: &[u8], arguments: &[u8], gas: u64, flags: u32) -> i32 {
    // SAFETY: the host reads within the slices alone, and 32 bytes of `to`.
    unsafe {
        raw::staticcall(
            at(to),
            at(method),
            length(method),
            at(arguments),
            length(arguments),
            gas as i64,
            flags as i32,
        )
    }
}

/// Runs other code on this contract's storage; the status.
#[inline]
pub fn delegatecall(
    code_hash: &[u8; 32],
    method: &[u8],
    arguments: &[u8],
    gas: u64,
    flags: u32,
) -> i32 {
    // SAFETY: the host reads within the slices alone, and 32 bytes of `code_hash`.
    unsafe {
        raw::delegatecall(
            at(code_hash),
            at(method),
            length(method),
            at(arguments),
            length(arguments),
            gas as i64,
            flags as i32,
        )
    }
}

/// Makes a contract; the status, and its address in `out`.
#[inline]
pub fn instantiate(
    code_hash: &[u8; 32],
    salt: &[u8; 32],
    admin: &[u8],
    arguments: &[u8],
    value: u128,
    gas: u64,
    out: &mut [u8; 32],
) -> i32 {
    let value = value.to_le_bytes();
    // SAFETY: the host reads within the slices alone, 32 bytes of hash and salt and 16 of `value`,
    // and writes the 32 bytes of `out`.
    unsafe {
        raw::instantiate(
            at(code_hash),
            at(salt),
            at(admin),
            length(admin),
            at(arguments),
            length(arguments),
            at(&value),
            gas as i64,
            at_mut(out),
        )
    }
}

/// Moves value from this contract to `to`; the status.
#[inline]
pub fn transfer(to: &[u8; 32], amount: u128) -> i32 {
    let amount = amount.to_le_bytes();
    // SAFETY: the host reads 32 bytes of `to` and 16 of `amount`.
    unsafe { raw::transfer(at(to), at(&amount)) }
}

/// The balance of an account.
#[inline]
#[must_use]
pub fn balance_of(address: &[u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    // SAFETY: the host reads the 32 bytes of `address` and writes the 16 of `out`.
    unsafe { raw::balance_of(at(address), at_mut(&mut out)) }
    out
}

/// Writes the hash of the block at `height` to `out`; negative where it is not known.
#[inline]
pub fn block_hash(height: u64, out: &mut [u8; 32]) -> i32 {
    // SAFETY: the host writes the 32 bytes of `out`.
    unsafe { raw::block_hash(height as i64, at_mut(out)) }
}

/// Writes the code hash of a contract to `out`; negative where there is none.
#[inline]
pub fn code_hash_of(address: &[u8; 32], out: &mut [u8; 32]) -> i32 {
    // SAFETY: the host reads the 32 bytes of `address` and writes those of `out`.
    unsafe { raw::code_hash_of(at(address), at_mut(out)) }
}

/// Whether a signature of a post-quantum scheme is valid.
#[inline]
#[must_use]
pub fn pqc_verify(scheme: u32, key: &[u8], message: &[u8], context: &[u8], sig: &[u8]) -> bool {
    // SAFETY: the host reads within the slices alone.
    let valid = unsafe {
        raw::pqc_verify(
            scheme as i32,
            at(key),
            length(key),
            at(message),
            length(message),
            at(context),
            length(context),
            at(sig),
            length(sig),
        )
    };
    valid == 1
}

/// Whether an Ed25519 signature is valid.
#[inline]
#[must_use]
pub fn ed25519_verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    // SAFETY: the host reads within `message` alone, 32 bytes of `key` and 64 of `signature`.
    unsafe { raw::ed25519_verify(at(key), at(message), length(message), at(signature)) == 1 }
}

/// Writes the secp256k1 key that made a signature to `out`; whether there is one.
#[inline]
pub fn recover_pubkey(hash: &[u8; 32], signature: &[u8; 65], out: &mut [u8; 64]) -> bool {
    // SAFETY: the host reads 32 and 65 bytes and writes the 64 of `out`.
    unsafe { raw::recover_pubkey(at(hash), at(signature), at_mut(out)) == 1 }
}

/// Gives this contract other code once this call has succeeded; the status.
#[inline]
pub fn upgrade_code(code_hash: &[u8; 32], arguments: &[u8]) -> i32 {
    // SAFETY: the host reads within `arguments` and 32 bytes of `code_hash`.
    unsafe { raw::upgrade_code(at(code_hash), at(arguments), length(arguments)) }
}

/// The risk score of a contract's code in basis points; −1 where there is none.
#[inline]
#[must_use]
pub fn risk_score(address: &[u8; 32]) -> i64 {
    // SAFETY: the host reads the 32 bytes of `address`.
    unsafe { raw::risk_score(at(address)) }
}
