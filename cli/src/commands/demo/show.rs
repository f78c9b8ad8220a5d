//! The demo for people and for programs.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::Demo;
use super::acts::Contracts;
use super::stage::{Played, Stage, Step};
use super::verify::{Proofs, Replayed};
use crate::chain::status_name;
use crate::report::{Paint, Report, columns, facts, grouped};

/// Lines of one block that are shown; the JSON document has all.
const LINES: usize = 8;

/// The whole demo.
pub(super) fn report(
    demo: &Demo,
    stage: &Stage,
    contracts: &Contracts,
    proofs: &Proofs,
    replayed: &Replayed,
) -> Report {
    Report {
        text: text(stage, contracts, proofs, replayed),
        json: document(demo, stage, contracts, proofs, replayed),
    }
}

fn text(stage: &Stage, contracts: &Contracts, proofs: &Proofs, replayed: &Replayed) -> String {
    let mut text = facts(&[
        ("token", contracts.token.to_string()),
        ("vote", contracts.voting.to_string()),
        ("counter", contracts.counter.to_string()),
    ]);
    for block in &stage.blocks {
        block_text(&mut text, block, stage);
        if stage.restarted_at == Some(block.result.header.height) {
            let _ = writeln!(text, "\n{}", Paint.dim("the store is closed and opened again"));
        }
    }
    let heads = ["", "tokens", "sum"].map(str::to_owned).to_vec();
    let mut rows = vec![heads];
    let (tokens, sums) = (&stage.model.tokens, &stage.model.sums);
    let people = stage.people.iter().zip(tokens.iter().zip(sums)).take(2 * LINES);
    rows.extend(people.map(|(person, (tokens, sum))| {
        vec![person.name.clone(), tokens.to_string(), sum.to_string()]
    }));
    rows.push(vec!["the vote".to_owned(), stage.model.fund.to_string(), String::new()]);
    let _ = writeln!(text, "\n{}", columns(0, &rows));
    let good = |what: &str| Paint.good(what);
    let place = match stage.folder() {
        Some(folder) => crate::ledger::file(folder).display().to_string(),
        None => "gone with this demo; --data DIR keeps it".to_owned(),
    };
    text + &facts(&[
        ("balances", good("as the model has them, and no money is lost or made")),
        (
            "proofs",
            format!("{} of {} bytes", good("verified against the root alone,"), proofs.bytes),
        ),
        (
            "replay",
            format!("{} of {} blocks", good("the same roots from genesis on,"), replayed.blocks),
        ),
        ("gas", grouped(gas(stage))),
        ("height", stage.height().to_string()),
        ("root", replayed.root.to_string()),
        ("app hash", replayed.app_hash.to_string()),
        ("ledger", place),
    ])
}

fn block_text(text: &mut String, block: &Played, stage: &Stage) {
    let header = &block.result.header;
    let head = Paint.head(&format!("block {}", header.height));
    let count = match block.steps.len() {
        0 => "empty".to_owned(),
        1 => "1 transaction".to_owned(),
        count => format!("{count} transactions"),
    };
    let _ = writeln!(text, "\n{head}  {count}, root {:.16}…", block.result.state_root.to_string());
    for step in block.steps.iter().take(LINES) {
        let who = &stage.people.get(step.who).name;
        let gas = grouped(step.receipt.gas_used);
        let _ = match &step.reason {
            None => writeln!(text, "  {who} {}, gas {gas}", step.what),
            Some(reason) => {
                let status = Paint.bad(&status_name(step.receipt.status).replace('_', " "));
                writeln!(text, "  {who} {}: {status}, {reason}, gas {gas}", step.what)
            }
        };
    }
    if block.steps.len() > LINES {
        let _ = writeln!(text, "  … and {} more", block.steps.len() - LINES);
    }
}

fn gas(stage: &Stage) -> u64 {
    let steps = stage.blocks.iter().flat_map(|block| &block.steps);
    steps.map(|step| step.receipt.gas_used).sum()
}

fn document(
    demo: &Demo,
    stage: &Stage,
    contracts: &Contracts,
    proofs: &Proofs,
    replayed: &Replayed,
) -> Json {
    let (tokens, sums) = (&stage.model.tokens, &stage.model.sums);
    let people = stage.people.iter().zip(tokens.iter().zip(sums));
    let people = people.map(|(person, (tokens, sum))| {
        json!({
            "name": person.name,
            "address": person.address.to_string(),
            "nonce": person.nonce,
            "tokens": tokens.to_string(),
            "sum": sum,
        })
    });
    json!({
        "schema": "dytallix.demo/2",
        "seed": demo.seed,
        "data": stage.folder().map(|folder| folder.display().to_string()),
        "continued": stage.began_at.number() > 0,
        "contracts": {
            "token": contracts.token.to_string(),
            "voting": contracts.voting.to_string(),
            "counter": contracts.counter.to_string(),
        },
        "accounts": people.collect::<Vec<_>>(),
        "fund": stage.model.fund.to_string(),
        "total_supply": stage.model.supply().to_string(),
        "blocks": stage.blocks.iter().map(|block| block_json(block, stage)).collect::<Vec<_>>(),
        "restarted_at": stage.restarted_at.map(|height| height.number()),
        "proofs": { "root": proofs.root.to_string(), "bytes": proofs.bytes, "verified": true },
        "replay": {
            "blocks": replayed.blocks,
            "root": replayed.root.to_string(),
            "app_hash": replayed.app_hash.to_string(),
        },
        "gas_used": gas(stage),
        "height": stage.height(),
        "root": replayed.root.to_string(),
        "app_hash": replayed.app_hash.to_string(),
    })
}

fn block_json(block: &Played, stage: &Stage) -> Json {
    let step = |step: &Step| {
        json!({
            "from": stage.people.get(step.who).name,
            "what": step.what,
            "status": status_name(step.receipt.status),
            "reason": step.reason,
            "gas_used": step.receipt.gas_used,
            "fee": step.receipt.fee.to_string(),
            "events": step.receipt.events.len(),
        })
    };
    let result = &block.result;
    json!({
        "height": result.header.height.number(),
        "hash": result.hash.to_string(),
        "root": result.state_root.to_string(),
        "app_hash": result.app_hash.to_string(),
        "transactions": block.steps.iter().map(step).collect::<Vec<_>>(),
    })
}
