//! The rules of the house that no compiler knows: import direction, sizes, headers, nothing
//! nondeterministic in consensus floors, unsafe code only where it is announced.
//!
//! Each violation is named as `file:line: what`. A file or function that is longer than the rule is
//! listed with its reason; an entry that is no longer needed fails too.

mod documents;
mod floors;
mod forbidden;
mod manifests;
mod sizes;
mod source;
mod unsafe_code;

use source::Source;

/// Folders with Rust of ours.
const FOLDERS: &[&str] =
    &["src", "tests", "abi", "cli", "spec-tests", "benches", "examples", "fuzz", "sdk", "testkit"];

/// A violation.
fn found(source: &Source, line: usize, what: &str) -> String {
    format!("{}:{line}: {what}", source.path)
}

/// Fails with the list of violations unless it is empty.
#[track_caller]
fn none(violations: Vec<String>) {
    let count = violations.len();
    assert!(violations.is_empty(), "{count} violations:\n{}", violations.join("\n"));
}
