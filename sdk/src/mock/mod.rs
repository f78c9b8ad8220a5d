//! A host for native tests: storage, accounts, blocks and calls in memory, one world per thread.
//!
//! A contract's file runs natively as it is. There are two ways to test it:
//!
//! * directly: `Token::open()` gives the contract, whose methods are called as functions; the call
//!   is one by [`Mock::CALLER`] to [`Mock::CONTRACT`], unless the mock was told otherwise;
//! * as contracts: [`Mock::deploy`] gives an address and [`Mock::client`] a typed client, and calls
//!   behave as on chain: arguments are encoded, a failure undoes what was done, value moves,
//!   re-entry is refused.
//!
//! The mock has no gas and checks no signatures: it accepts those that it was told of. The bytes
//! that are deployed run in the test kit, crate `dytallix-testkit`.

mod calls;
#[doc(hidden)]
pub mod functions;
mod world;

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use dytallix_abi::{Address, CallStatus, Hash, SdkError};

use crate::call::{CallError, CallSpec, Callable, Transport};
use crate::contract::Program;
use crate::cx::{Cx, Scheme};
use crate::event::Event;

use world::{Code, Frame, World, with};

/// An event as the host has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockEvent {
    /// The contract that emitted it.
    pub contract: Address,
    /// Topics, the name first.
    pub topics: Vec<Vec<u8>>,
    /// The fields that are no topics.
    pub data: Vec<u8>,
}

/// The world of this thread.
///
/// Making one begins a new world; all handles to it say the same.
#[derive(Clone, Copy, Debug)]
pub struct Mock(());

impl Mock {
    /// Who calls when contracts are tested directly.
    pub const CALLER: Address = Address::new([0xa1; 32]);

    /// The contract that is called when contracts are tested directly.
    pub const CONTRACT: Address = Address::new([0xc0; 32]);

    /// A new world: no balance, no contract, height 1, time 0.
    #[expect(clippy::new_without_default, reason = "it replaces the world of the thread")]
    #[must_use]
    pub fn new() -> Mock {
        with(|world| *world = World::new());
        Mock(())
    }

    /// A context, for methods that are called directly.
    #[must_use]
    pub fn cx(&self) -> Cx {
        Cx::new()
    }

    /// Who calls from now on, and signs.
    pub fn set_caller(&self, caller: Address) {
        with(|world| world.base().caller = caller);
    }

    /// The value that comes with direct calls from now on. It is not added to the balance.
    pub fn set_value(&self, value: u128) {
        with(|world| world.base().value = value);
    }

    /// Gives an account that balance.
    pub fn set_balance(&self, account: Address, balance: u128) {
        with(|world| world.state.balances.insert(account, balance));
    }

    /// The balance of an account.
    #[must_use]
    pub fn balance(&self, account: Address) -> u128 {
        with(|world| world.state.balance(account))
    }

    /// The time of the block, in milliseconds.
    pub fn set_time_ms(&self, time_ms: u64) {
        with(|world| world.block.time_ms = time_ms);
    }

    /// The height of the block.
    pub fn set_height(&self, height: u64) {
        with(|world| world.block.height = height);
    }

    /// The number of the chain.
    pub fn set_chain_id(&self, chain_id: u64) {
        with(|world| world.block.chain_id = chain_id);
    }

    /// The hash of a block.
    pub fn set_block_hash(&self, height: u64, hash: Hash) {
        with(|world| world.block.hashes.insert(height, hash));
    }

    /// The hash of the transaction.
    pub fn set_tx_hash(&self, hash: Hash) {
        with(|world| world.block.tx_hash = hash);
    }

    /// The gas that [`Cx::gas_left`] tells of.
    pub fn set_gas_left(&self, gas: u64) {
        with(|world| world.gas_left = gas);
    }

    /// The risk score of an address, in basis points.
    pub fn set_risk(&self, address: Address, score: u16) {
        with(|world| world.risks.insert(address, score));
    }

    /// This post-quantum signature is valid from now on; all others are not.
    pub fn accept_pqc(
        &self,
        scheme: Scheme,
        key: &[u8],
        message: &[u8],
        context: &[u8],
        signature: &[u8],
    ) {
        let signed = world::signed(scheme as u32, &[key, message, context, signature]);
        with(|world| world.signatures.insert(signed));
    }

    /// This Ed25519 signature is valid from now on; all others are not.
    pub fn accept_ed25519(&self, key: &[u8; 32], message: &[u8], signature: &[u8; 64]) {
        let signed = world::signed(0, &[key, message, &[], signature]);
        with(|world| world.signatures.insert(signed));
    }

