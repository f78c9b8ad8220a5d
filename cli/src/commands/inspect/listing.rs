//! Register code beside the operators that it came from.
//!
//! ```text
//!    offset  gas  operator              word  op
//!      0x2f    1  local.get 0
//!      0x31    1  local.get 1
//!      0x33    1  i32.add                  2  I32Add acc s0 s1
//! ```
//!
//! An op stands beside the last operator that went into it: the operators above it have no code of
//! their own, they are operands or were fused. Numbers in brackets are the gas of the region that
//! begins there.

use std::fmt::Write;

use dytallix::ir::{Line, disassemble};
use dytallix::vm::Program;
use dytallix::wasm::Operator;
use serde_json::{Value as Json, json};

use crate::names::Names;
use crate::report::{Paint, columns};

/// The code of one function.
pub(super) struct Listing {
    function: u32,
    ty: String,
    frame_slots: u32,
    /// Gas of the region that begins at the function's entry.
    entry_gas: u64,
    words: usize,
    rows: Vec<Row>,
}

/// An operator, an op, or both.
#[derive(Default)]
struct Row {
    operator: Option<Source>,
    op: Option<(usize, String)>,
}

/// An operator with its place and price.
struct Source {
    offset: u32,
    gas: u32,
    depth: usize,
    text: String,
}

/// The listings of these functions, which are defined ones.
pub(super) fn of(program: &Program, functions: &[u32]) -> Vec<Listing> {
    let code = program.listing();
    let module = program.module();
    functions
        .iter()
        .map(|&function| {
            let range = code.range(function).unwrap_or_default();
            Listing {
                function,
                ty: module.type_of(function).to_string(),
                frame_slots: code.frame_slots(function).unwrap_or(0),
                // The first cell of a function's header: frame slots below, gas above.
                entry_gas: code.words().get(range.start).map_or(0, |cell| cell >> 32),
                words: range.len(),
                rows: rows(program, function, range.start, disassemble(&code, function)),
            }
        })
        .collect()
}

/// Operators and ops in code order, each op on the row of the last operator that went into it.
fn rows(program: &Program, function: u32, start: usize, ops: Vec<Line>) -> Vec<Row> {
    let sites = program.sites(function);
    let mut sources = sources(program, function).into_iter().peekable();
    let mut rows: Vec<Row> = Vec::new();
    for op in ops {
        let site = u32::try_from(op.word - start).ok().and_then(|word| sites.site(word));
        let offset = site.map_or(0, |site| site.offset);
        while let Some(source) = sources.next_if(|source| source.offset <= offset) {
            rows.push(Row { operator: Some(source), op: None });
        }
        let line = (op.word, op.to_string());
        match rows.last_mut() {
            Some(row) if row.op.is_none() => row.op = Some(line),
            _ => rows.push(Row { operator: None, op: Some(line) }),
        }
    }
    rows.extend(sources.map(|source| Row { operator: Some(source), op: None }));
    rows
}

/// The operators of a function with price and nesting depth.
fn sources(program: &Program, function: u32) -> Vec<Source> {
    let schedule = &program.engine().config().schedule;
    let mut depth = 0_usize;
    let mut sources = Vec::new();
    for (offset, operator) in program.module().operators(function) {
        let inner = depth;
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
            Operator::End {} => depth = depth.saturating_sub(1),
            _ => {}
        }
        let outdented = matches!(operator, Operator::End {} | Operator::Else {});
        let depth = if outdented { inner.saturating_sub(1) } else { inner };
        let gas = schedule.operator_cost(&operator);
        sources.push(Source { offset, gas, depth, text: operator.to_string() });
    }
    sources
}

impl Listing {
    /// For people.
    pub(super) fn to_text(&self, names: &Names) -> String {
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{} {}  {}",
            Paint.head(&names.describe(self.function)),
            self.ty,
            Paint.dim(&format!(
                "frame of {} slots, {} words, entry [{}]",
                self.frame_slots, self.words, self.entry_gas
            ))
        );
        let head = ["offset", "gas", "operator", "word", "op"].map(str::to_owned).to_vec();
        let mut table = vec![head];
        for row in &self.rows {
            let mut cells = match &row.operator {
                Some(source) => vec![
                    format!("{:#x}", source.offset),
                    source.gas.to_string(),
                    format!("{:indent$}{}", "", source.text, indent = source.depth * 2),
                ],
                None => vec![String::new(); 3],
            };
            if let Some((word, op)) = &row.op {
                cells.extend([word.to_string(), op.clone()]);
            }
            table.push(cells);
        }
        text.push_str(&columns(2, &table));
        text
    }

    /// For programs.
    pub(super) fn to_json(&self, names: &Names) -> Json {
        let rows: Vec<Json> = self
            .rows
            .iter()
            .map(|row| {
                let operator = row.operator.as_ref().map(|source| {
                    json!({ "offset": source.offset, "gas": source.gas, "text": source.text })
                });
                let op = row.op.as_ref().map(|(word, text)| json!({ "word": word, "text": text }));
                json!({ "operator": operator, "op": op })
            })
            .collect();
        json!({
            "function": self.function,
            "name": names.get(self.function),
            "type": self.ty,
            "frame_slots": self.frame_slots,
            "entry_gas": self.entry_gas,
            "words": self.words,
            "rows": rows,
        })
    }
}
