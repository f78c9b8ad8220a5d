//! `dytallix new`: a package with all that building needs, or nothing at all.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, dytallix, ran};

/// The checkout that this is.
fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the repository")
}

/// `dytallix new` in that folder, with `DYTALLIX_SDK` as given.
fn new_with(folder: &Path, sdk: Option<&Path>, args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dytallix"));
    command.current_dir(folder).arg("new").args(args).env_remove("DYTALLIX_SDK");
    if let Some(sdk) = sdk {
        command.env("DYTALLIX_SDK", sdk);
    }
    ran(&command.output().expect("the binary starts"))
}

fn new(folder: &Path, args: &[&str]) -> Ran {
    new_with(folder, None, args)
}

/// Every file and folder below a folder.
fn tree(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            let below = path.strip_prefix(folder).expect("below").display().to_string();
            if path.is_dir() {
                folders.push(path);
            }
            found.push(below);
        }
    }
    found.sort();
    found
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).expect("a file of text")
}

#[test]
fn a_package_has_contract_test_and_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = new(folder.path(), &["my-coin", "--template", "token", "--json"]);
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    let json = made.json();
    assert_eq!(json["schema"], "dytallix.new/1");
    assert_eq!(json["contract"], "MyCoin");
    let package = folder.path().join("my-coin");
    let expected = [
        ".cargo",
        ".cargo/config.toml",
        ".gitignore",
        "Cargo.toml",
        "src",
        "src/lib.rs",
        "tests",
        "tests/my_coin.rs",
    ];
    assert_eq!(tree(&package), expected);
    let mut listed: Vec<&str> =
        json["files"].as_array().expect("files").iter().filter_map(|f| f.as_str()).collect();
    listed.sort_unstable();
    assert!(listed.iter().all(|file| package.join(file).is_file()));
    assert_eq!(listed.len(), expected.len() - 3, "all but the folders");
    let example = read(checkout().join("examples/token.rs"));
    let contract = read(package.join("src/lib.rs"));
    assert_eq!(contract.lines().count(), example.lines().count());
    assert_eq!(contract.replace("MyCoin", "Token"), example);
    assert_eq!(
        read(package.join(".cargo/config.toml")),
        read(checkout().join("examples/.cargo/config.toml"))
    );
}

#[test]
fn the_manifest_depends_on_the_checkout_that_the_program_was_built_from() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(new(folder.path(), &["token"]).code, 0);
    let manifest = read(folder.path().join("token/Cargo.toml"));
    let sdk = |package: &str| format!("{{ path = {:?} }}", checkout().join(package));
    for line in [
        "name = \"token\"".to_owned(),
        "edition = \"2024\"".to_owned(),
        "crate-type = [\"cdylib\", \"rlib\"]".to_owned(),
        format!("dytallix-sdk = {}", sdk("sdk")),
        format!("dytallix-testkit = {}", sdk("testkit")),
        "panic = \"abort\"".to_owned(),
        "overflow-checks = true".to_owned(),
        "[workspace]".to_owned(),
    ] {
        assert!(manifest.lines().any(|found| found == line), "{line} is not in\n{manifest}");
    }
}

/// A folder that looks like a checkout.
fn other_checkout(folder: &Path) -> PathBuf {
    let checkout = folder.join("other \"checkout\"");
    for package in ["sdk", "testkit"] {
        std::fs::create_dir_all(checkout.join(package)).expect("a folder");
        std::fs::write(checkout.join(package).join("Cargo.toml"), "").expect("a file");
    }
    checkout.canonicalize().expect("it is there")
}

#[test]
fn the_sdk_is_where_the_option_or_the_environment_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = other_checkout(folder.path());
    let expected = format!("dytallix-sdk = {{ path = {:?} }}", other.join("sdk"));
    let option = ["a", "--sdk", "other \"checkout\""];
    assert_eq!(new_with(folder.path(), Some(Path::new("/nowhere")), &option).code, 0);
    assert_eq!(new_with(folder.path(), Some(&other), &["b"]).code, 0);
    for name in ["a", "b"] {
        let manifest = read(folder.path().join(name).join("Cargo.toml"));
        assert!(manifest.contains(&expected), "{manifest}");
    }
}

#[test]
fn a_checkout_that_is_none_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    for (sdk, args, why) in [
        (None, &["x", "--sdk", "empty"][..], "there is no sdk/Cargo.toml in it"),
        (None, &["x", "--sdk", "missing"][..], "missing is no checkout"),
        (Some(Path::new("empty")), &["x"][..], "from DYTALLIX_SDK"),
    ] {
        let refused = new_with(folder.path(), sdk, args);
        assert_eq!(refused.code, 64, "{refused:?}");
        assert!(refused.err.contains(why), "{refused:?}");
        assert!(refused.err.contains("try the folder of the repository"), "{refused:?}");
    }
    assert_eq!(tree(folder.path()), ["empty"]);
}

#[test]
fn names_that_are_none_are_refused_with_the_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, rule) in
        [("1st", "begins with a letter"), ("a/b", "but no '/'"), ("match", "Rust keeps")]
    {
        let refused = new(folder.path(), &[name]);
        assert_eq!((refused.code, refused.out.as_str()), (64, ""));
        assert!(refused.err.contains(rule), "{refused:?}");
    }
    let json = new(folder.path(), &["a b", "--json"]).json();
    assert_eq!((&json["kind"], &json["exit_code"]), (&"usage".into(), &64.into()));
    assert!(tree(folder.path()).is_empty());
}

#[test]
fn what_is_there_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::create_dir(path.join("full")).expect("a folder");
    std::fs::write(path.join("full/notes"), "mine").expect("a file");
    std::fs::write(path.join("file"), "mine").expect("a file");
    for (args, why) in [
        (&["full"][..], "full is there already and is not empty"),
        (&["x", "--path", "full"][..], "full is there already and is not empty"),
        (&["file"][..], "file is there already and is no folder"),
        (&["x", "--path", "no/where"][..], "there is no folder no to put no/where into"),
    ] {
        let refused = new(path, args);
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.err.contains(why), "{refused:?}");
        assert!(refused.err.contains("try "), "{refused:?}");
    }
    assert_eq!(tree(path), ["file", "full", "full/notes"]);
    assert_eq!(read(path.join("full/notes")), "mine");
}

#[test]
fn an_empty_folder_is_filled() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("here")).expect("a folder");
    assert_eq!(new(folder.path(), &["token", "--path", "here"]).code, 0);
    assert_eq!(new(&folder.path().join("here/src"), &["x", "--path", "."]).code, 1);
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    assert_eq!(new(&inner, &["token", "--path", "."]).code, 0);
    assert_eq!(tree(&inner), tree(&folder.path().join("here")));
    assert_eq!(tree(&inner).len(), 8);
}

#[test]
fn an_unknown_template_is_refused_with_those_that_there_are() {
    let refused = dytallix(["new", "x", "--template", "nft"]);
    assert_eq!(refused.code, 64);
    assert!(refused.err.contains("counter") && refused.err.contains("token"), "{refused:?}");
}
