//! [`OpenBlock`]: a block that is being executed.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::Status;

use super::builder::machine_for;
use super::workers::{Checkable, Verified, Workers};
use super::{BlockError, Error, Finished, Runtime, Tip};
use crate::chain::admission::{Key, check_form};
use crate::chain::block::Header;
use crate::chain::execute::{Checked, Paid, execute};
use crate::chain::governance::{Command, apply_due, load_parameters, load_protocol};
use crate::chain::merkle::{leaf_hash, root_of_leaves};
use crate::chain::preflight::InterfaceDifference;
use crate::chain::protocol::Protocol;
use crate::chain::receipt::Receipt;
use crate::chain::requests::Call;
use crate::chain::rules::BlockRules;
use crate::chain::spans::span;
use crate::chain::transaction::SignedTransaction;
use crate::crypto::Scheme;
use crate::host::{BlockContext, Context, Fault, Machine, TransactionHash, record_block_hash};
use crate::primitives::{Address, Amount, Hash, Height};
use crate::state::{Bytes, ChangeSet, Overlay, State, Store, View};

/// What a proposer says of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockInfo {
    /// The time, in milliseconds since 1970-01-01T00:00:00Z; not before the parent's.
    pub time_ms: u64,
    /// Who gets the fees that are not burnt, and the tips.
    pub proposer: Address,
}

impl BlockInfo {
    /// A block of that time by that proposer.
    #[must_use]
    pub const fn new(time_ms: u64, proposer: Address) -> BlockInfo {
        BlockInfo { time_ms, proposer }
    }
}

/// A block that is being executed. Nothing of it is durable, and dropping it drops it.
pub struct OpenBlock<'a, S> {
    pub(in crate::chain) state: &'a State<S>,
    pub(in crate::chain) machine: &'a mut Machine,
    pub(in crate::chain) workers: &'a mut Workers,
    pub(in crate::chain) overlay: Overlay<'a>,
    pub(in crate::chain) rules: BlockRules,
    pub(super) tip: &'a Tip,
    /// Commands of the governor that took effect.
    pub(super) governed: Vec<Command>,
    /// The transactions so far, encoded.
    pub(in crate::chain) transactions: Vec<Bytes>,
    /// Their hashes as leaves of the block's tree.
    pub(in crate::chain) leaves: Vec<Hash>,
    pub(in crate::chain) receipts: Vec<Receipt>,
    pub(in crate::chain) used: Used,
}

/// What of a block has been used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    gas: u64,
    bytes: u64,
    transactions: u32,
    pub(super) fees: Amount,
    pub(super) tips: Amount,
}

impl Used {
    /// Whether a transaction still fits into the block.
    pub(crate) fn fits(&self, rules: &BlockRules, gas_limit: u64, bytes: usize) -> bool {
        let policy = &rules.protocol.policy;
        self.transactions < policy.block_transactions
            && self.gas.saturating_add(gas_limit) <= policy.block_gas
            && self.bytes.saturating_add(bytes as u64) <= policy.block_bytes.into()
    }

    /// Counts a transaction, unless it was rejected.
    pub(crate) fn count(
        &mut self,
        receipt: &Receipt,
        paid: Paid,
        gas_limit: u64,
        bytes: usize,
    ) -> Result<(), Fault> {
        if receipt.status.is_rejected() {
            return Ok(());
        }
        self.transactions += 1;
        self.gas = self.gas.saturating_add(gas_limit);
        self.bytes = self.bytes.saturating_add(bytes as u64);
        let add = |sum: Amount, more| {
            sum.checked_add(more).ok_or_else(|| Fault::new("fees above all money that there is"))
        };
        self.fees = add(self.fees, paid.fee)?;
        self.tips = add(self.tips, paid.tip)?;
        Ok(())
    }
}

