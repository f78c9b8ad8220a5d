//! `dytallix run`: results, traps, bad modules, usage; every exit code.

use crate::support::{Ran, dytallix, file};
use serde_json::json;

const MODULE: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
    (func $divide (export "div") (param i32 i32) (result i32)
        local.get 0 local.get 1 i32.div_s)
    (func (export "spin") (loop br 0))
    (func (export "same") (param i64 f32 f64 externref) (result i64 f32 f64 externref)
        local.get 0 local.get 1 local.get 2 local.get 3))"#;

fn run(name: &str, text: &str, args: &[&str]) -> Ran {
    let path = file(&format!("run_{name}.wat"), text);
    let path = path.to_str().expect("UTF-8");
    dytallix([&["run", path], args].concat())
}

#[test]
fn results_gas_and_time_are_printed() {
    let ran = run("add", MODULE, &["--invoke", "add", "-5", "0x7"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "i32 2");
    assert!(lines[1].starts_with("gas 3 · time "), "{lines:?}");
}

#[test]
fn binary_modules_run_too() {
    let path = file("run_binary.wasm", wat::parse_str(MODULE).expect("valid text"));
    let ran = dytallix(["run", path.to_str().expect("UTF-8"), "--invoke", "add", "1", "2"]);
    assert!(ran.out.starts_with("i32 3\n"), "{ran:?}");
}

#[test]
fn options_may_follow_arguments() {
    let ran = run(
        "same",
        MODULE,
        &[
            "--invoke",
            "same",
            "-0x8000000000000000",
            "-nan:0x1",
            "-inf",
            "null",
            "--gas",
            "9",
            "--json",
        ],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    assert_eq!(json["schema"], "dytallix.run/1");
    assert_eq!(json["outcome"], "returned");
    assert_eq!(json["gas"], json!({ "limit": 9, "used": 4 }));
    let results = json!([
        { "type": "i64", "value": "-9223372036854775808" },
        { "type": "f32", "value": "-nan:0x1", "bits": "0xff800001" },
        { "type": "f64", "value": "-inf", "bits": "0xfff0000000000000" },
        { "type": "externref", "value": "null" },
    ]);
    assert_eq!(json["results"], results);
    assert!(json["time_ns"]["execute"].is_u64());
}

#[test]
fn without_a_name_the_exports_are_listed() {
    let ran = run("list", MODULE, &[]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("--invoke div (i32 i32) -> (i32)"), "{ran:?}");
    let json = run("list_json", MODULE, &["--json"]).json();
    assert_eq!(json["functions"], json!(["add", "div", "spin", "same"]));
}

#[test]
fn a_trap_is_explained_and_exits_with_2() {
    let ran = run("div", MODULE, &["--invoke", "div", "5", "0", "--gas", "1000"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("trap: integer divide by zero in the call of \"div\""), "{ran:?}");
    assert!(ran.err.contains("function 1 \"divide\", offset 0x"), "{ran:?}");
    assert!(ran.err.contains(": i32.div_s"), "{ran:?}");
    assert!(ran.err.contains("of 1,000"), "{ran:?}");
    let json = run("div_json", MODULE, &["--invoke", "div", "5", "0", "--json"]).json();
    assert_eq!(json["kind"], "trap");
    assert_eq!(json["exit_code"], 2);
    assert_eq!(json["trap"]["code"], 2);
    assert_eq!(json["trap"]["function_name"], "divide");
    assert_eq!(json["trap"]["operator"], "i32.div_s");
    let offset = json["trap"]["offset"].as_u64().expect("an offset") as usize;
    assert_eq!(wat::parse_str(MODULE).expect("valid text")[offset], 0x6D, "i32.div_s");
}

#[test]
fn out_of_gas_uses_the_whole_limit() {
    let json = run("spin", MODULE, &["--invoke", "spin", "--gas", "1000", "--json"]).json();
    assert_eq!(json["trap"]["text"], "out of gas");
    assert_eq!(json["gas"], json!({ "limit": 1000, "used": 1000 }));
}

#[test]
fn a_trap_of_the_start_function_is_one_too() {
    let text = "(module (func $boot unreachable) (start $boot))";
    let ran = run("start", text, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("trap: unreachable while it was instantiated"), "{ran:?}");
    assert!(ran.err.contains("function 0 \"boot\""), "{ran:?}");
}

#[test]
fn bad_modules_exit_with_3_and_name_the_offset() {
    // A body that leaves an i64 where an i32 is due: at the `end`, two bytes into the expression.
    let mut bytes = wat::parse_str("(module (func $f (result i32) i32.const 1))").expect("text");
    let at = bytes.windows(2).rposition(|w| w == [0x41, 1]).expect("i32.const 1");
    bytes[at] = 0x42;
    let invalid = file("run_invalid.wasm", &bytes);
    let ran = dytallix(["run", invalid.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("error: invalid module: type mismatch"), "{ran:?}");
    let place = format!("offset {:#x}, code section, function 0", at + 2);
    assert!(ran.err.contains(&place), "{ran:?} lacks {place}");

    let malformed = file("run_malformed.wasm", &bytes[..bytes.len() - 20]);
    let json = dytallix(["run", malformed.to_str().expect("UTF-8"), "--json"]).json();
    assert_eq!((json["exit_code"].as_u64(), json["class"].as_str()), (Some(3), Some("malformed")));
    assert!(json["offset"].is_u64(), "{json}");

    let text = run("text", "(module (func (export \"f\") i32.bogus))", &["--json"]);
    assert_eq!(text.code, 3);
    assert!(text.json()["cause"].as_str().is_some_and(|c| c.contains("i32.bogus")), "{text:?}");
    for contents in [&[0xFF; 9][..], b"", b"\0asm"] {
        let path = file("run_bytes.wasm", contents);
        let ran = dytallix(["run", path.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 3, "{contents:?}: {ran:?}");
    }
}

#[test]
fn an_import_is_a_link_error_that_names_it() {
    let text = r#"(module (import "env" "log" (func $log (param i32))) (func (export "f")))"#;
    let ran = run("import", text, &["--invoke", "f"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("cannot link: nothing here provides the function \"env\" \"log\""));
    let text = r#"(module (import "env" "memory" (memory 1)))"#;
    let json = run("import_json", text, &["--json"]).json();
    assert_eq!(json["class"], "link");
    assert_eq!(json["import"], json!({ "module": "env", "name": "memory" }));
}

#[test]
fn a_file_that_is_not_there_exits_with_1() {
    let ran = dytallix(["run", "no/such/file.wasm"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("error: cannot read no/such/file.wasm: "), "{ran:?}");
}

#[test]
fn wrong_usage_exits_with_64_and_says_what_is_right() {
    let cases: &[(&[&str], &str)] = &[
        (&["--invoke", "add", "1"], "\"add\" takes 2 arguments, not 1"),
        (&["--invoke", "add", "1", "x"], "argument 2 is \"x\", which is no i32"),
        (&["--invoke", "add", "1", "4294967296"], "an integer from -2147483648 to 4294967295"),
        (&["--invoke", "sub"], "has no export \"sub\""),
        (&["--invoke", "sub"], "add, div, spin, same"),
        (&["--invoke", "memory"], "export \"memory\" is a memory, not a function"),
        (&["--gas", "many"], "invalid value 'many'"),
        (&["--bogus"], "unexpected argument '--bogus'"),
        (&["5"], "required arguments"),
    ];
    for (args, message) in cases {
        let ran = run("usage", MODULE, args);
        assert_eq!(ran.code, 64, "{args:?}: {ran:?}");
        assert!(ran.err.contains(message), "{args:?}: {ran:?}");
    }
    let json = run("usage_json", MODULE, &["--invoke", "add", "1", "x", "--json"]).json();
    assert_eq!(json["kind"], "usage");
    assert_eq!((json["argument"].as_u64(), json["expected"].as_str()), (Some(2), Some("i32")));
    let json = run("option_json", MODULE, &["--bogus", "--json"]).json();
    assert_eq!((json["kind"].as_str(), json["exit_code"].as_u64()), (Some("usage"), Some(64)));
    assert_eq!(json["cause"], "unexpected argument '--bogus' found");
    assert_eq!(dytallix([""; 0]).code, 64);
}

#[test]
fn names_do_not_write_to_the_terminal() {
    let text = r#"(module (import "env" "\1b[2J" (func)) (func (export "\1b[31mred")))"#;
    for command in ["run", "inspect"] {
        let path = file("run_escape.wat", text);
        let ran = dytallix([command, path.to_str().expect("UTF-8")]);
        let shown = format!("{}{}", ran.out, ran.err);
        assert!(shown.contains(r"\u{1b}[2J") && !shown.contains('\u{1b}'), "{ran:?}");
    }
}

#[test]
fn colours_are_for_terminals_and_respect_no_color() {
    let path = file("run_colour.wat", MODULE);
    let colours = |variables: &[(&str, &str)]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_dytallix"))
            .args(["run".as_ref(), path.as_os_str()])
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .envs(variables.iter().copied())
            .output()
            .expect("the binary starts");
        crate::support::ran(&output).out.contains('\u{1b}')
    };
    assert!(!colours(&[]), "a pipe is no terminal");
    assert!(colours(&[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&[("NO_COLOR", "1")]));
}
