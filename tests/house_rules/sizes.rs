//! Length of lines, functions and files; headers.

use super::source::{Source, sources};
use super::{FOLDERS, found, none};

const COLUMNS: usize = 100;
const FUNCTION_LINES: usize = 70;
const FILE_LINES: usize = 800;

/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions that may be longer, and why.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[
    ("src/ir/disassemble.rs", "fixed_parts", "a table: one arm for each op with fields of its own"),
    ("src/state/tests.rs", "apply", "a table: one arm for each step of a history"),
    ("src/wasm/tests/errors.rs", "malformed_modules_are_explained", "a table: one row an error"),
    ("src/wasm/tests/errors.rs", "invalid_modules_are_explained", "a table: one row an error"),
];

/// Tables, one row a line, whose rows may be longer.
const TABLES: &[&str] = &[
    "abi/src/codes.rs",
    "abi/src/table.rs",
    "src/vm/exec/numeric.rs",
    "src/vm/exec/table.rs",
    "src/wasm/features.rs",
    "src/wasm/operators/table.rs",
];

/// Drawings and literals that cannot be broken may be wider; a sentence may not.
#[test]
fn lines_have_at_most_100_columns() {
    let mut wrong = Vec::new();
    for source in sources(FOLDERS).iter().filter(|s| !TABLES.contains(&s.path.as_str())) {
        wrong.extend(wide_lines(source));
    }
    none(wrong);
}

fn wide_lines(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut in_drawing = false;
    for (number, line) in source.numbered() {
        let columns = line.text.chars().count();
        let is_comment = line.text.trim_start().starts_with("//");
        in_drawing ^= is_comment && line.text.contains("```");
        // What is left of the line when its literals are left out.
        let indentation = line.text.len() - line.text.trim_start().len();
        let code = indentation + line.code.split_whitespace().map(str::len).sum::<usize>();
        let is_literal = !is_comment && line.code != line.text && code <= COLUMNS;
        if columns > COLUMNS && !in_drawing && !is_literal {
            wrong.push(found(source, number, &format!("{columns} columns")));
        }
    }
    wrong
}

#[test]
fn files_have_at_most_800_lines() {
    let sources = sources(FOLDERS);
    let mut wrong = Vec::new();
    for source in &sources {
        let (lines, is_listed) =
            (source.lines.len(), LONG_FILES.iter().any(|(path, _)| *path == source.path));
        match (lines > FILE_LINES, is_listed) {
            (true, false) => wrong.push(found(source, lines, &format!("{lines} lines"))),
            (false, true) => wrong.push(found(source, lines, "is listed as long, and is not")),
            _ => {}
        }
    }
    none(wrong);
}

#[test]
fn functions_have_at_most_70_lines() {
    let mut wrong = Vec::new();
    for source in sources(FOLDERS) {
        for (name, line, lines) in functions(&source) {
            let listed = LONG_FUNCTIONS
                .iter()
                .any(|(path, function, _)| *path == source.path && *function == name);
            if lines > FUNCTION_LINES && !listed {
                wrong.push(found(&source, line, &format!("`{name}` has {lines} lines")));
            }
            if lines <= FUNCTION_LINES && listed {
                wrong.push(found(
                    &source,
                    line,
                    &format!("`{name}` is listed as long, and is not"),
                ));
            }
        }
    }
    none(wrong);
}

#[test]
fn every_file_says_what_it_is() {
    let wrong = sources(FOLDERS).into_iter().filter_map(|source| {
        let has_header = source.lines.first().is_some_and(|line| line.text.starts_with("//! "));
        (!has_header).then(|| found(&source, 1, "has no `//!` header"))
    });
    none(wrong.collect());
}

/// Functions with a body: name, first line, number of lines. Relies on rustfmt: a body ends at the
/// first brace that stands alone at the indentation of the line where the function begins, and a
/// declaration of a trait without a body with its parameters.
fn functions(source: &Source) -> Vec<(String, usize, usize)> {
    let mut functions = Vec::new();
    for (number, line) in source.numbered() {
        let Some(name) = function_name(&line.code) else { continue };
        let indentation = line.code.len() - line.code.trim_start().len();
        let end = format!("{}}}", " ".repeat(indentation));
        let rest = &source.lines[number - 1..];
        let parameters_end = format!("{})", " ".repeat(indentation));
        let is_last =
            |code: &str| code == end || (code.starts_with(&parameters_end) && code.ends_with(';'));
        let is_one_line = line.code.trim_end().ends_with([';', '}']);
        let length = match is_one_line {
            true => Some(1),
            false => {
                rest.iter().position(|line| is_last(line.code.trim_end())).map(|last| last + 1)
            }
        };
        if let Some(length) = length {
            functions.push((name, number, length));
        }
    }
    functions
}

fn function_name(code: &str) -> Option<String> {
    let (before, after) = code.split_once("fn ")?;
    let words = ["pub", "const", "async", "unsafe", "extern"];
    let is_item = before.split_whitespace().all(|word| {
        words.contains(&word) || word.starts_with("pub(") || word.ends_with(')') || word == "in"
    });
    let name: String =
        after.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '$').collect();
    (is_item && !name.is_empty()).then_some(name)
}

#[test]
fn functions_are_found_with_their_lengths() {
    let text = "impl X {\n    pub(crate) const fn a(\n        b: u8,\n    ) -> u8 {\n        b\n    }\n\n\
                \u{20}   fn c() {}\n}\n";
    let source = Source::new("x.rs", text);
    assert_eq!(functions(&source), [("a".to_owned(), 2, 5), ("c".to_owned(), 8, 1)]);
    let text = "trait X {\n    fn a(\n        b: u8,\n    ) -> u8;\n\n    fn c() {\n        d();\n    }\n}";
    let source = Source::new("x.rs", text);
    assert_eq!(functions(&source), [("a".to_owned(), 2, 3), ("c".to_owned(), 6, 3)]);
    assert_eq!(function_name("    pub(in crate::vm) unsafe extern   fn f<T>("), Some("f".into()));
    assert_eq!(function_name("type Step = fn (x: u8)"), None);
}

#[test]
fn wide_sentences_are_seen_and_wide_literals_are_not() {
    let (wide, literal) = ("word ".repeat(21), "x".repeat(101));
    let text =
        format!("// {wide}\n//! ```\n//! {wide}\n//! ```\nlet x = \"{literal}\";\n// {wide}");
    assert_eq!(wide_lines(&Source::new("x.rs", &text)).len(), 2);
}
