//! Parameters that no arguments can be read as.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self, cx: Cx) {}

    #[call]
    fn name(&mut self, name: &str) {}

    #[call]
    fn send(&mut self, list: &[u8], other: impl Encode) {}

    #[call]
    fn pair(&mut self, (a, b): (u8, u8)) {}

    #[view]
    fn text(&self) -> &str {
        ""
    }
}

fn main() {}
