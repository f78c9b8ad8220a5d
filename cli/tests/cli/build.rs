//! `dytallix build`: how a compiler is found, what it is told, and what is made of its module. The
//! compiler is a stand-in here, so no test needs one for wasm32; `.ci/run guide` uses the real
//! ones.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use dytallix::abi::schema::{Abi, Method, Type, TypeId};
use dytallix::abi::{Capabilities, Decode, Encode, Hash, MethodKind, Reentry};
use dytallix::crypto::sha3_256;
use serde_json::json;

use crate::support::{Ran, ran};

/// A package, and a folder of programs that is the whole path.
struct Place {
    folder: tempfile::TempDir,
}

/// A contract with one method, and what tools leave in a module.
const CONTRACT: &str = r#"(module
    (import "env" "block_height" (func (result i64)))
    (memory (export "memory") 1)
    (func $named (export "hello"))
    ABI
    (@custom "producers" "rustc")
    (@custom ".debug_line" "lines"))"#;

fn abi() -> Abi {
    let hello = Method {
        name: "hello".to_owned(),
        kind: MethodKind::View,
        payable: false,
        reentry: Reentry::Refuse,
        params: Vec::new(),
        returns: TypeId(0),
        docs: "Says hello.".to_owned(),
    };
    Abi {
        name: "Greeter".to_owned(),
        schema: 1,
        capabilities: Capabilities::default(),
        types: vec![Type::U64],
        methods: vec![hello],
        events: Vec::new(),
        errors: Vec::new(),
        storage: Vec::new(),
        docs: String::new(),
    }
}

/// The contract with its ABI section.
fn contract() -> Vec<u8> {
    let bytes = abi().encode().expect("a section");
    let bytes: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
    module(&CONTRACT.replace("ABI", &format!("(@custom \"dytallix.abi\" \"{bytes}\")")))
}

fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("text of a module")
}

impl Place {
    /// A package `my-greeter`, whose compiler has the target and makes that module.
    fn new(module: &[u8]) -> Place {
        let place = Place { folder: tempfile::tempdir().expect("a folder") };
        place.file("package/Cargo.toml", b"[package]");
        place.file("package/Cargo.lock", b"lock");
        place.file("package/src/lib.rs", b"// source");
        place.file("module.wasm", module);
        place.file("metadata.json", place.metadata(&["cdylib", "rlib"]).as_bytes());
        place.compiler("bin", "sysroot");
        place.file("sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libcore-1.rlib", b"");
        place.file("sysroot/lib/rustlib/that-host/bin/rust-lld", b"");
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder").join(path)
    }

    fn file(&self, path: &str, contents: &[u8]) -> PathBuf {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(&path, contents).expect("a file");
        path
    }

    fn program(&self, path: &str, text: &str) {
        let path = self.file(path, format!("#!/bin/sh\n{text}\n").as_bytes());
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).expect("a program");
    }

    fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).expect("it was there");
    }

    /// What cargo says of the package, with a target of those types.
    fn metadata(&self, types: &[&str]) -> String {
        let package = json!({
            "name": "my-greeter",
            "version": "0.1.0",
            "source": null,
            "manifest_path": self.path("package/Cargo.toml"),
            "targets": [{ "name": "my_greeter", "kind": types, "crate_types": types }],
        });
        json!({
            "packages": [package],
            "workspace_root": self.path("package"),
            "target_directory": self.path("package/target"),
        })
        .to_string()
    }

    /// A compiler that says it has its libraries there, and a cargo that writes down what it is
    /// told.
    fn compiler(&self, folder: &str, sysroot: &str) {
        let sysroot = self.path(sysroot);
        self.program(
            &format!("{folder}/rustc"),
            &format!(
                "case $1 in\n-vV) echo 'rustc 9.8.7 of {folder}'; echo 'host: that-host'; echo \
                 'commit-hash: c0ffee';;\n--print) echo '{}';;\nesac",
                sysroot.display()
            ),
        );
        let root = self.path("");
        let root = root.display();
        let made = "package/target/wasm32-unknown-unknown/release";
        self.program(
            &format!("{folder}/cargo"),
            &format!(
                "cd '{root}'\necho \"$@\" >>told\necho \
                 \"bootstrap=$RUSTC_BOOTSTRAP linker=$CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER \
                 rustc=$RUSTC flags=$RUSTFLAGS\" >>told\ncase $1 in\nmetadata) /bin/cat \
                 metadata.json;;\n*) /bin/mkdir -p {made} && /bin/cp module.wasm \
                 {made}/my_greeter.wasm;;\nesac"
            ),
        );
    }

    /// `dytallix build` with these folders of programs as the path.
    fn build_with(&self, path: &[&str], args: &[&str]) -> Ran {
        let path = path.iter().map(|folder| self.path(folder));
        let output = Command::new(env!("CARGO_BIN_EXE_dytallix"))
            .current_dir(self.path(""))
            .arg("build")
            .args(args)
            .env_clear()
            .env("PATH", std::env::join_paths(path).expect("a path"))
            .env("HOME", self.path("home"))
            .env("RUSTFLAGS", "-Cdebug-assertions")
            .output();
        ran(&output.expect("the binary starts"))
    }

    fn build(&self, args: &[&str]) -> Ran {
        self.build_with(&["bin"], args)
    }

    fn told(&self) -> String {
        String::from_utf8(self.read("told")).expect("text")
    }
}

