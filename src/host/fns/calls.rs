//! Calls to other contracts, new contracts, and value that moves.

use alloc::boxed::Box;
use alloc::vec::Vec;

use dytallix_abi::{
    ADDRESS_BYTES, AMOUNT_BYTES, CallFlags, Decode, GasClass, HostTrap, METHOD_NAME_BYTES,
};

use super::input::part;
use crate::gas::HostPrices;
use crate::host::frame::{CallRequest, Creation, Env, Stop, Target, within};
use crate::primitives::{Address, Amount, Hash};
use crate::state::Admin;

/// Bytes of every call: the address and the value.
const FIXED_BYTES: u64 = (ADDRESS_BYTES + AMOUNT_BYTES) as u64;

/// The price of a call from outside, which is that of a call between contracts.
pub(in crate::host) fn call_price(prices: &HostPrices, method: usize, arguments: usize) -> u64 {
    prices.of(GasClass::Call).total(method as u64 + arguments as u64 + FIXED_BYTES)
}

/// What the three kinds of calls have in common, as the guest gives it.
struct Raw {
    target: u32,
    method: u32,
    method_length: u32,
    arguments: u32,
    arguments_length: u32,
    gas: u64,
    flags: u32,
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
    let target = to;
    let raw = Raw { target, method, method_length, arguments, arguments_length, gas, flags };
    let target = |bytes| Target::External(Address::from_bytes(bytes));
    call(env, &raw, Some(value), target)
}

#[expect(clippy::too_many_arguments, reason = "the parameters are those of the ABI's table")]
pub(super) fn staticcall(
    env: &mut Env<'_, '_>,
    to: u32,
    method: u32,
    method_length: u32,
    arguments: u32,
    arguments_length: u32,
    gas: u64,
    flags: u32,
) -> Result<i32, Stop> {
    let target = to;
    let raw = Raw { target, method, method_length, arguments, arguments_length, gas, flags };
    call(env, &raw, None, |bytes| Target::Static(Address::from_bytes(bytes)))
}

#[expect(clippy::too_many_arguments, reason = "the parameters are those of the ABI's table")]
pub(super) fn delegatecall(
    env: &mut Env<'_, '_>,
    code_hash: u32,
    method: u32,
    method_length: u32,
    arguments: u32,
    arguments_length: u32,
    gas: u64,
    flags: u32,
) -> Result<i32, Stop> {
    let target = code_hash;
    let raw = Raw { target, method, method_length, arguments, arguments_length, gas, flags };
    call(env, &raw, None, |bytes| Target::Delegate(Hash::from_bytes(bytes)))
}

fn call(
    env: &mut Env<'_, '_>,
    raw: &Raw,
    value: Option<u32>,
    target: impl FnOnce([u8; 32]) -> Target,
) -> Result<i32, Stop> {
    let bytes = u64::from(raw.method_length) + u64::from(raw.arguments_length);
    env.charge(GasClass::Call, bytes + FIXED_BYTES)?;
    let limit = env.rules.call_limits.argument_bytes;
    within(raw.arguments_length, limit, HostTrap::ArgumentsLength)?;
    let flags = CallFlags::from_bits(raw.flags).ok_or(Stop::Trap(HostTrap::UnknownFlags))?;
    let value = value.map(|value| env.guest.array(value)).transpose()?;
    let target = target(env.guest.array(raw.target)?);
    let method = method_name(env.guest.bytes(raw.method, raw.method_length)?);
    let input = env.guest.bytes(raw.arguments, raw.arguments_length)?.into();
    let value = value.map_or(Amount::ZERO, Amount::from_le_bytes);
    if value != Amount::ZERO {
        env.require_writable()?;
    }
    if let Target::External(to) | Target::Static(to) = &target {
        env.touch_account(to)?;
        if value != Amount::ZERO {
            let contract = env.frame.contract;
            env.charge_account_write(&contract)?;
            env.charge_account_write(to)?;
        }
    }
    // The status is the result once the call has ended: the guest waits until then.
    let request = CallRequest { target, method, input, value, gas: raw.gas, flags };
    Err(Stop::Call(Box::new(request)))
}

#[expect(clippy::too_many_arguments, reason = "the parameters are those of the ABI's table")]
pub(super) fn instantiate(
    env: &mut Env<'_, '_>,
    code_hash: u32,
    salt: u32,
    admin: u32,
    admin_length: u32,
    arguments: u32,
    arguments_length: u32,
    value: u32,
    gas: u64,
    out: u32,
) -> Result<i32, Stop> {
    let bytes = u64::from(admin_length) + u64::from(arguments_length);
    env.charge(GasClass::Create, bytes + 2 * u64::from(ADDRESS_BYTES))?;
    env.require_writable()?;
    within(arguments_length, env.rules.call_limits.argument_bytes, HostTrap::ArgumentsLength)?;
    within(admin_length, env.rules.call_limits.argument_bytes, HostTrap::MalformedAdmin)?;
    let code_hash = Hash::from_bytes(env.guest.array(code_hash)?);
    let salt = env.guest.array(salt)?;
    let value = Amount::from_le_bytes(env.guest.array(value)?);
    let admin = match env.guest.bytes(admin, admin_length)? {
        [] => Admin::None,
        bytes => dytallix_abi::Admin::from_bytes(bytes)
            .map_err(|_| Stop::Trap(HostTrap::MalformedAdmin))?
            .into(),
    };
    let input = env.guest.bytes(arguments, arguments_length)?.into();
    env.guest.bytes(out, ADDRESS_BYTES)?;
    let contract = env.frame.contract;
    let created = Address::of_contract(&contract, &code_hash, &salt);
    env.touch_account(&created)?;
    env.charge_account_write(&created)?;
    if value != Amount::ZERO {
        env.charge_account_write(&contract)?;
    }
    let target = Target::Create(Creation { code_hash, salt, admin, out });
    let (method, flags) = (Vec::new(), CallFlags::NONE);
    let request = CallRequest { target, method, input, value, gas, flags };
    Err(Stop::Call(Box::new(request)))
}

pub(super) fn transfer(env: &mut Env<'_, '_>, to: u32, amount: u32) -> Result<i32, Stop> {
    env.charge(GasClass::Transfer, 0)?;
    env.require_writable()?;
    let amount = Amount::from_le_bytes(env.guest.array(amount)?);
    let to = Address::from_bytes(env.guest.array(to)?);
    env.touch_account(&to)?;
    if amount != Amount::ZERO {
        let contract = env.frame.contract;
        env.charge_account_write(&contract)?;
        env.charge_account_write(&to)?;
    }
    // Whether a contract takes value stands in its code, which the machine has to load.
    Err(Stop::Transfer(to, amount))
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
