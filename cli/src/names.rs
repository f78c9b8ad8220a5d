//! Names of functions: from the custom section `name`, else from exports and imports.
//!
//! The section is debug information of unknown origin: what does not parse is left out, never an
//! error.

use std::collections::HashMap;

use dytallix::wasm::{ExternIndex, ImportKind, Module};

/// Function names by index.
#[derive(Debug, Default)]
pub(crate) struct Names {
    functions: HashMap<u32, String>,
}

impl Names {
    /// Names of a module's functions.
    pub(crate) fn of(module: &Module) -> Self {
        let mut names = Names::default();
        for export in module.exports() {
            if let ExternIndex::Function(index) = export.index {
                names.functions.insert(index, export.name.to_string());
            }
        }
        let imports = module.imports().iter().filter(|i| matches!(i.kind, ImportKind::Function(_)));
        for (index, import) in (0..).zip(imports) {
            names.functions.insert(index, format!("{}.{}", import.module, import.name));
        }
        for custom in module.custom_sections().iter().filter(|custom| &*custom.name == "name") {
            let range = custom.range.start as usize..custom.range.end as usize;
            names.read(module.bytes().get(range).unwrap_or_default());
        }
        names
    }

    /// Names of functions of bytes that are no valid module: as far as a `name` section can be
    /// found.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut names = Names::default();
        let mut reader = Reader(bytes.get(8..).unwrap_or_default());
        while let Some(id) = reader.byte() {
            let Some(mut section) = reader.sized() else { break };
            if id == 0 && section.name().as_deref() == Some("name") {
                names.read(section.0);
            }
        }
        names
    }

    /// The name, if there is one.
    pub(crate) fn get(&self, function: u32) -> Option<&str> {
        self.functions.get(&function).map(String::as_str)
    }

    /// The function by its name.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.functions.iter().filter(|(_, n)| *n == name).map(|(&index, _)| index).min()
    }

    /// `function 3 "add"`, or without the name where it has none.
    pub(crate) fn describe(&self, function: u32) -> String {
        match self.get(function) {
            Some(name) => format!("function {function} \"{name}\""),
            None => format!("function {function}"),
        }
    }

    /// Reads the contents of a `name` section: subsection 1 maps function indices to names.
    fn read(&mut self, contents: &[u8]) {
        let mut reader = Reader(contents);
        while let Some(id) = reader.byte() {
            let Some(mut subsection) = reader.sized() else { return };
            if id != 1 {
                continue;
            }
            for _ in 0..subsection.u32().unwrap_or(0) {
                let Some(index) = subsection.u32() else { break };
                let Some(name) = subsection.name() else { break };
                self.functions.insert(index, name);
            }
        }
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// A number in LEB128.
    fn u32(&mut self) -> Option<u32> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).ok();
            }
        }
        None
    }

    /// As many bytes as the number before them says.
    fn sized(&mut self) -> Option<Reader<'a>> {
        let size = self.u32()? as usize;
        let (taken, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(Reader(taken))
    }

    fn name(&mut self) -> Option<String> {
        self.sized().map(|name| String::from_utf8_lossy(name.0).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_section_first() {
        let wat = r#"(module (import "env" "log" (func)) (func $inner) (func (export "outer")))"#;
        let bytes = wat::parse_str(wat).expect("valid text");
        let engine = dytallix::vm::Engine::new(Default::default()).expect("an engine");
        let program = engine.compile(&bytes).expect("a valid module");
        let names = Names::of(program.module());
        assert_eq!(names.get(0), Some("env.log"));
        assert_eq!(names.get(1), Some("inner"));
        assert_eq!(names.get(2), Some("outer"));
        assert_eq!(names.get(3), None);
        assert_eq!(names.find("inner"), Some(1));
        assert_eq!(Names::from_bytes(&bytes).get(1), Some("inner"));
    }

    #[test]
    fn a_broken_section_gives_what_can_be_read() {
        let mut names = Names::default();
        // Two entries are announced, the second one's name is cut.
        names.read(&[1, 8, 2, 0, 2, b'o', b'k', 1, 9, b'x']);
        assert_eq!(names.get(0), Some("ok"));
        assert_eq!(names.get(1), None);
        names.read(&[1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(names.get(0), Some("ok"));
    }
}
