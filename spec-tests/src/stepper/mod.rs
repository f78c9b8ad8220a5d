//! The naive stepper: the executable specification of semantics and gas.
//!
//! It decodes one operator, charges it, executes it, and goes on. Nothing is compiled, folded,
//! cached or summed up in advance, and nothing is shared with the register code or its interpreter:
//! own arithmetic, own bounds checks, own store. What the engine does by other means must equal,
//! bit for bit and unit for unit, what these files say.
//!
//! # Gas
//!
//! * An operator is charged its price from the schedule before it does anything. A price that
//!   cannot be paid is the trap [`Trap::OutOfGas`], and then the gas used is the whole limit.
//! * After any other trap the gas used is what was charged until then, the operator that trapped
//!   included.
//! * `end` and `else` are operators like others, and are charged where control *falls* onto them:
//!   an `else` that is reached from its first arm, the `end` of a block or of a function. A branch
//!   to a label continues *after* the `end` of its block, or after the `loop` operator, and charges
//!   neither. An `if` that takes its second arm continues after the `else`; one that has no second
//!   arm continues after the `end`. `return`, and a branch to the function's own label, leave
//!   without its `end`.
//! * Entering a function: the stack is checked first, then the declared locals are charged
//!   (parameters are not), then its first operator. This holds for the outermost call too.
//! * Operators that touch a variable number of bytes, elements or pages: the static price first,
//!   then every check of bounds (a trap there costs no more), then the price of the amount, then
//!   the work. `memory.grow` and `table.grow` check limits first: a refusal gives −1 and costs no
//!   more than the static price. Where memories of others share a budget, their pages come first:
//!   they count for the limit, and for which pages are dear.
//!
//! # Stack
//!
//! The value stack of a call tree has [`Limits::stack_slots`](dytallix::Limits) slots. With `head`
//! for the greater one of parameter and result slots, a *suspended* activation takes `head + 2 +
//! locals + h`, where `h` is the operand height below the arguments at the call that suspends it.
//! The activation being *entered* needs `head + 2 + locals + H` above all suspended ones, where `H`
//! is its greatest operand height (see [`code`]); a host function needs `head`. If it does not fit,
//! the call is the trap [`Trap::CallStackExhausted`]. A tail call puts the new activation where the
//! old one was.
//!
//! # Floats
//!
//! Arithmetic that gives a NaN gives the positive canonical one. `load`, `store`, `const`,
//! `reinterpret`, `neg`, `abs` and `copysign` move bits and do not.

mod calls;
pub mod code;
mod control;
mod float;
mod instantiate;
mod machine;
mod memory;
mod meter;
mod numeric;
mod reference;
mod store;
mod trap;
mod variable;

pub use instantiate::{InstantiateError, LinkError};
pub use machine::Execution;
pub use meter::Meter;
pub use store::{Extern, HostCall, Store};
pub use trap::Trap;
