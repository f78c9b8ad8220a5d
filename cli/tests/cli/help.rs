//! The page of commands, `docs/reference/cli.md`, is what the binary prints.
//!
//! `BLESS=1 cargo test -p dytallix-cli` rewrites the page.

use std::fmt::Write;
use std::path::Path;

use crate::support::dytallix;

const HEAD: &str = "# Command line

What `dytallix` takes and prints. `BLESS=1 cargo test -p dytallix-cli` rewrites this page from the
command itself.

Every command takes `--json` and then prints one JSON document on the standard output, whether it
went well or not. Its member `schema` names its form: `dytallix.<command>/1`, or
`dytallix.failure/1` with `kind`, `exit_code`, `cause` and `way_out`. A form only gains members; one
that changes gets a new number.

| exit code | meaning | `kind` |
|---:|---|---|
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    let main = help(&[]);
    let codes = main.split_once("Exit codes:\n").expect("the table of exit codes").1;
    let kinds =
        [("0", ""), ("1", "`failed`"), ("2", "`trap`"), ("3", "`bad-module`"), ("64", "`usage`")];
    for (line, (number, kind)) in codes.lines().zip(kinds) {
        let (code, meaning) = line.trim().split_once('\t').expect("a number and its meaning");
        assert_eq!(code, number);
        let _ = writeln!(page, "| {code} | {meaning} | {kind} |");
    }
    let _ = write!(page, "\n## dytallix\n\n```text\n{}\n```\n", main.trim_end());
    for command in commands(&main) {
        let text = help(&[&command]);
        let _ = write!(page, "\n## dytallix {command}\n\n```text\n{}\n```\n", text.trim_end());
    }
    page
}

fn help(command: &[&str]) -> String {
    let ran = dytallix([command, &["--help"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command:?}");
    ran.out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Names of the commands, from the list that `--help` shows.
fn commands(help: &str) -> Vec<String> {
    let list = help.split_once("Commands:\n").expect("a list of commands").1;
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned);
    names.filter(|name| name != "help").collect()
}

#[test]
fn reference_page_is_what_the_binary_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/cli.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let checked_in = std::fs::read_to_string(&path).expect("the page is checked in");
    assert!(
        checked_in == page,
        "docs/reference/cli.md is out of date: run `BLESS=1 cargo test -p dytallix-cli`"
    );
}

#[test]
fn version_is_that_of_the_package() {
    let ran = dytallix(["--version"]);
    assert_eq!(ran.out, format!("dytallix {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(ran.code, 0);
}
