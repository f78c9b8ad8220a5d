//! The chain that is played on.

use std::path::{Path, PathBuf};

use dytallix::chain::{
    BlockInfo, BlockResult, Body, Call, Error, Genesis, OpenError, Policy, Protocol,
};
use dytallix::state::View;
use dytallix::{Address, Amount, DiskStore, Height, Receipt, Runtime, Status};

use super::model::Model;
use super::people::{CHAIN, People};
use crate::chain::{Abis, failure, open_failure, reason, status_name};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;

/// What every account has at the beginning.
const RICH: u128 = 1_000_000_000_000;

/// Who proposes all blocks.
pub(super) const PROPOSER: Address = Address::from_bytes([0xdd; 32]);

/// Time between blocks. The clock is not read: the same demo gives the same bytes.
const BLOCK_MS: u64 = 1_000;

/// Gas for a view.
const VIEW_GAS: u64 = 10_000_000;

/// The chain that is played on.
pub(super) struct Stage {
    /// None while it is closed.
    runtime: Option<Runtime<DiskStore>>,
    folder: PathBuf,
    /// Whether the folder is to go when the demo is over.
    is_scratch: bool,
    pub(super) people: People,
    pub(super) model: Model,
    /// The blocks of this demo.
    pub(super) blocks: Vec<Played>,
    /// The height before this demo.
    pub(super) began_at: Height,
    /// At which height the store was closed and opened.
    pub(super) restarted_at: Option<Height>,
}

/// A transaction to be, and what has to come of it.
pub(super) struct Plan {
    pub(super) who: usize,
    pub(super) what: String,
    pub(super) body: Body,
    pub(super) expected: Status,
}

/// A block of the demo.
pub(super) struct Played {
    pub(super) result: BlockResult,
    pub(super) steps: Vec<Step>,
}

/// A transaction of the demo.
pub(super) struct Step {
    pub(super) who: usize,
    pub(super) what: String,
    pub(super) receipt: Receipt,
    pub(super) reason: Option<String>,
}

impl Plan {
    /// A transaction that has to succeed.
    pub(super) fn new(who: usize, what: impl Into<String>, body: Body) -> Plan {
        Plan { who, what: what.into(), body, expected: Status::Success }
    }

    /// The same, which has to end so.
    pub(super) fn ends(self, expected: Status) -> Plan {
        Plan { expected, ..self }
    }
}

impl Stage {
    /// Opens the chain of a folder, or a new one in a folder that goes when the demo is over.
    pub(super) fn open(folder: Option<&Path>, mut people: People) -> Result<Stage, Failure> {
        let is_scratch = folder.is_none();
        let folder = folder.map_or_else(scratch, Path::to_owned);
        let runtime = open(&folder, &people)?;
        let began_at = runtime.height().unwrap_or_default();
        for person in people.iter_mut() {
            let account = View::account(runtime.state(), &person.address);
            let account = account.map_err(|error| ledger::failure(&error, &folder))?;
            person.nonce = account.map_or(0, |account| account.nonce.number());
        }
        let (model, blocks) = (Model::default(), Vec::new());
        let runtime = Some(runtime);
        let restarted_at = None;
        Ok(Stage { runtime, folder, is_scratch, people, model, blocks, began_at, restarted_at })
    }

    /// The runtime.
    pub(super) fn runtime(&mut self) -> Result<&mut Runtime<DiskStore>, Failure> {
        self.runtime.as_mut().ok_or_else(closed)
    }

    /// The runtime, to look at.
    pub(super) fn looking(&self) -> Result<&Runtime<DiskStore>, Failure> {
        self.runtime.as_ref().ok_or_else(closed)
    }

    /// The height of the last block.
    pub(super) fn height(&self) -> u64 {
        let height = self.runtime.as_ref().and_then(Runtime::height);
        height.unwrap_or_default().number()
    }

    /// The folder, where it stays.
    pub(super) fn folder(&self) -> Option<&Path> {
        (!self.is_scratch).then_some(&self.folder)
    }

    /// What a failure of the runtime means.
    pub(super) fn failure(&self, error: &Error) -> Failure {
        failure(error, &self.folder)
    }

