//! Floor 0: what things cost.
//!
//! Gas is priced on WebAssembly operators, never on the register code that a translator makes of
//! them. A [`GasSchedule`] is plain data with a content id: the engine, the naive stepper and the
//! documentation read the same prices, and each of the first two adds them up on its own.

#[cfg(feature = "ledger")]
mod host;
mod schedule;
#[cfg(test)]
mod tests;
#[cfg(feature = "ledger")]
mod used;

#[cfg(feature = "ledger")]
pub use host::{HostPrice, HostPrices, Signature};
pub use schedule::{GasClass, GasSchedule};
#[cfg(feature = "ledger")]
pub use used::{GasDimension, GasUsed};
