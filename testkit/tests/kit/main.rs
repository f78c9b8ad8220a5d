//! The kit, from the outside.

mod chain;
mod mocks;
mod page;
mod printed;
mod sequences;
mod support;
mod token;
