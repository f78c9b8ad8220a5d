//! `dytallix state prune`: drops old heights, in steps.

use clap::Args;
use dytallix::state::Pruned;
use serde_json::json;

use super::args::Ledger;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::{Report, facts, grouped};

/// How many heights go in one batch of writes.
const STEP_HEIGHTS: u64 = 64;

/// Drops old heights: they can no longer be read. The state and its root stay.
///
/// It works in steps, each durable: interrupted and run again, it goes on.
#[derive(Args, Debug)]
pub(crate) struct Prune {
    #[command(flatten)]
    pub(super) ledger: Ledger,
    /// How many of the last blocks stay readable; 1 keeps the last one only.
    #[arg(long, value_name = "BLOCKS", value_parser = clap::value_parser!(u64).range(1..))]
    keep: u64,
}

impl Prune {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let mut state = self.ledger.open()?;
        let mut done = Pruned::default();
        let mut progress = None;
        loop {
            let step = state
                .prune(self.keep, STEP_HEIGHTS)
                .map_err(|error| self.ledger.failure(&error))?;
            done.heights += step.heights;
            done.rows += step.rows;
            done.codes += step.codes;
            progress
                .get_or_insert_with(|| {
                    let all = step.heights + step.remaining;
                    Progress::new("heights", Some(all), self.ledger.json)
                })
                .reach(done.heights);
            if step.remaining == 0 {
                break;
            }
        }
        drop(progress);
        let head = state.head();
        let number = |height: Option<u64>| height.map_or("none".to_owned(), |h| h.to_string());
        let (height, oldest) =
            (head.map(|head| head.height.number()), head.map(|head| head.oldest.number()));
        let text = facts(&[
            ("heights", format!("{} dropped", grouped(done.heights))),
            ("rows", format!("{} removed", grouped(done.rows))),
            ("codes", format!("{} removed", grouped(done.codes))),
            ("oldest height", number(oldest)),
            ("height", number(height)),
            ("root", state.root().to_string()),
        ]);
        let json = json!({
            "schema": "dytallix.state-prune/1",
            "data": self.ledger.name(),
            "keep": self.keep,
            "heights": done.heights,
            "rows": done.rows,
            "codes": done.codes,
            "oldest": oldest,
            "height": height,
            "root": state.root().to_string(),
        });
        Ok(Report { text, json })
    }
}
