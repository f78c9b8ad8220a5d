//! What a frame (one contract call) is to host functions, and how one ends.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::{CallFlags, GasClass, HostTrap};

use super::guest::Guest;
use crate::gas::HostPrices;
use crate::limits::CallLimits;
use crate::primitives::{Address, Amount};
use crate::state::{Overlay, StateError, StoreError};

/// The part of a frame that host functions read and change.
#[derive(Debug)]
pub(super) struct Frame {
    /// The contract whose code runs and whose storage it is.
    pub(super) contract: Address,
    /// Who called it.
    pub(super) caller: Address,
    /// The arguments.
    pub(super) input: Arc<[u8]>,
    /// What it returns, or what it reverts with.
    pub(super) output: Vec<u8>,
    /// What the last call that it made gave back.
    pub(super) returned: Vec<u8>,
    /// Whether state must not change.
    pub(super) read_only: bool,
}

impl Frame {
    /// A frame that has not begun.
    pub(super) fn new(
        contract: Address,
        caller: Address,
        input: Arc<[u8]>,
        read_only: bool,
    ) -> Self {
        Frame { contract, caller, input, output: Vec::new(), returned: Vec::new(), read_only }
    }
}

/// A call that a frame asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CallRequest {
    /// The contract to call.
    pub(super) to: Address,
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

/// Why a host function does not return to the guest, or not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The guest did what it must not.
    Trap(HostTrap),
    /// The gas that is left does not pay for the function.
    OutOfGas,
    /// The guest ended the frame; the data is the frame's output.
    Revert,
    /// The guest waits for a call.
    Call(CallRequest),
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
            // Host functions of this table move no balances and count no nonces.
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
    /// What things cost.
    pub(super) prices: &'a HostPrices,
    /// How much of them there may be.
    pub(super) limits: &'a CallLimits,
}

impl Env<'_, '_> {
    /// Charges one use of a function of `class` that moves `bytes` bytes.
    pub(super) fn charge(&mut self, class: GasClass, bytes: u64) -> Result<(), Stop> {
        self.take(self.prices.of(class).total(bytes))
    }

    /// Charges `bytes` further bytes, once their number is known.
    pub(super) fn charge_bytes(&mut self, class: GasClass, bytes: usize) -> Result<(), Stop> {
        self.take(self.prices.of(class).bytes(bytes as u64))
    }

    /// Refuses to go on in a read-only frame.
    pub(super) fn require_writable(&self) -> Result<(), Stop> {
        if self.frame.read_only { Err(Stop::Trap(HostTrap::ReadOnly)) } else { Ok(()) }
    }

    fn take(&mut self, price: u64) -> Result<(), Stop> {
        *self.gas = self.gas.checked_sub(price).ok_or(Stop::OutOfGas)?;
        Ok(())
    }
}

/// Traps with `trap` where `length` is above `limit`.
pub(super) fn within(length: u32, limit: u32, trap: HostTrap) -> Result<(), Stop> {
    if length > limit { Err(Stop::Trap(trap)) } else { Ok(()) }
}
