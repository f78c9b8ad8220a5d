//! What is wrong, of which class, at which byte, in which section and function.

use alloc::string::ToString;

use super::{binary, decode};
use crate::Limits;
use crate::wasm::{ErrorClass, Features, Module};

/// Number and contents of a section.
type Section = (u8, &'static [u8]);

const TYPE: Section = (1, &[1, 0x60, 0, 0]);
const FUNCTION: Section = (3, &[1, 0]);

/// Each file of the binary format's rules, broken in one place.
#[test]
fn malformed_modules_are_explained() {
    let cases: &[(&[Section], &str)] = &[
        (&[(14, &[])], "malformed section id 14 (offset 0x8)"),
        (
            &[(1, &[0]), (1, &[0])],
            "unexpected content after last section (offset 0xb, type section)",
        ),
        (
            &[(3, &[0]), (1, &[0])],
            "unexpected content after last section (offset 0xb, type section)",
        ),
        (
            &[(10, &[0]), (12, &[0])],
            "unexpected content after last section (offset 0xb, data count section)",
        ),
        (&[(1, &[0, 0])], "section size mismatch (offset 0xb, type section)"),
        (&[(1, &[1])], "length out of bounds (offset 0xa, type section)"),
        (&[(1, &[1, 0x61, 0, 0])], "malformed type 0x61 (offset 0xb, type section)"),
        (&[(1, &[1, 0x60, 1, 0x7B, 0])], "malformed type 0x7b (offset 0xd, type section)"),
        (&[TYPE, FUNCTION], "function and code section have inconsistent lengths (offset 0x12)"),
        (
            &[TYPE, FUNCTION, (10, &[0])],
            "function and code section have inconsistent lengths (offset 0x14, code section)",
        ),
        (
            &[TYPE, FUNCTION, (10, &[1, 2, 0, 0x06])],
            "illegal opcode 0x06 (offset 0x17, code section, function 0)",
        ),
        (
            &[TYPE, FUNCTION, (10, &[1, 4, 0, 0xFC, 0x7F, 0x0B])],
            "illegal opcode 0xfc007f (offset 0x17, code section, function 0)",
        ),
        (
            &[TYPE, FUNCTION, (10, &[1, 2, 0, 0x01])],
            "unexpected end (offset 0x18, code section, function 0)",
        ),
        (
            &[TYPE, FUNCTION, (10, &[1, 3, 0, 0x0B, 0x0B])],
            "function body size mismatch (offset 0x18, code section, function 0)",
        ),
        (
            &[TYPE, FUNCTION, (10, &[1, 3, 0, 0x05, 0x0B])],
            "else without if (offset 0x17, code section, function 0)",
        ),
        (
            &[TYPE, FUNCTION, (10, &[1, 10, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 1, 0x7F, 0x0B])],
            "too many locals (offset 0x1d, code section, function 0)",
        ),
        (
            &[TYPE, FUNCTION, (10, &[1, 5, 0, 0xFC, 0x09, 0x00, 0x0B])],
            "data count section required (offset 0x17, code section, function 0)",
        ),
        (&[(2, &[1, 0, 0, 9, 0])], "malformed import kind (offset 0xd, import section)"),
        (&[(5, &[1, 2, 0])], "malformed limits flags (offset 0xb, memory section)"),
        (&[(6, &[1, 0x7F, 2, 0x41, 0, 0x0B])], "malformed mutability (offset 0xc, global section)"),
        (&[(7, &[1, 0, 9, 0])], "malformed export kind (offset 0xc, export section)"),
        (&[(9, &[1, 8, 0, 0])], "malformed segment flags (offset 0xb, element section)"),
        (&[(9, &[1, 1, 1, 0, 0])], "malformed element kind (offset 0xc, element section)"),
        (&[(12, &[1])], "data count and data section have inconsistent lengths (offset 0xb)"),
        (
            &[(12, &[1]), (11, &[0])],
            "data count and data section have inconsistent lengths (offset 0xd, data section)",
        ),
        (&[(0, &[1, 0xFF])], "malformed UTF-8 encoding (offset 0xb, custom section)"),
        (&[(0, &[2, b'a'])], "length out of bounds (offset 0xb, custom section)"),
    ];
    for (sections, message) in cases {
        let error = Module::decode(binary(sections), &Features::ALL, &Limits::default());
        let error = error.expect_err(message);
        assert_eq!(error.to_string(), *message);
        assert_eq!(error.class(), ErrorClass::Malformed, "{message}");
    }
}

#[test]
fn the_header_is_checked() {
    let decode = |bytes: &[u8]| {
        Module::decode(bytes, &Features::ALL, &Limits::default()).unwrap_err().to_string()
    };
    assert_eq!(decode(b""), "unexpected end (offset 0x0)");
    assert_eq!(decode(b"\0as"), "unexpected end (offset 0x3)");
    assert_eq!(decode(b"wasm\x01\0\0\0"), "magic header not detected (offset 0x0)");
    assert_eq!(decode(b"\0asm\x01\0\0"), "unexpected end (offset 0x7)");
    assert_eq!(decode(b"\0asm\x0d\0\x01\0"), "unknown binary version (offset 0x4)");
    assert_eq!(decode(b"\0asm\x01\0\0\0\x01"), "unexpected end (offset 0x9, type section)");
    assert_eq!(
        decode(b"\0asm\x01\0\0\0\x01\x05\0"),
        "length out of bounds (offset 0xa, type section)"
    );
}

#[test]
fn invalid_modules_are_explained() {
    let cases = [
        (
            "(func) (func i64.const 1 i32.eqz drop)",
            "type mismatch: expected i32, found i64 (offset 0x1d, code section, function 1)",
        ),
        (
            "(func i32.eqz drop)",
            "type mismatch: expected i32, found nothing (offset 0x17, code section, function 0)",
        ),
        (
            "(func drop)",
            "type mismatch: expected a value, found nothing (offset 0x17, code section, function 0)",
        ),
        (
            "(func i32.const 1)",
            "type mismatch: expected nothing, found i32 (offset 0x19, code section, function 0)",
        ),
        (
            "(func (result f64) i32.const 1)",
            "type mismatch: expected f64, found i32 (offset 0x1a, code section, function 0)",
        ),
        ("(func br 1)", "unknown label 1 (offset 0x17, code section, function 0)"),
        ("(func local.get 0 drop)", "unknown local 0 (offset 0x17, code section, function 0)"),
        ("(func call 7)", "unknown function 7 (offset 0x17, code section, function 0)"),
        ("(func (type 9))", "unknown type 9 (offset 0xb, function section)"),
        ("(func global.get 3 drop)", "unknown global 3 (offset 0x17, code section, function 0)"),
        ("(func memory.size drop)", "unknown memory 0 (offset 0x17, code section, function 0)"),
        ("(func data.drop 0)", "unknown data segment 0 (offset 0x1a, code section, function 0)"),
        ("(func elem.drop 0)", "unknown elem segment 0 (offset 0x17, code section, function 0)"),
        ("(func table.size 0 drop)", "unknown table 0 (offset 0x17, code section, function 0)"),
        (
            "(func ref.func 0 drop)",
            "undeclared function reference (offset 0x17, code section, function 0)",
        ),
        (
            "(global i32 (i32.const 0)) (func i32.const 1 global.set 0)",
            "global is immutable (offset 0x21, code section, function 0)",
        ),
        (
            "(memory 1) (func i32.const 1 i32.load align=8 drop)",
            "alignment must not be larger than natural (offset 0x1e, code section, function 0)",
        ),
        (
            "(func (result i32) (block (result i32) (br_table 0 1 (i64.const 0) (i32.const 0))))",
            "type mismatch: expected i32, found i64 (offset 0x1e",
        ),
        (
            "(func $f (result i32) (return_call $g)) (func $g (result i64) i64.const 0)",
            "type mismatch: expected i32, found i64",
        ),
        ("(func (param i64) (if (type 0) (i32.const 1) (then drop)))", "type mismatch"),
        (
            "(global i32 (i32.clz (i32.const 1)))",
            "constant expression required (offset 0xf, global section)",
        ),
        (
            "(global $a i32 (i32.const 1)) (global i32 (global.get $a))",
            "constant expression required (offset 0x12, global section)",
        ),
        (
            "(global i32 (i64.const 1))",
            "type mismatch: expected i32, found i64 (offset 0xf, global section)",
        ),
        (
            "(export \"a\" (func 0)) (export \"a\" (func 0)) (func)",
            "duplicate export name (offset 0x19, export section)",
        ),
        ("(export \"a\" (table 0))", "unknown table 0 (offset 0xe, export section)"),
        (
            "(start 0) (func (param i32))",
            "start function must have type [] -> [] (offset 0x15, start section)",
        ),
        (
            "(memory 2 1)",
            "size minimum must not be greater than maximum (offset 0xb, memory section)",
        ),
        (
            "(memory 65537)",
            "memory size must be at most 65536 pages (4 GiB) (offset 0xb, memory section)",
        ),
        ("(memory 1) (memory 1)", "multiple memories"),
        (
            "(table 1 externref) (func) (elem (i32.const 0) func 0)",
            "type mismatch: expected externref, found funcref",
        ),
        ("(data (i32.const 0) \"\")", "unknown memory 0 (offset 0xb, data section)"),
        ("(elem (i32.const 0) func)", "unknown table 0 (offset 0xb, element section)"),
    ];
    let mut wrong = alloc::vec::Vec::new();
    for (fields, message) in cases {
        let error = decode(&alloc::format!("(module {fields})")).expect_err(fields);
        let text = error.to_string();
        if !text.starts_with(message) {
            wrong.push(alloc::format!("{fields}: {text}"));
        }
        assert_eq!(error.class(), ErrorClass::Invalid, "{fields}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_missing_feature_is_named() {
    let cases = [
        ("(func (result i32 i32) unreachable)", Features::MULTI_VALUE, "multi-value"),
        ("(func block (type 0) end)", Features::MULTI_VALUE, "multi-value"),
        ("(global (import \"\" \"\") (mut i32))", Features::MUTABLE_GLOBALS, "mutable-globals"),
        ("(memory 1) (data \"\")", Features::BULK_MEMORY, "bulk-memory"),
        ("(elem func)", Features::BULK_MEMORY, "bulk-memory"),
        ("(table 1 externref)", Features::REFERENCE_TYPES, "reference-types"),
        ("(func (param funcref))", Features::REFERENCE_TYPES, "reference-types"),
        ("(func (local f32))", Features::FLOATS, "floats"),
        ("(func i32.const 0 f32.convert_i32_s drop)", Features::FLOATS, "floats"),
        ("(func return_call 0)", Features::TAIL_CALL, "tail-call"),
    ];
    for (fields, feature, name) in cases {
        let bytes = super::assemble(&alloc::format!("(module {fields})"));
        let lacking = Features::ALL.without(feature);
        let error = Module::decode(&bytes[..], &lacking, &Limits::default()).expect_err(fields);
        assert_eq!(error.class(), ErrorClass::Unsupported, "{fields}");
        assert_eq!(error.kind().to_string(), alloc::format!("unsupported feature: {name}"));
        let module = Module::decode(bytes, &Features::ALL, &Limits::default()).expect(fields);
        assert!(module.features_used().contains(feature), "{fields}");
    }
}
