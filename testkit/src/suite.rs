//! [`Suite`]: a chain in the test's own process.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use dytallix::chain::Receipt;
use dytallix::{MemoryStore, Runtime};
use dytallix_abi::{Abi, Address, Hash, Value};
use dytallix_sdk::Callable;

use crate::builder::SuiteBuilder;
use crate::failure::Failure;
use crate::heard::Log;
use crate::request::Request;
use crate::sender::Sender;
use crate::transaction::{Mode, Transaction};
use crate::world::{World, not_admitted};
use crate::{Deployment, accounts, artifact};

/// A chain in the test's own process, which runs the bytes that would be deployed.
///
/// It is a handle: clones, clients and senders share one chain. Each transaction, and each cheat
/// that changes state, is a block of its own.
#[derive(Clone)]
pub struct Suite {
    pub(crate) world: Rc<RefCell<World>>,
}

impl Default for Suite {
    fn default() -> Self {
        Suite::new()
    }
}

impl Suite {
    /// A chain with the usual accounts and nothing else.
    #[must_use]
    pub fn new() -> Suite {
        SuiteBuilder::default().build()
    }

    /// Starts from the defaults.
    pub fn builder() -> SuiteBuilder {
        SuiteBuilder::default()
    }

    /// The account of this name, whose address is the same in every suite. [`ACCOUNTS`] are there
    /// from the beginning; another one gets its balance, as a block of its own, when it is asked
    /// for first.
    ///
    /// [`ACCOUNTS`]: crate::ACCOUNTS
    #[must_use = "an account is asked for to be used"]
    #[track_caller]
    pub fn account(&self, name: &str) -> Address {
        let address = accounts::account(name);
        if !accounts::ACCOUNTS.contains(&name) && self.world.borrow_mut().made.insert(address) {
            let balance = self.world.borrow().balance;
            self.deal(address, balance);
        }
        address
    }

    /// What an address is called in texts: the name of an account, or the label of a contract.
    #[must_use]
    pub fn name(&self, address: Address) -> String {
        self.world.borrow().name(&address)
    }

    /// Calls an address `label` in texts from now on. Contracts are called by the name of their ABI
    /// where nothing is said.
    pub fn label(&self, address: Address, label: &str) {
        self.world.borrow_mut().label(address, label);
    }

    /// The number of the chain.
    #[must_use]
    pub fn chain_id(&self) -> u64 {
        self.world.borrow().chain_id
    }

    /// Deploys a module from its bytes.
    pub fn deploy(&self, code: impl Into<Vec<u8>>) -> Deployment {
        Deployment::new(self.clone(), Ok(code.into()))
    }

    /// Deploys a module from a file.
    pub fn deploy_file(&self, path: impl AsRef<std::path::Path>) -> Deployment {
        let path = path.as_ref();
        let code = std::fs::read(path).map_err(|error| {
            let what = format!("deployment of {}", path.display());
            Failure::usage(what, format!("the file can not be read: {error}"))
        });
        Deployment::new(self.clone(), code)
    }

    /// Deploys the contract of this name that `dytallix build`, or else cargo, has built.
    ///
    /// The module is looked for in the folder that the environment variable `DYTALLIX_CONTRACTS`
    /// names, where it is set; else in `wasm/` of the package under test, and in `target/dytallix/`
    /// and `target/wasm32-unknown-unknown/release/` (and its `examples/`) from there upwards; the
    /// newest is taken. A module of the package under test that is older than its sources is
    /// refused.
    pub fn deploy_contract(&self, name: &str) -> Deployment {
        Deployment::new(self.clone(), artifact::load(name))
    }

    /// Adds code that contracts can be made of, as a block of its own; its hash.
    ///
    /// # Errors
    ///
    /// If the code can not be a contract.
    pub fn upload(&self, code: impl Into<Vec<u8>>) -> Result<Hash, Failure> {
        let mut world = self.world.borrow_mut();
        let uploader = world.take_sender(None);
        let uploaded = world.runtime.upload(code.into(), uploader.into());
        world.end_block();
        let hash = uploaded.map_err(|error| not_admitted("upload of code".into(), error))?;
        Ok(Hash::new(*hash.as_bytes()))
    }

