//! Every limit, at one below, at, and one above.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{assemble, binary, leb};
use crate::Limits;
use crate::wasm::{ErrorClass, Features, Module, WasmErrorKind};

/// A limit: its name, how it is set, and a module that reaches a number.
struct Case {
    name: &'static str,
    set: fn(&mut Limits, u32),
    at: u32,
    module: fn(u32) -> Vec<u8>,
}

fn repeat(part: &str, count: u32) -> String {
    part.repeat(count as usize)
}

/// A module in text form of `count` equal fields after others.
fn fields(before: &str, field: &str, count: u32) -> Vec<u8> {
    assemble(&format!("(module {before} {})", repeat(field, count)))
}

/// A body that begins `count` blocks, one in the other.
fn nest(count: u32) -> Vec<u8> {
    assemble(&format!("(module (func {} {}))", repeat("block ", count), repeat("end ", count)))
}

/// A function of no operators with a body of `size` bytes.
fn body(size: u32) -> Vec<u8> {
    let mut code = Vec::from([1]);
    leb(&mut code, size);
    code.push(0);
    code.extend(core::iter::repeat_n(0x01, size as usize - 2));
    code.push(0x0B);
    binary(&[(1, &[1, 0x60, 0, 0]), (3, &[1, 0]), (10, &code)])
}

fn exports(count: u32) -> Vec<u8> {
    let exports: String = (0..count).map(|i| format!("(export \"{i}\" (func 0))")).collect();
    assemble(&format!("(module (func) {exports})"))
}

const CASES: &[Case] = &[
    Case {
        name: "module_bytes",
        set: |limits, value| limits.module_bytes = value,
        at: 100,
        // A custom section fills the module up.
        module: |size| binary(&[(0, &Vec::from_iter((0..size - 10).map(|_| 0)))]),
    },
    Case {
        name: "types",
        set: |limits, value| limits.types = value,
        at: 5,
        module: |count| fields("", "(type (func))", count),
    },
    Case {
        name: "functions",
        set: |limits, value| limits.functions = value,
        at: 5,
        module: |count| fields("(import \"\" \"\" (func))", "(func)", count - 1),
    },
    Case {
        name: "functions",
        set: |limits, value| limits.functions = value,
        at: 5,
        module: |count| fields("", "(import \"\" \"\" (func))", count),
    },
    Case {
        name: "imports",
        set: |limits, value| limits.imports = value,
        at: 5,
        module: |count| fields("", "(import \"\" \"\" (global i32))", count),
    },
    Case { name: "exports", set: |limits, value| limits.exports = value, at: 5, module: exports },
    Case {
        name: "globals",
        set: |limits, value| limits.globals = value,
        at: 5,
        module: |count| {
            fields("(import \"\" \"\" (global i32))", "(global i32 (i32.const 0))", count - 1)
        },
    },
    Case {
        name: "tables",
        set: |limits, value| limits.tables = value,
        at: 5,
        module: |count| {
            fields("(import \"\" \"\" (table 1 funcref))", "(table 0 funcref)", count - 1)
        },
    },
    Case {
        name: "memories",
        set: |limits, value| limits.memories = value,
        at: 0,
        module: |count| fields("", "(memory 1)", count),
    },
    Case {
        name: "element_segments",
        set: |limits, value| limits.element_segments = value,
        at: 5,
        module: |count| fields("", "(elem func)", count),
    },
    Case {
        name: "data_segments",
        set: |limits, value| limits.data_segments = value,
        at: 5,
        module: |count| fields("(memory 1)", "(data (i32.const 0) \"\")", count),
    },
    Case {
        name: "data_segments",
        set: |limits, value| limits.data_segments = value,
        at: 5,
        // Announced before the code.
        module: |count| fields("(func data.drop 0)", "(data \"\")", count),
    },
    Case {
        name: "element_items",
        set: |limits, value| limits.element_items = value,
        at: 5,
        module: |count| assemble(&format!("(module (func) (elem func {}))", repeat("0 ", count))),
    },
    Case {
        name: "element_items",
        set: |limits, value| limits.element_items = value,
        at: 5,
        module: |count| {
            assemble(&format!("(module (elem funcref {}))", repeat("(ref.null func) ", count)))
        },
    },
    Case {
        name: "name_bytes",
        set: |limits, value| limits.name_bytes = value,
        at: 5,
        module: |size| {
            assemble(&format!("(module (import \"\" \"{}\" (func)))", repeat("n", size)))
        },
    },
    Case {
        name: "name_bytes",
        set: |limits, value| limits.name_bytes = value,
        at: 5,
        module: |size| {
            assemble(&format!("(module (func) (export \"{}\" (func 0)))", repeat("n", size)))
        },
    },
    Case {
        name: "name_bytes",
        set: |limits, value| limits.name_bytes = value,
        at: 5,
        module: |size| assemble(&format!("(module (@custom \"{}\" \"\"))", repeat("n", size))),
    },
    Case {
        name: "params",
        set: |limits, value| limits.params = value,
        at: 5,
        module: |count| {
            assemble(&format!("(module (type (func (param {}))))", repeat("i32 ", count)))
        },
    },
    Case {
        name: "results",
        set: |limits, value| limits.results = value,
        at: 5,
        module: |count| {
            assemble(&format!("(module (type (func (result {}))))", repeat("i32 ", count)))
        },
    },
    Case {
        name: "body_bytes",
        set: |limits, value| limits.body_bytes = value,
        at: 50,
        module: body,
    },
    Case {
        name: "function_slots",
        set: |limits, value| limits.function_slots = value,
        at: 9,
        // Parameters, locals and operand height add up.
        module: |count| {
            let (push, pop) = (repeat("local.get 2 ", count - 5), repeat("drop ", count - 5));
            assemble(&format!("(module (func (param i64 i64) (local i32 f32 f32) {push} {pop}))"))
        },
    },
    Case {
        name: "function_slots",
        set: |limits, value| limits.function_slots = value,
        at: 9,
        module: |count| assemble(&format!("(module (func (local {})))", repeat("i32 ", count))),
    },
    Case {
        name: "function_slots",
        set: |limits, value| limits.function_slots = value,
        at: 9,
        module: |count| assemble(&format!("(module (func (param {})))", repeat("i32 ", count))),
    },
    Case {
        name: "function_slots",
        // No limit lifts the one that the register code has.
        set: |limits, value| limits.function_slots = if value == 32_000 { u32::MAX } else { value },
        at: 32_000,
        module: |count| {
            let mut code = Vec::from([1, 6, 1]);
            leb(&mut code, count);
            code.extend([0x7F, 0x0B]);
            binary(&[(1, &[1, 0x60, 0, 0]), (3, &[1, 0]), (10, &code)])
        },
    },
    Case { name: "nesting", set: |limits, value| limits.nesting = value, at: 5, module: nest },
    Case {
        name: "br_table_labels",
        set: |limits, value| limits.br_table_labels = value,
        at: 5,
        module: |count| {
            assemble(&format!("(module (func (br_table {} (i32.const 0))))", repeat("0 ", count)))
        },
    },
    Case {
        name: "const_operators",
        set: |limits, value| limits.const_operators = value,
        at: 6,
        // Constants and sums alternate; an operand and the `end` come to an even number.
        module: |count| {
            let sums = repeat("i32.const 1 i32.add ", (count - 2) / 2);
            let pad = if count % 2 == 1 { "i32.const 1 drop " } else { "" };
            assemble(&format!("(module (global i32 {pad} i32.const 1 {sums}))"))
        },
    },
    Case {
        name: "memory_pages",
        set: |limits, value| limits.memory_pages = value,
        at: 5,
        module: |pages| assemble(&format!("(module (memory {pages} 60000))")),
    },
    Case {
        name: "memory_pages",
        set: |limits, value| limits.memory_pages = value,
        at: 5,
        module: |pages| assemble(&format!("(module (import \"\" \"\" (memory {pages})))")),
    },
    Case {
        name: "table_elements",
        set: |limits, value| limits.table_elements = value,
        at: 5,
        module: |elements| assemble(&format!("(module (table {elements} 60000 funcref))")),
    },
];

