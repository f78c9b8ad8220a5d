//! The host functions of the mock, with the same signatures as the imports of wasm32.

use alloc::string::String;
use alloc::vec::Vec;

use dytallix_abi::{Address, CallFlags, CallStatus, Capabilities, Hash};
use sha3::Digest;

use super::calls::{self, declares, trap};
use super::world::{Frame, World, signed, with};
use super::{Mock, MockEvent};
use crate::call::{CallError, CallSpec};

/// Copies `value` to `out` if it fits; its length, or −1.
fn variable(value: Option<&Vec<u8>>, out: &mut [u8]) -> i64 {
    let Some(value) = value else { return -1 };
    if let Some(place) = out.get_mut(..value.len()) {
        place.copy_from_slice(value);
    }
    value.len() as i64
}

fn own_key(world: &mut World, key: &[u8]) -> (Address, Vec<u8>) {
    (world.frame().contract, key.to_vec())
}

/// Traps in a read-only frame.
fn writes() {
    if with(|world| world.frame().read_only) {
        trap("a read-only call writes");
    }
}

fn check_key(key: &[u8]) {
    if key.is_empty() || key.len() > 256 {
        trap("a storage key is empty or longer than 256 bytes");
    }
}

/// Reads the value at `key` into `out` if it fits; its length, or −1.
pub fn storage_get(key: &[u8], out: &mut [u8]) -> i64 {
    check_key(key);
    with(|world| {
        let key = own_key(world, key);
        variable(world.state.storage.get(&key), out)
    })
}

/// Sets the value at `key` of this contract's storage.
pub fn storage_set(key: &[u8], value: &[u8]) {
    writes();
    check_key(key);
    with(|world| {
        let key = own_key(world, key);
        world.state.storage.insert(key, value.to_vec());
    });
}

/// Removes `key` from this contract's storage; whether it was there.
pub fn storage_remove(key: &[u8]) -> bool {
    writes();
    check_key(key);
    with(|world| {
        let key = own_key(world, key);
        world.state.storage.remove(&key).is_some()
    })
}

/// Whether this contract's storage has `key`.
#[must_use]
pub fn storage_has(key: &[u8]) -> bool {
    check_key(key);
    with(|world| {
        let key = own_key(world, key);
        world.state.storage.contains_key(&key)
    })
}

/// Writes the next key to `out` if it fits; its length, or −1.
pub fn storage_next(prefix: &[u8], after: &[u8], out: &mut [u8]) -> i64 {
    with(|world| {
        let contract = world.frame().contract;
        let from = if after < prefix { prefix } else { after };
        let mut keys = world.state.storage.range((contract, from.to_vec())..);
        let next = keys.find(|((_, key), _)| after.is_empty() || key.as_slice() > after);
        let next = next.map(|((owner, key), _)| (owner, key));
        let own = next.filter(|(owner, key)| **owner == contract && key.starts_with(prefix));
        variable(own.map(|(_, key)| key), out)
    })
}

/// Reads the transient value at `key` into `out` if it fits; its length, or −1.
pub fn transient_get(key: &[u8], out: &mut [u8]) -> i64 {
    with(|world| {
        let key = own_key(world, key);
        variable(world.state.transient.get(&key), out)
    })
}

/// Sets the value at `key` of this contract's transient storage; an empty one removes it.
pub fn transient_set(key: &[u8], value: &[u8]) {
    writes();
    with(|world| {
        let key = own_key(world, key);
        match value {
            [] => world.state.transient.remove(&key),
            value => world.state.transient.insert(key, value.to_vec()),
        };
    });
}

/// Number of bytes of this call's arguments.
#[must_use]
pub fn input_size() -> i32 {
    with(|world| world.frame().input.len() as i32)
}

/// Copies arguments, from `offset` on, to `out`.
pub fn input_copy(out: &mut [u8], offset: u32) {
    with(|world| copy(&world.frame().input, out, offset));
}

fn copy(from: &[u8], out: &mut [u8], offset: u32) {
    let start = offset as usize;
    out.copy_from_slice(&from[start..start + out.len()]);
}

/// Sets what this call returns.
pub fn set_return(data: &[u8]) {
    with(|world| world.frame().output = data.to_vec());
}

/// Ends this call with `data` and undoes what it did.
pub fn revert(data: &[u8]) -> ! {
    calls::revert(data)
}

/// Number of bytes that the last call gave back.
#[must_use]
pub fn return_size() -> i32 {
    with(|world| world.frame().returned.len() as i32)
}

/// Copies what the last call gave back, from `offset` on, to `out`.
pub fn return_copy(out: &mut [u8], offset: u32) {
    with(|world| copy(&world.frame().returned, out, offset));
}

