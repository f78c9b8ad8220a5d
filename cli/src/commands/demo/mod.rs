//! `dytallix demo`: a token is deployed, minted, transferred and overdrawn, through the public
//! façade of the ledger; a model of it says what has to come out, and another outcome is a failure.

mod show;

use std::path::PathBuf;

use clap::Args;
use dytallix::{Address, Call, CallStatus, Deploy, MemoryStore, Receipt, Runtime};
use serde_json::{Value as Json, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::module_file;
use crate::report::Report;

/// The token of `examples/`, so that the demo needs no file.
const TOKEN: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/token.wasm"));

/// Who takes part; the first one owns the token.
const PEOPLE: [&str; 3] = ["alice", "bob", "carol"];

/// Deploys a token, mints, transfers and tries an overdraft, in memory.
///
/// Shows each receipt with its events and gas, and the balances at the end. A receipt or balance
/// that is not what a model of the token says ends the demo with exit code 1.
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
    /// Another token with the methods of examples/token.rs.
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
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

/// A ledger with the token on it.
struct Ledger {
    runtime: Runtime<MemoryStore>,
    token: Address,
    gas: u64,
}

impl Demo {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let code = match &self.token {
            Some(path) => module_file::read(path)?,
            None => TOKEN.to_vec(),
        };
        let [alice, bob, carol] = [0, 1, 2];
        let mut model = Model { balances: [self.supply, 0, 0], supply: self.supply };
        let (mut ledger, deployed) = Ledger::deploy(code, self.supply, self.gas)?;
        ledger.compare("deploy", &model)?;
        let mut steps = vec![deployed];

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
        Ok(Report { text: show::text(&ledger.token, &steps, &model), json })
    }
}

impl Ledger {
    /// A new ledger on which alice has deployed the token.
    fn deploy(code: Vec<u8>, supply: u128, gas: u64) -> Result<(Ledger, Step), Failure> {
        let mut runtime = Runtime::new(MemoryStore::new())
            .map_err(|e| Failure::new(Exit::Failed, e.to_string()))?;
        let deploy = Deploy::new(address(0), code, gas).arguments(arguments(0, supply));
        let receipt = runtime.deploy(&deploy).map_err(|error| {
            Failure::new(Exit::BadModule, format!("the token cannot be deployed: {error}"))
                .way_out("build it from examples/token.rs with examples/build.sh")
        })?;
        let name = "deploy";
        let step = Step { name, caller: 0, method: "init", to: 0, amount: supply, receipt };
        step.expect(true)?;
        let token =
            step.receipt.contract.ok_or_else(|| step.wrong("there is no address".into()))?;
        Ok((Ledger { runtime, token, gas }, step))
    }

    fn call(
        &mut self,
        name: &'static str,
        caller: usize,
        method: &'static str,
        to: usize,
        amount: u128,
    ) -> Result<Step, Failure> {
        let call = Call::new(address(caller), self.token, method, self.gas)
            .arguments(arguments(to, amount));
        let receipt = self.runtime.call(&call).map_err(fault)?;
        Ok(Step { name, caller, method, to, amount, receipt })
    }

    fn view(&mut self, method: &str, input: &[u8]) -> Result<u128, Failure> {
        let call = Call::new(address(0), self.token, method, self.gas).arguments(input);
        let receipt = self.runtime.view(&call).map_err(fault)?;
        match receipt.output.try_into() {
            Ok(bytes) if receipt.status == CallStatus::Success => Ok(u128::from_le_bytes(bytes)),
            _ => Err(Failure::new(Exit::Failed, format!("`{method}` gave no amount"))),
        }
    }

    /// Compares every balance and the supply with the model's.
    fn compare(&mut self, after: &str, model: &Model) -> Result<(), Failure> {
        let wrong = |what: &str, found: u128, expected: u128| {
            Failure::new(Exit::Failed, format!("{what} is {found} and has to be {expected}"))
                .at(format!("after the step \"{after}\""))
                .way_out(
                    "look for the bug in the token, or report it: the model and the token differ",
                )
        };
        for (person, &expected) in model.balances.iter().enumerate() {
            let found = self.view("balance_of", address(person).as_bytes())?;
            if found != expected {
                return Err(wrong(&format!("the balance of {}", PEOPLE[person]), found, expected));
            }
        }
        let supply = self.view("total_supply", &[])?;
        if supply != model.supply {
            return Err(wrong("the total supply", supply, model.supply));
        }
        Ok(())
    }
}

impl Step {
    /// Fails unless the call succeeded with one event, or, where it must not, reverted with none.
    fn expect(&self, success: bool) -> Result<(), Failure> {
        let (status, events) =
            if success { (CallStatus::Success, 1) } else { (CallStatus::Reverted, 0) };
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
        if let Some(reason) = show::reason(&self.receipt) {
            failure = failure.note("reason", reason);
        }
        failure.note("gas", self.receipt.gas_used.to_string()).way_out(match self.receipt.status {
            CallStatus::OutOfGas => "a greater --gas",
            _ => "look for the bug in the token, or report it: the model and the token differ",
        })
    }
}

fn fault(error: dytallix::chain::Error) -> Failure {
    Failure::new(Exit::Failed, error.to_string())
}

/// Address of a person: 32 times the first letter of the name.
fn address(person: usize) -> Address {
    Address::from_bytes([PEOPLE[person].as_bytes()[0]; 32])
}

/// An address and an amount, as the token takes them.
fn arguments(to: usize, amount: u128) -> Vec<u8> {
    [&address(to).as_bytes()[..], &amount.to_le_bytes()].concat()
}

fn document(ledger: &Ledger, steps: &[Step], model: &Model) -> Json {
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
    })
}
