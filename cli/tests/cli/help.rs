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
went well or not. Its member `schema` names its form: `dytallix.<command>/1` (as in `dytallix.run/1`
and `dytallix.state-root/1`), or `dytallix.failure/1` with `kind`, `exit_code`, `cause` and
`way_out`. A form only gains members; one that changes gets a new number.

Failures of kind `store` have a member `class`: `missing`, `foreign`, `corrupt`, `in-use`,
`not-retained` (a height that is pruned or not there yet), `unfinished` (a restore that has to be
finished or abandoned first), `other-restore` (an unfinished restore, of another snapshot than the
one to restore), `empty`, `not-empty`, `no-chain` (state without a genesis), `genesis` (another one
than was given), `block` (a height that the chain does not have), `medium`, `refused` or `fault`.
Proofs that are refused have `proof_error`, chunks that are bad or missing have `chunk`, their
number.

Failures of kind `rejected` and `unsuccessful` have the members of the command's own document, its
`schema` as `command`, and `status`. `sent` says whether the transaction is in a block: what would
fail is not sent, unless `--anyway` asks for it.

Statuses are named in small letters with `_` (`out_of_gas`) and have a stable number in
`status_code`. Amounts are text. What an ABI explains is decoded: `result`, `reason`, and of an event
`name` and `fields`; the bytes stand beside it.

Failures of kind `key` have one too: `missing`, `taken` (the name is another key's), `damaged` (the
file is no key, or does not fit itself), `refused` (it asks for another version, algorithm or effort
than this one has) or `locked` (the passphrase is another, or the file was altered).

A proof has the row that it proves in `value`, in the bytes that are hashed: a value of storage
stands behind the byte 01 there. Whatever shows rows (`get`, `dump`, `verify-proof`) shows what they
hold.

| exit code | meaning | `kind` |
|---:|---|---|
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    let main = help(&[]);
    let codes = main.split_once("Exit codes:\n").expect("the table of exit codes").1;
    let kinds = [
        ("0", ""),
        ("1", "`failed`"),
        ("2", "`trap`"),
        ("3", "`bad-module`"),
        ("4", "`store`"),
        ("5", "`absent`"),
        ("6", "`not-built`"),
        ("7", "`no-tool`"),
        ("8", "`key`"),
        ("9", "`rejected`"),
        ("10", "`unsuccessful`"),
        ("64", "`usage`"),
    ];
    assert_eq!(codes.lines().count(), kinds.len());
    for (line, (number, kind)) in codes.lines().zip(kinds) {
        let (code, meaning) = line.trim().split_once('\t').expect("a number and its meaning");
        assert_eq!(code, number);
        let _ = writeln!(page, "| {code} | {meaning} | {kind} |");
    }
    let _ = write!(page, "\n## dytallix\n\n```text\n{}\n```\n", main.trim_end());
    for command in commands(&main) {
        describe(&mut page, &[&command]);
    }
    page
}

/// Adds a command and, one level below it, its subcommands.
fn describe(page: &mut String, command: &[&str]) {
    let text = help(command);
    let (level, name) = ("#".repeat(command.len() + 1), command.join(" "));
    let _ = write!(page, "\n{level} dytallix {name}\n\n```text\n{}\n```\n", text.trim_end());
    if text.contains("\nCommands:\n") {
        for subcommand in commands(&text) {
            describe(page, &[command, &[&subcommand]].concat());
        }
    }
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
