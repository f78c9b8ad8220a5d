//! The JSON view of ABIs is valid by the checked-in JSON Schema, and little else is.

mod support;

use std::path::Path;

use dytallix_abi::schema::Abi;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use support::Rng;
use support::random_abi::random_abi;
use support::sample::SECTION;

fn validator() -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/abi.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema is checked in");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(jsonschema::meta::is_valid(&schema), "a JSON Schema of draft 2020-12");
    jsonschema::validator_for(&schema).expect("a JSON Schema")
}

fn view(abi: &Abi) -> Value {
    serde_json::from_str(&abi.to_json()).expect("the view is JSON")
}

fn sample() -> Value {
    view(&Abi::decode(&SECTION).expect("the sample decodes"))
}

#[test]
fn views_are_valid_by_the_schema() {
    let validator = validator();
    let mut rng = Rng::new(31);
    let random = (0..40).map(|_| view(&random_abi(&mut rng)));
    for view in random.chain([sample()]) {
        let errors: Vec<String> = validator.iter_errors(&view).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} in {view}");
    }
}

/// Every view that differs from `value` in one place: a member less, a member more, or `null`, a
/// number or a text where something else was.
fn altered(value: &Value, keep: &mut dyn FnMut(Value)) {
    for other in [Value::Null, json!(-1), json!(1e10), json!("text")] {
        // A doc text may be any text.
        if !(value.is_string() && other.is_string()) {
            keep(other);
        }
    }
    match value {
        Value::Object(members) => {
            let mut more: Map<String, Value> = members.clone();
            more.insert(String::from("more"), json!(1));
            keep(Value::Object(more));
            for (name, member) in members {
                let mut fewer = members.clone();
                fewer.remove(name);
                keep(Value::Object(fewer));
                altered(member, &mut |other| {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), other);
                    keep(Value::Object(changed));
                });
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                altered(item, &mut |other| {
                    let mut changed = items.clone();
                    changed[at] = other;
                    keep(Value::Array(changed));
                });
            }
        }
        _ => {}
    }
}

#[test]
fn altered_views_are_not_valid() {
    let validator = validator();
    let mut alterations = 0;
    altered(&sample(), &mut |view| {
        alterations += 1;
        assert!(!validator.is_valid(&view), "{view:#}");
    });
    assert!(alterations > 500, "{alterations}");
    let change = |pointer: &str, value: Value| {
        let mut view = sample();
        *view.pointer_mut(pointer).expect("the view has this place") = value;
        validator.is_valid(&view)
    };
    assert!(change("/methods/0/docs", json!("another text")));
    for (pointer, value) in [
        ("/format", json!(2)),
        ("/name", json!("0ne")),
        ("/capabilities/0", json!("fly")),
        ("/types/0/kind", json!("float")),
        ("/methods/0/name", json!("_hidden")),
        ("/methods/0/kind", json!("pure")),
        ("/methods/0/returns", json!(256)),
        ("/errors/0/index", json!(240)),
        ("/storage/0/prefix", json!(256)),
        ("/storage/0/kind", json!("map")),
    ] {
        assert!(!change(pointer, value.clone()), "{pointer} {value}");
    }
}

#[test]
fn the_order_of_members_is_part_of_the_format() {
    let text = Abi::decode(&SECTION).expect("the sample decodes").to_json();
    let begin = "{\n  \"format\": 1,\n  \"name\": \"Sample\",\n  \"schema\": 3,\n  \"capabilities\": \
                 [\n    \"call\",\n    \"upgrade\",\n    \"receive_value\"\n  ],\n  \"types\": [\n";
    assert!(text.starts_with(begin), "{text}");
    let event = r#"    {
      "name": "Closed",
      "fields": [],
      "docs": ""
    },"#;
    assert!(text.contains(event), "{text}");
    let docs = "\"docs\": \"Places an order.\\nThe tip is “voluntary”.\"";
    assert!(text.contains(docs), "{text}");
}
