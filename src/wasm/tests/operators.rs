//! Every operator is decoded, validated and printed.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{assemble, decode};
use crate::wasm::{ErrorClass, Module, OperatorKind, Shape, ValType};

/// What the samples refer to. Functions 0 and 1 are `$callee` and the sample, types 0 to 2 are
/// given first.
const DECLARATIONS: &str = r#"
    (type (func (param i32) (result i32)))
    (type (func (param i32 i32) (result i32 i64)))
    (type (func))
    (memory 1)
    (table 4 funcref)
    (table 4 externref)
    (table 4 funcref)
    (global i32 (i32.const 1))
    (global (mut i64) (i64.const 2))
    (elem func $callee)
    (data "abc")
    (func $callee (type 0) local.get 0)"#;

/// Signature and body, in the very form in which operators are printed.
const SAMPLES: &[(&str, &str)] = &[
    ("", "nop"),
    ("", "unreachable"),
    ("", "block block (type 2) loop br 0 end end end"),
    ("(param i32) (result i32)", "local.get 0 loop (type 0) br 0 end"),
    ("(result i32)", "block (result i32) i32.const -7 i32.const 1 br_if 0 end"),
    ("(result i64)", "i32.const 1 if (result i64) i64.const -1 else i64.const 9 end"),
    ("(param i32)", "block local.get 0 br_table 0 1 0 1 end"),
    ("", "return"),
    ("(result i32)", "i32.const 1 call 0"),
    ("(result i32)", "i32.const 1 i32.const 2 call_indirect (type 0)"),
    ("(result i32 i64)", "i32.const 1 i32.const 2 i32.const 3 call_indirect 2 (type 1)"),
    ("(result i32)", "i32.const 1 return_call 0"),
    ("(result i32)", "i32.const 1 i32.const 2 return_call_indirect 2 (type 0)"),
    ("", "i64.const 1 drop"),
    ("(result f32)", "f32.const 1.5 f32.const -0.0 i32.const 1 select"),
    ("(result externref)", "ref.null extern ref.null extern i32.const 1 select (result externref)"),
    ("(param i64 f64)", "local.get 0 local.tee 0 local.set 0"),
    ("", "global.get 0 drop global.get 1 global.set 1"),
    ("", "i32.const 0 i32.const 0 table.get 1 table.set 1"),
    ("(result i32 i32)", "memory.size i32.const 1 memory.grow"),
    ("", "f32.const inf drop f32.const -nan:0x400001 drop f64.const nan:0x8000000000001 drop"),
    ("", "f64.const 1e-320 drop f64.const -inf drop f32.const 16777216.0 drop"),
    ("(result i32)", "ref.null func ref.is_null"),
    ("(result funcref)", "ref.func 0"),
    ("", "i32.const 0 i32.const 0 i32.const 0 memory.init 0 data.drop 0"),
    ("", "i32.const 0 i32.const 0 i32.const 0 memory.copy"),
    ("", "i32.const 0 i32.const 0 i32.const 0 memory.fill"),
    ("", "i32.const 0 i32.const 0 i32.const 0 table.init 2 0 elem.drop 0"),
    ("", "i32.const 0 i32.const 0 i32.const 0 table.copy 0 2"),
    ("(result i32)", "ref.null extern i32.const 1 table.grow 1"),
    ("(result i32)", "table.size 2"),
    ("", "i32.const 0 ref.null func i32.const 1 table.fill 2"),
    ("(result i32)", "i32.const 0 i32.load offset=4294967295 align=1"),
    ("", "i32.const 0 i64.const 0 i64.store32 offset=8 align=2"),
];

fn sample(signature: &str, body: &str) -> Vec<u8> {
    assemble(&format!("(module {DECLARATIONS} (func {signature} {body}))"))
}

/// A constant of this type, as an operator.
fn constant(ty: ValType) -> String {
    match ty {
        ValType::F32 | ValType::F64 => format!("{ty}.const 1.5"),
        _ => format!("{ty}.const 1"),
    }
}