    /// A typed client of the contract at `address`. Its calls are sent by whom
    /// [`prank`](Suite::prank), [`start_prank`](Suite::start_prank) or else the default say.
    #[must_use]
    pub fn client<C: Callable>(&self, address: Address) -> C::Client<Sender> {
        C::client(Sender::new(self.clone(), None), address)
    }

    /// Sends calls of typed clients from `address`, whatever pranks there are:
    /// `token.with_transport(suite.from(bob)).transfer(…)`.
    #[must_use]
    pub fn from(&self, address: Address) -> Sender {
        Sender::new(self.clone(), Some(address))
    }

    /// Begins a call of a method by its name.
    pub fn call(&self, address: Address, method: &str) -> Request {
        Request::new(self.clone(), Mode::Call, address, method)
    }

    /// Begins a call in a read-only frame.
    pub fn view(&self, address: Address, method: &str) -> Request {
        Request::new(self.clone(), Mode::View, address, method)
    }

    /// Begins a call whose changes are dropped.
    pub fn simulate(&self, address: Address, method: &str) -> Request {
        Request::new(self.clone(), Mode::Simulate, address, method)
    }

    /// Calls a method as the contract's ABI describes it: a view in a read-only frame, everything
    /// else as a transaction. [`values!`](crate::values) makes the arguments.
    ///
    /// # Errors
    ///
    /// If the contract has no ABI or no such method, the values do not fit its parameters, the call
    /// fails, or what it returns is not what the ABI says.
    pub fn invoke(
        &self,
        address: Address,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Failure> {
        self.call(address, method).by_declaration().values(arguments).value_returned()
    }

    /// The ABI of a contract.
    ///
    /// # Panics
    ///
    /// If there is no contract at that address, or it carries none.
    #[must_use]
    #[track_caller]
    pub fn abi(&self, address: Address) -> Rc<Abi> {
        match self.find_abi(address) {
            Some(abi) => abi,
            None => panic!("{} is no contract with an ABI section", self.name(address)),
        }
    }

    /// The ABI of a contract, if there is one that has it.
    #[must_use]
    pub fn find_abi(&self, address: Address) -> Option<Rc<Abi>> {
        self.world.borrow_mut().abi(&address)
    }

    /// The last deployment or call, with its receipt; views and simulations leave it as it is.
    #[must_use]
    pub fn last_transaction(&self) -> Option<Transaction> {
        self.world.borrow().last.clone()
    }

    /// The last view or simulation.
    #[must_use]
    pub fn last_view(&self) -> Option<Transaction> {
        self.world.borrow().last_view.clone()
    }

    /// The receipt of the last deployment or call.
    ///
    /// # Panics
    ///
    /// If there has been none.
    #[track_caller]
    pub fn last_receipt(&self) -> Receipt {
        match self.last_transaction() {
            Some(transaction) => transaction.receipt,
            None => panic!("there is no receipt: nothing was deployed or called"),
        }
    }

    /// The last failure, of whatever kind.
    #[must_use]
    pub fn last_failure(&self) -> Option<Failure> {
        self.world.borrow().last_failure.clone()
    }

    /// What `work` makes of the runtime itself: proofs, state at older heights, whatever the kit
    /// has no name for. `work` must not use the suite.
    pub fn with_runtime<T>(&self, work: impl FnOnce(&mut Runtime<MemoryStore>) -> T) -> T {
        let mut world = self.world.borrow_mut();
        let result = work(&mut world.runtime);
        world.end_block();
        result
    }

    /// What `work` returns, and the gas of all deployments, calls and views in it.
    pub fn gas_of<T>(&self, work: impl FnOnce() -> T) -> (T, u64) {
        let before = self.world.borrow().gas_sum;
        let result = work();
        (result, self.world.borrow().gas_sum.saturating_sub(before))
    }

    /// All texts that contracts have logged with `debug_log`, those of calls that failed and of
    /// views included.
    #[must_use]
    pub fn logs(&self) -> Vec<Log> {
        self.world.borrow().ear.heard().logs.clone()
    }

    /// Forgets the texts so far.
    pub fn clear_logs(&self) {
        self.world.borrow().ear.heard().logs.clear();
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Suite");
        if let Ok(world) = self.world.try_borrow() {
            shown.field("height", &world.height()).field("time_ms", &world.time_ms);
        }
        shown.finish_non_exhaustive()
    }
}
