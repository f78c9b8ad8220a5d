//! Words that must not appear: what is not deterministic in consensus floors, and what is left
//! undone anywhere.

use super::floors::floor_of;
use super::source::{Source, sources};
use super::{FOLDERS, found, none};

/// Nothing of the world outside of the bytes of the block: clock, randomness, environment, threads,
/// files, network, and maps whose order differs from run to run.
const NONDETERMINISTIC: &[&str] = &[
    "std::time",
    "SystemTime",
    "Instant::",
    "std::env",
    "env::var",
    "std::thread",
    "thread::",
    "std::fs",
    "std::net",
    "std::process",
    "rand::",
    "getrandom",
    "RandomState",
    "HashSet",
    "std::collections",
    "f32::powi",
    "f64::powi",
];

/// Floors whose every result is part of consensus.
const CONSENSUS: &[&str] = &[
    "limits",
    "primitives",
    "gas",
    "crypto",
    "wasm",
    "ir",
    "vm",
    "analysis",
    "state",
    "host",
    "chain",
];

/// Files of those floors that may use one of the words, and why.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("src/state/store/disk.rs", "std::fs", "the file that holds the state, and nothing else"),
    (WORKERS, "std::thread", THREADS),
    (WORKERS, "thread::", THREADS),
    (PARALLEL, "std::thread", THREADS),
    (PARALLEL, "thread::", THREADS),
];
const WORKERS: &str = "src/chain/runtime/workers.rs";
const PARALLEL: &str = "src/chain/parallel.rs";
const THREADS: &str = "no byte depends on how many there are: tests/chain/parallel.rs";

#[test]
fn consensus_floors_see_nothing_of_the_outside() {
    let mut wrong = Vec::new();
    for source in sources(&["src"]).iter().filter(|source| !source.is_test()) {
        if floor_of(&source.path).is_some_and(|floor| CONSENSUS.contains(&floor)) {
            wrong.extend(outside(source));
        }
    }
    none(wrong);
}

/// Whether the word is there, and not as the end of another.
fn has_word(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

fn outside(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, line) in source.numbered() {
        for word in NONDETERMINISTIC {
            let allowed = ALLOWED.iter().any(|(path, w, _)| *path == source.path && w == word);
            if has_word(&line.code, word) && !allowed {
                wrong.push(found(source, number, &format!("`{word}` in a consensus floor")));
            }
        }
    }
    wrong
}

/// Hash maps are for look-up: nothing walks over one.
#[test]
fn nothing_reads_the_order_of_a_hash_map() {
    none(sources(&["src"]).iter().filter(|source| !source.is_test()).flat_map(walks).collect());
}

/// Lines that walk over a field or variable that is a hash map.
fn walks(source: &Source) -> Vec<String> {
    let is_map = |line: &&super::source::Line| line.code.contains(": HashMap<");
    let names = source.lines.iter().filter(is_map).filter_map(|line| {
        let before = line.code.split(": HashMap<").next()?;
        before.split(|c: char| !c.is_alphanumeric() && c != '_').next_back().map(str::to_owned)
    });
    let names: Vec<String> = names.collect();
    let mut wrong = Vec::new();
    for (number, line) in source.numbered() {
        for name in &names {
            let methods = ["iter", "iter_mut", "keys", "values", "values_mut", "drain", "retain"];
            let walked = methods.iter().any(|m| line.code.contains(&format!("{name}.{m}(")))
                || ["", "&", "&mut ", "self.", "&self.", "&mut self."]
                    .iter()
                    .any(|how| line.code.contains(&format!("in {how}{name} {{")));
            if walked {
                wrong.push(found(source, number, &format!("walks over the hash map `{name}`")));
            }
        }
    }
    wrong
}

/// Left undone, or a test that does not run.
const UNDONE: &[&str] =
    &["TODO", "FIXME", "XXX", "todo!", "unimplemented!", "#[ignore", "should_panic"];

#[test]
fn nothing_is_left_undone() {
    let mut wrong = Vec::new();
    for source in sources(FOLDERS) {
        // This file has to name them.
        if source.path == "tests/house_rules/forbidden.rs" {
            continue;
        }
        for (number, line) in source.numbered() {
            for word in UNDONE.iter().filter(|word| line.text.contains(**word)) {
                wrong.push(found(&source, number, &format!("`{word}`")));
            }
        }
    }
    none(wrong);
}

#[test]
fn a_clock_in_a_consensus_floor_is_seen() {
    let text = "use std::time::Duration; // std::env is only mentioned\nlet now = Instant::now();";
    assert_eq!(outside(&Source::new("src/vm/run.rs", text)).len(), 2);
}

#[test]
fn a_walk_over_a_hash_map_is_seen() {
    let text = "struct S {\n    map: HashMap<u8, u8>,\n    list: Vec<u8>,\n}\n\
                for x in &self.map {}\nlet a = self.map.get(&1);\nself.map.values().max();\n\
                for x in self.list.iter() {}";
    assert_eq!(walks(&Source::new("src/x.rs", text)).len(), 2);
}
