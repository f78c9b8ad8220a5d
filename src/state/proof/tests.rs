//! What proofs show, and that nothing else passes for one.

extern crate std;

mod ics23;
mod range;
mod single;
