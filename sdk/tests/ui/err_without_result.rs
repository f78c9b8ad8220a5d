//! `err` on a method that can not fail.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {
    owner: Item<Address>,
}

#[error]
pub enum Error {
    NotOwner,
}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[call(only = owner, err = NotOwner)]
    fn mint(&mut self) {}
}

fn main() {}
