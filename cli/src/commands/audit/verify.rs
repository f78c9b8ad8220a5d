//! `dytallix audit verify`: whether a trail is whole, and that of a chain.

use std::path::PathBuf;

use clap::Args;
use dytallix::chain::{AuditFault, AuditLink, AuditRecord, AuditVerifier};
use dytallix::{Hash, Height};
use serde_json::json;

use super::record;
use crate::bytes::parse_hash;
use crate::chain::Chain;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::report::{Paint, Report, facts};

/// Verifies a trail: that none of its records was changed, left out, added or moved.
///
/// By itself a file can tell of everything but its end: who makes all hashes anew has another trail
/// that is sound. So hold it against the hash of the last record, from a source that you trust
/// (--link), or against the chain (--data). A trail that is refused ends with exit code 1.
#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The file that `dytallix audit export` has written.
    file: PathBuf,
    /// The hash of the last record.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    link: Option<Hash>,
    /// The folder of the chain that it has to be the trail of.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

impl Verify {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let records = self.read()?;
        let mut verifier = AuditVerifier::new(AuditLink::default());
        for found in &records {
            verifier.feed(found).map_err(|fault| self.refused(&fault.to_string()))?;
        }
        let link = verifier.link();
        if let Some(expected) = self.link.filter(|expected| *expected != link.hash) {
            let why = format!("it ends with {}, and not with {expected}", link.hash);
            return Err(self.refused(&why));
        }
        let height = records.last().map_or(Height::default(), |last| last.height);
        if let Some(folder) = &self.data {
            let chain = Chain::open(folder)?;
            let (first, begin) = (Height::new(1), AuditLink::default());
            let compared = chain.runtime.verify_audit(first, height, begin, records.clone());
            let compared = compared.map_err(|error| chain.failure(&error))?;
            compared.map_err(|fault: AuditFault| self.refused(&fault.to_string()))?;
        }
        let against = match (&self.link, &self.data) {
            (Some(_), Some(_)) => "the last hash and the chain",
            (Some(_), None) => "the last hash",
            (None, Some(_)) => "the chain",
            (None, None) => "itself alone: its end is not proved",
        };
        let text = format!("{} the trail is whole\n", Paint.good("verified:"));
        let text = text
            + &facts(&[
                ("against", against.to_owned()),
                ("records", link.sequence.to_string()),
                ("height", height.to_string()),
                ("link", link.hash.to_string()),
            ]);
        let json = json!({
            "schema": "dytallix.audit-verify/1",
            "file": self.file.display().to_string(),
            "verified": true,
            "against_link": self.link.is_some(),
            "against_chain": self.data.is_some(),
            "records": link.sequence,
            "height": height.number(),
            "link": link.hash.to_string(),
        });
        Ok(Report { text, json })
    }

    fn read(&self) -> Result<Vec<AuditRecord>, Failure> {
        let bytes = files::read(&self.file)?.ok_or_else(|| {
            Failure::new(Exit::Failed, format!("there is no file {}", self.file.display()))
                .way_out("the file that `dytallix audit export` has written")
        })?;
        let text = String::from_utf8(bytes).map_err(|_| self.refused("it is no text"))?;
        let read = |(at, line): (usize, &str)| {
            record::read(line).map_err(|why| self.refused(&format!("line {}: {why}", at + 1)))
        };
        text.lines().enumerate().map(read).collect()
    }

    fn refused(&self, why: &str) -> Failure {
        Failure::new(Exit::Failed, format!("the trail is refused: {why}"))
            .at(self.file.display().to_string())
            .way_out("another copy: do not believe what this one says")
            .fact("class", "audit")
    }
}

/// Reads a hash, for clap.
fn hash(text: &str) -> Result<Hash, String> {
    let bytes = parse_hash(text).ok_or("a hash has 64 hexadecimal digits")?;
    Ok(Hash::from_bytes(bytes))
}
