//! Source files, with comments and literals blanked where a rule is about code.

use std::path::{Path, PathBuf};

/// One line of a file.
#[derive(Debug)]
pub(crate) struct Line {
    /// As it is written.
    pub(crate) text: String,
    /// The same with comments and the contents of literals as blanks.
    pub(crate) code: String,
}

/// A file of Rust.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path from the root of the repository.
    pub(crate) path: String,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is below the root")
}

/// Every Rust file below these folders, in order of their paths.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    let mut paths = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            let is_build = path.file_name().is_some_and(|name| name == "target");
            if path.is_dir() && !is_build {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).expect("UTF-8");
    let relative = path.strip_prefix(root()).expect("below the root");
    let path = relative.to_str().expect("UTF-8").replace('\\', "/");
    Source::new(path, &text)
}

impl Source {
    /// A file with this text.
    pub(crate) fn new(path: impl Into<String>, text: &str) -> Source {
        let code = blank(text);
        let lines = text
            .lines()
            .zip(code.lines())
            .map(|(text, code)| Line { text: text.to_owned(), code: code.to_owned() })
            .collect();
        Source { path: path.into(), lines }
    }

    /// Lines with their numbers, from 1.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &Line)> {
        (1..).zip(&self.lines)
    }

    /// The code without comments and literals.
    pub(crate) fn code(&self) -> String {
        self.lines.iter().map(|line| format!("{}\n", line.code)).collect()
    }

    /// Whether it only holds tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

/// What the scanner is in.
enum Within {
    Code,
    LineComment,
    /// Nesting depth.
    BlockComment(usize),
    Text,
    /// Number of `#` that end it.
    RawText(usize),
}

/// The text with comments and the contents of literals as blanks; lines stay lines.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut within = Within::Code;
    let mut i = 0;
    while i < chars.len() {
        let (mut taken, mut shown) = (1, ' ');
        match within {
            Within::Code => match (at(i), at(i + 1)) {
                ('/', '/') => within = Within::LineComment,
                ('/', '*') => (within, taken) = (Within::BlockComment(1), 2),
                ('"', _) => within = Within::Text,
                ('r', '"' | '#') if !at(i.wrapping_sub(1)).is_alphanumeric() => {
                    let hashes = chars[i + 1..].iter().take_while(|&&c| c == '#').count();
                    if at(i + 1 + hashes) == '"' {
                        (within, taken) = (Within::RawText(hashes), hashes + 2);
                    } else {
                        shown = 'r';
                    }
                }
                ('\'', '\\') => {
                    taken = 3 + chars[i + 3..].iter().take_while(|&&c| c != '\'').count() + 1
                }
                ('\'', _) if at(i + 2) == '\'' => taken = 3,
                (c, _) => shown = c,
            },
            Within::LineComment if at(i) == '\n' => within = Within::Code,
            Within::BlockComment(depth) => match (at(i), at(i + 1)) {
                ('/', '*') => (within, taken) = (Within::BlockComment(depth + 1), 2),
                ('*', '/') if depth == 1 => (within, taken) = (Within::Code, 2),
                ('*', '/') => (within, taken) = (Within::BlockComment(depth - 1), 2),
                _ => {}
            },
            Within::Text if at(i) == '\\' => taken = 2,
            Within::Text if at(i) == '"' => within = Within::Code,
            Within::RawText(hashes)
                if at(i) == '"' && (1..=hashes).all(|offset| at(i + offset) == '#') =>
            {
                (within, taken) = (Within::Code, hashes + 1);
            }
            _ => {}
        }
        for &c in &chars[i..(i + taken).min(chars.len())] {
            out.push(if c == '\n' { '\n' } else { shown });
        }
        i += taken;
    }
    out
}

#[test]
fn comments_and_literals_are_blanked() {
    let text = "let a = \"unsafe // {\"; // unsafe\nlet b = r#\"un\"safe\"#; /* a /* b */\n\
                c */ 'x' '\\'' d<'a>";
    let source = Source::new("x.rs", text);
    assert_eq!(source.code().lines().count(), 3);
    assert_eq!(source.lines[0].code.trim_end(), "let a =              ;");
    assert!(!source.code().contains("safe"));
    assert_eq!(source.lines[2].code.trim(), "d<'a>");
}
