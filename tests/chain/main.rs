//! Transactions and blocks.

#[path = "../support/fault.rs"]
mod fault;
#[path = "../support/script.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod script;
#[path = "../support/chain.rs"]
mod support;

mod admission;
mod audit;
mod basics;
mod emitter;
mod events;
mod golden;
mod governance;
mod mempool;
mod observe;
mod parallel;
mod replay;
mod single_node;
mod snapshots;
mod state_machine;
mod upgrade;