    /// This secp256k1 signature was made by `key` from now on; all others by nobody.
    pub fn accept_secp256k1(&self, hash: Hash, signature: &[u8; 65], key: [u8; 64]) {
        with(|world| world.recoveries.insert((hash, signature.to_vec()), key));
    }

    /// Answers calls of a method of an address that has no contract: with what `answer` makes of
    /// the arguments, or a revert with that data.
    pub fn stub(
        &self,
        address: Address,
        method: &str,
        answer: impl Fn(&[u8]) -> Result<Vec<u8>, Vec<u8>> + 'static,
    ) {
        with(|world| world.stubs.insert((address, String::from(method)), Rc::new(answer)));
    }

    /// All events that were emitted and not undone.
    #[must_use]
    pub fn events(&self) -> Vec<MockEvent> {
        with(|world| world.state.events.clone())
    }

    /// Those of them that are of this type, in order.
    #[must_use]
    pub fn emitted<E: Event>(&self) -> Vec<E> {
        self.events().iter().filter_map(|event| E::read(&event.topics, &event.data)).collect()
    }

    /// All texts that were logged, also by calls that failed.
    #[must_use]
    pub fn logs(&self) -> Vec<String> {
        with(|world| world.logs.clone())
    }

    /// Ends the transaction of direct calls: transient storage is empty then.
    pub fn end_transaction(&self) {
        with(|world| world.state.transient.clear());
    }

    /// Calls methods directly and catches a revert: then everything is as before, and the error
    /// says what the call would have reverted with.
    ///
    /// # Errors
    ///
    /// If `calls` reverts, or panics.
    pub fn attempt<R>(&self, calls: impl FnOnce() -> R) -> Result<R, CallError> {
        calls::caught(calls)
    }

    /// Runs `calls` as the contract at `address`: its storage, its balance.
    pub fn inside<R>(&self, address: Address, calls: impl FnOnce() -> R) -> R {
        let before = with(|world| core::mem::replace(&mut world.base().contract, address));
        let result = calls();
        with(|world| world.base().contract = before);
        result
    }

    /// Makes a contract's code known, for [`Cx::instantiate`], [`Cx::upgrade`] and
    /// [`Cx::delegate_call`]; its hash.
    ///
    /// # Panics
    ///
    /// If its ABI section does not decode, which the macros see to.
    pub fn upload<P: Program>(&self) -> Hash {
        let code = Code::of::<P>();
        let hash = code.hash;
        with(|world| world.codes.insert(hash, code));
        hash
    }

    /// Deploys a contract and runs its constructor, as a call by the caller; its address.
    ///
    /// # Errors
    ///
    /// If the constructor fails.
    pub fn deploy<P: Program>(&self, arguments: &[u8]) -> Result<Address, CallError> {
        let hash = self.upload::<P>();
        let maker = with(|world| world.base().caller);
        let salt = with(World::next_salt);
        let result = calls::create(maker, hash, salt, arguments, 0);
        self.end_transaction();
        result
    }

    /// A typed client of the contract at `address`, calling as `caller`.
    #[must_use]
    pub fn client<C: Callable>(&self, address: Address) -> C::Client<Sender> {
        C::client(self.sender(with(|world| world.base().caller)), address)
    }

    /// The transport of an account: its calls are transactions that it signs.
    #[must_use]
    pub fn sender(&self, from: Address) -> Sender {
        Sender { from }
    }
}

/// Calls contracts of the mock as an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    from: Address,
}

impl Sender {
    /// The account.
    #[must_use]
    pub const fn address(&self) -> Address {
        self.from
    }
}

impl Transport for Sender {
    fn call(&self, spec: &CallSpec<'_>) -> Result<Vec<u8>, CallError> {
        let signer = with(|world| core::mem::replace(&mut world.base().caller, self.from));
        let result = calls::call(self.from, spec);
        with(|world| {
            world.base().caller = signer;
            world.state.transient.clear();
        });
        result
    }
}

/// The failure that a revert with `data` is.
fn reverted(data: Vec<u8>) -> CallError {
    CallError::new(CallStatus::Reverted, data)
}

/// What a revert says, for people.
fn explain(data: &[u8]) -> String {
    let text = match data.split_first() {
        None => "no data".into(),
        Some((&code, rest)) => match SdkError::from_code(code) {
            Some(SdkError::Panic) => alloc::format!("a panic: {}", String::from_utf8_lossy(rest)),
            Some(error) => alloc::format!("{error:?}: {}", error.docs().join("")),
            None => alloc::format!("error number {code} of the contract, {data:?}"),
        },
    };
    alloc::format!("the contract reverted with {text}")
}

/// A frame that a direct call runs in.
fn base_frame() -> Frame {
    Frame::new(Mock::CONTRACT, Mock::CALLER, 0, Vec::new())
}