fn decode(case: &Case, reached: u32) -> Result<Module, crate::wasm::WasmError> {
    let mut limits = Limits::default();
    (case.set)(&mut limits, case.at);
    Module::decode((case.module)(reached), &Features::ALL, &limits)
}

#[test]
fn every_limit_holds_to_the_last_and_refuses_the_next() {
    for case in CASES {
        let Case { name, at, .. } = *case;
        // Constant expressions grow by two operators at a time.
        let step = if name == "const_operators" { 2 } else { 1 };
        for reached in [at.saturating_sub(step), at] {
            decode(case, reached).unwrap_or_else(|error| panic!("{name}, {reached}: {error}"));
        }
        let error = decode(case, at + step).expect_err(name);
        // Several memories are refused before they are counted against a limit of more than one.
        assert_eq!(error.class(), ErrorClass::Limit, "{name}: {error}");
        assert_eq!(*error.kind(), WasmErrorKind::Limit { name, limit: at.into() });
    }
}

#[test]
fn every_limit_of_decoding_is_tested() {
    // `stack_slots` binds an execution, not a module.
    let fields = format!("{:?}", Limits::default());
    let names = fields.split_once('{').unwrap().1.split(',').filter_map(|field| {
        let name = field.split(':').next().unwrap().trim();
        name.chars().next().is_some_and(|first| first.is_ascii_lowercase()).then_some(name)
    });
    let untested: Vec<&str> = names
        .filter(|name| !CASES.iter().any(|case| case.name == *name) && *name != "stack_slots")
        .collect();
    assert!(untested.is_empty(), "{untested:?}");
}
