//! A method that fails with something that is no error.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) -> Result<(), u8> {
        Err(1)
    }
}

fn main() {}
