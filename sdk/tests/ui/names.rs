//! Names that no method may have.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self) {}

    #[call]
    fn init(&mut self) {}

    #[call]
    fn migrate(&mut self) {}

    #[call]
    fn _hidden(&mut self) {}

    #[call]
    fn a_name_that_is_longer_than_the_sixty_four_bytes_that_a_name_may_have(&mut self) {}

    #[call]
    fn memory(&mut self) {}

    #[view]
    fn with_value(&self) {}

    #[call]
    fn größe(&mut self) {}
}

fn main() {}
