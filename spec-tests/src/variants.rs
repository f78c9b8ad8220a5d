//! Functions that bring every operator through every operand class of register code.
//!
//! An operand comes from a slot (`local.get`), from the accumulator (an op that keeps the bits), or
//! from the code (a constant); a result goes on in the accumulator or is set to a local; a
//! condition is a value or decides a branch. The functions are text, one per combination, and are
//! run on edge values by the tests.

use std::fmt::Write;

use dytallix::wasm::{OperatorKind, Shape, ValType};

use crate::Value;

/// A generated function.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its export.
    pub name: String,
    /// Its parameters.
    pub params: Vec<ValType>,
}

/// A module with all variants of some operators.
#[derive(Clone, Debug)]
pub struct Variants {
    /// The module as text.
    pub text: String,
    /// Its functions.
    pub functions: Vec<Variant>,
}

/// Where an operand comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum From {
    Slot,
    Acc,
    Const(usize),
}

/// Values at which operators change their ways.
pub fn edges(ty: ValType) -> Vec<Value> {
    match ty {
        ValType::I32 => [0, 1, 7, 31, 32, 0x7fff_ffff, 0x8000_0000, 0xffff_ff80, u32::MAX]
            .map(Value::I32)
            .to_vec(),
        ValType::I64 => [
            0,
            1,
            63,
            64,
            0xffff_ffff,
            0x7fff_ffff_ffff_ffff,
            1 << 63,
            0xffff_ffff_8000_0000,
            u64::MAX,
        ]
        .map(Value::I64)
        .to_vec(),
        ValType::F32 => [0.0f32, -0.0, 1.5, -2.5, 2_147_483_648.0, f32::INFINITY, 1e-40]
            .map(f32::to_bits)
            .into_iter()
            .chain([0x7fc0_0000, 0xffa0_1234])
            .map(Value::F32)
            .collect(),
        ValType::F64 => [0.0f64, -0.0, 0.5, -2.5, 9.3e18, f64::NEG_INFINITY, 5e-324]
            .map(f64::to_bits)
            .into_iter()
            .chain([0x7ff8_0000_0000_0000, 0xfff4_0000_0000_1234])
            .map(Value::F64)
            .collect(),
        _ => vec![Value::Ref(crate::Ref::Null)],
    }
}

/// Constants that stand in the code.
fn constants(ty: ValType) -> &'static [&'static str] {
    match ty {
        ValType::I32 => &["0", "5", "-1", "0x80000000"],
        ValType::I64 => &["0", "5", "-1", "0x123456789abcdef0"],
        ValType::F32 => &["0x1.8p1", "-0", "nan:0x200001"],
        _ => &["0x1.8p1", "-0", "nan:0x4000000000001"],
    }
}

pub(crate) fn is_number(ty: &ValType) -> bool {
    matches!(ty, ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64)
}

pub(crate) fn operand(from: From, local: usize, ty: ValType) -> String {
    match from {
        From::Slot => format!("local.get {local}"),
        From::Const(i) => format!("{ty}.const {}", constants(ty)[i]),
        From::Acc if ty.is_float() => format!("local.get {local} {ty}.neg {ty}.neg"),
        From::Acc => format!("local.get {local} {ty}.const 0 {ty}.xor"),
    }
}

fn sources(ty: ValType) -> impl Iterator<Item = From> {
    [From::Slot, From::Acc].into_iter().chain((0..constants(ty).len()).map(From::Const))
}

impl Variants {
    pub(crate) fn new(fields: &str) -> Self {
        Variants { text: format!("(module {fields}\n"), functions: Vec::new() }
    }

    /// Adds a function with a spare local of the result's type after its parameters.
    pub(crate) fn add(&mut self, params: &[ValType], result: ValType, body: &str) {
        let name = format!("f{}", self.functions.len());
        let list: Vec<_> = params.iter().map(|p| p.to_string()).collect();
        let list = list.join(" ");
        writeln!(
            self.text,
            "(func (export {name:?}) (param {list}) (result {result}) (local {result}) {body})"
        )
        .expect("writing to a string");
        self.functions.push(Variant { name, params: params.to_vec() });
    }

    /// A value in every place that a result can go to.
    pub(crate) fn results(&mut self, params: &[ValType], result: ValType, body: &str) {
        let spare = params.len();
        self.add(params, result, body);
        self.add(params, result, &format!("{body} local.set {spare} local.get {spare}"));
        // Another value of the same class comes in between.
        self.add(params, result, &format!("{body} {} drop", keep(result, spare)));
    }

    /// A condition in every place that decides.
    pub(crate) fn conditions(&mut self, params: &[ValType], body: &str) {
        let i32 = ValType::I32;
        self.add(params, i32, &format!("{body} if (result i32) i32.const 7 else i32.const 9 end"));
        self.add(
            params,
            i32,
            &format!("{body} i32.eqz if (result i32) i32.const 7 else i32.const 9 end"),
        );
        self.add(params, i32, &format!("block {body} br_if 0 i32.const 3 return end i32.const 4"));
        self.add(
            params,
            i32,
            &format!("block {body} i32.eqz br_if 0 i32.const 3 return end i32.const 4"),
        );
        self.add(params, i32, &format!("i32.const 11 i32.const 12 {body} select"));
        self.add(
            params,
            i32,
            &format!("block (result i32) i32.const 5 {body} br_if 0 i32.const 6 i32.add end"),
        );
    }

