//! Records in files: a line of JSON each, in which `record` alone counts.

use dytallix::chain::{AuditRecord, AuditValue};
use serde_json::{Map, Value as Json};

use crate::bytes::{hex, parse_hex};

/// A record as a line: what it says, and its encoding, which alone is verified.
pub(super) fn line(record: &AuditRecord) -> String {
    let mut json: Map<String, Json> = record
        .fields()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value_json(&value)))
        .collect();
    json.insert("record".to_owned(), hex(&record.encode()).into());
    format!("{}\n", Json::Object(json))
}

/// Numbers that readers of JSON may not hold are text.
fn value_json(value: &AuditValue<'_>) -> Json {
    match value {
        AuditValue::Number(number) => match u64::try_from(*number) {
            Ok(number) if number < 1 << 53 => number.into(),
            _ => number.to_string().into(),
        },
        other => other.to_string().into(),
    }
}

/// The record of a line; what it says beside its encoding has to be what the encoding says.
pub(super) fn read(line: &str) -> Result<AuditRecord, String> {
    let json: Json =
        serde_json::from_str(line).map_err(|error| format!("it is no JSON: {error}"))?;
    let bytes = json["record"].as_str().and_then(parse_hex);
    let bytes = bytes.ok_or("it has no encoding in `record`")?;
    let record = AuditRecord::decode(&bytes).map_err(|error| error.to_string())?;
    for (name, value) in record.fields() {
        if json[name] != value_json(&value) {
            return Err(format!("its {name} is not what its encoding says"));
        }
    }
    Ok(record)
}
