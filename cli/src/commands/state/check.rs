//! `dytallix state check`: everything in the file against everything it must agree with.

use clap::Args;
use dytallix::Store;
use serde_json::json;

use super::args::Ledger;
use super::root::{totals_facts, totals_json};
use crate::failure::Failure;
use crate::ledger;
use crate::progress::Progress;
use crate::report::{Paint, Report, facts, grouped};

/// Checks all of the ledger: pages, rows, usage, code, root, and every retained height.
///
/// Damage ends with exit code 4 and says what and where it is.
#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(super) ledger: Ledger,
}

impl Check {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let failed = |error| self.ledger.failure(&error);
        let progress = Progress::new("pages of the file", None, self.ledger.json);
        let mut store = ledger::open_store(&self.ledger.data)?;
        store.verify_medium().map_err(failed)?;
        let file_bytes = store.file_bytes().map_err(failed)?;
        progress.say("root of the state");
        let state = self.ledger.open_state(store)?;
        let report = state.check(&mut |checking| progress.reach_check(checking));
        drop(progress);
        let report = report.map_err(failed)?;
        let head = state.head();
        let mut list = vec![
            ("height", head.map_or("none".to_owned(), |head| head.height.to_string())),
            ("root", state.root().to_string()),
            ("heights", grouped(report.heights)),
            ("rows", grouped(report.rows)),
        ];
        list.extend(totals_facts(&report.totals));
        list.push(("leaves", grouped(report.leaves)));
        list.push(("file", format!("{} bytes", grouped(file_bytes))));
        let json = json!({
            "schema": "dytallix.state-check/1",
            "data": self.ledger.name(),
            "sound": true,
            "height": head.map(|head| head.height.number()),
            "root": state.root().to_string(),
            "oldest": head.map(|head| head.oldest.number()),
            "heights": report.heights,
            "rows": report.rows,
            "totals": totals_json(&report.totals),
            "leaves": report.leaves,
            "file_bytes": file_bytes,
        });
        let sound = Paint.good("all of it is sound");
        Ok(Report { text: format!("{sound}\n{}", facts(&list)), json })
    }
}
