//! `only` that names no field, and one that names a handle of something else.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {
    owner: Item<Address>,
    supply: Item<u128>,
}

#[error]
pub enum Error {
    NotOwner,
}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[call(only = ownr, err = NotOwner)]
    fn mint(&mut self) -> Result {
        Ok(())
    }

    #[call(only = supply, err = NotOwner)]
    fn burn(&mut self) -> Result {
        Ok(())
    }

    #[call(only = owner, err = NotTheOwner)]
    fn melt(&mut self) -> Result {
        Ok(())
    }
}

fn main() {}
