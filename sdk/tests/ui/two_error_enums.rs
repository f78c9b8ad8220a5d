//! Methods that fail with different enums.
use dytallix_sdk::prelude::*;

#[error]
pub enum Error {
    First,
}

#[error(no_result)]
pub enum Other {
    Second,
}

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) -> Result {
        Ok(())
    }

    #[call]
    fn burn(&mut self) -> Result<(), Other> {
        Ok(())
    }
}

fn main() {}
