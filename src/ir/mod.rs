//! Floor 2: validated [`Module`](crate::wasm::Module) → register code.
//!
//! ```text
//!   operators ──► symbolic operand stack ──► ops in 8-byte cells ──► Code
//!   (wasm floor)  Local · Const · Acc · Temp   handler | fields      one buffer, one entry per function
//! ```
//!
//! The code is position independent; its first cell per op holds a word from a [`HandlerTable`]
//! that this floor treats as opaque. With [`HandlerTable::identity`] the word is the op's number:
//! that is what the disassembler, the verifier and the snapshots read. The `vm` floor hands in the
//! addresses of its handlers.

mod cell;
mod code;
mod disassemble;
mod op;
mod pair;
mod translate;
mod verify;

pub use cell::HandlerTable;
pub(crate) use cell::{unpack, unpack_half};
pub use code::{Code, CodeRange, HEADER_WORDS};
pub use disassemble::{Line, Part, disassemble};
pub(crate) use op::for_each_op;
pub use op::{Class, Op, OpKind, Operand, Shape};
pub use pair::Pair;
#[cfg(dytallix_tail)]
pub(crate) use pair::for_each_pair;
pub use translate::{Replay, ReplayEnd, Site, SiteMap, Translator, canonical_types};
pub use verify::{VerifyError, verify};
