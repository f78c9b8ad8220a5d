//! A contract without a constructor.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {
    owner: Item<Address>,
}

#[methods]
impl Token {
    #[view]
    fn owner(&self) -> Address {
        self.owner.get()
    }
}

fn main() {}
