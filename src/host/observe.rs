//! [`FrameEvent`]: what an observer of frames is told, while they run.
//!
//! ```text
//!   Begins ─▶ Calls ─▶ GoesOn ─▶ Calls ─▶ Begins … Ends ─▶ GoesOn ─▶ Ends
//!                                  │      └ a frame below ┘    │
//!                                  └── a call of a contract ───┘
//! ```
//!
//! An observer looks and changes nothing. Where there is none, a call of a host function pays for
//! one look at an `Option`, and an operator for nothing.

use dytallix_abi::CallStatus;

use super::outcome::CallTrap;
use super::own::OWN;
use crate::primitives::Address;
use crate::vm::MemoryBudget;

/// Who observes frames.
pub(crate) type FrameObserver = dyn FnMut(&FrameEvent<'_>) + Send;

/// Something that happens to a frame. Frames are nested: an event is of the frame that was opened
/// last of those that have not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameEvent<'a> {
    /// A frame was opened. Its instance is made next, then `_initialize` runs, then its entry.
    Begins(FrameBegin<'a>),
    /// The guest calls a host function, which has done nothing yet.
    Calls {
        /// The function: see [`FrameEvent::own_row`].
        function: u32,
        /// The bits of the arguments; an `i32` in the low half.
        arguments: &'a [u64],
        /// Gas that is left.
        gas: u64,
        /// The guest's memory.
        memory: &'a [u8],
    },
    /// The function that it called returns, and the guest goes on. It does not where the frame
    /// ends instead.
    GoesOn {
        /// The bits of the result, where the function has one.
        result: Option<u64>,
        /// Gas that is left, also by the contracts that were called.
        gas: u64,
        /// The guest's memory.
        memory: &'a [u8],
    },
    /// The frame's code has ended. Where it ended well and the frame has asked for new code, the
    /// frame of that code's `migrate` follows.
    Ends {
        /// How.
        status: CallStatus,
        /// Gas that is left.
        gas: u64,
        /// Why and where it trapped, if it did.
        trap: Option<&'a CallTrap>,
    },
}

/// A frame that is opened, and what it may use.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FrameBegin<'a> {
    /// The contract whose storage it is.
    pub contract: Address,
    /// The module whose code runs.
    pub module: &'a [u8],
    /// The function `_initialize` of the module, where it has one.
    pub initialize: Option<u32>,
    /// The function that the frame was opened for; none where the instance is all.
    pub entry: Option<u32>,
    /// Gas that it has, loading paid.
    pub gas: u64,
    /// What of it making the instance costs, before anything of the module runs.
    pub instance_price: u64,
    /// Pages that the frames below hold, and what all of them may hold.
    pub memory: MemoryBudget,
    /// Slots of the value stack that the frames below have left.
    pub stack_slots: u64,
}

impl FrameEvent<'_> {
    /// Which of the chain's own functions the number means, in the order of the chain's table.
    /// None where it is one of the ABI's: those have the numbers of
    /// [`HostFn`](crate::abi::HostFn).
    #[must_use]
    pub fn own_row(function: u32) -> Option<u32> {
        function.checked_sub(OWN)
    }
}
