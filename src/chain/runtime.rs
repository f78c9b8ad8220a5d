//! [`Runtime`]: contracts over a store, one deployment or call at a time.

use core::fmt;

use super::receipt::Receipt;
use super::requests::{Call, Deploy};
use crate::gas::HostPrices;
use crate::host::{CodeError, Entry, Fault, Machine, Root, Rules};
use crate::limits::CallLimits;
use crate::primitives::{Address, Domain, Hash};
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
/// # let token = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/token.wasm"));
/// let mut runtime = Runtime::new(MemoryStore::new())?;
/// let (owner, gas) = (Address::from_bytes([1; 32]), 1_000_000);
/// let supply = [&owner.as_bytes()[..], &1000_u128.to_le_bytes()].concat();
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
}

/// How a [`Runtime`] is put together. The defaults are the limits for contracts and the draft
/// prices.
#[derive(Clone, Debug)]
pub struct RuntimeBuilder {
    rules: Rules,
    state: StateOptions,
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
        Ok(Runtime { state, machine })
    }
}

impl Runtime<()> {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder { rules: Rules::default(), state: StateOptions::default() }
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
        if contract.interface().init().is_none() && !deploy.arguments.is_empty() {
            return Err(Error::Rejected(Rejection::NoInit));
        }
        let code_hash = Hash::of(Domain::Code, &[&deploy.code]);
        let address = Address::of_contract(&deploy.deployer, &code_hash, &deploy.salt);

        let mut overlay = overlay(&self.state, &self.machine);
        if overlay.load_account(&address)?.contract.is_some() {
            return Err(Error::Rejected(Rejection::AddressTaken(address)));
        }
        overlay.add_code(code_hash, deploy.code.clone(), deploy.deployer)?;
        let height = self.state.next_height()?;
        let info = ContractInfo::deployed(code_hash, deploy.deployer, height);
        overlay.create_contract(&address, info)?;
        self.machine.remember(code_hash, contract);
        let root = Root {
            caller: deploy.deployer,
            contract: address,
            entry: Entry::Init,
            input: deploy.arguments.clone(),
            gas: left,
            read_only: false,
        };
        let outcome = self.machine.run(&mut overlay, root)?;
        let mut receipt = Receipt::of(outcome, deploy.gas_limit, &mut overlay);
        if receipt.is_success() {
            receipt.contract = Some(address);
            let changes = overlay.changes();
            self.commit(&changes, &receipt)?;
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
        let mut overlay = overlay(&self.state, &self.machine);
        let receipt = enter(&mut self.machine, &mut overlay, call, false)?;
        if receipt.is_success() {
            let changes = overlay.changes();
            self.commit(&changes, &receipt)?;
        }
        Ok(receipt)
    }

    /// Calls a method in a read-only frame: what would change state traps.
    ///
    /// # Errors
    ///
    /// What [`Runtime::call`] says.
    pub fn view(&mut self, call: &Call) -> Result<Receipt, Error> {
        let mut overlay = overlay(&self.state, &self.machine);
        enter(&mut self.machine, &mut overlay, call, true)
    }

    /// Makes what a transaction changed a block.
    fn commit(&mut self, changes: &ChangeSet, receipt: &Receipt) -> Result<(), Error> {
        let height = self.state.next_height()?;
        let receipts: [Bytes; 1] = [receipt.encode().into()];
        self.state.commit(Block::new(height, changes).receipts(&receipts))?;
        Ok(())
    }
}

/// An overlay for a transaction, under the limits of storage.
fn overlay<'a, S: Store>(state: &'a State<S>, machine: &Machine) -> Overlay<'a> {
    Overlay::new(state).with_limits(machine.rules().call_limits.storage.clone())
}

/// Runs a call over `overlay`, whose events become the receipt's.
fn enter(
    machine: &mut Machine,
    overlay: &mut Overlay<'_>,
    call: &Call,
    read_only: bool,
) -> Result<Receipt, Error> {
    check_arguments(machine, &call.arguments)?;
    let root = Root {
        caller: call.caller,
        contract: call.contract,
        entry: Entry::Method(call.method.as_bytes().into()),
        input: call.arguments.clone(),
        gas: call.gas_limit,
        read_only,
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
