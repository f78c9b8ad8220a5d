//! What a command has to say, twice: text for people, JSON for programs.

use std::fmt::Write as _;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::Value as Json;

/// The outcome of a command that went well.
#[derive(Debug)]
pub(crate) struct Report {
    /// Text, with styles that are stripped where they are not wanted.
    pub(crate) text: String,
    /// The same facts.
    pub(crate) json: Json,
}

/// Styles by meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint;

impl Paint {
    /// A heading.
    pub(crate) fn head(&self, text: &str) -> String {
        styled(Style::new().bold(), text)
    }

    /// Something that went wrong.
    pub(crate) fn bad(&self, text: &str) -> String {
        styled(Style::new().bold().fg_color(Some(AnsiColor::Red.into())), text)
    }

    /// Something that went well.
    pub(crate) fn good(&self, text: &str) -> String {
        styled(Style::new().fg_color(Some(AnsiColor::Green.into())), text)
    }

    /// A label beside what matters.
    pub(crate) fn dim(&self, text: &str) -> String {
        styled(Style::new().dimmed(), text)
    }
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints to the standard output. A pipe that is closed at the other end is no failure: `dytallix …
/// | head` is fine.
pub(crate) fn print(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Prints a part of something long; whether there is still somebody who reads it.
pub(crate) fn print_part(text: &str) -> bool {
    anstream::stdout().write_all(text.as_bytes()).is_ok()
}

/// Prints to the standard error.
pub(crate) fn print_error(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Facts under each other, each beside its name.
pub(crate) fn facts(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    facts.iter().fold(String::new(), |mut text, (name, fact)| {
        let _ = writeln!(text, "{}  {fact}", Paint.dim(&format!("{name:width$}")));
        text
    })
}

/// Rows under each other, each column as wide as its widest cell. A column of numbers, below its
/// heading, is flush right.
pub(crate) fn columns(indent: usize, rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column));
    let layout: Vec<(usize, bool)> = (0..count)
        .map(|column| {
            let width = cells(column).map(|cell| cell.chars().count()).max().unwrap_or(0);
            let numbers = cells(column).skip(1).all(|cell| is_number(cell));
            (width, numbers && cells(column).nth(1).is_some())
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, &(width, numbers)) in row.iter().zip(&layout) {
            let _ = match numbers {
                true => write!(line, "{cell:>width$}  "),
                false => write!(line, "{cell:width$}  "),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Whether a cell is a number, or empty.
fn is_number(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit() || b == b',')
}

/// A name out of a module, with control characters escaped: a module is not to write to a terminal.
pub(crate) fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        match c.is_control() {
            true => text.extend(c.escape_default()),
            false => text.push(c),
        }
    }
    text
}

/// A number with its thousands set apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
