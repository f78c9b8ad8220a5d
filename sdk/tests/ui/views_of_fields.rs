//! Views of fields that can not be.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {
    #[view(allowance(holder))]
    allowances: Map<(Address, Address), u128>,
    #[view]
    lock: Transient<bool>,
    #[view(init)]
    first: Item<u64>,
}

fn main() {}