impl<S: Store> Runtime<S> {
    /// Begins the next block: scheduled changes whose height it is take effect.
    ///
    /// # Errors
    ///
    /// Where the store has no chain, the time is before the parent's, or the store fails. A
    /// prepared block that was not committed is dropped.
    pub fn block(&mut self, info: BlockInfo) -> Result<OpenBlock<'_, S>, Error> {
        self.drop_prepared()?;
        self.begin(info)
    }

    /// The same, and a prepared block stays prepared: it is no part of what the next one sees.
    pub(in crate::chain) fn begin(&mut self, info: BlockInfo) -> Result<OpenBlock<'_, S>, Error> {
        let Runtime { state, machine, functions, dispatch, workers, tip, machine_id, .. } = self;
        let (state, tip) = (&*state, tip.as_ref().ok_or(BlockError::NoChain)?);
        if info.time_ms < tip.time_ms {
            return Err(BlockError::Time { parent_ms: tip.time_ms }.into());
        }
        let height = state.next_height()?;
        let mut overlay = Overlay::new(state);
        record_block_hash(&mut overlay, tip.height, &tip.hash)?;
        let governed = apply_due(&mut overlay, height)?;
        overlay.end_transaction();
        let protocol = load_protocol(&overlay)?.ok_or(BlockError::NoChain)?;
        let parameters = load_parameters(&overlay)?.ok_or(BlockError::NoChain)?;
        let block = BlockContext::new(tip.chain_id, height, info.time_ms);
        let (protocol, parameters) = (Arc::new(protocol), Arc::new(parameters));
        let rules = BlockRules::new(block, protocol, parameters, info.proposer);
        if *machine_id != Some(rules.protocol_id) {
            let unable = |error| Fault::new(alloc::format!("the protocol of {height}: {error}"));
            let next = machine_for(&rules.protocol, functions, *dispatch).map_err(unable)?;
            *machine = next.in_place_of(machine);
            *machine_id = Some(rules.protocol_id);
        }
        if let Some(scheme) = rules.parameters.missing_scheme() {
            let text = alloc::format!("signature scheme {scheme} is not in this build");
            return Err(Fault::new(text).into());
        }
        let limits = rules.protocol.call_limits.storage.clone();
        Ok(OpenBlock {
            state,
            machine,
            workers,
            overlay: overlay.with_limits(limits),
            rules,
            tip,
            governed,
            transactions: Vec::new(),
            leaves: Vec::new(),
            receipts: Vec::new(),
            used: Used::default(),
        })
    }
}

