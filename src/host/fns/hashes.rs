//! Hashes: `hash_keccak256`, `hash_sha3_256`, `hash_sha256`, `hash_blake3`.

use dytallix_abi::{GasClass, HostTrap};

use crate::crypto;
use crate::host::frame::{Env, Stop, within};

pub(super) fn hash_keccak256(
    env: &mut Env<'_, '_>,
    data: u32,
    length: u32,
    out: u32,
) -> Result<(), Stop> {
    hash(env, GasClass::Keccak, crypto::keccak256, data, length, out)
}

pub(super) fn hash_sha3_256(
    env: &mut Env<'_, '_>,
    data: u32,
    length: u32,
    out: u32,
) -> Result<(), Stop> {
    hash(env, GasClass::Keccak, crypto::sha3_256, data, length, out)
}

pub(super) fn hash_sha256(
    env: &mut Env<'_, '_>,
    data: u32,
    length: u32,
    out: u32,
) -> Result<(), Stop> {
    hash(env, GasClass::Sha256, crypto::sha256, data, length, out)
}

pub(super) fn hash_blake3(
    env: &mut Env<'_, '_>,
    data: u32,
    length: u32,
    out: u32,
) -> Result<(), Stop> {
    hash(env, GasClass::Blake3, crypto::blake3, data, length, out)
}

/// Charges, reads, hashes and writes; the output may lie over the data.
fn hash(
    env: &mut Env<'_, '_>,
    class: GasClass,
    function: fn(&[u8]) -> [u8; 32],
    data: u32,
    length: u32,
    out: u32,
) -> Result<(), Stop> {
    env.charge(class, length.into())?;
    within(length, env.rules.call_limits.data_bytes, HostTrap::DataLength)?;
    env.guest.bytes(out, 32)?;
    let hash = function(env.guest.bytes(data, length)?);
    env.guest.write(out, &hash)
}
