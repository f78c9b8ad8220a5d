//! Register code and gas of the corpus, as snapshots, and that they show every kind of op.
//!
//! A change of the translator shows here as a change of text. To accept it: `INSTA_UPDATE=always
//! cargo test -p dytallix-spec-tests --test register_code`, then read the difference.

use std::collections::BTreeSet;
use std::fmt::Write;

use dytallix::gas::GasSchedule;
use dytallix::ir::{Code, HEADER_WORDS, OpKind, disassemble};
use dytallix::vm::{Config, Engine};
use dytallix_spec_tests::corpus::{encode, limits, programs};

/// One function: frame, gas of its entry, then an op a line. Branch targets are words of the
/// buffer, as are the numbers at the start of lines; gas stands in brackets.
fn print(code: &Code, function: u32) -> String {
    let mut text = String::new();
    let range = code.range(function).expect("a defined function");
    let frame = code.frame_slots(function).unwrap_or(0);
    let header = code.header_slot(function).unwrap_or(0);
    let entry = code.entry_gas(function).unwrap_or(0);
    writeln!(text, "function {function}: frame {frame}, header at s{header} [{entry}]")
        .expect("a string");
    let lines = disassemble(code, function);
    let end = lines.last().map_or(range.start + HEADER_WORDS, |l| l.word + l.cells);
    assert_eq!(end, range.end, "the listing covers function {function}");
    for line in lines {
        writeln!(text, "  {:4}  {line}", line.word).expect("a string");
    }
    text
}

/// A program that is only looked at: it imports what nobody offers, or costs what nobody has.
const SET_IMPORTED: &str = r#"(module
    (import "m" "i" (global $i (mut i32)))
    (import "m" "f" (global $f (mut f64)))
    (func (param i32 f64)
        local.get 0 global.set $i
        local.get 1 global.set $f
        global.get $i drop
        global.get $f drop))"#;

/// Regions that are too dear for one edge are cut.
const DEAR: &str = r#"(module (func (param i32) (result i32)
    local.get 0 i32.const 3 i32.add i32.const 5 i32.mul i32.const 7 i32.xor))"#;

/// Name, engine and module of everything that is shown.
fn shown() -> Vec<(String, Engine, Vec<u8>)> {
    let engine = |schedule| {
        let config = Config::default().with_limits(limits()).with_schedule(schedule);
        Engine::new(config.with_verification(true)).expect("the configuration is sound")
    };
    let plain = engine(GasSchedule::v1());
    let mut dear = GasSchedule::v1();
    dear.classes = dear.classes.map(|_| 0x7000_0000);
    let mut shown: Vec<_> =
        programs().into_iter().map(|p| (p.name, plain.clone(), p.wasm)).collect();
    shown.push(("imported_globals".into(), plain, encode(SET_IMPORTED).expect("valid text")));
    shown.push(("dear_regions".into(), engine(dear), encode(DEAR).expect("valid text")));
    shown
}

#[test]
fn register_code_is_as_blessed() {
    for (name, engine, wasm) in shown() {
        let compiled = engine.compile(&wasm).expect(&name);
        let code = compiled.listing();
        let first = compiled.module().imported_function_count();
        let text: String = (first..compiled.module().functions().len() as u32)
            .map(|function| print(&code, function))
            .collect();
        insta::assert_snapshot!(name, text);
    }
}

/// Ops that no module translates to: they belong to the engine's stubs and to replays.
const MACHINE: &[OpKind] = &[OpKind::OutOfGas, OpKind::Exit, OpKind::Boundary, OpKind::Probe];

#[test]
fn every_kind_of_op_appears_in_a_snapshot() {
    let mut seen: BTreeSet<OpKind> = MACHINE.iter().copied().collect();
    for (name, engine, wasm) in shown() {
        let compiled = engine.compile(&wasm).expect(&name);
        let code = compiled.listing();
        for function in 0..compiled.module().functions().len() as u32 {
            seen.extend(disassemble(&code, function).iter().map(|line| line.op.kind()));
        }
    }
    let missing: Vec<_> = OpKind::ALL.iter().filter(|k| !seen.contains(k)).collect();
    assert!(missing.is_empty(), "no program shows {missing:?}");
}
