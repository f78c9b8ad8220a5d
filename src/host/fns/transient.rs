//! Values that live as long as the transaction: `transient_get`, `transient_set`.

use dytallix_abi::{GasClass, HostTrap};

use super::storage::{check_key, give};
use crate::host::frame::{Env, Stop, within};

pub(super) fn transient_get(
    env: &mut Env<'_, '_>,
    key: u32,
    key_length: u32,
    out: u32,
    capacity: u32,
) -> Result<i64, Stop> {
    env.charge(GasClass::Transient, key_length.into())?;
    check_key(env, key_length)?;
    env.guest.bytes(out, capacity)?;
    let key = env.guest.bytes(key, key_length)?;
    let value = env.overlay.transient(&env.frame.contract, key);
    give(env, GasClass::Transient, value.as_deref(), out, capacity)
}

pub(super) fn transient_set(
    env: &mut Env<'_, '_>,
    key: u32,
    key_length: u32,
    value: u32,
    value_length: u32,
) -> Result<(), Stop> {
    let bytes = u64::from(key_length) + u64::from(value_length);
    env.charge(GasClass::Transient, bytes)?;
    env.require_writable()?;
    check_key(env, key_length)?;
    let limits = &env.rules.call_limits;
    within(value_length, limits.value_bytes, HostTrap::ValueLength)?;
    let key = env.guest.bytes(key, key_length)?;
    let value = env.guest.bytes(value, value_length)?;
    let value = (!value.is_empty()).then_some(value);
    let most = u64::from(limits.transient_bytes);
    if value.is_some() && env.overlay.transient_bytes() + bytes > most {
        return Err(Stop::Trap(HostTrap::TransientBytes));
    }
    env.overlay.set_transient(&env.frame.contract, key, value);
    Ok(())
}
