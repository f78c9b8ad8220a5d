//! `dytallix query --method`: what a view says.

use dytallix::Address;
use dytallix::chain::{Body, Call};
use serde_json::json;

use super::Query;
use crate::chain::{Abis, Chain, Contract, Given, failure, receipt_facts, receipt_json};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Report, facts};

pub(super) fn execute(query: &Query, chain: &mut Chain, method: &str) -> Result<Report, Failure> {
    let given = match (&query.args_json, &query.args_hex) {
        (Some(json), _) => Given::Json(json),
        (_, Some(hex)) => Given::Hex(hex),
        _ => Given::Texts(&query.rest),
    };
    let arguments = Contract::find(chain.state(), &query.address)?.encode(method, given)?;
    let (folder, height) = (chain.folder.clone(), chain.height());
    let nobody = Address::from_bytes([0; 32]);
    let mut block = chain.next_block(nobody)?;
    let gas = query.gas_limit.unwrap_or(block.protocol().policy.transaction_gas);
    let call = Call::new(query.caller.unwrap_or(nobody), query.address, method, gas);
    let receipt = block.view(&call.arguments(arguments)).map_err(|e| failure(&e, &folder))?;
    drop(block);
    let abis = Abis::new(chain.state());
    let body = Body::call(query.address, method, []);
    let document = receipt_json(&receipt, &abis, &body);
    let json = json!({
        "schema": "dytallix.query-view/1",
        "data": query.data.name(),
        "height": height.number(),
        "contract": query.address.to_string(),
        "method": method,
        "result": document["result"],
        "receipt": document,
    });
    if receipt.is_success() {
        let list = receipt_facts(&receipt, &abis, &body);
        let list: Vec<_> = list.into_iter().filter(|(name, _)| *name != "fee").collect();
        return Ok(Report { text: facts(&list), json });
    }
    let reason = json["receipt"]["reason"].as_str().unwrap_or_default().to_owned();
    Err(Failure::new(Exit::Unsuccessful, format!("{method} failed: {reason}"))
        .note("status", json["receipt"]["status"].as_str().unwrap_or_default())
        .way_out("other arguments; a method that changes state is one for `dytallix call`")
        .fact("receipt", json["receipt"].clone()))
}
