//! The genesis of a chain as JSON.

use std::path::Path;

use dytallix::chain::{Genesis, Governor, Parameters, Protocol};
use dytallix::crypto::Scheme;
use dytallix::{Address, Amount};
use serde_json::{Map, Value as Json, json};

use super::protocol_file::{number, protocol_json, read_protocol};
use crate::bytes::{hex, parse_hex};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// The form of the document.
const SCHEMA: &str = "dytallix.genesis/1";

/// A genesis as a document.
pub(crate) fn genesis_json(genesis: &Genesis) -> Json {
    let balances = genesis.balances.iter();
    let balances = balances.map(|(account, amount)| (account.to_string(), amount.to_string()));
    let names = genesis.parameters.schemes.iter();
    let names = names.map(|number| Scheme::from_number(*number).map_or("unknown", Scheme::name));
    json!({
        "schema": SCHEMA,
        "chain_id": genesis.chain_id,
        "time_ms": genesis.time_ms,
        "balances": balances.map(|(k, v)| (k, v.into())).collect::<Map<String, Json>>(),
        "governor": governor_json(&genesis.parameters.governor),
        "schemes": names.collect::<Vec<_>>(),
        "validators": hex(&genesis.validators),
        "protocol": protocol_json(&genesis.protocol),
    })
}

/// Who governs, for programs.
pub(crate) fn governor_json(governor: &Governor) -> Json {
    match governor {
        Governor::Account(account) => account.to_string().into(),
        Governor::Threshold { needed, accounts } => json!({
            "needed": needed,
            "accounts": accounts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
        _ => Json::Null,
    }
}

/// Reads the genesis of a file. What it leaves out is as in version 1.
pub(crate) fn read_genesis(path: &Path) -> Result<Genesis, Failure> {
    let wrong = |cause: String| {
        Failure::new(Exit::Usage, format!("{} is no genesis: {cause}", path.display()))
            .way_out("the document that `dytallix init` writes shows the form")
    };
    let bytes = files::read(path)?.ok_or_else(|| {
        Failure::new(Exit::Failed, format!("there is no file {}", path.display()))
            .way_out("check the path")
    })?;
    let json = serde_json::from_slice(&bytes).map_err(|e| wrong(format!("it is no JSON: {e}")))?;
    of_json(&json).map_err(wrong)
}

fn of_json(json: &Json) -> Result<Genesis, String> {
    let Json::Object(members) = json else { return Err("it is no object".to_owned()) };
    if members.get("schema").is_some_and(|schema| schema != SCHEMA) {
        return Err(format!("its schema is not {SCHEMA}"));
    }
    let chain_id = members.get("chain_id").and_then(Json::as_u64);
    let mut genesis = Genesis::new(chain_id.ok_or("chain_id is missing, or no number")?);
    let mut parameters = Parameters::default();
    for (name, value) in members {
        let wrong = || format!("{name} can not be {value}");
        match name.as_str() {
            "schema" | "chain_id" => {}
            "time_ms" => genesis.time_ms = value.as_u64().ok_or_else(wrong)?,
            "balances" => {
                for (account, amount) in value.as_object().ok_or_else(wrong)? {
                    let amount = Amount::new(number(amount).ok_or_else(wrong)?);
                    genesis = genesis.balance(address(account)?, amount);
                }
            }
            "governor" => parameters.governor = governor(value).ok_or_else(wrong)?,
            "schemes" => parameters.schemes = schemes(value).ok_or_else(wrong)?,
            "validators" => {
                genesis.validators = value.as_str().and_then(parse_hex).ok_or_else(wrong)?;
            }
            "protocol" => {
                let protocol = read_protocol(value, Protocol::v1());
                genesis = genesis.protocol(protocol.map_err(|cause| format!("protocol: {cause}"))?);
            }
            _ => return Err(format!("there is no {name}")),
        }
    }
    Ok(genesis.parameters(parameters))
}

fn address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error| format!("{text}: {error}"))
}

fn governor(json: &Json) -> Option<Governor> {
    match json {
        Json::Null => Some(Governor::None),
        Json::String(account) => Some(Governor::Account(account.parse().ok()?)),
        _ => {
            let accounts = json["accounts"].as_array()?.iter();
            let accounts = accounts.map(|account| account.as_str()?.parse().ok());
            let needed = json["needed"].as_u64()?.try_into().ok()?;
            Governor::threshold(needed, accounts.collect::<Option<_>>()?)
        }
    }
}

fn schemes(json: &Json) -> Option<Vec<u8>> {
    let known = |name: &str| {
        let same = |scheme: &Scheme| scheme.name().eq_ignore_ascii_case(name);
        (0..=u8::MAX).filter_map(Scheme::from_number).find(same).map(Scheme::number)
    };
    let mut numbers: Vec<u8> =
        json.as_array()?.iter().map(|name| known(name.as_str()?)).collect::<Option<_>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_genesis_comes_back_from_its_document() {
        let (a, b) = (Address::from_bytes([1; 32]), Address::from_bytes([2; 32]));
        let governors = [
            Governor::None,
            Governor::Account(a),
            Governor::threshold(1, vec![a, b]).expect("a threshold"),
        ];
        for governor in governors {
            let parameters = Parameters::governed_by(governor);
            let genesis = Genesis::new(7).balance(a, Amount::new(u128::MAX)).time_ms(5);
            let genesis = genesis.parameters(parameters);
            assert_eq!(of_json(&genesis_json(&genesis)), Ok(genesis));
        }
    }

    #[test]
    fn what_there_is_not_is_refused() {
        for (json, cause) in [
            (json!({}), "chain_id is missing, or no number"),
            (json!({ "chain_id": 1, "chain": 1 }), "there is no chain"),
            (json!({ "chain_id": 1, "governor": 7 }), "governor can not be 7"),
            (json!({ "chain_id": 1, "schemes": ["rsa"] }), "schemes can not be [\"rsa\"]"),
            (json!({ "chain_id": 1, "protocol": { "x": 1 } }), "protocol: there is no x"),
            (json!({ "chain_id": 1, "schema": "x" }), "its schema is not dytallix.genesis/1"),
        ] {
            assert_eq!(of_json(&json), Err(cause.to_owned()));
        }
    }
}
