//! An impl in which nothing is marked.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Token {
    fn transfer(&mut self) {}
}

fn main() {}
