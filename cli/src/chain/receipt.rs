//! Transactions, receipts and events for people and for programs; decoded where an ABI says how.

use std::borrow::Cow;
use std::rc::Rc;

use dytallix::abi::schema::Type;
use dytallix::abi::value::Revert;
use dytallix::abi::{Abi, METHOD_INIT, METHOD_MIGRATE, Value};
use dytallix::chain::{
    AdminOperation, Body, BodyResult, CodeSource, Migration, Transaction, batch_results,
};
use dytallix::{Address, Event, Receipt, Status};
use serde_json::{Value as Json, json};

use super::admin::{admin_json, admin_text};
use super::arguments::value_json;
use super::contract::Abis;
use crate::bytes::{hex, printable};
use crate::report::{Paint, grouped};

/// A status as programs have it: `success`, `out_of_gas`, `nonce_used`.
pub(crate) fn status_name(status: Status) -> String {
    let mut name = String::new();
    for c in format!("{status:?}").chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

/// A status in a sentence.
pub(crate) fn status_docs(status: Status) -> String {
    let docs = status.docs().join(" ");
    let mut chars = docs.trim().trim_end_matches('.').chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// What of a receipt is the result of what: in a batch that failed, of the body that did.
struct Outcome<'a> {
    body: &'a Body,
    output: Cow<'a, [u8]>,
}

impl<'a> Outcome<'a> {
    fn of(receipt: &'a Receipt, body: &'a Body) -> Option<Outcome<'a>> {
        let Body::Batch(bodies) = body else {
            return Some(Outcome { body, output: Cow::Borrowed(&receipt.output) });
        };
        let mut results = batch_results(&receipt.output).ok()?;
        let body = bodies.get(results.len().checked_sub(1)?)?;
        Some(Outcome { body, output: results.pop()?.output.into() })
    }

    /// The method whose output it is, and what its code says of itself.
    fn called(&self, abis: &Abis<'_>) -> Option<(Rc<Abi>, &'a str)> {
        match self.body {
            Body::Call { to, method, .. } => Some((abis.of(to)?, method)),
            Body::Deploy(deployment) => Some((abis.of_code(&deployment.code_hash())?, METHOD_INIT)),
            Body::Upgrade(upgrade) => {
                let code = match &upgrade.migration {
                    Migration::Script { code_hash, .. } => code_hash,
                    _ => &upgrade.code_hash,
                };
                Some((abis.of_code(code)?, METHOD_MIGRATE))
            }
            _ => None,
        }
    }
}

/// The facts of a receipt of a transaction with that body.
pub(crate) fn receipt_facts(
    receipt: &Receipt,
    abis: &Abis<'_>,
    body: &Body,
) -> Vec<(&'static str, String)> {
    let name = status_name(receipt.status).replace('_', " ");
    let name = match receipt.is_success() {
        true => Paint.good(&name),
        false => Paint.bad(&name),
    };
    let mut facts = vec![("status", name)];
    if let Some(reason) = reason(receipt, abis, body) {
        facts.push(("reason", reason));
    } else if let Some(result) = result_value(receipt, abis, body) {
        let text = result.shown(&|address| Address::from(*address).to_string()).to_string();
        facts.push(("result", text));
    } else if !receipt.output.is_empty() && !matches!(body, Body::Batch(_)) {
        facts.push(("output", hex(&receipt.output)));
    }
    facts.push(("gas", gas_text(receipt)));
    facts.push(("fee", receipt.fee.to_string()));
    facts.extend(receipt.contract.iter().map(|contract| ("contract", contract.to_string())));
    let events = receipt.events.iter().map(|event| ("event", event_text(event, abis)));
    facts.extend(events);
    facts
}

fn gas_text(receipt: &Receipt) -> String {
    let parts = receipt.gas.parts().into_iter().filter(|(_, gas)| *gas > 0);
    let parts = parts.map(|(name, gas)| format!("{} {}", name.replace('_', " "), grouped(gas)));
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true => grouped(receipt.gas_used),
        false => format!("{}  ({})", grouped(receipt.gas_used), parts.join(", ")),
    }
}

