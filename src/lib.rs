//! Dytallix: an embeddable, deterministic WebAssembly smart-contract runtime with exact gas.
#![cfg_attr(not(feature = "std"), no_std)]
// A check on nightly compilers: every dispatch is a tail call that the compiler guarantees.
#![cfg_attr(dytallix_become, feature(explicit_tail_calls), allow(incomplete_features))]

extern crate alloc;

#[cfg(feature = "ledger")]
pub mod chain;
#[cfg(feature = "ledger")]
pub mod crypto;
pub mod gas;
#[cfg(feature = "ledger")]
pub mod host;
pub mod ir;
pub mod limits;
pub mod primitives;
#[cfg(feature = "ledger")]
pub mod state;
pub mod vm;
pub mod wasm;

pub use limits::Limits;
pub use primitives::{Address, Amount, Hash, Height};

#[cfg(feature = "ledger")]
pub use chain::{Call, Deploy, EventFilter, Receipt, Runtime, RuntimeBuilder};
#[cfg(feature = "ledger")]
pub use dytallix_abi::{self as abi, CallStatus, Status};
#[cfg(feature = "ledger")]
#[cfg(feature = "disk")]
pub use state::DiskStore;
#[cfg(feature = "ledger")]
pub use state::{Event, MemoryStore, Proof, State, StateRoot, Store};

/// The example of the README, as a test.
#[cfg(all(doctest, feature = "ledger"))]
#[doc = include_str!("../README.md")]
struct Readme;
