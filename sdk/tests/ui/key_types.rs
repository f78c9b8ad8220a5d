//! Keys of maps that have no order, or hide the end of another part.
use dytallix_sdk::prelude::*;

#[contract]
pub struct Names {
    by_text: Map<(String, u64), u64>,
    by_choice: Map<Option<u8>, u64>,
}

#[methods]
impl Names {
    #[init]
    fn new(&mut self) {
        self.by_text.set(("a".to_string(), 1), 1);
        self.by_choice.set(Some(1), 1);
    }
}

fn main() {}
