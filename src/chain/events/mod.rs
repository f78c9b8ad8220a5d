//! Events: the index over what contracts have told, and who wants to hear of it.
//!
//! ```text
//!   block, receipts ─▶ index rows ─┬▶ EventFilter ─▶ postings, merged ─▶ receipts ─▶ EventPage
//!         │                        ├▶ transactions by id, activity of contracts
//!         │                        └◀ reindex: made anew    ◀ prune: what goes with its heights
//!         └▶ subscribers, when the block is durable
//! ```
//!
//! The index is no part of consensus: it stands in the same store, is written in the same durable
//! transaction as the block, can be made anew from blocks and receipts, and goes back with a block
//! that is dropped.

mod filter;
pub(crate) mod index;
mod lookup;
mod maintenance;
mod postings;
mod query;
mod subscription;

pub use filter::{EventFilter, MOST_EVENTS};
pub use index::{ContractActivity, EventPosition};
pub use lookup::IndexedTransaction;
pub use query::{EventPage, IndexedEvent, MOST_EXAMINED};
pub(crate) use subscription::Subscriber;
pub use subscription::SubscriptionId;