impl<S: Store> OpenBlock<'_, S> {
    /// The height of the block.
    #[must_use]
    pub fn height(&self) -> Height {
        self.rules.block.height
    }

    /// The number of the chain.
    #[must_use]
    pub fn chain_id(&self) -> u64 {
        self.rules.block.chain_id
    }

    /// The protocol that it is executed under.
    #[must_use]
    pub fn protocol(&self) -> &Protocol {
        &self.rules.protocol
    }

    /// State as the transactions so far have left it.
    #[must_use]
    pub fn overlay(&self) -> &Overlay<'_> {
        &self.overlay
    }

    /// Whether a transaction of that many bytes still fits.
    pub(in crate::chain) fn has_room(&self, gas_limit: u64, bytes: usize) -> bool {
        self.used.fits(&self.rules, gas_limit, bytes)
    }

    /// The header of this block with the transactions so far.
    pub(in crate::chain) fn header(&self) -> Header {
        Header {
            chain_id: self.rules.block.chain_id,
            height: self.rules.block.height,
            time_ms: self.rules.block.time_ms,
            parent: self.tip.hash,
            transactions_root: root_of_leaves(&self.leaves),
            app_hash: self.tip.app_hash,
            protocol: self.rules.protocol_id,
            proposer: self.rules.proposer,
        }
    }

    /// The receipts so far.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// Executes a transaction as a part of the block, whatever it comes to: also one that is
    /// rejected has a receipt.
    ///
    /// # Errors
    ///
    /// Only faults, after which the block is of no use.
    pub fn execute(&mut self, transaction: &SignedTransaction) -> Result<Receipt, Error> {
        let encoded = transaction.encode().into();
        self.execute_encoded(encoded)
    }

    /// The same with a transaction as it came; what does not decode is rejected.
    ///
    /// # Errors
    ///
    /// See [`OpenBlock::execute`].
    pub fn execute_encoded(&mut self, encoded: Bytes) -> Result<Receipt, Error> {
        let checked = self.workers.check(self.state, &self.rules, &encoded)?;
        let receipt = self.run(&checked)?;
        self.add(encoded, receipt.clone());
        Ok(receipt)
    }

    /// Executes a transaction and makes it a part of the block, unless it is rejected: for who
    /// proposes blocks.
    ///
    /// # Errors
    ///
    /// See [`OpenBlock::execute`].
    pub fn offer(&mut self, encoded: Bytes) -> Result<Result<&Receipt, Status>, Error> {
        let checked = self.workers.check(self.state, &self.rules, &encoded)?;
        self.offer_checked(encoded, &checked)
    }

    /// The second half of [`OpenBlock::offer`].
    pub(in crate::chain) fn offer_checked(
        &mut self,
        encoded: Bytes,
        checked: &Checkable,
    ) -> Result<Result<&Receipt, Status>, Error> {
        let receipt = self.run(checked)?;
        if receipt.status.is_rejected() {
            return Ok(Err(receipt.status));
        }
        self.add(encoded, receipt);
        Ok(Ok(&self.receipts[self.receipts.len() - 1]))
    }

    /// Executes a list of transactions as parts of the block: signatures on all threads, and what
    /// is independent of each other too. The same comes out as of one after the other.
    ///
    /// # Errors
    ///
    /// See [`OpenBlock::execute`].
    pub fn execute_all(&mut self, transactions: &[Bytes]) -> Result<&[Receipt], Error> {
        let checked = self.workers.check_all(self.state, &self.rules, transactions)?;
        let leaves = self.workers.leaves(transactions);
        self.execute_checked(transactions, leaves, &checked)
    }

    /// The same with transactions whose signatures have been looked at before.
    ///
    /// # Errors
    ///
    /// See [`OpenBlock::execute`].
    pub fn execute_verified(&mut self, verified: &Verified) -> Result<&[Receipt], Error> {
        let checked = verified.check(self.state, &self.rules)?;
        self.execute_checked(verified.transactions(), verified.leaves(), &checked)
    }

    /// The second half of [`OpenBlock::execute_all`], with the hashes of the transactions as leaves
    /// of the block's tree.
    pub(crate) fn execute_checked(
        &mut self,
        transactions: &[Bytes],
        leaves: Vec<Hash>,
        checked: &[Checkable],
    ) -> Result<&[Receipt], Error> {
        span!("block", height = self.rules.block.height, transactions = transactions.len());
        let from = self.receipts.len();
        let OpenBlock { machine, workers, overlay, rules, used, receipts, .. } = self;
        crate::chain::parallel::execute_all(
            machine, workers, overlay, rules, used, checked, receipts,
        )?;
        self.transactions.extend_from_slice(transactions);
        self.leaves.extend(leaves);
        Ok(&self.receipts[from..])
    }

    /// Makes a transaction that has been executed a part of the block.
    pub(in crate::chain) fn add(&mut self, encoded: Bytes, receipt: Receipt) {
        self.leaves.push(leaf_hash(&encoded));
        self.transactions.push(encoded);
        self.receipts.push(receipt);
    }

    fn run(&mut self, checked: &Checkable) -> Result<Receipt, Error> {
        let OpenBlock { machine, overlay, rules, used, .. } = self;
        Ok(run_next(machine, overlay, rules, used, checked)?)
    }

    /// What a transaction would come to as the next of the block. Its signature is not looked at,
    /// only who signs and by which scheme; nothing of it stays.
    ///
    /// # Errors
    ///
    /// See [`OpenBlock::execute`].
    pub fn simulate(
        &mut self,
        transaction: &crate::chain::transaction::Transaction,
        scheme: Scheme,
    ) -> Result<Receipt, Error> {
        Ok(self.simulate_then(transaction, scheme, |_, _| Ok(()))?.0)
    }

    /// The same with what it would change.
    ///
    /// # Errors
    ///
    /// See [`OpenBlock::execute`].
    pub fn simulate_changes(
        &mut self,
        transaction: &crate::chain::transaction::Transaction,
        scheme: Scheme,
    ) -> Result<(Receipt, ChangeSet), Error> {
        self.simulate_then(transaction, scheme, |fork, _| Ok(fork.changes()))
    }

    /// The same, and `look` sees what it would leave behind, before that is dropped.
    pub(crate) fn simulate_then<T>(
        &mut self,
        transaction: &crate::chain::transaction::Transaction,
        scheme: Scheme,
        look: impl FnOnce(&Overlay<'_>, &mut Looking<'_>) -> Result<T, Error>,
    ) -> Result<(Receipt, T), Error> {
        let OpenBlock { machine, overlay, rules, .. } = self;
        let mut fork = overlay.fork();
        let receipt = simulate(machine, &mut fork, rules, transaction, scheme)?;
        let seen = look(&fork, &mut Looking { machine, rules })?;
        Ok((receipt, seen))
    }

    /// Calls a method in a read-only frame, over state as the transactions so far have left it.
    ///
    /// # Errors
    ///
    /// Where the arguments are too long, and faults.
    pub fn view(&mut self, call: &Call) -> Result<Receipt, Error> {
        let OpenBlock { machine, overlay, rules, .. } = self;
        Looking { machine, rules }.view(overlay, call)
    }

    /// Ends the block: fees and tips go where the policy says. It is not durable yet:
    /// [`Runtime::prepare`] and [`Runtime::commit`] come next.
    ///
    /// # Errors
    ///
    /// Only faults.
    pub fn finish(mut self) -> Result<Finished, Error> {
        let policy = &self.rules.protocol.policy;
        let burnt = burnt(self.used.fees, policy.burn_basis_points);
        let kept = self.used.fees.checked_sub(burnt).unwrap_or_default();
        let earned = kept.checked_add(self.used.tips);
        let earned = earned.ok_or_else(|| Fault::new("fees above all money that there is"))?;
        if earned != Amount::ZERO {
            self.overlay.credit(&self.rules.proposer, earned)?;
        }
        Ok(Finished::new(self, burnt, earned))
    }
}

