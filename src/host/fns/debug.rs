//! Texts for whoever watches: `debug_log`.

use dytallix_abi::{GasClass, HostTrap};

use crate::host::frame::{Env, Stop, within};

pub(super) fn debug_log(env: &mut Env<'_, '_>, data: u32, length: u32) -> Result<(), Stop> {
    env.charge(GasClass::Copy, length.into())?;
    within(length, env.rules.call_limits.log_bytes, HostTrap::LogLength)?;
    let text = env.guest.bytes(data, length)?;
    if let Some(watcher) = &mut env.watcher {
        watcher(&env.frame.contract, text);
    }
    Ok(())
}
