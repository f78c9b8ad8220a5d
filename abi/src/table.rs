//! The one table of host functions. Rows are data: no logic here.

/// Hands every host function to `$callback!`, one row each, in order of number.
///
/// A row is: documentation, variant and number (never reused), name, parameters with their types,
/// result if any, class of price, effects, and the ABI version that brought it.
#[macro_export]
macro_rules! for_each_host_fn {
    ($($callback:tt)+) => {
        $($callback)+! {
            /// Reads the value at `key` of this contract's storage into `out`. Returns its length,
            /// or −1 if there is no such key.
            StorageGet = 1: storage_get(key: i32, key_length: i32, out: i32, capacity: i32) -> i64;
            gas StorageRead; effects [ReadState]; since 1;

            /// Sets the value at `key` of this contract's storage. An empty value is a value: the
            /// key exists.
            StorageSet = 2: storage_set(key: i32, key_length: i32, value: i32, value_length: i32);
            gas StorageWrite; effects [WriteState]; since 1;

            /// Removes `key` from this contract's storage. Returns 1 if it was there, else 0.
            StorageRemove = 3: storage_remove(key: i32, key_length: i32) -> i32;
            gas StorageWrite; effects [ReadState, WriteState]; since 1;

            /// Returns 1 if this contract's storage has `key`, else 0.
            StorageHas = 4: storage_has(key: i32, key_length: i32) -> i32;
            gas StorageRead; effects [ReadState]; since 1;

            /// Returns the length of this call's arguments, in bytes.
            InputSize = 5: input_size() -> i32;
            gas Context; effects [ReadInput]; since 1;

            /// Copies `length` bytes of this call's arguments, from `offset` on, to `out`. A range
            /// that reaches beyond the arguments traps.
            InputCopy = 6: input_copy(out: i32, offset: i32, length: i32);
            gas Copy; effects [ReadInput]; since 1;

            /// Sets the data that this call returns, replacing what was set before. The call goes
            /// on.
            SetReturn = 7: set_return(data: i32, length: i32);
            gas Copy; effects []; since 1;

            /// Ends this call with `data`, undoing all its changes and those of the calls it made.
            /// Does not return.
            Revert = 8: revert(data: i32, length: i32);
            gas Copy; effects [EndFrame]; since 1;

            /// Returns the length of the data that the last call made from here gave back, in
            /// bytes; 0 before any call.
            ReturnSize = 9: return_size() -> i32;
            gas Context; effects [ReadReturn]; since 1;

            /// Copies `length` bytes of the data that the last call gave back, from `offset` on, to
            /// `out`. A range that reaches beyond the data traps.
            ReturnCopy = 10: return_copy(out: i32, offset: i32, length: i32);
            gas Copy; effects [ReadReturn]; since 1;

            /// Calls `method` of the contract at `to` (32 bytes) with `arguments`, sending `value`
            /// (16 bytes) and at most `gas` (unsigned; never more than 63/64 of what is left).
            /// Returns the status of the call.
            ExternalCall = 11: external_call(
                to: i32, method: i32, method_length: i32, arguments: i32, arguments_length: i32,
                value: i32, gas: i64, flags: i32
            ) -> i32;
            gas Call; effects [ReadState, WriteState, CallOut]; since 1;

            /// Writes the address (32 bytes) of the account or contract that made this call to
            /// `out`.
            CallerAddress = 12: caller_address(out: i32);
            gas Context; effects [ReadAuthority]; since 1;

            /// Writes the address (32 bytes) of this contract to `out`.
            SelfAddress = 13: self_address(out: i32);
            gas Context; effects []; since 1;

            /// Emits an event. `topics` is a `u32` count (at most 4), then for each topic its `u32`
            /// length (at most 64) and its bytes, all little-endian with nothing after. The event
            /// is undone with the call that emitted it.
            EmitEvent = 14: emit_event(topics: i32, topics_length: i32, data: i32, data_length: i32);
            gas Event; effects [EmitEvent]; since 1;
        }
    };
}

/// Declares every host function for a contract, as `unsafe extern "C"` functions that take and
/// return `i32` and `i64`.
///
/// Only those that the contract uses become imports of its module.
#[macro_export]
macro_rules! host_externs {
    () => {
        $crate::for_each_host_fn! { $crate::host_externs_rows }
    };
}

/// The callback of [`host_externs!`].
#[doc(hidden)]
#[macro_export]
macro_rules! host_externs_rows {
    ($(
        $(#[doc = $doc:literal])*
        $variant:ident = $number:literal:
            $name:ident($($param:ident: $ty:ident),* $(,)?) $(-> $result:ident)?;
        gas $gas:ident; effects [$($effect:ident),*]; since $since:literal;
    )*) => {
        #[link(wasm_import_module = "env")]
        unsafe extern "C" {
            $( $(#[doc = $doc])* pub fn $name($($param: $ty),*) $(-> $result)?; )*
        }
    };
}
