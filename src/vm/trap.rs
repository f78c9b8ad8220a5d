//! Traps: numeric codes, and where they happened.

use core::fmt;

macro_rules! trap_codes {
    ($($number:literal $name:ident $text:literal $doc:literal;)*) => {
        /// Why execution trapped. The numbers are part of receipts: never renumbered, never reused.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u32)]
        #[non_exhaustive]
        pub enum TrapCode {
            $(#[doc = $doc] $name = $number,)*
        }

        impl TrapCode {
            /// Every code.
            pub const ALL: &'static [TrapCode] = &[$(TrapCode::$name),*];

            /// What it means, in a few words.
            pub const fn text(self) -> &'static str {
                match self { $(TrapCode::$name => $text,)* }
            }
        }
    };
}

trap_codes! {
    1 Unreachable "unreachable" "`unreachable` was executed.";
    2 IntegerDivideByZero "integer divide by zero" "Integer division or remainder by zero.";
    3 IntegerOverflow "integer overflow" "A quotient or a truncated float does not fit.";
    4 InvalidConversionToInteger "invalid conversion to integer" "NaN was truncated to an integer.";
    5 MemoryOutOfBounds "out of bounds memory access" "An access beyond the memory's size.";
    6 TableOutOfBounds "out of bounds table access" "An access beyond the table's size.";
    7 UndefinedElement "undefined element" "`call_indirect` beyond the table's size.";
    8 UninitializedElement "uninitialized element" "`call_indirect` of a null reference.";
    9 IndirectCallTypeMismatch "indirect call type mismatch" "`call_indirect` of another type.";
    10 CallStackExhausted "call stack exhausted" "The value stack has no room for the callee.";
    11 OutOfGas "out of gas" "The next operator cannot be paid.";
    12 Host "host error" "A host function refused; see the trap's `host` code.";
}

impl TrapCode {
    /// The number that receipts hold.
    pub const fn number(self) -> u32 {
        self as u32
    }
}

impl fmt::Display for TrapCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A trap: what, and where in the module.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Trap {
    /// Why.
    pub code: TrapCode,
    /// The host function's own code, where `code` is [`TrapCode::Host`]; else 0.
    pub host: u32,
    /// The function that was running (index in the function index space of its module), if it was
    /// guest code.
    pub function: Option<u32>,
    /// Byte offset of the operator in its module. For out of gas: of the first operator that could
    /// not be paid, or of the function's body where its entry could not.
    pub offset: Option<u32>,
}

impl Trap {
    /// A trap outside of guest code.
    pub(crate) fn nowhere(code: TrapCode) -> Self {
        Trap { code, host: 0, function: None, offset: None }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if self.code == TrapCode::Host {
            write!(f, " {}", self.host)?;
        }
        if let (Some(function), Some(offset)) = (self.function, self.offset) {
            write!(f, " (function {function}, offset {offset:#x})")?;
        }
        Ok(())
    }
}

impl core::error::Error for Trap {}
