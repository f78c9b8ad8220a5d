//! Modules from files: binary or text, told apart by their first bytes.

use std::path::Path;

use dytallix::vm::{Engine, Program};
use dytallix::wasm::{ErrorClass, WasmError};

use crate::exit::Exit;
use crate::failure::Failure;

/// The first bytes of every module in binary form.
const MAGIC: &[u8] = b"\0asm";

/// Reads a module; text is translated to the binary form.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot read {}: {error}", path.display()))
            .way_out("check the path and its permissions")
    })?;
    if bytes.starts_with(MAGIC) {
        return Ok(bytes);
    }
    let no_module = |why: String| {
        Failure::new(Exit::BadModule, why)
            .fact("class", "malformed")
            .way_out("give a .wasm file, which begins with the bytes 00 61 73 6d, or a .wat file")
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(no_module(format!("{} is neither a binary nor a text module", path.display())));
    };
    if text.trim().is_empty() {
        return Err(no_module(format!("{} is empty", path.display())));
    }
    wat::parse_str(&text).map_err(|mut error| {
        error.set_path(path);
        no_module(error.to_string())
    })
}

/// Compiles a module.
pub(crate) fn compile(engine: &Engine, path: &Path, bytes: &[u8]) -> Result<Program, Failure> {
    engine.compile(bytes).map_err(|error| bad_module(path, &error))
}

/// Why a module is refused, and where.
pub(crate) fn bad_module(path: &Path, error: &WasmError) -> Failure {
    let (class, way_out) = match error.class() {
        ErrorClass::Malformed => {
            ("malformed", "build the file again: its bytes are no WebAssembly module")
        }
        ErrorClass::Invalid => {
            ("invalid", "report it to whoever made the module: it does not validate")
        }
        ErrorClass::Unsupported => (
            "unsupported",
            "build without that feature, for example for the target `wasm32v1-none`",
        ),
        ErrorClass::Limit => ("limit", "make that part of the module smaller"),
        ErrorClass::Refused => ("refused", "make that function smaller"),
    };
    let mut place = format!("offset {:#x}", error.offset());
    if let Some(section) = error.section() {
        place.push_str(&format!(", {section} section"));
    }
    if let Some(function) = error.function() {
        place.push_str(&format!(", function {function}"));
    }
    Failure::new(Exit::BadModule, format!("{class} module: {}", error.kind()))
        .at(path.display().to_string())
        .at(place)
        .way_out(way_out)
        .fact("class", class)
        .fact("offset", error.offset())
        .fact("section", error.section().map(|section| section.name()))
        .fact("function", error.function())
}
