//! Tests of the validator.

use alloc::string::ToString;

use crate::Limits;
use crate::wasm::{ErrorClass, Features, Module, WasmError};

fn decode(text: &str) -> Result<Module, WasmError> {
    let bytes = wat::parse_str(text).expect("the test's text is well-formed");
    Module::decode(bytes, &Features::ALL, &Limits::default())
}

#[test]
fn a_function_that_adds_is_valid() {
    let module = decode(
        "(module (func (export \"add\") (param i32 i32) (result i32)
           local.get 0 local.get 1 i32.add))",
    )
    .unwrap();
    let names = module.operators(0).map(|(_, operator)| operator.to_string());
    assert!(names.eq(["local.get 0", "local.get 1", "i32.add", "end"]));
}

#[test]
fn a_mismatch_names_types_offset_section_and_function() {
    let error = decode("(module (func) (func i64.const 1 i32.eqz drop))").unwrap_err();
    assert_eq!(error.class(), ErrorClass::Invalid);
    assert_eq!(
        error.to_string(),
        "type mismatch: expected i32, found i64 (offset 0x1d, code section, function 1)"
    );
}
