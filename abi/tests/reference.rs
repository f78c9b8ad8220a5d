//! The table is well formed, its numbers stand, and the checked-in reference page is what the table
//! says.
//!
//! `BLESS=1 cargo test -p dytallix-abi` rewrites the page.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use dytallix_abi::{AbiType, CallStatus, Effect, ErrorCode, GasClass, HostFn, HostTrap, Status};

#[test]
fn reference_page_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/host-functions.md");
    let page = reference_page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("the page has a folder")).expect("folder");
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let checked_in = std::fs::read_to_string(&path).expect("the page is checked in");
    assert!(
        checked_in == page,
        "docs/reference/host-functions.md is out of date: run `BLESS=1 cargo test -p dytallix-abi`"
    );
}

#[test]
fn numbers_and_names_are_unique_and_found_again() {
    let numbers: BTreeSet<u16> = HostFn::ALL.iter().map(|f| f.number()).collect();
    let names: BTreeSet<&str> = HostFn::ALL.iter().map(|f| f.name()).collect();
    assert_eq!(numbers.len(), HostFn::ALL.len());
    assert_eq!(names.len(), HostFn::ALL.len());
    for &function in HostFn::ALL {
        assert_eq!(HostFn::from_name(function.name()), Some(function));
        assert_eq!(HostFn::from_number(function.number()), Some(function));
    }
    assert_eq!(HostFn::from_name("storage"), None);
    assert_eq!(HostFn::from_number(0), None);
}

#[test]
fn released_numbers_have_not_moved() {
    let names: Vec<&str> = HostFn::ALL.iter().map(|f| f.name()).collect();
    let numbers: Vec<u16> = HostFn::ALL.iter().map(|f| f.number()).collect();
    let released = "
        storage_get storage_set storage_remove storage_has input_size input_copy set_return
        revert return_size return_copy external_call caller_address self_address emit_event
        storage_next transient_get transient_set staticcall delegatecall instantiate
        transfer signer_address call_value contract_balance balance_of block_height
        block_time_ms block_hash chain_id tx_hash gas_left code_hash_of hash_keccak256
        hash_sha3_256 hash_sha256 hash_blake3 pqc_verify ed25519_verify recover_pubkey
        upgrade_code risk_score debug_log";
    assert_eq!(names, released.split_whitespace().collect::<Vec<&str>>());
    assert_eq!(numbers, (1..=42).collect::<Vec<u16>>());
    let statuses: Vec<i32> = CallStatus::ALL.iter().map(|s| s.code()).collect();
    assert_eq!(statuses, (0..=10).collect::<Vec<i32>>());
    let statuses: Vec<u32> = Status::ALL.iter().map(|s| s.code()).collect();
    let expected: Vec<u32> = (0..=10).chain(50..=64).chain(100..=120).collect();
    assert_eq!(statuses, expected);
    let traps: Vec<u32> = HostTrap::ALL.iter().map(|t| t.code()).collect();
    assert_eq!(traps, (100..=120).collect::<Vec<u32>>());
    assert_eq!(ErrorCode::Absent.code(), -1);
}

#[test]
fn codes_are_found_again_and_others_are_not() {
    for &status in CallStatus::ALL {
        assert_eq!(CallStatus::from_code(status.code()), Some(status));
    }
    for &trap in HostTrap::ALL {
        assert_eq!(HostTrap::from_code(trap.code()), Some(trap));
    }
    for &status in Status::ALL {
        assert_eq!(Status::from_code(status.code()), Some(status));
        let call = CallStatus::from_code(status.code() as i32);
        assert_eq!(status.as_call(), call, "calls end as transactions do");
        assert_eq!(status.is_rejected(), status.code() >= 100);
    }
    for &status in CallStatus::ALL {
        assert_eq!(Status::from(status).code() as i32, status.code());
    }
    assert_eq!(CallStatus::from_code(11), None);
    assert_eq!(CallStatus::from_code(-1), None);
    assert_eq!(HostTrap::from_code(99), None);
}

