//! [`RuntimeBuilder`]: how a runtime is put together.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::workers::Workers;
use super::{OpenError, Runtime, Tip};
use crate::chain::genesis::Genesis;
use crate::chain::governance::{load_parameters, load_protocol};
use crate::chain::protocol::{Protocol, SEMANTICS};
use crate::gas::HostPrices;
use crate::host::{HostTable, Machine, Rules};
use crate::limits::CallLimits;
use crate::primitives::Hash;
use crate::state::{State, StateOptions, Store};
use crate::vm::{Config, Dispatch};

/// How a [`Runtime`] is put together. The defaults are the limits for contracts and the
/// prices of version 1.
#[derive(Clone, Debug)]
pub struct RuntimeBuilder {
    rules: Rules,
    state: StateOptions,
    chain_id: u64,
    genesis: Option<Genesis>,
    threads: usize,
}

impl RuntimeBuilder {
    /// Sets the engine's configuration: features, limits of modules, prices of operators, dispatch.
    /// Contracts are metered whatever it says.
    #[must_use]
    pub fn engine(mut self, config: Config) -> Self {
        self.rules.config = config;
        self
    }

    /// Sets the limits of calls and of what they may hand over.
    #[must_use]
    pub fn call_limits(mut self, limits: CallLimits) -> Self {
        self.rules.call_limits = limits;
        self
    }

    /// Sets the prices of host functions.
    #[must_use]
    pub fn host_prices(mut self, prices: HostPrices) -> Self {
        self.rules.prices = prices;
        self
    }

    /// Sets the number of the chain, which contracts can read; 0 where it is not set.
    #[must_use]
    pub fn chain_id(mut self, chain_id: u64) -> Self {
        self.chain_id = chain_id;
        self
    }

    /// Sets the chain's own host functions.
    #[must_use]
    pub fn functions(mut self, functions: HostTable) -> Self {
        self.rules.functions = Arc::new(functions);
        self
    }

    /// Sets whether contracts that declare it may run other code as their own (`delegatecall`). It
    /// is allowed where nothing is set.
    #[must_use]
    pub fn delegate_calls(mut self, allowed: bool) -> Self {
        self.rules.delegate_calls = allowed;
        self
    }

    /// Sets how committed state is held.
    #[must_use]
    pub fn state(mut self, options: StateOptions) -> Self {
        self.state = options;
        self
    }

    /// Sets the genesis of the chain. An empty store begins with it; another one must have begun
    /// with it. What it says, limits and prices above all, comes before what the builder says.
    #[must_use]
    pub fn genesis(mut self, genesis: Genesis) -> Self {
        self.genesis = Some(genesis);
        self
    }

    /// Sets how many threads verify signatures and execute transactions that do not depend on each
    /// other; 1 where it is not set. Results are the same. Without the feature `std` it is 1.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// The runtime over `store`, which is empty or holds state.
    ///
    /// # Errors
    ///
    /// What [`Engine::new`](crate::vm::Engine::new) says of the configuration, [`State::open`] of
    /// the store, and where the chain in the store is not one for this runtime: see [`OpenError`].
    pub fn build<S: Store>(self, store: S) -> Result<Runtime<S>, OpenError> {
        let state = State::open(store, self.state.clone())?;
        self.over(state)
    }

    /// How committed state is to be held.
    pub(in crate::chain) fn state_options(&self) -> &StateOptions {
        &self.state
    }

    /// The runtime over state that is open.
    pub(in crate::chain) fn over<S: Store>(self, state: State<S>) -> Result<Runtime<S>, OpenError> {
        let RuntimeBuilder { rules, chain_id, genesis, threads, .. } = self;
        let mut state = state;
        let functions = rules.functions.clone();
        let dispatch = rules.config.dispatch;
        if let Some(genesis) = &genesis {
            // What can not be executed must not be begun.
            machine_for(&genesis.protocol, &functions, dispatch)?;
            genesis.begin(&mut state)?;
        }
        let tip = Tip::load(state.store())?;
        let (machine, machine_id) = match load_protocol(&state)? {
            None => (Machine::new(rules).map_err(OpenError::Engine)?, None),
            Some(protocol) => (machine_for(&protocol, &functions, dispatch)?, Some(protocol.id())),
        };
        let parameters = load_parameters(&state)?.unwrap_or_default();
        if let Some(scheme) = parameters.missing_scheme().filter(|_| tip.is_some()) {
            return Err(OpenError::Scheme(scheme));
        }
        Ok(Runtime {
            state,
            machine,
            functions,
            dispatch,
            machine_id,
            workers: Workers::new(threads),
            chain_id: tip.as_ref().map_or(chain_id, |tip| tip.chain_id),
            time_ms: 0,
            parent: None,
            tip,
            prepared: None,
            subscribers: Vec::new(),
            looked_at: None,
            snapshots: Vec::new(),
        })
    }
}

impl<S: Store> Runtime<S> {
    /// Begins a chain in the store of this runtime, which is empty or has begun with the same.
    pub(in crate::chain) fn begin_chain(&mut self, genesis: &Genesis) -> Result<(), OpenError> {
        // What this build can not run is not written.
        let machine = machine_for(&genesis.protocol, &self.functions, self.dispatch)?;
        if let Some(scheme) = genesis.parameters.missing_scheme() {
            return Err(OpenError::Scheme(scheme));
        }
        let is_new = self.state.head().is_none();
        genesis.begin(&mut self.state)?;
        if is_new {
            self.machine = machine.in_place_of(&mut self.machine);
            self.machine_id = Some(genesis.protocol.id());
            self.tip = Tip::load(self.state.store())?;
            self.chain_id = genesis.chain_id;
        }
        Ok(())
    }
}

/// A machine under the rules of a protocol, if this build has them.
pub(super) fn machine_for(
    protocol: &Protocol,
    functions: &Arc<HostTable>,
    dispatch: Dispatch,
) -> Result<Machine, OpenError> {
    let given = Hash::from_bytes(functions.content_id());
    if protocol.functions != given {
        return Err(OpenError::Functions { protocol: protocol.functions, given });
    }
    if !(1..=SEMANTICS).contains(&protocol.semantics) {
        return Err(OpenError::Semantics(protocol.semantics));
    }
    Machine::new(protocol.rules(functions.clone(), dispatch)).map_err(OpenError::Engine)
}

impl Runtime<()> {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> RuntimeBuilder {
        let (rules, state) = (Rules::default(), StateOptions::default());
        RuntimeBuilder { rules, state, chain_id: 0, genesis: None, threads: 1 }
    }
}

impl<S: Store> Runtime<S> {
    /// A machine of its own under another protocol.
    pub(in crate::chain) fn machine_under(
        &self,
        protocol: &Protocol,
    ) -> Result<Machine, OpenError> {
        machine_for(protocol, &self.functions, self.dispatch)
    }
}
