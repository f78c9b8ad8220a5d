//! Tables and JSON of the state benchmark.

use super::contestants::{REFERENCE, STRONGEST, UPDATES};
use super::extras::Extras;
use super::{Column, Table, median};
use std::fmt::Write as _;
use std::time::Duration;

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The numbers of a contestant, per block where that makes sense.
struct Line {
    cpu_ms: f64,
    best_cpu_ms: f64,
    system_ms: f64,
    wall_ms: f64,
    disk_mb: f64,
    passed_mb: f64,
    syncs: f64,
    peak_mib: f64,
    size_mib: f64,
    open_ms: f64,
}

impl Line {
    fn new(column: &Column, blocks: u64) -> Self {
        let per_block = 1.0 / blocks as f64;
        let rounds = &column.rounds;
        let all_blocks = per_block / rounds.len() as f64;
        let cpu: Vec<Duration> = rounds.iter().map(|round| round.cost.cpu).collect();
        let wall = median(rounds.iter().map(|round| round.cost.wall).collect());
        let system: Duration = rounds.iter().map(|round| round.cost.system).sum();
        let disk: u64 = rounds.iter().map(|round| round.cost.disk_bytes).sum();
        let passed: u64 = rounds.iter().map(|round| round.cost.passed_bytes).sum();
        let syncs: u64 = rounds.iter().map(|round| round.syncs).sum();
        Self {
            best_cpu_ms: millis(cpu.iter().copied().min().unwrap_or_default()) * per_block,
            cpu_ms: millis(median(cpu)) * per_block,
            system_ms: millis(system) * all_blocks,
            wall_ms: millis(wall) * per_block,
            disk_mb: disk as f64 / 1e6 * all_blocks,
            passed_mb: passed as f64 / 1e6 * all_blocks,
            syncs: syncs as f64 * all_blocks,
            peak_mib: column.peak_kib as f64 / 1024.0,
            size_mib: column.size_bytes as f64 / f64::from(1 << 20),
            open_ms: millis(column.open.cpu),
        }
    }
}

/// A contestant with its numbers.
struct Row<'a> {
    column: &'a Column,
    line: Line,
    /// Its CPU as a ratio to the reference's and to the strongest layout's, where these were run.
    ratios: [Option<f64>; 2],
}

fn rows(table: &Table) -> Vec<Row<'_>> {
    let line = |column: &Column| Line::new(column, table.blocks);
    let find = |name| table.columns.iter().find(|column| column.entry.name == name);
    let bases = [REFERENCE, STRONGEST].map(|name| find(name).map(|column| line(column).cpu_ms));
    let row = |column| {
        let line = line(column);
        Row { column, ratios: bases.map(|base| base.map(|base| line.cpu_ms / base)), line }
    };
    table.columns.iter().map(row).collect()
}

/// Markdown: one table for each size of state, and below what each contestant is.
pub(crate) fn table(tables: &[Table]) -> String {
    let mut text = String::new();
    for table in tables {
        let keys = table.keys;
        let _ = write!(
            text,
            "{keys} keys, blocks of {UPDATES} updates\n\n\
             | store           | CPU ms | ratio | to latest |  best | system | wall ms | disk MB \
             | passed MB | syncs | peak MiB | files MiB | open ms |\n\
             |:----------------|-------:|------:|----------:|------:|-------:|--------:|--------:\
             |----------:|------:|---------:|----------:|--------:|\n",
        );
        for row in rows(table) {
            write_row(&mut text, &row);
        }
        text.push('\n');
        write_extras(&mut text, table);
    }
    if let Some(table) = tables.first() {
        for column in &table.columns {
            let _ = writeln!(text, "{}: {}.", column.entry.name, column.entry.about);
        }
        let rounds = table.columns.first().map_or(0, |column| column.rounds.len());
        let _ = write!(
            text,
            "Per block: process CPU (user and system, all threads) and wall time, medians of \
             {rounds} interleaved rounds of {} blocks; ratio of CPU to {REFERENCE} and to \
             {STRONGEST}. `disk` is write_bytes and `passed` is wchar of /proc/self/io; a sync is \
             an fsync or fdatasync; `open` is the CPU of opening in a new process.",
            table.blocks
        );
    }
    text
}

