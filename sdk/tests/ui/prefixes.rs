//! Prefixes that are taken, or are none.
use dytallix_sdk::prelude::*;

#[contract]
pub struct First {
    owner: Item<Address>,
    #[prefix = 0]
    supply: Item<u128>,
}

#[contract]
pub struct Second {
    #[prefix = 1]
    owner: Item<Address>,
    supply: Item<u128>,
}

#[contract]
pub struct Third {
    #[prefix = 256]
    owner: Item<Address>,
    #[prefix("a")]
    supply: Item<u128>,
}

fn main() {}
