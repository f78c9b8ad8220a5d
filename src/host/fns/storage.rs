//! Contract storage: `storage_get`, `storage_set`, `storage_remove`, `storage_has`,
//! `storage_next`.
//!
//! The first touch of a key in a transaction is paid on top, before the store is asked; a value
//! that changes pays for its share of the commitment, before it is written.

use alloc::vec::Vec;
use core::ops::Bound;

use dytallix_abi::{ErrorCode, GasClass, HostTrap};

use crate::gas::GasDimension;
use crate::host::frame::{Env, Stop, within};
use crate::state::{KeyRange, Place};

pub(super) fn storage_get(
    env: &mut Env<'_, '_>,
    key: u32,
    key_length: u32,
    out: u32,
    capacity: u32,
) -> Result<i64, Stop> {
    env.charge(GasClass::StorageRead, key_length.into())?;
    check_key(env, key_length)?;
    env.guest.bytes(out, capacity)?;
    let place = touch(env, key, key_length)?;
    let value = env.overlay.value_at(place).cloned();
    give(env, GasClass::StorageRead, value.as_deref(), out, capacity)
}

pub(super) fn storage_set(
    env: &mut Env<'_, '_>,
    key: u32,
    key_length: u32,
    value: u32,
    value_length: u32,
) -> Result<(), Stop> {
    let bytes = u64::from(key_length) + u64::from(value_length);
    env.charge(GasClass::StorageWrite, bytes)?;
    env.require_writable()?;
    check_key(env, key_length)?;
    within(value_length, env.rules.call_limits.value_bytes, HostTrap::ValueLength)?;
    env.guest.bytes(value, value_length)?;
    let place = touch(env, key, key_length)?;
    let there = env.overlay.value_at(place).map(|there| &**there);
    if there != Some(env.guest.bytes(value, value_length)?) {
        charge_state_write(env, place, bytes)?;
    }
    let value = env.guest.bytes(value, value_length)?;
    env.overlay.set_at(&env.frame.contract, place, key_length as usize, Some(value))?;
    Ok(())
}

pub(super) fn storage_remove(
    env: &mut Env<'_, '_>,
    key: u32,
    key_length: u32,
) -> Result<i32, Stop> {
    env.charge(GasClass::StorageWrite, key_length.into())?;
    env.require_writable()?;
    check_key(env, key_length)?;
    let place = touch(env, key, key_length)?;
    if env.overlay.value_at(place).is_none() {
        return Ok(0);
    }
    charge_state_write(env, place, key_length.into())?;
    env.overlay.set_at(&env.frame.contract, place, key_length as usize, None)?;
    Ok(1)
}

pub(super) fn storage_has(env: &mut Env<'_, '_>, key: u32, key_length: u32) -> Result<i32, Stop> {
    env.charge(GasClass::StorageRead, key_length.into())?;
    check_key(env, key_length)?;
    let place = touch(env, key, key_length)?;
    Ok(env.overlay.value_at(place).is_some().into())
}

pub(super) fn storage_next(
    env: &mut Env<'_, '_>,
    prefix: u32,
    prefix_length: u32,
    after: u32,
    after_length: u32,
    out: u32,
    capacity: u32,
) -> Result<i64, Stop> {
    let bytes = u64::from(prefix_length) + u64::from(after_length);
    env.charge(GasClass::StorageScan, bytes)?;
    within(prefix_length, env.rules.call_limits.key_bytes, HostTrap::KeyLength)?;
    within(after_length, env.rules.call_limits.key_bytes, HostTrap::KeyLength)?;
    env.guest.bytes(out, capacity)?;
    let prefix = env.guest.bytes(prefix, prefix_length)?;
    let after = env.guest.bytes(after, after_length)?;
    let end = end_of_prefix(prefix);
    let range = range_after(prefix, after, end.as_deref());
    let step = u64::from(env.rules.prices.of(GasClass::StorageScan).base);
    // The first key has been paid for; the others are where they come up.
    let (gas, used, mut paid) = (&mut *env.gas, &mut *env.used, true);
    let found = env.overlay.next_key(&env.frame.contract, range, || {
        if !core::mem::take(&mut paid) {
            *gas = gas.checked_sub(step).ok_or(Stop::OutOfGas)?;
            used.add(GasDimension::StateRead, step);
        }
        Ok::<(), Stop>(())
    })?;
    give(env, GasClass::StorageScan, found.as_deref(), out, capacity)
}

/// Hands the guest what was found: its length, and its bytes where they fit, which are paid for
/// first.
///
/// The whole of the output has been seen to be the guest's, even where what is found is shorter or
/// nothing, so that whether a call traps does not depend on state.
pub(super) fn give(
    env: &mut Env<'_, '_>,
    class: GasClass,
    found: Option<&[u8]>,
    out: u32,
    capacity: u32,
) -> Result<i64, Stop> {
    let Some(bytes) = found else { return Ok(ErrorCode::Absent.code()) };
    env.charge_bytes(class, bytes.len())?;
    if bytes.len() <= capacity as usize {
        env.guest.write(out, bytes)?;
    }
    Ok(bytes.len() as i64)
}

/// The keys that begin with `prefix` and come after `after`, up to `end`.
fn range_after<'a>(prefix: &'a [u8], after: &'a [u8], end: Option<&'a [u8]>) -> KeyRange<'a> {
    let begin = if after < prefix { Bound::Included(prefix) } else { Bound::Excluded(after) };
    // No key is empty, so the empty place is before all of them.
    let begin = if after.is_empty() { Bound::Included(prefix) } else { begin };
    (begin, end.map_or(Bound::Unbounded, Bound::Excluded))
}

/// The first key after all that begin with `prefix`, if there is one.
fn end_of_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|&byte| byte != 0xff)? + 1;
    let mut end = prefix[..kept].to_vec();
    end[kept - 1] += 1;
    Some(end)
}

/// Where the value at a key is; paid on top where the transaction has not touched it yet.
fn touch(env: &mut Env<'_, '_>, key: u32, key_length: u32) -> Result<Place, Stop> {
    let key = env.guest.bytes(key, key_length)?;
    if let Some(place) = env.overlay.warm_place(&env.frame.contract, key) {
        return Ok(place);
    }
    let price = env.rules.prices.cold_storage;
    let base = u64::from(price.base);
    *env.gas = env.gas.checked_sub(base).ok_or(Stop::OutOfGas)?;
    env.used.add(GasDimension::StateRead, base);
    let place = env.overlay.place(&env.frame.contract, key)?;
    // How much there was to load is known only now.
    let loaded = env.overlay.value_at(place).map_or(0, |value| value.len() as u64);
    env.take(GasDimension::StateRead, price.bytes(loaded))?;
    Ok(place)
}

/// State-write gas of a value that changes: the base once for each key and transaction.
fn charge_state_write(env: &mut Env<'_, '_>, place: Place, bytes: u64) -> Result<(), Stop> {
    let price = env.rules.prices.state_write;
    let base = if env.overlay.is_written(place) { 0 } else { price.base };
    env.take(GasDimension::StateWrite, price.bytes(bytes).saturating_add(base.into()))
}

/// A key has a byte at least, and no more than the limit.
pub(super) fn check_key(env: &Env<'_, '_>, length: u32) -> Result<(), Stop> {
    if length == 0 {
        return Err(Stop::Trap(HostTrap::KeyLength));
    }
    within(length, env.rules.call_limits.key_bytes, HostTrap::KeyLength)
}
