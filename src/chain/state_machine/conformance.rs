//! What every state machine owes a consensus engine, as a test that anybody can run on their own.
//!
//! [`check`] drives it in the order in which CometBFT does, block after block, and in each: two
//! rounds with different proposals, proposals that have to be rejected, a crash between finalizing
//! and committing, and one after it. Then all blocks are replayed on a machine that has seen
//! nothing else, which has to come to the same.
//!
//! What it can not do is make the medium fail while it writes: `tests/chain/single_node.rs` shows
//! how this crate does that to its own.

mod driver;

use alloc::string::ToString;
use alloc::vec::Vec;

use super::StateMachine;
use crate::chain::genesis::Genesis;
use crate::chain::runtime::{Error, OpenError};
use crate::state::Bytes;
pub use crate::state::conformance::ConformanceError;

use driver::Driver;

/// What is done with the machine.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Script {
    /// How the chain begins.
    pub genesis: Genesis,
    /// Transactions, encoded and signed, for one block after the other: at least two for each, all
    /// of which are admitted in this order, and whose signers can pay before the block begins.
    pub blocks: Vec<Vec<Bytes>>,
}

impl Script {
    /// A chain that begins so, with these transactions for one block after the other.
    #[must_use]
    pub const fn new(genesis: Genesis, blocks: Vec<Vec<Bytes>>) -> Script {
        Script { genesis, blocks }
    }
}

/// Checks a machine against everything that [`StateMachine`] promises and that shows without a
/// failing medium.
///
/// Each call of `fresh` has to give a machine over an empty store, without a chain. `restart` is
/// given a machine, which it kills: what is not durable is gone; and gives one over the same store.
///
/// # Errors
///
/// The first promise that is found broken.
pub fn check<M: StateMachine>(
    script: &Script,
    fresh: &mut dyn FnMut() -> Result<M, OpenError>,
    restart: &mut dyn FnMut(M) -> Result<M, OpenError>,
) -> Result<(), ConformanceError> {
    let mut driver = Driver::begin(script, fresh()?)?;
    for transactions in &script.blocks {
        driver = driver.height(transactions, restart)?;
    }
    driver = driver.decided_garbage(script)?;
    driver.snapshot()?;
    driver.replay(script, fresh()?, restart)
}

/// What is promised of everything that the driver does right.
const NO_FAILURE: &str = "nothing fails while the medium does not";

impl From<Error> for ConformanceError {
    fn from(error: Error) -> Self {
        ConformanceError::new(NO_FAILURE, error.to_string())
    }
}

impl From<OpenError> for ConformanceError {
    fn from(error: OpenError) -> Self {
        ConformanceError::new(NO_FAILURE, error.to_string())
    }
}
