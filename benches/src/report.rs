//! Tables and JSON of the measurements.

use crate::engines::REFERENCE;
use crate::kernels::Kernel;
use crate::peers::{Results, Samples};
use std::fmt::Write as _;
use std::time::Duration;

/// The geometric mean, or `None` of nothing.
fn geomean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_u32, 0.0), |(count, sum), x| (count + 1, sum + x.ln()));
    (count > 0).then(|| (sum / f64::from(count)).exp())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Which column ratios refer to: wasmi where it was measured, else the first.
fn reference(results: &Results) -> usize {
    results.engines.iter().position(|&name| name == REFERENCE).unwrap_or(0)
}

/// `measure` of one cell as a ratio to the reference column of its row; not a number where an
/// engine does not run the kernel.
fn ratio(results: &Results, row: usize, column: usize, measure: fn(&Samples) -> Duration) -> f64 {
    let cells = &results.samples[row];
    let [cell, base] = [column, reference(results)].map(|column| measure(&cells[column]));
    match cell.is_zero() || base.is_zero() {
        true => f64::NAN,
        false => cell.as_secs_f64() / base.as_secs_f64(),
    }
}

fn column_geomean(
    results: &Results,
    column: usize,
    measure: fn(&Samples) -> Duration,
    keep: impl Fn(&Kernel) -> bool,
) -> Option<f64> {
    let rows = (0..results.kernels.len()).filter(|&row| keep(&results.kernels[row]));
    let ratios = rows.map(|row| ratio(results, row, column, measure));
    geomean(ratios.filter(|ratio| !ratio.is_nan()))
}

/// A Markdown table: milliseconds of the reference, ratios of the others, geometric means below.
pub(crate) fn table(results: &Results) -> String {
    let base = reference(results);
    let others: Vec<usize> = (0..results.engines.len()).filter(|&column| column != base).collect();
    let mut text = String::new();
    let _ = write!(text, "| kernel         | {:>10} ms |", results.engines[base]);
    for &column in &others {
        let _ = write!(text, " {:>18} |", results.engines[column]);
    }
    let _ = write!(text, "\n|:---------------|--------------:|");
    for _ in &others {
        text.push_str("-------------------:|");
    }
    for (row, kernel) in results.kernels.iter().enumerate() {
        let time = millis(results.samples[row][base].best());
        let _ = write!(text, "\n| {:14} | {time:>13.2} |", kernel.name);
        for &column in &others {
            let ratio = ratio(results, row, column, Samples::best);
            let ratio = if ratio.is_nan() { "—".into() } else { format!("{ratio:.2}") };
            let _ = write!(text, " {ratio:>18} |");
        }
    }
    let mut mean = |label: &str, measure: fn(&Samples) -> Duration, keep: fn(&Kernel) -> bool| {
        let _ = write!(text, "\n| {label:14} | {:>13} |", "");
        for &column in &others {
            let value = column_geomean(results, column, measure, keep).unwrap_or(f64::NAN);
            let _ = write!(text, " {:>18} |", format!("**{value:.3}**"));
        }
    };
    mean("geomean", Samples::best, |_| true);
    mean("… of medians", Samples::median, |_| true);
    mean("… no host calls", Samples::best, |kernel| kernel.family != "host calls");
    if results.kernels.iter().any(|kernel| kernel.driver.is_some()) {
        mean("… foreign", Samples::best, |kernel| kernel.driver.is_some());
        mean("… our own", Samples::best, |kernel| kernel.driver.is_none());
    }
    let _ = write!(
        text,
        "\n\nThread CPU time, best of {} interleaved runs; ratios to {}, lower is faster.",
        results.rounds, results.engines[base]
    );
    text
}

/// The same as one JSON object, times in milliseconds.
pub(crate) fn json(results: &Results) -> String {
    let mut text = format!("{{\"rounds\":{},\"unit\":\"ms\",\"kernels\":[", results.rounds);
    for (row, kernel) in results.kernels.iter().enumerate() {
        let comma = if row == 0 { "" } else { "," };
        let (name, family, size) = (kernel.name, kernel.family, kernel.size);
        let _ = write!(
            text,
            "{comma}{{\"name\":\"{name}\",\"family\":\"{family}\",\"size\":{size},\"engines\":["
        );
        for (column, engine) in results.engines.iter().enumerate() {
            let comma = if column == 0 { "" } else { "," };
            let cell = &results.samples[row][column];
            let (best, median) = (millis(cell.best()), millis(cell.median()));
            let ratio = ratio(results, row, column, Samples::best);
            let ratio = if ratio.is_nan() { "null".into() } else { format!("{ratio:.4}") };
            let _ = write!(
                text,
                "{comma}{{\"name\":\"{engine}\",\"best\":{best:.4},\"median\":{median:.4},\
                 \"ratio\":{ratio}}}"
            );
        }
        text.push_str("]}");
    }
    text.push_str("],\"geomean\":{");
    for (column, engine) in results.engines.iter().enumerate() {
        let comma = if column == 0 { "" } else { "," };
        let best = column_geomean(results, column, Samples::best, |_| true).unwrap_or(f64::NAN);
        let _ = write!(text, "{comma}\"{engine}\":{best:.4}");
    }
    text.push_str("}}");
    text
}

#[cfg(test)]
mod tests;
