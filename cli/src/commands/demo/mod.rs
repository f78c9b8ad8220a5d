//! `dytallix demo`: a token is deployed, minted, transferred and overdrawn, through the public
//! façade of the ledger; a model of it says what has to come out, and another outcome is a failure.

mod show;
mod token;

use std::path::PathBuf;

use clap::Args;
use dytallix::abi::Abi;
use dytallix::chain::{Error, OpenError};
use dytallix::host::Interface;
use dytallix::primitives::Domain;
use dytallix::state::View;
use dytallix::wasm::{Features, Module};
use dytallix::{Address, Deploy, Hash, Limits, MemoryStore, Receipt, Runtime, Status, Store};
use serde_json::{Value as Json, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger::{self, Held};
use crate::module_file;
use crate::report::Report;
use token::Ledger;

/// The token of `examples/`, so that the demo needs no file.
const TOKEN: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wasm/basic_token.wasm"));

/// Who takes part; the first one owns the token.
const PEOPLE: [&str; 3] = ["alice", "bob", "carol"];

/// Deploys a token, mints, transfers and tries an overdraft: in memory, or in a ledger on the disk.
///
/// Shows each receipt with its events and gas, the balances at the end, and the state root. A
/// receipt or balance that is not what a model of the token says ends the demo with exit code 1.
///
/// With --data the ledger stays, and the next demo with it goes on from there: the token is not
/// deployed again, and --supply is not used.
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// What alice, the owner, has after the deployment.
    #[arg(long, value_name = "AMOUNT", default_value_t = 1_000_000)]
    supply: u128,
    /// What alice mints for bob.
    #[arg(long, value_name = "AMOUNT", default_value_t = 500)]
    mint: u128,
    /// What alice transfers to carol.
    #[arg(long, value_name = "AMOUNT", default_value_t = 250)]
    transfer: u128,
    /// By how much bob's transfer to carol is more than he has.
    #[arg(long, value_name = "AMOUNT", default_value_t = 1)]
    overdraft: u128,
    /// Gas limit of the deployment and of each call.
    #[arg(long, value_name = "GAS", default_value_t = 10_000_000)]
    gas: u64,
    /// Another token with the methods of examples/basic_token.rs.
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
    /// Keep the ledger in this folder, in the file state.redb.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    held: Held,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Something that is done, and what came of it.
struct Step {
    /// What it is called here.
    name: &'static str,
    caller: usize,
    method: &'static str,
    to: usize,
    amount: u128,
    receipt: Receipt,
    /// Why it did not succeed, in the token's words where it has some.
    reason: Option<String>,
}

/// What the token has to do, in a few lines.
#[derive(Clone, Copy)]
struct Model {
    balances: [u128; PEOPLE.len()],
    supply: u128,
}

impl Model {
    /// The owner mints: whether it succeeds.
    fn mint(&mut self, to: usize, amount: u128) -> bool {
        let Some(supply) = self.supply.checked_add(amount) else { return false };
        self.supply = supply;
        self.balances[to] += amount;
        true
    }

    /// A transfer: whether it succeeds.
    fn transfer(&mut self, from: usize, to: usize, amount: u128) -> bool {
        let Some(left) = self.balances[from].checked_sub(amount) else { return false };
        self.balances[from] = left;
        self.balances[to] += amount;
        true
    }
}

impl Demo {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        match &self.data {
            Some(folder) => self.play(ledger::open_or_make(folder)?),
            None => self.play(MemoryStore::new()),
        }
    }

    fn play<S: Store>(&self, store: S) -> Result<Report, Failure> {
        let code = match &self.token {
            Some(path) => module_file::read(path)?,
            None => TOKEN.to_vec(),
        };
        let [alice, bob, carol] = [0, 1, 2];
        let (mut ledger, mut steps) = self.begin(store, code)?;
        let mut model = match ledger.continued {
            true => ledger.model()?,
            false => Model { balances: [self.supply, 0, 0], supply: self.supply },
        };
        ledger.compare("deploy", &model)?;

        let minted = ledger.call("mint", alice, "mint", bob, self.mint)?;
        minted.expect(model.mint(bob, self.mint))?;
        ledger.compare("mint", &model)?;
        steps.push(minted);

        let moved = ledger.call("transfer", alice, "transfer", carol, self.transfer)?;
        moved.expect(model.transfer(alice, carol, self.transfer))?;
        ledger.compare("transfer", &model)?;
        steps.push(moved);

        let too_much =
            model.balances[bob].checked_add(self.overdraft).filter(|_| self.overdraft > 0);
        let too_much = too_much.ok_or_else(|| {
            let cause =
                format!("bob has {}: no amount is {} more", model.balances[bob], self.overdraft);
            Failure::new(Exit::Usage, cause).way_out("an --overdraft of 1, or a smaller --mint")
        })?;
        let overdrawn = ledger.call("overdraft", bob, "transfer", carol, too_much)?;
        overdrawn.expect(model.transfer(bob, carol, too_much))?;
        ledger.compare("overdraft", &model)?;
        steps.push(overdrawn);

        let json = document(&ledger, &steps, &model);
        Ok(Report { text: show::text(&ledger, &steps, &model), json })
    }

    /// The ledger in a store: alice deploys the token, unless it is there already.
    fn begin<S: Store>(&self, store: S, code: Vec<u8>) -> Result<(Ledger<S>, Vec<Step>), Failure> {
        let builder = Runtime::builder().state(self.held.options());
        let runtime = builder.build(store).map_err(|error| match (error, &self.data) {
            (OpenError::Store(error), Some(folder)) => ledger::failure(&error, folder),
            (error, _) => Failure::new(Exit::Failed, error.to_string()),
        })?;
        // The address follows from deployer, code and salt.
        let deploy = Deploy::new(address(0), code, self.gas).arguments(self.supply.to_le_bytes());
        let code_hash = Hash::of(Domain::Code, &[&deploy.code]);
        let token = Address::of_contract(&deploy.deployer, &code_hash, &deploy.salt);
        let (gas, data) = (self.gas, self.data.clone());
        let abi = abi_of(&deploy.code);
        let mut ledger = Ledger { runtime, token, gas, data, continued: false, abi };
        let account = ledger.runtime.state().account(&token);
        let account = account.map_err(|error| ledger.fault(&Error::from(error)))?;
        ledger.continued = account.is_some_and(|account| account.contract.is_some());
        if ledger.continued {
            return Ok((ledger, Vec::new()));
        }
        let deployed = ledger.deploy(&deploy, self.supply)?;
        Ok((ledger, vec![deployed]))
    }
}

