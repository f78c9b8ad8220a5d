//! Execution of one transaction, in named phases.
//!
//! ```text
//!   admit ─▶ prepay ─▶ run ─────────────▶ settle ─▶ receipt
//!     │      limit ×    bodies, then       what was not used
//!     │      price,     deposits: all      comes back
//!     │      nonce      or nothing
//!     └ no: rejected, nothing is charged
//! ```
//!
//! What was admitted pays for what it used and has used up its nonce, whatever else it comes to.

mod admin;
mod bodies;
mod deposits;
mod keys;
mod upgrade;

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::Status;

use super::admission::{Key, check_state, intrinsic_gas};
use super::receipt::{BodyResult, Receipt, encode_results};
use super::rules::BlockRules;
use super::transaction::{Body, SignedTransaction, Transaction};
use crate::gas::{GasDimension, GasUsed};
use crate::host::{CallTrap, Context, Entry, Fault, Machine, Outcome, Root, TransactionHash};
use crate::primitives::{Address, Amount, Hash};
use crate::state::{Overlay, StateError};

pub(crate) use admin::call_system;
pub use admin::{COMMAND_TOPIC, METHOD_GOVERN};
pub use upgrade::MIGRATE_MORE;

/// A transaction that has passed all that does not depend on the transactions before it.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The transaction.
    pub(crate) signed: Arc<SignedTransaction>,
    /// Its id.
    pub(crate) id: Hash,
    /// The length of its encoding.
    pub(crate) bytes: usize,
    /// The key that it is signed by.
    pub(crate) key: Key,
}

/// What a transaction pays beside what its receipt says, to be credited when the block ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Paid {
    /// Of the gas price.
    pub(crate) fee: Amount,
    /// Of the tip.
    pub(crate) tip: Amount,
}

/// Executes a transaction over an overlay without open checkpoints. It fails only by a fault, after
/// which the overlay is of no use.
pub(crate) fn execute(
    machine: &mut Machine,
    overlay: &mut Overlay<'_>,
    rules: &BlockRules,
    checked: &Checked,
) -> Result<(Receipt, Paid), Fault> {
    let transaction = &checked.signed.transaction;
    if let Err(status) = admit(overlay, checked)? {
        overlay.end_transaction();
        return Ok((Receipt::rejected(status), Paid::default()));
    }
    prepay(overlay, transaction)?;
    let mut run = Run::new(machine, overlay, rules, checked);
    let result = run.run(&transaction.body)?;
    let (gas, trap) = (run.gas(), run.trap);
    let paid = settle(overlay, transaction, gas.total())?;
    Ok((receipt(overlay, result, gas, paid, trap), paid))
}

/// Whether the signer's account can send it and pay for it.
fn admit(overlay: &mut Overlay<'_>, checked: &Checked) -> Result<Result<(), Status>, Fault> {
    Ok(check_state(overlay, &checked.signed.transaction, &checked.key)?)
}

/// Takes the most that the gas can cost, and the nonce.
fn prepay(overlay: &mut Overlay<'_>, transaction: &Transaction) -> Result<(), Fault> {
    let Transaction { signer, fee, .. } = transaction;
    let most = fee.cost(fee.gas_limit).ok_or_else(|| Fault::new("the fee was seen to fit"))?;
    overlay.debit(signer, most)?;
    overlay.bump_nonce(signer)?;
    overlay.mark_written_account(signer)?;
    Ok(())
}

/// Gives back what was not used. What was used goes where the block's end says.
fn settle(
    overlay: &mut Overlay<'_>,
    transaction: &Transaction,
    gas_used: u64,
) -> Result<Paid, Fault> {
    let fee = &transaction.fee;
    let unused = fee.gas_limit.checked_sub(gas_used);
    let back = unused.and_then(|unused| fee.cost(unused));
    let back = back.ok_or_else(|| Fault::new("more gas was used than there was"))?;
    overlay.credit(&transaction.signer, back)?;
    // Less than the cost of the whole limit, which is an amount.
    let part = |price: Amount| Amount::new(price.units().saturating_mul(gas_used.into()));
    Ok(Paid { fee: part(fee.gas_price), tip: part(fee.tip) })
}

/// Takes the events and says what it came to.
fn receipt(
    overlay: &mut Overlay<'_>,
    result: BodyResult,
    gas: GasUsed,
    paid: Paid,
    trap: Option<CallTrap>,
) -> Receipt {
    let BodyResult { status, output, contract } = result;
    let fee = Amount::new(paid.fee.units().saturating_add(paid.tip.units()));
    let events = overlay.end_transaction();
    Receipt { output, fee, events, contract, trap, ..Receipt::new(status, gas) }
}

/// A transaction that runs.
pub(crate) struct Run<'r, 'o, 's> {
    machine: &'r mut Machine,
    overlay: &'o mut Overlay<'s>,
    rules: &'r BlockRules,
    checked: &'r Checked,
    /// Gas that is left.
    left: u64,
    /// What gas has been used for, as far as it is known.
    used: GasUsed,
    /// Why it trapped.
    trap: Option<CallTrap>,
    /// What has been taken for code, of the deposit limit.
    deposits: Amount,
}

/// Why a body is not done: with this status, or by a fault.
pub(super) enum Stop {
    Failed(Status),
    Fault(Fault),
}

/// What a body came to; its failures are results too.
pub(super) type Step<T> = Result<T, Stop>;

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

