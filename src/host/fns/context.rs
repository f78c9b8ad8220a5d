//! Facts about the running call, its transaction and its block.

use dytallix_abi::{ErrorCode, GasClass};

use crate::gas::GasDimension;
use crate::host::context::{block_hash_key, block_hash_of, system_address};
use crate::host::frame::{Env, Stop};

pub(super) fn caller_address(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.write(out, env.frame.sender.caller.as_bytes())
}

pub(super) fn self_address(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.write(out, env.frame.contract.as_bytes())
}

pub(super) fn signer_address(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.write(out, env.context.signer.as_bytes())
}

pub(super) fn call_value(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.write(out, &env.frame.sender.value.to_le_bytes())
}

pub(super) fn tx_hash(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.write(out, env.context.transaction.hash().as_bytes())
}

pub(super) fn block_height(env: &mut Env<'_, '_>) -> Result<i64, Stop> {
    env.charge(GasClass::Context, 0)?;
    Ok(env.context.block.height.number() as i64)
}

pub(super) fn block_time_ms(env: &mut Env<'_, '_>) -> Result<i64, Stop> {
    env.charge(GasClass::Context, 0)?;
    Ok(env.context.block.time_ms as i64)
}

pub(super) fn chain_id(env: &mut Env<'_, '_>) -> Result<i64, Stop> {
    env.charge(GasClass::Context, 0)?;
    Ok(env.context.block.chain_id as i64)
}

pub(super) fn gas_left(env: &mut Env<'_, '_>) -> Result<i64, Stop> {
    env.charge(GasClass::Context, 0)?;
    Ok(*env.gas as i64)
}

pub(super) fn block_hash(env: &mut Env<'_, '_>, height: u64, out: u32) -> Result<i32, Stop> {
    env.charge(GasClass::Account, 0)?;
    env.guest.bytes(out, 32)?;
    let (system, key) = (system_address(), block_hash_key(height));
    if env.overlay.warm_place(&system, &key).is_none() {
        env.take(GasDimension::StateRead, env.rules.prices.cold_storage.total(40))?;
    }
    let value = env.overlay.load_storage(&system, &key)?;
    let hash = value.and_then(|value| block_hash_of(&value, height, env.context.block.height));
    match hash {
        Some(hash) => env.guest.write(out, &hash).map(|()| 0),
        None => Ok(ErrorCode::Absent.code() as i32),
    }
}
