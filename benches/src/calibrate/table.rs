//! What was measured, as tables.

use super::MOST_NANOS_PER_GAS;
use super::case::Case;
use std::fmt::Write as _;

/// One case in one place.
pub(super) struct Line {
    function: &'static str,
    what: String,
    place: &'static str,
    gas: f64,
    best: f64,
    median: f64,
}

impl Line {
    /// The best pair, and the least of the medians of sets.
    pub(super) fn new(case: &Case, place: &'static str, gas: f64, sets: &[Vec<f64>]) -> Line {
        let best = sets.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let medians = sets.iter().map(|set| median(set));
        let median = medians.fold(f64::INFINITY, f64::min);
        let (function, what) = (case.function.name(), case.what.clone());
        Line { function, what, place, gas, best, median }
    }
}

/// The middle of some values.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How fast the machine was when each set began.
pub(super) fn speed(sets: &[Vec<f64>]) -> String {
    let micros = |nanos: f64| format!("{:.0}", nanos / 1e3);
    let best = sets.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    let medians: Vec<String> = sets.iter().map(|set| micros(median(set))).collect();
    format!(
        "keccak256 of 64 KiB, natively, in µs: best {}; median before each set: {}\n",
        micros(best),
        medians.join(", ")
    )
}

/// The word behind a ratio that is too high.
pub(super) fn flag(ratio: f64) -> &'static str {
    if ratio > MOST_NANOS_PER_GAS { "**above**" } else { "" }
}

/// The table of host functions: the lines in order of the cases.
pub(super) fn execution(cases: &[Case], lines: &[Line]) -> String {
    let mut text = String::from(
        "| function | case | state in | gas | median ns | best ns | ns per gas | |\n\
         |:--|:--|:--|--:|--:|--:|--:|:--|\n",
    );
    for case in cases {
        let function = case.function.name();
        let of_case = |line: &&Line| line.function == function && line.what == case.what;
        for line in lines.iter().filter(of_case) {
            let Line { what, place, gas, best, median, .. } = line;
            let ratio = median / gas;
            let flag = flag(ratio);
            let _ = writeln!(
                text,
                "| {function} | {what} | {place} | {gas:.0} | {median:.0} | {best:.0} \
                 | {ratio:.2} | {flag} |"
            );
        }
    }
    let above = lines.iter().filter(|line| line.median / line.gas > MOST_NANOS_PER_GAS).count();
    let _ = writeln!(text, "\n{} cases, {above} above {MOST_NANOS_PER_GAS}", lines.len());
    text
}
