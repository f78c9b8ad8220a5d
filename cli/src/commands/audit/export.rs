//! `dytallix audit export`: the trail as lines of JSON.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use dytallix::Height;
use dytallix::chain::AuditLink;
use serde_json::json;

use super::record;
use crate::chain::DataArgs;
use crate::failure::Failure;
use crate::files;
use crate::report::{Report, facts};

/// Exports what was decided, from the first block on, as a line of JSON for each record.
///
/// Every node of a chain exports the same. The hash of each record covers the one before; keep the
/// last, which is printed, where nobody can change it: `dytallix audit verify --link` holds a file
/// against it.
#[derive(Args, Debug)]
pub(super) struct Export {
    /// Write the records to this file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Up to this height; without it to the last one.
    #[arg(long, value_name = "HEIGHT")]
    to: Option<u64>,
    #[command(flatten)]
    pub(super) data: DataArgs,
}

impl Export {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let chain = self.data.open()?;
        let to = self.to.map_or(chain.height(), Height::new);
        let mut lines = String::new();
        let link = chain.runtime.audit(Height::new(1), to, AuditLink::default(), &mut |found| {
            lines.push_str(&record::line(found));
            ControlFlow::Continue(())
        });
        let link = link.map_err(|error| chain.failure(&error))?;
        files::write_whole(&self.out, lines.as_bytes())?;
        let file = self.out.display().to_string();
        let text = facts(&[
            ("records", link.sequence.to_string()),
            ("height", to.to_string()),
            ("link", link.hash.to_string()),
            ("file", file.clone()),
        ]);
        let json = json!({
            "schema": "dytallix.audit-export/1",
            "data": self.data.name(),
            "file": file,
            "height": to.number(),
            "records": link.sequence,
            "link": link.hash.to_string(),
        });
        Ok(Report { text, json })
    }
}
