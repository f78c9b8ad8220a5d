//! [`Receipt`]: what came of a deployment or a call.

use alloc::vec::Vec;

use dytallix_abi::CallStatus;

pub use crate::host::CallTrap;
use crate::host::Outcome;
use crate::primitives::Address;
use crate::state::{Event, Overlay};

/// What came of a deployment or a call.
///
/// Everything but [`Receipt::trap`] is the same on every machine; the trap's place is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a receipt says whether the call succeeded"]
pub struct Receipt {
    /// How it ended. Only [`CallStatus::Success`] has changed state.
    pub status: CallStatus,
    /// What the method returned, or what it reverted with.
    pub output: Vec<u8>,
    /// Gas used; the whole limit where it ran out.
    pub gas_used: u64,
    /// The events, in order; none unless it succeeded.
    pub events: Vec<Event>,
    /// The address of the new contract, for a deployment that succeeded.
    pub contract: Option<Address>,
    /// Why and where it trapped, where the status is [`CallStatus::Trapped`].
    pub trap: Option<CallTrap>,
}

impl Receipt {
    /// The receipt of what came of a run that was given `gas_limit`; takes the events of `overlay`.
    pub(super) fn of(outcome: Outcome, gas_limit: u64, overlay: &mut Overlay<'_>) -> Receipt {
        Receipt {
            status: outcome.status,
            output: outcome.output,
            gas_used: gas_limit - outcome.gas_left,
            events: overlay.take_events(),
            contract: None,
            trap: outcome.trap,
        }
    }

    /// The receipt of what could not even begin with `gas_limit`.
    pub(super) fn out_of_gas(gas_limit: u64) -> Receipt {
        Receipt {
            status: CallStatus::OutOfGas,
            output: Vec::new(),
            gas_used: gas_limit,
            events: Vec::new(),
            contract: None,
            trap: None,
        }
    }

    /// Whether the call succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == CallStatus::Success
    }
}
