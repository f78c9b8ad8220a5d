//! What all transactions of a block share.

use alloc::sync::Arc;

use super::execute::call_system;
use super::governance::Parameters;
use super::protocol::Protocol;
use crate::host::{BlockContext, ChainCalls, HostTable, Rules};
use crate::primitives::{Address, Hash};
use crate::vm::{Config, Dispatch};

/// What all transactions of a block share.
#[derive(Clone, Debug)]
pub(crate) struct BlockRules {
    /// The block as contracts see it.
    pub(crate) block: BlockContext,
    /// The rules.
    pub(crate) protocol: Arc<Protocol>,
    /// The id of the rules.
    pub(crate) protocol_id: Hash,
    /// What the governor has set.
    pub(crate) parameters: Arc<Parameters>,
    /// Who proposes the block.
    pub(crate) proposer: Address,
    /// What the chain adds to calls.
    pub(crate) calls: ChainCalls,
}

impl BlockRules {
    pub(crate) fn new(
        block: BlockContext,
        protocol: Arc<Protocol>,
        parameters: Arc<Parameters>,
        proposer: Address,
    ) -> Self {
        let paused = parameters.pauses.contracts.as_slice().into();
        let deployments_paused = parameters.pauses.deployments;
        let calls = ChainCalls { paused, deployments_paused, system: call_system };
        let protocol_id = protocol.id();
        BlockRules { block, protocol, protocol_id, parameters, proposer, calls }
    }
}

impl Protocol {
    /// The rules of a machine for contracts; `dispatch` changes nothing but speed.
    pub(crate) fn rules(&self, functions: Arc<HostTable>, dispatch: Dispatch) -> Rules {
        let config = Config::default()
            .with_features(self.features)
            .with_limits(self.limits.clone())
            .with_schedule(self.schedule.clone())
            .with_dispatch(dispatch);
        Rules {
            config,
            call_limits: self.call_limits.clone(),
            prices: self.prices.clone(),
            functions,
            delegate_calls: self.delegate_calls,
        }
    }
}