/// Signature, operands and operator, for each operator whose row says all.
fn from_rows() -> Vec<(String, Vec<ValType>, String)> {
    let mut samples = Vec::new();
    for kind in OperatorKind::ALL {
        let row = kind.row();
        let (operands, results) = match row.shape {
            Shape::Plain { params, results } => (params.to_vec(), results.to_vec()),
            Shape::Load { ty, .. } => (Vec::from([ValType::I32]), Vec::from([ty])),
            Shape::Store { ty, .. } => (Vec::from([ValType::I32, ty]), Vec::new()),
            Shape::Special => continue,
        };
        let signature = results.iter().map(|ty| format!("(result {ty})")).collect();
        let operator = match row.name.ends_with(".const") {
            true => constant(results[0]),
            false => String::from(row.name),
        };
        samples.push((signature, operands, operator));
    }
    samples
}

fn body(operands: &[ValType], operator: &str) -> String {
    let mut body: String = operands.iter().map(|&ty| constant(ty) + " ").collect();
    body += operator;
    body
}

/// The operators of the sample, without the last `end`.
fn printed(module: &Module) -> String {
    let lines: Vec<String> = module.operators(1).map(|(_, op)| format!("{op}")).collect();
    assert_eq!(lines.last().map(String::as_str), Some("end"));
    lines[..lines.len() - 1].join(" ")
}

#[test]
fn every_operator_is_decoded_validated_and_printed_as_text_that_gives_its_bytes() {
    let mut seen = BTreeSet::new();
    let listed = SAMPLES.iter().map(|&(signature, body)| (signature.into(), body.into()));
    let derived = from_rows()
        .into_iter()
        .map(|(signature, operands, operator)| (signature, body(&operands, &operator)));
    for (signature, body) in listed.chain(derived) {
        let (signature, body): (String, String) = (signature, body);
        let bytes = sample(&signature, &body);
        let module = Module::decode(&bytes[..], &crate::wasm::Features::ALL, &Default::default())
            .unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(printed(&module), body);
        seen.extend(module.operators(1).map(|(_, operator)| operator.kind()));
    }
    let missing: Vec<_> = OperatorKind::ALL.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_operand_of_a_plain_operator_is_checked() {
    for (signature, operands, operator) in from_rows() {
        for i in 0..operands.len() {
            let mut wrong = operands.clone();
            wrong[i] = match wrong[i] {
                ValType::I64 => ValType::F32,
                _ => ValType::I64,
            };
            let missing = &operands[1..];
            for operands in [&wrong[..], missing] {
                let text = body(operands, &operator);
                let module = format!("(module {DECLARATIONS} (func {signature} {text}))");
                let error = decode(&module).expect_err(&text);
                assert_eq!(error.class(), ErrorClass::Invalid, "{text}: {error}");
                assert!(error.kind().to_string().starts_with("type mismatch"), "{text}: {error}");
            }
        }
    }
}

use alloc::string::ToString;

#[test]
fn an_operator_of_a_feature_is_refused_without_it() {
    use crate::wasm::{Features, WasmErrorKind};
    for kind in OperatorKind::ALL {
        let row = kind.row();
        if row.features == Features::NONE {
            continue;
        }
        for (signature, operands, operator) in from_rows() {
            if operator != row.name {
                continue;
            }
            let bytes = sample(&signature, &body(&operands, &operator));
            // The declarations need reference types and more; only the operator's own feature is
            // left out.
            let lacking = match row.features.contains(Features::FLOATS) {
                true => row.features.without(Features::FLOATS),
                false => row.features,
            };
            if lacking == Features::NONE {
                continue;
            }
            let features = Features::ALL.without(lacking);
            let error = Module::decode(bytes, &features, &Default::default()).unwrap_err();
            assert_eq!(error.kind(), &WasmErrorKind::Unsupported(lacking), "{operator}");
        }
    }
}

#[test]
fn opcodes_and_names_are_distinct() {
    let mut codes = BTreeSet::new();
    let mut names = BTreeSet::new();
    for kind in OperatorKind::ALL {
        assert!(codes.insert(kind.row().code), "{kind:?}");
        let is_new = names.insert(kind.name());
        assert!(is_new || *kind == OperatorKind::TypedSelect, "{kind:?}");
        assert_eq!(kind.row().kind, *kind);
    }
}
