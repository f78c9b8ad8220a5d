//! Modules in text form, an ABI, and messages of panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dytallix_testkit::sdk::abi::schema::{Field, Method, Type, TypeId};
use dytallix_testkit::sdk::abi::{Abi, Capabilities, MethodKind, Reentry};

/// The message of a panic.
pub(crate) fn panic_of(work: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("it panics");
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(other) => (*other.downcast::<&str>().expect("a message")).to_owned(),
    }
}

/// A module from its text.
pub(crate) fn code(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is well formed")
}

/// A contract whose `go` takes an address and calls `method` of the contract there without
/// arguments, in a frame that is `external` or `static`. It returns what the callee returned, and
/// reverts with the status where the call failed.
pub(crate) fn caller_code(how: &str, method: &str) -> Vec<u8> {
    let length = method.len();
    let call = match how {
        "static" => format!(
            "(call $staticcall (i32.const 0) (i32.const 64) (i32.const {length}) (i32.const 0) \
             (i32.const 0) (i64.const -1) (i32.const 0))"
        ),
        _ => format!(
            "(call $external_call (i32.const 0) (i32.const 64) (i32.const {length}) (i32.const 0) \
             (i32.const 0) (i32.const 128) (i64.const -1) (i32.const 0))"
        ),
    };
    let text = format!(
        r#"(module
            (import "env" "input_copy" (func $input_copy (param i32 i32 i32)))
            (import "env" "external_call"
                (func $external_call (param i32 i32 i32 i32 i32 i32 i64 i32) (result i32)))
            (import "env" "staticcall"
                (func $staticcall (param i32 i32 i32 i32 i32 i64 i32) (result i32)))
            (import "env" "return_size" (func $return_size (result i32)))
            (import "env" "return_copy" (func $return_copy (param i32 i32 i32)))
            (import "env" "set_return" (func $set_return (param i32 i32)))
            (import "env" "revert" (func $revert (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 64) "{method}")
            (func (export "go")
                (call $input_copy (i32.const 0) (i32.const 0) (i32.const 32))
                (i32.store (i32.const 160) {call})
                (if (i32.load (i32.const 160))
                    (then (call $revert (i32.const 160) (i32.const 4))))
                (call $return_copy (i32.const 256) (i32.const 0) (call $return_size))
                (call $set_return (i32.const 256) (call $return_size))))"#
    );
    code(&text)
}

/// The ABI of an oracle: `price(symbol: String) -> u128`, a view, and `push(…)`.
pub(crate) fn oracle_abi() -> Abi {
    let method = |name: &str, kind, params: &[(&str, u16)], returns| Method {
        name: name.into(),
        kind,
        payable: false,
        reentry: Reentry::Refuse,
        params: params
            .iter()
            .map(|(name, ty)| Field { name: (*name).into(), ty: TypeId(*ty) })
            .collect(),
        returns: TypeId(returns),
        docs: String::new(),
    };
    Abi {
        name: "Oracle".into(),
        schema: 1,
        capabilities: Capabilities::NONE,
        types: vec![Type::String, Type::U128, Type::Tuple(vec![])],
        methods: vec![
            method("init", MethodKind::Init, &[], 2),
            method("price", MethodKind::View, &[("symbol", 0)], 1),
            method("push", MethodKind::Call, &[("symbol", 0), ("price", 1)], 2),
        ],
        events: vec![],
        errors: vec![],
        storage: vec![],
        docs: String::new(),
    }
}
