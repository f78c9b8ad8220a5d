//! The corpus: small programs in text form, under `corpus/`, with the invocations that each is
//! meant for.
//!
//! A line `;; run NAME ARG…` of a program is one invocation on a fresh instance. An argument is
//! `TYPE:VALUE`, where a value of a float type is a number or, after `0x`, its bits; `extern:N` and
//! `extern:null` are host references.

use std::path::Path;

use dytallix::Limits;
use dytallix::gas::GasSchedule;

use crate::{Ref, Value};

/// A program of the corpus.
#[derive(Clone, Debug)]
pub struct Program {
    /// File name without its ending.
    pub name: String,
    /// The module.
    pub wasm: Vec<u8>,
    /// Its invocations.
    pub runs: Vec<Run>,
}

/// An invocation of an export.
#[derive(Clone, Debug)]
pub struct Run {
    /// Name of the export.
    pub export: String,
    /// Arguments.
    pub args: Vec<Value>,
}

/// Every program of the corpus, by name.
///
/// # Panics
///
/// A program that cannot be read or parsed: the corpus is ours.
pub fn programs() -> Vec<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus is beside its package")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "wat"))
        .collect();
    paths.sort();
    paths.iter().map(|path| program(path)).collect()
}

fn program(path: &Path) -> Program {
    let text = std::fs::read_to_string(path).expect("a readable program");
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let wasm = encode(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let runs = text.lines().filter_map(|line| line.strip_prefix(";; run ")).map(|line| {
        let mut words = line.split_whitespace();
        let export = words.next().unwrap_or_default().to_string();
        let args = words
            .map(|word| argument(word).unwrap_or_else(|| panic!("{name}: argument {word:?}")))
            .collect();
        Run { export, args }
    });
    let runs = runs.collect();
    Program { name, wasm, runs }
}

/// Bytes of a module in text form.
///
/// # Errors
///
/// The text is not a module.
pub fn encode(text: &str) -> Result<Vec<u8>, String> {
    let buffer = wast::parser::ParseBuffer::new(text).map_err(|error| error.to_string())?;
    let mut module: wast::Wat<'_> =
        wast::parser::parse(&buffer).map_err(|error| error.to_string())?;
    module.encode().map_err(|error| error.to_string())
}

fn argument(word: &str) -> Option<Value> {
    let (ty, text) = word.split_once(':')?;
    let hexadecimal = text.strip_prefix("0x");
    let bits = hexadecimal.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    Some(match (ty, bits) {
        ("i32", Some(bits)) => Value::I32(bits.try_into().ok()?),
        ("i64", Some(bits)) => Value::I64(bits),
        ("f32", Some(bits)) => Value::F32(bits.try_into().ok()?),
        ("f64", Some(bits)) => Value::F64(bits),
        ("i32", None) => Value::I32(text.parse::<i32>().ok()? as u32),
        ("i64", None) => Value::I64(text.parse::<i64>().ok()? as u64),
        ("f32", None) => Value::F32(text.parse::<f32>().ok()?.to_bits()),
        ("f64", None) => Value::F64(text.parse::<f64>().ok()?.to_bits()),
        ("extern", None) if text == "null" => Value::Ref(Ref::Null),
        ("extern", None) => Value::Ref(Ref::Extern(text.parse().ok()?)),
        _ => return None,
    })
}

/// Limits for the corpus: a stack so small that programs run out of it within a few hundred gas,
/// and memories and tables that programs can grow to their limits.
pub fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.memory_pages = 8;
    limits.table_elements = 200;
    limits.stack_slots = 256;
    limits
}

/// Schedules for the corpus, by name. Pages are so cheap that a program can be run at every limit
/// up to what it needs.
pub fn schedules() -> [(&'static str, GasSchedule); 2] {
    let mut v1 = GasSchedule::v1();
    v1.grow_page = 40;
    v1.grow_page_dear = 160;
    // Every class has a price, those that are free in V1 too, and neighbours have different
    // ones.
    let mut odd = v1.clone();
    for (class, price) in odd.classes.iter_mut().enumerate() {
        *price = 1 + class as u32 % 5;
    }
    odd.local = 3;
    [("v1", v1), ("odd", odd)]
}
