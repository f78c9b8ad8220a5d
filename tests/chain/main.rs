//! Transactions and blocks.

#[path = "../support/chain.rs"]
mod support;

mod basics;
mod governance;
mod parallel;