    /// Signs transactions, makes them a durable block, and compares each receipt with what has to
    /// come of it.
    pub(super) fn block(&mut self, plans: Vec<Plan>) -> Result<&Played, Failure> {
        let time_ms = (self.height() + 1) * BLOCK_MS;
        let folder = self.folder.clone();
        let failed = |error| failure(&error, &folder);
        let Stage { runtime, people, .. } = self;
        let runtime = runtime.as_mut().ok_or_else(closed)?;
        let signed: Vec<_> =
            plans.iter().map(|plan| people.sign(plan.who, plan.body.clone())).collect();
        let mut open = runtime.block(BlockInfo::new(time_ms, PROPOSER)).map_err(failed)?;
        for transaction in &signed {
            let _ = open.execute(transaction).map_err(failed)?;
        }
        let finished = open.finish().map_err(failed)?;
        let result = runtime.commit_block(finished).map_err(failed)?;
        let mut steps = Vec::with_capacity(plans.len());
        for (plan, receipt) in plans.into_iter().zip(&result.receipts) {
            let abis = Abis::with(runtime.state(), &plan.body);
            let reason = reason(receipt, &abis, &plan.body);
            let step = Step { who: plan.who, what: plan.what, receipt: receipt.clone(), reason };
            step.expect(plan.expected, result.header.height, people)?;
            steps.push(step);
        }
        self.blocks.push(Played { result, steps });
        let last = self.blocks.len() - 1;
        Ok(&self.blocks[last])
    }

    /// Closes the store and opens it again: it has to stand where it stood.
    pub(super) fn restart(&mut self) -> Result<(), Failure> {
        let told = |runtime: &Runtime<DiskStore>| {
            (runtime.height(), runtime.app_hash(), runtime.state().root())
        };
        let before = told(self.looking()?);
        self.runtime = None;
        let runtime = open(&self.folder, &self.people)?;
        if told(&runtime) != before {
            return Err(wrong("the store does not stand where it was closed"));
        }
        self.runtime = Some(runtime);
        self.restarted_at = before.0;
        Ok(())
    }

    /// What a view returns.
    pub(super) fn view(
        &mut self,
        contract: Address,
        method: &str,
        arguments: Vec<u8>,
    ) -> Result<Vec<u8>, Failure> {
        let time_ms = (self.height() + 1) * BLOCK_MS;
        let folder = self.folder.clone();
        let failed = |error| failure(&error, &folder);
        let mut open = self.runtime()?.block(BlockInfo::new(time_ms, PROPOSER)).map_err(failed)?;
        let call = Call::new(PROPOSER, contract, method, VIEW_GAS).arguments(arguments);
        let receipt = open.view(&call).map_err(failed)?;
        match receipt.is_success() {
            true => Ok(receipt.output),
            false => Err(wrong(format!("`{method}` is {}", status_name(receipt.status)))),
        }
    }
}

impl Step {
    /// Fails unless it ended so, with events only where it succeeded.
    fn expect(&self, expected: Status, height: Height, people: &People) -> Result<(), Failure> {
        let Receipt { status, events, .. } = &self.receipt;
        let name = |status| status_name(status).replace('_', " ");
        let found = name(*status);
        if *status != expected {
            let expected = name(expected);
            let who = &people.get(self.who).name;
            let cause =
                format!("\"{who} {}\" ended as {found} and has to be {expected}", self.what);
            let mut failure = wrong(cause).at(format!("height {height}"));
            if let Some(reason) = &self.reason {
                failure = failure.note("reason", reason);
            }
            return Err(failure);
        }
        if !status.is_success() && !events.is_empty() {
            return Err(wrong(format!("\"{}\" failed and left events", self.what)));
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.runtime = None;
        if self.is_scratch {
            // What is left in the system's folder for such is no failure of the demo.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// A demo that does not come out as it has to.
pub(super) fn wrong(cause: impl Into<String>) -> Failure {
    Failure::new(Exit::Failed, cause)
        .way_out("look for the bug in the contract, or report it: the model and the chain differ")
}

/// The genesis of a demo: protocol version 1, but for blocks of any gas, so that each act is one
/// block however many take part.
pub(super) fn genesis(people: &People) -> Genesis {
    let mut policy = Policy::v1();
    policy.block_gas = u64::MAX;
    let genesis = Genesis::new(CHAIN).protocol(Protocol::v1().policy(policy));
    let rich = |genesis: Genesis, address| genesis.balance(address, Amount::new(RICH));
    people.iter().map(|person| person.address).fold(genesis, rich)
}

fn open(folder: &Path, people: &People) -> Result<Runtime<DiskStore>, Failure> {
    let store = ledger::open_or_make(folder)?;
    let builder = Runtime::builder().genesis(genesis(people));
    builder.build(store).map_err(|error| match error {
        OpenError::Genesis(_) => open_failure(&error, folder)
            .way_out("another --data, or the --seed and --accounts that its demo had"),
        error => open_failure(&error, folder),
    })
}

fn closed() -> Failure {
    Failure::new(Exit::Failed, "the store is closed")
}

/// A folder of this process's own.
fn scratch() -> PathBuf {
    let name = format!("dytallix-demo-{}-{}", std::process::id(), crate::chain::now_ms());
    std::env::temp_dir().join(name)
}