/// Names of the custom sections of a module, and the contents of the last.
fn custom_sections(module: &[u8]) -> (Vec<String>, Vec<u8>) {
    let engine = dytallix::vm::Engine::new(dytallix::vm::Config::default()).expect("an engine");
    let program = engine.compile(module).expect("a valid module");
    let sections = program.module().custom_sections();
    let last = sections
        .last()
        .map(|section| module[section.range.start as usize..section.range.end as usize].to_vec());
    (sections.iter().map(|section| section.name.to_string()).collect(), last.unwrap_or_default())
}

#[test]
fn the_module_is_stripped_and_says_what_it_was_made_of() {
    let place = Place::new(&contract());
    let built = place.build(&["package", "--json"]);
    assert_eq!((built.code, built.err.as_str()), (0, ""));
    let module = place.read("package/target/dytallix/my_greeter.wasm");
    let (names, meta) = custom_sections(&module);
    assert_eq!(names, ["dytallix.abi", "dytallix.meta"]);
    let (format, builder, compiler, lock, sources) =
        <(u8, String, String, Hash, Hash)>::from_bytes(&meta).expect("the section");
    assert_eq!(format, 1);
    assert_eq!(builder, format!("dytallix {}", env!("CARGO_PKG_VERSION")));
    assert_eq!(compiler, "rustc 9.8.7 of bin");
    assert_eq!(lock, Hash::new(sha3_256(b"lock")));
    let files = [("Cargo.toml", "[package]"), ("src/lib.rs", "// source")];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec();
    assert_eq!(sources, Hash::new(sha3_256(&files.to_bytes())));

    assert_eq!(place.read("package/target/dytallix/my_greeter.debug.wasm"), contract());
    let abi_json = place.read("package/target/dytallix/my_greeter.abi.json");
    assert_eq!(String::from_utf8(abi_json).expect("text"), abi().to_json());
    let json = built.json();
    assert_eq!(json["schema"], "dytallix.build/1");
    assert_eq!(json["bytes"], module.len());
    assert_eq!(json["memory_pages"], 1);
    assert_eq!(json["imports"], json!(["block_height"]));
    assert_eq!(json["methods"][0]["name"], "hello");
    assert_eq!(json["methods"][0]["returns"], "u64");
    assert_eq!(json["warnings"], json!([]));
    let prices = dytallix::gas::HostPrices::v1();
    assert_eq!(json["deploy_gas"], prices.deploy.total(module.len() as u64));
}

#[test]
fn people_see_size_methods_and_gas() {
    let place = Place::new(&contract());
    let built = place.build(&["package"]);
    assert_eq!(built.code, 0, "{built:?}");
    for line in [
        "built my-greeter with rustc 9.8.7 of bin",
        "package/target/dytallix/my_greeter.wasm",
        "gas, and what init uses",
        "methods of Greeter",
        "  view  hello() -> u64",
    ] {
        assert!(built.out.contains(line), "{line} is not in\n{}", built.out);
    }
}

