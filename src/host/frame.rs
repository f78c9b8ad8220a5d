//! What a frame (one contract call) is to host functions, and how one ends.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::{CallFlags, GasClass, HostTrap};

use super::context::{Context, Sender};
use super::guest::Guest;
use super::interface::Permissions;
use super::machine::{Rules, Watcher};
use crate::crypto::KeyCache;
use crate::gas::{GasDimension, GasUsed, Signature};
use crate::primitives::{Address, Amount, Hash};
use crate::state::{Admin, Overlay, StateError, StoreError};

/// The part of a frame that host functions read and change.
#[derive(Debug)]
pub(super) struct Frame {
    /// The contract whose storage and balance it is, and whose code runs unless it is a delegate.
    pub(super) contract: Address,
    /// Who called it, and with what.
    pub(super) sender: Sender,
    /// The arguments.
    pub(super) input: Arc<[u8]>,
    /// What it returns, or what it reverts with.
    pub(super) output: Vec<u8>,
    /// What the last call that it made gave back.
    pub(super) returned: Vec<u8>,
    /// Whether state must not change.
    pub(super) read_only: bool,
    /// What its code may ask for.
    pub(super) permissions: Permissions,
    /// The code that it wants to become once it has succeeded.
    pub(super) upgrade: Option<Upgrade>,
    /// Whether its output becomes that of the receipt.
    pub(super) outermost: bool,
}

/// A change of code that a frame has asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Upgrade {
    /// The new code.
    pub(super) code_hash: Hash,
    /// What `migrate` is given behind the schema of the old code.
    pub(super) arguments: Arc<[u8]>,
}

impl Frame {
    /// A frame that has not begun.
    pub(super) fn new(
        contract: Address,
        sender: Sender,
        input: Arc<[u8]>,
        read_only: bool,
        permissions: Permissions,
    ) -> Self {
        Frame {
            contract,
            sender,
            input,
            output: Vec::new(),
            returned: Vec::new(),
            read_only,
            permissions,
            upgrade: None,
            outermost: false,
        }
    }
}

/// A call that a frame asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CallRequest {
    /// What to call, and how.
    pub(super) target: Target,
    /// The name of the method, not known to be text.
    pub(super) method: Vec<u8>,
    /// The arguments.
    pub(super) input: Arc<[u8]>,
    /// What to send along.
    pub(super) value: Amount,
    /// At most that much gas.
    pub(super) gas: u64,
    /// The flags.
    pub(super) flags: CallFlags,
}

/// What a call runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A method of the contract at that address.
    External(Address),
    /// The same in a read-only frame.
    Static(Address),
    /// A method of that code, as a part of the calling contract.
    Delegate(Hash),
    /// `init` of a new contract.
    Create(Creation),
    /// `migrate` of that code, as a part of the contract at that address.
    Migrate(Address, Hash),
}

/// A contract that a frame makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Creation {
    /// Its code.
    pub(super) code_hash: Hash,
    /// Tells it apart from others of the same maker and code.
    pub(super) salt: [u8; 32],
    /// Who may upgrade it.
    pub(super) admin: Admin,
    /// Where the guest wants its address.
    pub(super) out: u32,
}

/// Why a host function does not return to the guest, or not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The guest did what it must not.
    Trap(HostTrap),
    /// A function of the chain's own refused with this number, 1,000 or more.
    OwnTrap(u32),
    /// The gas that is left does not pay for the function.
    OutOfGas,
    /// The guest ended the frame; the data is the frame's output.
    Revert,
    /// The guest waits for a call.
    Call(Box<CallRequest>),
    /// The guest waits for a movement of value to an account.
    Transfer(Address, Amount),
    /// The guest waits for its new code to be looked at.
    Upgrade(Upgrade),
    /// The store failed: the node's fault, not the guest's.
    Fault(StoreError),
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Store(error) => Stop::Fault(error),
            StateError::TooManyItems => Stop::Trap(HostTrap::StorageItems),
            StateError::TooManyBytes => Stop::Trap(HostTrap::StorageBytes),
            StateError::TooManyWrites => Stop::Trap(HostTrap::WriteCount),
            StateError::BalanceOverflow => Stop::Trap(HostTrap::BalanceOverflow),
            // Host functions move value where it has been seen to be, and count no nonces.
            error => Stop::Fault(StoreError::new(alloc::format!("unexpected: {error}"))),
        }
    }
}

/// Everything that a host function may touch.
pub(super) struct Env<'a, 's> {
    /// The frame that calls.
    pub(super) frame: &'a mut Frame,
    /// State.
    pub(super) overlay: &'a mut Overlay<'s>,
    /// The guest's memory.
    pub(super) guest: Guest<'a>,
    /// The gas that is left.
    pub(super) gas: &'a mut u64,
    /// What gas has been used for.
    pub(super) used: &'a mut GasUsed,
    /// What things cost, and how much of them there may be.
    pub(super) rules: &'a Rules,
    /// The block and the transaction.
    pub(super) context: &'a Context,
    /// Public keys that have been decoded before. What it remembers saves time only.
    pub(super) keys: &'a mut KeyCache,
    /// Who listens to what contracts log.
    pub(super) watcher: Option<&'a mut Watcher>,
}

impl Env<'_, '_> {
    /// Charges one use of a function of `class` that moves `bytes` bytes.
    pub(super) fn charge(&mut self, class: GasClass, bytes: u64) -> Result<(), Stop> {
        self.take(GasDimension::of(class), self.rules.prices.of(class).total(bytes))
    }

    /// Charges `bytes` further bytes, once their number is known.
    pub(super) fn charge_bytes(&mut self, class: GasClass, bytes: usize) -> Result<(), Stop> {
        self.take(GasDimension::of(class), self.rules.prices.of(class).bytes(bytes as u64))
    }

    /// Charges a check of a signature over a message of `bytes` bytes.
    pub(super) fn charge_signature(&mut self, kind: Signature, bytes: u64) -> Result<(), Stop> {
        self.take(GasDimension::Crypto, self.rules.prices.signature(kind).total(bytes))
    }

    /// Charges the first touch of an account.
    pub(super) fn touch_account(&mut self, address: &Address) -> Result<(), Stop> {
        if self.overlay.is_warm_account(address) {
            return Ok(());
        }
        self.take(GasDimension::StateRead, self.rules.prices.cold_account.into())
    }

    /// Charges the change of an account's record, once a transaction.
    pub(super) fn charge_account_write(&mut self, address: &Address) -> Result<(), Stop> {
        if self.overlay.is_written_account(address) {
            return Ok(());
        }
        self.take(GasDimension::StateWrite, self.rules.prices.state_write.base.into())?;
        Ok(self.overlay.mark_written_account(address)?)
    }

    /// Refuses to go on in a read-only frame.
    pub(super) fn require_writable(&self) -> Result<(), Stop> {
        if self.frame.read_only { Err(Stop::Trap(HostTrap::ReadOnly)) } else { Ok(()) }
    }

    /// Takes gas for something.
    pub(super) fn take(&mut self, dimension: GasDimension, price: u64) -> Result<(), Stop> {
        *self.gas = self.gas.checked_sub(price).ok_or(Stop::OutOfGas)?;
        self.used.add(dimension, price);
        Ok(())
    }
}

/// Traps with `trap` where `length` is above `limit`.
pub(super) fn within(length: u32, limit: u32, trap: HostTrap) -> Result<(), Stop> {
    if length > limit { Err(Stop::Trap(trap)) } else { Ok(()) }
}
