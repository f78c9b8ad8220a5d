//! Names of functions: from the custom section `name`, else from exports and imports.

use std::collections::HashMap;

use dytallix::wasm::{ExternIndex, ImportKind, Module};

use crate::report::plain;

/// Function names by index.
#[derive(Debug, Default)]
pub(crate) struct Names {
    functions: HashMap<u32, String>,
}

impl Names {
    /// Names of a module's functions.
    pub(crate) fn of(module: &Module) -> Self {
        let mut functions = HashMap::new();
        for export in module.exports() {
            if let ExternIndex::Function(index) = export.index {
                functions.insert(index, export.name.to_string());
            }
        }
        let imports = module.imports().iter().filter(|i| matches!(i.kind, ImportKind::Function(_)));
        for (index, import) in (0..).zip(imports) {
            functions.insert(index, format!("{}.{}", import.module, import.name));
        }
        functions.extend(module.function_names().map(|(index, name)| (index, name.to_owned())));
        Names { functions }
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
            Some(name) => format!("function {function} \"{}\"", plain(name)),
            None => format!("function {function}"),
        }
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
        assert_eq!(names.describe(3), "function 3");
    }
}
