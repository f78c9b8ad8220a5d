//! `dytallix query ADDRESS`: an account and its contract.

use dytallix::abi::{Abi, MethodKind};
use dytallix::chain::ContractActivity;
use dytallix::state::{Account, PastVersion, StateKey, View};
use serde_json::{Value as Json, json};

use super::Query;
use crate::chain::{Abis, Chain};
use crate::commands::state::{account_facts, account_json, past_json};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;
use crate::report::{Paint, Report, facts, plain};

pub(super) fn execute(query: &Query, chain: &mut Chain) -> Result<Report, Failure> {
    let proof = query.prove(chain, StateKey::Account(&query.address))?;
    let view = chain.at(query.height)?;
    let height = query.height.map_or(chain.height(), dytallix::Height::new);
    let failed = |error| ledger::failure(&error, &chain.folder);
    let Some(account) = view.account(&query.address).map_err(failed)? else {
        let cause = format!("there is no account {}", query.address);
        let mut failure = Failure::new(Exit::Absent, cause)
            .at(format!("height {height}"))
            .way_out("an account begins when it gets something: `dytallix transfer`")
            .fact("address", query.address.to_string());
        if let Some(file) = &proof {
            failure = failure.note("proof", file).fact("proof", file.as_str());
        }
        return Err(failure);
    };
    let history = view.history(&query.address).map_err(failed)?;
    // Activity is that of now: it is no state, and older heights do not have it.
    let activity = match (&account.contract, query.height) {
        (Some(_), None) => chain.runtime.activity(&query.address).map_err(|e| chain.failure(&e))?,
        _ => None,
    };
    let abis = Abis::new(&view);
    let abi = abis.of(&query.address);
    let json = json!({
        "schema": "dytallix.query/1",
        "data": query.data.name(),
        "height": height.number(),
        "root": view.root().to_string(),
        "address": query.address.to_string(),
        "account": account_json(&account),
        "history": history.iter().map(past_json).collect::<Vec<_>>(),
        "activity": activity.as_ref().map(activity_json),
        "abi": abi.as_deref().map(abi_json),
        "proof": proof,
    });
    let mut text = text(query, &account, &history, abi.as_deref());
    if let Some(activity) = &activity {
        let changed = format!("height {}", activity.last_modified);
        let calls = activity.call_count.to_string();
        text.push_str(&facts(&[("calls", calls), ("changed", changed)]));
    }
    if let Some(file) = &proof {
        text.push_str(&facts(&[("proof", file.clone())]));
    }
    Ok(Report { text, json })
}

fn text(query: &Query, account: &Account, history: &[PastVersion], abi: Option<&Abi>) -> String {
    let kind = if account.contract.is_some() { "contract" } else { "account" };
    let mut text = format!("{} {}\n", Paint.head(kind), query.address);
    let mut list = account_facts(account);
    if account.contract.as_ref().is_some_and(|info| info.migrating) {
        list.push(("migrating", "between two versions: upgrade it once more".to_owned()));
    }
    for past in history {
        let (code, height) = (past.code_hash, past.height);
        list.push(("before", format!("code {code}, schema {}, until {height}", past.schema)));
    }
    if let Some(abi) = abi {
        list.push(("name", plain(&abi.name)));
        for (kind, methods) in methods(abi) {
            list.extend(methods.into_iter().map(|method| (kind, method)));
        }
        let handles = abi.storage.iter().map(|storage| plain(&storage.handle));
        list.push(("storage", handles.collect::<Vec<_>>().join(", ")));
    }
    text.push_str(&facts(&list));
    text
}

/// What can be called, with what it takes, by kind.
fn methods(abi: &Abi) -> [(&'static str, Vec<String>); 2] {
    let of = |kind: fn(&MethodKind) -> bool| {
        let methods = abi.methods.iter().filter(|method| kind(&method.kind));
        let signature = |method: &dytallix::abi::schema::Method| {
            let params = method.params.iter();
            let params = params.map(|p| format!("{}: {}", p.name, abi.type_name(p.ty)));
            let params = params.collect::<Vec<_>>().join(", ");
            plain(&format!("{}({params}) -> {}", method.name, abi.type_name(method.returns)))
        };
        methods.map(signature).collect()
    };
    [
        ("call", of(|kind| matches!(kind, MethodKind::Call))),
        ("view", of(|kind| matches!(kind, MethodKind::View))),
    ]
}

fn activity_json(activity: &ContractActivity) -> Json {
    json!({
        "call_count": activity.call_count,
        "last_modified": activity.last_modified.number(),
        "last_modified_ms": activity.last_modified_ms,
    })
}

/// What a contract says of itself, for programs.
fn abi_json(abi: &Abi) -> Json {
    serde_json::from_str(&abi.to_json()).unwrap_or(Json::Null)
}
