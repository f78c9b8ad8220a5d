//! The JSON view of an ABI, as `docs/reference/abi.schema.json` has it.

use alloc::string::String;

use super::{Abi, ErrorVariant, Event, Field, Method, Storage, StorageKind, Type, TypeId};
use crate::json::Json;
use crate::section::{ABI_FORMAT, Capabilities};

impl Abi {
    /// The ABI as JSON, indented. The order of members is part of the format; types are named by
    /// their place in `types`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::indented();
        json.object(|json| {
            json.member("format").plain(ABI_FORMAT);
            json.member("name").string(&self.name);
            json.member("schema").plain(self.schema);
            json.member("capabilities").array(|json| {
                for (capability, name) in Capabilities::ALL {
                    if self.capabilities.contains(*capability) {
                        json.item().string(name);
                    }
                }
            });
            json.member("types").array(|json| {
                for (at, ty) in self.types.iter().enumerate() {
                    // A table has at most 256 entries.
                    let id = TypeId(at as u16);
                    json.item().object(|json| write_type(json, ty, &self.type_name(id)));
                }
            });
            list(json, "methods", &self.methods, write_method);
            list(json, "events", &self.events, write_event);
            list(json, "errors", &self.errors, write_error);
            list(json, "storage", &self.storage, write_storage);
            json.member("docs").string(&self.docs);
        });
        let mut text = json.finish();
        text.push('\n');
        text
    }
}

fn list<T>(json: &mut Json, name: &str, items: &[T], write: impl Fn(&mut Json, &T)) {
    json.member(name).array(|json| {
        for item in items {
            json.item().object(|json| write(json, item));
        }
    });
}

fn write_type(json: &mut Json, ty: &Type, text: &str) {
    json.member("kind").string(ty.kind_name());
    match ty {
        Type::Option(inner) | Type::List(inner) | Type::Set(inner) => {
            json.member("of").plain(inner.0);
        }
        Type::Array(inner, count) => {
            json.member("of").plain(inner.0);
            json.member("length").plain(count);
        }
        Type::Map(key, value) => {
            json.member("key").plain(key.0);
            json.member("value").plain(value.0);
        }
        Type::Tuple(parts) => json.member("items").array(|json| {
            for part in parts {
                json.item().plain(part.0);
            }
        }),
        Type::Struct { name, fields } => {
            json.member("name").string(name);
            list(json, "fields", fields, write_field);
        }
        Type::Enum { name, variants } => {
            json.member("name").string(name);
            list(json, "variants", variants, |json, variant| {
                json.member("index").plain(variant.index);
                json.member("name").string(&variant.name);
                list(json, "fields", &variant.fields, write_field);
            });
        }
        _ => {}
    }
    json.member("text").string(text);
}

fn write_field(json: &mut Json, field: &Field) {
    json.member("name").string(&field.name);
    json.member("type").plain(field.ty.0);
}

fn write_method(json: &mut Json, method: &Method) {
    json.member("name").string(&method.name);
    json.member("kind").string(method.kind.name());
    json.member("payable").plain(method.payable);
    json.member("reentry").string(method.reentry.name());
    list(json, "params", &method.params, write_field);
    json.member("returns").plain(method.returns.0);
    json.member("docs").string(&method.docs);
}

fn write_event(json: &mut Json, event: &Event) {
    json.member("name").string(&event.name);
    list(json, "fields", &event.fields, |json, field| {
        json.member("name").string(&field.name);
        json.member("type").plain(field.ty.0);
        json.member("topic").plain(field.topic);
    });
    json.member("docs").string(&event.docs);
}

fn write_error(json: &mut Json, error: &ErrorVariant) {
    json.member("index").plain(error.index);
    json.member("name").string(&error.name);
    list(json, "fields", &error.fields, write_field);
    json.member("docs").string(&error.docs);
}

fn write_storage(json: &mut Json, storage: &Storage) {
    json.member("handle").string(&storage.handle);
    json.member("prefix").plain(storage.prefix);
    match storage.kind {
        StorageKind::Item(ty) => {
            json.member("kind").string("item");
            json.member("value").plain(ty.0);
        }
        StorageKind::Map(key, value) => {
            json.member("kind").string("map");
            json.member("key").plain(key.0);
            json.member("value").plain(value.0);
        }
        StorageKind::List(ty) => {
            json.member("kind").string("list");
            json.member("value").plain(ty.0);
        }
    }
    json.member("docs").string(&storage.docs);
}