#[test]
fn read_only_frames_refuse_exactly_what_writes_or_emits() {
    let refused: Vec<&str> =
        HostFn::ALL.iter().filter(|f| !f.allowed_read_only()).map(|f| f.name()).collect();
    let expected = [
        "storage_set",
        "storage_remove",
        "emit_event",
        "transient_set",
        "instantiate",
        "transfer",
        "upgrade_code",
    ];
    assert_eq!(refused, expected);
}

#[test]
fn every_price_class_and_effect_is_used() {
    for &class in GasClass::ALL {
        assert!(HostFn::ALL.iter().any(|f| f.gas_class() == class), "{class:?} is unused");
    }
    for function in HostFn::ALL {
        assert!(!function.docs().is_empty(), "{} has no documentation", function.name());
        let writes = function.effects().contains(&Effect::WriteState);
        assert_eq!(
            writes,
            matches!(
                function.gas_class(),
                GasClass::StorageWrite | GasClass::Call | GasClass::Create | GasClass::Transfer
            ) && function != &HostFn::StaticCall
                || function == &HostFn::TransientSet,
            "{}: what writes state is priced as a write",
            function.name()
        );
    }
}

fn reference_page() -> String {
    let mut page = String::new();
    page.push_str(
        "# Host functions\n\n\
         Generated from the table in `abi/src/table.rs`; \
         `BLESS=1 cargo test -p dytallix-abi` rewrites this page.\n\n\
         Contracts import these functions from the module `env`. Pointers and lengths are `i32` read as unsigned; an \
         address is\n32 bytes, an amount 16 bytes little-endian. A variable output is `(out, capacity) -> i64`: the full \
         length where it is not\nnegative (nothing is written if that exceeds the capacity), else an error code. A pointer \
         out of bounds traps.\n",
    );
    for &function in HostFn::ALL {
        function_entry(&mut page, function);
    }
    let lines = |docs: &[&str]| docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    page.push_str("\n## Error codes\n\n| code | name | meaning |\n|---|---|---|\n");
    for code in ErrorCode::ALL {
        _ = writeln!(page, "| {} | {code:?} | {} |", code.code(), lines(code.docs()));
    }
    page.push_str("\n## Status of a call\n\n| code | name | meaning |\n|---|---|---|\n");
    for status in CallStatus::ALL {
        _ = writeln!(page, "| {} | {status:?} | {} |", status.code(), lines(status.docs()));
    }
    page.push_str("\n## Traps of host functions\n\n| code | name | meaning |\n|---|---|---|\n");
    for trap in HostTrap::ALL {
        _ = writeln!(page, "| {} | {trap:?} | {} |", trap.code(), lines(trap.docs()));
    }
    page
}

fn function_entry(page: &mut String, function: HostFn) {
    let spell = |ty: AbiType| match ty {
        AbiType::I32 => "i32",
        AbiType::I64 => "i64",
    };
    let params: Vec<String> =
        function.params().iter().map(|p| format!("{}: {}", p.name, spell(p.ty))).collect();
    let result: String =
        function.results().iter().map(|&ty| format!(" -> {}", spell(ty))).collect();
    _ = write!(
        page,
        "\n## {}. `{}`\n\n```text\n{}({}){result}\n```\n\n",
        function.number(),
        function.name(),
        function.name(),
        params.join(", "),
    );
    for line in function.docs() {
        _ = writeln!(page, "{}", line.trim());
    }
    let effects: Vec<String> = function.effects().iter().map(|e| format!("{e:?}")).collect();
    _ = writeln!(
        page,
        "\nPrice class {:?} · effects: {} · {} · since version {}",
        function.gas_class(),
        if effects.is_empty() { "none".to_string() } else { effects.join(", ") },
        if function.allowed_read_only() {
            "allowed in a read-only frame"
        } else {
            "refused in a read-only frame"
        },
        function.since(),
    );
}