impl Step {
    /// Fails unless the call succeeded with one event, or, where it must not, reverted with none.
    fn expect(&self, success: bool) -> Result<(), Failure> {
        let (status, events) = if success { (Status::Success, 1) } else { (Status::Reverted, 0) };
        if self.receipt.status != status {
            let (found, expected) = (show::status(self.receipt.status), show::status(status));
            return Err(
                self.wrong(format!("ended as \"{found}\" and has to end as \"{expected}\""))
            );
        }
        if self.receipt.events.len() != events {
            let found = self.receipt.events.len();
            return Err(self.wrong(format!("emitted {found} events and has to emit {events}")));
        }
        Ok(())
    }

    fn wrong(&self, what: String) -> Failure {
        let mut failure = Failure::new(Exit::Failed, format!("the step \"{}\" {what}", self.name));
        if let Some(reason) = &self.reason {
            failure = failure.note("reason", reason);
        }
        failure.note("gas", self.receipt.gas_used.to_string()).way_out(match self.receipt.status {
            Status::OutOfGas => "a greater --gas",
            _ => "look for the bug in the token, or report it: the model and the token differ",
        })
    }
}

/// What a token says of itself, where it does.
fn abi_of(code: &[u8]) -> Option<Abi> {
    let module = Module::decode(code, &Features::default(), &Limits::contract()).ok()?;
    Interface::abi_of(&module).ok()?
}

/// Address of a person: 32 times the first letter of the name.
fn address(person: usize) -> Address {
    Address::from_bytes([PEOPLE[person].as_bytes()[0]; 32])
}

/// An address and an amount, as the token takes them.
fn arguments(to: usize, amount: u128) -> Vec<u8> {
    [&address(to).as_bytes()[..], &amount.to_le_bytes()].concat()
}

fn document<S: Store>(ledger: &Ledger<S>, steps: &[Step], model: &Model) -> Json {
    let people = |value: &dyn Fn(usize) -> String| -> Json {
        PEOPLE
            .iter()
            .enumerate()
            .map(|(i, name)| (name.to_string(), Json::from(value(i))))
            .collect()
    };
    json!({
        "schema": "dytallix.demo/1",
        "contract": ledger.token.to_string(),
        "accounts": people(&|person| address(person).to_string()),
        "steps": steps.iter().map(show::step_json).collect::<Vec<_>>(),
        "balances": people(&|person| model.balances[person].to_string()),
        "total_supply": model.supply.to_string(),
        "height": ledger.height(),
        "root": ledger.runtime.state().root().to_string(),
        "data": ledger.data.as_deref().map(|folder| folder.display().to_string()),
        "continued": ledger.continued,
    })
}
