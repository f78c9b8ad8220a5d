//! Something that is emitted and is no event.
use dytallix_sdk::prelude::*;

pub struct Moved(u64);

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self, cx: &Cx) {
        cx.emit(Moved(1));
    }
}

fn main() {}
