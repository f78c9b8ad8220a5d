//! What is at places of state, for people and for programs.

use dytallix::state::{Account, CodeInfo, ContractInfo, PastVersion, StateKey, StateRow};
use serde_json::{Value as Json, json};

use crate::bytes::{hex, printable};
use crate::chain::{admin_json, admin_text};
use crate::report::grouped;

/// Bytes: in hexadecimal and, where they can be read, as text.
pub(crate) fn bytes_text(bytes: &[u8]) -> String {
    match printable(bytes) {
        Some(text) => format!("{} {text:?}", hex(bytes)),
        None => hex(bytes),
    }
}

/// The same for programs.
pub(crate) fn bytes_json(bytes: &[u8]) -> Json {
    json!({ "hex": hex(bytes), "text": printable(bytes) })
}

/// A place in words.
pub(super) fn place_text(key: &StateKey<'_>) -> String {
    match key {
        StateKey::Account(address) => format!("account {address}"),
        StateKey::Storage(contract, key) => {
            format!("storage of {contract} at {}", bytes_text(key))
        }
        StateKey::Code(hash) => format!("record of code {hash}"),
        StateKey::History(contract) => format!("history of {contract}"),
        _ => format!("state key {}", hex(&key.to_bytes())),
    }
}

/// What is in a row, each fact with its name.
pub(super) fn row_facts(row: &StateRow) -> Vec<(&'static str, String)> {
    match row {
        StateRow::Account(_, account) => account_facts(account),
        StateRow::Storage(_, _, value) => vec![("value", bytes_text(value))],
        StateRow::Code(_, info) => code_facts(info),
        StateRow::History(_, history) => {
            history.iter().map(|past| ("before", past_text(past))).collect()
        }
        _ => Vec::new(),
    }
}

/// The same of a row in its bytes, as a proof has it.
pub(super) fn encoded_facts(key: &[u8], row: &[u8]) -> Vec<(&'static str, String)> {
    StateRow::decode(key, row).map(|row| row_facts(&row)).unwrap_or_else(|error| {
        vec![("row", hex(row)), ("note", format!("this version cannot read that row: {error}"))]
    })
}

/// A row for programs.
pub(super) fn row_json(row: &StateRow) -> Json {
    match row {
        StateRow::Account(address, account) => json!({
            "kind": "account",
            "address": address.to_string(),
            "account": account_json(account),
        }),
        StateRow::Storage(contract, key, value) => json!({
            "kind": "storage",
            "contract": contract.to_string(),
            "key": bytes_json(key),
            "value": bytes_json(value),
        }),
        StateRow::Code(hash, info) => json!({
            "kind": "code",
            "code_hash": hash.to_string(),
            "code": code_json(info),
        }),
        StateRow::History(contract, history) => json!({
            "kind": "history",
            "contract": contract.to_string(),
            "versions": history.iter().map(past_json).collect::<Vec<_>>(),
        }),
        _ => json!({ "kind": "unknown" }),
    }
}

/// The facts of an account and its contract, each with its name.
pub(crate) fn account_facts(account: &Account) -> Vec<(&'static str, String)> {
    let auth = match &account.auth {
        Some(auth) => format!("scheme {}, key hash {}", auth.scheme, auth.key_hash),
        None => "the key of its address".to_owned(),
    };
    let mut facts = vec![
        ("nonce", account.nonce.to_string()),
        ("balance", account.balance.to_string()),
        ("auth", auth),
    ];
    if let Some(info) = &account.contract {
        facts.extend(contract_facts(info));
    }
    facts
}

fn contract_facts(info: &ContractInfo) -> Vec<(&'static str, String)> {
    let analysis = match &info.analysis {
        Some(a) => {
            format!("score {} of 10,000, version {}, report {}", a.score, a.version, a.report)
        }
        None => "none".to_owned(),
    };
    let usage = (grouped(info.usage.items), grouped(info.usage.bytes));
    vec![
        ("code hash", info.code_hash.to_string()),
        ("version", info.version.to_string()),
        ("schema", info.schema.to_string()),
        ("admin", admin_text(&info.admin)),
        ("deployer", info.deployer.to_string()),
        ("deployed at", format!("height {}", info.deployed_height)),
        ("analysis", analysis),
        ("deposit", info.deposit.to_string()),
        ("usage", format!("{} items, {} bytes", usage.0, usage.1)),
    ]
}

/// An account for programs. Amounts are text, since they do not fit the numbers of JSON.
pub(crate) fn account_json(account: &Account) -> Json {
    let auth = account
        .auth
        .as_ref()
        .map(|auth| json!({ "scheme": auth.scheme, "key_hash": auth.key_hash.to_string() }));
    json!({
        "nonce": account.nonce.number(),
        "balance": account.balance.to_string(),
        "auth": auth,
        "contract": account.contract.as_ref().map(contract_json),
    })
}

fn contract_json(info: &ContractInfo) -> Json {
    let analysis = info.analysis.as_ref().map(|analysis| {
        json!({
            "version": analysis.version,
            "score": analysis.score,
            "report": analysis.report.to_string(),
        })
    });
    json!({
        "code_hash": info.code_hash.to_string(),
        "version": info.version,
        "schema": info.schema,
        "admin": admin_json(&info.admin),
        "deployer": info.deployer.to_string(),
        "deployed_height": info.deployed_height.number(),
        "analysis": analysis,
        "deposit": info.deposit.to_string(),
        "usage": { "items": info.usage.items, "bytes": info.usage.bytes },
    })
}

/// The facts of a record of code, each with its name.
fn code_facts(info: &CodeInfo) -> Vec<(&'static str, String)> {
    vec![
        ("length", info.length.to_string()),
        ("references", info.references.to_string()),
        ("uploader", info.uploader.to_string()),
        ("deposit", info.deposit.to_string()),
    ]
}

/// A record of code for programs.
fn code_json(info: &CodeInfo) -> Json {
    json!({
        "length": info.length,
        "references": info.references,
        "uploader": info.uploader.to_string(),
        "deposit": info.deposit.to_string(),
    })
}

/// A past version in words.
fn past_text(past: &PastVersion) -> String {
    format!(
        "code hash {} schema {} height {} by {}",
        past.code_hash, past.schema, past.height, past.by
    )
}

/// A past version for programs.
pub(crate) fn past_json(past: &PastVersion) -> Json {
    json!({
        "code_hash": past.code_hash.to_string(),
        "schema": past.schema,
        "height": past.height.number(),
        "by": past.by.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use dytallix::Address;

    use super::*;

    #[test]
    fn a_proved_row_that_cannot_be_read_is_shown_as_it_is() {
        let contract = Address::from_bytes([7; 32]);
        let key = StateKey::Storage(&contract, b"key").to_bytes();
        assert_eq!(encoded_facts(&key, b"\x01abc"), [("value", bytes_text(b"abc"))]);
        for (key, row) in [(&key[..], &b"\x02abc"[..]), (&key, b""), (b"\x09", b"abc")] {
            let facts = encoded_facts(key, row);
            assert_eq!(facts[0], ("row", hex(row)));
            assert!(facts[1].1.starts_with("this version cannot read that row: "), "{facts:?}");
        }
    }
}
