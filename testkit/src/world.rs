//! The world of a suite: the runtime, and what the kit knows beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use dytallix::chain::{Error as ChainError, Receipt, Rejection, RuntimeBuilder};
use dytallix::crypto::sha3_256;
use dytallix::state::{ContractInfo, Overlay, StateError, StateOptions, View};
use dytallix::{Amount, MemoryStore, Runtime, State};
use dytallix_abi::{Abi, Address};

use crate::accounts;
use crate::failure::{Cause, Failure};
use crate::heard::{Counts, Ear};
use crate::section;
use crate::transaction::Transaction;

/// How many blocks back contracts can read hashes.
const SEEN_BLOCKS: u64 = 256;

/// All that a suite has, behind its handles.
pub(crate) struct World {
    pub(crate) runtime: Runtime<MemoryStore>,
    /// How state is opened again after a snapshot.
    options: StateOptions,
    /// The limit of gas where a call says nothing.
    pub(crate) gas: u64,
    /// The balance of accounts that the suite makes.
    pub(crate) balance: u128,
    pub(crate) time_ms: u64,
    pub(crate) chain_id: u64,
    pub(crate) senders: Senders,
    labels: BTreeMap<Address, String>,
    /// Accounts that the suite has made beside the usual ones.
    pub(crate) made: BTreeSet<Address>,
    /// By code hash.
    abis: BTreeMap<[u8; 32], Option<Rc<Abi>>>,
    /// The last deployment or call, and the last view or simulation.
    pub(crate) last: Option<Transaction>,
    pub(crate) last_view: Option<Transaction>,
    pub(crate) last_failure: Option<Failure>,
    /// Gas of everything that ran.
    pub(crate) gas_sum: u64,
    pub(crate) ear: Ear,
    pub(crate) snapshots: Vec<Snapshot>,
    /// How many mocks have been made.
    pub(crate) mocks: u64,
}

/// Who sends where a call does not say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Senders {
    pub(crate) default: Address,
    /// For the next call only.
    pub(crate) next: Option<Address>,
    /// Until it is stopped.
    pub(crate) standing: Option<Address>,
}

/// What there was when a snapshot was taken.
pub(crate) struct Snapshot {
    store: MemoryStore,
    time_ms: u64,
    senders: Senders,
    labels: BTreeMap<Address, String>,
    made: BTreeSet<Address>,
    last: Option<Transaction>,
    last_view: Option<Transaction>,
    heard: Counts,
    mocks: u64,
}

/// What a world is made of.
pub(crate) struct Beginning {
    pub(crate) runtime: RuntimeBuilder,
    pub(crate) chain_id: u64,
    pub(crate) gas: u64,
    pub(crate) balance: u128,
    pub(crate) time_ms: u64,
}

impl World {
    /// A world in which the usual accounts have their balance.
    pub(crate) fn new(beginning: Beginning) -> Result<World, String> {
        let Beginning { runtime, chain_id, gas, balance, time_ms } = beginning;
        let options = StateOptions::default();
        let builder = runtime.chain_id(chain_id).state(options.clone());
        let built = builder.build(MemoryStore::new()).map_err(|error| error.to_string())?;
        let default = accounts::account(accounts::DEFAULT_SENDER);
        let ear = Ear::default();
        let mut world = World {
            runtime: built,
            options,
            gas,
            balance,
            time_ms,
            chain_id,
            senders: Senders { default, next: None, standing: None },
            labels: BTreeMap::new(),
            made: BTreeSet::new(),
            abis: BTreeMap::new(),
            last: None,
            last_view: None,
            last_failure: None,
            gas_sum: 0,
            ear: ear.clone(),
            snapshots: Vec::new(),
            mocks: 0,
        };
        world.runtime.set_time_ms(time_ms);
        let hear = move |contract: &dytallix::Address, text: &[u8]| {
            ear.heard().hear((*contract).into(), text);
        };
        world.runtime.watch_logs(hear);
        let credited = world.edit(|overlay| {
            let usual = accounts::ACCOUNTS.iter().map(|name| accounts::account(name));
            for address in usual {
                overlay.credit(&address.into(), Amount::new(balance))?;
            }
            Ok(())
        });
        credited.map_err(|error| error.to_string())?;
        Ok(world)
    }

