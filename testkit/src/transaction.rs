//! [`Transaction`]: what was asked of the chain, with what came of it.

use std::rc::Rc;

use dytallix::chain::Receipt;
use dytallix_abi::{Abi, Address};

/// How the chain was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A deployment.
    Deploy,
    /// A call whose changes are kept where it succeeds.
    Call,
    /// A call in a read-only frame.
    View,
    /// A call whose changes are dropped.
    Simulate,
}

/// A deployment, a call or a view, with its receipt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Transaction {
    /// How the chain was asked.
    pub mode: Mode,
    /// Who asked.
    pub from: Address,
    /// The contract that was called, or deployed; none where a deployment failed.
    pub contract: Option<Address>,
    /// The method; `init` for a deployment.
    pub method: String,
    /// The encoded arguments.
    pub arguments: Vec<u8>,
    /// The value that was sent along.
    pub value: u128,
    /// The limit of gas.
    pub gas_limit: u64,
    /// The height of its block.
    pub height: u64,
    /// What came of it.
    pub receipt: Receipt,
    /// The contract's ABI, if it has one.
    pub abi: Option<Rc<Abi>>,
}

impl Transaction {
    /// Whether it stands in a block, or would if it had succeeded: neither a view nor a simulation.
    pub(crate) fn is_of_a_block(&self) -> bool {
        matches!(self.mode, Mode::Deploy | Mode::Call)
    }
}
