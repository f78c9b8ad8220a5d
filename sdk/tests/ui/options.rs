//! Options that do not exist.
use dytallix_sdk::prelude::*;

#[contract(version = 2)]
pub struct First {}

#[contract(capabilities(fly))]
pub struct Second {}

#[event(indexed)]
pub struct Moved(u8);

#[error(alias)]
pub enum Error {
    Bad,
}

#[contract]
pub struct Token {
    owner: Item<Address>,
}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[call(onlyowner)]
    fn mint(&mut self) {}

    #[view(payable)]
    fn balance(&self) {}

    #[call(err = NotOwner)]
    fn burn(&mut self) {}
}

fn main() {}
