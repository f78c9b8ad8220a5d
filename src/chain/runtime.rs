//! [`Runtime`]: contracts over a store, one deployment or call at a time.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::receipt::Receipt;
use super::requests::{Call, Deploy};
use crate::gas::HostPrices;
use crate::host::{
    BlockContext, CodeError, Context, Entry, Fault, HostTable, Machine, Root, Rules,
    TransactionHash, Watcher, record_block_hash,
};
use crate::limits::CallLimits;
use crate::primitives::{Address, Domain, Hash, Height};
use crate::state::{
    Block, Bytes, ChangeSet, ContractInfo, Overlay, State, StateError, StateOptions, Store,
    StoreError,
};
use crate::vm::{Config, EngineError};

/// Contracts over a store. Each deployment or call that succeeds is a block of its own, durable
/// when its receipt is returned.
///
/// ```
/// use dytallix::{Address, Call, Deploy, MemoryStore, Runtime};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let token = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/wasm/basic_token.wasm"));
/// let mut runtime = Runtime::new(MemoryStore::new())?;
/// let (owner, gas) = (Address::from_bytes([1; 32]), 1_000_000);
/// let supply = 1000_u128.to_le_bytes();
/// let deployed = runtime.deploy(&Deploy::new(owner, &token[..], gas).arguments(supply))?;
/// let token = deployed.contract.ok_or("`init` failed")?;
///
/// let call = Call::new(owner, token, "balance_of", gas).arguments(*owner.as_bytes());
/// assert_eq!(runtime.view(&call)?.output, 1000_u128.to_le_bytes());
/// # Ok(())
/// # }
/// ```
pub struct Runtime<S> {
    state: State<S>,
    machine: Machine,
    chain_id: u64,
    time_ms: u64,
    /// The hash of the last block, where it has been told and not been kept yet.
    parent: Option<Hash>,
}

/// How a [`Runtime`] is put together. The defaults are the limits for contracts and the draft
/// prices.
#[derive(Clone, Debug)]
pub struct RuntimeBuilder {
    rules: Rules,
    state: StateOptions,
    chain_id: u64,
}

/// Why there is no runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// The configuration of the engine is not possible here.
    Engine(EngineError),
    /// The store can not be opened.
    Store(StoreError),
}

/// Why there is no receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The request was not admitted: nothing was charged and nothing has changed.
    Rejected(Rejection),
    /// Ours or the disk's doing: nothing has changed, and no guest is to blame.
    Fault(Fault),
}

/// Why a request was not admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// The code can not be a contract.
    Code(CodeError),
    /// There is a contract at that address: the same code, deployer and salt.
    AddressTaken(Address),
    /// There are arguments for `init`, and the module has none.
    NoInit,
    /// The arguments are longer than the limit.
    Arguments {
        /// The limit, in bytes.
        limit: u32,
    },
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

    /// The runtime over `store`, which is empty or holds state.
    ///
    /// # Errors
    ///
    /// What [`Engine::new`](crate::vm::Engine::new) says of the configuration, and [`State::open`]
    /// of the store.
    pub fn build<S: Store>(self, store: S) -> Result<Runtime<S>, OpenError> {
        let machine = Machine::new(self.rules).map_err(OpenError::Engine)?;
        let state = State::open(store, self.state).map_err(OpenError::Store)?;
        Ok(Runtime { state, machine, chain_id: self.chain_id, time_ms: 0, parent: None })
    }
}

impl Runtime<()> {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder { rules: Rules::default(), state: StateOptions::default(), chain_id: 0 }
    }
}

impl<S: Store> Runtime<S> {
    /// A runtime over `store` with the defaults of [`RuntimeBuilder`].
    ///
    /// # Errors
    ///
    /// What [`RuntimeBuilder::build`] says.
    pub fn new(store: S) -> Result<Self, OpenError> {
        Runtime::builder().build(store)
    }

    /// Committed state.
    #[must_use]
    pub fn state(&self) -> &State<S> {
        &self.state
    }

    /// What holds committed state.
    #[must_use]
    pub fn store(&self) -> &S {
        self.state.store()
    }

    /// Committed state, to prove, prune or snapshot it between blocks.
    pub fn state_mut(&mut self) -> &mut State<S> {
        &mut self.state
    }

    /// Sets the time of the blocks that follow, in milliseconds since 1970-01-01T00:00:00Z. No
    /// clock is read: it is 0 until it is set.
    pub fn set_time_ms(&mut self, time_ms: u64) {
        self.time_ms = time_ms;
    }

