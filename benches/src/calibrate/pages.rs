//! Memory: pages that a contract begins with or grows by, and touches, beside their price.

use super::table::{flag, median};
use crate::Error;
use cpu_time::ThreadTime;
use dytallix::{Address, Call, Deploy, MemoryStore, Runtime};
use std::fmt::Write as _;

/// More than any call here uses.
const GAS: u64 = 1 << 50;

/// A contract with a memory of `pages`, whose methods do nothing, write to each 4 KiB of it, grow
/// it by `grown` pages at once or one at a time, and write to each 4 KiB of those.
fn contract(pages: u32, grown: u32) -> Result<Vec<u8>, Error> {
    let touch = "(loop $each
        (i32.store (local.get $at) (i32.const 1))
        (local.set $at (i32.add (local.get $at) (i32.const 4096)))
        (br_if $each (i32.lt_u (local.get $at) (i32.mul (memory.size) (i32.const 65536)))))";
    let at_once = format!("(drop (memory.grow (i32.const {grown})))");
    let singly = format!(
        "(loop $more
           (drop (memory.grow (i32.const 1)))
           (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if $more (i32.lt_u (local.get $n) (i32.const {grown}))))"
    );
    let method = |name: &str, body: &str| {
        format!("(func (export \"{name}\") (local $at i32) (local $n i32) {body})")
    };
    let methods = [
        method("nothing", ""),
        method("touched", touch),
        method("grown", &format!("{at_once} {touch}")),
        method("singly", &format!("{singly} {touch}")),
    ];
    let text = format!("(module (memory (export \"memory\") {pages}) {})", methods.concat());
    Ok(wat::parse_str(text)?)
}

/// The table of memory. Beside gas stands the time of a call less that of one with a page.
///
/// # Errors
/// A contract that is not admitted.
pub(super) fn measure(sets: u32, pairs: u32) -> Result<String, Error> {
    let mut text = String::from(
        "| memory | gas | median ns | ns per gas | |\n\
         |:--|--:|--:|--:|:--|\n",
    );
    let rows = [
        ("1 page", 1, "touched"),
        ("16 pages at the beginning, not touched", 16, "nothing"),
        ("16 pages at the beginning, touched", 16, "touched"),
        ("256 pages at the beginning, not touched", 256, "nothing"),
        ("256 pages at the beginning, touched", 256, "touched"),
        ("255 pages grown at once, touched", 1, "grown"),
        ("255 pages grown one by one, touched", 1, "singly"),
    ];
    for (what, pages, method) in rows {
        // A page and nothing else, for what a call costs without.
        let (gas, nanos) = one(pages, method, sets * pairs)?;
        let (least_gas, least) = one(0, "nothing", sets * pairs)?;
        let (gas, nanos) = (gas - least_gas, nanos - least);
        let ratio = nanos / gas as f64;
        writeln!(text, "| {what} | {gas} | {nanos:.0} | {ratio:.2} | {} |", flag(ratio))?;
    }
    Ok(text)
}

/// Gas and time of a call.
fn one(pages: u32, method: &str, rounds: u32) -> Result<(u64, f64), Error> {
    let mut runtime = Runtime::new(MemoryStore::new())?;
    let owner = Address::from_bytes([9; 32]);
    let deployed = runtime.deploy(&Deploy::new(owner, contract(pages, 255)?, GAS))?;
    let contract = deployed.contract.ok_or("a deployment failed")?;
    let call = Call::new(owner, contract, method, GAS);
    let mut gas = runtime.simulate(&call)?.gas_used;
    let mut nanos = Vec::new();
    for _ in 0..rounds {
        let start = ThreadTime::try_now()?;
        let receipt = runtime.simulate(&call)?;
        nanos.push(start.try_elapsed()?.as_nanos() as f64);
        if !receipt.is_success() {
            return Err(format!("`{method}` failed: {receipt:?}").into());
        }
        gas = receipt.gas_used;
    }
    Ok((gas, median(&nanos)))
}
