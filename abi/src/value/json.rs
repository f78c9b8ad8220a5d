//! Values as JSON.
//!
//! Integers of up to 32 bits are numbers; wider ones are decimal strings, because JSON readers keep
//! 53 bits. Bytes, addresses and hashes are hexadecimal strings with `0x`. `None` is `null`, and
//! `Some` is its value, except that a value that is itself an option stands in `{"some": …}`. Lists
//! and tuples are arrays, maps are arrays of pairs, structs are objects, a variant without fields
//! is its name and one with fields is `{"Name": {…}}`.

use alloc::string::String;

use super::Value;
use super::show::{AddressText, hexadecimal};
use crate::codec::Address;
use crate::json::Json;

impl Value {
    /// The value as JSON, on one line. Which JSON stands for which value is decided by the type
    /// alone, so that JSON can be read back by type.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_with(&hexadecimal)
    }

    /// The value as JSON, with each address as `address` writes it.
    #[must_use]
    pub fn to_json_with(&self, address: &dyn Fn(&Address) -> String) -> String {
        let mut json = Json::compact();
        write_value(&mut json, self, address);
        json.finish()
    }
}

pub(super) fn write_value(json: &mut Json, value: &Value, address: AddressText<'_>) {
    match value {
        Value::Bool(value) => json.plain(value),
        Value::U8(value) => json.plain(value),
        Value::U16(value) => json.plain(value),
        Value::U32(value) => json.plain(value),
        Value::I8(value) => json.plain(value),
        Value::I16(value) => json.plain(value),
        Value::I32(value) => json.plain(value),
        Value::U64(value) => json.quoted(value),
        Value::U128(value) => json.quoted(value),
        Value::I64(value) => json.quoted(value),
        Value::I128(value) => json.quoted(value),
        Value::String(text) => json.string(text),
        Value::Bytes(bytes) => json.quoted(format_args!("{bytes:?}")),
        Value::Address(value) => json.string(&address(value)),
        Value::Hash(hash) => json.quoted(hash),
        Value::Option(None) => json.plain("null"),
        Value::Option(Some(value)) => match **value {
            Value::Option(_) => {
                json.object(|json| write_value(json.member("some"), value, address));
            }
            _ => write_value(json, value, address),
        },
        Value::List(items) | Value::Tuple(items) => json.array(|json| {
            items.iter().for_each(|item| write_value(json.item(), item, address));
        }),
        Value::Map(pairs) => json.array(|json| {
            for (key, value) in pairs {
                json.item().array(|json| {
                    write_value(json.item(), key, address);
                    write_value(json.item(), value, address);
                });
            }
        }),
        Value::Struct { fields, .. } => write_fields(json, fields, address),
        Value::Enum { variant, fields, .. } if fields.is_empty() => json.string(variant),
        Value::Enum { variant, fields, .. } => {
            json.object(|json| write_fields(json.member(variant), fields, address));
        }
    }
}

pub(super) fn write_fields(json: &mut Json, fields: &[(String, Value)], address: AddressText<'_>) {
    json.object(|json| {
        for (name, value) in fields {
            write_value(json.member(name), value, address);
        }
    });
}
