//! Deployment: hashing and translating code, beside its price.

use super::callees;
use super::table::{flag, median};
use super::world::{World, deployer};
use crate::Error;
use cpu_time::ThreadTime;
use dytallix::gas::HostPrices;
use dytallix::{Deploy, Store};
use std::fmt::Write as _;

/// A module whose `init` ends the deployment, so that nothing is committed.
fn failing(body: &str) -> Result<Vec<u8>, Error> {
    let text = format!(
        "(module (memory (export \"memory\") 1) (func (export \"init\") unreachable) {body})"
    );
    Ok(wat::parse_str(text)?)
}

/// Code that is dear to translate for its size, as far as we know.
fn modules() -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let nested = format!("(func {} {})", "(block ".repeat(500), ")".repeat(500));
    let labels = " 0".repeat(4_000);
    let branches = format!("(func (param i32) (block (br_table{labels} (local.get 0))))");
    let locals = format!("(func (local {}))", "i32 ".repeat(4_000));
    Ok(vec![
        ("nothing", failing("")?),
        ("9,900 functions", failing(&"(func)".repeat(9_900))?),
        ("500 KB of arithmetic", failing(&callees::code(500 << 10))?),
        ("blocks, 500 deep", failing(&nested.repeat(200))?),
        ("tables of 4,000 labels", failing(&branches.repeat(100))?),
        ("functions of 4,000 locals", failing(&locals.repeat(5_000))?),
        ("500 KB of data", failing(&format!("(data \"{}\")", "a".repeat(500 << 10)))?),
    ])
}

/// The table of deployments.
///
/// # Errors
/// Code that is not admitted.
pub(super) fn measure<S: Store>(world: &mut World<S>, rounds: u32) -> Result<String, Error> {
    let price = HostPrices::v1().deploy;
    let mut text = String::from(
        "| deployment, nothing committed | bytes | gas | median ns | ns per gas | |\n\
         |:--|--:|--:|--:|--:|:--|\n",
    );
    for (name, wasm) in modules()? {
        let deploy = Deploy::new(deployer(), &wasm[..], 1 << 50);
        let mut nanos = Vec::new();
        for _ in 0..3 * rounds {
            let start = ThreadTime::try_now()?;
            let receipt = world.runtime.deploy(&deploy)?;
            nanos.push(start.try_elapsed()?.as_nanos() as f64);
            if receipt.is_success() {
                return Err(format!("`{name}` was deployed").into());
            }
        }
        let (bytes, median) = (wasm.len(), median(&nanos));
        let gas = price.total(bytes as u64);
        let ratio = median / gas as f64;
        let flag = flag(ratio);
        writeln!(text, "| {name} | {bytes} | {gas} | {median:.0} | {ratio:.2} | {flag} |")?;
    }
    Ok(text)
}