    /// Who sends the next call, if it does not say so itself.
    pub(crate) fn take_sender(&mut self, given: Option<Address>) -> Address {
        let Senders { default, standing, .. } = self.senders;
        given.or_else(|| self.senders.next.take()).or(standing).unwrap_or(default)
    }

    /// The height of the block that comes next.
    pub(crate) fn height(&self) -> u64 {
        let next = self.runtime.state().next_height();
        next.expect("a test does not reach the last height").number()
    }

    /// The record of a contract.
    pub(crate) fn contract(&self, address: &Address) -> Option<ContractInfo> {
        self.account(address).contract
    }

    /// An account; an empty one where there is none.
    pub(crate) fn account(&self, address: &Address) -> dytallix::state::Account {
        let account = self.runtime.state().account(&(*address).into());
        account.expect("a store in memory does not fail").unwrap_or_default()
    }

    /// The ABI of the contract at this address.
    pub(crate) fn abi(&mut self, address: &Address) -> Option<Rc<Abi>> {
        let hash = self.contract(address)?.code_hash;
        if let Some(known) = self.abis.get(hash.as_bytes()) {
            return known.clone();
        }
        let code = self.runtime.state().code(&hash).expect("a store in memory does not fail");
        let abi = code.and_then(|code| section::find_abi(&code)).map(Rc::new);
        self.abis.insert(*hash.as_bytes(), abi.clone());
        abi
    }

    /// What an address is called in texts.
    pub(crate) fn name(&self, address: &Address) -> String {
        match self.labels.get(address) {
            Some(label) => label.clone(),
            None => accounts::shown(address),
        }
    }

    /// Whether an address has been given a label.
    pub(crate) fn is_labelled(&self, address: &Address) -> bool {
        self.labels.contains_key(address)
    }

    /// Calls an address something.
    pub(crate) fn label(&mut self, address: Address, label: &str) {
        self.labels.insert(address, label.to_owned());
    }

    /// Calls a new contract by the name of its ABI, and counts those of the same name.
    pub(crate) fn label_contract(&mut self, address: Address, abi: Option<&Abi>) {
        let name = abi.map_or("contract", |abi| &abi.name);
        let taken = |label: &str| self.labels.values().any(|other| other == label);
        let mut label = name.to_owned();
        let mut number = 2_u64;
        while taken(&label) {
            label = format!("{name}#{number}");
            number += 1;
        }
        self.labels.insert(address, label);
    }

