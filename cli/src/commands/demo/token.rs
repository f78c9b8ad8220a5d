//! The ledger with the token on it, and what is done with it.

use std::path::PathBuf;

use dytallix::abi::Abi;
use dytallix::chain::Error;
use dytallix::{Address, Call, Deploy, Runtime, Status, Store};

use super::{Model, PEOPLE, Step, address, arguments, show};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;

/// A ledger with the token on it.
pub(super) struct Ledger<S> {
    pub(super) runtime: Runtime<S>,
    pub(super) token: Address,
    pub(super) gas: u64,
    /// Its folder, where it is not in memory.
    pub(super) data: Option<PathBuf>,
    /// What the token says of itself.
    pub(super) abi: Option<Abi>,
    /// Whether the token was there before.
    pub(super) continued: bool,
}

impl<S: Store> Ledger<S> {
    /// Alice deploys the token.
    pub(super) fn deploy(&mut self, deploy: &Deploy, supply: u128) -> Result<Step, Failure> {
        let receipt = self.runtime.deploy(deploy).map_err(|error| match error {
            Error::Rejected(why) => {
                Failure::new(Exit::BadModule, format!("the token cannot be deployed: {why}"))
                    .way_out("build it from examples/basic_token.rs with examples/build.sh")
            }
            fault => self.fault(&fault),
        })?;
        let name = "deploy";
        let reason = show::reason(&receipt, self.abi.as_ref());
        let step = Step { name, caller: 0, method: "init", to: 0, amount: supply, receipt, reason };
        step.expect(true)?;
        match step.receipt.contract {
            Some(address) if address == self.token => Ok(step),
            _ => Err(step.wrong("gave another address than was expected".into())),
        }
    }

    /// The model of a token that is there already, from what its views say.
    pub(super) fn model(&mut self) -> Result<Model, Failure> {
        let mut model = Model { balances: [0; PEOPLE.len()], supply: 0 };
        for (person, balance) in model.balances.iter_mut().enumerate() {
            *balance = self.view("balance_of", address(person).as_bytes())?;
        }
        model.supply = self.view("total_supply", &[])?;
        Ok(model)
    }

    /// A fault is ours or the disk's, never the token's.
    pub(super) fn fault(&self, error: &Error) -> Failure {
        let Some(folder) = &self.data else {
            return Failure::new(Exit::Failed, error.to_string());
        };
        Failure::new(Exit::Store, error.to_string())
            .at(ledger::file(folder).display().to_string())
            .way_out("`dytallix state check` looks for damage; check the space that is left too")
            .fact("class", "fault")
    }

    /// Calls a method that takes an address and an amount.
    pub(super) fn call(
        &mut self,
        name: &'static str,
        caller: usize,
        method: &'static str,
        to: usize,
        amount: u128,
    ) -> Result<Step, Failure> {
        let call = Call::new(address(caller), self.token, method, self.gas)
            .arguments(arguments(to, amount));
        let receipt = self.runtime.call(&call).map_err(|error| self.fault(&error))?;
        let reason = show::reason(&receipt, self.abi.as_ref());
        Ok(Step { name, caller, method, to, amount, receipt, reason })
    }

    fn view(&mut self, method: &str, input: &[u8]) -> Result<u128, Failure> {
        let call = Call::new(address(0), self.token, method, self.gas).arguments(input);
        let receipt = self.runtime.view(&call).map_err(|error| self.fault(&error))?;
        match receipt.output.try_into() {
            Ok(bytes) if receipt.status == Status::Success => Ok(u128::from_le_bytes(bytes)),
            _ => Err(Failure::new(Exit::Failed, format!("`{method}` gave no amount"))),
        }
    }

    /// The height of the last block; each call that succeeds is one.
    pub(super) fn height(&self) -> Option<u64> {
        self.runtime.state().head().map(|head| head.height.number())
    }

    /// Compares every balance and the supply with the model's.
    pub(super) fn compare(&mut self, after: &str, model: &Model) -> Result<(), Failure> {
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
