//! Validation takes time in proportion to the bytes: steps on the stacks are counted, not seconds.

extern crate std;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

use super::{assemble, binary, leb};
use crate::Limits;
use crate::wasm::{Features, Module};

std::thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Called by the validator for each type that it pushes, pops, compares or writes out.
pub(in crate::wasm) fn count(steps: usize) {
    STEPS.with(|counter| counter.set(counter.get() + steps as u64));
}

fn steps(bytes: &[u8]) -> u64 {
    STEPS.with(|counter| counter.set(0));
    Module::decode(bytes, &Features::ALL, &Limits::default()).expect("a valid module");
    STEPS.with(Cell::get)
}

/// A block of `arity` results with a `br_table` in it that names it `labels` times.
fn wide_table(labels: usize, arity: usize) -> Vec<u8> {
    let results = "i32 ".repeat(arity);
    let values = "i32.const 0 ".repeat(arity);
    let labels = "0 ".repeat(labels);
    assemble(&format!(
        "(module (type (func (result {results})))
           (func (type 0) block (type 0) {values} i32.const 0 br_table {labels} end))"
    ))
}

/// Functions of a few bytes, each with more locals than its body has.
fn many_locals(functions: u32) -> Vec<u8> {
    let (mut declared, mut code) = (Vec::new(), Vec::new());
    leb(&mut declared, functions);
    leb(&mut code, functions);
    declared.extend(core::iter::repeat_n(0, functions as usize));
    code.extend([6, 1, 0x80, 0xF4, 0x01, 0x7F, 0x0B].repeat(functions as usize));
    binary(&[(1, &[1, 0x60, 0, 0]), (3, &declared), (10, &code)])
}

/// Blocks in blocks, each with a branch to the outermost.
fn deep(depth: usize) -> Vec<u8> {
    let begin: String = (0..depth).map(|i| format!("block i32.const 0 br_if {i} ")).collect();
    assemble(&format!("(module (func {begin} {}))", "end ".repeat(depth)))
}

/// Code after a branch, where every operand is unknown.
fn unreachable(count: usize) -> Vec<u8> {
    assemble(&format!("(module (func unreachable {}))", "i32.add drop ".repeat(count)))
}

/// Locals of alternating types, so that each is a run of its own, read from the end.
fn runs(count: usize) -> Vec<u8> {
    let locals = "i32 i64 ".repeat(count);
    let reads: String = (0..count).map(|i| format!("local.get {} drop ", 2 * i)).collect();
    assemble(&format!("(module (func (local {locals}) {reads}))"))
}

/// A name, and modules that grow with a number.
type Family = (&'static str, fn(usize) -> Vec<u8>);

#[test]
fn steps_grow_with_the_bytes_and_no_faster() {
    let families: [Family; 5] = [
        ("labels of one br_table and what they carry", |n| wide_table(100 * n, 50 * n)),
        ("functions of many locals", |n| many_locals(100 * n as u32)),
        ("nesting", |n| deep(500 * n)),
        ("unreachable code", |n| unreachable(500 * n)),
        ("runs of locals", |n| runs(500 * n)),
    ];
    for (name, family) in families {
        let [small, large] = [family(2), family(16)];
        let bytes = large.len() as f64 / small.len() as f64;
        let steps = [steps(&small), steps(&large)];
        let growth = steps[1] as f64 / steps[0] as f64;
        // One part in three more: a binary search, and bytes that indices take as they grow.
        assert!(growth <= bytes * 1.34, "{name}: {bytes} times the bytes, {steps:?} steps");
        assert!(steps[1] <= 100 * large.len() as u64, "{name}: {} bytes, {steps:?}", large.len());
    }
}