    /// Adds a function without parameters or results; `counter` is the local after those in
    /// `locals`.
    fn add_loop(&mut self, locals: &str, counter: usize, times: u32, start: &str, round: &str) {
        let name = format!("f{}", self.functions.len());
        writeln!(
            self.text,
            "(func (export {name:?}) (local {locals} i32) {start} i32.const {times} local.set {counter} \
             loop {round} local.get {counter} i32.const 1 i32.sub local.tee {counter} br_if 0 end)"
        )
        .expect("writing to a string");
        self.functions.push(Variant { name, params: Vec::new() });
    }

    pub(crate) fn close(mut self) -> Self {
        self.text.push(')');
        self
    }
}

/// An op of the class that keeps nothing of what is on the stack, and whose result is dropped.
fn keep(ty: ValType, local: usize) -> String {
    match ty.is_float() {
        true => format!("local.get {local} {ty}.abs"),
        false => format!("local.get {local} {ty}.const 1 {ty}.add"),
    }
}

/// Bodies that leave one operator's result, in every operand class; parameters are locals 0 and 1.
fn bodies(name: &str, params: &[ValType]) -> Vec<String> {
    match *params {
        [a] => sources(a).map(|from| format!("{} {name}", operand(from, 0, a))).collect(),
        [a, b] => {
            let mut all = Vec::new();
            for x in sources(a) {
                let x = operand(x, 0, a);
                all.extend(sources(b).map(|y| format!("{x} {} {name}", operand(y, 1, b))));
            }
            all.push(format!("local.get 0 local.get 0 {name}"));
            all.push(format!("{} local.tee 0 local.get 0 {name}", operand(From::Acc, 1, b)));
            all
        }
        _ => Vec::new(),
    }
}

/// The plain operators on numbers: name, parameters, result.
fn numeric() -> impl Iterator<Item = (&'static str, &'static [ValType], ValType)> {
    OperatorKind::ALL.iter().filter_map(|kind| {
        let row = kind.row();
        let Shape::Plain { params, results: &[result] } = row.shape else { return None };
        let numbers = params.iter().chain([&result]).all(is_number);
        numbers.then_some((row.name, params, result))
    })
}

/// Every plain operator on numbers.
pub fn plain() -> Variants {
    let mut all = Variants::new("");
    for (name, params, result) in numeric() {
        for body in bodies(name, params) {
            all.results(params, result, &body);
            if result == ValType::I32 {
                all.conditions(params, &body);
            }
        }
    }
    all.close()
}

/// Every plain operator on numbers, in functions without parameters that go round `times`. Operands
/// are such that nothing traps.
pub fn loops(times: u32) -> Variants {
    let mut all = Variants::new("");
    for (name, params, result) in numeric() {
        let mut body = String::new();
        for (i, ty) in params.iter().enumerate() {
            write!(body, "{ty}.const 3 local.set {i} ").expect("writing to a string");
        }
        let mut round = String::new();
        for one in bodies(name, params) {
            // Constants that divide by zero or leave the range of integers are another test's.
            let constant = one.contains(".const 0x") || one.contains(".const 0 ");
            let harmless = !constant && !one.contains("const -") && !one.contains("nan:");
            if harmless || !traps(name) {
                write!(round, "{one} drop ").expect("writing to a string");
                for (i, ty) in params.iter().enumerate() {
                    write!(round, "{ty}.const 3 local.set {i} ").expect("writing to a string");
                }
            }
        }
        let list: Vec<_> = params.iter().chain([&result]).map(|t| t.to_string()).collect();
        all.add_loop(&list.join(" "), params.len() + 1, times, &body, &round);
    }
    all.close()
}

fn traps(name: &str) -> bool {
    name.contains("div_") || name.contains("rem_") || name.contains("trunc_f")
}

/// Every load and store, by address from each class, with and without an offset.
pub fn memory() -> Variants {
    let mut all = Variants::new("(memory 1)");
    for kind in OperatorKind::ALL {
        let row = kind.row();
        for offset in ["", " offset=8", " offset=65530", " offset=4294967295"] {
            let text = format!("{}{offset}", row.name);
            for address in sources(ValType::I32) {
                let address = operand(address, 0, ValType::I32);
                match row.shape {
                    Shape::Load { ty, .. } if is_number(&ty) => {
                        all.results(&[ValType::I32], ty, &format!("{address} {text}"));
                    }
                    Shape::Store { ty, .. } if is_number(&ty) => {
                        for value in sources(ty) {
                            let value = operand(value, 1, ty);
                            let body = format!("{address} {value} {text} i32.const 0");
                            all.add(&[ValType::I32, ty], ValType::I32, &body);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    all.close()
}