/// A receipt for programs.
pub(crate) fn receipt_json(receipt: &Receipt, abis: &Abis<'_>, body: &Body) -> Json {
    let gas: serde_json::Map<String, Json> =
        receipt.gas.parts().iter().map(|(name, gas)| (name.to_string(), (*gas).into())).collect();
    let mut json = json!({
        "status": status_name(receipt.status),
        "status_code": receipt.status.code(),
        "gas_used": receipt.gas_used,
        "gas": gas,
        "fee": receipt.fee.to_string(),
        "output": hex(&receipt.output),
        "result": result_value(receipt, abis, body).as_ref().map(value_json),
        "reason": reason(receipt, abis, body),
        "contract": receipt.contract.map(|contract| contract.to_string()),
        "events": receipt.events.iter().map(|event| event_json(event, abis)).collect::<Vec<_>>(),
    });
    if let (Body::Batch(_), Ok(results)) = (body, batch_results(&receipt.output)) {
        let result = |result: &BodyResult| {
            json!({
                "status": status_name(result.status),
                "output": hex(&result.output),
                "contract": result.contract.map(|contract| contract.to_string()),
            })
        };
        json["results"] = results.iter().map(result).collect();
    }
    json
}

/// What a method returned, where its type is known and has something to say.
fn result_value(receipt: &Receipt, abis: &Abis<'_>, body: &Body) -> Option<Value> {
    let Body::Call { .. } = body else { return None };
    let (abi, method) =
        Outcome::of(receipt, body).filter(|_| receipt.is_success())?.called(abis)?;
    let returns = abi.method(method)?.returns;
    if matches!(abi.ty(returns), Some(Type::Tuple(parts)) if parts.is_empty()) {
        return None;
    }
    abi.decode_value(returns, &receipt.output).ok()
}

/// Why it did not succeed, in the contract's words where it has some.
pub(crate) fn reason(receipt: &Receipt, abis: &Abis<'_>, body: &Body) -> Option<String> {
    if receipt.is_success() {
        return None;
    }
    if let Some(trap) = &receipt.trap {
        let place = trap.function.zip(trap.offset);
        let place = place.map(|(f, offset)| format!(" (function {f}, offset {offset:#x})"));
        return Some(format!("trap {}{}", trap.code, place.unwrap_or_default()));
    }
    let outcome = Outcome::of(receipt, body).filter(|_| receipt.status == Status::Reverted);
    let Some(outcome) = outcome else { return Some(status_docs(receipt.status)) };
    let revert = match outcome.called(abis) {
        Some((abi, _)) => abi.decode_revert(&outcome.output).ok(),
        None => Revert::decode_sdk(&outcome.output).ok(),
    };
    let shown =
        |revert: Revert| revert.shown(&|address| Address::from(*address).to_string()).to_string();
    Some(revert.map_or_else(|| format!("reverted with {}", hex(&outcome.output)), shown))
}

/// An event in words: by name where its contract says what it means.
pub(crate) fn event_text(event: &Event, abis: &Abis<'_>) -> String {
    let decoded = abis.decode_event(event);
    if let Some(decoded) = decoded {
        return decoded.shown(&|address| Address::from(*address).to_string()).to_string();
    }
    let topic = |topic: &[u8]| match printable(topic) {
        Some(text) => format!("{text:?}"),
        None => hex(topic),
    };
    let topics: Vec<String> = event.topics.iter().map(|bytes| topic(bytes)).collect();
    format!("[{}] {}", topics.join(", "), hex(&event.data))
}

/// An event for programs.
pub(crate) fn event_json(event: &Event, abis: &Abis<'_>) -> Json {
    let decoded = abis.decode_event(event);
    let fields = decoded.as_ref().map(|decoded| {
        let field = |(name, value): &(String, Value)| (name.clone(), value_json(value));
        decoded.fields.iter().map(field).collect::<serde_json::Map<String, Json>>()
    });
    json!({
        "contract": event.contract.to_string(),
        "name": decoded.as_ref().map(|decoded| decoded.name.clone()),
        "fields": fields,
        "topics": event.topics.iter().map(|topic| hex(topic)).collect::<Vec<_>>(),
        "data": hex(&event.data),
    })
}

/// A transaction for programs.
pub(crate) fn transaction_json(transaction: &Transaction, abis: &Abis<'_>) -> Json {
    let Transaction { fee, .. } = transaction;
    json!({
        "id": transaction.id().to_string(),
        "chain_id": transaction.chain_id,
        "nonce": transaction.nonce.number(),
        "valid_until": transaction.valid_until.number(),
        "signer": transaction.signer.to_string(),
        "gas_limit": fee.gas_limit,
        "gas_price": fee.gas_price.to_string(),
        "tip": fee.tip.to_string(),
        "deposit_limit": fee.deposit_limit.to_string(),
        "body": body_json(&transaction.body, &transaction.signer, abis),
    })
}

