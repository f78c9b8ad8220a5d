//! A contract that changes its own code: `upgrade_code`.

use dytallix_abi::{ADDRESS_BYTES, CallStatus, GasClass, HostTrap};

use crate::host::frame::{Env, Stop, Upgrade, within};
use crate::primitives::Hash;
use crate::state::Admin;

pub(super) fn upgrade_code(
    env: &mut Env<'_, '_>,
    code_hash: u32,
    arguments: u32,
    arguments_length: u32,
) -> Result<i32, Stop> {
    env.charge(GasClass::Create, u64::from(arguments_length) + u64::from(ADDRESS_BYTES))?;
    env.require_writable()?;
    within(arguments_length, env.rules.call_limits.argument_bytes, HostTrap::ArgumentsLength)?;
    let code_hash = Hash::from_bytes(env.guest.array(code_hash)?);
    let arguments = env.guest.bytes(arguments, arguments_length)?.into();
    let contract = env.frame.contract;
    env.charge_account_write(&contract)?;
    let account = env.overlay.load_account(&contract)?;
    let own = account.contract.as_ref().is_some_and(|info| info.admin == Admin::Itself);
    if !own || !env.frame.permissions.upgrade {
        return Ok(CallStatus::NotPermitted.code());
    }
    // Whether there is such code, and whether it can be a contract, is for the machine to say.
    Err(Stop::Upgrade(Upgrade { code_hash, arguments }))
}
