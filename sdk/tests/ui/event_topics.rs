//! Topics that are too many, too long, or of no fixed length.
use dytallix_sdk::prelude::*;

#[event]
pub struct Many(#[topic] u8, #[topic] u8, #[topic] u8, #[topic] u8);

#[event]
pub struct Long {
    #[topic]
    key: [u8; 65],
    amount: u64,
}

#[event]
pub struct Named {
    #[topic]
    name: String,
}

#[event]
pub enum Choice {
    A,
}

fn main() {}
