//! Interfaces that no client can be made of.
use dytallix_sdk::prelude::*;

#[interface]
pub trait Oracle: Clone {
    fn price(&self) -> u128;
}

#[interface]
pub trait Feed {
    const DECIMALS: u8;

    fn price(&self) -> u128 {
        1
    }

    fn name(&self, symbol: &str) -> u128;

    fn owned(self) -> u128;

    fn init(&mut self);

    fn with_gas(&self) -> u64;
}

fn main() {}
