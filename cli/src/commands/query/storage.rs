//! `dytallix query ADDRESS KEY`: a value of a contract's storage.

use dytallix::Address;
use dytallix::abi::Abi;
use dytallix::abi::schema::StorageKind;
use dytallix::abi::value::StorageKey;
use dytallix::state::{StateKey, View};
use serde_json::{Value as Json, json};

use super::Query;
use crate::bytes::{hex, parse_hex};
use crate::chain::{Chain, Contract, from_text};
use crate::commands::state::{bytes_json, bytes_text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;
use crate::report::{Report, facts, plain};

pub(super) fn execute(query: &Query, chain: &mut Chain, text: &str) -> Result<Report, Failure> {
    let contract = Contract::find(&chain.at(query.height)?, &query.address)?;
    let key = read_key(contract.abi.as_deref(), text)?;
    let proof = query.prove(chain, StateKey::Storage(&query.address, &key))?;
    let view = chain.at(query.height)?;
    let height = query.height.map_or(chain.height(), dytallix::Height::new);
    let value = view.storage(&query.address, &key);
    let value = value.map_err(|error| ledger::failure(&error, &chain.folder))?;
    let Some(value) = value else {
        let cause = format!("there is nothing at {} of {}", plain(text), query.address);
        let mut failure = Failure::new(Exit::Absent, cause)
            .at(format!("height {height}, key {}", hex(&key)))
            .way_out("another key: `dytallix query` of the contract alone lists its handles")
            .fact("key", hex(&key));
        if let Some(file) = &proof {
            failure = failure.note("proof", file).fact("proof", file.as_str());
        }
        return Err(failure);
    };
    let entry = contract.abi.as_ref().and_then(|abi| abi.decode_storage(&key, &value).ok());
    let address = |address: &dytallix::abi::Address| Address::from(*address).to_string();
    let decoded: Option<Json> =
        entry.as_ref().and_then(|entry| serde_json::from_str(&entry.to_json_with(&address)).ok());
    let json = json!({
        "schema": "dytallix.query-storage/1",
        "data": query.data.name(),
        "height": height.number(),
        "root": view.root().to_string(),
        "contract": query.address.to_string(),
        "key": hex(&key),
        "value": bytes_json(&value),
        "entry": decoded,
        "proof": proof,
    });
    let mut list = match &entry {
        Some(entry) => vec![("entry", entry.shown(&address).to_string())],
        None => vec![("value", bytes_text(&value))],
    };
    list.push(("key", hex(&key)));
    list.push(("height", height.to_string()));
    list.extend(proof.map(|file| ("proof", file)));
    Ok(Report { text: facts(&list), json })
}

/// The bytes of a key: `0x…`, or a handle of the contract with what of it is asked for.
fn read_key(abi: Option<&Abi>, text: &str) -> Result<Vec<u8>, Failure> {
    let wrong =
        |cause: String, way_out: String| Err(Failure::new(Exit::Usage, cause).way_out(way_out));
    if text.starts_with("0x") {
        return match parse_hex(text).filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => Ok(bytes),
            None => wrong(format!("{text} is no key"), "pairs of digits behind 0x".to_owned()),
        };
    }
    let Some(abi) = abi else {
        let cause = "the contract does not say how its storage is laid out: it has no ABI section";
        return wrong(cause.to_owned(), "the key as 0x…".to_owned());
    };
    let (handle, rest) = match text.find(['[', '.']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let Some(storage) = abi.handle(handle) else {
        let handles = abi.storage.iter().map(|storage| plain(&storage.handle));
        let handles = handles.collect::<Vec<_>>().join(", ");
        let cause = format!("{} has no storage handle \"{}\"", abi.name, plain(handle));
        return wrong(cause, handles);
    };
    let inner = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let (key, form) = match storage.kind {
        StorageKind::Item(_) => (rest.is_empty().then_some(StorageKey::Item), handle.to_owned()),
        StorageKind::Map(ty, _) => {
            let value = inner.map(|inner| from_text(abi, ty, inner));
            let value = match value.transpose() {
                Ok(value) => value,
                Err(error) => return wrong(format!("key{error}"), format!("{handle}[KEY]")),
            };
            (value.map(StorageKey::Map), format!("{handle}[{}]", abi.type_name(ty)))
        }
        StorageKind::List(_) => {
            let index = inner.and_then(|inner| inner.parse().ok()).map(StorageKey::Index);
            let length = (rest == ".len").then_some(StorageKey::Length);
            (index.or(length), format!("{handle}[INDEX] or {handle}.len"))
        }
    };
    let Some(key) = key else {
        return wrong(format!("{} is no key of {handle}", plain(text)), form);
    };
    abi.storage_key(handle, &key).or_else(|error| wrong(error.to_string(), form))
}
