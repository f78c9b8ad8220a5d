//! A view that takes its contract mutably.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {
    count: Item<u64>,
}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[view]
    fn next(&mut self) -> u64 {
        self.count.set(1);
        1
    }
}

fn main() {}