/// Emits an event; `topics` are encoded as the host wants them.
pub fn emit_event(topics: &[u8], data: &[u8]) {
    writes();
    let Some(topics) = read_topics(topics) else { trap("topics are not encoded as they must be") };
    with(|world| {
        let contract = world.frame().contract;
        world.state.events.push(MockEvent { contract, topics, data: data.to_vec() });
    });
}

fn read_topics(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (count, mut rest) = bytes.split_first_chunk()?;
    let mut topics = Vec::new();
    for _ in 0..u32::from_le_bytes(*count) {
        let (length, behind) = rest.split_first_chunk()?;
        let (topic, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        topics.push(topic.to_vec());
        rest = behind;
    }
    let is_short = topics.iter().all(|topic| topic.len() <= 64);
    (rest.is_empty() && topics.len() <= 4 && is_short).then_some(topics)
}

/// Hands a text to whoever watches.
pub fn debug_log(text: &[u8]) {
    with(|world| world.logs.push(String::from_utf8_lossy(text).into_owned()));
}

/// Keeps what a call gave back, and gives its status.
fn finished(result: Result<Vec<u8>, CallError>) -> i32 {
    let (status, data) = match result {
        Ok(data) => (CallStatus::Success, data),
        Err(error) => (error.status, error.data),
    };
    with(|world| world.frame().returned = data);
    status.code()
}

fn spec<'a>(
    to: &[u8; 32],
    method: &'a [u8],
    arguments: &'a [u8],
    flags: u32,
) -> Option<CallSpec<'a>> {
    let mut spec = CallSpec::new(Address::new(*to), core::str::from_utf8(method).ok()?, arguments);
    spec.allow_reentry = flags & CallFlags::ALLOW_REENTRY.bits() != 0;
    Some(spec)
}

fn call_out(spec: Option<CallSpec<'_>>) -> i32 {
    let refused = |status| Err(CallError::new(status, Vec::new()));
    finished(match spec {
        _ if !declares(Capabilities::CALL) => refused(CallStatus::NotPermitted),
        Some(spec) => calls::call(with(|world| world.frame().contract), &spec),
        None => refused(CallStatus::NotFound),
    })
}

/// Calls a contract; the status.
pub fn external_call(
    to: &[u8; 32],
    method: &[u8],
    arguments: &[u8],
    value: u128,
    _gas: u64,
    flags: u32,
) -> i32 {
    call_out(spec(to, method, arguments, flags).map(|spec| spec.value(value)))
}

/// Calls a contract in a read-only frame; the status.
pub fn staticcall(to: &[u8; 32], method: &[u8], arguments: &[u8], _gas: u64, flags: u32) -> i32 {
    call_out(spec(to, method, arguments, flags).map(CallSpec::read_only))
}

/// Runs other code on this contract's storage; the status.
pub fn delegatecall(
    code_hash: &[u8; 32],
    method: &[u8],
    arguments: &[u8],
    _gas: u64,
    _flags: u32,
) -> i32 {
    let Ok(method) = core::str::from_utf8(method) else { return CallStatus::NotFound.code() };
    finished(calls::delegate(Hash::new(*code_hash), method, arguments))
}

/// Makes a contract; the status, and its address in `out`.
pub fn instantiate(
    code_hash: &[u8; 32],
    salt: &[u8; 32],
    _admin: &[u8],
    arguments: &[u8],
    value: u128,
    _gas: u64,
    out: &mut [u8; 32],
) -> i32 {
    writes();
    if !declares(Capabilities::CREATE) {
        return CallStatus::NotPermitted.code();
    }
    let maker = with(|world| world.frame().contract);
    let made = calls::create(maker, Hash::new(*code_hash), Hash::new(*salt), arguments, value);
    finished(made.map(|address| {
        *out = *address.as_bytes();
        Vec::new()
    }))
}

/// Moves value from this contract to `to`; the status.
pub fn transfer(to: &[u8; 32], amount: u128) -> i32 {
    writes();
    let to = Address::new(*to);
    let takes_value = with(|world| world.code_of(to))
        .is_none_or(|code| code.abi.capabilities.contains(Capabilities::RECEIVE_VALUE));
    let moved = |world: &mut World| {
        let from = world.frame().contract;
        world.state.transfer(from, to, amount)
    };
    match takes_value {
        false => CallStatus::NotPermitted.code(),
        true if with(moved) => CallStatus::Success.code(),
        true => CallStatus::Balance.code(),
    }
}

fn of_frame<R>(read: impl FnOnce(&Frame) -> R) -> R {
    with(|world| read(world.frame()))
}

/// Who made this call.
#[must_use]
pub fn caller_address() -> [u8; 32] {
    of_frame(|frame| *frame.caller.as_bytes())
}

/// This contract.
#[must_use]
pub fn self_address() -> [u8; 32] {
    of_frame(|frame| *frame.contract.as_bytes())
}

