//! `dytallix inspect`: the parts of a module, and the register code beside its operators.

use crate::support::{Ran, dytallix, file};
use serde_json::{Value as Json, json};

const MODULE: &str = r#"(module
    (import "env" "log" (func $log (param i32)))
    (import "env" "base" (global (mut i64)))
    (memory (export "memory") 2 5)
    (table (export "table") 3 funcref)
    (global (export "answer") i32 (i32.const 42))
    (func $abs (export "abs") (param i32) (result i32)
        local.get 0 i32.const 0 i32.lt_s
        if (result i32) i32.const 0 local.get 0 i32.sub else local.get 0 end)
    (func $boot call $grow)
    (func $grow (result) i32.const 1 memory.grow drop)
    (start $boot)
    (data "passive")
    (elem (i32.const 0) $abs)
    (@custom "note" "hello"))"#;

fn inspect(name: &str, args: &[&str]) -> Ran {
    let path = file(&format!("inspect_{name}.wat"), MODULE);
    let path = path.to_str().expect("UTF-8");
    dytallix([&["inspect", path], args].concat())
}

#[test]
fn every_part_is_listed() {
    let ran = inspect("parts", &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in [
        "function  env.log   [i32] -> []  offset 0x",
        "global    env.base  mut i64      offset 0x",
        "memory    memory  index 0  2 to 5 pages",
        "table     table   index 0  3 or more funcref",
        "global    answer  index 1  i32",
        "function  abs     index 1  [i32] -> [i32]",
        "function 2 \"boot\"",
        "bulk-memory",
        "note  0x",
        "largest memory, pages",
    ] {
        assert!(ran.out.contains(line), "{line} is not in\n{}", ran.out);
    }
}

#[test]
fn the_document_has_the_same_facts() {
    let json = inspect("document", &["--json"]).json();
    assert_eq!(json["schema"], "dytallix.inspect/1");
    assert_eq!(json["imports"][0]["name"], "log");
    assert_eq!(json["imports"][1]["type"], "mut i64");
    assert_eq!(
        json["exports"][3],
        json!({ "name": "abs", "kind": "function", "index": 1, "type": "[i32] -> [i32]" })
    );
    assert_eq!(json["start"], json!({ "function": 2, "name": "boot" }));
    assert_eq!(json["custom_sections"][0]["name"], "note");
    assert_eq!(json["custom_sections"][0]["bytes"], 5);
    let total = |name: &str| {
        let sizes = json["sizes"].as_array().expect("sizes");
        sizes.iter().find(|s| s["name"] == name).map(|s| s["here"].as_u64())
    };
    assert_eq!(total("functions"), Some(Some(4)));
    assert_eq!(total("module bytes"), Some(json["bytes"].as_u64()));
}

#[test]
fn sections_cover_the_module() {
    let json = inspect("sections", &["--json"]).json();
    let bytes = wat::parse_str(MODULE).expect("valid text");
    let mut end = 8;
    for section in json["sections"].as_array().expect("sections") {
        let offset = section["offset"].as_u64().expect("offset") as usize;
        // Between the contents of two sections stand the number and the size of the second.
        assert!((2..=6).contains(&(offset - end)), "{section} after {end:#x}");
        end = offset + section["bytes"].as_u64().expect("bytes") as usize;
    }
    assert_eq!(end, bytes.len());
}

/// Rows of a function's listing.
fn rows(json: &Json, function: u64) -> &Vec<Json> {
    let listings = json["ir"].as_array().expect("listings");
    let listing = listings.iter().find(|l| l["function"] == function).expect("the function");
    listing["rows"].as_array().expect("rows")
}

#[test]
fn register_code_stands_beside_its_operators() {
    let json = inspect("ir", &["--ir", "--json"]).json();
    assert_eq!(json["ir"].as_array().expect("listings").len(), 3, "imports have no code");
    let rows = rows(&json, 1);
    let operators: Vec<&str> =
        rows.iter().filter_map(|row| row["operator"]["text"].as_str()).collect();
    let abs = [
        "local.get 0",
        "i32.const 0",
        "i32.lt_s",
        "if (result i32)",
        "i32.const 0",
        "local.get 0",
        "i32.sub",
        "else",
        "local.get 0",
        "end",
        "end",
    ];
    assert_eq!(operators, abs, "each operator once, in order");
    let row_of = |text: &str| rows.iter().find(|r| r["operator"]["text"] == text).expect("a row");
    let branch = row_of("if (result i32)")["op"]["text"].as_str().expect("an op");
    assert!(branch.starts_with("BrI32"), "the comparison is fused into the branch: {branch}");
    assert!(row_of("i32.const 0")["op"].is_null(), "constants are operands");
    let difference = row_of("i32.sub")["op"]["text"].as_str().expect("an op");
    assert!(difference.starts_with("I32Sub"), "{difference}");
    let words: Vec<u64> = rows.iter().filter_map(|row| row["op"]["word"].as_u64()).collect();
    assert!(words.is_sorted_by(|a, b| a < b), "{words:?}");
}

#[test]
fn a_function_is_chosen_by_name_or_index() {
    let by_name = inspect("name", &["--ir", "--function", "abs"]);
    let by_index = inspect("name", &["--ir", "--function", "1"]);
    assert_eq!(by_name.out, by_index.out);
    assert!(by_name.out.starts_with("function 1 \"abs\" [i32] -> [i32]"), "{}", by_name.out);
    assert!(!by_name.out.contains("boot"));
    for (wanted, message) in [("0", "is imported"), ("4", "has no function \"4\""), ("no", "no")] {
        let ran = inspect("wrong", &["--ir", "--function", wanted]);
        assert_eq!(ran.code, 64, "{ran:?}");
        assert!(ran.err.contains(message), "{ran:?}");
    }
    assert_eq!(inspect("alone", &["--function", "abs"]).code, 64);
}

#[test]
fn bad_modules_exit_with_3() {
    let path = file("inspect_bad.wasm", b"\0asm\x01\0\0\0\x63\0");
    let ran = dytallix(["inspect", path.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("offset 0x"), "{ran:?}");
}
