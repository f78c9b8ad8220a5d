//! A parameter of a type that has no encoding.
use dytallix_sdk::prelude::*;

pub struct Order {
    pub amount: u64,
}

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[call]
    fn place(&mut self, order: Order) {}
}

fn main() {}
