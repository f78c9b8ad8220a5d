//! Records of accounts: `contract_balance`, `balance_of`, `code_hash_of`, `risk_score`.

use dytallix_abi::{ErrorCode, GasClass};

use crate::host::frame::{Env, Stop};
use crate::primitives::Address;
use crate::state::Account;

pub(super) fn contract_balance(env: &mut Env<'_, '_>, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Context, 0)?;
    env.guest.bytes(out, 16)?;
    // The running contract has been touched by the call that it is in.
    let balance = env.overlay.load_account(&env.frame.contract)?.balance;
    env.guest.write(out, &balance.to_le_bytes())
}

pub(super) fn balance_of(env: &mut Env<'_, '_>, address: u32, out: u32) -> Result<(), Stop> {
    env.charge(GasClass::Account, 0)?;
    env.guest.bytes(out, 16)?;
    let balance = account(env, address)?.balance;
    env.guest.write(out, &balance.to_le_bytes())
}

pub(super) fn code_hash_of(env: &mut Env<'_, '_>, address: u32, out: u32) -> Result<i32, Stop> {
    env.charge(GasClass::Account, 0)?;
    env.guest.bytes(out, 32)?;
    let code = account(env, address)?.contract.as_ref().map(|contract| contract.code_hash);
    match code {
        Some(code) => env.guest.write(out, code.as_bytes()).map(|()| 0),
        None => Ok(ErrorCode::Absent.code() as i32),
    }
}

pub(super) fn risk_score(env: &mut Env<'_, '_>, address: u32) -> Result<i64, Stop> {
    env.charge(GasClass::Account, 0)?;
    let contract = account(env, address)?.contract.as_ref();
    let analysis = contract.and_then(|contract| contract.analysis);
    Ok(analysis.map_or(ErrorCode::Absent.code(), |analysis| analysis.score.into()))
}

/// The account whose address is at `address`; paid on top where the transaction has not touched it.
fn account<'a>(env: &'a mut Env<'_, '_>, address: u32) -> Result<&'a Account, Stop> {
    let address = Address::from_bytes(env.guest.array(address)?);
    env.touch_account(&address)?;
    Ok(env.overlay.load_account(&address)?)
}