impl From<crate::state::StoreError> for Stop {
    fn from(error: crate::state::StoreError) -> Self {
        Stop::Fault(error.into())
    }
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Stop::Failed(match error {
            StateError::InsufficientBalance => Status::Balance,
            StateError::BalanceOverflow => Status::BalanceOverflow,
            StateError::NoContract => Status::NotFound,
            StateError::NoCode => Status::NoCode,
            StateError::CodeInUse => Status::CodeInUse,
            StateError::ContractExists => Status::AddressTaken,
            // The chain's own records are as bounded as a contract's.
            StateError::TooManyItems | StateError::TooManyBytes | StateError::TooManyWrites => {
                Status::Trapped
            }
            error => return Stop::Fault(error.into()),
        })
    }
}

impl<'r, 'o, 's> Run<'r, 'o, 's> {
    fn new(
        machine: &'r mut Machine,
        overlay: &'o mut Overlay<'s>,
        rules: &'r BlockRules,
        checked: &'r Checked,
    ) -> Self {
        let (base, signature) = intrinsic_gas(rules, checked.key.scheme, checked.bytes);
        let mut used = GasUsed::default();
        used.add(GasDimension::StateWrite, base);
        used.add(GasDimension::Crypto, signature);
        // The limit was seen to pay for this.
        let limit = checked.signed.transaction.fee.gas_limit;
        let left = limit.saturating_sub(base).saturating_sub(signature);
        let deposits = Amount::ZERO;
        Run { machine, overlay, rules, checked, left, used, trap: None, deposits }
    }

    /// Runs the body and takes deposits, all or nothing.
    fn run(&mut self, body: &Body) -> Result<BodyResult, Fault> {
        let checkpoint = self.overlay.checkpoint();
        let result = self.all(body).and_then(|result| {
            if result.status.is_success() {
                self.settle_deposits()?;
            }
            Ok(result)
        });
        let result = match result {
            Ok(result) => result,
            Err(Stop::Failed(status)) => BodyResult::new(status, Vec::new(), None),
            Err(Stop::Fault(fault)) => return Err(fault),
        };
        match result.status.is_success() {
            true => self.overlay.commit(checkpoint),
            false => self.overlay.revert(checkpoint),
        }
        Ok(result)
    }

    /// Runs a body, or those of a batch one after the other until one fails.
    fn all(&mut self, body: &Body) -> Step<BodyResult> {
        let Body::Batch(bodies) = body else { return self.body(body) };
        let (mut results, mut contract) = (Vec::with_capacity(bodies.len()), None);
        let mut status = Status::Success;
        for body in bodies {
            let result = match self.body(body) {
                Err(Stop::Failed(status)) => BodyResult::new(status, Vec::new(), None),
                result => result?,
            };
            status = result.status;
            contract = result.contract.or(contract);
            results.push(result);
            if !status.is_success() {
                break;
            }
        }
        let output = encode_results(&results);
        Ok(BodyResult::new(status, output, contract.filter(|_| status.is_success())))
    }

    fn body(&mut self, body: &Body) -> Step<BodyResult> {
        if self.rules.parameters.pauses.deployments
            && matches!(body, Body::Upload { .. } | Body::Deploy(_) | Body::Upgrade(_))
        {
            return Err(Stop::Failed(Status::Paused));
        }
        match body {
            Body::Transfer { to, value } => self.transfer(to, *value),
            Body::Upload { code } => self.upload(code),
            Body::Deploy(deployment) => self.deploy(deployment),
            Body::Call { to, method, arguments, value } => {
                self.call(to, method, arguments.clone(), *value)
            }
            Body::Upgrade(upgrade) => self.upgrade(upgrade, body),
            Body::RotateKey { scheme, public_key, signature } => {
                self.rotate_key(*scheme, public_key, signature)
            }
            Body::Admin(operation) => self.administer(operation, body),
            // Not nested: the decoder and the check of the form have seen to it.
            Body::Batch(_) => Err(Stop::Failed(Status::Malformed)),
        }
    }

    /// Gas by what it was used for.
    fn gas(&self) -> GasUsed {
        let limit = self.checked.signed.transaction.fee.gas_limit;
        self.used.of_total(limit - self.left)
    }

    fn signer(&self) -> Address {
        self.checked.signed.transaction.signer
    }

    /// Takes gas for something.
    fn charge(&mut self, dimension: GasDimension, gas: u64) -> Step<()> {
        match self.left.checked_sub(gas) {
            Some(left) => {
                self.left = left;
                self.used.add(dimension, gas);
                Ok(())
            }
            None => {
                self.left = 0;
                Err(Stop::Failed(Status::OutOfGas))
            }
        }
    }

    /// Takes gas for the first touch of an account, and for its change where it is changed.
    fn charge_account(&mut self, address: &Address, is_changed: bool) -> Step<()> {
        let prices = &self.rules.protocol.prices;
        let (cold, write) = (prices.cold_account, prices.state_write.base);
        if !self.overlay.is_warm_account(address) {
            self.charge(GasDimension::StateRead, cold.into())?;
        }
        if is_changed && !self.overlay.is_written_account(address) {
            self.charge(GasDimension::StateWrite, write.into())?;
            self.overlay.mark_written_account(address)?;
        }
        Ok(())
    }

    /// Runs a tree of calls by the signer with the gas that is left.
    fn enter(
        &mut self,
        contract: Address,
        entry: Entry,
        input: Arc<[u8]>,
        value: Amount,
    ) -> Result<Outcome, Fault> {
        let signer = self.signer();
        let context = Context {
            block: self.rules.block,
            signer,
            transaction: TransactionHash::Known(self.checked.id),
            chain: Some(self.rules.calls.clone()),
        };
        let (gas, read_only) = (self.left, false);
        let caller = signer;
        let root = Root { caller, contract, entry, input, value, gas, read_only, context };
        let mut outcome = self.machine.run(self.overlay, root)?;
        self.left = outcome.gas_left;
        for (dimension, gas) in outcome.gas.dimensions() {
            self.used.add(dimension, gas);
        }
        self.trap = outcome.trap.take();
        Ok(outcome)
    }
}
