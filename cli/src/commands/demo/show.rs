//! Receipts and events for people and for programs.

use std::fmt::Write;

use dytallix::abi::Abi;
use dytallix::{Event, Receipt, Status, Store};
use serde_json::{Value as Json, json};

use super::{Ledger, Model, PEOPLE, Step, address};
use crate::bytes::hex;
use crate::ledger;
use crate::report::{Paint, columns, facts, grouped};

/// The whole demo as text.
pub(super) fn text<S: Store>(ledger: &Ledger<S>, steps: &[Step], model: &Model) -> String {
    let mut text = format!("{} {}\n", Paint.head("token"), ledger.token);
    if ledger.continued {
        text.push_str("it is in the ledger already, and goes on from the balances it has\n");
    }
    text.push('\n');
    for step in steps {
        let receipt = &step.receipt;
        let status = match receipt.status {
            Status::Success => Paint.good(status(receipt.status)),
            _ => Paint.bad(status(receipt.status)),
        };
        let gas = format!("gas {}", grouped(receipt.gas_used));
        let head = Paint.head(step.name);
        let _ = writeln!(text, "{head}  {}\n  {status}, {gas}", sentence(step));
        if let Some(reason) = &step.reason {
            let _ = writeln!(text, "  {} {reason}", Paint.dim("reason"));
        }
        for event in &receipt.events {
            let _ = writeln!(text, "  {}  {}", Paint.dim("event"), event_text(event));
        }
        text.push('\n');
    }
    let mut rows: Vec<Vec<String>> = vec![vec!["balances".to_owned(), String::new()]];
    let balances = PEOPLE.iter().zip(model.balances);
    rows.extend(balances.map(|(name, balance)| vec![name.to_string(), amount(balance)]));
    rows.push(vec!["total supply".to_owned(), amount(model.supply)]);
    text.push_str(&columns(0, &rows));
    text.push('\n');
    text.push_str(&facts(&ledger_facts(ledger)));
    text
}

/// How far the ledger has come.
fn ledger_facts<S: Store>(ledger: &Ledger<S>) -> Vec<(&'static str, String)> {
    let height = ledger.height().map_or("none".to_owned(), |height| height.to_string());
    let place = match &ledger.data {
        Some(folder) => ledger::file(folder).display().to_string(),
        None => "in memory".to_owned(),
    };
    let root = ledger.runtime.state().root().to_string();
    vec![("height", height), ("root", root), ("ledger", place)]
}

fn sentence(step: &Step) -> String {
    let (who, to, much) = (PEOPLE[step.caller], PEOPLE[step.to], amount(step.amount));
    match step.method {
        "init" => format!("{who} deploys the token with a supply of {much}"),
        "mint" => format!("{who} mints {much} for {to}"),
        _ => format!("{who} transfers {much} to {to}"),
    }
}

/// A step for programs.
pub(super) fn step_json(step: &Step) -> Json {
    let receipt = &step.receipt;
    let events: Vec<Json> = receipt.events.iter().map(event_json).collect();
    json!({
        "step": step.name,
        "caller": PEOPLE[step.caller],
        "method": step.method,
        "to": PEOPLE[step.to],
        "amount": step.amount.to_string(),
        "receipt": {
            "status": status(receipt.status),
            "status_code": receipt.status.code(),
            "gas_used": receipt.gas_used,
            "output": hex(&receipt.output),
            "reason": step.reason,
            "events": events,
        },
    })
}

/// A status in words.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Success => "success",
        Status::Reverted => "reverted",
        Status::Trapped => "trapped",
        Status::OutOfGas => "out of gas",
        Status::NotFound => "not found",
        _ => "refused",
    }
}

/// Why a call did not succeed, as far as the receipt says.
pub(super) fn reason(receipt: &Receipt, abi: Option<&Abi>) -> Option<String> {
    if let Some(trap) = &receipt.trap {
        let place = trap.function.zip(trap.offset);
        let place = place.map(|(f, offset)| format!(" (function {f}, offset {offset:#x})"));
        return Some(format!("trap {}{}", trap.code, place.unwrap_or_default()));
    }
    let said = receipt.status == Status::Reverted && !receipt.output.is_empty();
    let named = |abi: &Abi| abi.decode_revert(&receipt.output).ok().map(|error| error.to_string());
    said.then(|| match abi.and_then(named) {
        Some(text) => text,
        None => hex(&receipt.output),
    })
}

fn event_text(event: &Event) -> String {
    let topics: Vec<String> = event.topics.iter().map(|topic| topic_text(topic)).collect();
    let data = match <[u8; 16]>::try_from(&event.data[..]) {
        Ok(bytes) => amount(u128::from_le_bytes(bytes)),
        Err(_) => hex(&event.data),
    };
    format!("{}: {data}", topics.join(" "))
}

/// A topic is a word, a person, nobody, or bytes.
fn topic_text(topic: &[u8]) -> String {
    if topic == [0; 32] {
        return "nobody".to_owned();
    }
    let person = (0..PEOPLE.len()).find(|&person| address(person).as_bytes()[..] == *topic);
    match (person, std::str::from_utf8(topic)) {
        (Some(person), _) => PEOPLE[person].to_owned(),
        (None, Ok(word)) if word.chars().all(|c| c.is_ascii_alphanumeric()) => word.to_owned(),
        _ => hex(topic),
    }
}

fn event_json(event: &Event) -> Json {
    let topics: Vec<String> = event.topics.iter().map(|topic| hex(topic)).collect();
    json!({
        "contract": event.contract.to_string(),
        "topics": topics,
        "data": hex(&event.data),
        "text": event_text(event),
    })
}

/// An amount with its thousands set apart; beyond 64 bits as it is.
fn amount(amount: u128) -> String {
    u64::try_from(amount).map_or_else(|_| amount.to_string(), grouped)
}