/// Who signed the transaction: the caller of the outermost call.
#[must_use]
pub fn signer_address() -> [u8; 32] {
    with(|world| *world.base().caller.as_bytes())
}

/// The value that came with this call.
#[must_use]
pub fn call_value() -> [u8; 16] {
    of_frame(|frame| frame.value.to_le_bytes())
}

/// The balance of this contract.
#[must_use]
pub fn contract_balance() -> [u8; 16] {
    balance_of(&self_address())
}

/// The balance of an account.
#[must_use]
pub fn balance_of(address: &[u8; 32]) -> [u8; 16] {
    with(|world| world.state.balance(Address::new(*address)).to_le_bytes())
}

/// Height of the block.
#[must_use]
pub fn block_height() -> i64 {
    with(|world| world.block.height.cast_signed())
}

/// Time of the block, in milliseconds.
#[must_use]
pub fn block_time_ms() -> i64 {
    with(|world| world.block.time_ms.cast_signed())
}

/// Number of the chain.
#[must_use]
pub fn chain_id() -> i64 {
    with(|world| world.block.chain_id.cast_signed())
}

/// Gas that is left to this call: what the mock was told.
#[must_use]
pub fn gas_left() -> i64 {
    with(|world| world.gas_left.cast_signed())
}

/// Hash of the transaction.
#[must_use]
pub fn tx_hash() -> [u8; 32] {
    with(|world| *world.block.tx_hash.as_bytes())
}

fn known(hash: Option<Hash>, out: &mut [u8; 32]) -> i32 {
    match hash {
        Some(hash) => {
            *out = *hash.as_bytes();
            0
        }
        None => -1,
    }
}

/// Writes the hash of the block at `height` to `out`; negative where it is not known.
pub fn block_hash(height: u64, out: &mut [u8; 32]) -> i32 {
    known(with(|world| world.block.hashes.get(&height).copied()), out)
}

/// Writes the code hash of a contract to `out`; negative where there is none.
pub fn code_hash_of(address: &[u8; 32], out: &mut [u8; 32]) -> i32 {
    known(with(|world| world.state.contracts.get(&Address::new(*address)).copied()), out)
}

/// Keccak-256, as Ethereum has it.
#[must_use]
pub fn hash_keccak256(data: &[u8]) -> [u8; 32] {
    sha3::Keccak256::digest(data).into()
}

/// SHA3-256.
#[must_use]
pub fn hash_sha3_256(data: &[u8]) -> [u8; 32] {
    sha3::Sha3_256::digest(data).into()
}

/// SHA-256.
#[must_use]
pub fn hash_sha256(data: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(data).into()
}

/// BLAKE3.
#[must_use]
pub fn hash_blake3(data: &[u8]) -> [u8; 32] {
    blake3::hash(data).into()
}

/// Whether the mock was told of this signature.
#[must_use]
pub fn pqc_verify(scheme: u32, key: &[u8], message: &[u8], context: &[u8], sig: &[u8]) -> bool {
    let signed = signed(scheme, &[key, message, context, sig]);
    with(|world| world.signatures.contains(&signed))
}

/// Whether the mock was told of this signature.
#[must_use]
pub fn ed25519_verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    pqc_verify(0, key, message, &[], signature)
}

/// Writes the key that the mock was told made this signature to `out`; whether there is one.
pub fn recover_pubkey(hash: &[u8; 32], signature: &[u8; 65], out: &mut [u8; 64]) -> bool {
    let key = (Hash::new(*hash), signature.to_vec());
    let found = with(|world| world.recoveries.get(&key).copied());
    found.map(|key| *out = key).is_some()
}

/// Gives this contract other code once this call has succeeded; the status.
pub fn upgrade_code(code_hash: &[u8; 32], arguments: &[u8]) -> i32 {
    writes();
    let hash = Hash::new(*code_hash);
    if !declares(Capabilities::UPGRADE) {
        return CallStatus::NotPermitted.code();
    }
    with(|world| {
        if !world.codes.contains_key(&hash) {
            return CallStatus::NotFound.code();
        }
        world.frame().upgrade = Some((hash, arguments.to_vec()));
        CallStatus::Success.code()
    })
}

/// The risk score that the mock was told; −1 where it was told none.
#[must_use]
pub fn risk_score(address: &[u8; 32]) -> i64 {
    with(|world| world.risks.get(&Address::new(*address)).map_or(-1, |score| i64::from(*score)))
}

impl Mock {
    /// The value at a storage key of a contract, as bytes.
    #[must_use]
    pub fn stored(&self, contract: Address, key: &[u8]) -> Option<Vec<u8>> {
        with(|world| world.state.storage.get(&(contract, key.to_vec())).cloned())
    }
}
