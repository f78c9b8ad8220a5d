//! How a tree of calls ended.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use dytallix_abi::{CallStatus, HostTrap};

use crate::gas::GasUsed;
use crate::primitives::Address;
use crate::state::{StateError, StoreError};
use crate::vm::{Trap, TrapCode};

/// How the outermost frame ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The status that a caller would see.
    pub(crate) status: CallStatus,
    /// Return or revert data.
    pub(crate) output: Vec<u8>,
    /// Gas that is left.
    pub(crate) gas_left: u64,
    /// What gas was used for, as far as it is known: the rest was computed with.
    pub(crate) gas: GasUsed,
    /// Why it trapped, where it did.
    pub(crate) trap: Option<CallTrap>,
}

/// Why and where a contract trapped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallTrap {
    /// The contract.
    pub contract: Address,
    /// Number of the trap: of [`TrapCode`], or from 100 on of [`HostTrap`].
    pub code: u32,
    /// The function of its module that was running, if it was one of them.
    pub function: Option<u32>,
    /// The byte of its module that it had come to.
    pub offset: Option<u32>,
}

/// Ours or the disk's doing: no guest is to blame, and none sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    message: String,
}

impl Outcome {
    /// The outcome of a call that could not begin.
    pub(super) fn refused(status: CallStatus, gas_left: u64) -> Self {
        Outcome { status, output: Vec::new(), gas_left, gas: GasUsed::default(), trap: None }
    }
}

impl CallTrap {
    pub(super) fn of_machine(contract: Address, trap: &Trap) -> Self {
        let code = match trap.code {
            TrapCode::Host => trap.host,
            code => code.number(),
        };
        CallTrap { contract, code, function: trap.function, offset: trap.offset }
    }

    pub(super) fn of_host(contract: Address, trap: HostTrap) -> Self {
        CallTrap { contract, code: trap.code(), function: None, offset: None }
    }

    /// What its code means, in a few words.
    #[must_use]
    pub fn text(&self) -> &'static str {
        let of_machine = TrapCode::ALL.iter().find(|code| code.number() == self.code);
        let of_host = || HostTrap::from_code(self.code).and_then(|t| t.docs().first().copied());
        of_machine.map(|code| code.text()).or_else(of_host).unwrap_or("unknown trap").trim()
    }
}

impl fmt::Display for CallTrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trap {}: {}", self.code, self.text())?;
        if let (Some(function), Some(offset)) = (self.function, self.offset) {
            write!(f, " (function {function}, offset {offset:#x})")?;
        }
        Ok(())
    }
}

impl Fault {
    /// A fault that `message` explains, for people.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Fault { message: message.into() }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::new(format!("{error}"))
    }
}

impl From<StateError> for Fault {
    fn from(error: StateError) -> Self {
        Fault::new(format!("{error}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Fault {}
