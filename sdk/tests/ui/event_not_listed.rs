//! An event that is emitted where `#[methods]` does not see it.
use dytallix_sdk::prelude::*;

#[event]
pub struct Moved(u64);

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self, cx: &Cx) {
        tell(cx);
    }
}

fn tell(cx: &Cx) {
    cx.emit(Moved(1));
}

fn main() {}
