//! [`Cx`]: what a method sees of the world, and does in it.

use alloc::vec::Vec;

use dytallix_abi::{Address, Admin, CallFlags, Encode, Hash, Output, SdkError};

use crate::buffer::Buffer;
use crate::call::{CallError, CallSpec, Chain, Transport};
use crate::entry::{self, ContractError};
use crate::event::{self, Event, InAbi};
use crate::host;

/// The context of a call. A method takes it as `cx: &Cx`, or does without.
#[derive(Clone, Copy, Debug)]
pub struct Cx(());

/// A signature that is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignature;

/// A post-quantum signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
#[non_exhaustive]
pub enum Scheme {
    /// CRYSTALS-Dilithium, round 3, level 3; takes no context.
    Dilithium3 = 1,
    /// ML-DSA-65 (FIPS 204).
    MlDsa65 = 2,
    /// ML-DSA-87 (FIPS 204).
    MlDsa87 = 3,
    /// ML-DSA-44 (FIPS 204).
    MlDsa44 = 4,
    /// SLH-DSA-SHA2-128s (FIPS 205).
    SlhDsaSha2128s = 5,
}

/// What the hash that is an account's address begins with.
const ACCOUNT_DOMAIN: &[u8] = b"dytallix/address/account/v1";

/// A contract to be made: what [`Cx::instantiate`] takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instantiate<'a> {
    /// Hash of its code, which the chain has.
    pub code_hash: Hash,
    /// Tells contracts of the same code and maker apart: their address is made from it.
    pub salt: Hash,
    /// Who may upgrade it.
    pub admin: Admin,
    /// Arguments of its constructor; see `Token::init_arguments` of the generated code.
    pub arguments: &'a [u8],
    /// Value that goes with it.
    pub value: u128,
    /// Most gas that its constructor gets; `None` for all that may be given.
    pub gas: Option<u64>,
}

impl<'a> Instantiate<'a> {
    /// A contract of that code that nobody may upgrade, without value.
    #[must_use]
    pub const fn new(code_hash: Hash, salt: Hash, arguments: &'a [u8]) -> Instantiate<'a> {
        Instantiate { code_hash, salt, admin: Admin::None, arguments, value: 0, gas: None }
    }
}

impl Cx {
    /// The context, for generated code; the [`mock`](crate::mock) gives one to tests.
    #[doc(hidden)]
    #[must_use]
    pub const fn new() -> Cx {
        Cx(())
    }

    /// The account or contract that made this call.
    #[must_use]
    pub fn caller(&self) -> Address {
        Address::new(host::caller_address())
    }

    /// The account that signed the transaction. It says who pays, not who calls: take authority
    /// from [`Cx::caller`].
    #[must_use]
    pub fn signer(&self) -> Address {
        Address::new(host::signer_address())
    }

    /// This contract.
    #[must_use]
    pub fn self_address(&self) -> Address {
        Address::new(host::self_address())
    }

    /// The value that came with this call.
    #[must_use]
    pub fn value(&self) -> u128 {
        u128::from_le_bytes(host::call_value())
    }

    /// The balance of this contract, this call's value in it.
    #[must_use]
    pub fn balance(&self) -> u128 {
        u128::from_le_bytes(host::contract_balance())
    }

    /// The balance of an account.
    #[must_use]
    pub fn balance_of(&self, account: Address) -> u128 {
        u128::from_le_bytes(host::balance_of(account.as_bytes()))
    }

    /// Height of the block.
    #[must_use]
    pub fn height(&self) -> u64 {
        host::block_height().cast_unsigned()
    }

    /// Time of the block, in milliseconds since 1970-01-01T00:00:00Z, as its proposer says.
    #[must_use]
    pub fn time_ms(&self) -> u64 {
        host::block_time_ms().cast_unsigned()
    }

    /// Number of the chain.
    #[must_use]
    pub fn chain_id(&self) -> u64 {
        host::chain_id().cast_unsigned()
    }

