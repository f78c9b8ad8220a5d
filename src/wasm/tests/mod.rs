//! Tests of the wasm floor. The comparison with another validator is in `spec-tests`.

mod errors;
mod limits;
mod linear;
mod module;
mod operators;
mod reader;

use alloc::vec::Vec;

pub(super) use linear::count as count_steps;

use super::{CodeSink, Features, Module, Operator, ValType, WasmError};
use crate::Limits;

/// The binary form of a module in text form.
fn assemble(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Decodes a module in text form, under all features and the default limits.
fn decode(text: &str) -> Result<Module, WasmError> {
    Module::decode(assemble(text), &Features::ALL, &Limits::default())
}

/// A module of raw sections: number and contents of each, sizes are put in.
fn binary(sections: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    for (id, contents) in sections {
        bytes.push(*id);
        leb(&mut bytes, contents.len() as u32);
        bytes.extend_from_slice(contents);
    }
    bytes
}

/// Appends a LEB128 `u32`.
fn leb(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Notes what a sink is called with.
#[derive(Default)]
struct Recorder {
    calls: Vec<alloc::string::String>,
    /// Refuses the operator of this name.
    refuses: Option<&'static str>,
}

impl CodeSink for Recorder {
    fn begin(
        &mut self,
        _: &Module,
        function: u32,
        locals: &[(u32, ValType)],
    ) -> Result<(), WasmError> {
        self.calls.push(alloc::format!("begin {function} {locals:?}"));
        Ok(())
    }

    fn operator(
        &mut self,
        _: &Module,
        operator: &Operator<'_>,
        offset: u32,
    ) -> Result<(), WasmError> {
        if self.refuses == Some(operator.name()) {
            return Err(WasmError::new(super::WasmErrorKind::Refused("not here"), offset));
        }
        self.calls.push(alloc::format!("{offset:#x} {operator}"));
        Ok(())
    }

    fn finish(&mut self, _: &Module) -> Result<(), WasmError> {
        self.calls.push("finish".into());
        Ok(())
    }
}