    /// Tells the hash of the last block: contracts can read it from the next block on.
    pub fn set_parent_hash(&mut self, hash: Hash) {
        self.parent = Some(hash);
    }

    /// Tells `watcher` of each text that a contract logs with `debug_log`, and of the contract.
    /// Receipts, gas and state are the same whether anybody listens or not.
    pub fn watch_logs(&mut self, watcher: impl FnMut(&Address, &[u8]) + Send + 'static) {
        let watcher: Box<Watcher> = Box::new(watcher);
        self.machine.watch(Some(watcher));
    }

    /// Changes state directly, as a block of its own: balances of a genesis, rewards, scores.
    ///
    /// # Errors
    ///
    /// What `edit` says, after which nothing has changed, and where the store fails.
    pub fn edit<T>(
        &mut self,
        edit: impl FnOnce(&mut Overlay<'_>) -> Result<T, StateError>,
    ) -> Result<T, Error> {
        let mut overlay = overlay(&self.state, &self.machine, self.parent)?;
        let result = edit(&mut overlay)?;
        let changes = overlay.changes();
        self.commit(&changes, None)?;
        Ok(result)
    }

    /// Adds code that contracts can be made of, as a block of its own, and returns its hash. Code
    /// that is there stays as it is.
    ///
    /// # Errors
    ///
    /// Where the code can not be a contract, or the store fails.
    pub fn upload(&mut self, code: impl Into<Bytes>, uploader: Address) -> Result<Hash, Error> {
        let code = code.into();
        let contract = self.machine.compile(&code);
        let contract = contract.map_err(|error| Error::Rejected(Rejection::Code(error)))?;
        let hash = Hash::of(Domain::Code, &[&code]);
        self.edit(|overlay| overlay.add_code(hash, code, uploader))?;
        self.machine.remember(hash, contract);
        Ok(hash)
    }

    /// Deploys a contract and runs its `init`. A failing `init` leaves no trace, of the code
    /// neither.
    ///
    /// # Errors
    ///
    /// Where the code can not be a contract, the address is taken, or the store fails.
    ///
    /// # Gas
    ///
    /// A base and a price per 64 bytes of code, then what `init` uses.
    pub fn deploy(&mut self, deploy: &Deploy) -> Result<Receipt, Error> {
        check_arguments(&self.machine, &deploy.arguments)?;
        let price = self.machine.rules().prices.deploy.total(deploy.code.len() as u64);
        let Some(left) = deploy.gas_limit.checked_sub(price) else {
            return Ok(Receipt::out_of_gas(deploy.gas_limit));
        };
        let contract = self.machine.compile(&deploy.code);
        let contract = contract.map_err(|error| Error::Rejected(Rejection::Code(error)))?;
        if !contract.interface().has_init() && !deploy.arguments.is_empty() {
            return Err(Error::Rejected(Rejection::NoInit));
        }
        let code_hash = Hash::of(Domain::Code, &[&deploy.code]);
        let address = Address::of_contract(&deploy.deployer, &code_hash, &deploy.salt);

        let context = self.context(deploy.deployer, |height| deploy.encode(height))?;
        let mut overlay = overlay(&self.state, &self.machine, self.parent)?;
        if overlay.load_account(&address)?.contract.is_some() {
            return Err(Error::Rejected(Rejection::AddressTaken(address)));
        }
        overlay.add_code(code_hash, deploy.code.clone(), deploy.deployer)?;
        let info = ContractInfo::deployed(code_hash, deploy.deployer, context.block.height);
        let schema = contract.interface().schema();
        let info = ContractInfo { schema, ..info.admin(deploy.admin.clone()) };
        overlay.create_contract(&address, info)?;
        self.machine.remember(code_hash, contract);
        let root = Root {
            caller: deploy.deployer,
            contract: address,
            entry: Entry::Init,
            input: deploy.arguments.clone(),
            value: deploy.value,
            gas: left,
            read_only: false,
            context,
        };
        let outcome = self.machine.run(&mut overlay, root)?;
        let mut receipt = Receipt::of(outcome, deploy.gas_limit, &mut overlay);
        if receipt.is_success() {
            receipt.contract = Some(address);
            let changes = overlay.changes();
            self.commit(&changes, Some(&receipt))?;
        }
        Ok(receipt)
    }

    /// Calls a method and, where it succeeds, commits what it changed.
    ///
    /// # Errors
    ///
    /// Where the arguments are too long or the store fails. What the contract does wrong is in the
    /// receipt.
    ///
    /// # Gas
    ///
    /// The price of a call with that method and those arguments, then what the method uses.
    pub fn call(&mut self, call: &Call) -> Result<Receipt, Error> {
        let context = self.context(call.caller, |height| call.encode(height))?;
        let mut overlay = overlay(&self.state, &self.machine, self.parent)?;
        let receipt = enter(&mut self.machine, &mut overlay, call, context, false)?;
        if receipt.is_success() {
            let changes = overlay.changes();
            self.commit(&changes, Some(&receipt))?;
        }
        Ok(receipt)
    }

    /// Calls a method in a read-only frame: what would change state traps.
    ///
    /// # Errors
    ///
    /// What [`Runtime::call`] says.
    pub fn view(&mut self, call: &Call) -> Result<Receipt, Error> {
        let context = self.context(call.caller, |height| call.encode(height))?;
        let mut overlay = overlay(&self.state, &self.machine, self.parent)?;
        enter(&mut self.machine, &mut overlay, call, context, true)
    }

    /// Calls a method as [`Runtime::call`] does, and drops what it changed.
    ///
    /// # Errors
    ///
    /// What [`Runtime::call`] says.
    pub fn simulate(&mut self, call: &Call) -> Result<Receipt, Error> {
        let context = self.context(call.caller, |height| call.encode(height))?;
        let mut overlay = overlay(&self.state, &self.machine, self.parent)?;
        enter(&mut self.machine, &mut overlay, call, context, false)
    }

    /// What a transaction in the next block sees of it.
    fn context(
        &self,
        signer: Address,
        request: impl FnOnce(Height) -> Vec<u8>,
    ) -> Result<Context, Error> {
        let height = self.state.next_height()?;
        let block = BlockContext::new(self.chain_id, height, self.time_ms);
        let transaction = TransactionHash::of_request(request(height));
        Ok(Context { block, signer, transaction })
    }

    /// Makes what a transaction changed a block.
    fn commit(&mut self, changes: &ChangeSet, receipt: Option<&Receipt>) -> Result<(), Error> {
        let height = self.state.next_height()?;
        let receipt: Option<Bytes> = receipt.map(|receipt| receipt.encode().into());
        self.state.commit(Block::new(height, changes).receipts(receipt.as_slice()))?;
        self.parent = None;
        Ok(())
    }
}

/// An overlay for a transaction, under the limits of storage; the block that it begins has kept the
/// hash of the one before.
fn overlay<'a, S: Store>(
    state: &'a State<S>,
    machine: &Machine,
    parent: Option<Hash>,
) -> Result<Overlay<'a>, Error> {
    let limits = machine.rules().call_limits.storage.clone();
    let mut overlay = Overlay::new(state).with_limits(limits);
    if let Some((hash, height)) = parent.zip(state.head().map(|head| head.height)) {
        record_block_hash(&mut overlay, height, &hash)?;
        overlay.end_transaction();
    }
    Ok(overlay)
}

