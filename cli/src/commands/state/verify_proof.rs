//! `dytallix state verify-proof`: verifies a proof against a root, without a ledger.

use std::path::PathBuf;

use clap::Args;
use dytallix::state::{StateKey, StateRoot, StateRow};
use dytallix::{Address, Hash};
use serde_json::json;

use super::args::state_root;
use super::{proof_file, show};
use crate::bytes::hex;
use crate::failure::Failure;
use crate::report::{Paint, Report, facts};

/// Verifies a proof against a root that you trust, without a ledger.
///
/// The root has to come from elsewhere: that in the file is not believed, and its height proves
/// nothing. A proof that is refused ends with exit code 1 and says why. An ICS-23 proof in the file
/// is not looked at: what is verified is the other one.
#[derive(Args, Debug)]
pub(crate) struct VerifyProof {
    /// The file that `dytallix state proof` has written.
    file: PathBuf,
    /// The trusted state root, 64 hexadecimal digits.
    #[arg(long, value_name = "ROOT", value_parser = state_root)]
    root: StateRoot,
    /// Print one JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

impl VerifyProof {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let file = proof_file::read(&self.file)?;
        let names_other_root =
            file.root.as_ref().is_some_and(|root| *root != self.root.to_string());
        let verified = match &file.value {
            Some(value) => file.proof.verify_inclusion(&self.root, &file.key, value),
            None => file.proof.verify_exclusion(&self.root, &file.key),
        };
        verified.map_err(|error| {
            let failure =
                proof_file::refused(error, &self.file).note("root", self.root.to_string());
            match (&file.root, names_other_root) {
                (Some(root), true) => failure.note("file", format!("it is of the root {root}")),
                _ => failure,
            }
        })?;
        let place = place_text(&file.key);
        let outcome = if file.value.is_some() { "present" } else { "absent" };
        let mut list = vec![("root", self.root.to_string()), ("state key", hex(&file.key))];
        if let Some(row) = &file.value {
            list.extend(show::encoded_facts(&file.key, row));
        }
        if names_other_root {
            list.push(("note", "the file names another root, which was not used".to_owned()));
        }
        if file.has_ics23 {
            list.push(("note", "the ICS-23 proof in the file was not verified".to_owned()));
        }
        let text = format!(
            "{} {place} is {outcome} in the state of that root\n{}",
            Paint.good("proved:"),
            facts(&list)
        );
        let row = file.value.as_deref().map(|row| StateRow::decode(&file.key, row));
        let json = json!({
            "schema": "dytallix.state-verify-proof/1",
            "file": self.file.display().to_string(),
            "root": self.root.to_string(),
            "verified": true,
            "outcome": outcome,
            "place": place,
            "key": hex(&file.key),
            "value": file.value.as_deref().map(hex),
            "row": row.and_then(Result::ok).as_ref().map(show::row_json),
        });
        Ok(Report { text, json })
    }
}

/// The place of a state key in words; its bytes where it is no place.
fn place_text(key: &[u8]) -> String {
    let raw = || format!("state key {}", hex(key));
    let Some((kind, place)) = key.split_first() else { return raw() };
    let Some((id, storage_key)) = place.split_first_chunk::<32>() else { return raw() };
    let (address, hash) = (Address::from_bytes(*id), Hash::from_bytes(*id));
    let place = match *kind {
        StateKey::ACCOUNT => StateKey::Account(&address),
        StateKey::STORAGE if !storage_key.is_empty() => StateKey::Storage(&address, storage_key),
        StateKey::CODE => StateKey::Code(&hash),
        StateKey::HISTORY => StateKey::History(&address),
        _ => return raw(),
    };
    // What stands behind an address or a hash makes it another key, which is no place.
    if place.to_bytes() == key { show::place_text(&place) } else { raw() }
}