#[test]
fn cargo_is_told_to_keep_names_and_to_hide_paths() {
    let place = Place::new(&contract());
    assert_eq!(place.build(&["package", "--locked"]).code, 0);
    let told = place.told();
    let package = place.path("package");
    for part in [
        "metadata --format-version 1 --filter-platform wasm32-unknown-unknown --locked",
        "rustc --lib --crate-type cdylib --target wasm32-unknown-unknown --profile release",
        "--config profile.release.strip=false --config profile.release.debug=true",
        &format!("\"--remap-path-prefix={}=/my-greeter-0.1.0\"", package.display()),
        &format!("\"--remap-path-prefix={}=/cargo\"", place.path("home/.cargo").display()),
        "lib/rustlib/src/rust=/rustc/c0ffee\"",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    let rustc = place.path("bin/rustc");
    let environment = format!("bootstrap= linker= rustc={} flags=\n", rustc.display());
    assert_eq!(told.matches(&environment).count(), 2, "{told}");
}

#[test]
fn a_module_without_abi_is_built_with_a_warning() {
    let place = Place::new(&contract());
    assert_eq!(place.build(&["package"]).code, 0);
    assert!(place.has("package/target/dytallix/my_greeter.abi.json"));
    place.file("module.wasm", &module(&CONTRACT.replace("ABI", "")));
    let built = place.build(&["package"]);
    assert_eq!(built.code, 0);
    assert!(built.out.contains("warning: the module has no section dytallix.abi"), "{built:?}");
    assert!(!place.has("package/target/dytallix/my_greeter.abi.json"), "of an earlier module");
    assert!(place.has("package/target/dytallix/my_greeter.wasm"));
}

#[test]
fn a_module_that_no_chain_takes_is_refused_with_its_place() {
    let place = Place::new(&contract());
    assert_eq!(place.build(&["package"]).code, 0);
    let text = CONTRACT.replace("ABI", "").replace("block_height", "open_file");
    place.file("module.wasm", &module(&text));
    let refused = place.build(&["package"]);
    assert_eq!(refused.code, 3);
    for part in ["there is no host function `env.open_file`", "my_greeter.refused.wasm, offset 0x"]
    {
        assert!(refused.err.contains(part), "{part} is not in\n{}", refused.err);
    }
    assert!(place.has("package/target/dytallix/my_greeter.refused.wasm"));
    assert!(!place.has("package/target/dytallix/my_greeter.wasm"), "the earlier one is gone");
    let json = place.build(&["package", "--json"]).json();
    assert_eq!((&json["kind"], &json["class"]), (&json!("bad-module"), &json!("interface")));
    place.file("module.wasm", b"\0asm\x01\0\0\0\x63\0");
    assert_eq!(place.build(&["package"]).code, 3);
    place.file("module.wasm", b"ELF");
    assert_eq!(place.build(&["package"]).code, 3);
}

#[test]
fn what_the_compiler_says_is_passed_on_and_has_an_exit_code_of_its_own() {
    let place = Place::new(&contract());
    let said = "error[E0308]: mismatched types\n  --> src/lib.rs:7:9";
    let metadata = place.path("metadata.json");
    let metadata = metadata.display();
    place.program(
        "bin/cargo",
        &format!(
            "case $1 in\nmetadata) /bin/cat '{metadata}';;\n*) echo '{said}' >&2; exit 101;;\nesac"
        ),
    );
    let failed = place.build(&["package"]);
    assert_eq!((failed.code, failed.out.as_str()), (6, ""));
    assert!(failed.err.starts_with(&format!("{said}\nerror: the contract was not built")));
    let failed = place.build(&["package", "--json"]);
    assert_eq!(failed.err, format!("{said}\n"));
    assert_eq!(failed.json()["kind"], "not-built");
    assert_eq!(failed.json()["cargo_exit_code"], 101);
}

#[test]
fn a_compiler_with_sources_alone_builds_the_library_too() {
    let place = Place::new(&contract());
    place.remove("sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libcore-1.rlib");
    place.remove("sysroot/lib/rustlib/that-host/bin/rust-lld");
    place.file("sysroot/lib/rustlib/src/rust/library/core/src/lib.rs", b"");
    let failed = place.build(&["package"]);
    assert_eq!(failed.code, 7);
    assert!(failed.err.contains("there is no linker for wasm32-unknown-unknown"), "{failed:?}");
    assert!(failed.err.contains("try apt-get install lld-19"), "{failed:?}");
    place.program("bin/wasm-ld-19", "");
    place.program("bin/wasm-ld-14", "");
    let built = place.build(&["package", "--json"]);
    assert_eq!(built.code, 0, "{built:?}");
    assert_eq!(built.json()["builds_std"], true);
    let told = place.told();
    let linker = place.path("bin/wasm-ld-19");
    assert!(told.contains("-Z build-std=core,alloc"), "{told}");
    assert!(told.contains(&format!("bootstrap=1 linker={} ", linker.display())), "{told}");
}

#[test]
fn a_later_compiler_with_the_target_is_taken_before_one_without() {
    let place = Place::new(&contract());
    place.compiler("first", "bare");
    place.file("bare/lib/rustlib/src/rust/library/core/src/lib.rs", b"");
    let built = place.build_with(&["first", "bin"], &["package", "--json"]);
    assert_eq!(built.json()["meta"]["compiler"], "rustc 9.8.7 of bin");
}

#[test]
fn a_missing_compiler_is_named_with_what_installs_it() {
    let place = Place::new(&contract());
    place.remove("sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libcore-1.rlib");
    let add = "rustup target add wasm32-unknown-unknown";
    let apt = "apt-get update && apt-get install rustc-web cargo-web rust-web-src lld-19";
    let message = |path: &[&str]| {
        let failed = place.build_with(path, &["package"]);
        assert_eq!((failed.code, failed.out.as_str()), (7, ""), "{failed:?}");
        failed.err
    };
    let error = message(&["bin"]);
    assert!(error.contains("rustc 9.8.7 of bin cannot build for wasm32-unknown-unknown"));
    assert!(error.contains("rust-src"), "{error}");
    place.program("apt/apt-get", "");
    assert!(message(&["bin", "apt"]).contains(&format!("try {apt}, or with rustup: {add}\n")));
    place.program("rustup/rustup", "");
    assert!(message(&["bin", "apt", "rustup"]).ends_with(&format!("try {add}\n")));
    let error = message(&["apt"]);
    assert!(error.contains("there is no Rust compiler on the path"), "{error}");
    place.program("bin/rustc", "echo 'toolchain 1.2 is not installed' >&2; exit 1");
    assert!(message(&["bin"]).contains("rustc does not work: toolchain 1.2 is not installed"));
}

#[test]
fn what_is_no_package_is_refused() {
    let place = Place::new(&contract());
    let refused = |args: &[&str], why: &str| {
        let refused = place.build(args);
        assert_eq!(refused.code, 64, "{refused:?}");
        assert!(refused.err.contains(why), "{why} is not in\n{}", refused.err);
        assert!(refused.err.contains("try "), "{refused:?}");
    };
    refused(&["nowhere"], "there is no folder nowhere");
    refused(&["package/src"], "there is no package in package/src: Cargo.toml is missing");
    place.file("metadata.json", place.metadata(&["bin"]).as_bytes());
    refused(&["package"], "has no library");
    let elsewhere = place.metadata(&["rlib"]).replace("package/Cargo.toml", "member/Cargo.toml");
    place.file("metadata.json", elsewhere.as_bytes());
    refused(&["package"], "is a workspace, not a package");
}

#[test]
fn the_module_goes_where_it_is_wanted() {
    let place = Place::new(&contract());
    let built = place.build(&["package", "--out", "made/hello.wasm"]);
    assert_eq!(built.code, 0, "{built:?}");
    for file in ["made/hello.wasm", "made/hello.abi.json", "made/hello.debug.wasm"] {
        assert!(place.has(file), "{file}");
    }
    assert!(!place.has("package/target/dytallix"));
    assert_eq!(place.build(&["package", "--release"]).code, 0, "what cargo's users type");
    assert!(place.has("package/target/dytallix/my_greeter.wasm"));
}
