//! What a contract can learn of the chain, the block and the transaction it runs in.

use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::primitives::{Address, Amount, Domain, Hash, Height};
use crate::state::{ContractInfo, Overlay, StateError};

/// The block that a transaction is in, as contracts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockContext {
    /// Its height.
    pub height: Height,
    /// Its time, in milliseconds since 1970-01-01T00:00:00Z. It is part of the block: no clock is
    /// read here.
    pub time_ms: u64,
    /// The number of the chain.
    pub chain_id: u64,
}

impl BlockContext {
    /// The block at `height` of the chain `chain_id`, at that time.
    #[must_use]
    pub const fn new(chain_id: u64, height: Height, time_ms: u64) -> Self {
        BlockContext { height, time_ms, chain_id }
    }
}

/// What all frames of a transaction share.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) block: BlockContext,
    /// The account that signed the transaction.
    pub(crate) signer: Address,
    /// The hash of the transaction.
    pub(crate) transaction: TransactionHash,
}

/// The hash that contracts see as that of the transaction, made when the first of them asks.
#[derive(Clone, Debug)]
pub(crate) struct TransactionHash {
    request: Vec<u8>,
    hash: OnceCell<Hash>,
}

impl TransactionHash {
    /// The hash of a request that is encoded so.
    pub(crate) fn of_request(request: Vec<u8>) -> Self {
        TransactionHash { request, hash: OnceCell::new() }
    }

    pub(super) fn hash(&self) -> &Hash {
        self.hash.get_or_init(|| Hash::of(Domain::Request, &[&self.request]))
    }
}

/// Blocks whose hashes are kept.
const KEPT_HASHES: u64 = 256;

/// The module of the system contract: a memory without pages, and nothing that can be called.
const SYSTEM_CODE: &[u8] = b"\0asm\x01\0\0\0\x05\x03\x01\0\0\x07\x0a\x01\x06memory\x02\0";

/// The contract whose storage holds what the chain itself keeps for contracts. Its address is not
/// the hash of anything, so nobody can deploy to it or sign for it.
#[must_use]
pub const fn system_address() -> Address {
    let name = b"dytallix/system";
    let mut bytes = [0; 32];
    let mut at = 0;
    while at < name.len() {
        bytes[at] = name[at];
        at += 1;
    }
    Address::from_bytes(bytes)
}

/// The key of the hash of the block at `height` in the system contract's storage: one byte, so that
/// a block takes the place of the one 256 before it.
pub(super) const fn block_hash_key(height: u64) -> [u8; 1] {
    [(height % KEPT_HASHES) as u8]
}

/// The value under that key: the height, eight bytes little-endian, and the hash.
pub(super) fn block_hash_of(value: &[u8], height: u64, now: Height) -> Option<[u8; 32]> {
    let age = now.number().checked_sub(height)?;
    let (at, hash) = value.split_first_chunk::<8>()?;
    let kept = (1..=KEPT_HASHES).contains(&age) && u64::from_le_bytes(*at) == height;
    if kept { hash.try_into().ok() } else { None }
}

/// Keeps the hash of the block at `height`, and makes the system contract where there is none yet.
///
/// # Errors
///
/// What the overlay says.
pub(crate) fn record_block_hash(
    overlay: &mut Overlay<'_>,
    height: Height,
    hash: &Hash,
) -> Result<(), StateError> {
    let system = system_address();
    if overlay.load_account(&system)?.contract.is_none() {
        let code = Hash::of(Domain::Code, &[SYSTEM_CODE]);
        overlay.add_code(code, SYSTEM_CODE.into(), system)?;
        overlay.create_contract(&system, ContractInfo::deployed(code, system, height))?;
    }
    let value = [&height.number().to_le_bytes()[..], hash.as_bytes()].concat();
    overlay.set_storage(&system, &block_hash_key(height.number()), Some(&value))?;
    Ok(())
}

/// What a call carries from its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sender {
    /// Who calls.
    pub(super) caller: Address,
    /// What came along.
    pub(super) value: Amount,
}
