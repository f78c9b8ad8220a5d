//! Floor 5: contracts deployed and called, with a receipt for each.
//!
//! ```text
//!   Runtime::call ─▶ overlay over the store ─▶ host: frames ─▶ Receipt
//!                                         success ─▶ change set ─▶ State::commit
//!                                         anything else ─▶ nothing
//! ```
//!
//! Signed transactions, fees and blocks come on top of this.

mod receipt;
mod requests;
mod runtime;

pub use receipt::{CallTrap, Receipt};
pub use requests::{Call, Deploy};
pub use runtime::{Error, OpenError, Rejection, Runtime, RuntimeBuilder};
