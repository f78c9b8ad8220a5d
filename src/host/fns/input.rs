//! What a call is given and gives back: `input_size`, `input_copy`, `set_return`, `revert`.

use dytallix_abi::{GasClass, HostTrap};

use crate::gas::GasDimension;
use crate::host::frame::{Env, Stop, within};

pub(super) fn input_size(env: &mut Env<'_, '_>) -> Result<i32, Stop> {
    env.charge(GasClass::Context, 0)?;
    // Arguments are limited far below 2³¹ bytes.
    Ok(env.frame.input.len() as i32)
}

pub(super) fn input_copy(
    env: &mut Env<'_, '_>,
    out: u32,
    offset: u32,
    length: u32,
) -> Result<(), Stop> {
    env.charge(GasClass::Copy, length.into())?;
    let part = part(&env.frame.input, offset, length)?;
    env.guest.write(out, part)
}

pub(super) fn set_return(env: &mut Env<'_, '_>, data: u32, length: u32) -> Result<(), Stop> {
    env.charge(GasClass::Copy, length.into())?;
    set_output(env, data, length)
}

/// Makes these bytes the frame's output. That of the outermost frame becomes part of the receipt.
fn set_output(env: &mut Env<'_, '_>, data: u32, length: u32) -> Result<(), Stop> {
    within(length, env.rules.call_limits.return_bytes, HostTrap::ReturnLength)?;
    env.guest.bytes(data, length)?;
    if env.frame.outermost {
        env.take(GasDimension::StateWrite, env.rules.prices.state_write.bytes(length.into()))?;
    }
    let data = env.guest.bytes(data, length)?;
    env.frame.output.clear();
    env.frame.output.extend_from_slice(data);
    Ok(())
}

pub(super) fn revert(env: &mut Env<'_, '_>, data: u32, length: u32) -> Result<(), Stop> {
    env.charge(GasClass::EndFrame, length.into())?;
    set_output(env, data, length)?;
    Err(Stop::Revert)
}

/// The `length` bytes of `data` from `offset` on.
pub(super) fn part(data: &[u8], offset: u32, length: u32) -> Result<&[u8], Stop> {
    let rest = data.get(offset as usize..);
    let part = rest.and_then(|rest| rest.get(..length as usize));
    part.ok_or(Stop::Trap(HostTrap::RangeOutOfBounds))
}
