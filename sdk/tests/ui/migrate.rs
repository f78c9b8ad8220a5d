//! A migration that is not told the old version.
use dytallix_sdk::prelude::*;

#[contract(schema = 2)]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[migrate]
    fn upgrade(&mut self, cx: &Cx, owner: Address) {}
}

fn main() {}
