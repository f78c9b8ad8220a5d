//! Dytallix: an embeddable, deterministic WebAssembly smart-contract runtime with exact gas.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

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
