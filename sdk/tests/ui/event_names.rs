//! Two events of one name.
use dytallix_sdk::prelude::*;

mod other {
    use dytallix_sdk::prelude::*;

    #[event]
    pub struct Moved(u64);
}

#[event]
pub struct Moved(u64);

#[contract]
pub struct Token {}

#[methods]
impl Token {
    #[init]
    fn new(&mut self, cx: &Cx) {
        cx.emit(Moved(1));
        cx.emit(other::Moved(1));
    }
}

fn main() {}
