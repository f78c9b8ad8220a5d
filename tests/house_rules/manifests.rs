//! Manifests: every dependency says in a comment why it is there, and the layers between packages.

use super::none;
use super::source::root;

const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "abi/Cargo.toml",
    "cli/Cargo.toml",
    "sdk/Cargo.toml",
    "sdk/macros/Cargo.toml",
    "testkit/Cargo.toml",
    "spec-tests/Cargo.toml",
    "tests/Cargo.toml",
    "benches/Cargo.toml",
    "examples/Cargo.toml",
    "fuzz/Cargo.toml",
];

/// The manifests that there are, with their text.
fn manifests() -> Vec<(&'static str, String)> {
    let read =
        |&path: &&'static str| Some((path, std::fs::read_to_string(root().join(path)).ok()?));
    MANIFESTS.iter().filter_map(read).collect()
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let mut wrong = Vec::new();
    for (path, text) in manifests() {
        let lines: Vec<&str> = text.lines().collect();
        let mut in_dependencies = false;
        for (i, line) in lines.iter().enumerate() {
            if let Some(section) = line.strip_prefix('[') {
                let section = section.trim_end_matches(']');
                in_dependencies =
                    section.ends_with("dependencies") && section != "workspace.dependencies";
                continue;
            }
            let declares = in_dependencies && line.contains(" = ") && !line.starts_with([' ', '#']);
            if declares && !lines[i - 1].starts_with("# ") {
                wrong.push(format!("{path}:{}: no comment above `{line}`", i + 1));
            }
        }
    }
    none(wrong);
}

/// Dependencies of a package in this repository on others of it.
const MAY_DEPEND: &[(&str, &[&str])] = &[
    ("Cargo.toml", &["dytallix-abi"]),
    ("abi/Cargo.toml", &[]),
    ("cli/Cargo.toml", &["dytallix"]),
    ("sdk/Cargo.toml", &["dytallix-abi", "dytallix-sdk-macros"]),
    ("sdk/macros/Cargo.toml", &[]),
    ("testkit/Cargo.toml", &["dytallix", "dytallix-abi", "dytallix-sdk"]),
    ("spec-tests/Cargo.toml", &["dytallix"]),
    ("tests/Cargo.toml", &["dytallix", "dytallix-abi"]),
    ("benches/Cargo.toml", &["dytallix"]),
];

#[test]
fn packages_depend_on_lower_ones_only() {
    let mut wrong = Vec::new();
    for (path, text) in manifests() {
        let Some((_, allowed)) = MAY_DEPEND.iter().find(|(manifest, _)| *manifest == path) else {
            continue;
        };
        let of_workspace = text.split("[workspace.dependencies]").next().unwrap_or_default();
        for line in of_workspace.lines().filter(|line| line.starts_with("dytallix")) {
            let name = line.split([' ', '.', '=']).next().unwrap_or_default();
            if !allowed.contains(&name) {
                wrong.push(format!("{path}: depends on {name}"));
            }
        }
    }
    none(wrong);
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    let packages = manifests().into_iter().filter(|(path, _)| {
        // Packages outside of the workspace have lints of their own.
        !["examples/Cargo.toml", "fuzz/Cargo.toml"].contains(path)
    });
    let without = packages.filter(|(_, text)| !text.contains("[lints]\nworkspace = true"));
    none(without.map(|(path, _)| format!("{path}: no `[lints] workspace = true`")).collect());
}
