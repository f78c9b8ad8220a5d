//! A contract with two constructors.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[init]
    fn with_supply(&mut self, supply: u128) {}
}

fn main() {}
