//! `#[methods]` above the impl of a trait.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Default for Token {
    fn default() -> Token {
        Token::open()
    }
}

fn main() {}
