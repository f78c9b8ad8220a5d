//! `dytallix tx`: a transaction and what came of it.

use clap::Args;
use dytallix::Hash;
use serde_json::json;

use crate::bytes::parse_hash;
use crate::chain::{Abis, DataArgs, body_text, receipt_facts, receipt_json, transaction_json};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Report, facts};

/// Shows a transaction and its receipt.
///
/// What is not there ends with exit code 5. A transaction that was rejected is in no block.
#[derive(Args, Debug)]
pub(crate) struct Tx {
    /// The transaction's id, 64 hexadecimal digits.
    #[arg(value_parser = hash)]
    id: Hash,
    #[command(flatten)]
    pub(crate) data: DataArgs,
}

impl Tx {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let chain = self.data.open()?;
        let found = chain.runtime.transaction(&self.id).map_err(|e| chain.failure(&e))?;
        let Some(found) = found else {
            let cause = format!("there is no transaction {}", self.id);
            return Err(Failure::new(Exit::Absent, cause)
                .way_out("the id that a command has printed when it sent it")
                .fact("id", self.id.to_string()));
        };
        let transaction = &found.transaction.transaction;
        let abis = Abis::with(chain.state(), &transaction.body);
        let mut list = vec![
            ("transaction", self.id.to_string()),
            ("height", format!("{}, number {}", found.height, found.index)),
            ("signer", format!("{}, nonce {}", transaction.signer, transaction.nonce)),
            ("asked", body_text(&transaction.body, &transaction.signer)),
        ];
        list.extend(receipt_facts(&found.receipt, &abis, &transaction.body));
        let json = json!({
            "schema": "dytallix.tx/1",
            "data": self.data.name(),
            "height": found.height.number(),
            "index": found.index,
            "time_ms": found.time_ms,
            "transaction": transaction_json(transaction, &abis),
            "scheme": found.transaction.authentication.scheme,
            "receipt": receipt_json(&found.receipt, &abis, &transaction.body),
        });
        Ok(Report { text: facts(&list), json })
    }
}

/// Reads an id, for clap.
fn hash(text: &str) -> Result<Hash, String> {
    let bytes = parse_hash(text).ok_or("an id has 64 hexadecimal digits")?;
    Ok(Hash::from_bytes(bytes))
}