    /// Hash of the transaction.
    #[must_use]
    pub fn tx_hash(&self) -> Hash {
        Hash::new(host::tx_hash())
    }

    /// Hash of the block at `height`, if it is one of the last 256 before this one.
    #[must_use]
    pub fn block_hash(&self, height: u64) -> Option<Hash> {
        let mut hash = [0; 32];
        (host::block_hash(height, &mut hash) == 0).then(|| Hash::new(hash))
    }

    /// Gas that is left to this call.
    #[must_use]
    pub fn gas_left(&self) -> u64 {
        host::gas_left().cast_unsigned()
    }

    /// The risk score, in basis points (0 to 10,000), that the chain holds for the code of the
    /// contract at `address`; `None` where it holds none, as for accounts without code.
    #[must_use]
    pub fn risk_score(&self, address: Address) -> Option<u16> {
        u16::try_from(host::risk_score(address.as_bytes())).ok()
    }

    /// Hash of the code of the contract at `address`, if there is one.
    #[must_use]
    pub fn code_hash_of(&self, address: Address) -> Option<Hash> {
        let mut hash = [0; 32];
        (host::code_hash_of(address.as_bytes(), &mut hash) == 0).then(|| Hash::new(hash))
    }

    /// The address of the account that a public key of a scheme opens: SHA3-256 over the domain's
    /// length and name, the scheme's number as one byte, and the key.
    #[must_use]
    pub fn account_of(&self, scheme: Scheme, public_key: &[u8]) -> Address {
        let mut bytes = Buffer::new();
        bytes.write(&[ACCOUNT_DOMAIN.len() as u8]);
        bytes.write(ACCOUNT_DOMAIN);
        bytes.write(&[scheme as u8]);
        bytes.write(public_key);
        Address::new(host::hash_sha3_256(bytes.as_slice()))
    }

    /// Moves value from this contract to an account, running nothing.
    ///
    /// # Errors
    ///
    /// [`Balance`](dytallix_abi::CallStatus::Balance) if this contract has less,
    /// [`NotPermitted`](dytallix_abi::CallStatus::NotPermitted) if the receiver is a contract that
    /// does not take value.
    pub fn transfer(&self, to: Address, amount: u128) -> Result<(), CallError> {
        CallError::check_status(host::transfer(to.as_bytes(), amount))
    }

    /// Emits an event, which must be in the contract's ABI.
    pub fn emit<E: Event + InAbi>(&self, event: E) {
        event::emit(&event);
    }

    /// Emits an event of whose place in an ABI nothing is known: for libraries.
    pub fn emit_unlisted<E: Event>(&self, event: E) {
        event::emit(&event);
    }

    /// Hands a text to whoever watches this node. It changes nothing.
    pub fn log(&self, text: &str) {
        host::debug_log(text.as_bytes());
    }

    /// Ends this call with an error and undoes what it did, where returning it is not at hand.
    pub fn revert<E: ContractError>(&self, error: E) -> ! {
        error.revert()
    }

    /// Keccak-256, with the padding that Ethereum uses.
    #[must_use]
    pub fn keccak256(&self, data: &[u8]) -> Hash {
        Hash::new(host::hash_keccak256(data))
    }

    /// SHA3-256 (FIPS 202).
    #[must_use]
    pub fn sha3_256(&self, data: &[u8]) -> Hash {
        Hash::new(host::hash_sha3_256(data))
    }

    /// SHA-256 (FIPS 180-4).
    #[must_use]
    pub fn sha256(&self, data: &[u8]) -> Hash {
        Hash::new(host::hash_sha256(data))
    }

    /// BLAKE3.
    #[must_use]
    pub fn blake3(&self, data: &[u8]) -> Hash {
        Hash::new(host::hash_blake3(data))
    }

