//! Calls to other contracts: `external_call`, `return_size`, `return_copy`.

use alloc::vec::Vec;

use dytallix_abi::{ADDRESS_BYTES, AMOUNT_BYTES, CallFlags, GasClass, HostTrap, METHOD_NAME_BYTES};

use super::input::part;
use crate::gas::HostPrices;
use crate::host::frame::{CallRequest, Env, Stop, within};
use crate::primitives::{Address, Amount};

/// Bytes of every call: the address and the value.
const FIXED_BYTES: u64 = (ADDRESS_BYTES + AMOUNT_BYTES) as u64;

/// The price of a call from outside, which is that of a call between contracts.
pub(in crate::host) fn call_price(prices: &HostPrices, method: usize, arguments: usize) -> u64 {
    prices.call.total(method as u64 + arguments as u64 + FIXED_BYTES)
}

#[expect(clippy::too_many_arguments, reason = "the parameters are those of the ABI's table")]
pub(super) fn external_call(
    env: &mut Env<'_, '_>,
    to: u32,
    method: u32,
    method_length: u32,
    arguments: u32,
    arguments_length: u32,
    value: u32,
    gas: u64,
    flags: u32,
) -> Result<i32, Stop> {
    let bytes = u64::from(method_length) + u64::from(arguments_length);
    env.charge(GasClass::Call, bytes + FIXED_BYTES)?;
    within(arguments_length, env.limits.argument_bytes, HostTrap::ArgumentsLength)?;
    let flags = CallFlags::from_bits(flags).ok_or(Stop::Trap(HostTrap::UnknownFlags))?;
    let request = CallRequest {
        to: Address::from_bytes(env.guest.array(to)?),
        method: method_name(env.guest.bytes(method, method_length)?),
        input: env.guest.bytes(arguments, arguments_length)?.into(),
        value: Amount::from_le_bytes(env.guest.array(value)?),
        gas,
        flags,
    };
    // The status is the result once the call has ended: the guest waits until then.
    Err(Stop::Call(request))
}

/// A name longer than names can be is no method's, and neither is the empty one.
fn method_name(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() > METHOD_NAME_BYTES as usize { Vec::new() } else { bytes.into() }
}

pub(super) fn return_size(env: &mut Env<'_, '_>) -> Result<i32, Stop> {
    env.charge(GasClass::Context, 0)?;
    // Return data is limited far below 2³¹ bytes.
    Ok(env.frame.returned.len() as i32)
}

pub(super) fn return_copy(
    env: &mut Env<'_, '_>,
    out: u32,
    offset: u32,
    length: u32,
) -> Result<(), Stop> {
    env.charge(GasClass::Copy, length.into())?;
    let part = part(&env.frame.returned, offset, length)?;
    env.guest.write(out, part)
}
