//! What a contract can learn of the chain, the block and the transaction it runs in.

use alloc::vec::Vec;
use core::cell::OnceCell;

use super::system::ChainCalls;

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
    /// What the chain adds to calls, where there is one.
    pub(crate) chain: Option<ChainCalls>,
}

impl Context {
    /// That transaction of that block, without a chain around it.
    pub(crate) fn new(block: BlockContext, signer: Address, transaction: TransactionHash) -> Self {
        Context { block, signer, transaction, chain: None }
    }
}

/// The hash that contracts see as that of the transaction, made when the first of them asks.
#[derive(Clone, Debug)]
pub(crate) enum TransactionHash {
    /// It is known.
    Known(Hash),
    /// It is that of a request, which is encoded so.
    OfRequest {
        /// The encoding.
        request: Vec<u8>,
        /// The hash, once somebody has asked.
        hash: OnceCell<Hash>,
    },
}

impl TransactionHash {
    /// The hash of a request that is encoded so.
    pub(crate) fn of_request(request: Vec<u8>) -> Self {
        TransactionHash::OfRequest { request, hash: OnceCell::new() }
    }

    pub(super) fn hash(&self) -> &Hash {
        match self {
            TransactionHash::Known(hash) => hash,
            TransactionHash::OfRequest { request, hash } => {
                hash.get_or_init(|| Hash::of(Domain::Request, &[request]))
            }
        }
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
    named_address(b"dytallix/system")
}

/// The contract whose storage holds what accounts have the chain keep, against a deposit: public
/// keys, approvals, announcements. Like the system contract it has nothing that can be called.
#[must_use]
pub const fn records_address() -> Address {
    named_address(b"dytallix/records")
}

/// An address that begins with a name.
const fn named_address(name: &[u8]) -> Address {
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

/// Keeps the hash of the block at `height`, in the system contract.
///
/// # Errors
///
/// What the overlay says.
pub(crate) fn record_block_hash(
    overlay: &mut Overlay<'_>,
    height: Height,
    hash: &Hash,
) -> Result<(), StateError> {
    make_system_contract(overlay, height)?;
    let system = system_address();
    let value = [&height.number().to_le_bytes()[..], hash.as_bytes()].concat();
    overlay.set_storage(&system, &block_hash_key(height.number()), Some(&value))?;
    Ok(())
}

/// Makes the system contract where there is none yet.
///
/// # Errors
///
/// What the overlay says.
pub(crate) fn make_system_contract(
    overlay: &mut Overlay<'_>,
    height: Height,
) -> Result<(), StateError> {
    make_contract(overlay, system_address(), height)
}

/// Makes the contract of records where there is none yet.
///
/// # Errors
///
/// What the overlay says.
pub(crate) fn make_records_contract(
    overlay: &mut Overlay<'_>,
    height: Height,
) -> Result<(), StateError> {
    make_contract(overlay, records_address(), height)
}

fn make_contract(
    overlay: &mut Overlay<'_>,
    address: Address,
    height: Height,
) -> Result<(), StateError> {
    if overlay.load_account(&address)?.contract.is_none() {
        let code = Hash::of(Domain::Code, &[SYSTEM_CODE]);
        overlay.add_code(code, SYSTEM_CODE.into(), system_address())?;
        overlay
            .create_contract(&address, ContractInfo::deployed(code, system_address(), height))?;
    }
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
