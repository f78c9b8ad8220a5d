//! The interpreter: handlers by room, dispatch, and the context that a run works in.
//!
//! Unsafe code is in `cells`, `dispatch` and `frame`; the rooms are safe code over their accessors.

mod calls;
mod cells;
mod context;
mod control;
mod dispatch;
mod frame;
mod memory;
mod numeric;
mod reference;
mod table;
mod variable;

use alloc::vec::Vec;

use super::arena::{Arena, Function};
use super::host::{Host, HostError};
use super::trap::TrapCode;

pub(super) use cells::{Metered, Regs, Unmetered};
pub(super) use dispatch::{addresses, run};
pub(super) use frame::CLEARED;

/// What a handler says: go on at `ip`, or leave the machine.
pub(in crate::vm) enum Flow {
    Next,
    Exit(Trapped),
}

macro_rules! trapped {
    ($($name:ident)*) => {
        /// Why a run left the machine: a trap, or something for the driver.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        pub(in crate::vm) enum Trapped { $($name,)* }

        impl Trapped {
            /// From the number that the handlers passed through a register.
            #[cfg(dytallix_tail)]
            fn from_number(number: u64) -> Trapped {
                const ALL: &[Trapped] = &[$(Trapped::$name),*];
                ALL[number as usize]
            }
        }
    };
}

trapped! {
    Done Suspended OutOfGasRegion OutOfGas Host
    Unreachable IntegerDivideByZero IntegerOverflow InvalidConversionToInteger MemoryOutOfBounds
    TableOutOfBounds UndefinedElement UninitializedElement IndirectCallTypeMismatch
    CallStackExhausted
}

impl Trapped {
    /// The guest's trap, where it is one.
    pub(in crate::vm) fn code(self) -> Option<TrapCode> {
        Some(match self {
            Trapped::Done | Trapped::Suspended | Trapped::OutOfGasRegion => return None,
            Trapped::OutOfGas => TrapCode::OutOfGas,
            Trapped::Host => TrapCode::Host,
            Trapped::Unreachable => TrapCode::Unreachable,
            Trapped::IntegerDivideByZero => TrapCode::IntegerDivideByZero,
            Trapped::IntegerOverflow => TrapCode::IntegerOverflow,
            Trapped::InvalidConversionToInteger => TrapCode::InvalidConversionToInteger,
            Trapped::MemoryOutOfBounds => TrapCode::MemoryOutOfBounds,
            Trapped::TableOutOfBounds => TrapCode::TableOutOfBounds,
            Trapped::UndefinedElement => TrapCode::UndefinedElement,
            Trapped::UninitializedElement => TrapCode::UninitializedElement,
            Trapped::IndirectCallTypeMismatch => TrapCode::IndirectCallTypeMismatch,
            Trapped::CallStackExhausted => TrapCode::CallStackExhausted,
        })
    }
}

/// Registers as they were when the machine was left.
#[derive(Clone, Copy)]
pub(in crate::vm) struct Saved {
    pub(in crate::vm) ip: *const u64,
    pub(in crate::vm) sp: *mut u64,
    pub(in crate::vm) gas: u64,
}

/// Where a return through the boundary stub comes back to.
#[derive(Clone, Copy)]
pub(in crate::vm) struct Boundary {
    pub(in crate::vm) ip: *const u64,
    pub(in crate::vm) instance: u32,
}

/// What handlers seldom need. The first fields are read by hot handlers.
pub(in crate::vm) struct Context {
    /// First own global of the running instance.
    pub(in crate::vm) globals: *mut u64,
    /// End of the value stack.
    pub(in crate::vm) stack_end: *mut u64,
    /// End of the spare slots behind it.
    pub(in crate::vm) spare_end: *mut u64,
    /// Elements of table 0 of the running instance.
    pub(in crate::vm) table0: *const u64,
    pub(in crate::vm) table0_len: u32,
    /// The running instance.
    pub(in crate::vm) instance: u32,
    /// All functions of the arena.
    pub(in crate::vm) functions: *const Function,
    /// Code of the running instance.
    pub(in crate::vm) code: *const u64,
    /// Base of memory 0 of the running instance.
    pub(in crate::vm) memory: *mut u8,
    /// Gas left, while a handler works through the context.
    pub(in crate::vm) gas: u64,
    /// Whether dynamic prices are charged.
    pub(in crate::vm) metered: bool,
    pub(in crate::vm) saved: Saved,
    pub(in crate::vm) arena: *mut Arena,
    pub(in crate::vm) host: *mut dyn Host,
    pub(in crate::vm) boundary_stub: *const u64,
    pub(in crate::vm) boundaries: Vec<Boundary>,
    /// The host function that asked for suspension, and whether it was called in tail position.
    pub(in crate::vm) suspended: Option<(Function, bool)>,
    pub(in crate::vm) error: Option<HostError>,
    pub(in crate::vm) probe: usize,
}

impl Context {
    /// Charges a price that depends on operands.
    fn charge(&mut self, price: u64) -> Result<(), Trapped> {
        if self.metered {
            self.gas = self.gas.checked_sub(price).ok_or(Trapped::OutOfGas)?;
        }
        Ok(())
    }
}
