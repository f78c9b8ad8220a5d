//! The section parser: bytes → [`Module`], validating as it goes.
//!
//! Sections come in a fixed order, so that whatever a section refers to has been read when it is
//! met. The only step ahead is in the code section: the extents of all bodies are read before the
//! first is validated.
//!
//! ```text
//! header → types → imports → functions, tables, memories, globals, exports, start   declarations.rs
//!        → elements → data count → … → data                                         segments.rs
//!        →                            code                                          code.rs
//! ```

mod code;
mod declarations;
mod segments;

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::error::WasmErrorKind;
use super::reader::{Reader, Result, check_limit};
use super::validate::{Buffers, Context, Validator};
use super::{
    CodeSink, ConstExpr, CustomSection, Features, Module, NoSink, SectionId, ValType, WasmError,
};
use crate::Limits;

impl Module {
    /// Decodes and validates a binary module.
    ///
    /// Memory and time are bounded by the length of `bytes` and by `limits`; no bytes make it
    /// panic.
    ///
    /// # Errors
    ///
    /// What is wrong, at which byte; [`WasmError::class`] tells malformed, invalid, unsupported and
    /// too large apart.
    pub fn decode(
        bytes: impl Into<Arc<[u8]>>,
        features: &Features,
        limits: &Limits,
    ) -> Result<Module> {
        Module::decode_with(bytes, features, limits, &mut NoSink)
    }

    /// Decodes and validates a binary module, and hands each operator of each function body to
    /// `sink` once it has passed validation.
    ///
    /// # Errors
    ///
    /// As [`decode`](Module::decode), and those of the sink. A sink that has seen bodies may see
    /// the module refused for what follows them.
    pub fn decode_with(
        bytes: impl Into<Arc<[u8]>>,
        features: &Features,
        limits: &Limits,
        sink: &mut impl CodeSink,
    ) -> Result<Module> {
        let bytes: Arc<[u8]> = bytes.into();
        check_limit("module_bytes", bytes.len() as u64, limits.module_bytes.into(), 0)?;
        let mut reader = Reader::new(&bytes, 0, u32::MAX, *features);
        let mut decoder = Decoder {
            module: Module::empty(Arc::clone(&bytes), *features),
            limits,
            declared: Vec::new(),
            data_count: None,
            buffers: Buffers::default(),
        };
        header(&mut reader)?;
        decoder.sections(&mut reader, sink)?;
        Ok(decoder.module)
    }

    fn empty(bytes: Arc<[u8]>, features: Features) -> Module {
        Module {
            bytes,
            features,
            types: Vec::new(),
            imports: Vec::new(),
            functions: Vec::new(),
            imported_functions: 0,
            tables: Vec::new(),
            imported_tables: 0,
            memories: Vec::new(),
            imported_memories: 0,
            globals: Vec::new(),
            imported_globals: 0,
            exports: Vec::new(),
            exports_by_name: Vec::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            customs: Vec::new(),
            used: Features::NONE,
        }
    }
}

/// A module in the making.
struct Decoder<'a> {
    module: Module,
    limits: &'a Limits,
    /// Per function: whether something outside of the bodies refers to it, so that `ref.func` may.
    declared: Vec<bool>,
    data_count: Option<u32>,
    buffers: Buffers,
}

/// The magic number and the version.
fn header(reader: &mut Reader<'_>) -> Result<()> {
    if reader.fixed_u32()? != u32::from_le_bytes(*b"\0asm") {
        return Err(WasmError::new(WasmErrorKind::BadMagic, 0));
    }
    if reader.fixed_u32()? != 1 {
        return Err(WasmError::new(WasmErrorKind::UnknownVersion, 4));
    }
    Ok(())
}

/// Place of a section in the order of the binary format: the data count section comes before the
/// code section.
fn rank(section: SectionId) -> u32 {
    match section {
        SectionId::DataCount => SectionId::Code as u32 * 2 - 1,
        _ => section as u32 * 2,
    }
}

impl Decoder<'_> {
    fn sections(&mut self, reader: &mut Reader<'_>, sink: &mut impl CodeSink) -> Result<()> {
        let mut last = 0;
        while !reader.is_empty() {
            let offset = reader.offset();
            let id = reader.byte()?;
            let section = SectionId::from_id(id)
                .ok_or_else(|| WasmError::new(WasmErrorKind::MalformedSectionId(id), offset))?;
            let size = reader.u32().map_err(|error| error.in_section(section))?;
            let mut part = reader.part(size).map_err(|error| error.in_section(section))?;
            if section != SectionId::Custom {
                if rank(section) <= last {
                    let error = WasmError::new(WasmErrorKind::SectionOutOfOrder, offset);
                    return Err(error.in_section(section));
                }
                last = rank(section);
            }
            self.section(section, &mut part, sink).map_err(|error| error.in_section(section))?;
            self.module.used = self.module.used.with(part.used());
            if !part.is_empty() {
                return Err(part.error(WasmErrorKind::SectionSizeMismatch).in_section(section));
            }
        }
        // The code section, if there was one, has left no defined function without a body.
        let defined = self.module.functions.get(self.module.imported_functions as usize);
        if defined.is_some_and(|function| function.body.is_empty()) {
            return Err(reader.error(WasmErrorKind::FunctionCodeMismatch));
        }
        match self.data_count {
            Some(count) if count as usize != self.module.data.len() => {
                Err(reader.error(WasmErrorKind::DataCountMismatch))
            }
            _ => Ok(()),
        }
    }

    fn section(
        &mut self,
        section: SectionId,
        part: &mut Reader<'_>,
        sink: &mut impl CodeSink,
    ) -> Result<()> {
        match section {
            SectionId::Custom => self.custom(part),
            SectionId::Type => self.types(part),
            SectionId::Import => self.imports(part),
            SectionId::Function => self.functions(part),
            SectionId::Table => self.tables(part),
            SectionId::Memory => self.memories(part),
            SectionId::Global => self.globals(part),
            SectionId::Export => self.exports(part),
            SectionId::Start => self.start(part),
            SectionId::Element => self.elements(part),
            SectionId::DataCount => self.data_count(part),
            SectionId::Code => self.code(part, sink),
            SectionId::Data => self.data(part),
        }
    }

    fn custom(&mut self, part: &mut Reader<'_>) -> Result<()> {
        let name = part.name(self.limits)?.into();
        let range = part.offset()..part.end();
        part.take(range.end - range.start)?;
        self.module.customs.push(CustomSection { name, range });
        Ok(())
    }

    /// A constant expression of this type.
    fn const_expr(&mut self, part: &mut Reader<'_>, ty: ValType) -> Result<ConstExpr> {
        let mut validator = Validator::new(
            Context {
                module: &self.module,
                declared: &self.declared,
                data_count: self.data_count,
                limits: self.limits,
            },
            core::mem::take(&mut self.buffers),
        );
        let (range, referenced) = validator.const_expr(part, ty)?;
        let (buffers, used) = validator.into_parts();
        self.buffers = buffers;
        self.module.used = self.module.used.with(used);
        if let Some(function) = referenced {
            self.declare(function);
        }
        Ok(ConstExpr { range })
    }

    /// Marks a function as one that `ref.func` may refer to.
    fn declare(&mut self, function: u32) {
        if self.declared.len() < self.module.functions.len() {
            self.declared.resize(self.module.functions.len(), false);
        }
        if let Some(declared) = self.declared.get_mut(function as usize) {
            *declared = true;
        }
    }
}
