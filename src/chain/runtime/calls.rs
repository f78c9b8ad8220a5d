//! Deployments and calls without transactions: each that succeeds is a block of its own. For tests,
//! and for chains that have transactions of their own.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{BlockError, Error, Rejection, Runtime};
use crate::chain::receipt::Receipt;
use crate::chain::requests::{Call, Deploy};
use crate::host::{
    BlockContext, Context, Entry, FrameEvent, FrameObserver, Machine, Root, TransactionHash,
    Watcher, record_block_hash,
};
use crate::primitives::{Address, Domain, Hash, Height};
use crate::state::{Block, Bytes, ChangeSet, ContractInfo, Overlay, State, StateError, Store};

impl<S: Store> Runtime<S> {
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

    /// Tells `observer` what happens to frames: where they begin and end, and each call of a host
    /// function, with the gas and the guest's memory before and after it. Receipts, gas and state
    /// are the same whether anybody observes or not.
    pub fn observe_frames(&mut self, observer: impl FnMut(&FrameEvent<'_>) + Send + 'static) {
        let observer: Box<FrameObserver> = Box::new(observer);
        self.machine.observe(Some(observer));
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
        self.commit_alone(&changes, None)?;
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
            self.commit_alone(&changes, Some(&receipt))?;
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
            self.commit_alone(&changes, Some(&receipt))?;
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
        Ok(Context::new(block, signer, transaction))
    }

    /// Makes what a transaction changed a block.
    fn commit_alone(
        &mut self,
        changes: &ChangeSet,
        receipt: Option<&Receipt>,
    ) -> Result<(), Error> {
        if self.tip.is_some() {
            return Err(BlockError::HasChain.into());
        }
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
pub(super) fn enter(
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
