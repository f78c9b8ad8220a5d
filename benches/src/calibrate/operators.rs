//! Operators: nanoseconds per gas of each, in hot chains whose every link waits for the one before,
//! and of the worst programs that we know.
//!
//! A chain is a loop around many copies of an operator with the `local.get`, `local.set` and
//! constants that it needs, and, where its result is of another type than its operand, with a
//! conversion back. What is shown is time over gas of the whole chain: nobody can run an operator
//! alone.

use crate::Error;
use crate::calibrate::table::median;
use cpu_time::ThreadTime;
use dytallix::abi::GasClass as HostClass;
use dytallix::gas::{GasClass, HostPrices};
use dytallix::vm::{Config, Engine, HostCall, HostTable, Instance, Value};
use dytallix::wasm::{OperatorKind, Shape, ValType};
use std::fmt::Write as _;

/// Copies of a link in a loop.
const COPIES: usize = 50;
/// Times that a loop goes round.
const ROUNDS: i32 = 2_000;
/// More than any loop here uses.
const GAS: u64 = 1 << 50;
/// What the dearest operator may cost, in medians; what the worst program may.
const MOST_OF_MEDIAN: f64 = 3.0;
const WORST_OF_MEDIAN: f64 = 10.0;

/// Operators that are measured, by the first part of their names.
const MEASURED: [&str; 4] = ["i32", "i64", "f32", "f64"];

/// A program that is measured.
struct Chain {
    name: String,
    class: &'static str,
    /// One link, in text. Locals: 0 counts; 1 and 2 are i32, 3 and 4 i64, 5 and 6 f32, 7 and 8 f64:
    /// the chain's value, and a constant one beside it.
    link: String,
    /// Whether it is an operator, or a program that is worst at something.
    is_operator: bool,
}

/// The chain's value and the constant beside it.
fn locals(ty: ValType) -> Option<(u32, u32)> {
    Some(match ty {
        ValType::I32 => (1, 2),
        ValType::I64 => (3, 4),
        ValType::F32 => (5, 6),
        ValType::F64 => (7, 8),
        _ => return None,
    })
}

/// What makes a value of one type one of another.
fn conversion(from: ValType, to: ValType) -> &'static str {
    use ValType as T;
    match (from, to) {
        (T::I32, T::I64) => "i64.extend_i32_u",
        (T::I64, T::I32) => "i32.wrap_i64",
        (T::F32, T::F64) => "f64.promote_f32",
        (T::F64, T::F32) => "f32.demote_f64",
        (T::I32, T::F32) => "f32.convert_i32_u",
        (T::I32, T::F64) => "f64.convert_i32_u",
        (T::I64, T::F32) => "f32.convert_i64_u",
        (T::I64, T::F64) => "f64.convert_i64_u",
        (T::F32, T::I32) => "i32.reinterpret_f32",
        (T::F64, T::I64) => "i64.reinterpret_f64",
        (T::F32, T::I64) => "i32.reinterpret_f32 i64.extend_i32_u",
        (T::F64, T::I32) => "i64.reinterpret_f64 i32.wrap_i64",
        _ => "",
    }
}

/// The link of an operator, where it is plain, a load or a store.
fn link(kind: OperatorKind) -> Option<String> {
    let row = kind.row();
    let name = row.name;
    match row.shape {
        Shape::Plain { params: &[a], results: &[r] } => {
            let (value, _) = locals(a)?;
            locals(r)?;
            Some(format!("local.get {value} {name} {} local.set {value} ", conversion(r, a)))
        }
        Shape::Plain { params: &[a, _], results: &[r] } => {
            let (value, beside) = locals(a)?;
            let back = conversion(r, a);
            if name.contains("div_") || name.contains("rem_") {
                // A large number by the chain's, which stays odd and so is never 0.
                return Some(format!(
                    "local.get {beside} local.get {value} {a}.const 1 {a}.or {name} {back} local.set \
                     {value} "
                ));
            }
            Some(format!("local.get {value} local.get {beside} {name} {back} local.set {value} "))
        }
        Shape::Load { ty, .. } => {
            let back = conversion(ty, ValType::I32);
            Some(format!("local.get 1 i32.const 0 i32.and {name} {back} local.set 1 "))
        }
        Shape::Store { ty, .. } => {
            // Local 1 stays an address: what goes through memory is the constant beside.
            let (_, value) = locals(ty)?;
            Some(format!(
                "local.get 1 local.get {value} {name} local.get 1 {ty}.load local.set {value} "
            ))
        }
        _ => None,
    }
}

