//! Errors of the machine, by blame.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use super::trap::Trap;
use crate::ir::VerifyError;

/// Why an engine cannot be made.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum EngineError {
    /// `Limits::function_slots` is above 32,000, which the 16-bit fields of register code cannot
    /// hold.
    FunctionSlots(u32),
    /// `Limits::results` is above 32,000, for the same reason.
    Results(u32),
    /// `GasSchedule::local` is above 65,536.
    LocalPrice(u32),
    /// Tail dispatch was built, but the native stack moves by this many bytes over 64 ops.
    NativeStackMoves(usize),
    /// A translation does not verify: a bug.
    Verify(VerifyError),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineError::FunctionSlots(n) => {
                write!(f, "limit of {n} function slots is above 32000")
            }
            EngineError::Results(n) => write!(f, "limit of {n} results is above 32000"),
            EngineError::LocalPrice(n) => write!(f, "gas per local of {n} is above 65536"),
            EngineError::NativeStackMoves(n) => {
                write!(
                    f,
                    "native stack moves by {n} bytes over 64 ops; use the trampoline dispatch"
                )
            }
            EngineError::Verify(error) => write!(f, "translation does not verify: {error}"),
        }
    }
}

impl core::error::Error for EngineError {}

/// Why a module cannot be linked to its imports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkError {
    /// Module name of the import.
    pub module: Box<str>,
    /// Field name of the import.
    pub name: Box<str>,
    /// Byte offset of the import.
    pub offset: u32,
    /// What is wrong.
    pub kind: LinkErrorKind,
}

/// What is wrong with an import.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkErrorKind {
    /// Nothing of that name is offered.
    Unknown,
    /// What is offered has another type.
    IncompatibleType,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            LinkErrorKind::Unknown => "unknown import",
            LinkErrorKind::IncompatibleType => "incompatible import type",
        };
        write!(f, "{what}: {}.{} (offset {:#x})", self.module, self.name, self.offset)
    }
}

impl core::error::Error for LinkError {}

/// Why an instantiation or a call did not end well.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ExecError {
    /// The guest's doing.
    Trap(Trap),
    /// An import is missing or of another type.
    Link(LinkError),
    /// A memory or table is declared larger than the limits allow: which, its size, the limit.
    Limit(&'static str, u64, u64),
    /// There is no export of this name and kind.
    UnknownExport(String),
    /// The arguments do not fit the function's parameters.
    Arguments(String),
    /// The host asked for suspension where nobody can resume.
    Suspended,
    /// Ours or the embedder's doing: the guest never sees it.
    Fault(String),
}

impl From<Trap> for ExecError {
    fn from(trap: Trap) -> Self {
        ExecError::Trap(trap)
    }
}

impl From<LinkError> for ExecError {
    fn from(error: LinkError) -> Self {
        ExecError::Link(error)
    }
}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExecError::Trap(trap) => trap.fmt(f),
            ExecError::Link(error) => error.fmt(f),
            ExecError::Limit(what, size, limit) => {
                write!(f, "{what} of {size} is beyond the limit of {limit}")
            }
            ExecError::UnknownExport(name) => write!(f, "no such export: {name}"),
            ExecError::Arguments(text) => write!(f, "arguments do not fit: {text}"),
            ExecError::Suspended => f.write_str("the host asked for suspension"),
            ExecError::Fault(text) => write!(f, "fault: {text}"),
        }
    }
}

impl core::error::Error for ExecError {}
