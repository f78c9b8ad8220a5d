//! `dytallix state get`: an account, or a value of a contract's storage.

use clap::Args;
use dytallix::state::{StateKey, View};
use serde_json::json;

use super::args::{At, Ledger, Place};
use super::show;
use crate::bytes::hex;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Paint, Report, facts};

/// Shows an account and its contract or, with a key, a value of the contract's storage.
///
/// What is not there ends with exit code 5.
#[derive(Args, Debug)]
pub(crate) struct Get {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    pub(super) ledger: Ledger,
    #[command(flatten)]
    at: At,
}

impl Get {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let (state, height) = self.ledger.open_at(self.at)?;
        let failed = |error| self.ledger.failure(&error);
        let view = state.at(height).map_err(failed)?;
        let key = self.place.key();
        let mut json = json!({
            "schema": "dytallix.state-get/1",
            "data": self.ledger.name(),
            "height": height.number(),
            "root": view.root().to_string(),
        });
        let mut text = format!("{} at height {height}\n", Paint.head(&show::place_text(&key)));
        let is_there = match key {
            StateKey::Storage(contract, storage_key) => {
                let value = view.storage(contract, storage_key).map_err(failed)?;
                json["contract"] = contract.to_string().into();
                json["key"] = show::bytes_json(storage_key);
                if let Some(value) = &value {
                    json["value"] = show::bytes_json(value);
                    text.push_str(&facts(&[("value", show::bytes_text(value))]));
                }
                value.is_some()
            }
            StateKey::Account(address) => {
                let account = view.account(address).map_err(failed)?;
                json["address"] = address.to_string().into();
                if let Some(account) = &account {
                    json["account"] = show::account_json(account);
                    text.push_str(&facts(&show::account_facts(account)));
                }
                account.is_some()
            }
            _ => false,
        };
        if is_there {
            return Ok(Report { text, json });
        }
        Err(Failure::new(Exit::Absent, format!("there is no {}", show::place_text(&key)))
            .at(format!("height {height}, root {}", view.root()))
            .way_out("`dytallix state dump` lists all that there is")
            .fact("height", height.number())
            .fact("root", view.root().to_string())
            .fact("state_key", hex(&key.to_bytes())))
    }
}
