//! `dytallix gas replay`: blocks executed again under another protocol.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use dytallix::chain::{Protocol, ReplayReport, Replayed};
use dytallix::{Address, Height};
use serde_json::{Value as Json, json};

use crate::chain::{Chain, DataArgs, protocol_of_file, schedule_of_file, status_name};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::{Paint, Report, facts, grouped};

/// Transactions that are shown; the JSON document has all.
const LINES: usize = 40;

/// Executes stored blocks again under another protocol, and says what would have changed.
///
/// The file has the members of `protocol` in the genesis that are to be others; --schedule those of
/// `protocol.schedule` alone. Each block is executed over the state that it was executed over.
/// Nothing is changed. Without a file the blocks are checked under the chain's own protocol.
#[derive(Args, Debug)]
pub(super) struct Replay {
    /// The first height; without it the first that can be executed again.
    #[arg(long, value_name = "HEIGHT")]
    from: Option<u64>,
    /// The last height; without it the last one.
    #[arg(long, value_name = "HEIGHT")]
    to: Option<u64>,
    /// Other prices of operators.
    #[arg(long, value_name = "FILE", conflicts_with = "protocol")]
    schedule: Option<PathBuf>,
    /// Another protocol.
    #[arg(long, value_name = "FILE")]
    protocol: Option<PathBuf>,
    #[command(flatten)]
    pub(super) data: DataArgs,
}

impl Replay {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let mut chain = self.data.open()?;
        let base = chain.next_block(Address::from_bytes([0; 32]))?.protocol().clone();
        let protocol = match (&self.schedule, &self.protocol) {
            (Some(path), _) => schedule_of_file(path, base.clone())?,
            (_, Some(path)) => protocol_of_file(path, base.clone())?,
            _ => base.clone(),
        };
        let (from, to) = self.range(&chain)?;
        let blocks = to.number() - from.number() + 1;
        let progress = Progress::new("blocks", Some(blocks), self.data.json);
        let mut changed = Vec::new();
        let report = chain.runtime.replay(from, to, &protocol, |replayed| {
            progress.reach(replayed.height.number() - from.number());
            let differs = replayed.has_other_gas()
                || replayed.has_other_status()
                || replayed.has_other_result();
            if differs {
                changed.push(replayed.clone());
            }
        });
        drop(progress);
        let report = report.map_err(|error| chain.failure(&error))?;
        Ok(Report {
            text: text(&report, &changed, &protocol),
            json: self.document(&report, &changed, (from, to), (&base, &protocol)),
        })
    }

    /// The heights: those whose state before is retained, unless others are asked for.
    fn range(&self, chain: &Chain) -> Result<(Height, Height), Failure> {
        let oldest = chain.state().head().map_or(0, |head| head.oldest.number());
        let from = self.from.unwrap_or(oldest + 1);
        let to = self.to.unwrap_or(chain.height().number());
        let wrong = |cause: String| {
            Failure::new(Exit::Usage, cause)
                .at(format!("heights {} to {} can be executed again", oldest + 1, chain.height()))
                .way_out("--from and --to within these")
        };
        match from {
            _ if from > to => Err(wrong(format!("there are no blocks from {from} to {to}"))),
            _ if from == 0 => Err(wrong("height 0 is the genesis, and no block".to_owned())),
            _ => Ok((Height::new(from), Height::new(to))),
        }
    }

    fn document(
        &self,
        report: &ReplayReport,
        changed: &[Replayed],
        (from, to): (Height, Height),
        (base, protocol): (&Protocol, &Protocol),
    ) -> Json {
        json!({
            "schema": "dytallix.gas-replay/1",
            "data": self.data.name(),
            "from": from.number(),
            "to": to.number(),
            "protocol_of_chain": base.id().to_string(),
            "protocol": protocol.id().to_string(),
            "blocks": report.blocks,
            "transactions": report.transactions,
            "gas_before": report.gas_before.to_string(),
            "gas_after": report.gas_after.to_string(),
            "other_status": report.other_status,
            "other_result": report.other_result,
            "other_gas": report.other_gas,
            "changed": changed.iter().map(replayed_json).collect::<Vec<_>>(),
        })
    }
}

fn replayed_json(replayed: &Replayed) -> Json {
    let receipt = |receipt: &dytallix::Receipt| {
        json!({
            "status": status_name(receipt.status),
            "gas_used": receipt.gas_used,
            "fee": receipt.fee.to_string(),
        })
    };
    json!({
        "height": replayed.height.number(),
        "index": replayed.index,
        "id": replayed.id.map(|id| id.to_string()),
        "before": receipt(&replayed.before),
        "after": receipt(&replayed.after),
        "other_result": replayed.has_other_result(),
    })
}

fn text(report: &ReplayReport, changed: &[Replayed], protocol: &Protocol) -> String {
    let total = |gas: u128| u64::try_from(gas).map_or_else(|_| gas.to_string(), grouped);
    let mut text = facts(&[
        ("protocol", protocol.id().to_string()),
        ("blocks", format!("{}, {} transactions", report.blocks, report.transactions)),
        ("gas", format!("{} → {}", total(report.gas_before), total(report.gas_after))),
        ("other gas", report.other_gas.to_string()),
        ("other status", report.other_status.to_string()),
        ("other result", report.other_result.to_string()),
    ]);
    for replayed in changed.iter().take(LINES) {
        let Replayed { height, index, before, after, .. } = replayed;
        let gas = (grouped(before.gas_used), grouped(after.gas_used));
        let _ = write!(text, "{height}/{index}  gas {} → {}", gas.0, gas.1);
        if replayed.has_other_status() {
            let names = [before.status, after.status].map(status_name);
            let _ = write!(text, "  {}", Paint.bad(&format!("{} → {}", names[0], names[1])));
        } else if replayed.has_other_result() {
            text.push_str("  another result");
        }
        text.push('\n');
    }
    if changed.len() > LINES {
        let _ = writeln!(text, "… and {} more", changed.len() - LINES);
    }
    text
}