fn body_json(body: &Body, signer: &Address, abis: &Abis<'_>) -> Json {
    let mut json = json!({ "kind": body.name() });
    let mut set = |name: &str, value: Json| json[name] = value;
    match body {
        Body::Transfer { to, value } => {
            set("to", to.to_string().into());
            set("value", value.to_string().into());
        }
        Body::Upload { code } => set("code_bytes", code.len().into()),
        Body::Deploy(deployment) => {
            set("contract", deployment.address(signer).to_string().into());
            set("code_hash", deployment.code_hash().to_string().into());
            if let CodeSource::Module(code) = &deployment.code {
                set("code_bytes", code.len().into());
            }
            set("arguments", hex(&deployment.arguments).into());
            set("value", deployment.value.to_string().into());
            set("admin", admin_json(&deployment.admin));
        }
        Body::Call { to, method, arguments, value } => {
            set("to", to.to_string().into());
            set("method", method.to_string().into());
            set("arguments", hex(arguments).into());
            set("values", arguments_json(to, method, arguments, abis));
            set("value", value.to_string().into());
        }
        Body::Upgrade(upgrade) => {
            set("contract", upgrade.contract.to_string().into());
            set("code_hash", upgrade.code_hash.to_string().into());
            match &upgrade.migration {
                Migration::Code(arguments) => set("arguments", hex(arguments).into()),
                Migration::Script { code_hash, arguments } => {
                    set("script", code_hash.to_string().into());
                    set("arguments", hex(arguments).into());
                }
                _ => {}
            }
        }
        Body::RotateKey { scheme, public_key, .. } => {
            set("scheme", (*scheme).into());
            set("public_key", hex(public_key).into());
        }
        Body::Admin(operation) => {
            set("operation", operation.name().into());
            admin_members(operation, &mut set);
        }
        Body::Batch(bodies) => {
            set("bodies", bodies.iter().map(|body| body_json(body, signer, abis)).collect());
        }
        _ => {}
    }
    json
}

fn admin_members(operation: &AdminOperation, set: &mut dyn FnMut(&str, Json)) {
    match operation {
        AdminOperation::SetAdmin { contract, admin } => {
            set("contract", contract.to_string().into());
            set("admin", admin_json(admin));
        }
        AdminOperation::Approve { contract, operation }
        | AdminOperation::Announce { contract, operation } => {
            set("contract", contract.to_string().into());
            set("operation_hash", operation.to_string().into());
        }
        AdminOperation::RemoveCode { code_hash } => {
            set("code_hash", code_hash.to_string().into());
        }
        AdminOperation::Govern(command) => {
            set("change", command.change.name().into());
            set("height", command.height.number().into());
        }
        AdminOperation::ApproveCommand { command } => {
            set("command", command.to_string().into());
        }
        _ => {}
    }
}

/// The arguments of a call by name, where the contract says what it takes.
fn arguments_json(to: &Address, method: &str, arguments: &[u8], abis: &Abis<'_>) -> Json {
    let values = abis.of(to).and_then(|abi| {
        let params = &abi.method(method)?.params;
        abi.decode_fields(params, arguments).ok()
    });
    let field = |(name, value): (String, Value)| (name, value_json(&value));
    match values {
        Some(values) => {
            Json::Object(values.into_iter().map(field).collect::<serde_json::Map<_, _>>())
        }
        None => Json::Null,
    }
}

/// What a transaction does, in a sentence.
pub(crate) fn body_text(body: &Body, signer: &Address) -> String {
    match body {
        Body::Transfer { to, value } => format!("transfer of {value} to {to}"),
        Body::Upload { code } => format!("upload of {} bytes", grouped(code.len() as u64)),
        Body::Deploy(deployment) => format!("deployment of {}", deployment.address(signer)),
        Body::Call { to, method, .. } => format!("call of {method:?} of {to}"),
        Body::Upgrade(upgrade) => {
            format!("upgrade of {} to code {}", upgrade.contract, upgrade.code_hash)
        }
        Body::RotateKey { .. } => "rotation of the signer's key".to_owned(),
        Body::Admin(AdminOperation::SetAdmin { contract, admin }) => {
            format!("admin of {contract} becomes {}", admin_text(admin))
        }
        Body::Admin(operation) => operation.name().replace('_', " "),
        Body::Batch(bodies) => {
            let parts = bodies.iter().map(|body| body_text(body, signer));
            parts.collect::<Vec<_>>().join("; ")
        }
        _ => body.name().to_owned(),
    }
}
