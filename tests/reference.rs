//! The generated reference pages are what the tables say. To write them anew: `BLESS=1 cargo test
//! --test reference`.

use std::fmt::Write;
use std::path::Path;

use dytallix::abi::{GasClass as HostClass, HostFn, Status};
use dytallix::gas::{GasClass, GasSchedule, HostPrice, HostPrices, Signature as Checked};
use dytallix::ir::{OpKind, Shape};
use dytallix::vm::TrapCode;
use dytallix::wasm::{Features, OperatorKind, Shape as Signature};

fn check(page: &str, text: &str) {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference")).join(page);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).expect("the page can be written");
    }
    let page_text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page_text == text, "docs/reference/{page} is not what the tables say: bless it");
}

fn signature(shape: Signature) -> String {
    let list = |types: &[dytallix::wasm::ValType]| {
        types.iter().map(|t| t.to_string()).collect::<Vec<_>>().join(" ")
    };
    match shape {
        Signature::Plain { params, results } => format!("[{}] → [{}]", list(params), list(results)),
        Signature::Load { bytes, ty } => format!("[i32] → [{ty}], {bytes} bytes"),
        Signature::Store { bytes, ty } => format!("[i32 {ty}] → [], {bytes} bytes"),
        Signature::Special => "by immediates".into(),
    }
}

fn feature_names(features: Features) -> String {
    let names = Features::NAMES.iter().filter(|(_, f)| features.contains(*f)).map(|(n, _)| *n);
    names.collect::<Vec<_>>().join(", ")
}

#[test]
fn operators_page_is_current() {
    let schedule = GasSchedule::v1();
    let mut text = String::from(
        "# WebAssembly operators\n\nGenerated from the operator table (`src/wasm/operators/table.rs`). Gas is the price under schedule V1;\n\
         operators with a dynamic price say so in [gas.md](../gas.md).\n\n\
         | operator | code | signature | gas class | gas | feature |\n|---|---|---|---|--:|---|\n",
    );
    for kind in OperatorKind::ALL {
        let row = kind.row();
        let code = match row.code >> 16 {
            0 => format!("0x{:02x}", row.code),
            prefix => format!("0x{prefix:02x} 0x{:02x}", row.code & 0xffff),
        };
        writeln!(
            text,
            "| `{}` | {code} | {} | {} | {} | {} |",
            row.name,
            signature(row.shape),
            row.gas_class.name(),
            schedule.price(row.gas_class),
            feature_names(row.features),
        )
        .expect("writing to a string");
    }
    check("operators.md", &text);
}

#[test]
fn register_ops_page_is_current() {
    let mut text = String::from(
        "# Register ops\n\nGenerated from the op table (`src/ir/op.rs`). Operand classes: S a frame slot, A the accumulator, I an \
         immediate. Ops with a\nresult come in pairs: result in the accumulator, result also in a slot.\n\n\
         | op | does | operands | input | result | variants |\n|---|---|---|---|---|--:|\n",
    );
    for kind in OpKind::ALL {
        let shape = kind.shape();
        let patterns: Vec<_> = shape
            .patterns()
            .iter()
            .map(|p| p.iter().map(|o| format!("{o:?}")).collect::<String>())
            .collect();
        let operands = match shape {
            Shape::fixed => "fixed fields".to_string(),
            Shape::dest => "none".to_string(),
            _ => patterns.join(" "),
        };
        let result = if shape.has_result() { format!("{:?}", kind.output()) } else { "–".into() };
        writeln!(
            text,
            "| `{}` | {} | {operands} | {:?} | {result} | {} |",
            kind.name(),
            kind.doc().replace('|', "\\|"),
            kind.input(),
            shape.variants(),
        )
        .expect("writing to a string");
    }
    check("register-ops.md", &text);
}

