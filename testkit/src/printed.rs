//! Transactions as stable text, for people and for snapshots.

use std::fmt;

use dytallix::chain::CallTrap;
use dytallix_abi::value::Revert;
use dytallix_abi::{Abi, Address, Status};

use crate::transaction::{Mode, Transaction};
use crate::{Suite, failure, text};

/// A transaction as text that stays the same as long as what it did stays the same: addresses have
/// their names, data is decoded by ABI, places in the module are left out, and so is the gas unless
/// it is asked for.
///
/// ```text
/// Token.transfer(to: bob, amount: 5)
/// from: alice
/// status: Success
/// returned: ()
/// events:
///   Token: Transfer { 0: alice, 1: bob, 2: 5 }
/// ```
///
/// With `insta`, `insta::assert_snapshot!(suite.printed())` compares it with what was reviewed.
#[derive(Clone, PartialEq, Eq)]
pub struct Printed {
    lines: String,
    gas: Option<u64>,
    gas_used: u64,
}

impl Printed {
    /// The same with the gas that was used.
    #[must_use]
    pub fn with_gas(mut self) -> Printed {
        self.gas = Some(self.gas_used);
        self
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines)?;
        match self.gas {
            Some(gas) => write!(f, "\ngas: {gas}"),
            None => Ok(()),
        }
    }
}

/// As `Display` shows it.
impl fmt::Debug for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Suite {
    /// The last deployment or call as text.
    ///
    /// # Panics
    ///
    /// If there has been none.
    #[must_use]
    #[track_caller]
    pub fn printed(&self) -> Printed {
        match self.last_transaction() {
            Some(transaction) => self.print(&transaction),
            None => panic!("there is nothing to print: nothing was deployed or called"),
        }
    }

    /// A transaction as text.
    #[must_use]
    pub fn print(&self, transaction: &Transaction) -> Printed {
        let name = |address: &Address| self.name(*address);
        let Transaction { mode, from, contract, method, receipt, .. } = transaction;
        let abi = transaction.abi.as_deref();
        let arguments = text::arguments(abi, method, &transaction.arguments, &name);
        let what = abi.map_or("a contract", |abi| &abi.name).to_owned();
        let contract = contract.map_or(what.clone(), |contract| self.name(contract));
        let mut lines = match mode {
            Mode::Deploy => format!("deployment of {what}({arguments})"),
            Mode::Call => format!("{contract}.{method}({arguments})"),
            Mode::View => format!("view {contract}.{method}({arguments})"),
            Mode::Simulate => format!("simulation of {contract}.{method}({arguments})"),
        };
        let mut line = |text: String| {
            lines.push('\n');
            lines.push_str(&text);
        };
        line(format!("from: {}", self.name(*from)));
        if transaction.value > 0 {
            line(format!("value: {}", transaction.value));
        }
        line(format!("status: {:?}", receipt.status));
        match receipt.status {
            Status::Success if *mode == Mode::Deploy => line(format!("contract: {contract}")),
            Status::Success => {
                let returned = text::output(abi, method, &receipt.output, &name);
                line(format!("returned: {returned}"));
            }
            Status::Reverted => {
                self.show_error(abi, &receipt.output).into_iter().for_each(&mut line)
            }
            _ => {}
        }
        if let Some(trap) = &receipt.trap {
            line(self.show_trap(trap));
        }
        let events = transaction.events();
        if !events.is_empty() {
            line("events:".into());
            events.iter().for_each(|event| line(format!("  {}", self.show_event(event))));
        }
        Printed { lines, gas: None, gas_used: receipt.gas_used }
    }

    /// What revert data says, and the meaning of that.
    fn show_error(&self, abi: Option<&Abi>, data: &[u8]) -> Vec<String> {
        let decoded = match abi {
            Some(abi) => abi.decode_revert(data),
            None => Revert::decode_sdk(data),
        };
        let Ok(revert) = decoded else {
            return vec![format!("error: {}", text::hexadecimal(data))];
        };
        let mut lines = vec![format!("error: {}", revert.shown(&|address| self.name(*address)))];
        lines.extend(failure::meaning(&revert).lines().map(|line| format!("  {}", line.trim())));
        lines
    }

    fn show_trap(&self, trap: &CallTrap) -> String {
        format!("trap: {} in {}", trap.text(), self.name(trap.contract.into()))
    }
}
