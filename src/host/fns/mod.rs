//! The host functions, bound to the one table.
//!
//! Each function charges first, then checks, then works; so a guest never gets work that it has not
//! paid for, and what a failing use costs does not depend on state. Parameters are the table's,
//! `i32` read as unsigned.

mod accounts;
mod calls;
mod context;
mod debug;
mod events;
mod hashes;
mod input;
mod signatures;
mod storage;
#[cfg(test)]
mod tests;
mod transient;
mod upgrade;

use dytallix_abi::HostFn;

use self::accounts::{balance_of, code_hash_of, contract_balance, risk_score};
pub(super) use self::calls::call_price;
use self::calls::{
    delegatecall, external_call, instantiate, return_copy, return_size, staticcall, transfer,
};
use self::context::{
    block_hash, block_height, block_time_ms, call_value, caller_address, chain_id, gas_left,
    self_address, signer_address, tx_hash,
};
use self::debug::debug_log;
use self::events::emit_event;
use self::hashes::{hash_blake3, hash_keccak256, hash_sha3_256, hash_sha256};
use self::input::{input_copy, input_size, revert, set_return};
pub(crate) use self::signatures::signature_kind;
use self::signatures::{ed25519_verify, pqc_verify, recover_pubkey};
use self::storage::{storage_get, storage_has, storage_next, storage_remove, storage_set};
use self::transient::{transient_get, transient_set};
use self::upgrade::upgrade_code;
use super::frame::{Env, Stop};

macro_rules! bind {
    ($(
        $(#[doc = $doc:literal])*
        $variant:ident = $number:literal:
            $name:ident($($param:ident: $ty:ident),* $(,)?) $(-> $result:ident)?;
        gas $gas:ident; effects [$($effect:ident),*]; since $since:literal;
    )*) => {
        /// Calls `function` with `arguments`, one slot each, and returns the slot of its result if
        /// it has one.
        ///
        /// The number of arguments is what validation of imports has made sure of.
        pub(super) fn call(
            function: HostFn,
            env: &mut Env<'_, '_>,
            arguments: &[u64],
        ) -> Result<Option<u64>, Stop> {
            match function {
                $( HostFn::$variant => {
                    let mut slots = arguments.iter().copied();
                    $( let $param = from_slot!($ty, slots.next().unwrap_or_default()); )*
                    debug_assert_eq!(slots.next(), None, "as many arguments as parameters");
                    let result = $name(env, $($param),*)?;
                    Ok(to_slot!(result $(, $result)?))
                } )*
                // The enum is open to other crates only: the table has named every variant.
                other => unreachable!("{} is not bound", other.name()),
            }
        }
    };
}

macro_rules! from_slot {
    (i32, $slot:expr) => {
        $slot as u32
    };
    (i64, $slot:expr) => {
        $slot
    };
}

macro_rules! to_slot {
    ($value:ident) => {{
        let () = $value;
        None
    }};
    ($value:ident, i32) => {{
        let value: i32 = $value;
        Some(u64::from(value as u32))
    }};
    ($value:ident, i64) => {{
        let value: i64 = $value;
        Some(value as u64)
    }};
}

dytallix_abi::for_each_host_fn! { bind }