/// The prices of host functions, by class, and what comes on top.
fn host_prices(text: &mut String) {
    let prices = HostPrices::v1();
    text.push_str(
        "\n| host functions of class | number | functions | base | per 64 bytes |\n\
         |---|--:|---|--:|--:|\n",
    );
    for &class in HostClass::ALL {
        let functions = HostFn::ALL.iter().filter(|function| function.gas_class() == class);
        let names: Vec<String> = functions.map(|f| format!("`{}`", f.name())).collect();
        let price = prices.of(class);
        writeln!(
            text,
            "| {class:?} | {} | {} | {} | {} |",
            class as u8,
            names.join(" "),
            price.base,
            price.per_64_bytes
        )
        .expect("writing to a string");
    }
    text.push_str("\n| on top | base | per 64 bytes |\n|---|--:|--:|\n");
    let mut row = |name: &str, price: HostPrice| {
        writeln!(text, "| {name} | {} | {} |", price.base, price.per_64_bytes)
            .expect("writing to a string");
    };
    for kind in Checked::ALL {
        row(&format!("check of {kind:?}, by bytes of the message"), prices.signature(kind));
    }
    row("`load`: code of a frame, by its bytes", prices.load);
    row("`deploy`: by bytes of the module", prices.deploy);
    row("`load_segment`: each segment of it", HostPrice::new(prices.load_segment, 0));
    row("`load_function`: each function of it", HostPrice::new(prices.load_function, 0));
    row("`load_global`: each global of it", HostPrice::new(prices.load_global, 0));
    row("`load_import`: each import of it", HostPrice::new(prices.load_import, 0));
    row("`replay`: a frame, by its longest function", prices.replay);
    row("`cold_code`: first load of code, by its bytes", prices.cold_code);
    row("`cold_storage`: first touch of a key, by its value", prices.cold_storage);
    row("`cold_account`: first touch of an account", HostPrice::new(prices.cold_account, 0));
    row("`state_write`: a changed key or account; base once a transaction", prices.state_write);
}

#[test]
fn gas_page_is_current() {
    let schedule = GasSchedule::v1();
    let mut text = String::from(
        "# Gas classes and trap codes\n\nGenerated from the tables. Prices are those of schedule V1; a released one never \
         changes.\n\n| class | number | price |\n|---|--:|--:|\n",
    );
    for class in GasClass::ALL {
        writeln!(text, "| {} | {} | {} |", class.name(), *class as u32, schedule.price(*class))
            .expect("writing to a string");
    }
    text.push_str("\n| price | per | V1 |\n|---|---|--:|\n");
    for (name, per, price) in [
        ("`local`", "declared local of a function that is entered", schedule.local),
        ("`grow_page`", "page that a frame begins with or `memory.grow` adds", schedule.grow_page),
        ("`grow_page_dear`", "the same beyond half of the limit", schedule.grow_page_dear),
        ("`bulk_per_64_bytes`", "started 64 bytes of a bulk operator", schedule.bulk_per_64_bytes),
        ("`table_per_8_elements`", "started 8 elements", schedule.table_per_8_elements),
    ] {
        writeln!(text, "| {name} | {per} | {price} |").expect("writing to a string");
    }
    host_prices(&mut text);
    text.push_str("\n| trap | code |\n|---|--:|\n");
    for code in TrapCode::ALL {
        writeln!(text, "| {code} | {} |", code.number()).expect("writing to a string");
    }
    check("gas-and-traps.md", &text);
}

/// What a status leaves behind, by its number.
fn consequence(status: Status) -> &'static str {
    match status.code() {
        _ if status.is_success() => "paid, done",
        _ if status.is_rejected() => "nothing: not paid, nonce not used",
        _ => "paid, nonce used, nothing else",
    }
}

#[test]
fn statuses_page_is_current() {
    let mut text = String::from(
        "# Statuses\n\nGenerated from the table of codes (`abi/src/codes.rs`). A status is a number \
         in the receipt of a transaction; it is never\nrenumbered. The last column says what the \
         transaction leaves behind: [transactions.md](../transactions.md) has the phases.\n\n\
         | number | status | means | leaves behind |\n|--:|---|---|---|\n",
    );
    for status in Status::ALL {
        let means = status.docs().iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        let (code, leaves) = (status.code(), consequence(*status));
        writeln!(text, "| {code} | `{status:?}` | {means} | {leaves} |")
            .expect("writing to a string");
    }
    check("statuses.md", &text);
}
