//! `dytallix state root`: how far the ledger has come and how much it holds.

use std::ops::ControlFlow;

use clap::Args;
use dytallix::state::{StateAt, StateRoot, StateRow, StoreError, Totals};
use dytallix::{DiskStore, Height};
use serde_json::{Value as Json, json};

use super::args::{At, Ledger};
use super::rows;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::{Report, facts, grouped};

/// Shows height, state root and how much the state holds.
///
/// With --height it shows the root and the totals of that height, for which all of it is read.
#[derive(Args, Debug)]
pub(crate) struct Root {
    #[command(flatten)]
    pub(super) ledger: Ledger,
    #[command(flatten)]
    at: At,
}

impl Root {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let state = self.ledger.open()?;
        let failed = |error| self.ledger.failure(&error);
        let file_bytes = state.store().file_bytes().map_err(failed)?;
        let (height, root, totals) = match self.at.is_given() {
            true => {
                let height = self.ledger.height(&state, self.at)?;
                let then = state.at(height).map_err(failed)?;
                (Some(height), then.root(), self.totals(&then).map_err(failed)?)
            }
            false => (state.head().map(|head| head.height), state.root(), state.totals()),
        };
        let oldest = state.head().map(|head| head.oldest);
        let json = self.document(height, root, oldest, totals, file_bytes);
        Ok(Report { text: text(height, root, oldest, totals, file_bytes), json })
    }

    fn document(
        &self,
        height: Option<Height>,
        root: StateRoot,
        oldest: Option<Height>,
        totals: Totals,
        file_bytes: u64,
    ) -> Json {
        json!({
            "schema": "dytallix.state-root/1",
            "data": self.ledger.name(),
            "height": height.map(Height::number),
            "root": root.to_string(),
            "oldest": oldest.map(Height::number),
            "totals": totals_json(&totals),
            "file_bytes": file_bytes,
        })
    }

    /// How much the state of a height held: only the totals of the head are kept.
    fn totals(&self, state: &StateAt<'_, DiskStore>) -> Result<Totals, StoreError> {
        let progress = Progress::new("rows", None, self.ledger.json);
        let mut totals = Totals::default();
        let mut rows = 0;
        rows::walk(state, None, &mut |row| {
            match row {
                StateRow::Account(_, account) => {
                    totals.accounts += 1;
                    totals.contracts += u64::from(account.contract.is_some());
                }
                StateRow::Storage(_, key, value) => {
                    totals.items += 1;
                    totals.bytes += (key.len() + value.len()) as u64;
                }
                StateRow::Code(_, info) => {
                    totals.codes += 1;
                    totals.code_bytes += u64::from(info.length);
                }
                _ => {}
            }
            rows += 1;
            progress.reach(rows);
            ControlFlow::Continue(())
        })?;
        Ok(totals)
    }
}

/// Totals for programs.
pub(super) fn totals_json(totals: &Totals) -> Json {
    json!({
        "accounts": totals.accounts,
        "contracts": totals.contracts,
        "items": totals.items,
        "bytes": totals.bytes,
        "codes": totals.codes,
        "code_bytes": totals.code_bytes,
    })
}

/// Totals for people.
pub(super) fn totals_facts(totals: &Totals) -> Vec<(&'static str, String)> {
    vec![
        ("accounts", grouped(totals.accounts)),
        ("contracts", grouped(totals.contracts)),
        ("items", format!("{}, {} bytes", grouped(totals.items), grouped(totals.bytes))),
        ("codes", format!("{}, {} bytes", grouped(totals.codes), grouped(totals.code_bytes))),
    ]
}

fn text(
    height: Option<Height>,
    root: StateRoot,
    oldest: Option<Height>,
    totals: Totals,
    file_bytes: u64,
) -> String {
    let height_text = |height: Option<Height>| {
        height.map_or("none: nothing has been committed".to_owned(), |height| height.to_string())
    };
    let mut list = vec![
        ("height", height_text(height)),
        ("root", root.to_string()),
        ("oldest height", height_text(oldest)),
    ];
    list.extend(totals_facts(&totals));
    list.push(("file", format!("{} bytes", grouped(file_bytes))));
    facts(&list)
}