fn write_row(text: &mut String, row: &Row<'_>) {
    let (name, line) = (row.column.entry.name, &row.line);
    let ratio =
        row.ratios.map(|ratio| ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}")));
    let _ = writeln!(
        text,
        "| {name:15} | {:>6.2} | {:>5} | {:>9} | {:>5.2} | {:>6.2} | {:>7.2} | {:>7.2} | {:>9.2} \
         | {:>5.1} | {:>8.0} | {:>9.0} | {:>7.1} |",
        line.cpu_ms,
        ratio[0],
        ratio[1],
        line.best_cpu_ms,
        line.system_ms,
        line.wall_ms,
        line.disk_mb,
        line.passed_mb,
        line.syncs,
        line.peak_mib,
        line.size_mib,
        line.open_ms
    );
}

/// The table of what only our state does, if it was run.
fn write_extras(text: &mut String, table: &Table) {
    let ours = table.columns.iter();
    let ours: Vec<(&str, Extras)> =
        ours.filter_map(|column| Some((column.entry.name, column.extras?))).collect();
    if ours.is_empty() {
        return;
    }
    text.push_str(
        "| CPU of one       | proof µs | again µs | 127 back µs | again µs \
         | first after opening ms | then µs | revert of 10,000 ms | tree MiB |\n\
         |:-----------------|---------:|---------:|------------:|---------:\
         |-----------------------:|--------:|--------------------:|---------:|\n",
    );
    let micros = |time| millis(time) * 1e3;
    for (name, extras) in ours {
        let _ = writeln!(
            text,
            "| {name:16} | {:>8.1} | {:>8.1} | {:>11.1} | {:>8.1} | {:>22.1} | {:>7.1} | {:>19.3} \
             | {:>8.1} |",
            micros(extras.prove_fresh),
            micros(extras.prove_again),
            micros(extras.prove_old_fresh),
            micros(extras.prove_old_again),
            millis(extras.prove_old_first),
            micros(extras.prove_old_reopened),
            millis(extras.revert),
            extras.tree_bytes as f64 / f64::from(1 << 20),
        );
    }
    text.push('\n');
}

/// The same as one JSON object.
pub(crate) fn json(tables: &[Table]) -> String {
    let mut text = String::from("{\"sizes\":[");
    for (index, table) in tables.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let (keys, blocks) = (table.keys, table.blocks);
        let _ = write!(text, "{comma}{{\"keys\":{keys},\"blocks\":{blocks},\"stores\":[");
        for (index, row) in rows(table).into_iter().enumerate() {
            text.push_str(if index == 0 { "" } else { "," });
            write_json(&mut text, &row);
        }
        text.push_str("]}");
    }
    text.push_str("]}");
    text
}

fn write_json(text: &mut String, row: &Row<'_>) {
    let (name, line) = (row.column.entry.name, &row.line);
    let ratio =
        row.ratios.map(|ratio| ratio.map_or("null".to_owned(), |ratio| format!("{ratio:.4}")));
    let _ = write!(
        text,
        "{{\"name\":\"{name}\",\"cpu_ms\":{:.4},\"ratio\":{},\"ratio_to_latest\":{},\
         \"best_cpu_ms\":{:.4},\"system_ms\":{:.4},\"wall_ms\":{:.4},\"disk_mb\":{:.4},\
         \"passed_mb\":{:.4},\"syncs\":{:.2},\"peak_mib\":{:.1},\"files_mib\":{:.1},\
         \"open_cpu_ms\":{:.3}",
        line.cpu_ms,
        ratio[0],
        ratio[1],
        line.best_cpu_ms,
        line.system_ms,
        line.wall_ms,
        line.disk_mb,
        line.passed_mb,
        line.syncs,
        line.peak_mib,
        line.size_mib,
        line.open_ms
    );
    if let Some(extras) = row.column.extras {
        let _ = write!(text, ",\"tree_bytes\":{}", extras.tree_bytes);
        for (name, time) in extras.times() {
            let _ = write!(text, ",\"{name}_us\":{:.3}", millis(time) * 1e3);
        }
    }
    text.push('}');
}
