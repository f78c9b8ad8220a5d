//! Contract storage: `storage_get`, `storage_set`, `storage_remove`, `storage_has`.

use dytallix_abi::{ErrorCode, GasClass, HostTrap};

use crate::host::frame::{Env, Stop, within};

pub(super) fn storage_get(
    env: &mut Env<'_, '_>,
    key: u32,
    key_length: u32,
    out: u32,
    capacity: u32,
) -> Result<i64, Stop> {
    env.charge(GasClass::StorageRead, key_length.into())?;
    check_key(env, key_length)?;
    // The whole of the output must be the guest's even where the value is shorter or absent, so
    // that whether a call traps does not depend on state.
    env.guest.bytes(out, capacity)?;
    let key = env.guest.bytes(key, key_length)?;
    let Some(value) = env.overlay.load_storage(&env.frame.contract, key)? else {
        return Ok(ErrorCode::Absent.code());
    };
    env.charge_bytes(GasClass::StorageRead, value.len())?;
    if value.len() <= capacity as usize {
        env.guest.write(out, &value)?;
    }
    Ok(value.len() as i64)
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
    within(value_length, env.limits.value_bytes, HostTrap::ValueLength)?;
    let key = env.guest.bytes(key, key_length)?;
    let value = env.guest.bytes(value, value_length)?;
    env.overlay.set_storage(&env.frame.contract, key, Some(value))?;
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
    let key = env.guest.bytes(key, key_length)?;
    let previous = env.overlay.set_storage(&env.frame.contract, key, None)?;
    Ok(previous.is_some().into())
}

pub(super) fn storage_has(env: &mut Env<'_, '_>, key: u32, key_length: u32) -> Result<i32, Stop> {
    env.charge(GasClass::StorageRead, key_length.into())?;
    check_key(env, key_length)?;
    let key = env.guest.bytes(key, key_length)?;
    Ok(env.overlay.load_storage(&env.frame.contract, key)?.is_some().into())
}

fn check_key(env: &Env<'_, '_>, length: u32) -> Result<(), Stop> {
    if length == 0 {
        return Err(Stop::Trap(HostTrap::KeyLength));
    }
    within(length, env.limits.key_bytes, HostTrap::KeyLength)
}
