//! The code section.

use super::{Decoder, Reader, Result, WasmError, WasmErrorKind, check_limit};
use crate::wasm::CodeSink;
use crate::wasm::validate::{Context, Validator};

impl Decoder<'_> {
    pub(super) fn code(&mut self, part: &mut Reader<'_>, sink: &mut impl CodeSink) -> Result<()> {
        self.body_ranges(part)?;
        let module = &self.module;
        let mut validator = Validator::new(
            Context {
                module,
                declared: &self.declared,
                data_count: self.data_count,
                limits: self.limits,
            },
            core::mem::take(&mut self.buffers),
        );
        for function in module.imported_functions..module.functions.len() as u32 {
            validator.body(function, sink).map_err(|error| error.in_function(function))?;
        }
        let (_, used) = validator.into_parts();
        self.module.used = self.module.used.with(used);
        Ok(())
    }

    /// Notes the extents of all bodies, so that a sink finds them all when it sees the first.
    fn body_ranges(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let offset = part.offset();
        let count = part.count("functions", self.limits.functions, 1)?;
        let imported = self.module.imported_functions;
        let defined = &mut self.module.functions[imported as usize..];
        if count as usize != defined.len() {
            return Err(WasmError::new(WasmErrorKind::FunctionCodeMismatch, offset));
        }
        for (index, function) in defined.iter_mut().enumerate() {
            let offset = part.offset();
            let in_function = |error: WasmError| error.in_function(imported + index as u32);
            let size = part.u32().map_err(in_function)?;
            let limit = self.limits.body_bytes.into();
            check_limit("body_bytes", size.into(), limit, offset).map_err(in_function)?;
            let start = part.offset();
            part.take(size).map_err(in_function)?;
            function.body = start..part.offset();
        }
        Ok(())
    }
}
