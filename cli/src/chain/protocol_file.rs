//! Protocols as JSON: what of a protocol can be set by number, by its path.
//!
//! One table, [`knobs`], says what there is; the document is nested by the dots of the names. A
//! file may leave out what it does not change.

use std::path::Path;

use dytallix::Amount;
use dytallix::chain::{Policy, Protocol};
use dytallix::gas::{GasClass, GasSchedule, HostPrice, HostPrices, Signature};
use serde_json::{Map, Value as Json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// A number of a protocol.
enum Knob<'a> {
    Flag(&'a mut bool),
    U16(&'a mut u16),
    U32(&'a mut u32),
    U64(&'a mut u64),
    /// As text in JSON, since it may not fit the numbers there.
    Amount(&'a mut Amount),
}

type Knobs<'a> = Vec<(String, Knob<'a>)>;

/// A protocol as a document.
pub(crate) fn protocol_json(protocol: &Protocol) -> Json {
    let mut protocol = protocol.clone();
    document(knobs(&mut protocol))
}

/// `base` with the changes of a document.
pub(crate) fn read_protocol(json: &Json, base: Protocol) -> Result<Protocol, String> {
    let mut protocol = base;
    apply(json, "", &mut knobs(&mut protocol))?;
    Ok(protocol)
}

/// The protocol of a file, over `base`.
pub(crate) fn protocol_of_file(path: &Path, base: Protocol) -> Result<Protocol, Failure> {
    of_file(path, |json| read_protocol(json, base))
}

/// `base` with the schedule of a file.
pub(crate) fn schedule_of_file(path: &Path, base: Protocol) -> Result<Protocol, Failure> {
    of_file(path, |json| {
        let mut schedule = base.schedule.clone();
        let mut table = Knobs::new();
        schedule_knobs(&mut table, "", &mut schedule);
        apply(json, "", &mut table)?;
        drop(table);
        Ok(base.schedule(schedule))
    })
}

fn of_file(
    path: &Path,
    read: impl FnOnce(&Json) -> Result<Protocol, String>,
) -> Result<Protocol, Failure> {
    let wrong = |cause: String| {
        Failure::new(Exit::Usage, format!("{}: {cause}", path.display())).way_out(
            "a document with some members of `protocol` in the genesis that `dytallix init` writes",
        )
    };
    let bytes = files::read(path)?.ok_or_else(|| wrong("there is no such file".into()))?;
    let json = serde_json::from_slice(&bytes).map_err(|e| wrong(format!("it is no JSON: {e}")))?;
    read(&json).map_err(wrong)
}

/// All that can be set.
fn knobs(protocol: &mut Protocol) -> Knobs<'_> {
    let Protocol { policy, schedule, prices, delegate_calls, .. } = protocol;
    let mut table = vec![("delegate_calls".to_owned(), Knob::Flag(delegate_calls))];
    policy_knobs(&mut table, policy);
    schedule_knobs(&mut table, "schedule.", schedule);
    price_knobs(&mut table, prices);
    table
}

fn policy_knobs<'a>(table: &mut Knobs<'a>, policy: &'a mut Policy) {
    let mut add = |name: &str, knob| table.push((format!("policy.{name}"), knob));
    add("min_gas_price", Knob::Amount(&mut policy.min_gas_price));
    add("burn_basis_points", Knob::U16(&mut policy.burn_basis_points));
    add("item_deposit", Knob::Amount(&mut policy.item_deposit));
    add("byte_deposit", Knob::Amount(&mut policy.byte_deposit));
    add("code_deposit", Knob::Amount(&mut policy.code_deposit));
    add("transaction_bytes", Knob::U32(&mut policy.transaction_bytes));
    add("transaction_gas", Knob::U64(&mut policy.transaction_gas));
    add("block_gas", Knob::U64(&mut policy.block_gas));
    add("block_bytes", Knob::U32(&mut policy.block_bytes));
    add("block_transactions", Knob::U32(&mut policy.block_transactions));
    add("attestations", Knob::Flag(&mut policy.attestations));
}

fn schedule_knobs<'a>(table: &mut Knobs<'a>, prefix: &str, schedule: &'a mut GasSchedule) {
    let mut add = |name: &str, knob| table.push((format!("{prefix}{name}"), Knob::U32(knob)));
    add("version", &mut schedule.version);
    add("local", &mut schedule.local);
    add("grow_page", &mut schedule.grow_page);
    add("grow_page_dear", &mut schedule.grow_page_dear);
    add("bulk_per_64_bytes", &mut schedule.bulk_per_64_bytes);
    add("table_per_8_elements", &mut schedule.table_per_8_elements);
    for (class, price) in GasClass::ALL.iter().zip(&mut schedule.classes) {
        add(&format!("classes.{}", class.name()), price);
    }
}

fn price_knobs<'a>(table: &mut Knobs<'a>, prices: &'a mut HostPrices) {
    let mut add = |name: &str, price: &'a mut HostPrice| {
        let HostPrice { base, per_64_bytes } = price;
        table.push((format!("host_prices.{name}.base"), Knob::U32(base)));
        table.push((format!("host_prices.{name}.per_64_bytes"), Knob::U32(per_64_bytes)));
    };
    add("transaction", &mut prices.transaction);
    add("deploy", &mut prices.deploy);
    add("load", &mut prices.load);
    add("cold_storage", &mut prices.cold_storage);
    add("cold_code", &mut prices.cold_code);
    add("replay", &mut prices.replay);
    add("state_write", &mut prices.state_write);
    for (class, price) in dytallix::abi::GasClass::ALL.iter().zip(&mut prices.classes) {
        add(&format!("classes.{class:?}"), price);
    }
    for (kind, price) in Signature::ALL.iter().zip(&mut prices.signatures) {
        add(&format!("signatures.{kind:?}"), price);
    }
    let mut add = |name: &str, knob| table.push((format!("host_prices.{name}"), Knob::U32(knob)));
    add("cold_account", &mut prices.cold_account);
    add("load_segment", &mut prices.load_segment);
    add("load_function", &mut prices.load_function);
    add("load_global", &mut prices.load_global);
    add("load_import", &mut prices.load_import);
}

