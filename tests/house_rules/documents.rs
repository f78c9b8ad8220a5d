//! Documents: what they name has to be there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::source::{root, sources};
use super::{FOLDERS, none};

/// Pages for people, without those that are generated.
fn pages() -> Vec<(PathBuf, String)> {
    let mut pages = vec![root().join("README.md")];
    for folder in ["docs", "docs/decisions"] {
        let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
        pages.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    let read = |page: PathBuf| {
        let text = std::fs::read_to_string(&page).expect("UTF-8");
        (page, text)
    };
    pages.into_iter().map(read).collect()
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("below the root").display().to_string()
}

#[test]
fn every_invariant_names_a_test_that_there_is() {
    let mut tests = BTreeSet::new();
    for source in sources(FOLDERS) {
        for (line, next) in source.lines.iter().zip(source.lines.iter().skip(1)) {
            let is_test = line.text.trim_start().starts_with("#[test]");
            // In `proptest!` a comment may stand between.
            let name = next.text.trim_start().strip_prefix("fn ").filter(|_| is_test);
            tests.extend(name.and_then(|name| name.split('(').next()).map(str::to_owned));
        }
    }
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).expect("the page");
    let table = page.split("## Invariants").nth(1).and_then(|rest| rest.split("\n## ").next());
    let rows = table.expect("the section").lines().filter(|line| line.starts_with("| "));
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows.filter(|row| row.contains('`')) {
        let name = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        count += 1;
        if !tests.contains(name.trim_matches('`')) {
            wrong.push(format!("docs/architecture.md: there is no test {name}"));
        }
    }
    assert!(count > 10, "the table of invariants is there");
    none(wrong);
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        let folder = page.parent().expect("a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let is_outside = target.contains("://") || target.is_empty();
            if !is_outside && !folder.join(target).exists() {
                wrong.push(format!("{}: {link} leads nowhere", relative(&page)));
            }
        }
    }
    none(wrong);
}

/// Paths in code marks that begin with a folder of ours.
#[test]
fn files_that_are_named_exist() {
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        let marks = text.split('`').skip(1).step_by(2);
        for mark in marks.filter(|mark| FOLDERS.iter().any(|f| mark.starts_with(&format!("{f}/"))))
        {
            let is_path = mark.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
            if is_path && !root().join(mark).exists() {
                wrong.push(format!("{}: {mark} does not exist", relative(&page)));
            }
        }
    }
    none(wrong);
}