fn operators() -> Vec<Chain> {
    let mut all = Vec::new();
    for &kind in OperatorKind::ALL {
        let row = kind.row();
        let prefix = row.name.split('.').next().unwrap_or_default();
        if MEASURED.contains(&prefix)
            && let Some(link) = link(kind)
        {
            all.push(chain(row.name, GasClass::name(row.gas_class), &link, true));
        }
    }
    let other = [
        ("local.get, local.set", "LocalGet", "local.get 1 local.set 2 local.get 2 local.set 1 "),
        ("local.tee", "LocalSet", "local.get 1 local.tee 2 local.tee 1 drop "),
        ("const", "Const", "i32.const 77 local.set 1 i64.const 0x123456789ab local.set 3 "),
        ("global", "Global", "global.get $g i32.const 1 i32.add global.set $g "),
        ("select", "Select", "local.get 2 local.get 1 local.get 1 select local.set 1 "),
        ("memory.size", "", "memory.size local.get 1 i32.xor local.set 1 "),
        ("br", "Branch", "block br 0 end "),
        ("br_if, taken", "Branch", "block local.get 2 br_if 0 end "),
        ("br_if, not taken", "Branch", "block local.get 1 i32.const 0 i32.and br_if 0 end "),
        ("if, else", "Branch", "local.get 2 if else local.get 1 local.set 1 end "),
        ("br_table", "BrTable", "block block local.get 2 br_table 0 1 end end "),
        ("call, return", "Call", "call $nothing "),
        ("call with operands", "Call", "local.get 1 local.get 3 call $one local.set 1 "),
        ("call with locals", "Call", "call $locals "),
        ("call_indirect", "CallIndirect", "i32.const 0 call_indirect "),
        ("call of the host", "Call", "local.get 3 call $tick local.set 3 "),
        ("table.get", "Table", "i32.const 0 table.get 0 drop "),
        ("return_call", "Call", "call $hop "),
        ("return_call_indirect", "CallIndirect", "call $hop_indirect "),
        ("table.set", "Table", "i32.const 0 ref.func $nothing table.set 0 "),
        ("table.size", "", "table.size 0 local.get 1 i32.xor local.set 1 "),
        ("table.grow by nothing", "", "ref.null func i32.const 0 table.grow 0 drop "),
        ("table.fill of one", "", "i32.const 0 ref.func $nothing i32.const 1 table.fill 0 "),
        ("table.copy of one", "", "i32.const 0 i32.const 0 i32.const 1 table.copy "),
        ("table.init of one", "", "i32.const 0 i32.const 0 i32.const 1 table.init $listed "),
        ("elem.drop", "", "elem.drop $dropped "),
        ("data.drop", "", "data.drop $gone "),
        ("memory.grow by nothing", "", "i32.const 0 memory.grow drop "),
        ("memory.init of 64", "", "i32.const 0 i32.const 0 i32.const 64 memory.init $bytes "),
        ("ref.null, ref.is_null", "", "ref.null func ref.is_null local.set 1 "),
        ("ref.func", "", "ref.func $nothing drop "),
        ("memory.copy of 64", "", "i32.const 0 i32.const 512 i32.const 64 memory.copy "),
        ("memory.fill of 64", "", "i32.const 0 i32.const 1 i32.const 64 memory.fill "),
    ];
    all.extend(other.map(|(name, class, link)| chain(name, class, link, true)));
    all
}

fn chain(name: &str, class: &'static str, link: &str, is_operator: bool) -> Chain {
    Chain { name: name.into(), class, link: link.into(), is_operator }
}

/// The slowest programs for their gas that we know how to write.
fn worst() -> Vec<Chain> {
    // Jumps through 16 MiB, so that neither caches nor the TLB know what is next.
    let miss = "local.get 1 i32.const 1664525 i32.mul i32.const 1013904223 i32.add local.tee 1 \
                i32.const 0xfffff8 i32.and ";
    let mut all = vec![
        chain(
            "cache misses, read",
            "",
            &format!("{miss} i32.load local.get 1 i32.xor local.set 1 "),
            false,
        ),
        chain("cache misses, written", "", &format!("{miss} local.get 3 i64.store "), false),
        chain("across two pages", "", "i32.const 4093 i32.const 4093 i64.load i64.store ", false),
        chain("across two lines", "", "i32.const 61 i32.const 61 i64.load i64.store ", false),
        chain(
            "branches that nobody foresees",
            "",
            "local.get 3 i64.const 6364136223846793005 i64.mul i64.const 1442695040888963407 i64.add \
             local.tee 3 i64.const 63 i64.shr_u i32.wrap_i64 if local.get 2 local.set 2 end ",
            false,
        ),
        chain(
            "jumps by table that nobody foresees",
            "",
            "block block block block local.get 3 i64.const 6364136223846793005 i64.mul i64.const \
             1442695040888963407 i64.add local.tee 3 i64.const 62 i64.shr_u i32.wrap_i64 br_table 0 1 \
             2 3 end end end end ",
            false,
        ),
    ];
    let converted = [
        ("f32.demote_f64 to a subnormal", "f64.const 0x1p-140 f32.demote_f64 local.set 5 "),
        ("f64.promote_f32 of a subnormal", "f32.const 0x1p-140 f64.promote_f32 local.set 7 "),
    ];
    all.extend(converted.map(|(name, link)| chain(name, "", link, false)));
    for (ty, local) in [("f32", 5), ("f64", 7)] {
        let tiny = if ty == "f32" { "0x1p-140" } else { "0x1p-1060" };
        for (name, by) in [("mul", "0x1.8p0"), ("div", "0x1.8p0"), ("add", "0x1p-3"), ("sqrt", "")]
        {
            let by = if by.is_empty() { String::new() } else { format!("{ty}.const {by} ") };
            let link = format!("{ty}.const {tiny} {by}{ty}.{name} local.set {local} ");
            all.push(chain(&format!("{ty}.{name} of a subnormal"), "", &link, false));
        }
    }
    all
}

