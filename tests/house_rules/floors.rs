//! Import direction: a floor uses lower floors only, and speaks through its `mod.rs`.

use super::source::{Source, sources};
use super::{found, none};

/// The floors with their heights, and whether they are part of the bare machine.
const FLOORS: &[(&str, u32, bool)] = &[
    ("limits", 0, true),
    ("primitives", 0, true),
    ("gas", 0, true),
    ("crypto", 0, false),
    ("wasm", 1, true),
    ("ir", 2, true),
    ("vm", 3, true),
    ("analysis", 3, false),
    ("state", 3, false),
    ("host", 4, false),
    ("chain", 5, false),
    ("inspect", 6, false),
];

/// What the ledger wing must not know although it is lower: `state` never names an instruction.
const FORBIDDEN: &[(&str, &str)] = &[("state", "wasm"), ("state", "ir")];

fn floor(name: &str) -> Option<&'static (&'static str, u32, bool)> {
    // The one name of the façade that floors use too.
    let name = if name == "Limits" { "limits" } else { name };
    FLOORS.iter().find(|(floor, ..)| *floor == name)
}

/// The floor of a file of `src/`.
pub(crate) fn floor_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let name = inside.split('/').next()?;
    Some(name.strip_suffix(".rs").unwrap_or(name)).filter(|name| floor(name).is_some())
}

/// Whether code of one floor may name another.
fn may_name(from: &str, to: &str) -> bool {
    let (Some((_, from_height, _)), Some((_, to_height, _))) = (floor(from), floor(to)) else {
        return false;
    };
    let is_lower = to_height < from_height || (*from_height == 0 && *to_height == 0);
    from == to || (is_lower && !FORBIDDEN.contains(&(from, to)))
}

/// The first segments of all paths that begin with `crate::`, groups taken apart.
fn first_segments(code: &str) -> Vec<String> {
    let mut segments = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            segments.push(identifier(rest));
            continue;
        };
        let mut depth = 0;
        let mut fresh = true;
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && c.is_alphabetic() => {
                    segments.push(identifier(&group[i..]));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    segments
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Paths of a file that point at what they must not.
fn wrong_paths(source: &Source) -> Vec<String> {
    let Some(from) = floor_of(&source.path) else { return Vec::new() };
    let mut wrong = Vec::new();
    let code = source.code();
    for segment in first_segments(&code) {
        if !may_name(from, &segment) {
            let line = source.numbered().find(|(_, line)| line.code.contains(&segment));
            let line = line.map_or(1, |(number, _)| number);
            wrong.push(found(source, line, &format!("`{from}` names `crate::{segment}`")));
        }
    }
    // `super` must not climb out of the floor: a file in src/vm/exec/ is two levels down.
    let folders = source.path.matches('/').count();
    let is_mod = source.path.ends_with("/mod.rs");
    // One less would be enough, but a module inside of a file is one level further down.
    let levels = folders - usize::from(is_mod);
    for (number, line) in source.numbered() {
        let longest = (1..8).rev().find(|&n| line.code.contains(&"super::".repeat(n)));
        if longest.is_some_and(|climbs| climbs > levels) {
            wrong.push(found(source, number, "`super` climbs out of the floor"));
        }
    }
    wrong
}

#[test]
fn floors_use_lower_floors_only() {
    none(sources(&["src"]).iter().flat_map(wrong_paths).collect());
}

#[test]
fn every_folder_of_src_is_a_floor() {
    let stray = sources(&["src"])
        .into_iter()
        .filter(|source| source.path != "src/lib.rs" && floor_of(&source.path).is_none());
    none(stray.map(|source| found(&source, 1, "is on no floor")).collect());
}

#[test]
fn floors_speak_through_their_mod_rs() {
    let mut wrong = Vec::new();
    for source in sources(&["src"]) {
        let is_front = source.path.ends_with("/mod.rs") && source.path.matches('/').count() == 2;
        if !is_front {
            continue;
        }
        for (number, line) in source.numbered() {
            let code = line.code.trim_start();
            let opened = code.starts_with("pub ") || code.starts_with("pub(crate) ");
            if opened && code.contains(" mod ") && !code.contains(" mod tests") {
                wrong.push(found(&source, number, "a room of the floor is open to others"));
            }
        }
    }
    none(wrong);
}

/// Which floors a feature guards in `lib.rs`.
#[test]
fn the_ledger_is_a_feature_above_the_bare_machine() {
    let library = Source::new("src/lib.rs", include_str!("../../src/lib.rs"));
    let mut wrong = Vec::new();
    let mut guarded = false;
    for (number, line) in library.numbered() {
        if let Some(name) = line.text.strip_prefix("pub mod ").and_then(|m| m.strip_suffix(';')) {
            let is_machine = floor(name).is_some_and(|(_, _, is_machine)| *is_machine);
            if guarded == is_machine {
                wrong.push(found(&library, number, "is on the other side of the feature `ledger`"));
            }
        }
        guarded = line.text.contains("cfg(feature = \"ledger\")");
    }
    let no_std = "#![cfg_attr(not(feature = \"std\"), no_std)]";
    if !library.lines.iter().any(|line| line.text == no_std) {
        wrong.push(found(&library, 1, "is not no_std without the feature `std`"));
    }
    none(wrong);
}

/// The executable specification of gas and semantics shares nothing with what it is compared to.
#[test]
fn the_stepper_names_neither_register_code_nor_the_machine() {
    let stepper = sources(&["spec-tests/src/stepper"]);
    assert!(stepper.len() > 3, "the stepper is there");
    let mut wrong = Vec::new();
    for source in &stepper {
        for (number, line) in source.numbered() {
            for name in [
                "dytallix::ir",
                "dytallix::vm",
                "dytallix::{ir",
                "dytallix::{vm",
                "operator_cost_sum",
            ] {
                if line.code.contains(name) {
                    wrong.push(found(source, number, &format!("names `{name}`")));
                }
            }
        }
    }
    none(wrong);
}

#[test]
fn a_path_to_a_higher_floor_is_seen() {
    let source = |path, text| wrong_paths(&Source::new(path, text)).len();
    assert_eq!(source("src/ir/op.rs", "use crate::vm::Engine;"), 1);
    assert_eq!(source("src/ir/op.rs", "use crate::{wasm::Module, vm::{Engine, ir}};"), 1);
    assert_eq!(source("src/vm/run.rs", "fn f() { crate::state::Store::new(); }"), 1);
    assert_eq!(source("src/state/mod.rs", "use crate::wasm::Module;"), 1);
    assert_eq!(source("src/state/mod.rs", "use crate::vm::Engine;"), 1);
    assert_eq!(source("src/host/mod.rs", "use crate::{vm::Engine, state::Store};"), 0);
    assert_eq!(source("src/vm/run.rs", "// crate::host\nuse crate::ir::Op;"), 0);
    assert_eq!(source("src/vm/run.rs", "use crate::Engine;"), 1, "not through the façade");
    assert_eq!(source("src/vm/run.rs", "use super::super::super::host::Frame;"), 1);
}