/// Runs a call over `overlay`, whose events become the receipt's.
fn enter(
    machine: &mut Machine,
    overlay: &mut Overlay<'_>,
    call: &Call,
    context: Context,
    read_only: bool,
) -> Result<Receipt, Error> {
    check_arguments(machine, &call.arguments)?;
    let root = Root {
        caller: call.caller,
        contract: call.contract,
        entry: Entry::Method(call.method.as_bytes().into()),
        input: call.arguments.clone(),
        value: call.value,
        gas: call.gas_limit,
        read_only,
        context,
    };
    let outcome = machine.run(overlay, root)?;
    Ok(Receipt::of(outcome, call.gas_limit, overlay))
}

fn check_arguments(machine: &Machine, arguments: &[u8]) -> Result<(), Error> {
    let limit = machine.rules().call_limits.argument_bytes;
    if arguments.len() > limit as usize {
        return Err(Error::Rejected(Rejection::Arguments { limit }));
    }
    Ok(())
}

impl<S: fmt::Debug> fmt::Debug for Runtime<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("state", &self.state).finish()
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Fault(fault)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::Fault(error.into())
    }
}

impl From<StateError> for Error {
    fn from(error: StateError) -> Self {
        Error::Fault(error.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Rejected(rejection) => rejection.fmt(f),
            Error::Fault(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Engine(error) => error.fmt(f),
            OpenError::Store(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for OpenError {}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::Code(error) => error.fmt(f),
            Rejection::AddressTaken(address) => write!(f, "there is a contract at {address}"),
            Rejection::NoInit => f.write_str("there are arguments, but the module has no `init`"),
            Rejection::Arguments { limit } => {
                write!(f, "the arguments are longer than the limit of {limit} bytes")
            }
        }
    }
}
