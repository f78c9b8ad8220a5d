//! The host module `spectest` that scripts of the suite import, as data for each backend to build.

use dytallix::wasm::{GlobalType, MemoryType, RefType, TableType, ValType};

use crate::Value;

/// Name of the module.
pub const NAME: &str = "spectest";

/// Functions, which take arguments and give nothing; nobody reads what they print, so they do not.
pub const FUNCTIONS: &[(&str, &[ValType])] = &[
    ("print", &[]),
    ("print_i32", &[ValType::I32]),
    ("print_i64", &[ValType::I64]),
    ("print_f32", &[ValType::F32]),
    ("print_f64", &[ValType::F64]),
    ("print_i32_f32", &[ValType::I32, ValType::F32]),
    ("print_f64_f64", &[ValType::F64, ValType::F64]),
];

/// Immutable globals: name, type, value.
pub fn globals() -> [(&'static str, GlobalType, Value); 4] {
    let immutable = |content| GlobalType { content, mutable: false };
    [
        ("global_i32", immutable(ValType::I32), Value::I32(666)),
        ("global_i64", immutable(ValType::I64), Value::I64(666)),
        ("global_f32", immutable(ValType::F32), Value::F32(666.6f32.to_bits())),
        ("global_f64", immutable(ValType::F64), Value::F64(666.6f64.to_bits())),
    ]
}

/// Type of `table`, whose elements are null.
pub const TABLE: TableType =
    TableType { element: RefType::FUNC, min: 10, max: Some(20), index64: false };

/// Type of `memory`, whose bytes are zero.
pub const MEMORY: MemoryType = MemoryType { min: 1, max: Some(2), index64: false, shared: false };
