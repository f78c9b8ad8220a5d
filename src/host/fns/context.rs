//! Facts about the running call: `caller_address`, `self_address`.

use dytallix_abi::GasClass;

use crate::host::frame::{Env, Stop};

pub(super) fn caller_address(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.write(out, env.frame.caller.as_bytes())
}

pub(super) fn self_address(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.write(out, env.frame.contract.as_bytes())
}
