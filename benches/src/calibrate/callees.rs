//! Contracts that are called: small ones, and those whose instances are as dear as modules of their
//! size can make them.

use super::case::{abi, escaped, imports};
use crate::Error;
use dytallix::abi::ABI_SECTION;
use dytallix::primitives::Domain;
use dytallix::{Address, Hash};
use std::fmt::Write as _;

/// A module that cases call.
pub(super) struct Callee {
    pub(super) name: &'static str,
    pub(super) wasm: Vec<u8>,
}

impl Callee {
    /// The hash of its code.
    pub(super) fn code_hash(&self) -> Hash {
        Hash::of(Domain::Code, &[&self.wasm])
    }

    /// Where it is deployed.
    pub(super) fn address(&self) -> Address {
        Address::of_contract(&super::world::deployer(), &self.code_hash(), &[0; 32])
    }
}

/// The name of the one with much code.
pub(super) const LARGE: &str = "500 KB of code";
/// The name of the one that contracts become, and that runs code then.
pub(super) const MIGRATING: &str = "a method migrate";

/// The methods of each: one that does nothing, and in the small one those that give much back.
const METHODS: [&str; 3] = ["back", "fail", "run"];

/// All of them: small, 500 KB of code, and about the most that a module can have of functions,
/// data, segments, elements, globals, imports and memory.
///
/// # Errors
/// A text that is no module.
pub(super) fn all() -> Result<Vec<Callee>, Error> {
    let callee = |name, body: &str, pages| {
        Ok::<_, Error>(Callee { name, wasm: module(body, pages, false)? })
    };
    Ok(vec![
        callee("small", "", 1)?,
        callee(LARGE, &code(500 << 10), 1)?,
        callee("9,900 functions", &"(func)".repeat(9_900), 1)?,
        callee("500 KB of data", &data(1, 500 << 10), 9)?,
        callee("9,900 data segments", &data(9_900, 1), 1)?,
        callee("a table of 10,000", &table(), 1)?,
        callee("900 globals", &"(global i64 (i64.const 7))".repeat(900), 1)?,
        importing("900 imports", 900)?,
        callee("16 MiB of memory", "", 256)?,
        Callee { name: MIGRATING, wasm: module("", 1, true)? },
    ])
}

/// The same function many times: a module may import it as often as it likes.
fn importing(name: &'static str, count: usize) -> Result<Callee, Error> {
    let params = "i32 i32 i32 i32 i32 i32 i32 i32 i32";
    let import = format!("(import \"env\" \"pqc_verify\" (func (param {params}) (result i32)))");
    let text = format!(
        "(module {} (memory (export \"memory\") 1) (func (export \"run\")))",
        import.repeat(count)
    );
    Ok(Callee { name, wasm: wat::parse_str(text)? })
}

fn module(body: &str, pages: u32, migrates: bool) -> Result<Vec<u8>, Error> {
    let mut text = imports();
    writeln!(text, "(memory (export \"memory\") {pages})")?;
    writeln!(
        text,
        "(func (export \"run\"))
         (func (export \"back\") (call $set_return (i32.const 0) (i32.const 65536)))
         (func (export \"fail\") (call $revert (i32.const 0) (i32.const 32)))
         {body}"
    )?;
    if migrates {
        writeln!(text, "(func (export \"migrate\")))")?;
    } else {
        writeln!(text, "(@custom \"{ABI_SECTION}\" \"{}\"))", escaped(&abi(&METHODS)?))?;
    }
    Ok(wat::parse_str(&text)?)
}

/// Functions of about 1 KB each, `bytes` in all, that nobody calls.
pub(super) fn code(bytes: usize) -> String {
    // A turn of this takes 10 bytes of code.
    let turn = "(local.set 0 (i32.mul (i32.add (local.get 0) (i32.const 77)) (local.get 1)))";
    let function = format!("(func (param i32 i32) {})", turn.repeat(100));
    function.repeat(bytes / 1_000)
}

/// `count` segments of `bytes` bytes each.
fn data(count: u32, bytes: usize) -> String {
    let content = escaped(&vec![7; bytes]);
    (0..count).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "(data (i32.const {at}) \"{content}\")");
        text
    })
}

/// As many elements as a table can have, all of them set.
fn table() -> String {
    let elements = " $f".repeat(10_000);
    format!("(func $f) (table 10000 funcref) (elem (i32.const 0) func{elements})")
}
