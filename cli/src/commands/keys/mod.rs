//! `dytallix keys`: keys that sign, in files that a passphrase opens. One file per subcommand.

mod import;
mod list;
mod new;
mod show;
mod sign;

use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};

use crate::bytes::hex;
use crate::failure::Failure;
use crate::keystore::{KeyFile, Keystore, label};
use crate::report::{Paint, Report, facts};

/// Makes, lists, shows and imports keys, and signs with them.
///
/// Each key is a file of JSON in a folder, whose seed is sealed with a passphrase: Argon2id and
/// XChaCha20-Poly1305. No command takes a passphrase or a seed as an argument, which others could
/// read. Nothing is ever overwritten, and whoever loses the passphrase loses the key.
#[derive(Args, Debug)]
pub(crate) struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    New(new::New),
    List(list::List),
    Show(show::Show),
    Import(import::Import),
    Sign(sign::Sign),
}

impl Keys {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        match &self.command {
            Command::New(new) => new.execute(),
            Command::List(list) => list.execute(),
            Command::Show(show) => show.execute(),
            Command::Import(import) => import.execute(),
            Command::Sign(sign) => sign.execute(),
        }
    }

    /// Whether it is to print one JSON document.
    pub(crate) fn wants_json(&self) -> bool {
        match &self.command {
            Command::New(new) => new.json,
            Command::List(list) => list.json,
            Command::Show(show) => show.json,
            Command::Import(import) => import.json,
            Command::Sign(sign) => sign.json,
        }
    }
}

/// What is told of a key that was added.
fn added(verb: &str, schema: &str, key: &KeyFile, keystore: &Keystore) -> Report {
    let file = keystore.path(&key.name).display().to_string();
    let mut text = format!("{} the key {}\n", Paint.good(verb), key.name);
    text += &facts(&[
        ("address", key.address().to_string()),
        ("scheme", key.scheme.name().to_owned()),
        ("file", file.clone()),
    ]);
    let note = "without the file or its passphrase the key is lost: keep a copy of both";
    text += &format!("{} {note}\n", Paint.dim("note"));
    Report { text, json: document(schema, key, [("file", file.into())]) }
}

/// The JSON document of a key, with these members more.
fn document<const N: usize>(schema: &str, key: &KeyFile, more: [(&str, Json); N]) -> Json {
    let mut document = json!({
        "schema": schema,
        "name": key.name,
        "scheme": label(key.scheme),
        "address": key.address().to_string(),
        "public_key": hex(&key.public_key),
    });
    for (name, value) in more {
        document[name] = value;
    }
    document
}
