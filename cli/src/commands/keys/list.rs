//! `dytallix keys list`: the keys of a folder.

use std::fmt::Write;

use clap::Args;
use serde_json::{Value as Json, json};

use crate::failure::Failure;
use crate::keystore::{KeystoreArgs, Listing, label};
use crate::report::{Paint, Report, columns, plain};

/// Lists the keys with their schemes and addresses; no passphrase is needed.
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    keystore: KeystoreArgs,
    /// Print one JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

impl List {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let keystore = self.keystore.open()?;
        let Listing { keys, damaged } = keystore.list()?;
        let folder = keystore.folder().display().to_string();
        let mut text = String::new();
        if keys.is_empty() {
            let _ = writeln!(text, "there are no keys in {folder}");
        }
        let rows = keys.iter().map(|key| {
            vec![key.name.clone(), key.scheme.name().to_owned(), key.address().to_string()]
        });
        text += &columns(0, &rows.collect::<Vec<_>>());
        let damaged: Vec<(String, Json)> = damaged
            .iter()
            .map(|(path, failure)| (path.display().to_string(), failure.to_json()["cause"].take()))
            .collect();
        for (_, cause) in &damaged {
            let cause = cause.as_str().unwrap_or_default();
            let _ = writeln!(text, "{} {}", Paint.bad("damaged:"), plain(cause));
        }
        let keys = keys.iter().map(|key| {
            json!({
                "name": key.name,
                "scheme": label(key.scheme),
                "address": key.address().to_string(),
            })
        });
        let damaged = damaged.iter().map(|(file, cause)| json!({ "file": file, "cause": cause }));
        let json = json!({
            "schema": "dytallix.keys-list/1",
            "folder": folder,
            "keys": keys.collect::<Vec<_>>(),
            "damaged": damaged.collect::<Vec<_>>(),
        });
        Ok(Report { text, json })
    }
}
