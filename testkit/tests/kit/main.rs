//! The kit, from the outside.

mod chain;
mod mocks;
mod printed;
mod sequences;
mod support;
mod token;
