//! The system contract as contracts call it: no module, but functions of the chain.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::context::BlockContext;
use super::outcome::Fault;
use crate::primitives::Address;
use crate::state::Overlay;

/// What the chain adds to calls: contracts that are paused, and what the system contract does.
#[derive(Clone)]
pub(crate) struct ChainCalls {
    /// Contracts that run for nobody, ascending.
    pub(crate) paused: Arc<[Address]>,
    /// Whether no contract is made and no code changed.
    pub(crate) deployments_paused: bool,
    /// What a call of the system contract does.
    pub(crate) system: SystemCall,
}

/// A call of the system contract: caller, method and arguments. It returns data, reverts with data,
/// or is no method at all.
pub(crate) type SystemCall =
    fn(&mut Overlay<'_>, &BlockContext, &Address, &[u8], &[u8]) -> Result<SystemAnswer, Fault>;

/// What a call of the system contract came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SystemAnswer {
    /// It was done; the data is returned.
    Done(Vec<u8>),
    /// It was refused: nothing has changed.
    Reverted(Vec<u8>),
    /// There is no such method.
    NotFound,
}

impl ChainCalls {
    /// Whether a contract is paused.
    pub(super) fn is_paused(&self, contract: &Address) -> bool {
        self.paused.binary_search(contract).is_ok()
    }
}

impl fmt::Debug for ChainCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainCalls").field("paused", &self.paused).finish_non_exhaustive()
    }
}
