//! Events: the index over what contracts have told, and who wants to hear of it.
//!
//! The index is no part of consensus: it stands in the same store, is written in the same durable
//! transaction as the block, can be made anew from blocks and receipts, and goes back with a block
//! that is dropped.

pub(crate) mod index;
mod subscription;

pub use index::{ContractActivity, EventPosition};
pub(crate) use subscription::Subscriber;
