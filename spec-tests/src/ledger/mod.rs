//! The executable specification of state: a ledger that clones everything at each checkpoint, and
//! histories that run on it and on the overlay in step.
//!
//! ```text
//!   seed ─▶ Block, Block, … ─▶ Overlay over State (tree in memory)  ┐
//!            steps, nested     Overlay over State (tree bounded)    ├─ must agree after every step,
//!            checkpoints       Model: plain maps, cloned            ┘  at every height, and proved
//! ```

mod model;
mod run;
mod steps;

pub use model::Model;
pub use run::{Counts, History};
pub use steps::{Block, Step, blocks};

use dytallix::primitives::{Address, Domain, Hash};

/// How many addresses there are: few, so that steps meet.
pub const PLACES: u8 = 5;
/// How many storage keys of a contract there are.
pub const KEYS: u8 = 7;
/// How many different codes there are.
pub const CODES: u8 = 3;

/// The address of a place.
pub fn address(place: u8) -> Address {
    Address::from_bytes([place; 32])
}

/// The key of a number. One is a prefix of another, and one begins with the greatest byte.
pub fn key(number: u8) -> Vec<u8> {
    match number {
        0 => vec![0],
        1 => vec![0, 0],
        2 => vec![255],
        3 => vec![255, 255, 1],
        n => vec![n],
    }
}

/// The code of a number, and its hash.
pub fn code(number: u8) -> (Hash, Vec<u8>) {
    let code = vec![number; 3 + usize::from(number)];
    (Hash::of(Domain::Code, &[&code]), code)
}
