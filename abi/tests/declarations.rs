//! The declarations for contracts in C and AssemblyScript are what the table says.
//!
//! `BLESS=1 cargo test -p dytallix-abi` rewrites them.

use std::fmt::Write;
use std::path::Path;

use dytallix_abi::{
    ABI_VERSION, ADDRESS_BYTES, AMOUNT_BYTES, AbiType, CallFlags, CallStatus, Effect, ErrorCode,
    HostFn, Param, SdkError,
};

/// Longest line of what is generated.
const COLUMNS: usize = 100;

/// What all files of declarations say of themselves, in lines.
const HEADER: &str = "\
Host functions of the Dytallix contract ABI, for contracts in LANGUAGE.

Generated from the table in abi/src/table.rs: `BLESS=1 cargo test -p dytallix-abi` rewrites this
file. docs/reference/host-functions.md has the same with prices and effects.

An address is 32 bytes, an amount 16 bytes little-endian. A variable output is `(out, capacity)`
and a result: the full length where it is not negative (nothing is written if that exceeds the
capacity), else an error code. A pointer that reaches out of the memory traps, and so does
what changes state in a read-only frame.
";

#[test]
fn the_c_header_is_what_the_table_says() {
    compare("c/dytallix.h", &c_header());
}

#[test]
fn the_assemblyscript_module_is_what_the_table_says() {
    compare("assemblyscript/dytallix.ts", &assemblyscript_module());
}

/// Names tell pointers from numbers: a number that is taken for a pointer would still work, and an
/// author would be told nonsense.
#[test]
fn parameters_are_pointers_or_numbers_by_their_names() {
    let parameter = |function: HostFn, name: &str| {
        let params = function.params();
        let at = params.iter().position(|param| param.name == name).expect("there is such one");
        role(&params[at])
    };
    assert!(parameter(HostFn::StorageGet, "key") == Role::Input);
    assert!(parameter(HostFn::StorageGet, "key_length") == Role::Number);
    assert!(parameter(HostFn::StorageGet, "out") == Role::Output);
    assert!(parameter(HostFn::StorageGet, "capacity") == Role::Number);
    assert!(parameter(HostFn::InputCopy, "offset") == Role::Number);
    assert!(parameter(HostFn::ExternalCall, "value") == Role::Input);
    assert!(parameter(HostFn::ExternalCall, "gas") == Role::Long);
    assert!(parameter(HostFn::ExternalCall, "flags") == Role::Number);
    assert!(parameter(HostFn::PqcVerify, "scheme") == Role::Number);
    // Whatever is named a length follows what it is the length of.
    for &function in HostFn::ALL {
        for pair in function.params().windows(2) {
            if let Some(what) = pair[1].name.strip_suffix("_length") {
                assert_eq!(pair[0].name, what, "{}", function.name());
                assert!(role(&pair[0]) == Role::Input, "{}: {what}", function.name());
            }
        }
    }
}

fn compare(file: &str, text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= COLUMNS, "{file}: too long: {line}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(file);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("the file has a folder")).expect("folder");
        std::fs::write(&path, text).expect("the file can be written");
    }
    let checked_in = std::fs::read_to_string(&path).expect("the file is checked in");
    assert!(
        checked_in == text,
        "examples/{file} is out of date: run `BLESS=1 cargo test -p dytallix-abi`"
    );
}

/// What a parameter is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Where the host reads.
    Input,
    /// Where the host writes.
    Output,
    /// A length, a place, flags.
    Number,
    /// A number of 64 bits.
    Long,
}

fn role(param: &Param) -> Role {
    match (param.ty, param.name) {
        (AbiType::I64, _) => Role::Long,
        (_, "out") => Role::Output,
        (_, "length" | "capacity" | "offset" | "flags" | "scheme") => Role::Number,
        (_, name) if name.ends_with("_length") => Role::Number,
        _ => Role::Input,
    }
}

fn c_header() -> String {
    let mut text = String::new();
    let header = HEADER.replace("LANGUAGE", "C");
    let header: Vec<String> = header.lines().map(|line| format!(" * {line}")).collect();
    let header = header.join("\n").replace(" * \n", " *\n");
    _ = writeln!(text, "/*\n{header}\n */\n#ifndef DYTALLIX_H\n#define DYTALLIX_H");
    text.push_str("\n#include <stdint.h>\n\n");
    text.push_str("/* A method: `DYTALLIX_METHOD(transfer) { … }`. */\n");
    text.push_str(
        "#define DYTALLIX_METHOD(name) \\\n    __attribute__((export_name(#name))) void \
         method_##name(void)\n\n",
    );
    text.push_str("#define DYTALLIX_IMPORT(name) \\\n    ");
    text.push_str("__attribute__((import_module(\"env\"), import_name(#name)))\n");
    for (name, value, docs) in constants() {
        text.push('\n');
        c_comment(&mut text, &docs);
        _ = writeln!(text, "#define DYTALLIX_{name} {value}");
    }
    for &function in HostFn::ALL {
        text.push('\n');
        c_comment(&mut text, &sentence(function.docs()));
        let result = match function.results() {
            [] if function.effects().contains(&Effect::EndFrame) => {
                "__attribute__((noreturn)) void"
            }
            [] => "void",
            [AbiType::I32] => "int32_t",
            _ => "int64_t",
        };
        let params: Vec<String> = function
            .params()
            .iter()
            .map(|param| match role(param) {
                Role::Input => format!("const void *{}", param.name),
                Role::Output => format!("void *{}", param.name),
                Role::Number => format!("uint32_t {}", param.name),
                Role::Long => format!("uint64_t {}", param.name),
            })
            .collect();
        let params = if params.is_empty() { vec!["void".to_owned()] } else { params };
        _ = writeln!(text, "DYTALLIX_IMPORT({})", function.name());
        list(&mut text, &format!("{result} host_{}(", function.name()), &params, ");");
    }
    text.push_str("\n#endif\n");
    text
}

