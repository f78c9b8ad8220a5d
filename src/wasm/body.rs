//! Function bodies and constant expressions of a validated module, read again.
//!
//! Validation has seen these bytes: reading them again needs no checks, and an error would be a bug
//! of ours.

use alloc::vec::Vec;
use core::ops::Range;

use super::reader::Reader;
use super::types::read_value_type;
use super::{
    CodeSink, ConstExpr, Features, Module, Operator, Section, SectionId, ValType, WasmError,
};

/// The operators of a body or constant expression with their byte offsets, the final `end`
/// included.
#[derive(Clone, Debug)]
pub struct Operators<'a> {
    reader: Reader<'a>,
}

impl<'a> Iterator for Operators<'a> {
    type Item = (u32, Operator<'a>);

    #[inline]
    fn next(&mut self) -> Option<(u32, Operator<'a>)> {
        if self.reader.is_empty() {
            return None;
        }
        let offset = self.reader.offset();
        Operator::decode(&mut self.reader).ok().map(|operator| (offset, operator))
    }
}

/// The declared locals of a body, as runs of equal type; parameters are not among them.
#[derive(Clone, Debug)]
pub struct Locals<'a> {
    reader: Reader<'a>,
    runs: u32,
}

impl Iterator for Locals<'_> {
    type Item = (u32, ValType);

    fn next(&mut self) -> Option<(u32, ValType)> {
        self.runs = self.runs.checked_sub(1)?;
        let count = self.reader.u32().ok()?;
        Some((count, read_value_type(&mut self.reader).ok()?))
    }
}

impl Module {
    /// The declared locals of a function, as runs of equal type; none for an import.
    pub fn locals(&self, function: u32) -> Locals<'_> {
        let mut reader = self.reader(&self.functions[function as usize].body);
        let runs = reader.u32().unwrap_or(0);
        Locals { reader, runs }
    }

    /// The operators of a function with their byte offsets, the final `end` included; none for an
    /// import.
    pub fn operators(&self, function: u32) -> Operators<'_> {
        let mut locals = self.locals(function);
        locals.by_ref().for_each(drop);
        Operators { reader: locals.reader }
    }

    /// The operators of a constant expression of this module, the final `end` included.
    pub fn const_operators(&self, expression: &ConstExpr) -> Operators<'_> {
        Operators { reader: self.reader(&expression.range) }
    }

    /// Feeds one function of the validated module to a sink again: for cold paths and for what is
    /// translated late. An import feeds nothing.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn walk_body(&self, function: u32, sink: &mut impl CodeSink) -> Result<(), WasmError> {
        if self.functions[function as usize].body.is_empty() {
            return Ok(());
        }
        let locals: Vec<_> = self.locals(function).collect();
        sink.begin(self, function, &locals)?;
        for (offset, operator) in self.operators(function) {
            sink.operator(self, &operator, offset)?;
        }
        sink.finish(self)
    }

    /// The sections as they lie in the binary, custom ones included.
    pub fn sections(&self) -> impl Iterator<Item = Section> + '_ {
        let mut reader = Reader::new(&self.bytes, 8, u32::MAX, self.features);
        core::iter::from_fn(move || {
            let id = SectionId::from_id(reader.byte().ok()?)?;
            let size = reader.u32().ok()?;
            let start = reader.offset();
            reader.take(size).ok()?;
            Some(Section { id, range: start..reader.offset() })
        })
    }

    fn reader(&self, range: &Range<u32>) -> Reader<'_> {
        Reader::new(&self.bytes, range.start, range.end, Features::ALL.with(self.features))
    }
}
