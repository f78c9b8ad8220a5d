//! Why an execution stopped.

/// A trap. The names are those of the WebAssembly specification's test suite, more or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trap {
    /// `unreachable` was executed.
    Unreachable,
    /// Integer division or remainder by zero.
    IntegerDivideByZero,
    /// The quotient or the truncated float does not fit its type.
    IntegerOverflow,
    /// Truncation of a NaN to an integer.
    InvalidConversionToInteger,
    /// Access beyond the end of a memory or of a data segment.
    MemoryOutOfBounds,
    /// Access beyond the end of a table or of an element segment.
    TableOutOfBounds,
    /// Indirect call of an element beyond the end of the table.
    UndefinedElement,
    /// Indirect call of a null element.
    UninitializedElement,
    /// Indirect call of a function of another type.
    IndirectCallTypeMismatch,
    /// The value stack has no room for the activation being entered.
    CallStackExhausted,
    /// A price could not be paid.
    OutOfGas,
    /// A host function stopped the execution, with its code.
    Host(u32),
}

impl Trap {
    /// Whether the test suite's `message` may describe this trap.
    ///
    /// The suite appends details to some messages ("uninitialized element 7") and cuts others short
    /// ("out of bounds"): the one must be a prefix of the other.
    pub fn matches(self, message: &str) -> bool {
        let texts: &[&str] = match self {
            Trap::Unreachable => &["unreachable"],
            Trap::IntegerDivideByZero => &["integer divide by zero"],
            Trap::IntegerOverflow => &["integer overflow"],
            Trap::InvalidConversionToInteger => &["invalid conversion to integer"],
            Trap::MemoryOutOfBounds => &["out of bounds memory access"],
            Trap::TableOutOfBounds => &["out of bounds table access"],
            Trap::UndefinedElement => &["undefined element"],
            Trap::UninitializedElement => &["uninitialized element"],
            Trap::IndirectCallTypeMismatch => &["indirect call type mismatch"],
            Trap::CallStackExhausted => &["call stack exhausted"],
            Trap::OutOfGas | Trap::Host(_) => &[],
        };
        let matches = |text: &&str| message.starts_with(text) || text.starts_with(message);
        !message.is_empty() && texts.iter().any(matches)
    }
}
