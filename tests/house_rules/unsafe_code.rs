//! Unsafe code: only where it is announced, each block with a reason, all of it counted in
//! `docs/security.md`.
//!
//! `BLESS=1 cargo test -p dytallix-tests --test house_rules` rewrites the table there.

use std::fmt::Write;

use super::source::{Source, root, sources};
use super::{FOLDERS, found, none};

/// Files of the library with unsafe code, and what it is for.
const FILES: &[(&str, &str)] = &[
    ("sdk/src/heap.rs", "allocates the memory of a contract"),
    ("sdk/src/host/imports.rs", "calls the host functions that a contract imports"),
    (
        "src/vm/exec/cells.rs",
        "reads operands from code and slots of the frame through raw pointers",
    ),
    ("src/vm/exec/dispatch.rs", "turns the first cell of an op into the handler it was made from"),
    (
        "src/vm/exec/frame.rs",
        "moves the frame pointer over the value stack, enters and leaves calls",
    ),
    ("src/vm/memory.rs", "owns the bytes of a linear memory that handlers point into"),
    ("src/vm/region.rs", "takes the bytes of memories and stacks from the heap"),
    ("src/vm/stack.rs", "owns the slots of the value stack that handlers point into"),
];

/// Where unsafe code is the business: host functions are raw imports, kernels export symbols.
const GUESTS: &[&str] = &["examples/", "benches/kernels/"];

/// What an `unsafe` in code introduces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unsafe {
    Block,
    Function,
    Implementation,
}

/// The uses of `unsafe` in a file, with their lines; types of functions are none.
fn uses(source: &Source) -> Vec<(usize, Unsafe)> {
    let mut uses = Vec::new();
    for (number, line) in source.numbered() {
        for (at, _) in line.code.match_indices("unsafe") {
            let rest = &line.code[at + "unsafe".len()..];
            let before = line.code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let words: Vec<&str> = rest.split_whitespace().collect();
            match words.first() {
                Some(&"{") => uses.push((number, Unsafe::Block)),
                Some(&"impl") => uses.push((number, Unsafe::Implementation)),
                // `unsafe extern "C" fn(…)` is a type; a name makes it a function.
                Some(&"fn" | &"extern") => {
                    let name = rest.split_once("fn ").map(|(_, name)| name);
                    if name.is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic())) {
                        uses.push((number, Unsafe::Function));
                    }
                }
                _ => {}
            }
        }
    }
    uses
}

fn is_guest(source: &Source) -> bool {
    GUESTS.iter().any(|folder| source.path.starts_with(folder))
}

#[test]
fn unsafe_code_is_only_in_the_listed_files() {
    let mut wrong = Vec::new();
    for source in sources(FOLDERS).iter().filter(|source| !is_guest(source)) {
        let is_listed = FILES.iter().any(|(path, _)| *path == source.path);
        let uses = uses(source);
        if !is_listed {
            wrong
                .extend(uses.iter().map(|(line, what)| found(source, *line, &format!("{what:?}"))));
        } else if uses.is_empty() {
            wrong.push(found(source, 1, "is listed, and has no unsafe code"));
        }
    }
    none(wrong);
}

#[test]
fn each_unsafe_block_says_why_it_is_sound() {
    let mut wrong = Vec::new();
    for source in sources(FOLDERS) {
        for (line, what) in uses(&source) {
            // The sentence is right above, at most past the beginning of the statement.
            let above = &source.lines[line.saturating_sub(9)..line];
            let sentence = match what {
                Unsafe::Function => "# Safety",
                _ => "SAFETY:",
            };
            let is_reasoned = above.iter().any(|line| line.text.contains(sentence));
            let is_internal = what == Unsafe::Function
                && source.lines[line.saturating_sub(9)..line]
                    .iter()
                    .any(|l| l.text.contains("SAFETY"));
            if !is_reasoned && !is_internal && !is_guest(&source) {
                wrong.push(found(&source, line, &format!("{what:?} without `{sentence}`")));
            }
        }
    }
    none(wrong);
}

const BEGIN: &str = "<!-- unsafe: begin -->";
const END: &str = "<!-- unsafe: end -->";

#[test]
fn the_security_page_counts_the_unsafe_code() {
    let mut table =
        "\n| file | blocks | functions | impls | for |\n|---|---:|---:|---:|---|\n".to_owned();
    for source in sources(&["src", "sdk"]) {
        let Some((path, why)) = FILES.iter().find(|(path, _)| *path == source.path) else {
            continue;
        };
        let count = |kind| uses(&source).iter().filter(|(_, what)| *what == kind).count();
        let [blocks, functions, impls] =
            [Unsafe::Block, Unsafe::Function, Unsafe::Implementation].map(count);
        let _ = writeln!(table, "| `{path}` | {blocks} | {functions} | {impls} | {why} |");
    }
    let path = root().join("docs/security.md");
    let page = std::fs::read_to_string(&path).expect("docs/security.md");
    let (before, rest) = page.split_once(BEGIN).expect("the beginning of the table");
    let (written, after) = rest.split_once(END).expect("the end of the table");
    if std::env::var_os("BLESS").is_some() {
        let page = format!("{before}{BEGIN}{table}{END}{after}");
        std::fs::write(&path, page).expect("the page can be written");
        return;
    }
    assert_eq!(
        written, table,
        "docs/security.md is out of date: `BLESS=1 cargo test -p dytallix-tests --test house_rules`"
    );
}

#[test]
fn uses_of_unsafe_are_told_apart() {
    let text = "unsafe { x }\ntype F = unsafe extern \"C\" fn(u8);\nunsafe fn f() {}\n\
                #![deny(unsafe_code)]\npub unsafe extern \"C\" fn g() {}\nunsafe impl Send for X {}";
    let uses = uses(&Source::new("x.rs", text));
    let expected = [
        (1, Unsafe::Block),
        (3, Unsafe::Function),
        (5, Unsafe::Function),
        (6, Unsafe::Implementation),
    ];
    assert_eq!(uses, expected);
}
