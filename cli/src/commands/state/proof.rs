//! `dytallix state proof`: proves what is at a place, or that nothing is.

use std::path::PathBuf;

use clap::Args;

use super::args::{At, Ledger, Place};
use super::{proof_file, show};
use crate::bytes::hex;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::progress::Progress;
use crate::report::{Paint, Report, facts};

/// Proves what is at an account or at a key of storage, or that nothing is there.
///
/// The proof is one JSON document, that of --json and of the file alike; its `value` is the row in
/// the bytes that are proved. `dytallix state verify-proof` verifies it against a root, without a
/// ledger.
#[derive(Args, Debug)]
pub(crate) struct Proof {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    pub(super) ledger: Ledger,
    #[command(flatten)]
    at: At,
    /// Add the proof as an ICS-23 CommitmentProof, for chains that verify those.
    #[arg(long)]
    ics23: bool,
    /// Write the proof to this file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Proof {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let (mut state, height) = self.ledger.open_at(self.at)?;
        let failed = |error| self.ledger.failure(&error);
        let key = self.place.key();
        let progress = Progress::new("the proof", None, self.ledger.json);
        let proof = state.prove(height, key).map_err(failed)?;
        let ics23 = match self.ics23 {
            true => Some(state.prove_ics23(height, key).map_err(failed)?.map_err(|error| {
                Failure::new(Exit::Failed, format!("there is no ICS-23 proof of it: {error}"))
                    .at(show::place_text(&key))
                    .way_out("the proof without --ics23")
                    .fact("proof_error", format!("{error:?}"))
            })?),
            false => None,
        };
        drop(progress);
        let json = proof_file::document(&proof, ics23.as_deref());
        if let Some(path) = &self.out {
            files::write_whole(path, format!("{json:#}\n").as_bytes())?;
        }
        let outcome = match &proof.value {
            Some(_) => Paint.good("present"),
            None => Paint.good("absent"),
        };
        let encoded = proof.proof.encode();
        let mut list = vec![("height", height.to_string()), ("root", proof.root.to_string())];
        if let Some(row) = &proof.value {
            list.extend(show::encoded_facts(&proof.key, row));
        }
        match &self.out {
            Some(path) => list.push(("file", path.display().to_string())),
            None => {
                list.push(("proof", hex(&encoded)));
                list.extend(ics23.as_deref().map(|ics23| ("ics23", hex(ics23))));
            }
        }
        let text = format!("{} is {outcome}\n{}", show::place_text(&key), facts(&list));
        Ok(Report { text, json })
    }
}