    /// Changes state as a block of its own.
    pub(crate) fn edit<T>(
        &mut self,
        edit: impl FnOnce(&mut Overlay<'_>) -> Result<T, StateError>,
    ) -> Result<T, ChainError> {
        let result = self.runtime.edit(edit)?;
        self.end_block();
        Ok(result)
    }

    /// Commits empty blocks. Only the hashes of those are kept that contracts can read.
    pub(crate) fn roll(&mut self, blocks: u64) -> Result<(), ChainError> {
        for left in (0..blocks).rev() {
            self.runtime.edit(|_| Ok(()))?;
            if left < SEEN_BLOCKS {
                self.end_block();
            }
        }
        Ok(())
    }

    /// Tells the runtime the hash of the block that has just been committed.
    pub(crate) fn end_block(&mut self) {
        let Some(head) = self.runtime.state().head() else { return };
        let (height, root) = (head.height.number().to_le_bytes(), head.root);
        let parts = [&b"dytallix/testkit/block/"[..], &height, root.as_bytes()].concat();
        self.runtime.set_parent_hash(dytallix::Hash::from_bytes(sha3_256(&parts)));
    }

    /// Keeps what has run: its gas, its receipt, the calls that mocks heard.
    pub(crate) fn keep(&mut self, transaction: Transaction) {
        self.gas_sum = self.gas_sum.saturating_add(transaction.receipt.gas_used);
        self.ear.heard().end_of_transaction();
        if transaction.receipt.is_success() && transaction.is_of_a_block() {
            self.end_block();
        }
        match transaction.is_of_a_block() {
            true => self.last = Some(transaction),
            false => self.last_view = Some(transaction),
        }
    }

    /// Keeps a failure, to be asked for.
    pub(crate) fn fail(&mut self, failure: Failure) -> Failure {
        self.last_failure = Some(failure.clone());
        failure
    }

    /// Keeps what there is. Heights that are further back than contracts can see go, so that going
    /// back costs what state holds and not what has happened.
    pub(crate) fn snapshot(&mut self) -> usize {
        let pruned = self.runtime.state_mut().prune(SEEN_BLOCKS, u64::MAX);
        pruned.expect("nothing is pinned, and a store in memory does not fail");
        self.snapshots.push(Snapshot {
            store: self.runtime.store().clone(),
            time_ms: self.time_ms,
            senders: self.senders,
            labels: self.labels.clone(),
            made: self.made.clone(),
            last: self.last.clone(),
            last_view: self.last_view.clone(),
            heard: self.ear.heard().counts(),
            mocks: self.mocks,
        });
        self.snapshots.len() - 1
    }

    /// Goes back to a snapshot, which stays.
    pub(crate) fn revert(&mut self, number: usize) -> Result<(), String> {
        let snapshot = self.snapshots.get(number).ok_or("there is no such snapshot")?;
        let state = State::open(snapshot.store.clone(), self.options.clone());
        let state = state.map_err(|error| error.to_string())?;
        self.time_ms = snapshot.time_ms;
        self.senders = snapshot.senders;
        self.labels.clone_from(&snapshot.labels);
        self.made.clone_from(&snapshot.made);
        self.last.clone_from(&snapshot.last);
        self.last_view.clone_from(&snapshot.last_view);
        self.mocks = snapshot.mocks;
        self.ear.heard().forget_after(&snapshot.heard);
        *self.runtime.state_mut() = state;
        self.runtime.set_time_ms(self.time_ms);
        self.end_block();
        Ok(())
    }
}

/// What the runtime did not admit, or its own fault, as a failure of `what`.
pub(crate) fn not_admitted(what: String, error: ChainError) -> Failure {
    let hint = match &error {
        ChainError::Rejected(Rejection::AddressTaken(_)) => {
            Some("the same code, deployer and salt: give another `salt`, or none".into())
        }
        ChainError::Rejected(Rejection::NoInit) => Some("leave `arguments` out".into()),
        _ => None,
    };
    Failure::new(what, Cause::NotAdmitted(error)).hint(hint)
}

/// A receipt as a failure's cause, with addresses by their names.
pub(crate) fn cause_of(
    world: &World,
    receipt: &Receipt,
    gas_limit: u64,
    abi: Option<&Abi>,
) -> Cause {
    use dytallix_abi::CallStatus;
    use dytallix_abi::value::Revert;

    // A call from outside ends as any call does.
    let status = receipt.status.as_call().unwrap_or(CallStatus::Trapped);
    let mut ended = crate::failure::Ended::new(status, receipt.output.clone());
    if receipt.status == CallStatus::Reverted {
        let decoded = match abi {
            Some(abi) => abi.decode_revert(&receipt.output),
            None => Revert::decode_sdk(&receipt.output),
        };
        ended.revert = decoded.ok();
    }
    let name = |address: &Address| world.name(address);
    ended.shown = ended.revert.as_ref().map(|revert| revert.shown(&name).to_string());
    ended.trapped = receipt.trap.as_ref().map(|trap| world.name(&trap.contract.into()));
    ended.trap = receipt.trap.clone();
    ended.gas = Some((receipt.gas_used, gas_limit));
    Cause::Ended(ended)
}