/// What can be asked of state that a simulation left behind.
pub(crate) struct Looking<'r> {
    machine: &'r mut Machine,
    rules: &'r BlockRules,
}

impl Looking<'_> {
    /// Calls a method in a read-only frame.
    pub(crate) fn view(&mut self, overlay: &Overlay<'_>, call: &Call) -> Result<Receipt, Error> {
        let block = self.rules.block;
        let transaction = TransactionHash::of_request(call.encode(block.height));
        let chain = Some(self.rules.calls.clone());
        let context = Context { block, signer: call.caller, transaction, chain };
        super::calls::enter(self.machine, &mut overlay.fork(), call, context, true)
    }

    /// In what the interfaces of two codes differ; none where one of them is not there or is no
    /// contract any more.
    pub(crate) fn difference(
        &mut self,
        overlay: &Overlay<'_>,
        old: &Hash,
        new: &Hash,
    ) -> Result<Option<InterfaceDifference>, Error> {
        let mut loaded = Vec::new();
        for hash in [old, new] {
            if View::code_info(overlay, hash)?.is_none() {
                return Ok(None);
            }
            let Ok(contract) = self.machine.load(overlay, *hash)? else { return Ok(None) };
            loaded.push(contract);
        }
        let [old, new] = [&loaded[0], &loaded[1]].map(|contract| contract.interface());
        Ok(Some(InterfaceDifference::between(old, new)))
    }
}

/// Executes a transaction as if it were signed.
fn simulate(
    machine: &mut Machine,
    fork: &mut Overlay<'_>,
    rules: &BlockRules,
    transaction: &crate::chain::transaction::Transaction,
    scheme: Scheme,
) -> Result<Receipt, Error> {
    // As long as a signed one is that brings its key.
    let key = alloc::vec![0; scheme.public_key_bytes()];
    let signature = alloc::vec![0; scheme.signature_bytes()];
    let signed = transaction.clone().signed(scheme, Some(&key), signature);
    let bytes = signed.encode().len();
    if let Err(status) = check_form(&signed, bytes, rules) {
        return Ok(Receipt::rejected(status));
    }
    let (id, signed) = (signed.id(), Arc::new(signed));
    let checked = Checked { signed, id, bytes, key: Key::assumed(scheme) };
    Ok(execute(machine, fork, rules, &checked)?.0)
}

/// Executes the next transaction of a block, where there is room for it.
pub(crate) fn run_next(
    machine: &mut Machine,
    overlay: &mut Overlay<'_>,
    rules: &BlockRules,
    used: &mut Used,
    checked: &Checkable,
) -> Result<Receipt, Fault> {
    let checked = match checked {
        Ok(checked) => checked,
        Err(status) => return Ok(Receipt::rejected(*status)),
    };
    span!("transaction", id = checked.id, kind = checked.signed.transaction.body.name());
    let gas_limit = checked.signed.transaction.fee.gas_limit;
    if !used.fits(rules, gas_limit, checked.bytes) {
        return Ok(Receipt::rejected(Status::BlockFull));
    }
    let (receipt, paid) = execute(machine, overlay, rules, checked)?;
    used.count(&receipt, paid, gas_limit, checked.bytes)?;
    Ok(receipt)
}

/// The part of fees that is burnt, rounded up.
fn burnt(fees: Amount, basis_points: u16) -> Amount {
    let (fees, points) = (fees.units(), u128::from(basis_points));
    let whole = (fees / 10_000).saturating_mul(points);
    let rest = ((fees % 10_000) * points).div_ceil(10_000);
    Amount::new(whole.saturating_add(rest))
}