fn assemblyscript_module() -> String {
    let mut text = String::new();
    for line in HEADER.replace("LANGUAGE", "AssemblyScript").lines() {
        _ = writeln!(text, "{}", format!("// {line}").trim_end());
    }
    for (name, value, docs) in constants() {
        text.push('\n');
        script_comment(&mut text, &docs);
        _ = writeln!(text, "export const {name}: i32 = {value};");
    }
    for &function in HostFn::ALL {
        text.push('\n');
        script_comment(&mut text, &sentence(function.docs()));
        let result = match function.results() {
            [] => "void",
            [AbiType::I32] => "i32",
            _ => "i64",
        };
        let params: Vec<String> = function
            .params()
            .iter()
            .map(|param| match role(param) {
                Role::Input | Role::Output => format!("{}: usize", param.name),
                Role::Number => format!("{}: u32", param.name),
                Role::Long => format!("{}: u64", param.name),
            })
            .collect();
        _ = writeln!(text, "// @ts-ignore: decorator\n@external(\"env\", \"{}\")", function.name());
        let start = format!("export declare function {}(", function.name());
        list(&mut text, &start, &params, &format!("): {result};"));
    }
    text
}

/// Names, values and meanings of the numbers that contracts meet.
fn constants() -> Vec<(String, String, String)> {
    let mut all = vec![
        ("ABI_VERSION".into(), ABI_VERSION.to_string(), "Version of the ABI.".into()),
        ("ADDRESS_BYTES".into(), ADDRESS_BYTES.to_string(), "Length of an address.".into()),
        ("AMOUNT_BYTES".into(), AMOUNT_BYTES.to_string(), "Length of an amount.".into()),
    ];
    for &code in ErrorCode::ALL {
        let value = format!("({})", code.code());
        let docs = format!("A result of a host function. {}", sentence(code.docs()));
        all.push((format!("ERROR_{}", upper(&format!("{code:?}"))), value, docs));
    }
    for &status in CallStatus::ALL {
        let docs = format!("A status of a call. {}", sentence(status.docs()));
        let name = format!("STATUS_{}", upper(&format!("{status:?}")));
        all.push((name, status.code().to_string(), docs));
    }
    all.push((
        "FLAG_ALLOW_REENTRY".into(),
        CallFlags::ALLOW_REENTRY.bits().to_string(),
        "A flag of a call. While it runs, the calling contract may be entered again.".into(),
    ));
    for &error in SdkError::ALL {
        let docs = format!("A first byte of revert data. {}", sentence(error.docs()));
        let value = format!("0x{:X}", error.code());
        all.push((format!("REVERT_{}", upper(&format!("{error:?}"))), value, docs));
    }
    all
}

/// `NotFound` as `NOT_FOUND`.
fn upper(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

fn sentence(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Breaks a text into lines of at most `columns`.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let length = lines[lines.len() - 1].chars().count();
        if length > 0 && length + 1 + word.chars().count() > columns {
            lines.push(String::new());
        }
        let at = lines.len() - 1;
        let line = &mut lines[at];
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}

fn c_comment(text: &mut String, docs: &str) {
    // The longest are broken at the place of the end mark, too.
    _ = writeln!(text, "/* {} */", wrapped(docs, COLUMNS - 6).join("\n   "));
}

fn script_comment(text: &mut String, docs: &str) {
    for line in wrapped(docs, COLUMNS - 4) {
        _ = writeln!(text, "/// {line}");
    }
}

/// `start`, the items with commas between them, `end`: on one line or, where that is too long, on
/// as many as it takes.
fn list(text: &mut String, start: &str, items: &[String], end: &str) {
    let all = items.join(", ");
    if start.chars().count() + all.chars().count() + end.chars().count() <= COLUMNS {
        _ = writeln!(text, "{start}{all}{end}");
        return;
    }
    // A line ends between two items, not within one.
    let lines =
        wrapped(&all.replace(", ", ",\n").replace(' ', "\t").replace('\n', " "), COLUMNS - 4);
    _ = writeln!(text, "{start}\n    {}\n{end}", lines.join("\n    ").replace('\t', " "));
}
