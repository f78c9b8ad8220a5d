//! A view whose body writes: the handles do not let it.
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
    fn next(&self) -> u64 {
        self.count.set(1);
        1
    }
}

fn main() {}