    /// Checks a post-quantum signature of `message` under `context` by `public_key`.
    ///
    /// # Errors
    ///
    /// If it is not valid, of a wrong length for instance.
    pub fn verify_pqc(
        &self,
        scheme: Scheme,
        public_key: &[u8],
        message: &[u8],
        context: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature> {
        let valid = host::pqc_verify(scheme as u32, public_key, message, context, signature);
        if valid { Ok(()) } else { Err(BadSignature) }
    }

    /// Checks an Ed25519 signature of `message` by `public_key`.
    ///
    /// # Errors
    ///
    /// If it is not valid; keys of small order never are.
    pub fn verify_ed25519(
        &self,
        public_key: &[u8; 32],
        message: &[u8],
        signature: &[u8; 64],
    ) -> Result<(), BadSignature> {
        let valid = host::ed25519_verify(public_key, message, signature);
        if valid { Ok(()) } else { Err(BadSignature) }
    }

    /// The secp256k1 public key (x, then y, big-endian) that made `signature` (r, s, and v = 0 or
    /// 1) of `hash`; `None` where there is none, or s is in the upper half.
    #[must_use]
    pub fn recover_secp256k1(&self, hash: Hash, signature: &[u8; 65]) -> Option<[u8; 64]> {
        let mut key = [0; 64];
        host::recover_pubkey(hash.as_bytes(), signature, &mut key).then_some(key)
    }

    /// Calls another contract; a typed client is easier where there is one.
    ///
    /// # Errors
    ///
    /// If the call did not succeed.
    pub fn call(&self, spec: &CallSpec<'_>) -> Result<Vec<u8>, CallError> {
        Chain.call(spec)
    }

    /// Reads another contract: nothing below this call can change anything.
    ///
    /// # Errors
    ///
    /// If the call did not succeed.
    pub fn static_call<A: Encode>(
        &self,
        to: Address,
        method: &str,
        arguments: &A,
    ) -> Result<Vec<u8>, CallError> {
        Chain.call(&CallSpec::new(to, method, &arguments.to_bytes()).read_only())
    }

    /// Runs a method of other code on the storage, balance and address of this contract.
    ///
    /// # Errors
    ///
    /// If the call did not succeed; not permitted unless this contract declares
    /// `#[contract(capabilities(delegate))]`.
    pub fn delegate_call(
        &self,
        code_hash: Hash,
        method: &str,
        arguments: &[u8],
    ) -> Result<Vec<u8>, CallError> {
        let (code_hash, flags) = (code_hash.as_bytes(), CallFlags::NONE.bits());
        let code = host::delegatecall(code_hash, method.as_bytes(), arguments, u64::MAX, flags);
        CallError::check(code)
    }

    /// Makes a contract and runs its constructor; its address.
    ///
    /// # Errors
    ///
    /// If that did not succeed; not permitted unless this contract declares
    /// `#[contract(capabilities(create))]`.
    pub fn instantiate(&self, spec: &Instantiate<'_>) -> Result<Address, CallError> {
        let mut address = [0; 32];
        let admin = match &spec.admin {
            Admin::None => Vec::new(),
            admin => admin.to_bytes(),
        };
        let code = host::instantiate(
            spec.code_hash.as_bytes(),
            spec.salt.as_bytes(),
            &admin,
            spec.arguments,
            spec.value,
            spec.gas.unwrap_or(u64::MAX),
            &mut address,
        );
        CallError::check(code).map(|_| Address::new(address))
    }

    /// Gives this contract other code once this call has succeeded; the new code's `migrate` runs
    /// then, with `arguments`, and its failure fails this call.
    ///
    /// # Errors
    ///
    /// If there is no such code, it is not admissible, or this contract is not its own admin.
    pub fn upgrade(&self, code_hash: Hash, arguments: &[u8]) -> Result<(), CallError> {
        CallError::check_status(host::upgrade_code(code_hash.as_bytes(), arguments))
    }

    /// Reverts unless the caller is `who`, as a method with `only` and without `err` does.
    pub fn require_caller(&self, who: Address) {
        if self.caller() != who {
            entry::fail_with(SdkError::NotPermitted)
        }
    }
}