/// The numbers, nested by the dots of their names.
fn document(table: Knobs<'_>) -> Json {
    let mut root = Json::Object(Map::new());
    for (name, knob) in table {
        // Indexing makes what is missing on the way.
        let place = name.split('.').fold(&mut root, |at, part| &mut at[part]);
        *place = knob.json();
    }
    root
}

/// Sets what a document names. What there is not is refused: a slip is not to go unseen.
fn apply(json: &Json, prefix: &str, table: &mut Knobs<'_>) -> Result<(), String> {
    let Json::Object(members) = json else {
        return Err(format!(
            "{} is to be an object",
            if prefix.is_empty() { "it" } else { prefix }
        ));
    };
    for (name, value) in members {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        if prefix.is_empty() && name == "schema" {
            continue;
        }
        if let Some((_, knob)) = table.iter_mut().find(|(name, _)| *name == path) {
            knob.set(value).ok_or_else(|| format!("{path} can not be {value}"))?;
        } else if table.iter().any(|(name, _)| name.starts_with(&format!("{path}."))) {
            apply(value, &path, table)?;
        } else {
            return Err(format!("there is no {path}"));
        }
    }
    Ok(())
}

impl Knob<'_> {
    fn json(&self) -> Json {
        match self {
            Knob::Flag(value) => (**value).into(),
            Knob::U16(value) => (**value).into(),
            Knob::U32(value) => (**value).into(),
            Knob::U64(value) => (**value).into(),
            Knob::Amount(value) => value.units().to_string().into(),
        }
    }

    fn set(&mut self, json: &Json) -> Option<()> {
        match self {
            Knob::Flag(value) => **value = json.as_bool()?,
            Knob::U16(value) => **value = json.as_u64()?.try_into().ok()?,
            Knob::U32(value) => **value = json.as_u64()?.try_into().ok()?,
            Knob::U64(value) => **value = json.as_u64()?,
            Knob::Amount(value) => **value = Amount::new(number(json)?),
        }
        Some(())
    }
}

/// A number, or its decimal digits as text.
pub(super) fn number(json: &Json) -> Option<u128> {
    json.as_u64().map(u128::from).or_else(|| json.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_protocol_comes_back_from_its_document() {
        let v1 = Protocol::v1();
        let json = protocol_json(&v1);
        assert_eq!(read_protocol(&json, Protocol::v1()), Ok(v1.clone()));
        let changed = json!({
            "policy": { "min_gas_price": "7" },
            "schedule": { "classes": { "IntMul": 9 } },
            "host_prices": { "deploy": { "base": 11 } },
        });
        let changed = read_protocol(&changed, v1.clone()).expect("a protocol");
        assert_eq!(changed.policy.min_gas_price, Amount::new(7));
        assert_eq!(changed.schedule.price(GasClass::IntMul), 9);
        assert_eq!(changed.prices.deploy.base, 11);
        assert_eq!(changed.prices.deploy.per_64_bytes, v1.prices.deploy.per_64_bytes);
    }

    #[test]
    fn what_there_is_not_is_refused() {
        for (json, cause) in [
            (json!({ "police": {} }), "there is no police"),
            (json!({ "policy": { "min": 1 } }), "there is no policy.min"),
            (json!({ "policy": 1 }), "policy is to be an object"),
            (json!({ "policy": { "block_gas": -1 } }), "policy.block_gas can not be -1"),
            (json!([]), "it is to be an object"),
        ] {
            assert_eq!(read_protocol(&json, Protocol::v1()), Err(cause.to_owned()));
        }
    }
}
