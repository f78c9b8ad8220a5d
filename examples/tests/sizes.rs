//! What the examples promise of their sizes.

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Lines that are neither blank nor comments.
fn code_lines(contract: &str) -> usize {
    let text = fs::read_to_string(root().join(format!("{contract}.rs"))).unwrap();
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    text.lines().filter(is_code).count()
}

/// Bytes of the checked-in module.
fn module_bytes(contract: &str) -> u64 {
    fs::metadata(root().join(format!("wasm/{contract}.wasm"))).unwrap().len()
}

#[test]
fn a_token_takes_less_than_60_lines_and_12_kilobytes() {
    assert!(code_lines("basic_token") < 60, "{} lines", code_lines("basic_token"));
    assert!(module_bytes("basic_token") < 12 * 1024, "{} bytes", module_bytes("basic_token"));
}

#[test]
fn a_token_with_permits_and_a_risk_limit_takes_less_than_90_lines() {
    assert!(code_lines("token") < 90, "{} lines", code_lines("token"));
}

#[test]
fn every_contract_has_a_module() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let named = manifest.split("[[example]]\nname = \"").skip(1);
    let named: Vec<_> = named.filter_map(|rest| rest.split('"').next()).collect();
    assert!(named.len() > 2, "the manifest names contracts");
    let missing: Vec<_> =
        named.iter().filter(|name| !root().join(format!("wasm/{name}.wasm")).exists()).collect();
    assert!(missing.is_empty(), "run examples/build.sh: {missing:?}");
}
