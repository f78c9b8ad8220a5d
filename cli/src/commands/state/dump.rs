//! `dytallix state dump`: every row of the state, decoded.

use std::ops::ControlFlow;

use clap::Args;
use dytallix::Address;
use dytallix::state::StateRow;
use serde_json::json;

use super::args::{At, Ledger};
use super::{rows, show};
use crate::failure::Failure;
use crate::report::{Report, print_part};

/// Text is printed in parts of that many bytes.
const PART_BYTES: usize = 64 << 10;

/// Lists every row of the state, one line each: accounts, storage, records of code, histories.
///
/// Lines are printed as the rows are read, so that many of them take no memory. With --json it is
/// one document, made in memory before it is printed: for a large state take the lines, or
/// --contract.
#[derive(Args, Debug)]
pub(crate) struct Dump {
    #[command(flatten)]
    pub(super) ledger: Ledger,
    #[command(flatten)]
    at: At,
    /// Only the rows of this contract: its account, its storage, its history.
    #[arg(long, value_name = "ADDRESS")]
    contract: Option<Address>,
}

impl Dump {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let (state, height) = self.ledger.open_at(self.at)?;
        let failed = |error| self.ledger.failure(&error);
        let then = state.at(height).map_err(failed)?;
        let (mut text, mut list) = (String::new(), Vec::new());
        let mut visit = |row: StateRow| {
            if self.ledger.json {
                list.push(show::row_json(&row));
                return ControlFlow::Continue(());
            }
            text.push_str(&line(&row));
            text.push('\n');
            if text.len() < PART_BYTES {
                return ControlFlow::Continue(());
            }
            match print_part(&std::mem::take(&mut text)) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        };
        rows::walk(&then, self.contract.as_ref(), &mut visit).map_err(failed)?;
        let json = json!({
            "schema": "dytallix.state-dump/1",
            "data": self.ledger.name(),
            "height": height.number(),
            "root": then.root().to_string(),
            "contract": self.contract.map(|contract| contract.to_string()),
            "rows": list,
        });
        Ok(Report { text, json })
    }
}

/// A row as a line.
fn line(row: &StateRow) -> String {
    let facts = show::row_facts(row);
    let facts: Vec<String> = facts.iter().map(|(name, fact)| format!("{name} {fact}")).collect();
    let facts = facts.join("; ");
    match row {
        StateRow::Account(address, _) => format!("account {address}  {facts}"),
        StateRow::Storage(contract, key, value) => {
            let (key, value) = (show::bytes_text(key), show::bytes_text(value));
            format!("storage {contract}  {key} = {value}")
        }
        StateRow::Code(hash, _) => format!("code {hash}  {facts}"),
        StateRow::History(contract, _) => format!("history {contract}  {facts}"),
        _ => "a row of a kind that this version does not know".to_owned(),
    }
}
