//! Names of packages: which are possible, and the contract's name that comes of one.

use crate::exit::Exit;
use crate::failure::Failure;

/// The longest name, in bytes: that of a contract in its ABI has no more.
const LONGEST: usize = 64;

/// Words that Rust keeps for itself, so that no library can have them as its name.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Libraries that a contract is built with, or that cargo keeps for itself.
const TAKEN: &[&str] = &[
    "alloc",
    "build",
    "core",
    "deps",
    "dytallix",
    "dytallix_abi",
    "dytallix_sdk",
    "dytallix_sdk_macros",
    "dytallix_testkit",
    "examples",
    "incremental",
    "proc_macro",
    "std",
    "test",
];

/// Checks the name of a package.
pub(super) fn check(name: &str) -> Result<(), Failure> {
    let library = library(name);
    let rule = if name.is_empty() || name.len() > LONGEST {
        Some("a name has between 1 and 64 letters".to_owned())
    } else if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Some("a name begins with a letter from a to z".to_owned())
    } else if let Some(wrong) = name.chars().find(|&c| !is_possible(c)) {
        let wrong = wrong.escape_debug();
        Some(format!("a name has letters from a to z, digits, - and _, but no '{wrong}'"))
    } else if KEYWORDS.contains(&library.as_str()) {
        Some("a name is no word that Rust keeps for itself".to_owned())
    } else if TAKEN.contains(&library.as_str()) {
        Some("a name is none of a library that contracts are built with".to_owned())
    } else {
        None
    };
    let Some(rule) = rule else { return Ok(()) };
    let cause = format!("\"{}\" is no name for a package: {rule}", name.escape_debug());
    Err(Failure::new(Exit::Usage, cause).way_out("another name, such as my-token"))
}

fn is_possible(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The name of the package's library, as Rust writes it.
pub(super) fn library(name: &str) -> String {
    name.replace('-', "_")
}

/// The name of a contract: `my-token` is `MyToken`.
pub(super) fn contract(name: &str) -> String {
    let parts = name.split(['-', '_']).map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_named() {
        let long = "a".repeat(65);
        for (name, rule) in [
            ("", "between 1 and 64"),
            (long.as_str(), "between 1 and 64"),
            ("1token", "begins with a letter"),
            ("_token", "begins with a letter"),
            ("my token", "but no ' '"),
            ("a/b", "but no '/'"),
            ("a\u{7}", "but no '\\u{7}'"),
            ("tokén", "but no 'é'"),
            ("self", "Rust keeps"),
            ("dytallix-sdk", "built with"),
            ("core", "built with"),
        ] {
            let failure = check(name).expect_err(name);
            let json = failure.to_json();
            assert_eq!(json["exit_code"], 64, "{name}");
            let cause = json["cause"].as_str().expect("a cause");
            assert!(cause.contains(rule), "{name}: {cause}");
        }
    }

    #[test]
    fn usual_names_are_possible() {
        for name in ["token", "my-token", "my_token2", "A", &"a".repeat(64)] {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_contract_has_its_package_s_name_in_capitals() {
        for (name, expected) in
            [("token", "Token"), ("my-token_2", "MyToken2"), ("a--b", "AB"), ("aBc", "ABc")]
        {
            assert_eq!(contract(name), expected);
        }
        assert_eq!(library("my-token"), "my_token");
    }
}
