//! Types that have no encoding.
use dytallix_sdk::prelude::*;

#[data]
pub enum Numbered {
    A = 1,
}

#[data]
pub enum Empty {}

#[data]
pub union Either {
    a: u8,
    b: i8,
}

#[data]
pub struct Float {
    rate: f64,
}

fn main() {}
