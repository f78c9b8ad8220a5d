//! Structs that are no contracts.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Generic<T> {
    value: Item<T>,
}

#[contract]
pub struct Unnamed(Item<u64>);

#[contract]
pub struct Plain {
    count: u64,
}

fn main() {}
