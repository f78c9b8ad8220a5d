//! Methods that do not take the contract by reference.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new() {}

    #[call]
    fn burn(self) {}

    #[call]
    async fn wait(&mut self) {}

    #[call]
    fn convert<T>(&mut self, value: T) {}
}

fn main() {}
