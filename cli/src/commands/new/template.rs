//! The templates, which are the examples of the repository, and the files of a package made of one.

use std::path::Path;

use clap::ValueEnum;

use super::name;

/// What a package begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Template {
    /// The smallest contract: a number that anybody adds to.
    Counter,
    /// Mint, transfer, approve, permits by signature, risky receivers refused.
    Token,
    /// A wallet of several keys, with delay, rotation and audits.
    Multisig,
    /// Proposals, votes, delegation, a queue of what is done.
    Voting,
    /// A treasury that heeds signed attestations of risk and its own record.
    Ai,
}

/// The parts of a template.
struct Parts {
    /// Its name on the command line, which is that of the library in the test.
    name: &'static str,
    /// The contract's name in the source.
    contract: &'static str,
    /// Text of the contract.
    source: &'static str,
    /// Text of the test.
    test: &'static str,
}

impl Template {
    /// Its name on the command line.
    pub(super) fn name(self) -> &'static str {
        self.parts().name
    }

    fn parts(self) -> Parts {
        macro_rules! parts {
            ($name:literal, $contract:literal, $example:literal) => {
                Parts {
                    name: $name,
                    contract: $contract,
                    source: include_str!(concat!("../../../../examples/", $example, ".rs")),
                    test: include_str!(concat!("../../../templates/", $name, ".rs")),
                }
            };
        }
        match self {
            Template::Counter => parts!("counter", "Counter", "counter"),
            Template::Token => parts!("token", "Token", "token"),
            Template::Multisig => parts!("multisig", "Multisig", "multisig"),
            Template::Voting => parts!("voting", "Voting", "voting"),
            Template::Ai => parts!("ai", "Treasury", "ai_contract"),
        }
    }
}

/// A package, not written yet.
#[derive(Debug)]
pub(super) struct Package {
    /// Name of the contract.
    pub(super) contract: String,
    /// Its files: path and contents.
    pub(super) files: Vec<(String, String)>,
}

impl Package {
    /// The package of that name, with its dependencies in that checkout.
    pub(super) fn new(name: &str, template: Template, sdk: Option<&Path>) -> Package {
        let parts = template.parts();
        let contract = contract(name, &parts);
        let library = name::library(name);
        let in_place = |text| {
            let text = renamed(text, parts.contract, &contract);
            renamed(&text, &client(parts.contract), &client(&contract))
        };
        let source = in_place(parts.source);
        let import = |library: &str| format!("use {library}::");
        let test = in_place(parts.test).replace(&import(parts.name), &import(&library));
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files = vec![
            file("Cargo.toml", &manifest(name, sdk)),
            file(".cargo/config.toml", CARGO_CONFIG),
            file(".gitignore", "/target\n"),
            file("src/lib.rs", &source),
            file(&format!("tests/{library}.rs"), &test),
        ];
        Package { contract, files }
    }
}

/// The name of the client that the SDK makes for a contract.
fn client(contract: &str) -> String {
    format!("{contract}Client")
}

/// The name of the package as that of a contract, unless the template uses that for something else.
fn contract(name: &str, parts: &Parts) -> String {
    let wanted = name::contract(name);
    let names = [wanted.clone(), client(&wanted)];
    let mut words = words(parts.source).chain(words(parts.test));
    let taken = words.any(|word| names.iter().any(|name| name == word));
    if taken { parts.contract.to_owned() } else { wanted }
}

/// Words of a text: letters, digits and `_`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_of_word(c))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The text with another word in place of one.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let pieces = text.split_inclusive(|c| !is_of_word(c));
    pieces.fold(String::with_capacity(text.len()), |mut renamed, piece| {
        let word = piece.trim_end_matches(|c| !is_of_word(c));
        renamed.push_str(if word == from { to } else { word });
        renamed.push_str(&piece[word.len()..]);
        renamed
    })
}

/// How contracts are linked: see the file itself.
const CARGO_CONFIG: &str = include_str!("../../../../examples/.cargo/config.toml");

/// What is said of dependencies that are not there yet.
const NOT_PUBLISHED: &str = "\
# The SDK is not published yet, and no checkout of its repository was found. Write
#     { path = \"…/sdk\" } and { path = \"…/testkit\" }
# here, or make the package again with `dytallix new --sdk …`.
";

fn manifest(name: &str, sdk: Option<&Path>) -> String {
    let dependency = |folder: &str| match sdk {
        // Strings of JSON are strings of TOML.
        Some(sdk) => {
            let path = sdk.join(folder).display().to_string();
            format!("{{ path = {} }}", serde_json::Value::from(path))
        }
        None => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
    };
    let note = if sdk.is_none() { NOT_PUBLISHED } else { "" };
    format!(
        r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
publish = false

[lib]
# The module that is deployed, and the library that tests use.
crate-type = ["cdylib", "rlib"]

{note}[dependencies]
# What contracts are written with.
dytallix-sdk = {sdk}

[dev-dependencies]
# Runs the built module in tests.
dytallix-testkit = {testkit}

[profile.release]
opt-level = "s"
lto = "fat"
codegen-units = 1
panic = "abort"
strip = true
# A contract that overflows must not go on with a wrapped number.
overflow-checks = true

# The machine that runs the module in tests is slow where it is not optimised.
[profile.dev.package.dytallix]
opt-level = 3

# A workspace of its own, whatever folder it lies in.
[workspace]
"#,
        sdk = dependency("sdk"),
        testkit = dependency("testkit"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_renamed() {
        let text = "Token TokenA, aToken Token_b (Token) Token::new Token";
        let expected = "Coin TokenA, aToken Token_b (Coin) Coin::new Coin";
        assert_eq!(renamed(text, "Token", "Coin"), expected);
        assert_eq!(renamed("é Token é\n", "Token", "Coin"), "é Coin é\n");
        assert_eq!(renamed("", "Token", "Coin"), "");
    }

    #[test]
    fn every_template_has_the_contract_that_it_names() {
        for &template in Template::value_variants() {
            let parts = template.parts();
            let declaration = format!("pub struct {} {{", parts.contract);
            assert!(parts.source.contains(&declaration), "{template:?}");
            let header = "#![cfg_attr(target_arch = \"wasm32\", no_std, no_main)]";
            assert!(parts.source.contains(header), "{template:?}");
            let value = template.to_possible_value().expect("none is hidden");
            assert_eq!(value.get_name(), template.name());
        }
    }

    #[test]
    fn a_name_that_the_template_uses_is_left_to_it() {
        let package = Package::new("transfer", Template::Token, None);
        assert_eq!(package.contract, "Token");
        assert_eq!(Package::new("my-coin", Template::Token, None).contract, "MyCoin");
    }

    #[test]
    fn the_test_of_a_package_uses_it_by_its_name() {
        let package = Package::new("my-coin", Template::Token, None);
        let text = |path: &str| {
            let file = package.files.iter().find(|(found, _)| found == path);
            file.map(|(_, text)| text.as_str()).expect("the file")
        };
        assert!(text("src/lib.rs").contains("pub struct MyCoin {"));
        let test = text("tests/my_coin.rs");
        for line in ["use my_coin::{", "MyCoinClient<Sender>", "client::<MyCoin>()"] {
            assert!(test.contains(line), "{line}");
        }
        assert!(!words(test).chain(words(text("src/lib.rs"))).any(|word| word == "Token"));
    }

    #[test]
    fn paths_are_quoted() {
        let manifest = manifest("token", Some(Path::new("/a \"b\"/\\c")));
        assert!(manifest.contains(r#"{ path = "/a \"b\"/\\c/sdk" }"#), "{manifest}");
    }
}
