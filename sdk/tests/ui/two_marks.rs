//! A method that is two things.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[call]
    #[view]
    fn balance(&self) {}
}

fn main() {}