fn module(link: &str) -> String {
    let links = link.repeat(COPIES);
    let bytes = "x".repeat(64);
    format!(
        "(module (import \"env\" \"tick\" (func $tick (param i64) (result i64)))
            (memory 256) (table 1 funcref) (elem (i32.const 0) $nothing)
            (elem declare func $nothing) (elem $listed funcref (ref.func $nothing))
            (elem $dropped funcref (ref.func $nothing)) (data $gone \"\") (data $bytes \"{bytes}\")
            (global $g (mut i32) (i32.const 0))
            (func $nothing)
            (func $hop return_call $nothing)
            (func $hop_indirect i32.const 0 return_call_indirect)
            (func $one (param i32 i64) (result i32) local.get 0)
            (func $locals (local i64 i64 i64 i64 i64 i64 i64 i64))
            (func (export \"run\") (param i32)
                (local i32 i32 i64 i64 f32 f32 f64 f64)
                i32.const 64 local.set 1 i32.const 0x7ffffff3 local.set 2
                i64.const 64 local.set 3 i64.const 0x7ffffffffffffff3 local.set 4
                f32.const 1.5 local.set 5 f32.const 1 local.set 6
                f64.const 1.5 local.set 7 f64.const 1 local.set 8
                (loop
                    {links}
                    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"
    )
}

/// Best nanoseconds per gas.
fn measure_chain(engine: &Engine, chain: &Chain, sets: u32) -> Result<f64, Error> {
    let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", chain.name);
    let wasm = wat::parse_str(module(&chain.link)).map_err(|e| fail(&e))?;
    let program = engine.compile(&wasm).map_err(|e| fail(&e))?;
    let mut table = HostTable::<()>::new();
    // What the cheapest host function of the ABI costs beside the operator that calls it.
    let price = HostPrices::v1().of(HostClass::Context).base.into();
    table.add("env", "tick", move |_: &mut (), call: &mut HostCall<'_>, value: i64| {
        call.charge(price)?;
        Ok(value)
    })?;
    let mut gas = GAS;
    let mut instance = Instance::new(&program, &mut table.with(&mut ()), &mut gas)?;
    let mut best = f64::INFINITY;
    for _ in 0..=sets {
        let mut left = GAS;
        let start = ThreadTime::now();
        instance
            .call(&mut table.with(&mut ()), "run", &[Value::I32(ROUNDS)], &mut left)
            .map_err(|e| fail(&e))?;
        let nanos = start.elapsed().as_nanos() as f64;
        best = best.min(nanos / (GAS - left) as f64);
    }
    Ok(best)
}

/// The tables of operators and of the worst programs, dearest first.
///
/// # Errors
/// A chain that does not run.
pub(super) fn measure(sets: u32) -> Result<String, Error> {
    let engine = Engine::new(Config::default())?;
    let mut found = Vec::new();
    for chain in operators().into_iter().chain(worst()) {
        let price = measure_chain(&engine, &chain, sets)?;
        found.push((price, chain));
    }
    let prices: Vec<f64> = found.iter().filter(|(_, c)| c.is_operator).map(|f| f.0).collect();
    let middle = median(&prices);
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut text = format!("median of all operators: {middle:.2} ns per gas\n\n");
    text.push_str("| chain | class | ns per gas | of the median | |\n|:--|:--|--:|--:|:--|\n");
    for (price, chain) in &found {
        let most = if chain.is_operator { MOST_OF_MEDIAN } else { WORST_OF_MEDIAN };
        let ratio = price / middle;
        let flag = if ratio > most { "above" } else { "" };
        let class = if chain.is_operator { chain.class } else { "worst program" };
        writeln!(text, "| {} | {class} | {price:.2} | {ratio:.2} | {flag} |", chain.name)?;
    }
    Ok(text)
}
